/* SPDX-License-Identifier: MIT */
/* Chains: a.b[c](d):e() + f < g. Each node takes the value of its left part
   and gives one to the node above. A program may make them as long as it likes,
   so the walk down to the leftmost part is a loop with a stack of its own.

   The running value is in a variable's register or in `base`, the first free
   one; a node writes to `base` again, the last one to its destination. */
#include "compiler/gen.h"

static const u8 op_rr[] = {
    [RVL_ADD] = RV_OP_ADD,   [RVL_SUB] = RV_OP_SUB,   [RVL_MUL] = RV_OP_MUL,
    [RVL_DIV] = RV_OP_DIV,   [RVL_MOD] = RV_OP_MOD,   [RVL_IDIV] = RV_OP_IDIV,
    [RVL_POW] = RV_OP_POW,   [RVL_BAND] = RV_OP_BAND, [RVL_BOR] = RV_OP_BOR,
    [RVL_BXOR] = RV_OP_BXOR, [RVL_SHL] = RV_OP_SHL,   [RVL_SHR] = RV_OP_SHR};
/* Forms with a constant on the right, and on the left; 0: none. */
static const u8 op_rk[RVL_NE + 1] = {
    [RVL_ADD] = RV_OP_ADDK,  [RVL_SUB] = RV_OP_SUBK,   [RVL_MUL] = RV_OP_MULK,
    [RVL_DIV] = RV_OP_DIVK,  [RVL_MOD] = RV_OP_MODK,   [RVL_IDIV] = RV_OP_IDIVK,
    [RVL_POW] = RV_OP_POWK,  [RVL_BAND] = RV_OP_BANDK, [RVL_BOR] = RV_OP_BORK,
    [RVL_BXOR] = RV_OP_BXORK};
static const u8 op_kr[RVL_NE + 1] = {[RVL_ADD] = RV_OP_KADD,
                                     [RVL_SUB] = RV_OP_KSUB,
                                     [RVL_MUL] = RV_OP_KMUL,
                                     [RVL_DIV] = RV_OP_KDIV};
/* ... with an integer of eight bits on the right. */
static const u8 op_ri[RVL_NE + 1] = {[RVL_ADD] = RV_OP_ADDI,
                                     [RVL_SUB] = RV_OP_SUBI,
                                     [RVL_SHL] = RV_OP_SHLI,
                                     [RVL_SHR] = RV_OP_SHRI};

#define NO_REG 256u

/* Number of a constant that fits eight bits, or 256. */
static u32 short_k(RvlGen *g, const RvlExpr *e) {
  if (!RVL_IS_NUMBER(e)) return 256;
  u32 k = rvl_k_num(g, e->kind == RVL_INT ? RV_INT : RV_FLT, e->bits);
  return k <= 255 ? k : 256;
}

static bool small_int(const RvlExpr *e) {
  return e->kind == RVL_INT && (i64)e->bits >= -128 && (i64)e->bits <= 127;
}

static void compare_value(RvlGen *g, RvlExpr *e, u32 r, u32 dst) {
  RvlExpr *right = rvl_strip(e->r);
  u32 rr = rvl_any(g, right);
  bool raw = rvl_is_const(right);
  g->line = e->line;
  switch (e->op) {
  case RVL_LT: rvl_abc(g, RV_OP_ISLT, dst, r, rr); break;
  case RVL_LE: rvl_abc(g, RV_OP_ISLE, dst, r, rr); break;
  case RVL_GT: rvl_abc(g, RV_OP_ISLT, dst, rr, r); break;
  case RVL_GE: rvl_abc(g, RV_OP_ISLE, dst, rr, r); break;
  default:
    rvl_abc(g, raw ? RV_OP_ISRAWEQ : RV_OP_ISEQ, dst, r, rr);
    if (e->op == RVL_NE) rvl_abc(g, RV_OP_NOT, dst, dst, 0);
  }
}

static void arithmetic(RvlGen *g, RvlExpr *e, u32 r, u32 dst) {
  RvlExpr *right = rvl_strip(e->r);
  u8 op = e->op;
  u32 k = 256;
  if (op_ri[op] && small_int(right)) {
    g->line = e->line;
    rvl_abc(g, op_ri[op], dst, r, (u32)right->bits & 0xffu);
    return;
  }
  if (op_rk[op] && (k = short_k(g, right)) < 256) {
    g->line = e->line;
    rvl_abc(g, op_rk[op], dst, r, k);
    return;
  }
  u32 rr = rvl_any(g, right);
  g->line = e->line;
  rvl_abc(g, op_rr[op], dst, r, rr);
}

/* A constant on the left of an operator that has such a form. */
static bool constant_left(RvlGen *g, RvlExpr *e, RvlExpr *leaf, u32 dst) {
  if (e->kind != RVL_BINARY || !op_kr[e->op]) return false;
  u32 k = short_k(g, leaf);
  if (k > 255) return false;
  u32 rr = rvl_any(g, e->r);
  g->line = e->line;
  rvl_abc(g, op_kr[e->op], dst, k, rr);
  return true;
}

bool rvl_key_in_word(const RvlExpr *key) {
  return key->kind == RVL_STR || (key->kind == RVL_INT && key->bits <= 255);
}

static void index_value(RvlGen *g, RvlExpr *e, u32 r, u32 dst) {
  RvlExpr *key = rvl_strip(e->r);
  if (key->kind == RVL_STR) {
    g->line = e->line;
    rvl_cached(g, RV_OP_GETFIELD, RV_OP_GETFIELDX, dst, r, key->name);
  } else if (rvl_key_in_word(key)) {
    g->line = e->line;
    rvl_abc(g, RV_OP_GETI, dst, r, (u32)key->bits);
  } else {
    u32 kr = rvl_any(g, key);
    g->line = e->line;
    rvl_abc(g, RV_OP_GETIDX, dst, r, kr);
  }
}

/* A field of the table in an upvalue. */
static bool upvalue_field(RvlGen *g, RvlExpr *e, RvlExpr *leaf, u32 dst) {
  RvlExpr *key;
  if (e->kind != RVL_INDEX || leaf->kind != RVL_UPVAL) return false;
  key = rvl_strip(e->r);
  if (key->kind != RVL_STR) return false;
  g->line = e->line;
  rvl_cached(g, RV_OP_GETUPF, RV_OP_GETUPFX, dst, leaf->n, key->name);
  return true;
}

/* `self`: method and receiver to base and the register behind. */
static void take_self(RvlGen *g, RvlExpr *e, u32 r, u32 base) {
  g->free = base;
  rvl_need(g, base + 2);
  g->line = e->r->line;
  rvl_cached(g, RV_OP_SELF, RV_OP_SELFX, base, r, e->r->name);
  rvl_take(g, 2);
}

/* One node; the value it takes is in r. The register of its own value. */
static u32 step(RvlGen *g, RvlExpr *e, u32 r, u32 base, u32 dst) {
  g->free = r == base ? base + 1 : base;
  switch (e->kind) {
  case RVL_INDEX: index_value(g, e, r, dst); return dst;
  case RVL_BINARY:
    if (RVL_IS_COMPARISON(e->op)) compare_value(g, e, r, dst);
    else arithmetic(g, e, r, dst);
    return dst;
  case RVL_METHOD: take_self(g, e, r, base); break;
  default:
    rvl_need(g, base + 1);
    rvl_move(g, base, r);
    g->free = base + 1;
  }
  rvl_finish_call(g, e, base, 1);
  return base;
}

/* The leftmost part, and the first node when one instruction does both. */
static u32 begin(RvlGen *g, RvlExpr *leaf, RvlExpr *e, u32 base, u32 dst,
                 bool *both) {
  *both = true;
  if (RVL_IS_NUMBER(leaf) && constant_left(g, e, leaf, dst)) return dst;
  if (upvalue_field(g, e, leaf, dst)) return dst;
  *both = false;
  if (e->kind == RVL_CALL) return rvl_next(g, leaf);
  return rvl_any(g, leaf);
}

void rvl_spine(RvlGen *g, RvlExpr *e, u32 t) {
  u32 base = g->free, bottom = g->nspine;
  RvlExpr *x = e;
  bool done;
  rvl_need(g, base + 1);
  for (; x->kind >= RVL_INDEX; x = rvl_strip(x->l)) {
    if (!rvl_grow(&g->p->mem, &g->spine, &g->cspine, g->nspine, sizeof x))
      break;
    g->spine[g->nspine++] = x;
  }
  if (!g->p->mem.nomem) {
    u32 dst = g->nspine - 1 == bottom ? t : base;
    u32 r = begin(g, x, g->spine[g->nspine - 1], base, dst, &done);
    if (done) g->nspine--;
    while (g->nspine > bottom && !g->p->failed && !g->p->mem.nomem) {
      x = g->spine[--g->nspine];
      r = step(g, x, r, base, g->nspine == bottom ? t : base);
    }
    rvl_move(g, t, r);
  }
  g->nspine = bottom;
  g->free = base;
}
