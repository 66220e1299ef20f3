/* SPDX-License-Identifier: MIT */
/* Protos, closures, cells: a machine's side of the functions of an image. */
#include <string.h>

#include "opinfo.h"
#include "vm/call.h"
#include "vm/feedback.h"
#include "vm/hash.h"
#include "vm/host/host.h"
#include "vm/interp.h"
#include "vm/str.h"
#include "vm/verify.h"

/* -- Facts of the table -------------------------------------------------------- */

u32 rv_op_words(u8 op) { return rv_opinfo[op].words; }

bool rv_op_is_negated(u8 op) {
  switch (op) {
  case RV_OP_JNE:
  case RV_OP_JNLT:
  case RV_OP_JNLE:
  case RV_OP_JNLTI:
  case RV_OP_JNLEI:
  case RV_OP_JNGTI:
  case RV_OP_JNGEI: return true;
  default: return false;
  }
}

/* -- Images in use ---------------------------------------------------------------- */

static RvImageUse *find_use(RvMachine *m, const RvImage *img) {
  RvImageUse *u = m->images;
  while (u && u->img != img) u = u->next;
  return u;
}

static RvImageUse *image_use(RvMachine *m, RvImage *img) {
  RvImageUse *u = find_use(m, img);
  if (u) return u;
  u = rv_mem_realloc(m, NULL, 0, sizeof *u);
  if (!u) {
    rv_err_memory(m->th);
    return NULL;
  }
  *u = (RvImageUse){.img = img, .next = m->images};
  if (img->nimports > 0 && !(u->bound = rv_host_bind(m, img))) {
    rv_mem_free(m, u, sizeof *u);
    return NULL;
  }
  rv_image_ref(img);
  m->images = u;
  return u;
}

void rv_image_use_free(RvMachine *m, RvImageUse *u) {
  rv_image_unref(u->img);
  rv_mem_free(m, u, sizeof *u);
}

/* -- Protos -------------------------------------------------------------------------- */

/* Place of function f in the table: its proto, or the free place for one. */
static u32 proto_place(RvMachine *m, const RvFunc *f) {
  u32 mask = m->cprotos - 1;
  u32 i = (u32)rv_mix64((uintptr_t)f) & mask;
  while (m->protos[i] && m->protos[i]->f != f) i = (i + 1) & mask;
  return i;
}

static RvProto *find_proto(RvMachine *m, const RvFunc *f) {
  return m->cprotos ? m->protos[proto_place(m, f)] : NULL;
}

static bool grow_protos(RvMachine *m) {
  u32 ocap = m->cprotos, cap = ocap ? ocap * 2 : 32;
  RvProto **old = m->protos;
  RvProto **q = rv_mem_realloc(m, NULL, 0, cap * sizeof *q);
  if (!q) return false;
  memset(q, 0, cap * sizeof *q);
  m->protos = q;
  m->cprotos = cap;
  for (u32 i = 0; i < ocap; i++)
    if (old[i]) q[proto_place(m, old[i]->f)] = old[i];
  rv_mem_free(m, old, ocap * sizeof *old);
  return true;
}

bool rv_proto_list(RvMachine *m, RvProto *p) {
  if (m->nprotos * 2 >= m->cprotos && !grow_protos(m)) return false;
  m->protos[proto_place(m, p->f)] = p;
  m->nprotos++;
  return true;
}

/* Takes the proto at place i out; those behind it in its chain move up. */
static void unlist_proto(RvMachine *m, u32 i) {
  u32 mask = m->cprotos - 1;
  m->protos[i] = NULL;
  m->nprotos--;
  for (u32 j = (i + 1) & mask; m->protos[j]; j = (j + 1) & mask) {
    RvProto *p = m->protos[j];
    m->protos[j] = NULL;
    m->protos[proto_place(m, p->f)] = p;
  }
}

void rv_protos_sweep(RvMachine *m) {
  for (u32 i = 0; i < m->cprotos; i++)
    while (m->protos[i] && !rv_gc_object_marked(&m->protos[i]->h)) {
      rv_feedback_drop(m, m->protos[i]);
      unlist_proto(m, i);
    }
}

/* Strings of the constants become strings of this machine. */
static RvStatus fill_constants(RvMachine *m, RvProto *p) {
  const RvFunc *f = p->f;
  u32 n = f->nk;
  u8 *mem = rv_heap_alloc(m, 9 * (size_t)n, 0);
  if (!mem) return RV_ERROR;
  u64 *k = (u64 *)(void *)mem + n;
  u8 *tags = (u8 *)k;
  for (u32 i = 0; i < n; i++) {
    k[-1 - (i64)i] = 0;
    tags[i] = RV_NIL;
  }
  p->k = k;
  rv_barrier(m, p, RV_PROTO); /* for the new part */
  for (u32 i = 0; i < n; i++) {
    RvConst c = f->k[i];
    if (c.tag != RV_STR) {
      k[-1 - (i64)i] = c.v;
      tags[i] = c.tag;
      continue;
    }
    const RvImgStr *s = &p->use->img->strs[c.v];
    RvString *str = s->len <= RV_INTERN_MAX
                        ? rv_str_intern(m, s->p, s->len, s->hash)
                        : rv_str_new(m, s->p, s->len);
    if (!str) return RV_ERROR;
    k[-1 - (i64)i] = RV_PAY(str);
    tags[i] = RV_STR;
    rv_barrier(m, p, RV_STR);
  }
  return RV_OK;
}

static RvStatus fill_children(RvMachine *m, RvProto *p) {
  u32 n = p->f->nchildren;
  if (n == 0) return RV_OK;
  RvProto **c = rv_heap_alloc(m, n * sizeof *c, 0);
  if (!c) return RV_ERROR;
  memset(c, 0, n * sizeof *c);
  p->children = c;
  rv_barrier(m, p, RV_PROTO); /* for the new part */
  return RV_OK;
}

RvProto *rv_proto_new(RvMachine *m, RvImageUse *use, u32 func) {
  const RvFunc *f = &use->img->funcs[func];
  RvProto *known = find_proto(m, f);
  if (known) return known;
  use->pins++; /* near the limit an allocation may collect more than once */
  RvProto *p = rv_heap_alloc(m, sizeof *p, RV_LSIZE_PROTO(f->nk));
  use->pins--;
  if (!p) return NULL;
  *p = (RvProto){.h = {.type = RV_PROTO},
                 .code = f->code,
                 .fb = (RvCache *)rv_no_feedback,
                 .f = f,
                 .use = use,
                 .callcost = 1 + f->ncode / 256,
                 .nparams = f->nparams,
                 .nregs = f->nregs,
                 .vararg = (f->flags & RV_FUNC_VARARG) != 0,
                 .native = (f->flags & RV_FUNC_NATIVE) != 0};
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_obj(p, RV_PROTO));
  if (!rv_proto_list(m, p)) {
    rv_root_close(m, mark);
    rv_err_memory(m->th);
    return NULL;
  }
  bool ok = fill_children(m, p) == RV_OK &&
            (f->nk == 0 || fill_constants(m, p) == RV_OK);
  rv_root_close(m, mark);
  if (ok) return p;
  /* Half a proto must not be found again. */
  unlist_proto(m, proto_place(m, f));
  return NULL;
}

RvProto *rv_proto_child(RvMachine *m, RvProto *p, u32 child) {
  RvProto *c = p->children[child];
  if (c) return c;
  c = rv_proto_new(m, p->use, p->f->children[child]);
  if (!c) return NULL;
  p->children[child] = c;
  rv_barrier(m, p, RV_PROTO);
  return c;
}

void rv_proto_warm_slow(RvMachine *m, RvProto *p) {
  if (++p->hot == 2 && !rv_feedback_has(p)) rv_feedback_make(m, p);
}

/* -- Closures, cells, natives ------------------------------------------------------------ */

RvClosure *rv_closure_new(RvMachine *m, RvProto *p) {
  u32 nup = p->f->nup;
  RvClosure *c = rv_heap_new(m, sizeof *c + nup * sizeof *c->up,
                             RV_LSIZE_CLOSURE(nup), RV_CLOSURE);
  if (c) c->proto = p;
  return c;
}

RvCell *rv_cell_new(RvMachine *m, RvValue v) {
  u32 mark = rv_root_open(m);
  rv_root_push(m, v);
  RvCell *c = rv_heap_new(m, sizeof *c, RV_LSIZE_CELL, RV_CELL);
  rv_root_close(m, mark);
  if (!c) return NULL;
  c->p = v.p;
  c->h.aux = (u8)v.t;
  return c;
}

RvNative *rv_native_new(RvMachine *m, const RvNativeDef *def) {
  return rv_native_bound(m, def, NULL, 0);
}

RvNative *rv_native_bound(RvMachine *m, const RvNativeDef *def,
                          const RvValue *own, u32 n) {
  RvNative *f =
      rv_heap_new(m, RV_NATIVE_BYTES(n), RV_LSIZE_NATIVE(n), RV_NATIVE);
  if (!f) return NULL;
  f->def = def;
  f->h.aux = (u8)n;
  for (u32 i = 0; i < n; i++) {
    f->own[i] = own[i].p;
    rv_native_tags(f)[i] = (u8)own[i].t;
  }
  return f;
}

RvNative *rv_native_of(RvMachine *m, const RvNativeDef *def) {
  for (u32 i = 0; i < m->nnatives; i++)
    if (m->natives[i]->def == def) return m->natives[i];
  if (m->nnatives == m->cnatives) {
    u32 cap = m->cnatives ? m->cnatives * 2 : 8;
    RvNative **p =
        rv_mem_realloc(m, m->natives, m->cnatives * sizeof *p, cap * sizeof *p);
    if (!p) {
      rv_err_memory(m->th);
      return NULL;
    }
    m->natives = p;
    m->cnatives = cap;
  }
  RvNative *n = rv_native_new(m, def);
  if (n) m->natives[m->nnatives++] = n;
  return n;
}

/* -- Loading -------------------------------------------------------------------------------- */

static bool module_named(const RvImage *img, u32 i, const char *name) {
  const RvImgStr *s = &img->strs[img->modules[i].name];
  return s->len == strlen(name) && memcmp(s->p, name, s->len) == 0;
}

/* Index of the module, UINT32_MAX when there is none. */
static u32 find_module(const RvImage *img, const char *name) {
  if (!name) return img->entry ? img->entry - 1 : UINT32_MAX;
  for (u32 i = 0; i < img->nmodules; i++)
    if (module_named(img, i, name)) return i;
  return UINT32_MAX;
}

RvClosure *rv_load_image(RvMachine *m, RvImage *img, const char *module) {
  return rv_load_image_env(m, img, module, rv_obj(m->globals, RV_TABLE));
}

/* The first upvalue of a main function is `env`, further ones are fresh. p is a
   root, in a root scope of the caller's. */
static RvClosure *main_closure(RvMachine *m, RvProto *p, RvValue env) {
  RvCell *cell = rv_cell_new(m, env);
  if (!cell) return NULL;
  rv_root_push(m, rv_obj(cell, RV_CELL));
  RvClosure *cl = rv_closure_new(m, p);
  if (!cl) return NULL;
  for (u32 i = 0; i < p->f->nup; i++) cl->up[i] = cell;
  rv_root_push(m, rv_obj(cl, RV_CLOSURE));
  for (u32 i = 1; i < p->f->nup; i++) {
    if (!(cell = rv_cell_new(m, rv_nil()))) return NULL;
    cl->up[i] = cell;
    rv_barrier(m, cl, RV_CELL);
  }
  return cl;
}

RvClosure *rv_load_image_env(RvMachine *m, RvImage *img, const char *module,
                             RvValue env) {
  RV_ASSERT(img->verified, "image not verified");
  u32 mi = find_module(img, module);
  if (mi == UINT32_MAX) {
    if (module) rv_err_plain(m->th, "no module '%s' in the image", module);
    else rv_err_plain(m->th, "the image has no entry: it is a library");
    return NULL;
  }
  RvImageUse *use = image_use(m, img);
  if (!use) return NULL;
  RvProto *p = rv_proto_new(m, use, img->modules[mi].func);
  if (!p) return NULL;
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_obj(p, RV_PROTO));
  RvClosure *cl = main_closure(m, p, env);
  rv_root_close(m, mark);
  return cl;
}
