/* SPDX-License-Identifier: MIT */
/* Heights and frame sizes that the text leaves to the assembler. */
#ifndef RV_ASSEMBLER_HEIGHTS_H
#define RV_ASSEMBLER_HEIGHTS_H

#include "assembler/mem.h"
#include "vm/image.h"

/* Replaces the heights of f, those stated in the text in ascending order, by a
   full table: an entry wherever one is due or stated. The others get the
   greatest values that no edge into them falls below. False without memory. */
bool rva_infer_heights(RvaMem *m, const RvImage *img, RvFunc *f);

/* Registers that the instructions of f need, as far as their operands tell. */
u32 rva_measure_regs(const RvImage *img, const RvFunc *f);

#endif
