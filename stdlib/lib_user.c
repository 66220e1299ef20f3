/* SPDX-License-Identifier: MIT */
/* Builtins "user": user objects, for libraries that hand out things which are
   no tables (files). */
#include "stdlib/lib.h"

/* new(meta, content). */
static RvStatus user_new(RvNativeCtx *c) {
  RvTable *meta;
  RvStatus st = rv_arg_table(c, 0, &meta);
  if (st || (st = rv_lib_any(c, 1)) || (st = rv_lib_keep(c, 1))) return st;
  RvUser *u = rv_heap_new(c->m, sizeof *u, RV_LSIZE_USER, RV_USERDATA);
  if (!u) return RV_ERROR;
  RvValue v = rv_arg(c, 1);
  u->meta = meta;
  u->p = v.p;
  u->h.aux = (u8)v.t;
  rv_lib_put(c, 0, rv_obj(u, RV_USERDATA));
  if (rv_meta_event(c->m, meta, RV_EV_GC).t != RV_NIL &&
      (st = rv_gc_finalizable(c->m, &u->h)))
    return st;
  return rv_native_ret(c, rv_lib_kept(c, 0));
}

/* get(u, meta): the content when u is a user object with that metatable. */
static RvStatus user_get(RvNativeCtx *c) {
  RvValue v = rv_arg(c, 0);
  RvTable *meta;
  RvStatus st = rv_arg_table(c, 1, &meta);
  if (st) return st;
  if (v.t != RV_USERDATA) return rv_native_ret(c, rv_nil());
  const RvUser *u = RV_AS(RvUser, v);
  if (u->meta != meta) return rv_native_ret(c, rv_nil());
  return rv_native_ret(c, rv_value(u->p, u->h.aux));
}

static const RvNativeDef defs[] = {
    {"user.new", 1, 0, user_new},
    {"user.get", 1, 0, user_get},
};
const RvLib rv_lib_user = {defs, sizeof defs / sizeof *defs};
