/* SPDX-License-Identifier: MIT */
/* Conditions: jumps by truth, comparisons, `and` and `or` as values. */
#include "compiler/gen.h"

/* -- Comparisons -------------------------------------------------------------- */

/* Jumps when it holds, and when not; with registers, with a 16-bit integer on
   the right. */
static const u8 jump_rr[][2] = {[RVL_LT] = {RV_OP_JNLT, RV_OP_JLT},
                                [RVL_LE] = {RV_OP_JNLE, RV_OP_JLE},
                                [RVL_GT] = {RV_OP_JNLT, RV_OP_JLT},
                                [RVL_GE] = {RV_OP_JNLE, RV_OP_JLE}};
static const u8 jump_ri[][2] = {[RVL_LT] = {RV_OP_JNLTI, RV_OP_JLTI},
                                [RVL_LE] = {RV_OP_JNLEI, RV_OP_JLEI},
                                [RVL_GT] = {RV_OP_JNGTI, RV_OP_JGTI},
                                [RVL_GE] = {RV_OP_JNGEI, RV_OP_JGEI}};
static const u8 mirrored[] = {
    [RVL_LT] = RVL_GT, [RVL_LE] = RVL_GE, [RVL_GT] = RVL_LT, [RVL_GE] = RVL_LE};

static bool imm16(const RvlExpr *e) {
  return e->kind == RVL_INT && (i64)e->bits >= INT16_MIN &&
         (i64)e->bits <= INT16_MAX;
}

static u32 ad(u8 op, u32 a, u32 d) {
  return (u32)op | a << 8 | (d & 0xffffu) << 16;
}

static void jump_order(RvlGen *g, RvlExpr *e, bool sense, RvlTarget *t) {
  RvlExpr *l = rvl_strip(e->l), *r = rvl_strip(e->r);
  u8 op = e->op;
  if (imm16(r) && !imm16(l)) {
    u32 a = rvl_any(g, l);
    g->line = e->line;
    rvl_jump_word(g, ad(jump_ri[op][sense], a, (u32)r->bits), t);
  } else if (imm16(l)) {
    u32 a = rvl_any(g, r);
    g->line = e->line;
    rvl_jump_word(g, ad(jump_ri[mirrored[op]][sense], a, (u32)l->bits), t);
  } else {
    u32 a = rvl_any(g, l), b = rvl_any(g, r);
    bool swap = op == RVL_GT || op == RVL_GE;
    g->line = e->line;
    rvl_jump_word(
        g, (u32)jump_rr[op][sense] | (swap ? b : a) << 8 | (swap ? a : b) << 16,
        t);
  }
}

/* Jumps when the operand equals the constant, or not. False: no such form. */
static bool jump_eq_const(RvlGen *g, RvlExpr *e, RvlExpr *x, RvlExpr *c,
                          bool equal, RvlTarget *t) {
  u32 k = 0;
  if (c->kind == RVL_NIL) {
    u32 a = rvl_any(g, x);
    g->line = e->line;
    rvl_jump_word(g, (equal ? RV_OP_JNIL : RV_OP_JNNIL) | a << 8, t);
    return true;
  }
  if (imm16(c)) {
    u32 a = rvl_any(g, x);
    g->line = e->line;
    rvl_jump_word(g, ad(equal ? RV_OP_JEQI : RV_OP_JNEI, a, (u32)c->bits), t);
    return true;
  }
  if (c->kind == RVL_STR) k = rvl_k_str(g, c->name);
  else if (RVL_IS_NUMBER(c))
    k = rvl_k_num(g, c->kind == RVL_INT ? RV_INT : RV_FLT, c->bits);
  else return false;
  if (k > 0xffff) return false;
  u32 a = rvl_any(g, x);
  g->line = e->line;
  rvl_jump_word(g, ad(equal ? RV_OP_JEQK : RV_OP_JNEK, a, k), t);
  return true;
}

static void jump_equal(RvlGen *g, RvlExpr *e, bool sense, RvlTarget *t) {
  RvlExpr *l = rvl_strip(e->l), *r = rvl_strip(e->r);
  bool equal = (e->op == RVL_EQ) == sense;
  if (jump_eq_const(g, e, l, r, equal, t)) return;
  if (rvl_is_const(l) && jump_eq_const(g, e, r, l, equal, t)) return;
  u32 a = rvl_any(g, l), b = rvl_any(g, r);
  g->line = e->line;
  rvl_jump_word(g, (equal ? RV_OP_JEQ : RV_OP_JNE) | a << 8 | b << 16, t);
}

static bool is_comparison(const RvlExpr *e) {
  return e->kind == RVL_BINARY && RVL_IS_COMPARISON(e->op);
}

/* -- Truth ------------------------------------------------------------------------ */

/* Every item must have the truth `all` for the whole to have it. */
static void jump_list(RvlGen *g, RvlExpr *e, bool sense, RvlTarget *t) {
  bool all = e->kind == RVL_AND;
  RvlTarget skip = {0};
  if (sense != all) {
    for (RvlExpr *x = e->first; x; x = x->next) rvl_jump_if(g, x, sense, t);
    return;
  }
  for (RvlExpr *x = e->first; x; x = x->next)
    if (x->next) rvl_jump_if(g, x, !sense, &skip);
    else rvl_jump_if(g, x, sense, t);
  rvl_bind(g, &skip);
}

static bool is_false(const RvlExpr *e) {
  return e->kind == RVL_NIL || e->kind == RVL_FALSE;
}

void rvl_jump_if(RvlGen *g, RvlExpr *e, bool sense, RvlTarget *t) {
  u32 base = g->free;
  for (e = rvl_strip(e); e->kind == RVL_NOT; e = rvl_strip(e->l))
    sense = !sense;
  if (rvl_is_const(e) || e->kind == RVL_FUNC) {
    if (is_false(e) != sense) rvl_jmp(g, t);
  } else if (e->kind == RVL_AND || e->kind == RVL_OR) {
    jump_list(g, e, sense, t);
  } else if (is_comparison(e)) {
    if (e->op >= RVL_EQ) jump_equal(g, e, sense, t);
    else jump_order(g, e, sense, t);
  } else {
    u32 r = rvl_any(g, e);
    rvl_jump_word(g, (sense ? RV_OP_JT : RV_OP_JF) | r << 8, t);
  }
  g->free = base;
}

/* -- Values -------------------------------------------------------------------------- */

static void value_jump(RvlGen *g, RvlExpr *e, bool sense, u32 t,
                       RvlTarget *end);

/* A truth value: t gets it and control goes to end, or it is the other one. */
static void truth_jump(RvlGen *g, RvlExpr *e, bool sense, u32 t,
                       RvlTarget *end) {
  RvlTarget skip = {0};
  rvl_jump_if(g, e, !sense, &skip);
  rvl_abc(g, sense ? RV_OP_LOADTRUE : RV_OP_LOADFALSE, t, 0, 0);
  rvl_jmp(g, end);
  rvl_bind(g, &skip);
}

static void value_jump_list(RvlGen *g, RvlExpr *e, bool sense, u32 t,
                            RvlTarget *end) {
  bool all = e->kind == RVL_AND;
  RvlTarget skip = {0};
  for (RvlExpr *x = e->first; x; x = x->next)
    if (sense != all || !x->next) value_jump(g, x, sense, t, end);
    else rvl_jump_if(g, x, !sense, &skip);
  rvl_bind(g, &skip);
}

/* When the truth of e is `sense` its value goes to t and control to end;
   otherwise control goes on. */
static void value_jump(RvlGen *g, RvlExpr *e, bool sense, u32 t,
                       RvlTarget *end) {
  u32 base = g->free;
  e = rvl_strip(e);
  if (rvl_is_const(e)) {
    if (is_false(e) == sense) return;
    rvl_to(g, e, t);
    rvl_jmp(g, end);
  } else if (e->kind == RVL_AND || e->kind == RVL_OR) {
    value_jump_list(g, e, sense, t, end);
  } else if (e->kind == RVL_NOT || is_comparison(e)) {
    truth_jump(g, e, sense, t, end);
  } else {
    u32 r = rvl_any(g, e);
    if (r == t) rvl_jump_word(g, (sense ? RV_OP_JT : RV_OP_JF) | r << 8, end);
    else
      rvl_jump_word(g, (sense ? RV_OP_JTSET : RV_OP_JFSET) | t << 8 | r << 16,
                    end);
  }
  g->free = base;
}

void rvl_logic(RvlGen *g, RvlExpr *e, u32 t) {
  RvlTarget end = {0};
  u32 base = g->free;
  bool sense = e->kind == RVL_OR;
  for (RvlExpr *x = e->first; x; x = x->next)
    if (x->next) value_jump(g, x, sense, t, &end);
    else rvl_to(g, x, t);
  if (t == base) g->free = base + 1;
  rvl_bind(g, &end);
  g->free = base;
}
