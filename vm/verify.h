/* SPDX-License-Identifier: MIT */
/* The verifier: refuses any function the loop could not run safely. */
#ifndef RV_VM_VERIFY_H
#define RV_VM_VERIFY_H

#include "vm/image.h"

/* Checks every function of img in time linear in its size and sets
   img->verified. False: *d names function, pc and rule. */
bool rv_verify_image(RvImage *img, RvDiag *d);

/* Height at an instruction, for the collector, debugger and trace exits. */
typedef struct RvHeights {
  u32 regs, cells, tbc;
} RvHeights;

/* The walk of machine.md "Heights": the triple before the effect of the
   instruction at pc (first word). img must be verified. */
RvHeights rv_height_at(const RvImage *img, const RvFunc *f, u32 pc);

/* Tests only: switches one rule off (RvRule), -1 for none. Process-wide, so
   it exists in builds with RV_CHECK alone. */
#ifdef RV_CHECK
extern int rv_verify_disabled_rule;
#endif

#endif
