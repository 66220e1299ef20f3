/* SPDX-License-Identifier: MIT */
/* The verifier: refuses any function the loop could not run safely. */
#ifndef RV_VM_VERIFY_H
#define RV_VM_VERIFY_H

#include "vm/image.h"

/* Checks every function of img in time linear in its size and sets
   img->verified. False: *d names function, pc and rule (or memory is out: no
   rule). Not to be called while another thread uses img. */
bool rv_verify_image(RvImage *img, RvDiag *d);
/* The same for the library image, whose functions may be flagged native. */
bool rv_verify_library(RvImage *img, RvDiag *d);

/* Height at an instruction, for the collector, debugger and trace exits. */
typedef struct RvHeights {
  u32 regs, cells, tbc;
} RvHeights;

/* The walk of machine.md "Heights": the triple before the effect of the
   instruction at pc (first word). img must be verified. Takes a binary search
   and at most RV_MARK_WORDS steps. */
RvHeights rv_height_at(const RvImage *img, const RvFunc *f, u32 pc);

/* Words between two marks of RvFunc.marks at most. A mark costs 8 bytes. */
#define RV_MARK_WORDS 16u

/* One step of that walk, also for assemblers that work out the heights of
   labels: the triple after the instruction at pc when control falls through,
   and in *jump (if not NULL) when its jump is taken. Checks nothing. */
RvHeights rv_height_step(const RvImage *img, const RvFunc *f, u32 pc,
                         RvHeights h, RvHeights *jump);
/* The height at entry. */
RvHeights rv_height_entry(const RvFunc *f);

/* Is register reg at pc a control slot of a loop around pc? Then debuggers may
   not set it. Walks the function from its start. */
bool rv_is_control_slot(const RvFunc *f, u32 pc, u32 reg);

/* Tests only: switches one rule off (RvRule), -1 for none. Process-wide, so
   it exists in builds with RV_CHECK alone. */
#ifdef RV_CHECK
extern int rv_verify_disabled_rule;
#endif

#endif
