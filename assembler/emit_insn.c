/* SPDX-License-Identifier: MIT */
/* The tree becomes an image: one instruction after the other, by the table. */
#include <string.h>

#include "assembler/code.h"
#include "assembler/emit.h"

/* -- Operands -------------------------------------------------------------- */

static const char *opd_text(const RvaOpd *o) {
  static const char *const text[] = {
      [RVA_OPD_REG] = "register", [RVA_OPD_CELL] = "cell register",
      [RVA_OPD_UPV] = "upvalue",  [RVA_OPD_INDEX] = "@number",
      [RVA_OPD_INT] = "integer",  [RVA_OPD_FLT] = "float",
      [RVA_OPD_STR] = "string",   [RVA_OPD_NAME] = "name",
      [RVA_OPD_OPEN] = "`*`",
  };
  return text[o->kind];
}

/* What an operand of a kind must look like, for messages. */
static const char *kind_text(u8 kind) {
  switch (kind) {
  case RV_KIND_WR:
  case RV_KIND_RD:
  case RV_KIND_WIN: return "register (r0..r249)";
  case RV_KIND_CW:
  case RV_KIND_CR: return "cell register (c0, c1, ...)";
  case RV_KIND_UP: return "upvalue (u0..u255)";
  case RV_KIND_K: return "constant (integer, float or string)";
  case RV_KIND_KN: return "number";
  case RV_KIND_KS: return "string";
  case RV_KIND_I8: return "integer (-128..127)";
  case RV_KIND_I16: return "integer (-32768..32767)";
  case RV_KIND_U8: return "integer (0..255)";
  case RV_KIND_U24: return "integer (0..16777215)";
  case RV_KIND_N: return "count (0..255)";
  case RV_KIND_NO: return "count (0..254) or `*`";
  case RV_KIND_JF:
  case RV_KIND_JB: return "label";
  case RV_KIND_CA:
  case RV_KIND_CX: return "string";
  case RV_KIND_IM:
  case RV_KIND_IB:
  case RV_KIND_IH: return "name of an import";
  case RV_KIND_PR: return "name of a function";
  default: return "@number";
  }
}

typedef struct Insn {
  const RvaStmt *s;
  const struct RvOpInfo *info;
  i64 v[4];
  const RvaOpd *label;
} Insn;

static void operand_error(RvaFn *fn, const Insn *in, u32 i, const RvaOpd *o) {
  rva_error(fn->a, o->loc, "expected %s for operand %u of `%s`, got %s",
            kind_text(in->info->operand[i].kind), i + 1, in->info->name,
            opd_text(o));
}

/* Value of a literal operand of kind k, kn, ks, ca or cx: a constant. */
static bool const_operand(RvaFn *fn, u8 kind, const RvaOpd *o, i64 *v) {
  bool number = o->kind == RVA_OPD_INT || o->kind == RVA_OPD_FLT;
  if (!number && o->kind != RVA_OPD_STR) return false;
  if (number && kind != RV_KIND_K && kind != RV_KIND_KN) return false;
  if (!number && kind == RV_KIND_KN) return false;
  *v = rva_add_const(fn, rva_literal(fn, o), false);
  return true;
}

static bool import_operand(RvaFn *fn, const RvaOpd *o, i64 *v) {
  u32 i = rva_map_get(&fn->e->imports, o->text.p, o->text.len);
  *v = i;
  if (i == RVA_NONE) {
    rva_error(fn->a, o->loc, "no import `%.*s`", RVA_TEXT(o->text));
    *v = 0;
  }
  return true;
}

/* Value of operand i as written by o; false when o is of the wrong kind. */
static bool operand_value(RvaFn *fn, Insn *in, u32 i, const RvaOpd *o) {
  u8 kind = in->info->operand[i].kind;
  i64 *v = &in->v[i];
  *v = (i64)o->v;
  if (o->kind == RVA_OPD_INDEX) return true;
  switch (kind) {
  case RV_KIND_WR:
  case RV_KIND_RD:
  case RV_KIND_WIN: return o->kind == RVA_OPD_REG && o->v < RV_MAX_REGS;
  case RV_KIND_CW:
  case RV_KIND_CR:
    *v = rva_cell_register(fn, o->v);
    return o->kind == RVA_OPD_CELL && *v < RV_MAX_REGS;
  case RV_KIND_UP: return o->kind == RVA_OPD_UPV && o->v < 256;
  case RV_KIND_CA:
  case RV_KIND_CX:
    if (!const_operand(fn, kind, o, v)) return false;
    *v = rva_add_cache(fn, (u32)*v);
    return true;
  case RV_KIND_K:
  case RV_KIND_KN:
  case RV_KIND_KS: return const_operand(fn, kind, o, v);
  case RV_KIND_NO:
    if (o->kind == RVA_OPD_OPEN) *v = RV_OPEN;
    else if (o->v == RV_OPEN) return false;
    return o->kind == RVA_OPD_INT || o->kind == RVA_OPD_OPEN;
  case RV_KIND_JF:
  case RV_KIND_JB:
    in->label = o;
    *v = 0;
    return o->kind == RVA_OPD_NAME;
  case RV_KIND_IM:
  case RV_KIND_IB:
  case RV_KIND_IH: return o->kind == RVA_OPD_NAME && import_operand(fn, o, v);
  case RV_KIND_PR:
    if (o->kind != RVA_OPD_NAME) return false;
    *v = rva_add_child(fn, o->loc, o->text, false);
    return true;
  case RV_KIND_CN: return false;
  default: return o->kind == RVA_OPD_INT;
  }
}

static bool fits(struct RvOperand o, i64 v) {
  i64 lo, hi;
  rva_operand_range(o, &lo, &hi);
  return v >= lo && v <= hi;
}

/* Does instruction b take everything a takes, in wider fields? By the table:
   the names differ by an `x`, the operands' order is the same. */
static const struct RvOpInfo *wide_form(const struct RvOpInfo *info) {
  char name[32];
  size_t n = strlen(info->name);
  if (n + 1 > sizeof name) return NULL;
  memcpy(name, info->name, n);
  name[n] = 'x';
  const struct RvOpInfo *x = rva_op_named(name, n + 1);
  return x && x->noperands == info->noperands ? x : NULL;
}

/* Takes the wide form when an operand needs it; false, with an error, when an
   operand fits neither. */
static bool fit_operands(RvaFn *fn, Insn *in, const RvaOpd *const *opds) {
  const struct RvOpInfo *info = in->info;
  for (u32 i = 0; i < info->noperands; i++) {
    if (fits(info->operand[i], in->v[i])) continue;
    const struct RvOpInfo *x = wide_form(info);
    if (x && fits(x->operand[i], in->v[i])) {
      in->info = x;
      return fit_operands(fn, in, opds);
    }
    const RvaOpd *o = opds[i];
    i64 lo, hi;
    rva_operand_range(info->operand[i], &lo, &hi);
    if (o && (o->kind == RVA_OPD_INDEX || o->kind == RVA_OPD_INT))
      rva_error(fn->a, o->loc, "expected %s for operand %u of `%s`, got %lld",
                o->kind == RVA_OPD_INT ? kind_text(info->operand[i].kind)
                                       : "@number within the field",
                i + 1, info->name, (long long)in->v[i]);
    else
      rva_error(fn->a, o ? o->loc : in->s->loc,
                "operand %u of `%s` has number %lld, the field ends at %lld",
                i + 1, info->name, (long long)in->v[i], (long long)hi);
    return false;
  }
  return true;
}

/* -- Instructions ---------------------------------------------------------- */

static void count_error(RvaFn *fn, const Insn *in, u32 want, u32 got) {
  const struct RvOpInfo *info = in->info;
  if (got < want)
    rva_error(fn->a, in->s->loc,
              "expected %s for operand %u of `%s`, got "
              "end of line",
              kind_text(info->operand[got].kind), got + 1, info->name);
  else
    rva_error(fn->a, in->s->loc, "`%s` takes %u operand%s, got %u", info->name,
              want, want == 1 ? "" : "s", got);
}

/* Operands that must be written: not the cache slot of an instruction that has
   no key. That is always the last one. */
static u32 least_operands(const struct RvOpInfo *info) {
  u32 n = info->noperands;
  return n > 0 && info->operand[n - 1].kind == RV_KIND_CN ? n - 1 : n;
}

void rva_emit_insn(RvaFn *fn, const RvaStmt *s) {
  Insn in = {.s = s, .info = rva_op_named(s->text.p, s->text.len)};
  const RvaOpd *opds[4] = {0};
  RvInsn w[2];
  u32 n = 0;
  if (!in.info) {
    rva_error(fn->a, s->loc, "unknown instruction `%.*s`", RVA_TEXT(s->text));
    return;
  }
  for (const RvaOpd *o = s->opd; o; o = o->next, n++)
    if (n < 4) opds[n] = o;
  u32 least = least_operands(in.info), most = in.info->noperands;
  if (n < least || n > most) {
    count_error(fn, &in, least, n);
    return;
  }
  for (u32 i = 0; i < n; i++)
    if (!operand_value(fn, &in, i, opds[i])) {
      operand_error(fn, &in, i, opds[i]);
      return;
    }
  if (n < most) in.v[n] = rva_add_cache(fn, 0);
  if (!fit_operands(fn, &in, opds)) return;
  rva_encode(in.info, in.v, w);
  for (u32 i = 0; i < in.info->words; i++) rva_push_word(fn, w[i]);
  if (in.label)
    RVA_PUSH(fn, fn->fixups, fn->cfixups, fn->nfixups,
             (RvaFixup){fn->f.ncode - 1, fn->f.ncode, in.label});
}

void rva_patch(RvaFn *fn, const RvaFixup *x) {
  const RvaText t = x->to->text;
  u32 to = rva_map_get(&fn->labels, t.p, t.len);
  if (to == RVA_NONE) {
    rva_error(fn->a, x->to->loc, "no label `%.*s` in this function",
              RVA_TEXT(t));
    return;
  }
  i64 distance = (i64)to - x->after;
  if (distance < -(1 << 23) || distance >= 1 << 23)
    rva_error(fn->a, x->to->loc, "label `%.*s` is too far away: %lld words",
              RVA_TEXT(t), (long long)distance);
  fn->f.code[x->word] |= (u32)distance << 8;
}
