/* SPDX-License-Identifier: MIT */
/* Statements. */
#include "compiler/gen.h"

/* -- Variables and blocks ------------------------------------------------------ */

static void add_local(RvlGen *g, RvlName *name, u32 reg, bool cell) {
  if (!rvl_grow(&g->p->mem, &g->locals, &g->clocals, g->nlocals,
                sizeof *g->locals))
    return;
  u32 text = g->p->o->strip ? 0 : rvl_image_str(g->p, name);
  g->locals[g->nlocals++] = (RvLocal){.name = text,
                                      .from = g->ncode,
                                      .reg = (u8)reg,
                                      .is_cell = cell};
}

/* What labels behind it take for the state in its scope. */
static void enter_scope(RvlGen *g, RvlVar *v) {
  v->cells = (u8)g->cells;
  v->marks = (u8)g->marks;
  g->vars = v;
}

void rvl_activate(RvlGen *g, RvlVar *v, u32 from) {
  v->reg = (u8)from;
  if (v->captured) {
    rvl_abc(g, RV_OP_NEWCELL, g->cells, from, 0);
    v->reg = (u8)g->cells;
    if (++g->cells > g->maxcells) g->maxcells = g->cells;
  }
  v->local = g->nlocals;
  add_local(g, v->name, v->reg, v->captured);
}

/* State at the beginning of a block. */
typedef struct Before {
  RvlVar *vars;
  u32 free, marks;
} Before;

static Before before(const RvlGen *g) {
  return (Before){g->vars, g->free, g->marks};
}

/* Closes the marks above n for a jump; the state stays. */
static void close_marks(RvlGen *g, u32 n) {
  if (g->marks > n) rvl_abc(g, RV_OP_CLOSE, n, g->marks, 0);
}

/* Variables out of scope; their marks must be closed already. */
static void leave(RvlGen *g, Before b) {
  for (RvlVar *v = g->vars; v != b.vars && !g->p->mem.nomem; v = v->outer)
    if (!v->value) g->locals[v->local].to = g->ncode;
  g->vars = b.vars;
  g->free = b.free;
  g->marks = b.marks;
}

static void leave_block(RvlGen *g, Before b) {
  if (!g->ended) close_marks(g, b.marks);
  leave(g, b);
}

static void place(RvlGen *g, RvlLabel *l) {
  RvlTarget t = {l->chain};
  rvl_bind(g, &t);
  if (l->back) l->pc = rvl_back_target(g);
  l->placed = true;
}

static void statement(RvlGen *g, RvlStat *s);

/* Statements; labels at the end wait until the variables are gone. */
static RvlStat *statements(RvlGen *g, RvlBlock b) {
  RvlStat *s = b.first;
  for (; s && !g->p->failed && !g->p->mem.nomem; s = s->next) {
    if (s->kind == RVL_S_LABEL && s->label->last) break;
    statement(g, s);
  }
  return s;
}

static void place_rest(RvlGen *g, RvlStat *s) {
  for (; s && s->kind == RVL_S_LABEL; s = s->next) place(g, s->label);
}

/* Jumps to a label at the end leave the marks that the block found. */
static void note_marks(const RvlGen *g, RvlBlock b) {
  for (RvlStat *s = b.first; s; s = s->next)
    if (s->kind == RVL_S_LABEL && s->label->last) s->label->marks = g->marks;
}

void rvl_body(RvlGen *g, RvlBlock b, u32 end) {
  note_marks(g, b);
  RvlStat *rest = statements(g, b);
  g->line = end;
  bool closes = !g->ended && g->marks;
  if (closes) rvl_abc(g, RV_OP_RETC, g->free, 0, 0);
  leave(g, (Before){0});
  place_rest(g, rest);
  if (!g->ended || g->ncode == 0) rvl_abc(g, RV_OP_RET0, 0, 0, 0);
}

void rvl_block(RvlGen *g, RvlBlock b) {
  Before at = before(g);
  note_marks(g, b);
  RvlStat *rest = statements(g, b);
  leave_block(g, at);
  place_rest(g, rest);
}

/* -- Declarations ------------------------------------------------------------------- */

static void open_mark(RvlGen *g, u32 reg) {
  rvl_abc(g, RV_OP_TBC, reg, 0, 0);
  if (++g->marks > RV_MAX_REGS)
    rvl_error(g->p, g->line, NULL, 0, "too many variables to be closed");
}

/* A variable gets its value from register `from`, the lowest one free; when it
   is captured the register is free again. Its mark is opened if all values of
   the statement are there. */
static void declare(RvlGen *g, const RvlStat *s, RvlVar *v, u32 from,
                    bool all) {
  if (v->attr == RVL_CLOSE && all) {
    g->line = s->end_line;
    open_mark(g, from);
  }
  rvl_activate(g, v, from);
  if (v->captured) g->free = from;
  enter_scope(g, v);
}

/* Opens the mark of a variable behind which other values were computed. */
static void open_late(RvlGen *g, const RvlStat *s, RvlVar *v) {
  u32 reg = v->reg;
  if (v->captured) {
    reg = g->free;
    rvl_need(g, reg + 1);
    rvl_abc(g, RV_OP_GETCELL, reg, v->reg, 0);
  }
  g->line = s->end_line;
  open_mark(g, reg);
  for (; v; v = v->next) v->marks = (u8)g->marks;
}

/* Variables whose values come one by one: all but the last expressions. */
static RvlVar *declare_singly(RvlGen *g, const RvlStat *s, RvlExpr **e,
                              RvlVar **late) {
  RvlVar *v = s->vars;
  while (v && *e && ((*e)->next || !v->next || !RVL_IS_MULTI(*e))) {
    if (v->value) {
      enter_scope(g, v);
    } else {
      u32 r = rvl_next(g, *e);
      *e = (*e)->next;
      if (v->attr == RVL_CLOSE && *e) *late = v;
      declare(g, s, v, r, !*e);
    }
    v = v->next;
  }
  return v;
}

/* The rest: of one call or `...`, or nil. */
static void declare_rest(RvlGen *g, RvlStat *s, RvlVar *vars, RvlExpr *e) {
  u32 n = 0, to = g->free, from = to;
  for (RvlVar *v = vars; v; v = v->next) n++;
  if (e) rvl_multi(g, e, n);
  for (RvlVar *v = vars; v; v = v->next) {
    if (e) {
      g->free = from + n; /* those that are not yet theirs stay defined */
      rvl_move(g, to, from++);
      n--;
    } else {
      rvl_load_nil(g, to, 1);
      rvl_take(g, 1);
    }
    declare(g, s, v, to, true);
    to += !v->captured;
  }
  g->free = to;
}

/* No expression sees the variables, so each may come into scope at once. */
static void local(RvlGen *g, RvlStat *s) {
  RvlExpr *e = s->exprs.first;
  RvlVar *late = NULL, *v = declare_singly(g, s, &e, &late);
  if (v) {
    if (v->value) enter_scope(g, v);
    else declare_rest(g, s, v, e);
  } else {
    u32 base = g->free;
    for (; e; e = e->next) {
      rvl_any(g, e);
      g->free = base;
    }
  }
  if (late) open_late(g, s, late);
}

static void local_function(RvlGen *g, RvlStat *s) {
  RvlVar *v = s->vars;
  u32 r = g->free;
  if (!v->captured) {
    rvl_next(g, s->exprs.first);
    rvl_activate(g, v, r);
  } else {
    rvl_load_nil(g, r, 1);
    rvl_activate(g, v, r);
    rvl_to(g, s->exprs.first, r);
    rvl_abc(g, RV_OP_SETCELL, v->reg, r, 0);
  }
  enter_scope(g, v);
}

/* -- Assignments ---------------------------------------------------------------------- */

/* A target whose parts have been computed. */
typedef struct Place {
  RvlExpr *e;
  u32 obj, key;
  bool field; /* of an upvalue, which is read when the field is stored;
                 a global is one of _ENV */
} Place;

static void store(RvlGen *g, const Place *p, u32 from) {
  RvlExpr *e = p->e;
  switch (e->kind) {
  case RVL_LOCAL:
    if (e->var->captured) rvl_abc(g, RV_OP_SETCELL, e->var->reg, from, 0);
    else rvl_move(g, e->var->reg, from);
    break;
  case RVL_UPVAL: rvl_abc(g, RV_OP_SETUP, e->n, from, 0); break;
  case RVL_GLOBAL:
    if (p->field)
      rvl_cached(g, RV_OP_SETUPF, RV_OP_SETUPFX, e->n, from, e->name);
    else rvl_cached(g, RV_OP_SETFIELD, RV_OP_SETFIELDX, p->obj, from, e->name);
    break;
  default: {
    RvlExpr *l = rvl_strip(e->l), *key = rvl_strip(e->r);
    if (p->field)
      rvl_cached(g, RV_OP_SETUPF, RV_OP_SETUPFX, l->n, from, key->name);
    else rvl_set_index(g, p->obj, key, p->key, from);
  }
  }
}

/* Does the statement assign to this upvalue? */
static bool assigns_upvalue(const RvlStat *s, u32 n) {
  for (const RvlExpr *e = s->targets.first; e; e = e->next)
    if (e->kind == RVL_UPVAL && e->n == n) return true;
  return false;
}

static Place prepare(RvlGen *g, const RvlStat *s, RvlExpr *e) {
  Place p = {.e = e};
  if (e->kind == RVL_GLOBAL) {
    p.field = !assigns_upvalue(s, e->n);
    if (p.field) return p;
    p.obj = g->free;
    rvl_need(g, p.obj + 1);
    rvl_abc(g, RV_OP_GETUP, p.obj, e->n, 0);
    rvl_take(g, 1);
  }
  if (e->kind != RVL_INDEX) return p;
  RvlExpr *l = rvl_strip(e->l), *key = rvl_strip(e->r);
  p.field =
      l->kind == RVL_UPVAL && key->kind == RVL_STR && !assigns_upvalue(s, l->n);
  if (p.field) return p;
  p.obj = rvl_any(g, l);
  if (!rvl_key_in_word(key)) p.key = rvl_any(g, key);
  return p;
}

static void assign_one(RvlGen *g, RvlStat *s) {
  RvlExpr *e = s->targets.first, *v = s->exprs.first;
  if (e->kind == RVL_LOCAL && !e->var->captured && s->exprs.n == 1) {
    rvl_to(g, v, e->var->reg);
    return;
  }
  Place p = prepare(g, s, e);
  u32 r = g->free;
  if (s->exprs.n == 1) r = rvl_any(g, v);
  else rvl_adjust(g, s->exprs, 1);
  g->line = s->end_line;
  store(g, &p, r);
}

/* Is the local in this register assigned to by the statement? */
static bool assigned(const RvlStat *s, u32 reg) {
  for (const RvlExpr *e = s->targets.first; e; e = e->next)
    if (e->kind == RVL_LOCAL && !e->var->captured && e->var->reg == reg)
      return true;
  return false;
}

/* A part in a variable's register that changes under way moves to its own. */
static u32 keep(RvlGen *g, const RvlStat *s, u32 reg, u32 base) {
  if (reg >= base || !assigned(s, reg)) return reg;
  u32 t = g->free;
  rvl_need(g, t + 1);
  rvl_move(g, t, reg);
  return rvl_take(g, 1);
}

static void assign_many(RvlGen *g, RvlStat *s) {
  Place places[RVL_MAX_LEVELS + 1];
  u32 n = 0, base = g->free;
  for (RvlExpr *e = s->targets.first; e; e = e->next) {
    Place *p = &places[n++];
    *p = prepare(g, s, e);
    if (e->kind != RVL_INDEX) continue;
    p->obj = keep(g, s, p->obj, base);
    p->key = keep(g, s, p->key, base);
  }
  u32 from = g->free;
  rvl_adjust(g, s->exprs, n);
  g->line = s->end_line;
  while (n > 0) {
    n--;
    store(g, &places[n], from + n);
  }
}

static void assign(RvlGen *g, RvlStat *s) {
  u32 base = g->free;
  if (s->targets.n == 1) assign_one(g, s);
  else assign_many(g, s);
  g->free = base;
}

/* -- Conditions ---------------------------------------------------------------------------- */

/* `if c then break end`: one jump. */
static bool breaks_only(const RvlGen *g, const RvlStat *s) {
  const RvlStat *b = s->block.first;
  return b && !b->next && b->kind == RVL_S_BREAK && g->loop &&
         g->marks == g->loop->marks;
}

static void if_statement(RvlGen *g, RvlStat *s) {
  RvlTarget end = {0};
  for (; s && !g->p->failed; s = s->other) {
    RvlTarget next = {0};
    if (s->exprs.first && breaks_only(g, s)) {
      rvl_jump_if(g, s->exprs.first, true, &g->loop->exit);
      continue;
    }
    if (s->exprs.first) rvl_jump_if(g, s->exprs.first, false, &next);
    rvl_block(g, s->block);
    if (s->other && !g->ended) rvl_jmp(g, &end);
    rvl_bind(g, &next);
  }
  rvl_bind(g, &end);
}

/* -- Loops ------------------------------------------------------------------------------------ */

static RvlLoop enter_loop(RvlGen *g) {
  return (RvlLoop){.outer = g->loop, .marks = g->marks};
}

static void while_loop(RvlGen *g, RvlStat *s) {
  RvlLoop loop = enter_loop(g);
  u32 top = rvl_back_target(g);
  rvl_jump_if(g, s->exprs.first, false, &loop.exit);
  g->loop = &loop;
  rvl_block(g, s->block);
  g->loop = loop.outer;
  g->line = s->end_line;
  rvl_loop(g, top);
  rvl_bind(g, &loop.exit);
}

static void repeat_loop(RvlGen *g, RvlStat *s) {
  RvlLoop loop = enter_loop(g);
  u32 top = rvl_back_target(g);
  Before at = before(g);
  g->loop = &loop;
  statements(g, s->block);
  if (g->marks > at.marks) {
    RvlTarget out = {0};
    rvl_jump_if(g, s->exprs.first, true, &out);
    close_marks(g, at.marks);
    rvl_loop(g, top);
    rvl_bind(g, &out);
    close_marks(g, at.marks);
  } else {
    rvl_jump_if(g, s->exprs.first, true, &loop.exit);
    rvl_loop(g, top);
  }
  g->loop = loop.outer;
  leave(g, at);
  rvl_bind(g, &loop.exit);
}

/* Slots of a loop that debuggers see. */
static void hidden(RvlGen *g, u32 base, u32 n) {
  RvlName *name = rvl_name(&*g->p, "(for state)", 11);
  for (u32 i = 0; name && i < n; i++) add_local(g, name, base + i, false);
}

static void end_hidden(RvlGen *g, u32 first, u32 n) {
  for (u32 i = 0; i < n && !g->p->mem.nomem; i++)
    g->locals[first + i].to = g->ncode;
}

static void body(RvlGen *g, RvlBlock b, RvlLoop *loop) {
  g->loop = loop;
  rvl_block(g, b);
  g->loop = loop->outer;
}

static void numeric_for(RvlGen *g, RvlStat *s) {
  Before at = before(g);
  u32 base = g->free, hid;
  for (RvlExpr *e = s->exprs.first; e; e = e->next) rvl_next(g, e);
  if (s->exprs.n == 2) {
    rvl_need(g, g->free + 1);
    rvl_load_number(g, RV_INT, 1, g->free);
    rvl_take(g, 1);
  }
  g->line = s->end_line;
  RvlLoop loop = enter_loop(g);
  rvl_need(g, base + 4);
  rvl_jump_word(g, RV_OP_FORPREP | base << 8, &loop.exit);
  hid = g->nlocals;
  hidden(g, base, 3);
  rvl_take(g, 1);
  u32 top = rvl_back_target(g);
  Before inside = before(g);
  rvl_activate(g, s->vars, base + 3);
  enter_scope(g, s->vars);
  body(g, s->block, &loop);
  leave(g, inside);
  end_hidden(g, hid, 3);
  g->line = s->line;
  rvl_abc(g, RV_OP_FORLOOP, base, 0, 0);
  rvl_back_word(g, top);
  leave(g, at);
  rvl_bind(g, &loop.exit);
}

/* Can the fourth value be anything but nil? */
static bool may_close(const RvlStat *s) {
  return s->exprs.n >= 4 || RVL_IS_MULTI(s->exprs.last);
}

static void generic_for(RvlGen *g, RvlStat *s) {
  Before at = before(g);
  RvlTarget next = {0};
  u32 base = g->free, n = 0, hid;
  rvl_adjust(g, s->exprs, 4);
  g->line = s->line;
  hid = g->nlocals;
  hidden(g, base, 4);
  if (may_close(s)) open_mark(g, base + 3);
  RvlLoop loop = enter_loop(g);
  rvl_need(g, base + 7);
  rvl_jump_word(g, RV_OP_GFORPREP | base << 8, &next);
  for (RvlVar *v = s->vars; v; v = v->next) n++;
  Before inside = before(g);
  rvl_take(g, n);
  u32 top = rvl_back_target(g), r = base + 4;
  for (RvlVar *v = s->vars; v; v = v->next) {
    rvl_activate(g, v, r++);
    enter_scope(g, v);
  }
  body(g, s->block, &loop);
  leave(g, inside);
  end_hidden(g, hid, 4);
  rvl_bind(g, &next);
  g->line = s->line;
  rvl_abc(g, RV_OP_GFORCALL, base, n, 0);
  rvl_abc(g, RV_OP_GFORLOOP, base, 0, 0);
  rvl_back_word(g, top);
  rvl_bind(g, &loop.exit);
  close_marks(g, at.marks);
  leave(g, at);
}

/* -- Jumps and returns -------------------------------------------------------------------- */

static void break_loop(RvlGen *g) {
  close_marks(g, g->loop->marks);
  rvl_jmp(g, &g->loop->exit);
}

static void go_to(RvlGen *g, RvlLabel *l) {
  close_marks(g, l->last ? l->marks : l->scope ? l->scope->marks : 0);
  if (l->placed) {
    rvl_loop(g, l->pc);
  } else {
    RvlTarget t = {l->chain};
    rvl_jmp(g, &t);
    l->chain = t.chain;
  }
}

static void return_open(RvlGen *g, u32 base) {
  if (g->marks) rvl_abc(g, RV_OP_RETC, base, RVL_OPEN, 0);
  else rvl_abc(g, RV_OP_RETM, base, 0, 0);
}

static void return_values(RvlGen *g, RvlStat *s) {
  RvlExpr *e = s->exprs.first;
  u32 base = g->free, n = s->exprs.n;
  bool call = n == 1 && (e->kind == RVL_CALL || e->kind == RVL_METHOD);
  if (call && g->marks == 0) {
    rvl_tail_call(g, e);
  } else if (n == 1 && !RVL_IS_MULTI(e) && g->marks == 0) {
    u32 r = rvl_any(g, e);
    g->line = s->line;
    rvl_abc(g, RV_OP_RET1, r, 0, 0);
  } else if (rvl_push_list(g, e, true)) {
    return_open(g, base);
  } else {
    g->line = s->line;
    if (g->marks) rvl_abc(g, RV_OP_RETC, base, n, 0);
    else if (n) rvl_abc(g, RV_OP_RET, base, n, 0);
    else rvl_abc(g, RV_OP_RET0, 0, 0, 0);
  }
  g->free = base;
}

static void call_statement(RvlGen *g, RvlStat *s) {
  u32 base = g->free;
  RvlExpr *e = s->exprs.first;
  if (e->kind == RVL_INTRIN) rvl_intrinsic(g, e, 0);
  else rvl_call(g, e, 0);
  g->free = base;
}

static void statement(RvlGen *g, RvlStat *s) {
  g->line = s->line;
  switch ((RvlStatKind)s->kind) {
  case RVL_S_LOCAL: local(g, s); break;
  case RVL_S_LOCALFUNC: local_function(g, s); break;
  case RVL_S_ASSIGN: assign(g, s); break;
  case RVL_S_CALL: call_statement(g, s); break;
  case RVL_S_DO: rvl_block(g, s->block); break;
  case RVL_S_WHILE: while_loop(g, s); break;
  case RVL_S_REPEAT: repeat_loop(g, s); break;
  case RVL_S_IF: if_statement(g, s); break;
  case RVL_S_FORNUM: numeric_for(g, s); break;
  case RVL_S_FORIN: generic_for(g, s); break;
  case RVL_S_RETURN: return_values(g, s); break;
  case RVL_S_BREAK: break_loop(g); break;
  case RVL_S_GOTO: go_to(g, s->label); break;
  case RVL_S_LABEL: place(g, s->label); break;
  }
}
