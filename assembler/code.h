/* SPDX-License-Identifier: MIT */
/* Instruction words by the table: find, take apart, put together. */
#ifndef RV_ASSEMBLER_CODE_H
#define RV_ASSEMBLER_CODE_H

#include "opcodes.h"
#include "vm/image.h"

/* The instruction of that name; NULL when there is none. */
const struct RvOpInfo *rva_op_named(const char *name, size_t len);

/* The instruction at code[pc], its EXTRA word included; NULL when the words do
   not form one, and then the word at pc stands for itself. */
const struct RvOpInfo *rva_decode(const RvInsn *code, u32 ncode, u32 pc);

/* Value of operand i, signed for fields S and J and for kind i8. */
i64 rva_operand(const struct RvOpInfo *info, const RvInsn *w, u32 i);

/* Least and greatest value an operand of this field and kind can hold. */
void rva_operand_range(struct RvOperand o, i64 *lo, i64 *hi);
/* The words of an instruction with these operands, which must be in range. */
void rva_encode(const struct RvOpInfo *info, const i64 *v, RvInsn w[2]);

/* Where the jump at pc goes, possibly outside the code. */
i64 rva_jump_target(const struct RvOpInfo *info, const RvInsn *w, u32 pc);

/* How signatures write a type, by RvSigType. */
extern const char *const rva_sig_type_name[RV_SIG_NTYPES];
/* How imports write their kind, by RvImportKind. */
extern const char *const rva_import_kind[];

/* Content of a signature as a map key; returns its length. */
#define RVA_SIG_KEY (2 + 2 * RV_SIG_MAX * 10)
u32 rva_sig_key(const RvSig *s, char key[RVA_SIG_KEY]);

/* What stands at a pc. A height is due where a jump of the code leads (TARGET)
   and after an instruction that does not fall through (AFTER_END), if an
   instruction starts there. */
enum { RVA_START = 1, RVA_TARGET = 2, RVA_AFTER_END = 4 };
#define RVA_DUE (RVA_TARGET | RVA_AFTER_END)
/* Fills marks[0..ncode] (zeroed by the caller); marks on words that start no
   instruction are taken away. The end of the code counts as a start. */
void rva_mark(const RvInsn *code, u32 ncode, u8 *marks);

#endif
