/* SPDX-License-Identifier: MIT */
/* Builtins "debug": what functions and levels are, their locals. */
#include "stdlib/lib_debug.h"

#include "opcodes.h"
#include "vm/height.h"

RvStatus rv_debug_level(RvNativeCtx *c, RvDebugPlace *p) {
  p->of = c->th;
  p->first = rv_arg(c, 0).t == RV_THREAD;
  if (p->first) p->of = RV_AS(RvThread, rv_arg(c, 0));
  p->fn = rv_arg(c, p->first);
  p->level = 0;
  if (RV_IS_FUNC(p->fn.t)) return RV_OK;
  i64 n;
  RvStatus st = rv_arg_int(c, p->first, &n);
  if (st) return st;
  p->fn = rv_nil();
  u32 fi = p->of->fi;
  rv_fuel_owe(c->m, (n >= 0 && n < fi ? (u32)n : fi) / RV_LEVELS);
  if (n < 0 || n > fi) return RV_OK;
  p->level = rv_level(p->of, (u32)n);
  if (p->level) p->fn = rv_frame_function(&p->of->frames[p->level]);
  return RV_OK;
}

/* The function when it is the program's: others are C to it. */
static const RvProto *program_proto(RvValue fn) {
  if (fn.t != RV_CLOSURE) return NULL;
  const RvProto *p = RV_AS(RvClosure, fn)->proto;
  return p->f->flags & RV_FUNC_NATIVE ? NULL : p;
}

/* -- getinfo --------------------------------------------------------------- */

/* The table being filled is the kept slot 0. */
static RvTable *result(RvNativeCtx *c) {
  return RV_AS(RvTable, rv_lib_kept(c, 0));
}

static RvStatus put(RvNativeCtx *c, const char *key, RvValue v) {
  u32 mark = rv_root_open(c->m);
  rv_root_push(c->m, v);
  RvString *k = rv_str_newz(c->m, key);
  RvStatus st = RV_ERROR;
  if (k) {
    rv_root_push(c->m, rv_strv(k));
    st = rv_table_set_str(c->m, result(c), k, v);
  }
  rv_root_close(c->m, mark);
  return st;
}

static RvStatus put_text(RvNativeCtx *c, const char *key, const char *text,
                         size_t len) {
  RvString *s = rv_str_new(c->m, text, len);
  return s ? put(c, key, rv_strv(s)) : RV_ERROR;
}

static RvStatus put_z(RvNativeCtx *c, const char *key, const char *text) {
  return put_text(c, key, text, strlen(text));
}

static RvStatus put_int(RvNativeCtx *c, const char *key, i64 i) {
  return put(c, key, rv_int(i));
}

static RvStatus put_source(RvNativeCtx *c, const RvProto *p) {
  char chunk[RV_CHUNK_NAME] = "[C]";
  const RvImgStr none = {"=?", 2, 0}, native = {"=[C]", 4, 0}, *s = &native;
  if (p) {
    s = p->f->source ? &p->use->img->strs[p->f->source - 1] : &none;
    rv_err_chunk(p, chunk);
  }
  RvStatus st = put_text(c, "source", s->p, s->len);
  if (st || (st = put_z(c, "short_src", chunk)) ||
      (st = put_int(c, "linedefined", p ? (i64)p->f->line_first : -1)) ||
      (st = put_int(c, "lastlinedefined", p ? (i64)p->f->line_last : -1)))
    return st;
  const char *what = !p ? "C" : rv_err_is_main(p) ? "main" : "Lua";
  return put_z(c, "what", what);
}

static RvStatus put_line(RvNativeCtx *c, const RvDebugPlace *at) {
  u32 line = at->level ? rv_err_line(&at->of->frames[at->level]) : 0;
  return put_int(c, "currentline", line ? (i64)line : -1);
}

static RvStatus put_params(RvNativeCtx *c, const RvProto *p) {
  RvStatus st = put_int(c, "nups", p ? p->f->nup : 0);
  if (st || (st = put_int(c, "nparams", p ? p->nparams : 0))) return st;
  return put(c, "isvararg", rv_bool(!p || p->vararg));
}

static RvStatus put_name(RvNativeCtx *c, const RvDebugPlace *at) {
  RvVarName n = {NULL, NULL, 0};
  if (at->level) n = rv_level_name(at->of, at->level);
  rv_fuel_owe(c->m, (u32)(n.words / RV_NAME_WORDS));
  RvStatus st = put_z(c, "namewhat", n.kind ? n.kind : "");
  return st || !n.kind ? st : put_z(c, "name", n.name);
}

static RvStatus put_tail(RvNativeCtx *c, const RvDebugPlace *at) {
  bool tail = at->level && (at->of->frames[at->level].then & RV_FRAME_TAILED);
  return put(c, "istailcall", rv_bool(tail));
}

static RvStatus put_transfer(RvNativeCtx *c) {
  RvStatus st = put_int(c, "ftransfer", 0);
  return st ? st : put_int(c, "ntransfer", 0);
}

static RvStatus put_lines(RvNativeCtx *c, const RvProto *p) {
  if (!p) return RV_OK;
  RvTable *t = rv_table_new(c->m, 0, 0);
  if (!t) return RV_ERROR;
  RvStatus st = put(c, "activelines", rv_obj(t, RV_TABLE));
  for (u32 i = 0; i < p->f->nlines && st == RV_OK; i++)
    st = rv_table_set_int(c->m, t, p->f->lines[i].line, rv_bool(true));
  return st;
}

static RvStatus put_option(RvNativeCtx *c, const RvDebugPlace *at, char o) {
  const RvProto *p = program_proto(at->fn);
  switch (o) {
  case 'S': return put_source(c, p);
  case 'l': return put_line(c, at);
  case 'u': return put_params(c, p);
  case 'n': return put_name(c, at);
  case 't': return put_tail(c, at);
  case 'r': return put_transfer(c);
  case 'L': return put_lines(c, p);
  default: return put(c, "func", at->fn);
  }
}

/* getinfo([thread,] f or level [, what]): a table; nil: no such level. */
static RvStatus debug_getinfo(RvNativeCtx *c) {
  static const char all[] = "Slnrutf", known[] = "SlnrutfL";
  RvDebugPlace at;
  RvString *what = NULL;
  RvStatus st = rv_debug_level(c, &at);
  u32 i = at.first + 1;
  if (st) return st;
  if (rv_arg(c, i).t != RV_NIL && (st = rv_lib_str(c, i, &what))) return st;
  if (at.fn.t == RV_NIL) return rv_native_ret(c, rv_nil());
  const char *options = what ? rv_str_data(what) : all;
  size_t len = what ? what->len : sizeof all - 1;
  bool wanted[sizeof known] = {false};
  if (len > 0 && *options == '>')
    return rv_lib_argerr(c, i, "invalid option '>'");
  for (size_t k = 0; k < len; k++) {
    const char *o = options[k] ? strchr(known, options[k]) : NULL;
    if (!o) return rv_lib_argerr(c, i, "invalid option");
    wanted[o - known] = true;
  }
  const RvProto *p = program_proto(at.fn);
  if (p && wanted[sizeof known - 2] &&
      (st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(64 * (u64)p->f->nlines))))
    return st;
  if ((st = rv_lib_keep(c, 1))) return st;
  RvTable *t = rv_table_new(c->m, 0, 16);
  if (!t) return RV_ERROR;
  rv_lib_put(c, 0, rv_obj(t, RV_TABLE));
  for (u32 k = 0; known[k]; k++)
    if (wanted[k] && (st = put_option(c, &at, known[k]))) return st;
  return rv_native_ret(c, rv_lib_kept(c, 0));
}

/* -- Locals ---------------------------------------------------------------- */

/* One local of a level. */
typedef struct Local {
  const char *name; /* NULL: there is none */
  u32 slot;
  bool cell;  /* the slot holds its cell */
  bool fixed; /* not to be written */
} Local;

typedef struct Alive {
  u32 slot;
  bool yes;
} Alive;

static void look_for(void *ctx, const RvThread *th, u32 from, u32 to) {
  Alive *a = ctx;
  (void)th;
  if (a->slot >= from && a->slot < to) a->yes = true;
}

/* Is the slot one that the frame keeps alive? Others hold what is left of dead
   values. */
static bool is_alive(const RvThread *of, u32 frame, u32 slot) {
  Alive a = {slot, false};
  rv_gc_frame_slots(of, frame, look_for, &a);
  return a.yes;
}

static Local further_argument(const RvFrame *fr, i64 n) {
  if (n > fr->nextra) return (Local){NULL, 0, false, false};
  return (Local){"(vararg)", fr->base - fr->nextra + (u32)n - 1, false, false};
}

static bool has_name(const RvFunc *f, u32 at, u32 reg) {
  for (u32 i = 0; i < f->nlocals; i++) {
    const RvLocal *l = &f->locals[i];
    if (l->reg == reg && l->from <= at && at < l->to) return true;
  }
  return false;
}

/* Registers without a name come after those with one. */
static Local temporary(const RvThread *of, u32 frame, i64 n) {
  const RvFrame *fr = &of->frames[frame];
  const RvFunc *f = rv_frame_proto(fr)->f;
  u32 at = rv_frame_at(fr);
  for (u32 r = 0; r < f->nregs; r++) {
    bool cell = r >= f->nparams && r < (u32)f->nparams + f->ncells;
    if (cell || has_name(f, at, r) || !is_alive(of, frame, fr->base + r))
      continue;
    if (--n == 0)
      return (Local){"(temporary)", fr->base + r, false,
                     rv_is_control_slot(f, at, r)};
  }
  return (Local){NULL, 0, false, false};
}

static Local program_local(const RvThread *of, u32 frame, i64 n) {
  const RvFrame *fr = &of->frames[frame];
  const RvProto *p = rv_frame_proto(fr);
  u32 at = rv_frame_at(fr);
  const RvLocal *l;
  for (u32 i = 0; (l = rv_varname_local(p->f, at, i)); i++) {
    if (!is_alive(of, frame, fr->base + l->reg) || --n > 0) continue;
    bool fixed = !l->is_cell && rv_is_control_slot(p->f, at, l->reg);
    return (Local){p->use->img->strs[l->name].p, fr->base + l->reg, l->is_cell,
                   fixed};
  }
  return temporary(of, frame, n);
}

static Local local_of(RvNativeCtx *c, const RvDebugPlace *p, i64 n) {
  const RvFrame *fr = &p->of->frames[p->level];
  Local none = {NULL, 0, false, false};
  if (rv_frame_is_program(fr)) {
    const RvFunc *f = rv_frame_proto(fr)->f;
    rv_fuel_owe(c->m, (f->ncode + f->nlocals) / RV_NAME_WORDS);
    if (n < 0) return n == INT64_MIN ? none : further_argument(fr, -n);
    return n ? program_local(p->of, p->level, n) : none;
  }
  if (fr->kind != RV_FRAME_NATIVE || n < 1 || n > fr->nextra) return none;
  return (Local){"(C temporary)", fr->base + (u32)n - 1, false, true};
}

/* Is the local the parameter in register r? It begins behind nothing but the
   making of cells, and its own may be one of them. */
static bool is_parameter(const RvFunc *f, const RvLocal *l, u32 r) {
  for (u32 i = 0; i < l->from; i++)
    if (RV_INSN_OP(f->code[i]) != RV_OP_NEWCELL) return false;
  if (!l->is_cell) return l->reg == r && l->from < l->to;
  RvInsn made = l->from ? f->code[l->from - 1] : 0;
  return l->from && RV_INSN_A(made) == l->reg && RV_INSN_B(made) == r;
}

static const char *parameter_name(RvValue fn, i64 n) {
  const RvProto *p = program_proto(fn);
  if (!p || n < 1 || n > p->nparams) return NULL;
  for (u32 i = 0; i < p->f->nlocals; i++)
    if (is_parameter(p->f, &p->f->locals[i], (u32)n - 1))
      return p->use->img->strs[p->f->locals[i].name].p;
  return NULL;
}

static RvStatus ret_name(RvNativeCtx *c, const char *name) {
  return name ? rv_lib_retstr(c, name, strlen(name))
              : rv_native_ret(c, rv_nil());
}

/* Where a local's value is: its slot or its cell. */
static RvValue local_value(const RvThread *of, const Local *l) {
  RvValue v = rv_slot(of, l->slot);
  if (!l->cell) return v;
  const RvCell *cell = RV_AS(RvCell, v);
  return rv_value(cell->p, cell->h.aux);
}

/* The level and number that getlocal and setlocal begin with. */
static RvStatus local_args(RvNativeCtx *c, RvDebugPlace *p, i64 *n) {
  RvStatus st = rv_debug_level(c, p);
  if (st || (st = rv_arg_int(c, p->first + 1, n))) return st;
  if (p->fn.t == RV_NIL)
    return rv_lib_argerr(c, p->first, "level out of range");
  return RV_OK;
}

/* getlocal([thread,] f or level, n): name and value; of a function the name of
   a parameter. */
static RvStatus debug_getlocal(RvNativeCtx *c) {
  RvDebugPlace p;
  i64 n;
  RvStatus st = local_args(c, &p, &n);
  if (st) return st;
  if (p.level == 0) return ret_name(c, parameter_name(p.fn, n));
  Local l = local_of(c, &p, n);
  if (!l.name) return rv_native_ret(c, rv_nil());
  if ((st = rv_native_slots(c, 2))) return st;
  return rv_debug_ret_named(c, l.name, local_value(p.of, &l));
}

/* setlocal([thread,] level, n, v): the name, nil when there is none. */
static RvStatus debug_setlocal(RvNativeCtx *c) {
  RvDebugPlace p;
  i64 n;
  RvStatus st = local_args(c, &p, &n);
  if (st || (st = rv_lib_any(c, p.first + 2))) return st;
  if (p.level == 0) return rv_native_badarg(c, p.first, "number");
  Local l = local_of(c, &p, n);
  if (!l.name || l.fixed) return rv_native_ret(c, rv_nil());
  RvValue v = rv_arg(c, p.first + 2);
  if (l.cell) rv_debug_set_cell(c->m, RV_AS(RvCell, rv_slot(p.of, l.slot)), v);
  else rv_slot_set(p.of, l.slot, v);
  return ret_name(c, l.name);
}

static const RvNativeDef defs[] = {
  {"debug.getinfo", 1, 0, debug_getinfo},
  {"debug.getlocal", 1, 0, debug_getlocal},
  {"debug.setlocal", 1, 0, debug_setlocal},
};
const RvLib rv_lib_debug = {defs, sizeof defs / sizeof *defs};
