/* SPDX-License-Identifier: MIT */
/* Builtins "debug": upvalues, metatables, what belongs to a value. */
#include "stdlib/lib_debug.h"

#include "vm/feedback.h"

RvStatus rv_debug_ret_named(RvNativeCtx *c, const char *name, RvValue v) {
  u32 mark = rv_root_open(c->m);
  rv_root_push(c->m, v);
  RvString *s = rv_str_newz(c->m, name);
  rv_root_close(c->m, mark);
  if (!s) return RV_ERROR;
  rv_slot_set(c->th, c->base, rv_strv(s));
  rv_slot_set(c->th, c->base + 1, v);
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

void rv_debug_set_cell(RvMachine *m, RvCell *cell, RvValue v) {
  cell->p = v.p;
  cell->h.aux = (u8)v.t;
  rv_barrier(m, cell, v.t);
}

/* -- Upvalues -------------------------------------------------------------- */

/* One upvalue of a function of the program; builtins and functions of the
   library have none that a program may see. */
typedef struct Upvalue {
  RvClosure *of; /* NULL: none */
  u32 i;
} Upvalue;

/* The function in argument f, the number in argument f + 1. */
static RvStatus upvalue_args(RvNativeCtx *c, u32 f, Upvalue *u) {
  i64 n;
  RvStatus st = rv_arg_int(c, f + 1, &n);
  if (st) return st;
  RvValue fn = rv_arg(c, f);
  if (!RV_IS_FUNC(fn.t)) return rv_native_badarg(c, f, "function");
  *u = (Upvalue){NULL, 0};
  if (fn.t != RV_CLOSURE) return RV_OK;
  RvClosure *cl = RV_AS(RvClosure, fn);
  const RvFunc *p = cl->proto->f;
  if (p->flags & RV_FUNC_NATIVE || n < 1 || n > p->nup) return RV_OK;
  *u = (Upvalue){cl, (u32)n - 1};
  return RV_OK;
}

static RvCell *cell_of(const Upvalue *u) { return u->of->up[u->i]; }

static const char *upvalue_name(const Upvalue *u) {
  const RvProto *p = u->of->proto;
  const RvImgStr *s =
      p->f->nupnames ? &p->use->img->strs[p->f->upnames[u->i]] : NULL;
  return s && s->len ? s->p : "(no name)";
}

/* getupvalue(f, n): name and value, or nothing. */
static RvStatus debug_getupvalue(RvNativeCtx *c) {
  Upvalue u;
  RvStatus st = upvalue_args(c, 0, &u);
  if (st || (st = rv_native_slots(c, 2))) return st;
  c->res = c->base;
  c->nres = 0;
  if (!u.of) return RV_OK;
  const RvCell *cell = cell_of(&u);
  return rv_debug_ret_named(c, upvalue_name(&u),
                            rv_value(cell->p, cell->h.aux));
}

/* setupvalue(f, n, v): the name, or nothing. */
static RvStatus debug_setupvalue(RvNativeCtx *c) {
  Upvalue u;
  RvStatus st = rv_lib_any(c, 2);
  if (st || (st = upvalue_args(c, 0, &u))) return st;
  c->res = c->base;
  c->nres = 0;
  if (!u.of) return RV_OK;
  rv_debug_set_cell(c->m, cell_of(&u), rv_arg(c, 2));
  const char *name = upvalue_name(&u);
  return rv_lib_retstr(c, name, strlen(name));
}

/* upvalueid(f, n): a light pointer, the same for the same variable, or nil. It
   is the cell's serial number, and no address. */
static RvStatus debug_upvalueid(RvNativeCtx *c) {
  Upvalue u;
  RvStatus st = upvalue_args(c, 0, &u);
  if (st) return st;
  if (!u.of) return rv_native_ret(c, rv_nil());
  u64 n = rv_serial(c->m, &cell_of(&u)->h);
  if (n == 0) return rv_err_memory(c->th);
  return rv_native_ret(c, rv_value(n, RV_PTR));
}

/* An upvalue that must be there. */
static RvStatus upvalue_must(RvNativeCtx *c, u32 f, Upvalue *u) {
  RvStatus st = upvalue_args(c, f, u);
  if (st || u->of) return st;
  return rv_lib_argerr(c, f + 1, "invalid upvalue index");
}

/* upvaluejoin(f, n, g, k): f's upvalue becomes the same variable as g's. */
static RvStatus debug_upvaluejoin(RvNativeCtx *c) {
  Upvalue u, v;
  RvStatus st = upvalue_must(c, 0, &u);
  if (st || (st = upvalue_must(c, 2, &v))) return st;
  u.of->up[u.i] = cell_of(&v);
  rv_barrier(c->m, u.of, RV_CELL);
  c->nres = 0;
  c->res = c->base;
  return RV_OK;
}

/* -- Metatables ------------------------------------------------------------ */

static RvStatus debug_getmetatable(RvNativeCtx *c) {
  RvStatus st = rv_lib_any(c, 0);
  if (st) return st;
  RvTable *t = rv_meta_of(c->m, rv_arg(c, 0));
  return rv_native_ret(c, t ? rv_obj(t, RV_TABLE) : rv_nil());
}

/* setmetatable(v, meta): v. All values of a type other than table share it. */
static RvStatus debug_setmetatable(RvNativeCtx *c) {
  RvValue v = rv_arg(c, 0), meta = rv_arg(c, 1);
  RvTable *t = NULL;
  if (c->nargs < 2 || (meta.t != RV_NIL && meta.t != RV_TABLE))
    return rv_native_badarg(c, 1, "nil or table");
  if (meta.t == RV_TABLE) t = RV_AS(RvTable, meta);
  if (v.t == RV_TABLE) {
    RvStatus st = rv_table_set_meta(c->m, RV_AS(RvTable, v), t);
    if (st) return st;
  } else if (v.t == RV_USERDATA) {
    return rv_lib_argerr(c, 0, "a host's object keeps its metatable");
  } else {
    rv_lib_set_type_meta(c->m, v.t, t);
  }
  return rv_native_ret(c, v);
}

/* -- What belongs to a value ----------------------------------------------- */

static RvStatus debug_getregistry(RvNativeCtx *c) {
  return rv_native_ret(c, rv_obj(c->m->registry, RV_TABLE));
}

/* No object of today's hosts has user values. */
static RvStatus debug_getuservalue(RvNativeCtx *c) {
  return rv_native_ret(c, rv_nil());
}

static RvStatus debug_setuservalue(RvNativeCtx *c) {
  RvValue v = rv_arg(c, 0);
  if (v.t != RV_USERDATA && v.t != RV_BUFFER)
    return rv_native_badarg(c, 0, "userdata");
  RvStatus st = rv_lib_any(c, 1);
  return st ? st : rv_native_ret(c, rv_nil());
}

static const RvNativeDef defs[] = {
  {"debug.getupvalue", 1, 0, debug_getupvalue},
  {"debug.setupvalue", 1, 0, debug_setupvalue},
  {"debug.upvalueid", 1, 0, debug_upvalueid},
  {"debug.upvaluejoin", 1, 0, debug_upvaluejoin},
  {"debug.getmetatable", 1, 0, debug_getmetatable},
  {"debug.setmetatable", 1, 0, debug_setmetatable},
  {"debug.getregistry", 1, 0, debug_getregistry},
  {"debug.getuservalue", 1, 0, debug_getuservalue},
  {"debug.setuservalue", 1, 0, debug_setuservalue},
};
const RvLib rv_lib_debug_up = {defs, sizeof defs / sizeof *defs};
