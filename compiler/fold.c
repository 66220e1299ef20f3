/* SPDX-License-Identifier: MIT */
/* Constant folding: numbers only, and only where the result is the same value
   that the machine would compute and no error is lost. Powers are left alone:
   they are the host's (design I6). */
#include "compiler/parse.h"
#include "vm/num.h"

static double as_float(const RvlExpr *e) {
  return e->kind == RVL_FLT ? rv_u2d(e->bits) : (double)(i64)e->bits;
}

static bool as_int(const RvlExpr *e, i64 *i) {
  if (e->kind == RVL_FLT) return rv_num_f2i(rv_u2d(e->bits), i);
  *i = (i64)e->bits;
  return true;
}

static bool fold_int(u8 op, i64 a, i64 b, i64 *r) {
  switch (op) {
  case RVL_ADD: *r = rv_num_addi(a, b); return true;
  case RVL_SUB: *r = rv_num_subi(a, b); return true;
  case RVL_MUL: *r = rv_num_muli(a, b); return true;
  case RVL_MOD: *r = b ? rv_num_modi(a, b) : 0; return b != 0;
  case RVL_IDIV: *r = b ? rv_num_idivi(a, b) : 0; return b != 0;
  default: return false;
  }
}

static bool fold_bits(u8 op, i64 a, i64 b, i64 *r) {
  switch (op) {
  case RVL_BAND: *r = a & b; return true;
  case RVL_BOR: *r = a | b; return true;
  case RVL_BXOR: *r = a ^ b; return true;
  case RVL_SHL: *r = rv_num_shl(a, b); return true;
  case RVL_SHR: *r = rv_num_shr(a, b); return true;
  default: return false;
  }
}

static bool fold_float(u8 op, double a, double b, double *r) {
  switch (op) {
  case RVL_ADD: *r = a + b; return true;
  case RVL_SUB: *r = a - b; return true;
  case RVL_MUL: *r = a * b; return true;
  case RVL_DIV: *r = a / b; return b != 0;
  case RVL_MOD: *r = b != 0 ? rv_num_modf(a, b) : 0; return b != 0;
  case RVL_IDIV: *r = b != 0 ? rv_num_idivf(a, b) : 0; return b != 0;
  default: return false;
  }
}

static RvlExpr *be_int(RvlExpr *e, i64 i) {
  e->kind = RVL_INT;
  e->bits = (u64)i;
  return e;
}

/* A zero keeps its sign only where it is computed, NaN has none. */
static RvlExpr *be_float(RvlExpr *e, double d) {
  if (d == 0 || d != d) return e;
  e->kind = RVL_FLT;
  e->bits = rv_d2u(d);
  return e;
}

static RvlExpr *fold_binary(RvlExpr *e) {
  RvlExpr *l = rvl_strip(e->l), *r = rvl_strip(e->r);
  i64 a, b, i;
  double d;
  if (!RVL_IS_NUMBER(l) || !RVL_IS_NUMBER(r)) return e;
  if (e->op >= RVL_BAND && e->op <= RVL_SHR) {
    if (as_int(l, &a) && as_int(r, &b) && fold_bits(e->op, a, b, &i))
      return be_int(e, i);
    return e;
  }
  if (l->kind == RVL_INT && r->kind == RVL_INT && e->op != RVL_DIV) {
    if (fold_int(e->op, (i64)l->bits, (i64)r->bits, &i)) return be_int(e, i);
    return e;
  }
  if (fold_float(e->op, as_float(l), as_float(r), &d)) return be_float(e, d);
  return e;
}

static RvlExpr *fold_unary(RvlExpr *e) {
  RvlExpr *l = rvl_strip(e->l);
  i64 i;
  if (e->kind == RVL_NOT && rvl_is_const(l)) {
    bool truth = l->kind != RVL_NIL && l->kind != RVL_FALSE;
    e->kind = truth ? RVL_FALSE : RVL_TRUE;
    e->bits = 0;
    return e;
  }
  if (!RVL_IS_NUMBER(l)) return e;
  if (e->kind == RVL_NEG && l->kind == RVL_INT)
    return be_int(e, rv_num_subi(0, (i64)l->bits));
  if (e->kind == RVL_NEG) return be_float(e, -rv_u2d(l->bits));
  if (e->kind == RVL_BNOT && as_int(l, &i)) return be_int(e, ~i);
  return e;
}

RvlExpr *rvl_fold(RvlParser *p, RvlExpr *e) {
  if (p->mem.nomem) return e;
  if (e->kind == RVL_BINARY) return fold_binary(e);
  return fold_unary(e);
}
