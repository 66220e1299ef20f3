/* SPDX-License-Identifier: MIT */
/* Expressions that are no chains: values into registers. */
#include "compiler/gen.h"

/* Elements of a constructor that wait in registers for one setlist. */
#define BATCH 50u

void rvl_move(RvlGen *g, u32 t, u32 from) {
  if (t != from) rvl_abc(g, RV_OP_MOVE, t, from, 0);
}

void rvl_load_nil(RvlGen *g, u32 at, u32 n) {
  rvl_need(g, at + n);
  if (n) rvl_abc(g, RV_OP_LOADNIL, at, n, 0);
}

static void load_k(RvlGen *g, u32 t, u32 k) {
  if (k <= 0xffff) {
    rvl_ad(g, RV_OP_LOADK, t, k);
    return;
  }
  rvl_abc(g, RV_OP_LOADKX, t, 0, 0);
  rvl_extra(g, k);
}

void rvl_load_number(RvlGen *g, u8 tag, u64 v, u32 t) {
  i64 i = (i64)v;
  double d = rv_u2d(v);
  if (tag == RV_INT && i >= INT16_MIN && i <= INT16_MAX) {
    rvl_ad(g, RV_OP_LOADI, t, (u32)i);
  } else if (tag == RV_FLT && d >= INT16_MIN && d <= INT16_MAX &&
             rv_d2u((double)(i16)d) == v) {
    rvl_ad(g, RV_OP_LOADF, t, (u32)(i16)d);
  } else {
    load_k(g, t, rvl_k_num(g, tag, v));
  }
}

/* Operand registers in `free` and above go again. */
static void unary(RvlGen *g, u8 op, RvlExpr *e, u32 t) {
  u32 base = g->free, r = rvl_any(g, e->l);
  g->line = e->line;
  rvl_abc(g, op, t, r, 0);
  g->free = base;
}

static void concat(RvlGen *g, RvlExpr *e, u32 t) {
  u32 base = g->free, n = 0;
  for (RvlExpr *x = e->first; x; x = x->next, n++) rvl_next(g, x);
  g->line = e->line;
  rvl_abc(g, RV_OP_CONCAT, t, base, n);
  g->free = base;
}

static void closure(RvlGen *g, RvlExpr *e, u32 t) {
  RvlChild *c = &g->fs->children[e->func];
  for (u32 i = 0; i < c->nup; i++)
    if (c->up[i].var) c->captures[i].index = c->up[i].var->reg;
  g->line = e->line;
  rvl_ad(g, RV_OP_CLOSURE, t, e->func);
}

static void local(RvlGen *g, RvlExpr *e, u32 t) {
  RvlVar *v = e->var;
  if (v->captured) rvl_abc(g, RV_OP_GETCELL, t, v->reg, 0);
  else rvl_move(g, t, v->reg);
}

/* One value of an expression with any number of them, which arrive at `free`. */
static void first_value(RvlGen *g, RvlExpr *e, u32 t) {
  u32 base = g->free;
  rvl_multi(g, e, 1);
  rvl_move(g, t, base);
}

void rvl_to(RvlGen *g, RvlExpr *e, u32 t) {
  e = rvl_strip(e);
  rvl_need(g, t + 1);
  if (e->kind < RVL_INDEX) g->line = e->line;
  switch ((RvlKind)e->kind) {
  case RVL_NIL: rvl_load_nil(g, t, 1); break;
  case RVL_FALSE: rvl_abc(g, RV_OP_LOADFALSE, t, 0, 0); break;
  case RVL_TRUE: rvl_abc(g, RV_OP_LOADTRUE, t, 0, 0); break;
  case RVL_INT: rvl_load_number(g, RV_INT, e->bits, t); break;
  case RVL_FLT: rvl_load_number(g, RV_FLT, e->bits, t); break;
  case RVL_STR: load_k(g, t, rvl_k_str(g, e->name)); break;
  case RVL_VARARG: first_value(g, e, t); break;
  case RVL_LOCAL: local(g, e, t); break;
  case RVL_UPVAL: rvl_abc(g, RV_OP_GETUP, t, e->n, 0); break;
  case RVL_GLOBAL:
    rvl_cached(g, RV_OP_GETUPF, RV_OP_GETUPFX, t, e->n, e->name);
    break;
  case RVL_FUNC: closure(g, e, t); break;
  case RVL_TABLE: rvl_table(g, e, t); break;
  case RVL_NOT: unary(g, RV_OP_NOT, e, t); break;
  case RVL_NEG: unary(g, RV_OP_NEG, e, t); break;
  case RVL_BNOT: unary(g, RV_OP_BNOT, e, t); break;
  case RVL_LEN: unary(g, RV_OP_LEN, e, t); break;
  case RVL_AND:
  case RVL_OR: rvl_logic(g, e, t); break;
  case RVL_CONCAT: concat(g, e, t); break;
  case RVL_IMPORT: rvl_import(g, e->name, t); break;
  case RVL_INTRIN: rvl_intrinsic_to(g, e, t); break;
  case RVL_PAREN: break;
  case RVL_INDEX:
  case RVL_CALL:
  case RVL_METHOD:
  case RVL_BINARY: rvl_spine(g, e, t); break;
  }
}

u32 rvl_next(RvlGen *g, RvlExpr *e) {
  u32 t = g->free;
  rvl_to(g, e, t);
  return rvl_take(g, 1);
}

u32 rvl_any(RvlGen *g, RvlExpr *e) {
  e = rvl_strip(e);
  if (e->kind == RVL_LOCAL && !e->var->captured) return e->var->reg;
  return rvl_next(g, e);
}

/* -- Constructors ------------------------------------------------------------------ */

static u32 hint(u32 n) { return n < 255 ? n : 255; }

static void new_table(RvlGen *g, RvlExpr *e, u32 t) {
  u32 elements = 0, fields = 0;
  for (RvlField *f = e->fields; f; f = f->next) {
    if (f->key) fields++;
    else elements++;
  }
  g->line = e->line;
  rvl_abc(g, RV_OP_NEWTABLE, t, hint(elements), hint(fields));
  rvl_extra(g, rvl_cache(g, NULL));
}

void rvl_set_index(RvlGen *g, u32 obj, RvlExpr *key, u32 kreg, u32 from) {
  if (key->kind == RVL_STR)
    rvl_cached(g, RV_OP_SETFIELD, RV_OP_SETFIELDX, obj, from, key->name);
  else if (key->kind == RVL_INT && key->bits <= 255)
    rvl_abc(g, RV_OP_SETI, obj, (u32)key->bits, from);
  else rvl_abc(g, RV_OP_SETIDX, obj, kreg, from);
}

static void keyed_field(RvlGen *g, RvlField *f, u32 table) {
  u32 base = g->free, kreg = 0;
  RvlExpr *key = rvl_strip(f->key);
  if (!rvl_key_in_word(key)) kreg = rvl_any(g, key);
  u32 v = rvl_any(g, f->value);
  g->line = f->line;
  rvl_set_index(g, table, key, kreg, v);
  g->free = base;
}

static void flush(RvlGen *g, u32 table, u32 *pending, u32 *done) {
  if (*pending == 0) return;
  rvl_abc(g, RV_OP_SETLIST, table, *pending, 0);
  rvl_extra(g, *done);
  *done += *pending;
  *pending = 0;
  g->free = table + 1;
}

void rvl_table(RvlGen *g, RvlExpr *e, u32 t) {
  u32 base = g->free, pending = 0, done = 0;
  if (!e->fields) {
    new_table(g, e, t);
    return;
  }
  new_table(g, e, base);
  rvl_take(g, 1);
  for (RvlField *f = e->fields; f; f = f->next) {
    if (f->key) {
      keyed_field(g, f, base);
    } else if (!f->next && RVL_IS_MULTI(f->value)) {
      rvl_multi(g, f->value, RVL_OPEN);
      rvl_abc(g, RV_OP_SETLISTM, base, 0, 0);
      rvl_extra(g, done);
      pending = 0;
    } else {
      rvl_next(g, f->value);
      if (++pending == BATCH) flush(g, base, &pending, &done);
    }
  }
  flush(g, base, &pending, &done);
  g->free = base;
  rvl_move(g, t, base);
}
