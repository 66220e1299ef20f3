/* SPDX-License-Identifier: MIT */
/* Packing and unpacking of one instruction word (drawn in encoding.md). */
#ifndef RV_VM_INSN_H
#define RV_VM_INSN_H

#include "vm/conf.h"

/*   31      24 23      16 15       8 7        0
    +----------+----------+----------+----------+
    |    C     |    B     |    A     |    op    |   ABC
    |          D          |    A     |    op    |   AD (S: D signed)
    |               J (signed)       |    op    |   J
    |               E                |  EXTRA   |   second word
    +----------+----------+----------+----------+ */
typedef u32 RvInsn;

#define RV_INSN_OP(w) ((u8)(w))
#define RV_INSN_A(w) ((u8)((w) >> 8))
#define RV_INSN_B(w) ((u8)((w) >> 16))
#define RV_INSN_C(w) ((u8)((w) >> 24))
#define RV_INSN_D(w) ((u16)((w) >> 16))
#define RV_INSN_S(w) ((i16)((w) >> 16))
#define RV_INSN_E(w) ((u32)((w) >> 8))
#define RV_INSN_J(w) ((i32)(w) >> 8)

RV_INLINE RvInsn rv_insn_abc(u8 op, u32 a, u32 b, u32 c) {
  return (u32)op | a << 8 | b << 16 | c << 24;
}

RV_INLINE RvInsn rv_insn_ad(u8 op, u32 a, u32 d) {
  return (u32)op | a << 8 | (d & 0xffffu) << 16;
}

RV_INLINE RvInsn rv_insn_j(u8 op, i32 j) { return (u32)op | (u32)j << 8; }

#endif
