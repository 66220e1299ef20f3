/* SPDX-License-Identifier: MIT */
/* What a program calls the value in a register: found in the code and its debug
   information alone, by looking for the instruction that put the value there
   (machine.md, "Names of values"). */
#ifndef RV_VM_VARNAME_H
#define RV_VM_VARNAME_H

#include "vm/image.h"

typedef struct RvVarName {
  const char *kind; /* "local", "global", "field", ...; NULL: no name */
  const char *name;
  u64 words; /* words and locals looked at, to be paid for */
} RvVarName;

/* The register before the instruction at pc (its first word) has run. */
RvVarName rv_varname(const RvImage *img, const RvFunc *f, u32 pc, u32 reg);
/* Operand n (from 0, as opcodes.isa lists them) of the instruction at pc:
   a register or an upvalue; others have no name. */
RvVarName rv_varname_operand(const RvImage *img, const RvFunc *f, u32 pc,
                             u32 n);
/* What the instruction at pc calls, when it calls: the called register's name,
   "for iterator", or "metamethod" with the event's name. */
RvVarName rv_varname_call(const RvImage *img, const RvFunc *f, u32 pc);
/* The variable that the `tbc` at pc marks: it may come to be right behind. */
RvVarName rv_varname_tbc(const RvImage *img, const RvFunc *f, u32 pc);
/* First word of the instruction that wrote the register last before pc; false
   when that is not known. */
bool rv_varname_setter(const RvFunc *f, u32 pc, u32 reg, u32 *at);
/* Active local number n (from 0, in the order of the table) at pc, or NULL. */
const RvLocal *rv_varname_local(const RvFunc *f, u32 pc, u32 n);

#endif
