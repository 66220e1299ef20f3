/* SPDX-License-Identifier: MIT */
/* The verifier: one walk forward over each function.

   What the loop may assume of verified code, wherever it stands in it:

   1. The word at pc is the first word of an instruction of opcodes.isa, its
      unnamed bits are zero, a wide operand is in the EXTRA word behind it.
      Whichever way control leaves, it arrives at such a word again: no jump,
      fall or end of the code leads elsewhere.
   2. Every register that is read, alone or in a range, has been written in
      this run of the function; every register that is written, and every
      window, lies in the frame. Registers below the height are those that are
      defined: the collector may scan them all and no others.
   3. Cell registers hold cells below the cell height and are touched by the
      cell instructions alone. No window begins below them in a function that
      has any, so a callee's frame never lies over a living cell.
   4. Constants, upvalues, imports, functions, cache slots that operands name
      exist and are of the kind that the instruction wants. A closure's
      captures are cells that exist, or upvalues of the running function.
   5. Open results are taken by the very next instruction, which cannot be
      reached otherwise; what it takes before them is defined.
   6. A loop's body is entered by its prep alone and nothing but its own
      instructions writes the control slots while control is inside: forloop
      finds what forprep left, without looking at a tag.
   7. The number of open to-be-closed marks at each pc is known; a return
      without closing has none.
   8. Control goes backward only by instructions that count fuel, and at most
      2^24 words lie between two of them.

   How one walk is enough. The height at a jump target, and after every end of
   straight-line flow, is declared; from there it follows from the instructions.
   Each way to a declared place (fall, jump, back-edge) must come with at least
   the declared height. So each block may be checked against its declaration
   alone, in any order, and the declarations by induction over the run: the
   first instruction runs at the entry height, and every step keeps "what is
   below the height is defined". Code that nothing reaches is checked all the
   same; what it may assume is up to its declaration.

   Heights only say that a register is defined. That forloop's registers are
   the ones forprep made needs 6: regions are intervals of code that nest, each
   opened by its prep, so the walk keeps a stack of them. A jump forward into a
   region that was not open at the jump is seen at its target (the first jump to
   it is remembered: it is the farthest away); a jump backward into a region
   that has been closed, or that lies inside an open one and has been closed, is
   seen at the jump (targets remember their region).

   The tables of opinfo.h drive all of it; no instruction is named below. All
   conditions are on the heights before the instruction, since the effects of
   one instruction are written so; rv_height_step then gives the heights behind
   it, and the collector will walk by that same function.

   Every check is one rule, and each rule refuses something that no other one
   does: tests/unit/verify.c has such a function for each, and switches the
   rule off to see it accepted. With a rule off the walk still reads no memory
   that is not there, hence a few `if`s that look superfluous.

   Cost: a constant time per word, capture and declaration. 9 bytes of scratch
   a word for the largest function. */
#include "vm/verify.h"

#include <stdarg.h>
#include <stdlib.h>

#include "vm/image_file.h"
#include "vm/num.h"
#include "vm/walk.h"

#include "opinfo.h"

#ifdef RV_CHECK
int rv_verify_disabled_rule = -1;
#define is_disabled(rule) ((int)(rule) == rv_verify_disabled_rule)
#else
#define is_disabled(rule) false
#endif

#define MAX_CODE (1u << 24)
#define MAX_UPVALUES 255u
#define NEVER UINT32_MAX

/* A loop's body: words [start, end). Bodies nest; `outer` is an index + 1. */
typedef struct Region {
  u32 start, end, outer;
  u8 slot;      /* control slots: registers slot .. slot+2 */
  bool generic;
  bool called;  /* generic: its call was seen where it belongs */
  bool closed;  /* its last instruction was seen */
  bool open;    /* the walk has not passed its end */
  u64 slots[4]; /* control slots of it and of those around it */
} Region;

/* What the walk knows of a declared height. */
typedef struct Place {
  u32 jump;   /* pc of the first jump to it from before, or NEVER */
  u32 region; /* index + 1 of the innermost region around it */
  bool used;  /* a jump leads there, or straight-line flow ended before */
} Place;

/* What a function captures of its maker. */
typedef struct Needs {
  u8 cells, ups; /* whether there are any */
  u8 min_cell, max_cell, max_up;
} Needs;

typedef struct Walk {
  RvImage *img;
  RvDiag *d;
  bool library;
  Needs *needs; /* of every function */
  /* scratch for the largest function */
  u32 *place_at; /* by word: index + 1 of the height declared there */
  u8 *is_start;  /* by word: an instruction begins here */
  Place *places; /* by height */
  RvHeight *marks;
  Region *regions;
  u32 cregions;
  /* the function */
  RvFunc *f;
  u32 func;
  u32 nregions, region; /* region: index + 1 of the innermost one, or 0 */
  u32 nplaces;          /* heights passed so far */
  u32 ncaches, nmarks;
  /* the instruction */
  const struct RvOpInfo *op;
  const RvInsn *at;
  u32 pc, next;
  RvHeights h; /* before it */
  bool alive;  /* straight-line flow reaches it */
  bool open;   /* with open results from register h.regs on */
} Walk;

/* -- Refusing ------------------------------------------------------------------ */

static void name_place(Walk *v, char *out, size_t size) {
  RvDiag where;
  const RvImgStr *s = v->f && v->f->name < v->img->nstrs
                          ? &v->img->strs[v->f->name]
                          : &(RvImgStr){"?", 1, 0};
  const char *op = v->op && v->op->name ? v->op->name : "";
  if (!v->f) rv_diag(&where, "image");
  else if (v->pc == NEVER)
    rv_diag(&where, "function %u '%.40s'", v->func, s->p);
  else
    rv_diag(&where, "function %u '%.40s', pc %u%s%s", v->func, s->p, v->pc,
            *op ? ", " : "", op);
  size_t n = strlen(where.text);
  if (n >= size) n = size - 1;
  memcpy(out, where.text, n);
  out[n] = 0;
}

/* True, and the diagnostic written, unless the rule is switched off. */
static bool refuse(Walk *v, enum RvRule rule, const char *fmt, ...)
    RV_PRINTF(3, 4);

static bool refuse(Walk *v, enum RvRule rule, const char *fmt, ...) {
  if (is_disabled(rule)) return false;
  if (!v->d) return true;
  char where[100], what[120];
  va_list ap;
  va_start(ap, fmt);
  rv_num_vfmt(what, sizeof what, fmt, ap);
  va_end(ap);
  name_place(v, where, sizeof where);
  rv_diag(v->d, "%s: %s (%s)", where, what, rv_rule_name[rule]);
  v->d->rule = rule + 1;
  v->d->offset = v->pc == NEVER ? 0 : v->pc;
  return true;
}

/* Returns false from the caller when the rule is broken. */
#define RULE(v, rule, cond, ...)                                               \
  do {                                                                         \
    if (RV_UNLIKELY(!(cond)) && refuse(v, RV_RULE_##rule, __VA_ARGS__))        \
      return false;                                                            \
  } while (0)

static bool out_of_memory(Walk *v) {
  rv_diag(v->d, "out of memory");
  return false;
}

/* -- Registers ------------------------------------------------------------------ */

static u32 first_ordinary(const RvFunc *f) { return f->nparams + f->ncells; }

static bool is_cell(const RvFunc *f, u32 r) {
  return r >= f->nparams && r < first_ordinary(f);
}

static bool has_cell(const RvFunc *f, u32 F, u32 n) {
  return f->ncells && n && F < first_ordinary(f) && F + n > f->nparams;
}

/* Nothing of a callee's frame at F or above lies over a cell register. */
static bool is_above_cells(const RvFunc *f, u32 F) {
  return f->ncells == 0 || F >= first_ordinary(f);
}

/* Bits F .. F+n-1 of word i of a set of 256. */
static u64 mask_of(u32 F, u32 n, u32 i) {
  u32 low = 64 * i, end = F + n;
  if (n == 0 || end <= low || F >= low + 64) return 0;
  u64 from = F > low ? ~0ull << (F - low) : ~0ull;
  u64 to = end < low + 64 ? ~0ull >> (low + 64 - end) : ~0ull;
  return from & to;
}

/* Is one of registers F .. F+n-1 a control slot of a loop around here? */
static bool has_slot(const Walk *v, u32 F, u32 n) {
  if (!v->region) return false;
  const u64 *s = v->regions[v->region - 1].slots;
  u64 hit = 0;
  for (u32 i = 0; i < 4; i++) hit |= s[i] & mask_of(F, n, i);
  return hit != 0;
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

/* -- Operands -------------------------------------------------------------------- */

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

/* -- Loops ------------------------------------------------------------------------ */

static Region *top_region(Walk *v) {
  return v->region ? &v->regions[v->region - 1] : NULL;
}

static bool grow_regions(Walk *v) {
  u32 cap = v->cregions ? 2 * v->cregions : 8;
  Region *p = rv_image_realloc(v->regions, cap * sizeof *p);
  if (!p) return out_of_memory(v);
  v->regions = p;
  v->cregions = cap;
  return true;
}

/* The body begins behind this prep and ends at `end`. */
static bool open_region(Walk *v, u32 A, u64 end, bool generic) {
  Region *outer = top_region(v);
  u32 tail = generic ? RV_GLOOP_END : v->op->words;
  RULE(v, LOOP_SHAPE, end >= (u64)v->next + tail,
       "no loop ends where this one should");
  RULE(v, LOOP_SHAPE, !outer || end < outer->end,
       "the loop reaches beyond the one around it");
  RULE(v, LOOP_SLOT, !has_slot(v, A, 3),
       "control slots r%u to r%u are in use by a loop around", A, A + 2);
  if (end < v->next || end > NEVER) return true;
  if (v->nregions == v->cregions && !grow_regions(v)) return false;
  outer = top_region(v);
  Region *r = &v->regions[v->nregions++];
  *r = (Region){.start = v->next, .end = (u32)end, .outer = v->region,
                .slot = (u8)A, .generic = generic, .open = true};
  if (outer) memcpy(r->slots, outer->slots, sizeof r->slots);
  for (u32 i = 0; i < 4; i++) r->slots[i] |= mask_of(A, 3, i);
  v->region = v->nregions;
  return true;
}

static bool check_loop_call(Walk *v, u32 A) {
  Region *r = top_region(v);
  RULE(v, LOOP_SHAPE,
       r && r->generic && r->slot == A && v->pc == r->end - RV_GLOOP_END,
       "no loop's prep leads here");
  if (r) r->called = true;
  return true;
}

static bool check_loop_close(Walk *v, u32 A, i64 target, bool generic) {
  Region *r = top_region(v);
  RULE(v, LOOP_SHAPE,
       r && r->generic == generic && r->slot == A && v->next == r->end,
       "no loop's prep leads here");
  RULE(v, LOOP_SHAPE, !r || r->start == target,
       "the loop's body begins elsewhere");
  RULE(v, LOOP_SHAPE, !r || !generic || r->called,
       "the call of the loop is missing before it");
  if (r) r->closed = true;
  return true;
}

/* Leaves the regions that end at or before v->pc. */
static bool leave_regions(Walk *v) {
  Region *r;
  while ((r = top_region(v)) && r->end <= v->pc) {
    RULE(v, LOOP_SHAPE, r->closed, "the loop's end is missing before");
    r->open = false;
    v->region = r->outer;
  }
  return true;
}

/* -- Effects ----------------------------------------------------------------------- */

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

/* Effects that open and close loops: after the jumps of the instruction, which
   in a prep are still outside of the loop. */
static bool check_loop(Walk *v, u8 effect) {
  u32 A = RV_INSN_A(*v->at);
  i64 target = v->next;
  if (v->op->flags & RV_OPF_JUMP)
    target += rv_insn_field(v->at, v->op->fmt, RV_FIELD_J);
  switch (effect) {
  case RV_EFF_LOOP_OPEN:
    return open_region(v, A, target < 0 ? 0 : (u64)target, false);
  case RV_EFF_GLOOP_OPEN:
    return open_region(v, A, target < 0 ? 0 : (u64)target + RV_GLOOP_END, true);
  case RV_EFF_LOOP_CLOSE: return check_loop_close(v, A, target, false);
  case RV_EFF_GLOOP_CLOSE: return check_loop_close(v, A, target, true);
  case RV_EFF_GLOOP_CALL: return check_loop_call(v, A);
  default: return true;
  }
}

static bool has_effect(const struct RvOpInfo *op, u8 kind) {
  for (u32 i = 0; i < op->neffects; i++)
    if (op->effect[i].kind == kind) return true;
  return false;
}

/* Does the instruction at hand take, or leave, open results? */
static bool takes_open(const Walk *v) {
  const struct RvOpInfo *op = v->op;
  if (!(op->flags & RV_OPF_OPEN_IN_OPT)) return op->flags & RV_OPF_OPEN_IN;
  for (u32 i = 0; i < op->neffects; i++)
    if (op->effect[i].kind == RV_EFF_OPEN_IN_OPT)
      return rv_is_open(rv_effect_arg(v->at, op, &op->effect[i].arg[2]));
  return false;
}

static bool leaves_open(const Walk *v) {
  const struct RvOpInfo *op = v->op;
  if (!(op->flags & RV_OPF_OPEN_OUT_OPT)) return op->flags & RV_OPF_OPEN_OUT;
  for (u32 i = 0; i < op->neffects; i++)
    if (op->effect[i].kind == RV_EFF_RESULT_OPT)
      return rv_is_open(rv_effect_arg(v->at, op, &op->effect[i].arg[1]));
  return false;
}

/* -- Ways from place to place -------------------------------------------------- */

/* With heights h control may come to place i. */
static bool check_edge(Walk *v, u32 i, RvHeights h) {
  const RvHeight *to = &v->f->heights[i];
  RULE(v, HEIGHT_EDGE,
       h.regs >= to->regs && h.cells >= to->cells && h.tbc == to->tbc,
       "comes to pc %u with heights %u %u %u; declared are %u %u %u", to->pc,
       h.regs, h.cells, h.tbc, to->regs, to->cells, to->tbc);
  return true;
}

/* The jump of the instruction at hand. A generic loop's prep may jump into
   the loop that it opens; nothing else may enter one. */
static bool check_jump_to(Walk *v, u32 target, RvHeights h) {
  u32 i = v->place_at[target];
  if (target < v->next)
    RULE(v, JUMP_TARGET, v->is_start[target],
         "jump to pc %u, inside an instruction", target);
  RULE(v, HEIGHTS, i, "jump to pc %u, where no height is declared", target);
  if (!i) return true;
  Place *p = &v->places[i - 1];
  p->used = true;
  if (target >= v->next) {
    if (p->jump == NEVER && !has_effect(v->op, RV_EFF_GLOOP_OPEN))
      p->jump = v->pc;
  } else {
    RULE(v, LOOP_SHAPE, !p->region || v->regions[p->region - 1].open,
         "jump to pc %u, back into a loop", target);
  }
  return check_edge(v, i - 1, h);
}

static bool check_jump(Walk *v, RvHeights h) {
  u8 flags = v->op->flags;
  if (!(flags & RV_OPF_JUMP)) return true;
  i64 d = rv_insn_field(v->at, v->op->fmt, RV_FIELD_J);
  i64 target = (i64)v->next + d;
  if (flags & RV_OPF_BACK)
    RULE(v, JUMP_BACK, d < 0, "jump forward by %d words", (int)d);
  else
    RULE(v, JUMP_FORWARD, d >= 0, "jump backward by %d words", (int)-d);
  bool inside = target >= 0 && target < v->f->ncode;
  RULE(v, JUMP_TARGET, inside, "jump to pc %lld of %u", (long long)target,
       v->f->ncode);
  return !inside || check_jump_to(v, (u32)target, h);
}

/* A height is declared at this pc: control may fall into it. */
static bool arrive(Walk *v, u32 i) {
  const RvHeight *to = &v->f->heights[i];
  Place *p = &v->places[i];
  const Region *r = top_region(v);
  RULE(v, LOOP_SHAPE, !r || p->jump == NEVER || p->jump >= r->start,
       "the jump at pc %u leads into a loop", p->jump);
  p->region = v->region;
  RULE(v, OPEN_NEXT, !v->open, "open results come to a jump target");
  if (v->alive) {
    if (!check_edge(v, i, v->h)) return false;
  } else {
    p->used = true;
  }
  v->h = (RvHeights){to->regs, to->cells, to->tbc};
  v->alive = true;
  return true;
}

/* Heights declared between here and the next instruction. */
static bool check_inside(Walk *v) {
  for (; v->nplaces < v->f->nheights; v->nplaces++) {
    const RvHeight *h = &v->f->heights[v->nplaces];
    if (h->pc >= v->next) break;
    Place *p = &v->places[v->nplaces];
    RULE(v, JUMP_TARGET, !p->used, "a jump leads inside of it, to pc %u",
         h->pc);
    RULE(v, HEIGHTS, p->used, "a height is declared inside of it");
    p->used = true;
  }
  return true;
}

static bool begin(Walk *v) {
  v->is_start[v->pc] = 1;
  if (!leave_regions(v)) return false;
  const RvFunc *f = v->f;
  if (v->nplaces < f->nheights && f->heights[v->nplaces].pc == v->pc)
    return arrive(v, v->nplaces++);
  RULE(v, HEIGHTS, v->alive, "no height is declared after an end");
  return true;
}

static void mark_height(Walk *v) {
  if (v->nmarks && v->pc - v->marks[v->nmarks - 1].pc < RV_MARK_WORDS &&
      !v->place_at[v->pc])
    return;
  v->marks[v->nmarks++] = (RvHeight){v->pc, (u8)v->h.regs, (u8)v->h.cells,
                                     (u8)v->h.tbc};
}

/* -- One instruction --------------------------------------------------------------- */

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

static bool check_words(Walk *v) {
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

static bool check_insn(Walk *v) {
  if (v->open)
    RULE(v, OPEN_NEXT, takes_open(v), "does not take the open results");
  if (!check_operands(v) || !check_effects(v) || !check_writes(v)) return false;
  RvHeights jump, fall = rv_height_step(v->img, v->f, v->pc, v->h, &jump);
  if (!check_jump(v, jump)) return false;
  for (u32 i = 0; i < v->op->neffects; i++)
    if (!check_loop(v, v->op->effect[i].kind)) return false;
  v->open = leaves_open(v);
  v->alive = !(v->op->flags & RV_OPF_END);
  v->h = fall;
  return true;
}

static bool walk_one(Walk *v) {
  v->at = v->f->code + v->pc;
  v->op = rv_op_info(RV_INSN_OP(*v->at));
  v->next = v->pc + 1;
  if (!begin(v)) return false;
  mark_height(v);
  if (v->op->name) {
    if (!check_words(v)) return false;
    if (v->next <= v->f->ncode && !check_insn(v)) return false;
  } else {
    RULE(v, OP_VALID, false, "no instruction has number 0x%02x",
         RV_INSN_OP(*v->at));
  }
  if (!check_inside(v)) return false;
  v->pc = v->next;
  return true;
}

/* -- One function ------------------------------------------------------------------ */

static bool check_frame(Walk *v) {
  const RvFunc *f = v->f;
  u8 flags = RV_FUNC_VARARG | (v->library ? RV_FUNC_NATIVE : 0);
  RULE(v, FRAME, first_ordinary(f) <= f->nregs && f->nregs <= RV_MAX_REGS,
       "%u parameters and %u cells in %u registers", f->nparams, f->ncells,
       f->nregs);
  RULE(v, FRAME, f->nup <= MAX_UPVALUES, "%u upvalues", f->nup);
  RULE(v, FUNC_FLAGS, !(f->flags & ~flags), "flags 0x%02x", f->flags);
  RULE(v, CODE_SIZE, f->ncode <= MAX_CODE, "%u words of code", f->ncode);
  RULE(v, FALL_OFF, f->ncode > 0, "no code");
  return true;
}

static bool check_debug(Walk *v) {
  const RvFunc *f = v->f;
  for (u32 i = 0; i < f->nlines; i++)
    RULE(v, DEBUG_RANGE, f->lines[i].pc < f->ncode, "line %u begins at pc %u",
         f->lines[i].line, f->lines[i].pc);
  for (u32 i = 0; i < f->nlocals; i++) {
    const RvLocal *l = &f->locals[i];
    RULE(v, DEBUG_RANGE, l->to <= f->ncode, "local %u ends at pc %u", i, l->to);
    RULE(v, DEBUG_RANGE, l->reg < f->nregs && l->is_cell == is_cell(f, l->reg),
         "local %u is in register %u", i, l->reg);
  }
  return true;
}

/* Declared heights lie in the frame; place_at knows where they are. */
static bool enter_heights(Walk *v) {
  const RvFunc *f = v->f;
  memset(v->is_start, 0, f->ncode);
  for (u32 i = 0; i < f->nheights; i++) {
    const RvHeight *h = &f->heights[i];
    RULE(v, HEIGHTS, h->pc < f->ncode, "a height is declared at pc %u", h->pc);
    RULE(v, HEIGHTS,
         h->regs <= f->nregs && is_above_cells(f, h->regs) &&
             h->cells <= f->ncells && h->tbc <= RV_MAX_REGS,
         "heights %u %u %u at pc %u do not fit the frame", h->regs, h->cells,
         h->tbc, h->pc);
    v->places[i] = (Place){.jump = NEVER};
    if (h->pc < f->ncode) v->place_at[h->pc] = i + 1;
  }
  return true;
}

static void leave_heights(Walk *v) {
  for (u32 i = 0; i < v->f->nheights; i++)
    if (v->f->heights[i].pc < v->f->ncode)
      v->place_at[v->f->heights[i].pc] = 0;
}

static bool check_code(Walk *v) {
  RvFunc *f = v->f;
  v->h = rv_height_entry(f);
  v->alive = true;
  v->open = false;
  v->region = v->nregions = v->nplaces = v->ncaches = v->nmarks = 0;
  for (v->pc = 0; v->pc < f->ncode;)
    if (!walk_one(v)) return false;
  v->pc = NEVER;
  if (!leave_regions(v)) return false;
  RULE(v, CACHE_COUNT, v->ncaches == f->ncaches,
       "%u cache slots for %u instructions", f->ncaches, v->ncaches);
  for (u32 i = 0; i < f->nheights; i++)
    RULE(v, HEIGHTS, v->places[i].used,
         "a height is declared at pc %u, where no jump leads",
         f->heights[i].pc);
  return true;
}

static bool keep_marks(Walk *v) {
  RvFunc *f = v->f;
  if (f->nmarks != v->nmarks || !f->marks) {
    f->marks = rv_image_alloc(v->img, v->nmarks * sizeof *f->marks);
    if (!f->marks && v->nmarks) return out_of_memory(v);
  }
  f->nmarks = v->nmarks;
  if (v->nmarks) memcpy(f->marks, v->marks, v->nmarks * sizeof *f->marks);
  return true;
}

static bool check_func(Walk *v, u32 i) {
  v->func = i;
  v->f = &v->img->funcs[i];
  v->pc = NEVER;
  v->op = NULL;
  if (!check_frame(v) || !check_debug(v)) return false;
  bool good = enter_heights(v) && check_code(v) && keep_marks(v);
  leave_heights(v);
  return good;
}

/* -- The image --------------------------------------------------------------------- */

static bool check_tables(Walk *v) {
  RvDiag why;
  RULE(v, TABLES, rv_image_check(v->img, &why), "%s", why.text);
  return true;
}

static bool check_modules(Walk *v) {
  const RvImage *img = v->img;
  for (u32 i = 0; i < img->nmodules; i++) {
    u32 func = img->modules[i].func;
    if (func >= img->nfuncs) continue;
    RULE(v, MAIN_UPVAL, img->funcs[func].nup <= 1,
         "the main function of module %u has %u upvalues", i,
         img->funcs[func].nup);
  }
  return true;
}

static Needs find_needs(const RvFunc *f) {
  Needs n = {.min_cell = 255};
  for (u32 i = 0; i < f->nup; i++) {
    u8 x = f->captures[i].index;
    if (!f->captures[i].from_cell) {
      n.ups = 1;
      if (x > n.max_up) n.max_up = x;
      continue;
    }
    n.cells = 1;
    if (x < n.min_cell) n.min_cell = x;
    if (x > n.max_cell) n.max_cell = x;
  }
  return n;
}

static void *scratch(size_t n, size_t size) {
  void *p = rv_image_malloc((n + 1) * size);
  return p ? memset(p, 0, (n + 1) * size) : NULL;
}

static bool make_scratch(Walk *v) {
  const RvImage *img = v->img;
  size_t words = 0, heights = 0, marks = 0;
  for (u32 i = 0; i < img->nfuncs; i++) {
    const RvFunc *f = &img->funcs[i];
    size_t m = (size_t)f->nheights + f->ncode / RV_MARK_WORDS + 1;
    if (f->ncode > words) words = f->ncode;
    if (f->nheights > heights) heights = f->nheights;
    if (m > marks) marks = m;
  }
  v->needs = scratch(img->nfuncs, sizeof *v->needs);
  v->place_at = scratch(words, sizeof *v->place_at);
  v->is_start = scratch(words, sizeof *v->is_start);
  v->places = scratch(heights, sizeof *v->places);
  v->marks = scratch(marks, sizeof *v->marks);
  return v->needs && v->place_at && v->is_start && v->places && v->marks;
}

static void drop_scratch(Walk *v) {
  free(v->needs);
  free(v->place_at);
  free(v->is_start);
  free(v->places);
  free(v->marks);
  free(v->regions);
}

static bool check_image(Walk *v) {
  if (!check_tables(v) || !check_modules(v)) return false;
  if (!make_scratch(v)) return out_of_memory(v);
  for (u32 i = 0; i < v->img->nfuncs; i++)
    v->needs[i] = find_needs(&v->img->funcs[i]);
  for (u32 i = 0; i < v->img->nfuncs; i++)
    if (!check_func(v, i)) return false;
  return true;
}

static bool verify(RvImage *img, RvDiag *d, bool library) {
  Walk v = {.img = img, .d = d, .library = library, .pc = NEVER};
  img->verified = 0;
  bool good = check_image(&v);
  drop_scratch(&v);
  img->verified = good;
  return good;
}

bool rv_verify_image(RvImage *img, RvDiag *d) { return verify(img, d, false); }

bool rv_verify_library(RvImage *img, RvDiag *d) { return verify(img, d, true); }
