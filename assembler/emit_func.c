/* SPDX-License-Identifier: MIT */
/* The tree becomes an image: functions, their code and their tables. */
#include <string.h>

#include "assembler/code.h"
#include "assembler/emit.h"
#include "assembler/heights.h"
#include "vm/value.h"

/* A jump whose label was not known yet. */
typedef struct Fixup {
  u32 word;         /* that holds the distance */
  u32 after;        /* pc behind the instruction */
  const RvaOpd *to; /* NAME */
} Fixup;

/* Where the range of a local begins and ends. */
typedef struct Range {
  const RvaOpd *from, *to;
} Range;

typedef struct Fn {
  RvaEmit *e;
  RvaAsm *a;
  const RvaFunc *src;
  RvFunc f;
  u32 ccode, ck, ccaches, cheights, cchildren, cup, clines, clocals;
  Range *ranges; /* per local */
  u32 cranges;
  RvaText *upnames;
  u32 cupnames;
  bool named; /* some upvalue has a name */
  Fixup *fixups;
  u32 nfixups, cfixups;
  RvaMap labels;   /* name -> pc */
  RvaMap consts;   /* {value, tag} -> index */
  RvaMap children; /* function index -> child index */
  u32 cells;       /* cells used, when not stated */
} Fn;

/* Appends to one of the growing arrays; nothing without memory. */
#define PUSH(fn, array, cap, n, ...)                                           \
  do {                                                                         \
    if (rva_grow(&(fn)->a->mem, &(array), &(cap), (n), sizeof *(array)))       \
      (array)[(n)++] = (__VA_ARGS__);                                          \
  } while (0)

/* -- Tables ---------------------------------------------------------------- */

/* Index of a constant, appended when it is not there or must be new. */
static u32 add_const(Fn *fn, RvConst k, bool must_be_new) {
  u64 *key = rva_alloc(&fn->a->mem, 16);
  key[0] = k.v;
  key[1] = k.tag;
  u32 i = rva_map_put(&fn->a->mem, &fn->consts, (const char *)key, 16,
                      fn->f.nk);
  if (i == fn->f.nk || must_be_new) {
    i = fn->f.nk;
    PUSH(fn, fn->f.k, fn->ck, fn->f.nk, k);
  }
  return i;
}

static RvConst literal(Fn *fn, const RvaOpd *o) {
  switch (o->kind) {
    case RVA_OPD_INT: return (RvConst){o->v, RV_INT};
    case RVA_OPD_FLT: return (RvConst){o->v, RV_FLT};
    default: return (RvConst){rva_emit_str(fn->e, o->text), RV_STR};
  }
}

static u32 add_cache(Fn *fn, u32 key) {
  PUSH(fn, fn->f.cache_key, fn->ccaches, fn->f.ncaches, key);
  return fn->f.ncaches - 1;
}

/* Index among the children of the function of that name. */
static u32 add_child(Fn *fn, RvaLoc loc, RvaText name, bool must_be_new) {
  u32 func = rva_map_get(&fn->e->funcs, name.p, name.len);
  if (func == RVA_NONE) {
    rva_error(fn->a, loc, "no function `%.*s`", RVA_TEXT(name));
    return 0;
  }
  u32 *key = rva_alloc(&fn->a->mem, sizeof *key);
  *key = func;
  u32 i = rva_map_put(&fn->a->mem, &fn->children, (const char *)key,
                      sizeof *key, fn->f.nchildren);
  if (i == fn->f.nchildren || must_be_new) {
    i = fn->f.nchildren;
    PUSH(fn, fn->f.children, fn->cchildren, fn->f.nchildren, func);
  }
  return i;
}

/* -- Operands -------------------------------------------------------------- */

static const char *opd_text(const RvaOpd *o) {
  static const char *const text[] = {
      [RVA_OPD_REG] = "register",     [RVA_OPD_CELL] = "cell register",
      [RVA_OPD_UPV] = "upvalue",      [RVA_OPD_INDEX] = "@number",
      [RVA_OPD_INT] = "integer",      [RVA_OPD_FLT] = "float",
      [RVA_OPD_STR] = "string",       [RVA_OPD_NAME] = "name",
      [RVA_OPD_OPEN] = "`*`",
  };
  return text[o->kind];
}

/* What an operand of a kind must look like, for messages. */
static const char *kind_text(u8 kind) {
  switch (kind) {
    case RV_KIND_WR:
    case RV_KIND_RD:
    case RV_KIND_WIN: return "register (r0..r249)";
    case RV_KIND_CW:
    case RV_KIND_CR: return "cell register (c0, c1, ...)";
    case RV_KIND_UP: return "upvalue (u0..u255)";
    case RV_KIND_K: return "constant (integer, float or string)";
    case RV_KIND_KN: return "number";
    case RV_KIND_KS: return "string";
    case RV_KIND_I8: return "integer (-128..127)";
    case RV_KIND_I16: return "integer (-32768..32767)";
    case RV_KIND_U8: return "integer (0..255)";
    case RV_KIND_U24: return "integer (0..16777215)";
    case RV_KIND_N: return "count (0..255)";
    case RV_KIND_NO: return "count (0..254) or `*`";
    case RV_KIND_JF:
    case RV_KIND_JB: return "label";
    case RV_KIND_CA:
    case RV_KIND_CX: return "string";
    case RV_KIND_IM:
    case RV_KIND_IB:
    case RV_KIND_IH: return "name of an import";
    case RV_KIND_PR: return "name of a function";
    default: return "@number";
  }
}

typedef struct Insn {
  const RvaStmt *s;
  const struct RvOpInfo *info;
  i64 v[4];
  const RvaOpd *label;
} Insn;

static void operand_error(Fn *fn, const Insn *in, u32 i, const RvaOpd *o) {
  rva_error(fn->a, o->loc, "expected %s for operand %u of `%s`, got %s",
            kind_text(in->info->operand[i].kind), i + 1, in->info->name,
            opd_text(o));
}

static u32 cell_register(Fn *fn, u64 n) {
  if (n < 255 && n >= fn->cells) fn->cells = (u32)n + 1;
  return fn->f.nparams + (u32)(n < 256 ? n : 256);
}

/* Value of a literal operand of kind k, kn, ks, ca or cx: a constant. */
static bool const_operand(Fn *fn, u8 kind, const RvaOpd *o, i64 *v) {
  bool number = o->kind == RVA_OPD_INT || o->kind == RVA_OPD_FLT;
  if (!number && o->kind != RVA_OPD_STR) return false;
  if (number && kind != RV_KIND_K && kind != RV_KIND_KN) return false;
  if (!number && kind == RV_KIND_KN) return false;
  *v = add_const(fn, literal(fn, o), false);
  return true;
}

static bool import_operand(Fn *fn, const RvaOpd *o, i64 *v) {
  u32 i = rva_map_get(&fn->e->imports, o->text.p, o->text.len);
  *v = i;
  if (i == RVA_NONE) {
    rva_error(fn->a, o->loc, "no import `%.*s`", RVA_TEXT(o->text));
    *v = 0;
  }
  return true;
}

/* Value of operand i as written by o; false when o is of the wrong kind. */
static bool operand_value(Fn *fn, Insn *in, u32 i, const RvaOpd *o) {
  u8 kind = in->info->operand[i].kind;
  i64 *v = &in->v[i];
  *v = (i64)o->v;
  if (o->kind == RVA_OPD_INDEX) return true;
  switch (kind) {
    case RV_KIND_WR:
    case RV_KIND_RD:
    case RV_KIND_WIN: return o->kind == RVA_OPD_REG && o->v < RV_MAX_REGS;
    case RV_KIND_CW:
    case RV_KIND_CR:
      *v = cell_register(fn, o->v);
      return o->kind == RVA_OPD_CELL && *v < RV_MAX_REGS;
    case RV_KIND_UP: return o->kind == RVA_OPD_UPV && o->v < 256;
    case RV_KIND_CA:
    case RV_KIND_CX:
      if (!const_operand(fn, kind, o, v)) return false;
      *v = add_cache(fn, (u32)*v);
      return true;
    case RV_KIND_K:
    case RV_KIND_KN:
    case RV_KIND_KS: return const_operand(fn, kind, o, v);
    case RV_KIND_NO:
      if (o->kind == RVA_OPD_OPEN) *v = RV_OPEN;
      else if (o->v == RV_OPEN) return false;
      return o->kind == RVA_OPD_INT || o->kind == RVA_OPD_OPEN;
    case RV_KIND_JF:
    case RV_KIND_JB:
      in->label = o;
      *v = 0;
      return o->kind == RVA_OPD_NAME;
    case RV_KIND_IM:
    case RV_KIND_IB:
    case RV_KIND_IH:
      return o->kind == RVA_OPD_NAME && import_operand(fn, o, v);
    case RV_KIND_PR:
      if (o->kind != RVA_OPD_NAME) return false;
      *v = add_child(fn, o->loc, o->text, false);
      return true;
    case RV_KIND_CN: return false;
    default: return o->kind == RVA_OPD_INT;
  }
}

static bool fits(struct RvOperand o, i64 v) {
  i64 lo, hi;
  rva_operand_range(o, &lo, &hi);
  return v >= lo && v <= hi;
}

/* Does instruction b take everything a takes, in wider fields? By the table:
   the names differ by an `x`, the operands' order is the same. */
static const struct RvOpInfo *wide_form(const struct RvOpInfo *info) {
  char name[32];
  size_t n = strlen(info->name);
  if (n + 1 > sizeof name) return NULL;
  memcpy(name, info->name, n);
  name[n] = 'x';
  const struct RvOpInfo *x = rva_op_named(name, n + 1);
  return x && x->noperands == info->noperands ? x : NULL;
}

/* Takes the wide form when an operand needs it; false, with an error, when an
   operand fits neither. */
static bool fit_operands(Fn *fn, Insn *in, const RvaOpd *const *opds) {
  const struct RvOpInfo *info = in->info;
  for (u32 i = 0; i < info->noperands; i++) {
    if (fits(info->operand[i], in->v[i])) continue;
    const struct RvOpInfo *x = wide_form(info);
    if (x && fits(x->operand[i], in->v[i])) {
      in->info = x;
      return fit_operands(fn, in, opds);
    }
    const RvaOpd *o = opds[i];
    i64 lo, hi;
    rva_operand_range(info->operand[i], &lo, &hi);
    if (o && (o->kind == RVA_OPD_INDEX || o->kind == RVA_OPD_INT))
      rva_error(fn->a, o->loc,
                "expected %s for operand %u of `%s`, got %lld",
                o->kind == RVA_OPD_INT ? kind_text(info->operand[i].kind)
                                       : "@number within the field",
                i + 1, info->name, (long long)in->v[i]);
    else
      rva_error(fn->a, o ? o->loc : in->s->loc,
                "operand %u of `%s` has number %lld, the field ends at %lld",
                i + 1, info->name, (long long)in->v[i], (long long)hi);
    return false;
  }
  return true;
}

/* -- Instructions ---------------------------------------------------------- */

static void push_word(Fn *fn, RvInsn w) {
  PUSH(fn, fn->f.code, fn->ccode, fn->f.ncode, w);
}

static void count_error(Fn *fn, const Insn *in, u32 want, u32 got) {
  const struct RvOpInfo *info = in->info;
  if (got < want)
    rva_error(fn->a, in->s->loc, "expected %s for operand %u of `%s`, got "
              "end of line", kind_text(info->operand[got].kind), got + 1,
              info->name);
  else
    rva_error(fn->a, in->s->loc, "`%s` takes %u operand%s, got %u", info->name,
              want, want == 1 ? "" : "s", got);
}

/* Operands that must be written: not the cache slot of an instruction that has
   no key. That is always the last one. */
static u32 least_operands(const struct RvOpInfo *info) {
  u32 n = info->noperands;
  return n > 0 && info->operand[n - 1].kind == RV_KIND_CN ? n - 1 : n;
}

static void emit_insn(Fn *fn, const RvaStmt *s) {
  Insn in = {.s = s, .info = rva_op_named(s->text.p, s->text.len)};
  const RvaOpd *opds[4] = {0};
  RvInsn w[2];
  u32 n = 0;
  if (!in.info) {
    rva_error(fn->a, s->loc, "unknown instruction `%.*s`", RVA_TEXT(s->text));
    return;
  }
  for (const RvaOpd *o = s->opd; o; o = o->next, n++)
    if (n < 4) opds[n] = o;
  u32 least = least_operands(in.info), most = in.info->noperands;
  if (n < least || n > most) {
    count_error(fn, &in, least, n);
    return;
  }
  for (u32 i = 0; i < n; i++)
    if (!operand_value(fn, &in, i, opds[i])) {
      operand_error(fn, &in, i, opds[i]);
      return;
    }
  if (n < most) in.v[n] = add_cache(fn, 0);
  if (!fit_operands(fn, &in, opds)) return;
  rva_encode(in.info, in.v, w);
  for (u32 i = 0; i < in.info->words; i++) push_word(fn, w[i]);
  if (in.label)
    PUSH(fn, fn->fixups, fn->cfixups, fn->nfixups,
         (Fixup){fn->f.ncode - 1, fn->f.ncode, in.label});
}

static void patch(Fn *fn, const Fixup *x) {
  const RvaText t = x->to->text;
  u32 to = rva_map_get(&fn->labels, t.p, t.len);
  if (to == RVA_NONE) {
    rva_error(fn->a, x->to->loc, "no label `%.*s` in this function",
              RVA_TEXT(t));
    return;
  }
  i64 distance = (i64)to - x->after;
  if (distance < -(1 << 23) || distance >= 1 << 23)
    rva_error(fn->a, x->to->loc, "label `%.*s` is too far away: %lld words",
              RVA_TEXT(t), (long long)distance);
  fn->f.code[x->word] |= (u32)distance << 8;
}

/* -- Statements ------------------------------------------------------------ */

static void emit_label(Fn *fn, const RvaStmt *s) {
  u32 old = rva_map_get(&fn->labels, s->text.p, s->text.len);
  if (old != RVA_NONE)
    rva_error(fn->a, s->loc, "second label `%.*s`", RVA_TEXT(s->text));
  rva_map_put(&fn->a->mem, &fn->labels, s->text.p, s->text.len, fn->f.ncode);
}

static void emit_height(Fn *fn, const RvaStmt *s, u64 pc, const u64 *n) {
  const RvHeight *last =
      fn->f.nheights ? &fn->f.heights[fn->f.nheights - 1] : NULL;
  if (n[0] > 255 || n[1] > 255 || n[2] > 255 || pc > UINT32_MAX) {
    rva_error(fn->a, s->loc, "expected heights from 0 to 255");
  } else if (last && pc <= last->pc) {
    rva_error(fn->a, s->loc, pc == last->pc ? "second height at one place"
                                            : "heights out of order");
  } else {
    PUSH(fn, fn->f.heights, fn->cheights, fn->f.nheights,
         (RvHeight){(u32)pc, (u8)n[0], (u8)n[1], (u8)n[2]});
  }
}

/* The last line stated for a pc counts. */
static void emit_line(Fn *fn, const RvaStmt *s) {
  u64 pc = s->opd ? s->opd->v : fn->f.ncode;
  RvFunc *f = &fn->f;
  if (s->n[0] == 0 || s->n[0] > UINT32_MAX || pc > UINT32_MAX) {
    rva_error(fn->a, s->loc, "expected a line number from 1");
  } else if (f->nlines && pc < f->lines[f->nlines - 1].pc) {
    rva_error(fn->a, s->loc, "lines out of order");
  } else if (f->nlines && pc == f->lines[f->nlines - 1].pc) {
    f->lines[f->nlines - 1].line = (u32)s->n[0];
  } else {
    PUSH(fn, f->lines, fn->clines, f->nlines,
         (RvLine){(u32)pc, (u32)s->n[0]});
  }
}

static void emit_local(Fn *fn, const RvaStmt *s) {
  const RvaOpd *place = s->opd;
  RvLocal l = {.name = rva_emit_str(fn->e, s->text)};
  u64 reg = place->v;
  if (place->kind == RVA_OPD_CELL) reg = cell_register(fn, place->v);
  if (place->kind == RVA_OPD_UPV || reg > 255) {
    rva_error(fn->a, place->loc, "expected register or cell register");
    return;
  }
  l.reg = (u8)reg;
  l.is_cell = place->kind != RVA_OPD_REG;
  u32 n = fn->f.nlocals;
  PUSH(fn, fn->f.locals, fn->clocals, fn->f.nlocals, l);
  PUSH(fn, fn->ranges, fn->cranges, n, (Range){place->next, place->next->next});
}

static void emit_upvalue(Fn *fn, const RvaStmt *s) {
  const RvaOpd *o = s->opd;
  RvCapture c = {o->kind != RVA_OPD_UPV, (u8)o->v};
  if (o->kind == RVA_OPD_REG || o->v > 255) {
    rva_error(fn->a, o->loc, "expected cell register or upvalue of the maker");
    return;
  }
  RvaText name = s->text.p ? s->text : (RvaText){"", 0};
  u32 n = fn->f.nup;
  if (s->text.p) {
    fn->named = true;
    rva_emit_str(fn->e, name);
  }
  PUSH(fn, fn->upnames, fn->cupnames, n, name);
  PUSH(fn, fn->f.captures, fn->cup, fn->f.nup, c);
}

static void emit_stmt(Fn *fn, const RvaStmt *s) {
  switch (s->kind) {
    case RVA_LABEL: emit_label(fn, s); break;
    case RVA_HEIGHT: emit_height(fn, s, fn->f.ncode, s->n); break;
    case RVA_HEIGHT_AT:
      if (!fn->src->no_infer)
        rva_error(fn->a, s->loc, "`.height` is for functions with `noinfer`");
      emit_height(fn, s, s->n[0], s->n + 1);
      break;
    case RVA_INSN: emit_insn(fn, s); break;
    case RVA_RAW:
      if (s->n[0] > UINT32_MAX)
        rva_error(fn->a, s->loc, "a word has 32 bits");
      push_word(fn, (u32)s->n[0]);
      break;
    case RVA_CONST: add_const(fn, literal(fn, s->opd), true); break;
    case RVA_CACHE:
      add_cache(fn, s->opd->kind == RVA_OPD_INDEX
                        ? (u32)s->opd->v
                        : add_const(fn, literal(fn, s->opd), false));
      break;
    case RVA_CHILD: add_child(fn, s->loc, s->text, true); break;
    case RVA_UPVALUE: emit_upvalue(fn, s); break;
    case RVA_SOURCE: fn->f.source = rva_emit_str(fn->e, s->text) + 1; break;
    case RVA_LINE: emit_line(fn, s); break;
    case RVA_LOCAL: emit_local(fn, s); break;
  }
}

/* -- The whole function ---------------------------------------------------- */

static u32 position(Fn *fn, const RvaOpd *o) {
  u32 pc = UINT32_MAX;
  if (o->kind == RVA_OPD_NAME) {
    pc = rva_map_get(&fn->labels, o->text.p, o->text.len);
    if (pc == RVA_NONE)
      rva_error(fn->a, o->loc, "no label `%.*s` in this function",
                RVA_TEXT(o->text));
  } else if (o->v > UINT32_MAX) {
    rva_error(fn->a, o->loc, "pc out of range");
  } else {
    pc = (u32)o->v;
  }
  return pc;
}

static void resolve(Fn *fn) {
  for (u32 i = 0; i < fn->nfixups; i++) patch(fn, &fn->fixups[i]);
  for (u32 i = 0; i < fn->f.nlocals; i++) {
    RvLocal *l = &fn->f.locals[i];
    l->from = position(fn, fn->ranges[i].from);
    l->to = position(fn, fn->ranges[i].to);
    if (l->from > l->to)
      rva_error(fn->a, fn->ranges[i].from->loc, "a range that ends before it "
                "begins");
  }
}

static u32 *emit_upnames(Fn *fn) {
  u32 *names = rv_image_alloc(fn->e->img, fn->f.nup * sizeof *names);
  if (!names) fn->a->mem.nomem = true;
  for (u32 i = 0; names && i < fn->f.nup; i++)
    names[i] = rva_emit_str(fn->e, fn->upnames[i]);
  return names;
}

/* Moves the tables from the arena into the image. Heights follow when they are
   complete. */
static void keep(Fn *fn) {
  RvaEmit *e = fn->e;
  RvFunc *f = &fn->f;
  f->code = rva_emit_copy(e, f->code, f->ncode, sizeof *f->code);
  f->k = rva_emit_copy(e, f->k, f->nk, sizeof *f->k);
  f->cache_key =
      rva_emit_copy(e, f->cache_key, f->ncaches, sizeof *f->cache_key);
  f->children = rva_emit_copy(e, f->children, f->nchildren,
                              sizeof *f->children);
  f->captures = rva_emit_copy(e, f->captures, f->nup, sizeof *f->captures);
  f->lines = rva_emit_copy(e, f->lines, f->nlines, sizeof *f->lines);
  f->locals = rva_emit_copy(e, f->locals, f->nlocals, sizeof *f->locals);
  if (fn->named) {
    f->upnames = emit_upnames(fn);
    f->nupnames = f->nup;
  }
}

void rva_emit_func(RvaEmit *e, const RvaStmt *s) {
  const RvaFunc *src = s->func;
  Fn fn = {.e = e, .a = e->a, .src = src};
  fn.f.name = rva_emit_str(e, s->text2.p ? s->text2 : s->text);
  fn.f.nparams = src->params > 0 ? (u8)src->params : 0;
  fn.f.flags = (u8)src->flags;
  for (const RvaStmt *t = src->first; t && !e->a->mem.nomem; t = t->next)
    emit_stmt(&fn, t);
  if (e->a->mem.nomem) return;
  resolve(&fn);
  fn.f.ncells = (u8)(src->cells >= 0 ? (u32)src->cells : fn.cells);
  fn.f.nregs = src->regs > 0 ? (u8)src->regs : 0;
  keep(&fn);
  if (rv_image_add_func(e->img, &fn.f) == UINT32_MAX) e->a->mem.nomem = true;
}

/* A cell register in a capture list counts from the maker's parameters. */
static void finish_captures(RvaEmit *e, const RvaStmt *s, RvFunc *f,
                            u32 maker) {
  u32 i = 0;
  for (const RvaStmt *t = s->func->first; t; t = t->next) {
    if (t->kind != RVA_UPVALUE) continue;
    RvCapture *c = &f->captures[i++];
    if (t->opd->kind != RVA_OPD_CELL) continue;
    if (maker == RVA_NONE) {
      rva_error(e->a, t->opd->loc, "no function makes a closure of this one: "
                "expected @number, a register");
      return;
    }
    u32 reg = e->img->funcs[maker].nparams + (u32)c->index;
    if (reg > 255) rva_error(e->a, t->opd->loc, "cell register out of range");
    c->index = (u8)reg;
  }
}

void rva_finish_func(RvaEmit *e, const RvaStmt *s, u32 index, u32 maker) {
  RvFunc *f = &e->img->funcs[index];
  finish_captures(e, s, f, maker);
  if (s->func->regs < 0) f->nregs = (u8)rva_measure_regs(e->img, f);
  if (!s->func->no_infer && !rva_infer_heights(&e->a->mem, e->img, f)) return;
  f->heights = rva_emit_copy(e, f->heights, f->nheights, sizeof *f->heights);
}
