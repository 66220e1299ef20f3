/* SPDX-License-Identifier: MIT */
/* The tree becomes an image: functions and their tables. */
#include <string.h>

#include "assembler/emit.h"
#include "assembler/heights.h"
#include "vm/value.h"

/* -- Tables ---------------------------------------------------------------- */

u32 rva_add_const(RvaFn *fn, RvConst k, bool must_be_new) {
  u64 *key = rva_alloc(&fn->a->mem, 16);
  key[0] = k.v;
  key[1] = k.tag;
  u32 i =
      rva_map_put(&fn->a->mem, &fn->consts, (const char *)key, 16, fn->f.nk);
  if (i == fn->f.nk || must_be_new) {
    i = fn->f.nk;
    RVA_PUSH(fn, fn->f.k, fn->ck, fn->f.nk, k);
  }
  return i;
}

RvConst rva_literal(RvaFn *fn, const RvaOpd *o) {
  switch (o->kind) {
  case RVA_OPD_INT: return (RvConst){o->v, RV_INT};
  case RVA_OPD_FLT: return (RvConst){o->v, RV_FLT};
  default: return (RvConst){rva_emit_str(fn->e, o->text), RV_STR};
  }
}

u32 rva_add_cache(RvaFn *fn, u32 key) {
  RVA_PUSH(fn, fn->f.cache_key, fn->ccaches, fn->f.ncaches, key);
  return fn->f.ncaches - 1;
}

u32 rva_add_child(RvaFn *fn, RvaLoc loc, RvaText name, bool must_be_new) {
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
    RVA_PUSH(fn, fn->f.children, fn->cchildren, fn->f.nchildren, func);
  }
  return i;
}

u32 rva_cell_register(RvaFn *fn, u64 n) {
  if (n < 255 && n >= fn->cells) fn->cells = (u32)n + 1;
  return fn->f.nparams + (u32)(n < 256 ? n : 256);
}

void rva_push_word(RvaFn *fn, RvInsn w) {
  RVA_PUSH(fn, fn->f.code, fn->ccode, fn->f.ncode, w);
}

/* -- Statements ------------------------------------------------------------ */

static void emit_label(RvaFn *fn, const RvaStmt *s) {
  u32 old = rva_map_get(&fn->labels, s->text.p, s->text.len);
  if (old != RVA_NONE)
    rva_error(fn->a, s->loc, "second label `%.*s`", RVA_TEXT(s->text));
  rva_map_put(&fn->a->mem, &fn->labels, s->text.p, s->text.len, fn->f.ncode);
}

static void emit_height(RvaFn *fn, const RvaStmt *s, u64 pc, const u64 *n) {
  const RvHeight *last =
      fn->f.nheights ? &fn->f.heights[fn->f.nheights - 1] : NULL;
  if (n[0] > 255 || n[1] > 255 || n[2] > 255 || pc > UINT32_MAX) {
    rva_error(fn->a, s->loc, "expected heights from 0 to 255");
  } else if (last && pc <= last->pc) {
    rva_error(
        fn->a, s->loc,
        pc == last->pc ? "second height at one place" : "heights out of order");
  } else {
    RVA_PUSH(fn, fn->f.heights, fn->cheights, fn->f.nheights,
             (RvHeight){(u32)pc, (u8)n[0], (u8)n[1], (u8)n[2]});
  }
}

static void emit_lines(RvaFn *fn, const RvaStmt *s) {
  if (s->n[0] > s->n[1] || s->n[1] > UINT32_MAX) {
    rva_error(fn->a, s->loc, "expected first and last line");
    return;
  }
  fn->f.line_first = (u32)s->n[0];
  fn->f.line_last = (u32)s->n[1];
}

/* The last line stated for a pc counts. */
static void emit_line(RvaFn *fn, const RvaStmt *s) {
  u64 pc = s->opd ? s->opd->v : fn->f.ncode;
  RvFunc *f = &fn->f;
  if (s->n[0] == 0 || s->n[0] > UINT32_MAX || pc > UINT32_MAX) {
    rva_error(fn->a, s->loc, "expected a line number from 1");
  } else if (f->nlines && pc < f->lines[f->nlines - 1].pc) {
    rva_error(fn->a, s->loc, "lines out of order");
  } else if (f->nlines && pc == f->lines[f->nlines - 1].pc) {
    f->lines[f->nlines - 1].line = (u32)s->n[0];
  } else {
    RVA_PUSH(fn, f->lines, fn->clines, f->nlines,
             (RvLine){(u32)pc, (u32)s->n[0]});
  }
}

static void emit_local(RvaFn *fn, const RvaStmt *s) {
  const RvaOpd *place = s->opd;
  RvLocal l = {.name = rva_emit_str(fn->e, s->text)};
  u64 reg = place->v;
  if (place->kind == RVA_OPD_CELL) reg = rva_cell_register(fn, place->v);
  if (place->kind == RVA_OPD_UPV || reg > 255) {
    rva_error(fn->a, place->loc, "expected register or cell register");
    return;
  }
  l.reg = (u8)reg;
  l.is_cell = place->kind != RVA_OPD_REG;
  u32 n = fn->f.nlocals;
  RVA_PUSH(fn, fn->f.locals, fn->clocals, fn->f.nlocals, l);
  RVA_PUSH(fn, fn->ranges, fn->cranges, n,
           (RvaRange){place->next, place->next->next});
}

static void emit_upvalue(RvaFn *fn, const RvaStmt *s) {
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
  RVA_PUSH(fn, fn->upnames, fn->cupnames, n, name);
  RVA_PUSH(fn, fn->f.captures, fn->cup, fn->f.nup, c);
}

static void emit_stmt(RvaFn *fn, const RvaStmt *s) {
  switch (s->kind) {
  case RVA_LABEL: emit_label(fn, s); break;
  case RVA_HEIGHT: emit_height(fn, s, fn->f.ncode, s->n); break;
  case RVA_HEIGHT_AT:
    if (!fn->src->no_infer)
      rva_error(fn->a, s->loc, "`.height` is for functions with `noinfer`");
    emit_height(fn, s, s->n[0], s->n + 1);
    break;
  case RVA_INSN: rva_emit_insn(fn, s); break;
  case RVA_RAW:
    if (s->n[0] > UINT32_MAX) rva_error(fn->a, s->loc, "a word has 32 bits");
    rva_push_word(fn, (u32)s->n[0]);
    break;
  case RVA_CONST: rva_add_const(fn, rva_literal(fn, s->opd), true); break;
  case RVA_CACHE:
    rva_add_cache(fn, s->opd->kind == RVA_OPD_INDEX
                          ? (u32)s->opd->v
                          : rva_add_const(fn, rva_literal(fn, s->opd), false));
    break;
  case RVA_CHILD: rva_add_child(fn, s->loc, s->text, true); break;
  case RVA_UPVALUE: emit_upvalue(fn, s); break;
  case RVA_SOURCE: fn->f.source = rva_emit_str(fn->e, s->text) + 1; break;
  case RVA_LINES: emit_lines(fn, s); break;
  case RVA_LINE: emit_line(fn, s); break;
  case RVA_LOCAL: emit_local(fn, s); break;
  }
}

/* -- The whole function ---------------------------------------------------- */

static u32 position(RvaFn *fn, const RvaOpd *o) {
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

static void resolve(RvaFn *fn) {
  for (u32 i = 0; i < fn->nfixups; i++) rva_patch(fn, &fn->fixups[i]);
  for (u32 i = 0; i < fn->f.nlocals; i++) {
    RvLocal *l = &fn->f.locals[i];
    l->from = position(fn, fn->ranges[i].from);
    l->to = position(fn, fn->ranges[i].to);
    if (l->from > l->to)
      rva_error(fn->a, fn->ranges[i].from->loc,
                "a range that ends before it "
                "begins");
  }
}

static u32 *emit_upnames(RvaFn *fn) {
  u32 *names = rv_image_alloc(fn->e->img, fn->f.nup * sizeof *names);
  if (!names) fn->a->mem.nomem = true;
  for (u32 i = 0; names && i < fn->f.nup; i++)
    names[i] = rva_emit_str(fn->e, fn->upnames[i]);
  return names;
}

/* Moves the tables from the arena into the image. Heights follow when they are
   complete. */
static void keep(RvaFn *fn) {
  RvaEmit *e = fn->e;
  RvFunc *f = &fn->f;
  f->code = rva_emit_copy(e, f->code, f->ncode, sizeof *f->code);
  f->k = rva_emit_copy(e, f->k, f->nk, sizeof *f->k);
  f->cache_key =
      rva_emit_copy(e, f->cache_key, f->ncaches, sizeof *f->cache_key);
  f->children =
      rva_emit_copy(e, f->children, f->nchildren, sizeof *f->children);
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
  RvaFn fn = {.e = e, .a = e->a, .src = src};
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
      rva_error(e->a, t->opd->loc,
                "no function makes a closure of this one: "
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
