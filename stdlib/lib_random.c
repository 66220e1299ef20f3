/* SPDX-License-Identifier: MIT */
/* Builtins "math": random numbers. */
#include "stdlib/lib.h"

#include "vm/random.h"

/* The arguments of random: how many, and from where to where. */
static RvStatus range(RvNativeCtx *c, i64 *low, i64 *high) {
  RvStatus st;
  *low = 1;
  if (c->nargs > 2) return rv_err(c->th, "wrong number of arguments");
  if (c->nargs == 1) return rv_arg_int(c, 0, high);
  return (st = rv_arg_int(c, 0, low)) ? st : rv_arg_int(c, 1, high);
}

/* random(): a float from 0 up to 1. random(n): from 1 to n, all bits for 0;
   random(m, n): from m to n. A number is drawn also when the arguments are
   wrong. */
static RvStatus math_random(RvNativeCtx *c) {
  i64 low, high;
  RvStatus st = c->nargs ? range(c, &low, &high) : RV_OK;
  if (st == RV_STOP) return st;
  u64 bits = rv_random(c->m);
  if (st) return st;
  if (c->nargs == 0)
    return rv_native_ret(c, rv_flt((double)(bits >> 11) * 0x1p-53));
  if (c->nargs == 1 && high == 0) return rv_native_ret(c, rv_int((i64)bits));
  if (low > high) return rv_lib_argerr(c, 0, "interval is empty");
  u64 n = rv_random_upto(c->m, bits, (u64)high - (u64)low);
  return rv_native_ret(c, rv_int((i64)((u64)low + n)));
}

/* randomseed(a, b = 0) gives the two back. */
static RvStatus math_randomseed(RvNativeCtx *c) {
  i64 a, b;
  RvStatus st;
  if ((st = rv_arg_int(c, 0, &a)) || (st = rv_lib_optint(c, 1, 0, &b)) ||
      (st = rv_native_slots(c, 2)))
    return st;
  rv_random_seed(c->m, (u64)a, (u64)b);
  rv_slot_set(c->th, c->base, rv_int(a));
  rv_slot_set(c->th, c->base + 1, rv_int(b));
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

static const RvNativeDef defs[] = {
  {"math.random", 1, 0, math_random},
  {"math.randomseed", 1, 0, math_randomseed},
};
const RvLib rv_lib_random = {defs, sizeof defs / sizeof *defs};
