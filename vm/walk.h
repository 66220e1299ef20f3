/* SPDX-License-Identifier: MIT */
/* One instruction read by the table. */
#ifndef RV_VM_WALK_H
#define RV_VM_WALK_H

#include "vm/height.h"

#include "opcodes.h"

/* By opcode; name is NULL where there is no instruction. */
const struct RvOpInfo *rv_op_info(u8 op);

/* The value of a field (RvField) of the instruction at `at`: the EXTRA word
   behind it is read for E, and for J unless the format is J alone. */
RV_INLINE i64 rv_insn_field(const RvInsn *at, u8 fmt, u8 field) {
  RvInsn w = at[0];
  switch (field) {
  case RV_FIELD_A: return RV_INSN_A(w);
  case RV_FIELD_B: return RV_INSN_B(w);
  case RV_FIELD_C: return RV_INSN_C(w);
  case RV_FIELD_D: return RV_INSN_D(w);
  case RV_FIELD_S: return RV_INSN_S(w);
  case RV_FIELD_E: return RV_INSN_E(at[1]);
  case RV_FIELD_J: return RV_INSN_J(fmt == RV_FMT_J ? w : at[1]);
  default: return 0;
  }
}

/* An argument of an effect. */
RV_INLINE u32 rv_effect_arg(const RvInsn *at, const struct RvOpInfo *op,
                            const struct RvEffectArg *a) {
  return (u32)rv_insn_field(at, op->fmt, a->field) + a->add;
}

/* Counts above the largest frame say "open"; only RV_OPEN passes the verifier
   (rule open-count). */
RV_INLINE bool rv_is_open(u32 count) { return count > RV_MAX_REGS; }

/* Words of `gforcall` and `gforloop`, which end a generic loop. */
#define RV_GLOOP_END 3u

/* Arguments and results of import d; none when it has no signature. */
RV_INLINE void rv_import_shape(const RvImage *img, u32 d, u32 *nargs,
                               u32 *nres) {
  const RvImport *p = d < img->nimports ? &img->imports[d] : NULL;
  *nargs = *nres = 0;
  if (!p || p->kind == RV_IMPORT_BUILTIN || p->sig >= img->nsigs) return;
  *nargs = img->sigs[p->sig].nargs;
  *nres = rv_sig_results(&img->sigs[p->sig]);
}

#endif
