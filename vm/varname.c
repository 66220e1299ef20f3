/* SPDX-License-Identifier: MIT */
/* Names of values in registers, by symbolic execution.

   The walk goes forward from the start of the function to the instruction in
   question and remembers the last one that wrote the register. A write that a
   forward jump may have skipped proves nothing about the value, so it gives no
   name; backward jumps are not looked at, since the code of a loop before the
   instruction runs before it in every round. */
#include "vm/varname.h"

#include <string.h>

#include "vm/walk.h"

#define NOWHERE UINT32_MAX

/* -- Locals ---------------------------------------------------------------- */

static bool is_active(const RvLocal *l, u32 pc) {
  return l->from <= pc && pc < l->to;
}

const RvLocal *rv_varname_local(const RvFunc *f, u32 pc, u32 n) {
  for (u32 i = 0; i < f->nlocals; i++)
    if (is_active(&f->locals[i], pc) && n-- == 0) return &f->locals[i];
  return NULL;
}

/* The last of the table, as an inner block's locals come later. */
static const char *local_name(const RvImage *img, const RvFunc *f, u32 pc,
                              u32 reg, u64 *words) {
  *words += f->nlocals;
  for (u32 i = f->nlocals; i-- > 0;) {
    const RvLocal *l = &f->locals[i];
    if (l->reg == reg && is_active(l, pc)) return img->strs[l->name].p;
  }
  return NULL;
}

static RvVarName named(const char *kind, const char *name) {
  return (RvVarName){name ? kind : NULL, name, 0};
}

/* -- Who wrote the register ------------------------------------------------ */

static bool effect_writes(const RvInsn *at, const struct RvOpInfo *op,
                          const struct RvEffect *e, u32 reg) {
  u32 from = rv_effect_arg(at, op, &e->arg[0]);
  switch (e->kind) {
  case RV_EFF_WRITES:
  case RV_EFF_WRITES_FALL:
  case RV_EFF_WRITES_JUMP:
  case RV_EFF_SCRATCH:
    return reg >= from && reg - from < rv_effect_arg(at, op, &e->arg[1]);
  case RV_EFF_RESULT: /* what was above is gone */
  case RV_EFF_RESULT_OPT:
  case RV_EFF_OPEN_OUT:
  case RV_EFF_HOST: return reg >= from;
  default: return false;
  }
}

static bool writes(const RvInsn *at, const struct RvOpInfo *op, u32 reg) {
  for (u32 i = 0; i < op->noperands; i++)
    if (op->operand[i].kind == RV_KIND_WR &&
        (u32)rv_insn_field(at, op->fmt, op->operand[i].field) == reg)
      return true;
  for (u32 i = 0; i < op->neffects; i++)
    if (effect_writes(at, op, &op->effect[i], reg)) return true;
  return false;
}

/* Where the instruction at pc may jump forward to, or pc. */
static u32 jump_of(const RvInsn *at, const struct RvOpInfo *op, u32 pc) {
  for (u32 i = 0; i < op->noperands; i++)
    if (op->operand[i].kind == RV_KIND_JF)
      return pc + op->words + (u32)rv_insn_field(at, op->fmt, RV_FIELD_J);
  return pc;
}

/* The instruction that wrote reg last before pc, NOWHERE when it is unknown:
   code before `sure` may have been skipped. */
static u32 setter_of(const RvFunc *f, u32 pc, u32 reg, u64 *words) {
  u32 setter = NOWHERE, sure = 0, next;
  *words += pc;
  for (u32 i = 0; i < pc; i = next) {
    const RvInsn *at = f->code + i;
    const struct RvOpInfo *op = rv_op_info(RV_INSN_OP(*at));
    next = i + op->words;
    u32 to = jump_of(at, op, i);
    if (to <= pc && to > sure) sure = to;
    if (writes(at, op, reg)) setter = i < sure ? NOWHERE : i;
  }
  return setter;
}

bool rv_varname_setter(const RvFunc *f, u32 pc, u32 reg, u32 *at) {
  u64 words = 0;
  *at = setter_of(f, pc, reg, &words);
  return *at != NOWHERE;
}

/* -- What it put there ----------------------------------------------------- */

static const char *const_name(const RvImage *img, const RvFunc *f, u32 k) {
  return k < f->nk && f->k[k].tag == RV_STR ? img->strs[f->k[k].v].p : NULL;
}

static RvVarName upvalue_name(const RvImage *img, const RvFunc *f, u32 up) {
  return named("upvalue",
               up < f->nupnames ? img->strs[f->upnames[up]].p : NULL);
}

/* The walk from a register to what was moved into it. */
typedef struct Trail {
  const RvImage *img;
  const RvFunc *f;
  u32 pc; /* where the register is asked for, then who wrote it, or NOWHERE */
  u32 reg;
  u64 words;
} Trail;

/* Names a variable or constant; otherwise t->pc is the instruction that wrote
   t->reg. Moves are followed down only: a value put aside comes from a lower
   register, a new variable's from a higher one. So the trail ends. */
static RvVarName simple_name(Trail *t) {
  const RvFunc *f = t->f;
  for (;;) {
    const char *local = local_name(t->img, f, t->pc, t->reg, &t->words);
    if (local) return named("local", local);
    t->pc = setter_of(f, t->pc, t->reg, &t->words);
    if (t->pc == NOWHERE) return named(NULL, NULL);
    const RvInsn *at = f->code + t->pc;
    u32 A = RV_INSN_A(*at), B = RV_INSN_B(*at);
    switch (RV_INSN_OP(*at)) {
    case RV_OP_MOVE:
      if (B >= A) return named(NULL, NULL);
      t->reg = B;
      continue;
    case RV_OP_GETCELL:
      return named("local", local_name(t->img, f, t->pc, B, &t->words));
    case RV_OP_GETUP: return upvalue_name(t->img, f, B);
    case RV_OP_LOADK:
      return named("constant", const_name(t->img, f, RV_INSN_D(*at)));
    case RV_OP_LOADKX:
      return named("constant", const_name(t->img, f, RV_INSN_E(at[1])));
    default: return named(NULL, NULL);
    }
  }
}

/* The simple name of a register that the instruction at t->pc reads. */
static RvVarName read_name(Trail *t, u32 reg) {
  Trail of = {t->img, t->f, t->pc, reg, 0};
  RvVarName n = simple_name(&of);
  t->words += of.words;
  return n;
}

/* A field is a global when what has it is the variable _ENV. */
static RvVarName field_name(RvVarName of, const char *key) {
  bool var = of.kind && strcmp(of.kind, "constant") != 0;
  bool global = var && strcmp(of.name, "_ENV") == 0;
  return named(global ? "global" : "field", key);
}

/* Key of a cached access; slots above 255 are in the EXTRA word. */
static const char *cached_key(const Trail *t, const RvInsn *at) {
  u32 words = rv_op_info(RV_INSN_OP(*at))->words;
  u32 slot = words == 2 ? RV_INSN_E(at[1]) : RV_INSN_C(*at);
  if (slot >= t->f->ncaches) return NULL;
  return const_name(t->img, t->f, t->f->cache_key[slot]);
}

/* A key in a register is named when it is a constant there and no variable. */
static const char *reg_key(Trail *t, u32 reg) {
  RvVarName n = read_name(t, reg);
  return n.kind && strcmp(n.kind, "constant") == 0 ? n.name : "?";
}

/* What the instruction at t->pc left in t->reg. */
static RvVarName access_name(Trail *t) {
  const RvInsn *at = t->f->code + t->pc;
  u32 A = RV_INSN_A(*at), B = RV_INSN_B(*at);
  switch (RV_INSN_OP(*at)) {
  case RV_OP_GETUPF:
  case RV_OP_GETUPFX:
    return field_name(upvalue_name(t->img, t->f, B), cached_key(t, at));
  case RV_OP_GETFIELD:
  case RV_OP_GETFIELDX: return field_name(read_name(t, B), cached_key(t, at));
  case RV_OP_GETIDX:
    return field_name(read_name(t, B), reg_key(t, RV_INSN_C(*at)));
  case RV_OP_GETI: return named("field", "integer index");
  case RV_OP_SELF:
  case RV_OP_SELFX:
    return named("method", t->reg == A ? cached_key(t, at) : NULL);
  default: return named(NULL, NULL);
  }
}

/* -- The questions --------------------------------------------------------- */

RvVarName rv_varname(const RvImage *img, const RvFunc *f, u32 pc, u32 reg) {
  Trail t = {img, f, pc, reg, 0};
  RvVarName n = simple_name(&t);
  if (!n.kind && t.pc != NOWHERE) n = access_name(&t);
  n.words = t.words;
  return n;
}

RvVarName rv_varname_operand(const RvImage *img, const RvFunc *f, u32 pc,
                             u32 n) {
  const RvInsn *at = f->code + pc;
  const struct RvOpInfo *op = rv_op_info(RV_INSN_OP(*at));
  if (n >= op->noperands) return named(NULL, NULL);
  u32 v = (u32)rv_insn_field(at, op->fmt, op->operand[n].field);
  switch (op->operand[n].kind) {
  case RV_KIND_RD:
  case RV_KIND_WIN: return rv_varname(img, f, pc, v);
  case RV_KIND_UP: return upvalue_name(img, f, v);
  default: return named(NULL, NULL);
  }
}

RvVarName rv_varname_tbc(const RvImage *img, const RvFunc *f, u32 pc) {
  u32 from = RV_INSN_A(f->code[pc]), reg = from, last = pc + 1;
  u64 words = 0;
  if (last < f->ncode && RV_INSN_OP(f->code[last]) == RV_OP_NEWCELL) last++;
  const char *name = NULL;
  for (u32 at = pc; at <= last && !name; at++) {
    if (at == pc + 2 && RV_INSN_B(f->code[pc + 1]) == reg)
      reg = RV_INSN_A(f->code[pc + 1]);
    name = local_name(img, f, at, reg, &words);
  }
  if (!name) return rv_varname(img, f, pc, from); /* a copy of a cell's */
  RvVarName n = named("local", name);
  n.words = words;
  return n;
}

/* Event that the instruction asks when its operands have no meaning for it. */
static const char *event_of(u8 op) {
  static const char *const events[256] = {
      [RV_OP_ADD] = "add", [RV_OP_ADDK] = "add", [RV_OP_KADD] = "add",
      [RV_OP_ADDI] = "add", [RV_OP_SUB] = "sub", [RV_OP_SUBK] = "sub",
      [RV_OP_KSUB] = "sub", [RV_OP_SUBI] = "sub", [RV_OP_MUL] = "mul",
      [RV_OP_MULK] = "mul", [RV_OP_KMUL] = "mul", [RV_OP_DIV] = "div",
      [RV_OP_DIVK] = "div", [RV_OP_KDIV] = "div", [RV_OP_MOD] = "mod",
      [RV_OP_MODK] = "mod", [RV_OP_IDIV] = "idiv", [RV_OP_IDIVK] = "idiv",
      [RV_OP_POW] = "pow", [RV_OP_POWK] = "pow", [RV_OP_BAND] = "band",
      [RV_OP_BANDK] = "band", [RV_OP_BOR] = "bor", [RV_OP_BORK] = "bor",
      [RV_OP_BXOR] = "bxor", [RV_OP_BXORK] = "bxor", [RV_OP_SHL] = "shl",
      [RV_OP_SHLI] = "shl", [RV_OP_SHR] = "shr", [RV_OP_SHRI] = "shr",
      [RV_OP_NEG] = "unm", [RV_OP_BNOT] = "bnot", [RV_OP_LEN] = "len",
      [RV_OP_CONCAT] = "concat", [RV_OP_ISEQ] = "eq", [RV_OP_JEQ] = "eq",
      [RV_OP_JNE] = "eq", [RV_OP_ISLT] = "lt", [RV_OP_JLT] = "lt",
      [RV_OP_JNLT] = "lt", [RV_OP_JLTI] = "lt", [RV_OP_JNLTI] = "lt",
      [RV_OP_JGTI] = "lt", [RV_OP_JNGTI] = "lt", [RV_OP_ISLE] = "le",
      [RV_OP_JLE] = "le", [RV_OP_JNLE] = "le", [RV_OP_JLEI] = "le",
      [RV_OP_JNLEI] = "le", [RV_OP_JGEI] = "le", [RV_OP_JNGEI] = "le",
      [RV_OP_GETFIELD] = "index", [RV_OP_GETFIELDX] = "index",
      [RV_OP_GETIDX] = "index", [RV_OP_GETI] = "index",
      [RV_OP_GETUPF] = "index", [RV_OP_GETUPFX] = "index",
      [RV_OP_SELF] = "index", [RV_OP_SELFX] = "index",
      [RV_OP_SETFIELD] = "newindex", [RV_OP_SETFIELDX] = "newindex",
      [RV_OP_SETIDX] = "newindex", [RV_OP_SETI] = "newindex",
      [RV_OP_SETUPF] = "newindex", [RV_OP_SETUPFX] = "newindex",
      [RV_OP_CLOSE] = "close", [RV_OP_RETC] = "close",
  };
  return events[op];
}

RvVarName rv_varname_call(const RvImage *img, const RvFunc *f, u32 pc) {
  u8 op = RV_INSN_OP(f->code[pc]);
  switch (op) {
  case RV_OP_CALL:
  case RV_OP_CALLM:
  case RV_OP_CALLA:
  case RV_OP_CALLAM:
  case RV_OP_TAILCALL:
  case RV_OP_TAILCALLA: return rv_varname(img, f, pc, RV_INSN_A(f->code[pc]));
  case RV_OP_GFORCALL: return named("for iterator", "for iterator");
  default: return named("metamethod", event_of(op));
  }
}
