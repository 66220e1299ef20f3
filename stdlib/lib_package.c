/* SPDX-License-Identifier: MIT */
/* Builtins "lua" for modules: those that lie in images, and images as chunks.

   The images whose modules `require` finds are a list of functions in the
   registry, each the main function it was loaded with: guest data like any
   other, which keeps the image alive as every function of it does. */
#include "stdlib/lib.h"

#include "vm/host/host.h"
#include "vm/host/library.h"
#include "vm/str.h"
#include "vm/verify.h"

/* Loading an image takes memory of its own, about this much for a byte of the
   file, and time: a unit for 64 bytes. */
#define IMAGE_MEMORY 4u
#define IMAGE_BYTES_PER_UNIT 64u

/* Modules that are looked at for one unit of fuel. */
#define MODULES_PER_UNIT 64u

/* -- The images of the machine --------------------------------------------- */

static RvTable *registry_list(RvMachine *m, bool make) {
  u32 mark = rv_root_open(m);
  RvString *key = rv_str_newz(m, "_IMAGES");
  RvTable *list = NULL;
  if (!key) return NULL;
  rv_root_push(m, rv_strv(key));
  RvValue v = rv_table_get_str(m, m->registry, key);
  if (v.t == RV_TABLE) {
    list = RV_AS(RvTable, v);
  } else if (make && (list = rv_table_new(m, 0, 0))) {
    rv_root_push(m, rv_obj(list, RV_TABLE));
    if (rv_table_set_str(m, m->registry, key, rv_obj(list, RV_TABLE)))
      list = NULL;
  }
  rv_root_close(m, mark);
  return list;
}

/* Image i of the list, from 1; NULL behind the last one. A program may have
   come by the registry and put something else there. */
static RvImageUse *image_at(RvMachine *m, RvTable *list, i64 i) {
  RvValue v = rv_table_get_int(m, list, i);
  return v.t == RV_CLOSURE ? RV_AS(RvClosure, v)->proto->use : NULL;
}

RvStatus rv_library_add_image(RvMachine *m, RvClosure *main) {
  const RvImage *img = main->proto->use->img;
  RvImageUse *u;
  i64 i = 1;
  if (img->nmodules <= (img->entry ? 1u : 0u)) return RV_OK;
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_obj(main, RV_CLOSURE));
  RvTable *list = registry_list(m, true);
  while (list && (u = image_at(m, list, i)) && u->img != img) i++;
  RvStatus st =
      list ? rv_table_set_int(m, list, i, rv_obj(main, RV_CLOSURE)) : RV_ERROR;
  rv_root_close(m, mark);
  return st;
}

static bool has_module(const RvImage *img, const RvString *name) {
  for (u32 i = 0; i < img->nmodules; i++) {
    const RvImgStr *s = &img->strs[img->modules[i].name];
    if (s->len == name->len && !memcmp(s->p, rv_str_data(name), s->len))
      return true;
  }
  return false;
}

/* module(name): main function of the module in the first image that has it;
   nil, and whether there are images at all. */
static RvStatus lua_module(RvNativeCtx *c) {
  RvString *name;
  RvStatus st = rv_arg_str(c, 0, &name);
  if (st || (st = rv_native_slots(c, c->nargs + 2))) return st;
  RvTable *list = registry_list(c->m, false);
  RvImageUse *u;
  u64 seen = 0;
  i64 i;
  for (i = 1; list && (u = image_at(c->m, list, i)); i++) {
    seen += u->img->nmodules;
    if (!has_module(u->img, name)) continue;
    if ((st = rv_fuel_pay(c->th, c->m, seen / MODULES_PER_UNIT))) return st;
    RvClosure *cl = rv_load_image(c->m, u->img, rv_str_data(name));
    return cl ? rv_native_ret(c, rv_obj(cl, RV_CLOSURE)) : RV_ERROR;
  }
  if ((st = rv_fuel_pay(c->th, c->m, seen / MODULES_PER_UNIT))) return st;
  c->res = c->base + c->nargs;
  c->nres = 2;
  rv_slot_set(c->th, c->res, rv_nil());
  rv_slot_set(c->th, c->res + 1, rv_bool(i > 1));
  return RV_OK;
}

/* -- Images as chunks ------------------------------------------------------ */

static RvStatus refuse(RvNativeCtx *c, const char *text) {
  RvString *s = rv_str_newz(c->m, text);
  if (!s) return RV_ERROR;
  c->res = c->base + c->nargs;
  c->nres = 2;
  rv_slot_set(c->th, c->res, rv_nil());
  rv_slot_set(c->th, c->res + 1, rv_strv(s));
  return RV_OK;
}

/* image(bytes, name): reads and verifies an image, which may have imports, and
   adds it to those that are searched. Its module of that name, or else its
   entry, as a function; nil and a message when it is no good. */
static RvStatus lua_image(RvNativeCtx *c) {
  RvString *s, *name;
  RvDiag d;
  RvStatus st;
  if ((st = rv_arg_str(c, 0, &s)) || (st = rv_arg_str(c, 1, &name)) ||
      (st = rv_native_slots(c, c->nargs + 2)) ||
      (st = rv_fuel_pay(c->th, c->m, s->len / IMAGE_BYTES_PER_UNIT)) ||
      (st = rv_heap_charge(c->m, (u64)s->len * IMAGE_MEMORY)))
    return st;
  memset(&d, 0, sizeof d);
  RvImage *img = rv_image_read((const u8 *)rv_str_data(s), s->len, &d);
  if (!img || !rv_verify_image(img, &d)) {
    rv_image_unref(img);
    return refuse(c, d.text);
  }
  const char *module = has_module(img, name) ? rv_str_data(name) : NULL;
  if (!module && !img->entry) {
    rv_image_unref(img);
    return refuse(c,
                  "the image has neither a module of that name nor an entry");
  }
  RvClosure *cl = rv_load_image(c->m, img, module);
  rv_image_unref(img);
  if (!cl || rv_library_add_image(c->m, cl)) return RV_ERROR;
  return rv_native_ret(c, rv_obj(cl, RV_CLOSURE));
}

/* -- What the machine was told --------------------------------------------- */

/* registry(): the table of what libraries keep for one another. */
static RvStatus lua_registry(RvNativeCtx *c) {
  return rv_native_ret(c, rv_obj(c->m->registry, RV_TABLE));
}

RvStatus rv_library_set_noenv(RvMachine *m) {
  RvString *key = rv_str_newz(m, "LUA_NOENV");
  if (!key) return RV_ERROR;
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_strv(key));
  RvStatus st = rv_table_set_str(m, m->registry, key, rv_bool(true));
  rv_root_close(m, mark);
  return st;
}

/* noenv(): paths do not come from the environment. */
static RvStatus lua_noenv(RvNativeCtx *c) {
  RvString *key = rv_str_newz(c->m, "LUA_NOENV");
  if (!key) return RV_ERROR;
  RvValue v = rv_table_get_str(c->m, c->m->registry, key);
  return rv_native_ret(
      c, rv_bool(!RV_IS_FALSY(v.t) || !rv_host_env_granted(c->m)));
}

static const RvNativeDef defs[] = {
    {"lua.module", 1, 0, lua_module},
    {"lua.image", 1, 0, lua_image},
    {"lua.registry", 1, 0, lua_registry},
    {"lua.noenv", 1, 0, lua_noenv},
};
const RvLib rv_lib_package = {defs, sizeof defs / sizeof *defs};
