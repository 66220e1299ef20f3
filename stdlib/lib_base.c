/* SPDX-License-Identifier: MIT */
/* Builtins "lua": functions of Lua's base library that count their arguments,
   or that Lua could only say slowly. Those that call back stay re-entrant. */
#include "stdlib/lib.h"

#include <stdlib.h>

#include "vm/host/library.h"
#include "vm/level.h"
#include "vm/str.h"
#include "vm/verify.h"

static RvStatus none(RvNativeCtx *c) {
  c->res = c->base;
  c->nres = 0;
  return RV_OK;
}

/* Imported by images that want the library open; open.c does that. */
static RvStatus lua_library(RvNativeCtx *c) { return none(c); }

/* select(n, ...): the arguments are the results. Any string that begins with #
   asks for their number. */
static RvStatus lua_select(RvNativeCtx *c) {
  RvValue v = rv_arg(c, 0);
  i64 n;
  if (v.t == RV_STR && rv_str_data(RV_AS(RvString, v))[0] == '#')
    return rv_native_ret(c, rv_int((i64)c->nargs - 1));
  RvStatus st = rv_arg_int(c, 0, &n);
  if (st) return st;
  if (n < 0) n = (i64)c->nargs + n;
  else if (n > (i64)c->nargs) n = c->nargs;
  if (n < 1) return rv_lib_argerr(c, 0, "index out of range");
  c->res = c->base + (u32)n;
  c->nres = c->nargs - (u32)n;
  return RV_OK;
}

static RvStatus lua_rawequal(RvNativeCtx *c) {
  RvStatus st;
  if ((st = rv_lib_any(c, 0)) || (st = rv_lib_any(c, 1))) return st;
  return rv_native_ret(c, rv_bool(rv_raw_equal(rv_arg(c, 0), rv_arg(c, 1))));
}

static RvStatus lua_rawlen(RvNativeCtx *c) {
  RvValue v = rv_arg(c, 0);
  if (v.t == RV_STR)
    return rv_native_ret(c, rv_int(RV_AS(RvString, v)->len));
  if (v.t == RV_TABLE)
    return rv_native_ret(c, rv_int(rv_table_len(c->m, RV_AS(RvTable, v))));
  return rv_native_badarg(c, 0, "table or string");
}

static RvStatus lua_rawget(RvNativeCtx *c) {
  RvTable *t;
  RvStatus st;
  if ((st = rv_arg_table(c, 0, &t)) || (st = rv_lib_any(c, 1))) return st;
  return rv_native_ret(c, rv_table_get(c->m, t, rv_arg(c, 1)));
}

static RvStatus lua_rawset(RvNativeCtx *c) {
  RvTable *t;
  RvStatus st;
  if ((st = rv_arg_table(c, 0, &t)) || (st = rv_lib_any(c, 1)) ||
      (st = rv_lib_any(c, 2)) ||
      (st = rv_table_set(c->m, t, rv_arg(c, 1), rv_arg(c, 2))))
    return st;
  return rv_native_ret(c, rv_arg(c, 0));
}

/* What the metatable says in __metatable; nil for no metatable, or nothing. */
static RvValue protection(RvNativeCtx *c, RvTable *meta) {
  return meta ? rv_table_get_str(c->m, meta, c->m->names[RV_EV_METATABLE])
              : rv_nil();
}

static RvStatus lua_getmetatable(RvNativeCtx *c) {
  RvStatus st = rv_lib_any(c, 0);
  if (st) return st;
  RvTable *meta = rv_meta_of(c->m, rv_arg(c, 0));
  RvValue p = protection(c, meta);
  if (p.t != RV_NIL || !meta) return rv_native_ret(c, p);
  return rv_native_ret(c, rv_obj(meta, RV_TABLE));
}

static RvStatus lua_setmetatable(RvNativeCtx *c) {
  RvTable *t, *meta = NULL;
  RvStatus st = rv_arg_table(c, 0, &t);
  RvValue m = rv_arg(c, 1);
  if (st) return st;
  if (m.t == RV_TABLE) meta = RV_AS(RvTable, m);
  else if (m.t != RV_NIL || c->nargs < 2)
    return rv_native_badarg(c, 1, "nil or table");
  if (protection(c, rv_meta_of(c->m, rv_arg(c, 0))).t != RV_NIL)
    return rv_err(c->th, "cannot change a protected metatable");
  if ((st = rv_table_set_meta(c->m, t, meta))) return st;
  return rv_native_ret(c, rv_arg(c, 0));
}

static RvStatus lua_assert(RvNativeCtx *c) {
  if (c->nargs > 0 && !RV_IS_FALSY(rv_arg(c, 0).t)) {
    c->res = c->base;
    c->nres = c->nargs;
    return RV_OK;
  }
  RvStatus st = rv_lib_any(c, 0);
  if (st) return st;
  if (c->nargs < 2) return rv_err(c->th, "assertion failed!");
  RvValue v = rv_arg(c, 1);
  if (v.t != RV_STR) return rv_err_value(c->th, v);
  return rv_lib_raise(c, RV_AS(RvString, v), 1);
}

/* tonumber: string.tonumber, but that of a number with a base complains. */
static RvStatus lua_tonumber(RvNativeCtx *c) {
  RvStatus st;
  RvValue v = rv_arg(c, 0), n;
  if (rv_arg(c, 1).t != RV_NIL) {
    if (v.t != RV_STR) return rv_native_badarg(c, 0, "string");
    return rv_builtin_tonumber(c);
  }
  if (RV_IS_NUM(v.t)) return rv_native_ret(c, v);
  if ((st = rv_lib_any(c, 0))) return st;
  if (v.t != RV_STR) return rv_native_ret(c, rv_nil());
  RvString *s = RV_AS(RvString, v);
  if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(s->len)))) return st;
  if (!rv_num_parse(rv_str_data(s), s->len, &n)) n = rv_nil();
  return rv_native_ret(c, n);
}

/* pairs(t): state 1 when __pairs has answered. */
static RvStatus lua_pairs(RvNativeCtx *c) {
  RvStatus st = rv_lib_any(c, 0);
  if (st || (st = rv_native_slots(c, c->nargs + 3))) return st;
  u32 at = c->base + c->nargs;
  RvValue t = rv_arg(c, 0);
  if (c->state == 1) {
    u32 n = c->nres < 3 ? c->nres : 3;
    for (u32 i = 0; i < 3; i++)
      rv_slot_set(c->th, at + i,
                  i < n ? rv_slot(c->th, c->res + i) : rv_nil());
  } else {
    RvValue event = rv_event(c->m, t, RV_EV_PAIRS);
    if (event.t != RV_NIL) {
      rv_slot_set(c->th, at, event);
      rv_slot_set(c->th, at + 1, t);
      c->call = at;
      c->ncall = 1;
      c->state = 1;
      return RV_CALL;
    }
    RvNative *next = rv_native_of(c->m, rv_builtin_next);
    if (!next) return RV_ERROR;
    rv_slot_set(c->th, at, rv_obj(next, RV_NATIVE));
    rv_slot_set(c->th, at + 1, t);
    rv_slot_set(c->th, at + 2, rv_nil());
  }
  c->res = at;
  c->nres = 3;
  return RV_OK;
}

/* The iterator of ipairs: the next index and its element, nil when there is
   none. Elements that only an event could give are looked for in base.lua. */
static RvStatus lua_inext(RvNativeCtx *c) {
  i64 i;
  RvStatus st;
  if (c->state == RV_LIB_SLOW) return rv_lib_slow(c, "ipairs");
  if ((st = rv_arg_int(c, 1, &i))) return st;
  RvValue t = rv_arg(c, 0), v = rv_nil(), next = rv_int(rv_num_addi(i, 1));
  RvTable *list = t.t == RV_TABLE ? RV_AS(RvTable, t) : NULL;
  if (list) v = rv_table_get_int(c->m, list, (i64)next.p);
  if (v.t == RV_NIL && list && !rv_table_meta(c->m, list))
    return rv_native_ret(c, v);
  rv_slot_set(c->th, c->base + 1, next);
  if (v.t == RV_NIL) return rv_lib_slow(c, "ipairs");
  rv_slot_set(c->th, c->base, next);
  rv_slot_set(c->th, c->base + 1, v);
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

/* -- Chunks ------------------------------------------------------------------------ */

/* Compiling takes memory of its own, this much for a byte of text at most, and
   time: a unit for 16 bytes. */
#define LOAD_MEMORY 16u
#define LOAD_BYTES_PER_UNIT 16u

static RvStatus fail_load(RvNativeCtx *c, const char *text) {
  RvString *s = rv_str_new(c->m, text, strlen(text));
  if (!s) return RV_ERROR;
  rv_slot_set(c->th, c->base, rv_nil());
  rv_slot_set(c->th, c->base + 1, rv_strv(s));
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

/* What compiling takes while it lasts is on the host ledger. */
static void *own_memory(void *ud, void *p, size_t osize, size_t nsize) {
  return rv_mem_realloc(ud, p, osize, nsize);
}

static RvImage *compile_text(RvMachine *m, RvString *s, RvString *chunk,
                             char *error, size_t size) {
  RvImage *img = rv_image_new();
  RvLuaText t = {.text = rv_str_data(s),
                 .len = s->len,
                 .chunk = rv_str_data(chunk),
                 .chunk_len = chunk->len,
                 .module = "main",
                 .alloc = own_memory,
                 .ud = m};
  RvDiag d;
  memset(&d, 0, sizeof d);
  if (img && rv_lua_compile(img, &t, error, size, NULL)) {
    img->entry = 1;
    if (rv_verify_image(img, &d)) return img;
    rv_num_fmt(error, size, "%s", d.text);
  } else if (!img) {
    rv_num_fmt(error, size, "not enough memory");
  }
  rv_image_unref(img);
  return NULL;
}

static RvImage *read_bytes(RvString *s, char *error, size_t size) {
  RvDiag d;
  memset(&d, 0, sizeof d);
  RvImage *img = rv_image_read((const u8 *)rv_str_data(s), s->len, &d);
  if (img && rv_verify_image(img, &d)) {
    if (img->nimports == 0) return img;
    rv_num_fmt(d.text, sizeof d.text, "chunk has imports");
  }
  rv_num_fmt(error, size, "%s", d.text);
  rv_image_unref(img);
  return NULL;
}

static bool mode_allows(RvNativeCtx *c, char kind) {
  RvValue v = rv_arg(c, 2);
  if (v.t != RV_STR) return true;
  RvString *s = RV_AS(RvString, v);
  return memchr(rv_str_data(s), kind, s->len) != NULL;
}

/* load(text, chunk name, mode or nil [, environment]): a function, or nil and a
   message. */
static RvStatus lua_load(RvNativeCtx *c) {
  RvString *s, *chunk;
  char error[800] = "";
  RvStatus st;
  if ((st = rv_arg_str(c, 0, &s)) || (st = rv_arg_str(c, 1, &chunk)) ||
      (st = rv_native_slots(c, c->nargs > 4 ? c->nargs : 4)))
    return st;
  bool binary = rv_image_is((const u8 *)rv_str_data(s), s->len) ||
                (s->len && rv_str_data(s)[0] == '\x1b');
  if (!mode_allows(c, binary ? 'b' : 't')) {
    rv_num_fmt(error, sizeof error,
               "attempt to load a %s chunk (mode is '%.20s')",
               binary ? "binary" : "text",
               rv_str_data(RV_AS(RvString, rv_arg(c, 2))));
    return fail_load(c, error);
  }
  if ((st = rv_fuel_pay(c->th, c->m, s->len / LOAD_BYTES_PER_UNIT)) ||
      (st = rv_heap_charge(c->m, (u64)s->len * LOAD_MEMORY)))
    return st;
  RvImage *img = binary ? read_bytes(s, error, sizeof error)
                        : compile_text(c->m, s, chunk, error, sizeof error);
  if (!img) return fail_load(c, error);
  RvValue env = c->nargs > 3 ? rv_arg(c, 3) : rv_obj(c->m->globals, RV_TABLE);
  RvClosure *cl = rv_load_image_env(c->m, img, NULL, env);
  rv_image_unref(img);
  return cl ? rv_native_ret(c, rv_obj(cl, RV_CLOSURE)) : RV_ERROR;
}

/* What is dumped is paid for like what is loaded; tables of the image that are
   looked at, one unit for this many entries. */
#define DUMP_ENTRIES_PER_UNIT 1024u

/* dump(f, strip): the bytes of an image whose entry is f, a function of the
   program. */
static RvStatus lua_dump(RvNativeCtx *c) {
  RvValue v = rv_arg(c, 0);
  RvDiag d;
  if (!RV_IS_FUNC(v.t)) return rv_native_badarg(c, 0, "function");
  const RvProto *p = v.t == RV_CLOSURE ? RV_AS(RvClosure, v)->proto : NULL;
  if (!p || p->f->flags & RV_FUNC_NATIVE)
    return rv_err(c->th, "unable to dump given function");
  const RvImage *from = p->use->img;
  RvImage *img = rv_image_extract(from, (u32)(p->f - from->funcs),
                                  !RV_IS_FALSY(rv_arg(c, 1).t), &d);
  if (!img) return rv_err(c->th, "unable to dump given function");
  size_t n;
  u8 *bytes = rv_image_write(img, &n);
  rv_image_unref(img);
  if (!bytes) return rv_err_memory(c->th);
  rv_fuel_owe(c->m, (u32)(n / LOAD_BYTES_PER_UNIT +
                          (from->nstrs + from->nfuncs) / DUMP_ENTRIES_PER_UNIT));
  RvStatus st = rv_heap_charge(c->m, (u64)n * LOAD_MEMORY);
  if (st == RV_OK) st = rv_lib_retstr(c, (const char *)bytes, n);
  free(bytes);
  return st;
}

/* -- Errors of library functions written in Lua ---------------------------------------- */

/* argerror(i, text) raises "bad argument #i to 'caller' (text)". */
static RvStatus lua_argerror(RvNativeCtx *c) {
  i64 i;
  RvString *s;
  RvStatus st;
  if ((st = rv_arg_int(c, 0, &i)) || (st = rv_arg_str(c, 1, &s))) return st;
  return rv_lib_argerr(c, (u32)i - 1, rv_str_data(s));
}

/* Was the function of the library that runs called with fewer than i
   arguments? */
static bool is_missing(RvNativeCtx *c, i64 i) {
  return rv_frame_args(c->th, rv_level_of(c->th, c->th->fi)) < i;
}

static RvStatus raise_type(RvNativeCtx *c, i64 i, const char *expected,
                           RvValue v, bool missing) {
  const char *got = v.t == RV_PTR ? "light userdata" : rv_err_typename(c->m, v);
  if (missing || (v.t == RV_NIL && is_missing(c, i))) got = "no value";
  return rv_err_arg(c->th, (u32)i - 1, "%.60s expected, got %s", expected, got);
}

/* typeerror(i, expected, got, missing) raises "expected expected, got ...". */
static RvStatus lua_typeerror(RvNativeCtx *c) {
  i64 i;
  RvString *s;
  RvStatus st;
  if ((st = rv_arg_int(c, 0, &i)) || (st = rv_arg_str(c, 1, &s))) return st;
  return raise_type(c, i, rv_str_data(s), rv_arg(c, 2),
                    !RV_IS_FALSY(rv_arg(c, 3).t));
}

/* interror(i, v) raises that argument i, v, is no integer. */
static RvStatus lua_interror(RvNativeCtx *c) {
  i64 i;
  RvStatus st = rv_arg_int(c, 0, &i);
  if (st) return st;
  RvValue v = rv_arg(c, 1), n = v;
  const RvString *s = RV_AS(RvString, v);
  if (v.t == RV_STR && !rv_num_parse(rv_str_data(s), s->len, &n)) n = v;
  if (RV_IS_NUM(n.t))
    return rv_lib_argerr(c, (u32)i - 1,
                         "number has no integer representation");
  return raise_type(c, i, "number", v, false);
}

/* setslow(name, function): what the builtin calls when its own way is not enough
   (rv_lib_slow). */
static RvStatus lua_setslow(RvNativeCtx *c) {
  RvString *s;
  RvStatus st = rv_arg_str(c, 0, &s);
  if (st || (st = rv_table_set(c->m, c->m->registry, rv_arg(c, 0),
                               rv_arg(c, 1))))
    return st;
  return none(c);
}

/* finish(): runs the finalizer of every object that has one, newest first, one
   at each entry. Objects made meanwhile have none run, as in PUC Lua. */
static RvStatus lua_finish(RvNativeCtx *c) {
  RvStatus st;
  if (c->state == 0 && c->th == c->m->main && c->th->ntbc) {
    c->state = 1;
    st = rv_call_close(c->th, 0, c->th->ntbc);
    return st ? st : RV_AGAIN;
  }
  if (c->state <= 1) rv_gc_all_due(c->m);
  c->state = 2;
  st = rv_call_finalizer(c->th);
  return st ? st : none(c);
}

/* globals(): the machine's table of globals. */
static RvStatus lua_globals(RvNativeCtx *c) {
  return rv_native_ret(c, rv_obj(c->m->globals, RV_TABLE));
}

static const RvNativeDef defs[] = {
  {RV_LIBRARY_IMPORT, 1, 0, lua_library},
  {"lua.select", 1, 0, lua_select},
  {"lua.rawequal", 1, 0, lua_rawequal},
  {"lua.rawlen", 1, 0, lua_rawlen},
  {"lua.rawget", 1, 0, lua_rawget},
  {"lua.rawset", 1, 0, lua_rawset},
  {"lua.getmetatable", 1, 0, lua_getmetatable},
  {"lua.setmetatable", 1, 0, lua_setmetatable},
  {"lua.assert", 1, 0, lua_assert},
  {"lua.tonumber", 1, 0, lua_tonumber},
  {"lua.pairs", 1, 0, lua_pairs},
  {"lua.inext", 1, RV_NATIVE_INEXT, lua_inext},
  {"lua.load", 1, 0, lua_load},
  {"lua.dump", 1, 0, lua_dump},
  {"lua.argerror", 1, 0, lua_argerror},
  {"lua.typeerror", 1, 0, lua_typeerror},
  {"lua.interror", 1, 0, lua_interror},
  {"lua.setslow", 1, 0, lua_setslow},
  {"lua.finish", 1, 0, lua_finish},
  {"lua.globals", 1, 0, lua_globals},
};
const RvLib rv_lib_base = {defs, sizeof defs / sizeof *defs};
