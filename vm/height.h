/* SPDX-License-Identifier: MIT */
/* Heights: which registers of a frame are defined at an instruction
   (machine.md, "Heights"). */
#ifndef RV_VM_HEIGHT_H
#define RV_VM_HEIGHT_H

#include "vm/image.h"

typedef struct RvHeights {
  u32 regs, cells, tbc;
} RvHeights;

/* The height at entry. */
RvHeights rv_height_entry(const RvFunc *f);

/* One step of the walk, also for assemblers that work out the heights of
   labels: the triple after the instruction at pc when control falls through,
   and in *jump (if not NULL) when its jump is taken. Checks nothing. */
RvHeights rv_height_step(const RvImage *img, const RvFunc *f, u32 pc,
                         RvHeights h, RvHeights *jump);

/* The triple before the effect of the instruction at pc (first word), for the
   collector, debuggers and trace exits. img must be verified. Takes a binary
   search in marks that the verifier made and at most RV_MARK_WORDS steps. */
RvHeights rv_height_at(const RvImage *img, const RvFunc *f, u32 pc);

/* Words between two marks of RvFunc.marks at most. A mark costs 8 bytes. */
#define RV_MARK_WORDS 16u

/* Is register reg at pc a control slot of a loop around pc? Then debuggers may
   not set it. Walks the function from its start; the image must be verified. */
bool rv_is_control_slot(const RvFunc *f, u32 pc, u32 reg);

#endif
