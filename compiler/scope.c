/* SPDX-License-Identifier: MIT */
/* Functions, scopes, variables, labels while the text is read.

   A name knows its innermost variable, so looking one up takes no search.
   Labels and gotos meet when a block ends: by then it is known which labels
   stand at its end and count as outside its variables. */
#include <string.h>

#include "compiler/gen.h"
#include "vm/num.h"

/* -- Variables ---------------------------------------------------------------- */

static void too_many(RvlParser *p, const RvlFs *fs, const char *what, u32 n) {
  char msg[100];
  if (fs->outer)
    rv_num_fmt(msg, sizeof msg,
               "too many %s (limit is %u) in function at line %u", what, n,
               fs->first_line);
  else
    rv_num_fmt(msg, sizeof msg, "too many %s (limit is %u) in main function",
               what, n);
  rvl_error_token(p, msg);
}

void rvl_check_vars(RvlParser *p, u32 n) {
  RvlFs *fs = p->fs;
  if (!p->mem.nomem &&
      (fs->vars ? fs->vars->index : 0) + fs->hidden + fs->pending + n >
          RVL_MAX_VARS)
    too_many(p, fs, "local variables", RVL_MAX_VARS);
}

RvlVar *rvl_var(RvlParser *p, RvlName *name, RvlAttr attr) {
  RvlVar *v = rvl_new(&p->mem, sizeof *v);
  v->name = name;
  v->attr = (u8)attr;
  rvl_check_vars(p, 1);
  if (!p->mem.nomem) p->fs->pending++;
  return v;
}

static void declare(RvlParser *p, RvlVar *v) {
  RvlFs *fs = p->fs;
  v->fs = fs;
  v->outer = fs->vars;
  v->index = fs->vars ? fs->vars->index + 1 : 1;
  v->shadowed = v->name->bound;
  v->name->bound = v;
  fs->vars = v;
}

void rvl_declare(RvlParser *p, RvlVar *vars) {
  if (p->mem.nomem) return;
  for (RvlVar *v = vars; v; v = v->next) declare(p, v);
  p->fs->pending = 0;
}

void rvl_params(RvlParser *p, RvlVar *vars) {
  if (p->mem.nomem) return;
  if (p->fs->params) p->fs->params->next = vars; /* self */
  else p->fs->params = vars;
  for (RvlVar *v = vars; v; v = v->next) p->fs->nparams++;
  rvl_declare(p, vars);
}

/* Variables down to `to` go out of scope. */
static void forget(RvlFs *fs, const RvlVar *to) {
  for (RvlVar *v = fs->vars; v != to; v = v->outer)
    v->name->bound = v->shadowed;
  fs->vars = (RvlVar *)to;
}

/* -- Upvalues -------------------------------------------------------------------- */

static u32 add_upval(RvlParser *p, RvlFs *fs, RvlUpval u) {
  if (fs->nup >= RVL_MAX_UPVALS) {
    too_many(p, fs, "upvalues", RVL_MAX_UPVALS);
    return 0;
  }
  if (!rvl_grow(&p->mem, &fs->up, &fs->cup, fs->nup, sizeof u)) return 0;
  fs->up[fs->nup] = u;
  return fs->nup++;
}

/* The upvalue of fs that stands for variable v of a function around. */
static u32 upval_of(RvlParser *p, RvlFs *fs, RvlVar *v) {
  bool direct = v->fs == fs->outer;
  u32 index = direct ? 0 : upval_of(p, fs->outer, v);
  for (u32 i = 0; i < fs->nup; i++) {
    const RvlUpval *u = &fs->up[i];
    if (direct
            ? u->var == v
            : !u->var && fs->outer && u->index == index && u->name == v->name)
      return i;
  }
  v->captured = true;
  return add_upval(p, fs,
                   (RvlUpval){v->name, direct ? v : NULL, (u8)index, v->attr});
}

/* The upvalue that holds the globals. */
static u32 env_of(RvlParser *p, RvlFs *fs) {
  if (!fs->env) {
    u32 index = fs->outer ? env_of(p, fs->outer) : 0;
    fs->env = 1 + add_upval(p, fs, (RvlUpval){p->n_env, NULL, (u8)index, 0});
  }
  return fs->env - 1;
}

static RvlExpr *constant_copy(RvlParser *p, const RvlExpr *value, u32 line) {
  RvlExpr *e = rvl_expr(p, (RvlKind)value->kind, line);
  e->bits = value->bits;
  return e;
}

static RvlExpr *variable(RvlParser *p, RvlVar *v, u32 line) {
  RvlExpr *e;
  if (v->value) return constant_copy(p, v->value, line);
  if (v->fs == p->fs) {
    e = rvl_expr(p, RVL_LOCAL, line);
    e->var = v;
    return e;
  }
  u32 up = upval_of(p, p->fs, v);
  e = rvl_name_expr(p, RVL_UPVAL, v->name, line);
  e->n = (u16)up;
  e->op = v->attr;
  return e;
}

RvlExpr *rvl_resolve(RvlParser *p, RvlName *name, u32 line) {
  if (p->mem.nomem) return rvl_expr(p, RVL_NIL, line);
  p->constant = NULL;
  if (name->bound) {
    if (name->bound->value) p->constant = name;
    return variable(p, name->bound, line);
  }
  if (p->n_env->bound) {
    RvlExpr *env = variable(p, p->n_env->bound, line);
    if (env->kind != RVL_UPVAL)
      return rvl_pair(p, RVL_INDEX, env, rvl_name_expr(p, RVL_STR, name, line),
                      line);
    u16 up = env->n;
    env = rvl_name_expr(p, RVL_GLOBAL, name, line);
    env->n = up;
    return env;
  }
  u32 up = env_of(p, p->fs);
  RvlExpr *e =
      rvl_name_expr(p, name == p->n_env ? RVL_UPVAL : RVL_GLOBAL, name, line);
  e->n = (u16)up;
  return e;
}

/* -- Labels --------------------------------------------------------------------------- */

static RvlLabel *find_label(RvlLabel *l, const RvlName *name) {
  while (l && l->name != name) l = l->next;
  return l;
}

static RvlLabel *visible_label(const RvlFs *fs, const RvlName *name) {
  for (RvlScope *s = fs->scope; s; s = s->outer) {
    RvlLabel *l = find_label(s->labels, name);
    if (l) return l;
  }
  return NULL;
}

static bool in_row(const RvlLabel *tail, const RvlLabel *l) {
  while (tail && tail != l) tail = tail->tail;
  return tail != NULL;
}

RvlStat *rvl_label(RvlParser *p, RvlName *name, u32 line) {
  RvlScope *s = p->fs->scope;
  RvlLabel *l = visible_label(p->fs, name);
  RvlStat *stat = rvl_stat(p, RVL_S_LABEL, line);
  if (p->mem.nomem) return stat;
  if (l) /* PUC Lua enters labels in a row from the last one on */
    rvl_error_plain(p, "label '%s' already defined on line %u", name->p,
                    in_row(s->tail, l) ? line : l->line);
  l = rvl_new(&p->mem, sizeof *l);
  l->name = name;
  l->line = line;
  l->scope = p->fs->vars;
  l->next = s->labels;
  s->labels = l;
  l->tail = s->tail;
  s->tail = l;
  stat->label = l;
  return stat;
}

static void wait(RvlScope *s, RvlGoto *g) {
  g->next = NULL;
  *s->last = g;
  s->last = &g->next;
}

static void add_goto(RvlParser *p, RvlStat *stat, RvlName *name) {
  RvlGoto *g = rvl_new(&p->mem, sizeof *g);
  if (p->mem.nomem) return;
  *g = (RvlGoto){
      .name = name, .stat = stat, .scope = p->fs->vars, .line = stat->line};
  wait(p->fs->scope, g);
}

void rvl_goto(RvlParser *p, RvlStat *stat, RvlName *name) {
  stat->label = p->mem.nomem ? NULL : visible_label(p->fs, name);
  if (stat->label) stat->label->back = true;
  else add_goto(p, stat, name);
}

/* The loop is found again when code is made; here only that there is one. */
void rvl_break(RvlParser *p, RvlStat *stat) {
  for (RvlScope *s = p->fs->scope; s; s = s->outer)
    if (s->loop) return;
  add_goto(p, stat, NULL);
}

static u32 depth(const RvlVar *v) { return v ? v->index : 0; }

static void meet(RvlParser *p, RvlGoto *g, RvlLabel *l) {
  g->stat->label = l;
  if (depth(g->scope) >= depth(l->scope)) return;
  const RvlVar *v = l->scope;
  while (depth(v->outer) > depth(g->scope)) v = v->outer;
  rvl_error(p, l->after ? l->after : p->line, NULL, 0,
            "<goto %s> at line %u jumps into the scope of local '%s'",
            g->name->p, g->line, v->name->p);
}

static void lost(RvlParser *p, const RvlGoto *g) {
  if (g->name)
    rvl_error_plain(p, "no visible label '%s' for <goto> at line %u",
                    g->name->p, g->line);
  else rvl_error_plain(p, "break outside loop at line %u", g->line);
}

/* Gotos of the block meet its labels; the others wait in the block around. */
static void settle(RvlParser *p, RvlScope *s) {
  for (RvlGoto *g = s->first, *next; g; g = next) {
    next = g->next;
    RvlLabel *l = g->name ? find_label(s->labels, g->name) : NULL;
    if (l) {
      meet(p, g, l);
    } else if (s->outer) {
      if (depth(g->scope) > depth(s->vars)) g->scope = s->vars;
      wait(s->outer, g);
    } else {
      lost(p, g);
    }
  }
}

/* -- Blocks and functions -------------------------------------------------------------- */

void rvl_open_scope(RvlParser *p, bool loop) {
  RvlScope *s = rvl_new(&p->mem, sizeof *s);
  if (p->mem.nomem) return;
  s->outer = p->fs->scope;
  s->vars = p->fs->vars;
  s->last = &s->first;
  s->loop = loop;
  p->fs->scope = s;
}

void rvl_open_for(RvlParser *p, u32 hidden) {
  rvl_open_scope(p, true);
  if (p->mem.nomem) return;
  p->fs->scope->hidden = (u8)hidden;
  p->fs->hidden += hidden;
}

void rvl_close_scope(RvlParser *p, u32 until) {
  RvlScope *s = p->fs->scope;
  if (p->mem.nomem) return;
  p->fs->hidden -= s->hidden;
  for (RvlLabel *l = s->tail; l; l = l->tail) {
    l->after = until;
    l->last = !until;
    if (l->last) l->scope = s->vars;
  }
  settle(p, s);
  forget(p->fs, s->vars);
  p->fs->scope = s->outer;
}

bool rvl_open_func(RvlParser *p, u32 line) {
  RvlMark mark = rvl_mark(&p->mem);
  RvlFs *fs = rvl_new(&p->mem, sizeof *fs);
  if (p->mem.nomem) return false;
  fs->mark = mark;
  fs->outer = p->fs;
  fs->first_line = line;
  p->fs = fs;
  rvl_open_scope(p, false);
  return true;
}

bool rvl_open_main(RvlParser *p) {
  if (!rvl_open_func(p, 0)) return false;
  p->fs->vararg = true;
  env_of(p, p->fs);
  return !p->mem.nomem;
}

static void free_func(RvlParser *p, RvlFs *fs) {
  for (u32 i = 0; i < fs->nchildren; i++) {
    RvlChild *c = &fs->children[i];
    rvl_resize(&p->mem, c->up, c->cup * sizeof *c->up, 0);
  }
  rvl_resize(&p->mem, fs->children, fs->cchildren * sizeof *fs->children, 0);
}

/* The function around learns what its child captures. */
static u32 add_child(RvlParser *p, RvlFs *outer, RvlChild c) {
  if (!rvl_grow(&p->mem, &outer->children, &outer->cchildren, outer->nchildren,
                sizeof c)) {
    rvl_resize(&p->mem, c.up, c.cup * sizeof *c.up, 0);
    return 0;
  }
  outer->children[outer->nchildren] = c;
  return outer->nchildren++;
}

u32 rvl_close_func(RvlParser *p, RvlBlock body) {
  RvlFs *fs = p->fs, *outer = fs->outer;
  RvlChild c = {.nup = fs->nup, .up = fs->up, .cup = fs->cup};
  rvl_close_scope(p, 0);
  bool good = !p->failed && !p->mem.nomem;
  if (good) c.func = rvl_gen_func(p, fs, body, &c.captures);
  free_func(p, fs);
  p->fs = outer;
  rvl_release(&p->mem, fs->mark);
  if (outer) return add_child(p, outer, c);
  p->main = c.func;
  rvl_resize(&p->mem, c.up, c.cup * sizeof *c.up, 0);
  return 0;
}

void rvl_drop_funcs(RvlParser *p) {
  while (p->fs) {
    RvlFs *fs = p->fs;
    p->fs = fs->outer;
    rvl_resize(&p->mem, fs->up, fs->cup * sizeof *fs->up, 0);
    free_func(p, fs);
  }
}
