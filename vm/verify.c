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
   that has been closed is seen at the jump (targets remember their region).

   The tables of opinfo.h drive all of it; verify*.c names no instruction. All
   conditions are on the heights before the instruction, since effects are so
   written; rv_height_step then gives the heights behind it, and the collector
   will walk by that same function.

   Every check is one rule, and each rule refuses something that no other one
   does: tests/unit/verify.c has such a function for each, and switches the
   rule off to see it accepted. With a rule off the walk still reads no memory
   that is not there, hence a few `if`s that look superfluous.

   Cost: a constant time per word, capture and declaration; 5 bytes of scratch
   per word and 12 per declaration of the largest function. verify_insn.c looks
   at one instruction, verify_flow.c at the ways between them. */
#include "vm/verify.h"

#include <stdarg.h>
#include <stdlib.h>

#include "vm/image_file.h"
#include "vm/num.h"
#include "vm/verify_impl.h"

#include "opinfo.h"

#ifdef RV_CHECK
int rv_verify_disabled_rule = -1;
#define is_disabled(rule) ((int)(rule) == rv_verify_disabled_rule)
#else
#define is_disabled(rule) false
#endif

#define MAX_CODE (1u << 24)
#define MAX_UPVALUES 255u

/* -- Refusing -------------------------------------------------------------- */

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

bool rv_walk_refuse(Walk *v, enum RvRule rule, const char *fmt, ...) {
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

bool rv_walk_no_memory(Walk *v) {
  rv_diag(v->d, "out of memory");
  return false;
}

/* -- One instruction ------------------------------------------------------- */

static void mark_height(Walk *v) {
  if (v->nmarks && v->pc - v->marks[v->nmarks - 1].pc < RV_MARK_WORDS &&
      !v->place_at[v->pc])
    return;
  v->marks[v->nmarks++] = (RvHeight){v->pc, (u8)v->h.regs, (u8)v->h.cells,
                                     (u8)v->h.tbc};
}

static bool check_insn(Walk *v) {
  if (v->open)
    RULE(v, OPEN_NEXT, rv_walk_takes_open(v), "does not take the open results");
  if (!rv_walk_insn(v)) return false;
  RvHeights jump, fall = rv_height_step(v->img, v->f, v->pc, v->h, &jump);
  if (!rv_walk_jump(v, jump) || !rv_walk_loops(v)) return false;
  v->open = rv_walk_leaves_open(v);
  v->alive = !(v->op->flags & RV_OPF_END);
  v->h = fall;
  return true;
}

static bool walk_one(Walk *v) {
  v->at = v->f->code + v->pc;
  v->op = rv_op_info(RV_INSN_OP(*v->at));
  v->next = v->pc + 1;
  if (!rv_walk_begin(v)) return false;
  mark_height(v);
  if (v->op->name) {
    if (!rv_walk_words(v)) return false;
    if (v->next <= v->f->ncode && !check_insn(v)) return false;
  } else {
    RULE(v, OP_VALID, false, "no instruction has number 0x%02x",
         RV_INSN_OP(*v->at));
  }
  if (!rv_walk_inside(v)) return false;
  v->pc = v->next;
  return true;
}

/* -- One function ---------------------------------------------------------- */

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
  if (!rv_walk_leave_loops(v)) return false;
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
    if (!f->marks && v->nmarks) return rv_walk_no_memory(v);
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

/* -- The image ------------------------------------------------------------- */

static bool check_tables(Walk *v) {
  RvDiag why;
  RULE(v, TABLES, rv_image_check(v->img, &why), "%s", why.text);
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
  if (!check_tables(v)) return false;
  if (!make_scratch(v)) return rv_walk_no_memory(v);
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
