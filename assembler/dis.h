/* SPDX-License-Identifier: MIT */
/* The disassembler's halves: image (disasm.c) and functions (dis_func.c). */
#ifndef RV_ASSEMBLER_DIS_H
#define RV_ASSEMBLER_DIS_H

#include "assembler/mem.h"
#include "assembler/out.h"
#include "assembler/tree.h"

typedef struct RvaDis {
  const RvImage *img;
  RvaOut *o;
  RvaMem mem;
  /* the order of strings */
  u8 *str_seen;
  u32 str_next;
  bool str_natural;
  /* names of functions in the text; where imports have one */
  RvaText *func_name;
  u8 *import_named;
  u32 *maker; /* first function with this one among its children */
  bool sigs_stated;
} RvaDis;

/* Writes a string that the assembler enters into its table here. */
void rva_dis_str(RvaDis *d, u32 i);
/* The same for one that is written without quotes, as a name. */
void rva_dis_name(RvaDis *d, u32 i);

/* Writes a function; false without memory. */
bool rva_dis_func(RvaDis *d, u32 func);

#endif
