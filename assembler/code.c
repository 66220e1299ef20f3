/* SPDX-License-Identifier: MIT */
/* Instruction words by the table: find, take apart, put together. */
#include "assembler/code.h"

#include "vm/walk.h"

const char *const rva_sig_type_name[RV_SIG_NTYPES] = {
    [RV_SIG_VOID] = "void",   [RV_SIG_ANY] = "any",
    [RV_SIG_BOOL] = "bool",   [RV_SIG_INT] = "int",
    [RV_SIG_FLT] = "float",   [RV_SIG_STR] = "str",
    [RV_SIG_BUF] = "buf",     [RV_SIG_TABLE] = "table",
    [RV_SIG_FUNC] = "func",   [RV_SIG_HANDLE] = "handle",
    [RV_SIG_I8] = "i8",       [RV_SIG_U8] = "u8",
    [RV_SIG_I16] = "i16",     [RV_SIG_U16] = "u16",
    [RV_SIG_I32] = "i32",     [RV_SIG_U32] = "u32",
    [RV_SIG_I64] = "i64",     [RV_SIG_U64] = "u64",
    [RV_SIG_F32] = "f32",     [RV_SIG_F64] = "f64",
    [RV_SIG_PTR] = "ptr",     [RV_SIG_BYTES] = "bytes",
    [RV_SIG_CALLBACK] = "fn",
};

const char *const rva_import_kind[] = {[RV_IMPORT_DEVICE] = "device",
                                       [RV_IMPORT_NATIVE] = "native",
                                       [RV_IMPORT_BUILTIN] = "builtin"};

u32 rva_sig_key(const RvSig *s, char key[RVA_SIG_KEY]) {
  u32 n = 0;
  key[n++] = (char)s->nargs;
  key[n++] = (char)s->nres;
  for (u32 i = 0; i < (u32)s->nargs + s->nres; i++) {
    const RvSigItem *it = i < s->nargs ? &s->args[i] : &s->res[i - s->nargs];
    key[n++] = (char)it->type;
    key[n++] = (char)it->opt;
    memcpy(key + n, &it->size, 4);
    memcpy(key + n + 4, &it->callback, 4);
    n += 8;
  }
  return n;
}

const struct RvOpInfo *rva_op_named(const char *name, size_t len) {
  if (len == 0) return NULL;
  for (u32 op = 0; op < 256; op++) {
    const struct RvOpInfo *info = rv_op_info((u8)op);
    const char *s = info->name;
    if (s && *s == *name && strlen(s) == len && memcmp(s, name, len) == 0)
      return info;
  }
  return NULL;
}

const struct RvOpInfo *rva_decode(const RvInsn *code, u32 ncode, u32 pc) {
  const struct RvOpInfo *info = rv_op_info(RV_INSN_OP(code[pc]));
  if (!info->name) return NULL;
  if (info->words == 1) return info;
  if (pc + 1 >= ncode || RV_INSN_OP(code[pc + 1]) != RV_OP_EXTRA) return NULL;
  return info;
}

i64 rva_operand(const struct RvOpInfo *info, const RvInsn *w, u32 i) {
  i64 v = rv_insn_field(w, info->fmt, info->operand[i].field);
  return info->operand[i].kind == RV_KIND_I8 ? (i8)v : v;
}

void rva_operand_range(struct RvOperand o, i64 *lo, i64 *hi) {
  u32 bits = o.field == RV_FIELD_D || o.field == RV_FIELD_S   ? 16
             : o.field == RV_FIELD_E || o.field == RV_FIELD_J ? 24
                                                              : 8;
  bool is_signed =
      o.field == RV_FIELD_S || o.field == RV_FIELD_J || o.kind == RV_KIND_I8;
  *lo = is_signed ? -((i64)1 << (bits - 1)) : 0;
  *hi = ((i64)1 << (bits - is_signed)) - 1;
}

void rva_encode(const struct RvOpInfo *info, const i64 *v, RvInsn w[2]) {
  w[0] = info->op;
  w[1] = RV_OP_EXTRA;
  for (u32 i = 0; i < info->noperands; i++) {
    u32 x = (u32)v[i];
    switch (info->operand[i].field) {
    case RV_FIELD_A: w[0] |= (x & 0xff) << 8; break;
    case RV_FIELD_B: w[0] |= (x & 0xff) << 16; break;
    case RV_FIELD_C: w[0] |= x << 24; break;
    case RV_FIELD_D:
    case RV_FIELD_S: w[0] |= x << 16; break;
    case RV_FIELD_E: w[1] |= x << 8; break;
    case RV_FIELD_J: w[info->words - 1] |= x << 8; break;
    }
  }
}

i64 rva_jump_target(const struct RvOpInfo *info, const RvInsn *w, u32 pc) {
  return (i64)pc + info->words + rv_insn_field(w, info->fmt, RV_FIELD_J);
}

void rva_mark(const RvInsn *code, u32 ncode, u8 *marks) {
  for (u32 pc = 0; pc < ncode;) {
    const struct RvOpInfo *info = rva_decode(code, ncode, pc);
    u32 words = info ? info->words : 1;
    marks[pc] |= RVA_START;
    if (info && info->flags & RV_OPF_JUMP) {
      i64 to = rva_jump_target(info, code + pc, pc);
      if (to >= 0 && to <= ncode) marks[to] |= RVA_TARGET;
    }
    pc += words;
    if (info && info->flags & RV_OPF_END) marks[pc] |= RVA_AFTER_END;
  }
  marks[ncode] |= RVA_START;
  for (u32 pc = 0; pc < ncode; pc++)
    if (!(marks[pc] & RVA_START)) marks[pc] = 0;
}
