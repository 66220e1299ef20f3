/* SPDX-License-Identifier: MIT */
/* Builtins "math": over the one module for numbers, vm/num.h. */
#include "stdlib/lib.h"

/* A number; that of a string is a float. It replaces the argument, so that
   entering again finds the same. */
static RvStatus arg_num(RvNativeCtx *c, u32 i, RvValue *out) {
  bool text = rv_arg(c, i).t == RV_STR;
  RvStatus st = rv_lib_num(c, i, out);
  if (st == RV_OK && text && out->t == RV_INT) {
    *out = rv_flt((double)(i64)out->p);
    rv_slot_set(c->th, c->base + i, *out);
  }
  return st;
}

#define RV_MATH_FN(name, code)                                                 \
  static RvStatus name(RvNativeCtx *c) {                                       \
    double x;                                                                  \
    RvStatus st = rv_lib_flt(c, 0, &x);                                        \
    return st ? st : rv_native_ret(c, rv_flt(rv_num_math1(code, x)));          \
  }
RV_MATH_FN(math_sqrt, RV_MATH_SQRT)
RV_MATH_FN(math_sin, RV_MATH_SIN)
RV_MATH_FN(math_cos, RV_MATH_COS)
RV_MATH_FN(math_tan, RV_MATH_TAN)
RV_MATH_FN(math_asin, RV_MATH_ASIN)
RV_MATH_FN(math_acos, RV_MATH_ACOS)
RV_MATH_FN(math_exp, RV_MATH_EXP)
#undef RV_MATH_FN

/* An integer where it fits, else the float itself. */
static RvStatus round_to(RvNativeCtx *c, int code) {
  RvValue v;
  i64 i;
  RvStatus st = arg_num(c, 0, &v);
  if (st) return st;
  if (v.t == RV_INT) return rv_native_ret(c, v);
  double d = rv_num_math1(code, rv_u2d(v.p));
  return rv_native_ret(c, rv_num_f2i(d, &i) ? rv_int(i) : rv_flt(d));
}

static RvStatus math_floor(RvNativeCtx *c) {
  return round_to(c, RV_MATH_FLOOR);
}
static RvStatus math_ceil(RvNativeCtx *c) { return round_to(c, RV_MATH_CEIL); }

/* atan(y, x = 1): the angle of the point (x, y). */
static RvStatus math_atan(RvNativeCtx *c) {
  double y, x = 1;
  RvStatus st = rv_lib_flt(c, 0, &y);
  if (st) return st;
  if (rv_arg(c, 1).t != RV_NIL && (st = rv_lib_flt(c, 1, &x))) return st;
  return rv_native_ret(c, rv_flt(rv_num_atan2(y, x)));
}

/* log(x, base = e) */
static RvStatus math_log(RvNativeCtx *c) {
  double x, base;
  RvStatus st = rv_lib_flt(c, 0, &x);
  if (st) return st;
  if (rv_arg(c, 1).t == RV_NIL)
    return rv_native_ret(c, rv_flt(rv_num_math1(RV_MATH_LOG, x)));
  if ((st = rv_lib_flt(c, 1, &base))) return st;
  if (base == 2) x = rv_num_math1(RV_MATH_LOG2, x);
  else if (base == 10) x = rv_num_math1(RV_MATH_LOG10, x);
  else x = rv_num_math1(RV_MATH_LOG, x) / rv_num_math1(RV_MATH_LOG, base);
  return rv_native_ret(c, rv_flt(x));
}

static RvStatus math_abs(RvNativeCtx *c) {
  RvValue v;
  RvStatus st = arg_num(c, 0, &v);
  if (st) return st;
  if (v.t == RV_INT && (i64)v.p < 0) v.p = 0 - v.p;
  else if (v.t == RV_FLT) v.p &= ~(1ull << 63);
  return rv_native_ret(c, v);
}

/* fmod(a, b): the remainder of division towards zero. */
static RvStatus math_fmod(RvNativeCtx *c) {
  RvValue a, b;
  double x, y;
  RvStatus st;
  if ((st = arg_num(c, 0, &a)) || (st = arg_num(c, 1, &b))) return st;
  if ((a.t | b.t) == RV_INT) {
    i64 d = (i64)b.p;
    if (d == 0) return rv_lib_argerr(c, 1, "zero");
    return rv_native_ret(c, rv_int(d == -1 ? 0 : (i64)a.p % d));
  }
  if ((st = rv_lib_flt(c, 0, &x)) || (st = rv_lib_flt(c, 1, &y))) return st;
  return rv_native_ret(c, rv_flt(rv_num_fmod(x, y)));
}

/* modf(x): the part before the point, an integer where it fits, and the rest. */
static RvStatus math_modf(RvNativeCtx *c) {
  RvValue v;
  i64 i;
  double rest = 0;
  RvStatus st = arg_num(c, 0, &v);
  if (st || (st = rv_native_slots(c, 2))) return st;
  if (v.t == RV_FLT) {
    double x = rv_u2d(v.p);
    double whole = rv_num_math1(x < 0 ? RV_MATH_CEIL : RV_MATH_FLOOR, x);
    if (whole != x) rest = x - whole;
    v = rv_num_f2i(whole, &i) ? rv_int(i) : rv_flt(whole);
  }
  rv_slot_set(c->th, c->base, v);
  rv_slot_set(c->th, c->base + 1, rv_flt(rest));
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

/* tointeger(x): the integer equal to it, or nil. */
static RvStatus math_tointeger(RvNativeCtx *c) {
  RvStatus st = rv_lib_any(c, 0);
  if (st) return st;
  RvValue v = rv_arg(c, 0);
  i64 i;
  if (v.t == RV_STR) {
    RvString *s = RV_AS(RvString, v);
    if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(s->len)))) return st;
    if (!rv_num_parse(rv_str_data(s), s->len, &v)) v = rv_nil();
  }
  if (v.t == RV_FLT) v = rv_num_f2i(rv_u2d(v.p), &i) ? rv_int(i) : rv_nil();
  return rv_native_ret(c, v.t == RV_INT ? v : rv_nil());
}

/* ult(a, b): a < b as unsigned integers. */
static RvStatus math_ult(RvNativeCtx *c) {
  i64 a, b;
  RvStatus st;
  if ((st = rv_arg_int(c, 0, &a)) || (st = rv_arg_int(c, 1, &b))) return st;
  return rv_native_ret(c, rv_bool((u64)a < (u64)b));
}

static bool less(RvValue a, RvValue b) {
  if (a.t == RV_INT)
    return b.t == RV_INT ? (i64)a.p < (i64)b.p
                         : rv_num_lt_if((i64)a.p, rv_u2d(b.p));
  return b.t == RV_INT ? rv_num_lt_fi(rv_u2d(a.p), (i64)b.p)
                       : rv_u2d(a.p) < rv_u2d(b.p);
}

static RvStatus extreme(RvNativeCtx *c, bool max) {
  RvValue best, v;
  RvStatus st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes((u64)c->nargs * 9));
  if (st || (st = rv_lib_num(c, 0, &best))) return st;
  for (u32 i = 1; i < c->nargs; i++) {
    if ((st = rv_lib_num(c, i, &v))) return st;
    if (max ? less(best, v) : less(v, best)) best = v;
  }
  return rv_native_ret(c, best);
}

static RvStatus math_max(RvNativeCtx *c) { return extreme(c, true); }
static RvStatus math_min(RvNativeCtx *c) { return extreme(c, false); }

/* Those of Lua compare any values; such as are not all numbers in math.lua. */
static RvStatus lua_extreme(RvNativeCtx *c, const char *name, bool max) {
  if (c->state == RV_LIB_SLOW) return rv_lib_slow(c, name);
  RvStatus st = rv_lib_any(c, 0);
  if (st) return st;
  for (u32 i = 0; i < c->nargs; i++)
    if (!RV_IS_NUM(rv_arg(c, i).t)) return rv_lib_slow(c, name);
  return extreme(c, max);
}

static RvStatus lua_max(RvNativeCtx *c) {
  return lua_extreme(c, "math.max", true);
}
static RvStatus lua_min(RvNativeCtx *c) {
  return lua_extreme(c, "math.min", false);
}

static const RvNativeDef defs[] = {
  {"math.floor", 1, 0, math_floor},
  {"math.ceil", 1, 0, math_ceil},
  {"math.sqrt", 1, 0, math_sqrt},
  {"math.sin", 1, 0, math_sin},
  {"math.cos", 1, 0, math_cos},
  {"math.tan", 1, 0, math_tan},
  {"math.asin", 1, 0, math_asin},
  {"math.acos", 1, 0, math_acos},
  {"math.atan", 1, 0, math_atan},
  {"math.exp", 1, 0, math_exp},
  {"math.log", 1, 0, math_log},
  {"math.abs", 1, 0, math_abs},
  {"math.fmod", 1, 0, math_fmod},
  {"math.modf", 1, 0, math_modf},
  {"math.tointeger", 1, 0, math_tointeger},
  {"math.ult", 1, 0, math_ult},
  {"math.max", 1, 0, math_max},
  {"math.min", 1, 0, math_min},
  {"lua.max", 1, 0, lua_max},
  {"lua.min", 1, 0, lua_min},
};
const RvLib rv_lib_math = {defs, sizeof defs / sizeof *defs};
