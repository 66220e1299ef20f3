/* SPDX-License-Identifier: MIT */
/* Each instruction against each rule that it lists: an instance made from its
   line of the table passes, and with one thing changed exactly that rule
   refuses it. A rule that this file cannot break is a failure. */
#include "vm/verify.h"

#include "opcodes.h"
#include "opinfo.h"
#include "tests/tap.h"

/* The function around the instance:

     r0 r1 r2  parameters           c0 is register 3 and made, c1 is 4 and not
     r5..r14   written, so height 15; r15..r24 are free
     upvalues 2, constants 1 and "key", children, imports as below

   followed by what makes the instance legal: loops around loop instructions,
   a producer before, a consumer behind, 256 cached accesses before long
   ones. */
#define NP 3
#define CELL 3
#define FIRST 5
#define HEIGHT 15
#define NREGS 25
#define SLOT 6 /* first control slot of loops */
#define MAXCODE 700

typedef struct Build {
  const struct RvOpInfo *op;
  u32 code[MAXCODE];
  u32 n;
  RvHeight heights[8];
  u32 nheights;
  u32 keys[300];
  u32 nkeys;
  RvFunc f;
  u32 at; /* word of the instance */
} Build;

static void emit(Build *b, u32 op, u32 A, u32 B, u32 C) {
  b->code[b->n++] = rv_insn_abc((u8)op, A, B, C);
}

static void emit_extra(Build *b, i32 v) {
  b->code[b->n++] = rv_insn_j(RV_OP_EXTRA, v);
}

static void declare(Build *b, u32 regs) {
  b->heights[b->nheights++] = (RvHeight){b->n, (u8)regs, 1, 0};
}

static void set_field(Build *b, u32 at, u8 field, i64 v) {
  u32 *w = &b->code[at];
  bool wide = field == RV_FIELD_E ||
              (field == RV_FIELD_J && rv_opinfo[RV_INSN_OP(*w)].words > 1);
  if (wide) w++;
  switch (field) {
  case RV_FIELD_A: *w = (*w & ~0xff00u) | (u32)(v & 0xff) << 8; break;
  case RV_FIELD_B: *w = (*w & ~0xff0000u) | (u32)(v & 0xff) << 16; break;
  case RV_FIELD_C: *w = (*w & ~0xff000000u) | (u32)(v & 0xff) << 24; break;
  case RV_FIELD_D:
  case RV_FIELD_S: *w = (*w & 0xffffu) | (u32)(v & 0xffff) << 16; break;
  default: *w = (*w & 0xffu) | (u32)v << 8;
  }
}

static bool has_kind(const struct RvOpInfo *op, u8 kind) {
  for (u32 i = 0; i < op->noperands; i++)
    if (op->operand[i].kind == kind) return true;
  return false;
}

static bool has_effect(const struct RvOpInfo *op, u8 kind) {
  for (u32 i = 0; i < op->neffects; i++)
    if (op->effect[i].kind == kind) return true;
  return false;
}

/* A harmless value for an operand. */
static i64 harmless(const Build *b, u8 kind) {
  switch (kind) {
  case RV_KIND_WR: return HEIGHT;
  case RV_KIND_RD: return FIRST;
  case RV_KIND_WIN: return FIRST;
  case RV_KIND_CW: return CELL + 1;
  case RV_KIND_CR: return CELL;
  case RV_KIND_N: return has_effect(b->op, RV_EFF_CLOSE) ? 0 : 1;
  case RV_KIND_NO: return 1;
  case RV_KIND_KS: return 1;
  case RV_KIND_CA:
  case RV_KIND_CX:
  case RV_KIND_CN: return b->nkeys;
  case RV_KIND_IB: return 1;
  default: return 0;
  }
}

/* The instance itself; its operands as `harmless` says. */
static void emit_instance(Build *b) {
  b->at = b->n;
  emit(b, b->op->op, 0, 0, 0);
  if (b->op->words > 1) emit_extra(b, 0);
  for (u32 i = 0; i < b->op->noperands; i++) {
    const struct RvOperand *o = &b->op->operand[i];
    set_field(b, b->at, o->field, harmless(b, o->kind));
  }
  if (b->op->flags & RV_OPF_CACHE)
    b->keys[b->nkeys++] = has_kind(b->op, RV_KIND_CN) ? 0 : 1;
}

static void emit_head(Build *b) {
  emit(b, RV_OP_NEWCELL, CELL, 0, 0);
  emit(b, RV_OP_LOADNIL, FIRST, HEIGHT - FIRST, 0);
  if (!has_kind(b->op, RV_KIND_CX)) return;
  for (u32 i = 0; i < 256; i++) {
    emit(b, RV_OP_GETFIELD, FIRST, FIRST, i);
    b->keys[b->nkeys++] = 1;
  }
}

static void emit_numeric_loop(Build *b, u32 A) {
  emit(b, RV_OP_FORPREP, A, 0, 0);
  emit_extra(b, 3);
  declare(b, HEIGHT);
  emit(b, RV_OP_MOVE, A + 3, A + 3, 0);
  emit(b, RV_OP_FORLOOP, A, 0, 0);
  emit_extra(b, -3);
  declare(b, HEIGHT);
}

static void emit_generic_loop(Build *b, u32 A) {
  emit(b, RV_OP_GFORPREP, A, 0, 0);
  emit_extra(b, 1);
  declare(b, A + 5);
  emit(b, RV_OP_MOVE, A + 4, A + 4, 0);
  declare(b, A + 4);
  emit(b, RV_OP_GFORCALL, A, 1, 0);
  emit(b, RV_OP_GFORLOOP, A, 0, 0);
  emit_extra(b, -4);
}

static bool is_loop(const struct RvOpInfo *op) {
  for (u32 k = RV_EFF_LOOP_OPEN; k <= RV_EFF_GLOOP_CLOSE; k++)
    if (has_effect(op, (u8)k)) return true;
  return false;
}

static void emit_loop(Build *b) {
  u32 start = b->n;
  if (has_effect(b->op, RV_EFF_LOOP_OPEN) ||
      has_effect(b->op, RV_EFF_LOOP_CLOSE))
    emit_numeric_loop(b, SLOT);
  else
    emit_generic_loop(b, SLOT);
  for (b->at = start; RV_INSN_OP(b->code[b->at]) != b->op->op;)
    b->at += rv_opinfo[RV_INSN_OP(b->code[b->at])].words;
}

/* What comes before, the instance, what must come behind. */
static void emit_middle(Build *b) {
  const struct RvOpInfo *op = b->op;
  if (is_loop(op)) {
    emit_loop(b);
    return;
  }
  if (op->flags & RV_OPF_BACK) declare(b, HEIGHT);
  if (op->flags & RV_OPF_OPEN_IN) emit(b, RV_OP_VARARGM, FIRST + 2, 0, 0);
  emit_instance(b);
  if (op->flags & RV_OPF_BACK) set_field(b, b->at, RV_FIELD_J, -(i64)op->words);
  if (op->flags & RV_OPF_OPEN_OUT) emit(b, RV_OP_RETM, FIRST, 0, 0);
  if (op->flags & (RV_OPF_JUMP | RV_OPF_END | RV_OPF_OPEN_OUT))
    declare(b, FIRST + 1);
}

static void build(Build *b, const struct RvOpInfo *op) {
  *b = (Build){.op = op};
  emit_head(b);
  emit_middle(b);
  emit(b, RV_OP_RETC, 0, 0, 0);
  b->f = (RvFunc){.nparams = NP, .ncells = 2, .nregs = NREGS, .nup = 2,
                  .flags = RV_FUNC_VARARG};
}

/* -- The image ------------------------------------------------------------- */

static RvCapture captures[2] = {{1, CELL}, {0, 1}};
static RvCapture wrong_capture[1] = {{1, CELL + 1}};
static u32 ret0[1] = {RV_OP_RET0};

static void add_import(RvImage *img, u8 kind, u32 name, u32 module,
                       u32 version, u32 sig) {
  RvImport p = {kind, name, module, name, version, sig};
  rv_image_add_import(img, &p);
}

static RvImage *image_of(Build *b) {
  RvImage *img = rv_image_new();
  u32 name = rv_image_str(img, b->op->name, strlen(b->op->name));
  u32 key = rv_image_str(img, "key", 3);
  RvConst k[2] = {{1, RV_INT}, {key, RV_STR}};
  RvSig sig = {.nargs = 1, .nres = 1, .args = {{.type = RV_SIG_ANY}},
               .res = {{.type = RV_SIG_ANY}}};
  RvFunc child = {.name = name, .nup = 2, .captures = captures, .ncode = 1,
                  .code = ret0};
  RvFunc wrong = {.name = name, .nup = 1, .captures = wrong_capture,
                  .ncode = 1, .code = ret0};
  RvFunc f = b->f;
  f.name = name;
  f.nk = 2;
  f.k = rv_image_alloc(img, sizeof k);
  memcpy(f.k, k, sizeof k);
  f.captures = rv_image_alloc(img, 2 * sizeof(RvCapture));
  f.nchildren = 2;
  f.children = rv_image_alloc(img, 2 * sizeof(u32));
  f.children[0] = 1;
  f.children[1] = 2;
  f.code = b->code;
  f.ncode = b->n;
  f.heights = b->heights;
  f.nheights = b->nheights;
  f.cache_key = b->keys;
  f.ncaches = b->nkeys;
  rv_image_add_func(img, &f);
  rv_image_add_func(img, &child);
  rv_image_add_func(img, &wrong);
  rv_image_add_sig(img, &sig);
  add_import(img, RV_IMPORT_DEVICE, name, name, 0, 0);
  add_import(img, RV_IMPORT_BUILTIN, name, 0, 1, 0);
  return img;
}

static bool verified(Build *b, RvDiag *d) {
  RvImage *img = image_of(b);
  bool good = rv_verify_image(img, d);
  rv_image_unref(img);
  return good;
}

/* -- Breaking one rule ----------------------------------------------------- */

static u8 field_of(const struct RvOpInfo *op, u8 kind) {
  for (u32 i = 0; i < op->noperands; i++)
    if (op->operand[i].kind == kind) return op->operand[i].field;
  return RV_FIELD_NONE;
}

static bool set_kind(Build *b, u8 kind, i64 v) {
  u8 field = field_of(b->op, kind);
  if (field != RV_FIELD_NONE) set_field(b, b->at, field, v);
  return field != RV_FIELD_NONE;
}

static bool set_one_of(Build *b, const u8 *kinds, u32 n, i64 v) {
  for (u32 i = 0; i < n; i++)
    if (set_kind(b, kinds[i], v)) return true;
  return false;
}

#define SET_ONE_OF(b, v, ...)                                                  \
  set_one_of(b, (const u8[]){__VA_ARGS__}, sizeof((u8[]){__VA_ARGS__}), v)

static bool break_field_zero(Build *b) {
  u32 used = 0;
  for (u32 i = 0; i < b->op->noperands; i++) {
    static const u32 bits[] = {[RV_FIELD_A] = 1, [RV_FIELD_B] = 2,
                               [RV_FIELD_C] = 4, [RV_FIELD_D] = 6,
                               [RV_FIELD_S] = 6, [RV_FIELD_E] = 0,
                               [RV_FIELD_J] = 0};
    used |= bits[b->op->operand[i].field];
  }
  for (u32 i = 0; i < 3; i++)
    if (!(used >> i & 1)) {
      b->code[b->at] |= 0x80u << 8 * (i + 1);
      return true;
    }
  return false;
}

/* Cuts the code behind the instance. A forloop at the end would break forprep's
   jump to behind it first, so its prep goes too. */
static bool break_fall_off(Build *b) {
  if (has_effect(b->op, RV_EFF_LOOP_CLOSE)) {
    b->code[2] = rv_insn_abc(RV_OP_LOADKX, FIRST, 0, 0);
    b->code[3] = RV_OP_EXTRA;
  }
  b->n = b->at + b->op->words;
  while (b->nheights && b->heights[b->nheights - 1].pc >= b->n) b->nheights--;
  return true;
}

/* A range that begins at the height, so nothing of it is defined. */
static bool break_range_read(Build *b) {
  u32 height = HEIGHT;
  if (has_effect(b->op, RV_EFF_GLOOP_CALL)) height = SLOT + 4;
  if (has_effect(b->op, RV_EFF_GLOOP_CLOSE)) height = SLOT + 5;
  return set_kind(b, RV_KIND_WIN, height);
}

/* The frame ends where the range would go on. */
static bool break_range_write(Build *b) {
  if (has_effect(b->op, RV_EFF_WRITES)) return set_kind(b, RV_KIND_N, 200);
  b->f.nregs = HEIGHT;
  if (has_effect(b->op, RV_EFF_WRITES_JUMP) && !is_loop(b->op))
    return set_kind(b, RV_KIND_WIN, HEIGHT);
  /* forprep and forloop: slots are the last three registers */
  for (u32 i = 2; i < b->n; i += rv_opinfo[RV_INSN_OP(b->code[i])].words)
    if (rv_opinfo[RV_INSN_OP(b->code[i])].words > 1)
      set_field(b, i, RV_FIELD_A, HEIGHT - 3);
  return true;
}

static bool break_open_next(Build *b) {
  u32 behind = b->at + b->op->words;
  for (u32 i = 0; i < b->op->neffects; i++)
    if (b->op->effect[i].kind == RV_EFF_RESULT_OPT)
      set_field(b, b->at, b->op->effect[i].arg[1].field, RV_OPEN);
  b->code[behind] = rv_insn_abc(RV_OP_THROW, FIRST - 5, 0, 0);
  return true;
}

static bool break_open_use(Build *b) {
  for (u32 i = 0; i < b->op->neffects; i++)
    if (b->op->effect[i].kind == RV_EFF_OPEN_IN_OPT)
      set_field(b, b->at, b->op->effect[i].arg[2].field, RV_OPEN);
  if (b->op->flags & RV_OPF_OPEN_IN)
    b->code[b->at - 1] = rv_insn_abc(RV_OP_MOVE, FIRST, FIRST, 0);
  return true;
}

static bool break_marks(Build *b) {
  if (has_effect(b->op, RV_EFF_CLOSE)) {
    set_kind(b, RV_KIND_N, 0);
    set_field(b, b->at, RV_FIELD_B, 1);
    return true;
  }
  u32 shift = 250;
  memmove(b->code + b->at + shift, b->code + b->at, (b->n - b->at) * 4);
  for (u32 i = 0; i < shift; i++)
    b->code[b->at + i] = rv_insn_abc(RV_OP_TBC, FIRST, 0, 0);
  b->at += shift;
  b->n += shift;
  return true;
}

static bool break_tbc_open(Build *b) {
  b->code[1] = rv_insn_abc(RV_OP_LOADNIL, FIRST, HEIGHT - FIRST, 0);
  memmove(b->code + 3, b->code + 2, (b->n - 2) * 4);
  b->code[2] = rv_insn_abc(RV_OP_TBC, FIRST, 0, 0);
  b->n++;
  b->at++;
  for (u32 i = 0; i < b->nheights; i++) {
    b->heights[i].pc++;
    b->heights[i].tbc = 1;
  }
  return true;
}

/* Slots that the other instructions of the loop do not know. */
static bool break_loop_shape(Build *b) {
  bool up = has_effect(b->op, RV_EFF_LOOP_CLOSE);
  return set_kind(b, RV_KIND_WIN, up ? SLOT + 1 : SLOT - 1);
}

/* The body, one move, writes a control slot. */
static bool break_loop_slot(Build *b) {
  for (u32 i = 2; i < b->n; i += rv_opinfo[RV_INSN_OP(b->code[i])].words)
    if (RV_INSN_OP(b->code[i]) == RV_OP_MOVE) {
      set_field(b, i, RV_FIELD_A, SLOT + 1);
      return true;
    }
  return false;
}

static bool break_rule(Build *b, u8 rule) {
  switch (rule) {
  case RV_RULE_FIELD_ZERO: return break_field_zero(b);
  case RV_RULE_EXTRA_WORD: b->code[b->at + 1] ^= 0x02; return true;
  case RV_RULE_FALL_OFF: return break_fall_off(b);
  case RV_RULE_REG_WRITE: return set_kind(b, RV_KIND_WR, HEIGHT + 1);
  case RV_RULE_REG_READ: return set_kind(b, RV_KIND_RD, HEIGHT);
  case RV_RULE_WINDOW: return set_kind(b, RV_KIND_WIN, HEIGHT + 1);
  case RV_RULE_CELL_NEW: return set_kind(b, RV_KIND_CW, CELL);
  case RV_RULE_CELL_OPEN: return set_kind(b, RV_KIND_CR, CELL + 1);
  case RV_RULE_UPVAL_RANGE: return set_kind(b, RV_KIND_UP, 2);
  case RV_RULE_CONST_RANGE:
    return SET_ONE_OF(b, 2, RV_KIND_K, RV_KIND_KN, RV_KIND_KS);
  case RV_RULE_CONST_NUMBER: return set_kind(b, RV_KIND_KN, 1);
  case RV_RULE_CONST_STRING:
    if (b->op->flags & RV_OPF_CACHE) b->keys[b->nkeys - 1] = 0;
    return b->op->flags & RV_OPF_CACHE || set_kind(b, RV_KIND_KS, 0);
  case RV_RULE_OPEN_COUNT: return set_kind(b, RV_KIND_NO, 251);
  case RV_RULE_JUMP_FORWARD:
    return set_kind(b, RV_KIND_JF, -(i64)b->op->words);
  case RV_RULE_JUMP_BACK: return set_kind(b, RV_KIND_JB, 0);
  case RV_RULE_JUMP_TARGET:
    return SET_ONE_OF(b, has_kind(b->op, RV_KIND_JB) ? -600 : 600, RV_KIND_JF,
                      RV_KIND_JB);
  case RV_RULE_CACHE_ORDER:
    return SET_ONE_OF(b, b->nkeys, RV_KIND_CA, RV_KIND_CX, RV_KIND_CN);
  case RV_RULE_IMPORT_RANGE:
    return SET_ONE_OF(b, 2, RV_KIND_IM, RV_KIND_IB, RV_KIND_IH);
  case RV_RULE_IMPORT_BUILTIN: return set_kind(b, RV_KIND_IB, 0);
  case RV_RULE_IMPORT_HOST: return set_kind(b, RV_KIND_IH, 1);
  case RV_RULE_PROTO_RANGE: return set_kind(b, RV_KIND_PR, 2);
  case RV_RULE_RANGE_READ: return break_range_read(b);
  case RV_RULE_RANGE_WRITE: return break_range_write(b);
  case RV_RULE_OPEN_NEXT: return break_open_next(b);
  case RV_RULE_OPEN_USE: return break_open_use(b);
  case RV_RULE_TBC_COUNT: return break_marks(b);
  case RV_RULE_TBC_OPEN: return break_tbc_open(b);
  case RV_RULE_LOOP_SHAPE: return break_loop_shape(b);
  case RV_RULE_LOOP_SLOT: return break_loop_slot(b);
  case RV_RULE_VARARG_FLAG: b->f.flags = 0; return true;
  case RV_RULE_CAPTURE: return set_kind(b, RV_KIND_PR, 1);
  case RV_RULE_COUNT_ONE: return set_kind(b, RV_KIND_N, 0);
  default: return false;
  }
}

static void test_op(const struct RvOpInfo *op) {
  static Build b;
  RvDiag d = {0};
  build(&b, op);
  if (!ok(verified(&b, &d), "%s passes", op->name)) {
    diag("%s", d.text);
    return;
  }
  for (u32 i = 0; i < op->nrules; i++) {
    u8 rule = op->rule[i];
    build(&b, op);
    d.text[0] = 0;
    bool good = break_rule(&b, rule) && !verified(&b, &d);
    if (!ok(good && d.rule == rule + 1u, "%s: %s", op->name,
            rv_rule_name[rule]))
      diag("%s", d.text[0] ? d.text : "not broken, or passes");
  }
}

int main(void) {
  for (u32 i = 0; i < 256; i++)
    if (rv_opinfo[i].name) test_op(&rv_opinfo[i]);
  return done_testing();
}
