/* SPDX-License-Identifier: MIT */
/* The verifier's state while it walks. Private to verify*.c. */
#ifndef RV_VM_VERIFY_IMPL_H
#define RV_VM_VERIFY_IMPL_H

#include "vm/walk.h"

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

/* -- Refusing -------------------------------------------------------------- */

/* True, and the diagnostic written, unless the rule is switched off. */
bool rv_walk_refuse(Walk *v, enum RvRule rule, const char *fmt, ...)
    RV_PRINTF(3, 4);
/* False, and the diagnostic says so. */
bool rv_walk_no_memory(Walk *v);

/* Returns false from the caller when the rule is broken. */
#define RULE(v, rule, cond, ...)                                               \
  do {                                                                         \
    if (RV_UNLIKELY(!(cond)) &&                                                \
        rv_walk_refuse(v, RV_RULE_##rule, __VA_ARGS__))                        \
      return false;                                                            \
  } while (0)

/* -- Registers ------------------------------------------------------------- */

RV_INLINE u32 first_ordinary(const RvFunc *f) { return f->nparams + f->ncells; }

RV_INLINE bool is_cell(const RvFunc *f, u32 r) {
  return r >= f->nparams && r < first_ordinary(f);
}

/* Nothing of a callee's frame at F or above lies over a cell register. */
RV_INLINE bool is_above_cells(const RvFunc *f, u32 F) {
  return f->ncells == 0 || F >= first_ordinary(f);
}

/* Bits F .. F+n-1 of word i of a set of 256. */
RV_INLINE u64 mask_of(u32 F, u32 n, u32 i) {
  u32 low = 64 * i, end = F + n;
  if (n == 0 || end <= low || F >= low + 64) return 0;
  u64 from = F > low ? ~0ull << (F - low) : ~0ull;
  u64 to = end < low + 64 ? ~0ull >> (low + 64 - end) : ~0ull;
  return from & to;
}

/* Is one of registers F .. F+n-1 a control slot of a loop around here? */
RV_INLINE bool has_slot(const Walk *v, u32 F, u32 n) {
  if (!v->region) return false;
  const u64 *s = v->regions[v->region - 1].slots;
  u64 hit = 0;
  for (u32 i = 0; i < 4; i++) hit |= s[i] & mask_of(F, n, i);
  return hit != 0;
}

/* -- verify_insn.c: one instruction by itself ------------------------------ */

/* Its words: unnamed bits, EXTRA word, something behind it. Sets v->next. */
bool rv_walk_words(Walk *v);
/* Its operands and effects, on the heights before it. */
bool rv_walk_insn(Walk *v);
/* Does it take, or leave, open results? */
bool rv_walk_takes_open(const Walk *v);
bool rv_walk_leaves_open(const Walk *v);
bool rv_walk_has_effect(const struct RvOpInfo *op, u8 kind);

/* -- verify_flow.c: the ways between instructions -------------------------- */

/* Control comes to v->pc: loops that end here, a height declared here. */
bool rv_walk_begin(Walk *v);
/* Its jump, taken with heights h. */
bool rv_walk_jump(Walk *v, RvHeights h);
/* Loops that it opens or closes; after its jump, which is still outside of a
   loop that it opens. */
bool rv_walk_loops(Walk *v);
/* Heights declared between it and the next one. */
bool rv_walk_inside(Walk *v);
/* Loops that end at v->pc or before. */
bool rv_walk_leave_loops(Walk *v);

#endif
