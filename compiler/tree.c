/* SPDX-License-Identifier: MIT */
/* Builders: nodes of the tree. */
#include "compiler/parse.h"

/* -- Expressions -------------------------------------------------------------- */

RvlExpr *rvl_expr(RvlParser *p, RvlKind kind, u32 line) {
  RvlExpr *e = rvl_new(&p->mem, sizeof *e);
  e->kind = (u8)kind;
  e->line = line;
  return e;
}

RvlExpr *rvl_name_expr(RvlParser *p, RvlKind kind, RvlName *n, u32 line) {
  RvlExpr *e = rvl_expr(p, kind, line);
  e->name = n;
  return e;
}

RvlExpr *rvl_number(RvlParser *p, RvValue v, u32 line) {
  RvlExpr *e = rvl_expr(p, v.t == RV_INT ? RVL_INT : RVL_FLT, line);
  e->bits = v.p;
  return e;
}

RvlExpr *rvl_pair(RvlParser *p, RvlKind kind, RvlExpr *l, RvlExpr *r,
                  u32 line) {
  RvlExpr *e = rvl_expr(p, kind, line);
  e->l = l;
  e->r = r;
  return e;
}

RvlExpr *rvl_binary(RvlParser *p, RvlOp op, RvlExpr *l, RvlExpr *r, u32 line) {
  RvlExpr *e = rvl_pair(p, RVL_BINARY, l, r, line);
  e->op = (u8)op;
  if (RVL_IS_COMPARISON(op)) e->line = p->last_line; /* as PUC has it */
  return rvl_fold(p, e);
}

RvlExpr *rvl_unary(RvlParser *p, RvlKind kind, RvlExpr *l, u32 line) {
  return rvl_fold(p, rvl_pair(p, kind, l, NULL, line));
}

RvlExpr *rvl_chain(RvlParser *p, RvlKind kind, RvlExpr *l, RvlExpr *r,
                   u32 line) {
  if (p->mem.nomem) return l;
  if (kind == RVL_CONCAT && r->kind == kind) { /* from the right */
    l->next = r->first;
    r->first = l;
    return r;
  }
  if (kind != RVL_CONCAT && l->kind == kind) { /* from the left */
    l->last = l->last->next = r;
    return l;
  }
  RvlExpr *e = rvl_expr(p, kind, line);
  e->first = l;
  e->last = l->next = r;
  return e;
}

RvlList rvl_list1(RvlExpr *e) { return (RvlList){e, e, 1}; }

RvlList rvl_append(RvlList l, RvlExpr *e) {
  l.last->next = e;
  return (RvlList){l.first, e, l.n + 1};
}

RvlExpr *rvl_strip(RvlExpr *e) {
  while (e->kind == RVL_PAREN) e = e->l;
  return e;
}

bool rvl_is_const(const RvlExpr *e) { return e->kind <= RVL_STR; }

RvlField *rvl_field(RvlParser *p, RvlExpr *key, RvlExpr *value, u32 line) {
  RvlField *f = rvl_new(&p->mem, sizeof *f);
  f->key = key;
  f->value = value;
  f->line = line;
  return f;
}

/* -- Statements ------------------------------------------------------------------- */

RvlStat *rvl_stat(RvlParser *p, RvlStatKind kind, u32 line) {
  RvlStat *s = rvl_new(&p->mem, sizeof *s);
  s->kind = (u8)kind;
  s->line = line;
  return s;
}

/* A statement behind labels: these are not at the end of their block. */
static void end_labels(RvlParser *p, const RvlStat *s) {
  RvlScope *scope = p->fs->scope;
  if (p->mem.nomem || s->kind == RVL_S_LABEL) return;
  for (RvlLabel *l = scope->tail; l; l = l->tail) l->after = s->line;
  scope->tail = NULL;
}

void rvl_add_stat(RvlParser *p, RvlBlock *b, RvlStat *s) {
  end_labels(p, s);
  p->noncall = NULL;
  if (b->last) b->last->next = s;
  else b->first = s;
  b->last = s;
}

RvlStat *rvl_call_stat(RvlParser *p, RvlExpr *e, u32 line) {
  if (e->kind != RVL_CALL && e->kind != RVL_METHOD && e->kind != RVL_INTRIN)
    rvl_error_token(p, "syntax error");
  RvlStat *s = rvl_stat(p, RVL_S_CALL, line);
  s->exprs = rvl_list1(e);
  return s;
}

void rvl_check_target(RvlParser *p, RvlExpr *e) {
  RvlName *fixed = NULL;
  switch (e->kind) {
  case RVL_LOCAL:
    if (e->var->attr != RVL_PLAIN) fixed = e->var->name;
    break;
  case RVL_UPVAL:
    if (e->op != RVL_PLAIN) fixed = e->name;
    break;
  case RVL_GLOBAL:
  case RVL_INDEX: break;
  default:
    if (p->constant) fixed = p->constant;
    else rvl_error_token(p, "syntax error");
  }
  if (fixed)
    rvl_error_plain(p, "attempt to assign to const variable '%s'", fixed->p);
}

RvlStat *rvl_assign(RvlParser *p, RvlList targets, RvlList exprs, u32 line) {
  RvlStat *s = rvl_stat(p, RVL_S_ASSIGN, line);
  s->end_line = line;
  s->targets = targets;
  s->exprs = exprs;
  return s;
}

/* Does the last variable stand for a constant? Then it needs no register. */
static void fold_last(RvlVar *vars, RvlList *exprs) {
  RvlVar *v = vars;
  RvlExpr *before = NULL;
  u32 n = 1;
  for (; v->next; v = v->next) n++;
  if (v->attr != RVL_CONST || exprs->n != n) return;
  RvlExpr *e = rvl_strip(exprs->last);
  if (!rvl_is_const(e)) return;
  v->value = e;
  for (RvlExpr *x = exprs->first; x != exprs->last; x = x->next) before = x;
  if (before) before->next = NULL;
  else exprs->first = NULL;
  exprs->last = before;
  exprs->n--;
}

RvlStat *rvl_local(RvlParser *p, RvlVar *vars, RvlList exprs, u32 line) {
  RvlStat *s = rvl_stat(p, RVL_S_LOCAL, line);
  if (p->mem.nomem) return s;
  p->fs->closing = 0;
  fold_last(vars, &exprs);
  rvl_declare(p, vars);
  s->vars = vars;
  s->exprs = exprs;
  s->end_line = p->last_line;
  return s;
}

RvlAttr rvl_attr(RvlParser *p, RvlName *n) {
  if (n == p->n_const) return RVL_CONST;
  if (n == p->n_close) return RVL_CLOSE;
  rvl_error_plain(p, "unknown attribute '%s'", n->p);
  return RVL_PLAIN;
}
