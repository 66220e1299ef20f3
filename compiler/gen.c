/* SPDX-License-Identifier: MIT */
/* A function: its beginning, its end, and what becomes of the code made. */
#include <string.h>

#include "compiler/gen.h"
#include "opinfo.h"

RvlGen *rvl_gen_new(RvlParser *p) {
  RvlGen *g = rvl_resize(&p->mem, NULL, 0, sizeof *g);
  if (!g) return NULL;
  memset(g, 0, sizeof *g);
  g->p = p;
  return g;
}

void rvl_gen_free(RvlGen *g) {
  RvlMem *m = &g->p->mem;
  rvl_resize(m, g->code, g->ccode * sizeof *g->code, 0);
  rvl_resize(m, g->k, g->ck * sizeof *g->k, 0);
  rvl_resize(m, g->kslots, g->nkslots * sizeof *g->kslots, 0);
  rvl_resize(m, g->caches, g->ccaches * sizeof *g->caches, 0);
  rvl_resize(m, g->heights, g->cheights * sizeof *g->heights, 0);
  rvl_resize(m, g->lines, g->clines * sizeof *g->lines, 0);
  rvl_resize(m, g->locals, g->clocals * sizeof *g->locals, 0);
  rvl_resize(m, g->scratch, g->cscratch * sizeof *g->scratch, 0);
  rvl_resize(m, g->spine, g->cspine * sizeof *g->spine, 0);
  rvl_resize(m, g, sizeof *g, 0);
}

/* -- Beginning ---------------------------------------------------------------- */

static void start(RvlGen *g, RvlFs *fs) {
  g->fs = fs;
  g->serial++;
  g->ncode = g->nk = g->ncaches = g->nheights = g->nlines = g->nlocals = 0;
  g->nspine = 0;
  g->free = g->max = fs->nparams;
  g->cells = g->maxcells = g->marks = 0;
  g->vars = NULL;
  g->loop = NULL;
  g->line = fs->first_line;
  g->ended = false;
}

static void parameters(RvlGen *g) {
  u32 r = 0;
  for (RvlVar *v = g->fs->params; v; v = v->next) {
    rvl_activate(g, v, r++);
    v->cells = (u8)g->cells;
    g->vars = v;
  }
}

/* -- End: registers and heights in their final form ------------------------------- */

static bool is_register(u8 kind) {
  return kind == RV_KIND_WR || kind == RV_KIND_RD || kind == RV_KIND_WIN;
}

static u32 shift_field(u32 word, u8 field, u32 by) {
  u32 shift = field == RV_FIELD_A ? 8 : field == RV_FIELD_B ? 16 : 24;
  return word + (by << shift);
}

static u32 register_field(u32 word, u8 field) {
  return field == RV_FIELD_A   ? RV_INSN_A(word)
         : field == RV_FIELD_B ? RV_INSN_B(word)
                               : RV_INSN_C(word);
}

/* Registers behind the parameters move up over the cells, which come to stand
   behind the parameters. */
static u32 move_registers(const RvlGen *g, const struct RvOpInfo *op,
                          u32 word) {
  u32 params = g->fs->nparams, cells = g->maxcells, before = word;
  for (u32 i = 0; i < op->noperands; i++) {
    u8 kind = op->operand[i].kind, field = op->operand[i].field;
    u32 r = register_field(before, field);
    if (is_register(kind) && r >= params)
      word = shift_field(word, field, cells);
    else if (kind == RV_KIND_CW || kind == RV_KIND_CR)
      word = shift_field(word, field, params);
  }
  return word;
}

static bool jumps(const struct RvOpInfo *op) {
  return op->fmt == RV_FMT_J || op->fmt == RV_FMT_A_J ||
         op->fmt == RV_FMT_AB_J || op->fmt == RV_FMT_AD_J ||
         op->fmt == RV_FMT_AS_J;
}

static void mark(RvlGen *g, u32 pc) {
  if (pc < g->ncode) g->scratch[pc / 32] |= 1u << pc % 32;
}

static bool marked(const RvlGen *g, u32 pc) {
  return pc < g->ncode && (g->scratch[pc / 32] >> pc % 32 & 1);
}

/* One walk over the code: moves the registers, marks where heights are due. */
static bool walk(RvlGen *g) {
  u32 words = g->ncode / 32 + 1;
  if (!rvl_grow(&g->p->mem, &g->scratch, &g->cscratch, words, 4)) return false;
  memset(g->scratch, 0, words * 4);
  for (u32 pc = 0; pc < g->ncode;) {
    const struct RvOpInfo *op = &rv_opinfo[g->code[pc] & 0xffu];
    u32 next = pc + op->words;
    if (jumps(op)) mark(g, (u32)((i32)next + RV_INSN_J(g->code[next - 1])));
    if (op->flags & RV_OPF_END) mark(g, next);
    if (g->maxcells || g->fs->nparams)
      g->code[pc] = move_registers(g, op, g->code[pc]);
    pc = next;
  }
  return true;
}

static u32 final_reg(const RvlGen *g, u32 r) {
  return r < g->fs->nparams ? r : r + g->maxcells;
}

static void finish_heights(RvlGen *g) {
  u32 n = 0;
  for (u32 i = 0; i < g->nheights; i++) {
    RvHeight h = g->heights[i];
    if (!marked(g, h.pc)) continue;
    h.regs = (u8)(h.regs + g->maxcells);
    g->heights[n++] = h;
  }
  g->nheights = n;
}

static void finish_locals(RvlGen *g) {
  u32 n = 0;
  for (u32 i = 0; i < g->nlocals; i++) {
    RvLocal l = g->locals[i];
    if (l.to < l.from || l.from >= g->ncode) continue;
    l.reg = (u8)(l.is_cell ? l.reg + g->fs->nparams : final_reg(g, l.reg));
    g->locals[n++] = l;
  }
  g->nlocals = n;
}

static void finish_captures(RvlGen *g) {
  for (u32 i = 0; i < g->fs->nchildren; i++) {
    RvlChild *c = &g->fs->children[i];
    for (u32 k = 0; k < c->nup; k++)
      if (c->up[k].var)
        c->captures[k].index = (u8)(c->captures[k].index + g->fs->nparams);
  }
}

/* -- The function of the image ------------------------------------------------------- */

static void *copy(RvlGen *g, const void *p, size_t n) {
  if (n == 0) return NULL;
  void *q = rv_image_alloc(g->p->img, n);
  if (!q) g->p->mem.nomem = true;
  else if (p) memcpy(q, p, n);
  return q;
}

static RvCapture *own_captures(RvlGen *g) {
  RvCapture *c = copy(g, NULL, g->fs->nup * sizeof *c);
  for (u32 i = 0; c && i < g->fs->nup; i++) {
    const RvlUpval *u = &g->fs->up[i];
    c[i] = (RvCapture){u->var != NULL, u->index};
  }
  return c;
}

static u32 *child_list(RvlGen *g) {
  u32 *c = copy(g, NULL, g->fs->nchildren * sizeof *c);
  for (u32 i = 0; c && i < g->fs->nchildren; i++)
    c[i] = g->fs->children[i].func;
  return c;
}

static u32 *upvalue_names(RvlGen *g) {
  u32 *n = copy(g, NULL, g->fs->nup * sizeof *n);
  for (u32 i = 0; n && i < g->fs->nup; i++)
    n[i] = rvl_image_str(g->p, g->fs->up[i].name);
  return n;
}

static u32 text(RvlGen *g, const char *p, size_t len) {
  u32 i = rv_image_str(g->p->img, p, len);
  if (i == UINT32_MAX) g->p->mem.nomem = true;
  return i;
}

static void debug_info(RvlGen *g, RvFunc *f) {
  const RvlOptions *o = g->p->o;
  f->line_first = g->fs->first_line;
  f->line_last = g->fs->last_line;
  if (o->strip) return;
  f->source = text(g, o->chunk, o->chunk_len) + 1;
  f->nlines = g->nlines;
  f->lines = copy(g, g->lines, g->nlines * sizeof *g->lines);
  f->nlocals = g->nlocals;
  f->locals = copy(g, g->locals, g->nlocals * sizeof *g->locals);
  f->upnames = upvalue_names(g);
  f->nupnames = g->fs->nup;
}

static RvFunc image_func(RvlGen *g) {
  RvlFs *fs = g->fs;
  RvFunc f = {
      .nparams = (u8)fs->nparams,
      .ncells = (u8)g->maxcells,
      .nregs = (u8)(g->max + g->maxcells),
      .flags = (u8)((fs->vararg ? RV_FUNC_VARARG : 0) |
                    (g->p->o->library ? RV_FUNC_NATIVE : 0)),
      .ncode = g->ncode,
      .nk = g->nk,
      .ncaches = g->ncaches,
      .nheights = g->nheights,
      .nchildren = fs->nchildren,
      .nup = fs->nup,
  };
  if (fs->name) f.name = rvl_image_str(g->p, fs->name);
  else f.name = fs->outer ? text(g, "anonymous", 9) : text(g, "main", 4);
  f.code = copy(g, g->code, g->ncode * sizeof *g->code);
  f.k = copy(g, g->k, g->nk * sizeof *g->k);
  f.cache_key = copy(g, g->caches, g->ncaches * sizeof *g->caches);
  f.heights = copy(g, g->heights, g->nheights * sizeof *g->heights);
  f.children = child_list(g);
  f.captures = own_captures(g);
  debug_info(g, &f);
  return f;
}

static bool finish(RvlGen *g) {
  if (g->p->failed || g->p->mem.nomem) return false;
  if (g->max + g->maxcells > RV_MAX_REGS) {
    rvl_error(g->p, g->line, NULL, 0,
              "function or expression needs too many registers");
    return false;
  }
  if (!walk(g)) return false;
  finish_heights(g);
  finish_locals(g);
  finish_captures(g);
  return true;
}

u32 rvl_gen_func(RvlParser *p, RvlFs *fs, RvlBlock body, RvCapture **captures) {
  RvlGen *g = p->gen;
  start(g, fs);
  parameters(g);
  rvl_body(g, body, fs->last_line ? fs->last_line : p->line);
  for (u32 i = 0; i < g->nlocals && !p->mem.nomem; i++)
    if (g->locals[i].to == 0) g->locals[i].to = g->ncode;
  if (!finish(g)) return 0;
  RvFunc f = image_func(g);
  if (p->mem.nomem) return 0;
  *captures = f.captures;
  u32 index = rv_image_add_func(p->img, &f);
  if (index == UINT32_MAX) p->mem.nomem = true;
  return index;
}
