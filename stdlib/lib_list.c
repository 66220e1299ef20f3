/* SPDX-License-Identifier: MIT */
/* Builtins "list": Lua's table functions, which ask events. Tables without a
   metatable are dealt with here, by the builtins "table"; others, and what is no
   table, in table.lua. */
#include "stdlib/lib.h"

static bool is_plain(RvNativeCtx *c, u32 i) {
  RvValue v = rv_arg(c, i);
  return v.t == RV_TABLE && !rv_table_meta(c->m, RV_AS(RvTable, v));
}

/* Lists that builtin `fast` may take: argument 0, and `also` if it is there. */
static RvStatus either(RvNativeCtx *c, RvNativeFn fast, const char *slow,
                       u32 also) {
  if (c->state == RV_LIB_SLOW) return rv_lib_slow(c, slow);
  if (c->state) return fast(c);
  if (!is_plain(c, 0)) return rv_lib_slow(c, slow);
  if (also && rv_arg(c, also).t != RV_NIL && !is_plain(c, also))
    return rv_lib_slow(c, slow);
  return fast(c);
}

static RvStatus list_insert(RvNativeCtx *c) {
  return either(c, rv_tab_insert, "table.insert", 0);
}

static RvStatus list_remove(RvNativeCtx *c) {
  return either(c, rv_tab_remove, "table.remove", 0);
}

static RvStatus list_move(RvNativeCtx *c) {
  return either(c, rv_tab_move, "table.move", 4);
}

static RvStatus list_concat(RvNativeCtx *c) {
  return either(c, rv_tab_concat, "table.concat", 0);
}

static RvStatus list_unpack(RvNativeCtx *c) {
  return either(c, rv_tab_unpack, "table.unpack", 0);
}

/* A comparator is called from Lua, which is much cheaper than from here; what is
   no comparator is complained of there, if there is something to sort. */
static RvStatus list_sort(RvNativeCtx *c) {
  if (c->state == RV_LIB_SLOW || rv_arg(c, 1).t != RV_NIL)
    return rv_lib_slow(c, "table.sort");
  return either(c, rv_tab_sort, "table.sort", 0);
}

static const RvNativeDef defs[] = {
    {"list.insert", 1, 0, list_insert}, {"list.remove", 1, 0, list_remove},
    {"list.move", 1, 0, list_move},     {"list.concat", 1, 0, list_concat},
    {"list.unpack", 1, 0, list_unpack}, {"list.sort", 1, 0, list_sort},
};
const RvLib rv_lib_list = {defs, sizeof defs / sizeof *defs};
