/* SPDX-License-Identifier: MIT */
/* What the verifier asks of one instruction by itself: words, operands,
   effects. All conditions are on the heights before it. */
#include "vm/verify_impl.h"

/* -- Registers ------------------------------------------------------------- */

static bool has_cell(const RvFunc *f, u32 F, u32 n) {
  return f->ncells && n && F < first_ordinary(f) && F + n > f->nparams;
}

static bool check_slots(Walk *v, u32 F, u32 n) {
  RULE(v, LOOP_SLOT, !has_slot(v, F, n),
       "writes r%u to r%u, with a control slot of the loop", F, F + n - 1);
  return true;
}

static bool check_range_read(Walk *v, u32 F, u32 n) {
  RULE(v, RANGE_READ, F + n <= v->h.regs && !has_cell(v->f, F, n),
       "reads %u registers from r%u on; defined are those below r%u", n, F,
       v->h.regs);
  return true;
}

static bool check_range_write(Walk *v, u32 F, u32 n) {
  RULE(v, RANGE_WRITE,
       F <= v->h.regs && F + n <= v->f->nregs && !has_cell(v->f, F, n),
       "writes %u registers from r%u on in a frame of %u", n, F, v->f->nregs);
  return check_slots(v, F, n);
}

/* Registers F .. F+n-1 are overwritten, and all above may be. */
static bool check_window(Walk *v, u32 F, u32 n) {
  RULE(v, WINDOW, F <= v->h.regs, "window at r%u above the height %u", F,
       v->h.regs);
  RULE(v, WINDOW, F + n <= v->f->nregs,
       "window of %u registers from r%u on in a frame of %u", n, F,
       v->f->nregs);
  RULE(v, WINDOW, is_above_cells(v->f, F), "window at r%u below the cells", F);
  return check_slots(v, F, F < 256 ? 256 - F : 0);
}

static bool check_reg_read(Walk *v, u32 r) {
  RULE(v, REG_READ, r < v->h.regs && !is_cell(v->f, r),
       "r%u is not defined; the height is %u", r, v->h.regs);
  return true;
}

static bool check_reg_write(Walk *v, u32 r) {
  RULE(v, REG_WRITE, r <= v->h.regs && r < v->f->nregs && !is_cell(v->f, r),
       "r%u cannot be written; the height is %u of %u", r, v->h.regs,
       v->f->nregs);
  return check_slots(v, r, 1);
}

/* -- Operands -------------------------------------------------------------- */

static bool check_cell(Walk *v, u32 r, bool make) {
  const RvFunc *f = v->f;
  u32 top = f->nparams + v->h.cells;
  if (make)
    RULE(v, CELL_NEW, r == top && r < first_ordinary(f),
         "the next cell register is number %u, not %u", top, r);
  else
    RULE(v, CELL_OPEN, r >= f->nparams && r < top,
         "register %u holds no cell; cells are %u to %u", r, f->nparams,
         top);
  return true;
}

static bool check_const(Walk *v, u32 k, u8 kind) {
  const RvFunc *f = v->f;
  RULE(v, CONST_RANGE, k < f->nk, "constant %u of %u", k, f->nk);
  if (k >= f->nk) return true;
  u8 tag = f->k[k].tag;
  if (kind == RV_KIND_KN)
    RULE(v, CONST_NUMBER, RV_IS_NUM(tag), "constant %u is no number", k);
  if (kind == RV_KIND_KS)
    RULE(v, CONST_STRING, tag == RV_STR, "constant %u is no string", k);
  return true;
}

static bool check_cache(Walk *v, u32 slot, u8 kind) {
  const RvFunc *f = v->f;
  u32 want = v->ncaches++;
  RULE(v, CACHE_ORDER, slot == want, "cache slot %u where %u is next", slot,
       want);
  RULE(v, CACHE_ORDER, kind != RV_KIND_CX || slot > 255,
       "cache slot %u has a short form", slot);
  RULE(v, CACHE_COUNT, slot < f->ncaches, "cache slot %u of %u", slot,
       f->ncaches);
  if (slot >= f->ncaches) return true;
  u32 key = f->cache_key[slot];
  if (kind == RV_KIND_CN)
    RULE(v, CACHE_ORDER, key == 0, "cache slot %u needs no key", slot);
  else
    RULE(v, CONST_STRING, key < f->nk && f->k[key].tag == RV_STR,
         "the key of cache slot %u is no string constant", slot);
  return true;
}

static bool check_import(Walk *v, u32 i, u8 kind) {
  const RvImage *img = v->img;
  RULE(v, IMPORT_RANGE, i < img->nimports, "import %u of %u", i,
       img->nimports);
  if (i >= img->nimports) return true;
  bool builtin = img->imports[i].kind == RV_IMPORT_BUILTIN;
  if (kind == RV_KIND_IB)
    RULE(v, IMPORT_BUILTIN, builtin, "import %u is no builtin", i);
  if (kind == RV_KIND_IH)
    RULE(v, IMPORT_HOST, !builtin, "import %u is a builtin", i);
  return true;
}

static bool check_child(Walk *v, u32 i) {
  const RvFunc *f = v->f;
  RULE(v, PROTO_RANGE, i < f->nchildren, "function %u of %u", i, f->nchildren);
  if (i >= f->nchildren || f->children[i] >= v->img->nfuncs) return true;
  const Needs *n = &v->needs[f->children[i]];
  RULE(v, CAPTURE,
       !n->cells || (n->min_cell >= f->nparams &&
                     n->max_cell < f->nparams + v->h.cells),
       "captures a cell that is not made here");
  RULE(v, CAPTURE, !n->ups || n->max_up < f->nup,
       "captures upvalue %u of %u", n->max_up, f->nup);
  return true;
}

/* All but what is written and jumped to. */
static bool check_operand(Walk *v, const struct RvOperand *o) {
  u32 x = (u32)rv_insn_field(v->at, v->op->fmt, o->field);
  switch (o->kind) {
  case RV_KIND_RD: return check_reg_read(v, x);
  case RV_KIND_WIN:
    RULE(v, WINDOW, x <= v->h.regs && !is_cell(v->f, x),
         "window at r%u; the height is %u", x, v->h.regs);
    return true;
  case RV_KIND_CW: return check_cell(v, x, true);
  case RV_KIND_CR: return check_cell(v, x, false);
  case RV_KIND_UP:
    RULE(v, UPVAL_RANGE, x < v->f->nup, "upvalue %u of %u", x, v->f->nup);
    return true;
  case RV_KIND_K:
  case RV_KIND_KN:
  case RV_KIND_KS: return check_const(v, x, o->kind);
  case RV_KIND_NO:
    RULE(v, OPEN_COUNT, x <= RV_MAX_REGS || x == RV_OPEN,
         "count %u is neither open nor in a frame", x);
    return true;
  case RV_KIND_CA:
  case RV_KIND_CX:
  case RV_KIND_CN: return check_cache(v, x, o->kind);
  case RV_KIND_IM:
  case RV_KIND_IB:
  case RV_KIND_IH: return check_import(v, x, o->kind);
  case RV_KIND_PR: return check_child(v, x);
  default: return true;
  }
}

/* What `assumes` lines name beyond kinds and effects. */
static bool check_assumptions(Walk *v) {
  const struct RvOpInfo *op = v->op;
  bool one = false;
  for (u32 i = 0; i < op->nrules; i++) one |= op->rule[i] == RV_RULE_COUNT_ONE;
  for (u32 i = 0; one && i < op->noperands; i++)
    if (op->operand[i].kind == RV_KIND_N)
      RULE(v, COUNT_ONE,
           rv_insn_field(v->at, op->fmt, op->operand[i].field) > 0,
           "a count of 0");
  return true;
}

static bool check_operands(Walk *v) {
  const struct RvOpInfo *op = v->op;
  for (u32 i = 0; i < op->noperands; i++)
    if (!check_operand(v, &op->operand[i])) return false;
  return check_assumptions(v);
}

/* Registers written: after everything that is read. */
static bool check_writes(Walk *v) {
  const struct RvOpInfo *op = v->op;
  for (u32 i = 0; i < op->noperands; i++)
    if (op->operand[i].kind == RV_KIND_WR &&
        !check_reg_write(
            v, (u32)rv_insn_field(v->at, op->fmt, op->operand[i].field)))
      return false;
  return true;
}

/* -- Effects --------------------------------------------------------------- */

static bool check_open_in(Walk *v, u32 F, u32 n) {
  RULE(v, OPEN_USE, v->open, "there are no open results");
  RULE(v, OPEN_USE, !v->open || F + n <= v->h.regs,
       "open results begin at r%u, below r%u", v->h.regs, F + n);
  RULE(v, OPEN_USE, !v->open || is_above_cells(v->f, F),
       "the cells are among the values from r%u on", F);
  return true;
}

static bool check_host(Walk *v, u32 F, u32 import) {
  u32 nargs, nres;
  rv_import_shape(v->img, import, &nargs, &nres);
  return check_range_read(v, F, nargs) && check_window(v, F, nres);
}

static bool check_effect(Walk *v, const struct RvEffect *e) {
  u32 F = rv_effect_arg(v->at, v->op, &e->arg[0]);
  u32 n = e->nargs > 1 ? rv_effect_arg(v->at, v->op, &e->arg[1]) : 0;
  switch (e->kind) {
  case RV_EFF_READS: return check_range_read(v, F, n);
  case RV_EFF_WRITES:
  case RV_EFF_WRITES_FALL:
  case RV_EFF_WRITES_JUMP: return check_range_write(v, F, n);
  case RV_EFF_RESULT:
  case RV_EFF_SCRATCH: return check_window(v, F, n);
  case RV_EFF_OPEN_OUT: return check_window(v, F, 0);
  case RV_EFF_RESULT_OPT: return check_window(v, F, rv_is_open(n) ? 0 : n);
  case RV_EFF_OPEN_IN: return check_open_in(v, F, n);
  case RV_EFF_OPEN_IN_OPT: {
    u32 X = rv_effect_arg(v->at, v->op, &e->arg[2]);
    return rv_is_open(X) ? check_open_in(v, F, n)
                         : check_range_read(v, F, n + X);
  }
  case RV_EFF_TBC:
    RULE(v, TBC_COUNT, v->h.tbc + F <= RV_MAX_REGS, "too many marks");
    return true;
  case RV_EFF_CLOSE:
    RULE(v, TBC_COUNT, n == v->h.tbc && F <= n,
         "closes from %u to %u; open are %u", n, F, v->h.tbc);
    return true;
  case RV_EFF_NEEDS_CLOSED:
    RULE(v, TBC_OPEN, v->h.tbc == 0, "%u marks are open", v->h.tbc);
    return true;
  case RV_EFF_HOST: return check_host(v, F, n);
  case RV_EFF_VARARG:
    RULE(v, VARARG_FLAG, v->f->flags & RV_FUNC_VARARG,
         "the function takes no further arguments");
    return true;
  default: return true; /* loops: check_loop */
  }
}

static bool check_effects(Walk *v) {
  for (u32 i = 0; i < v->op->neffects; i++)
    if (!check_effect(v, &v->op->effect[i])) return false;
  return true;
}

bool rv_walk_has_effect(const struct RvOpInfo *op, u8 kind) {
  for (u32 i = 0; i < op->neffects; i++)
    if (op->effect[i].kind == kind) return true;
  return false;
}

/* Does the instruction at hand take, or leave, open results? */
bool rv_walk_takes_open(const Walk *v) {
  const struct RvOpInfo *op = v->op;
  if (!(op->flags & RV_OPF_OPEN_IN_OPT)) return op->flags & RV_OPF_OPEN_IN;
  for (u32 i = 0; i < op->neffects; i++)
    if (op->effect[i].kind == RV_EFF_OPEN_IN_OPT)
      return rv_is_open(rv_effect_arg(v->at, op, &op->effect[i].arg[2]));
  return false;
}

bool rv_walk_leaves_open(const Walk *v) {
  const struct RvOpInfo *op = v->op;
  if (!(op->flags & RV_OPF_OPEN_OUT_OPT)) return op->flags & RV_OPF_OPEN_OUT;
  for (u32 i = 0; i < op->neffects; i++)
    if (op->effect[i].kind == RV_EFF_RESULT_OPT)
      return rv_is_open(rv_effect_arg(v->at, op, &op->effect[i].arg[1]));
  return false;
}

bool rv_walk_insn(Walk *v) {
  return check_operands(v) && check_effects(v) && check_writes(v);
}

/* -- Words ----------------------------------------------------------------- */

/* The bits of the first word that the operands name, and the opcode. */
static u32 named_bits(const struct RvOpInfo *op) {
  u32 bits = 0xff;
  for (u32 i = 0; i < op->noperands; i++)
    switch (op->operand[i].field) {
    case RV_FIELD_A: bits |= 0xff00u; break;
    case RV_FIELD_B: bits |= 0xff0000u; break;
    case RV_FIELD_C: bits |= 0xff000000u; break;
    case RV_FIELD_D:
    case RV_FIELD_S: bits |= 0xffff0000u; break;
    case RV_FIELD_J: bits |= op->words == 1 ? 0xffffff00u : 0; break;
    default: break;
    }
  return bits;
}

bool rv_walk_words(Walk *v) {
  RULE(v, FIELD_ZERO, !(*v->at & ~named_bits(v->op)),
       "bits that no operand names are set");
  v->next = v->pc + v->op->words;
  if (v->op->words > 1)
    RULE(v, EXTRA_WORD,
         v->next <= v->f->ncode && RV_INSN_OP(v->at[1]) == RV_OP_EXTRA,
         "its second word is missing");
  RULE(v, FALL_OFF, v->op->flags & RV_OPF_END || v->next < v->f->ncode,
       "control falls off the end");
  return true;
}

