/* SPDX-License-Identifier: MIT */
/* The verifier against a model that trusts nothing.

   Random functions are made, some of them damaged, and verified. Those that
   pass are run by a model of the frame that knows only which registers are
   defined, which hold cells and which are control slots of which loop; branches
   go either way by chance. A read of an undefined register, a pc that is no
   instruction, a loop whose slots somebody touched, a height that covers an
   undefined register: each would be memory corruption in the real loop. */
#include "vm/verify.h"

#include "opcodes.h"
#include "opinfo.h"
#include "tests/tap.h"

#define MAXCODE 400
#define MAXHEIGHTS 200
#define NREGS 40

static u64 seed;

static u32 below(u32 n) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (u32)(seed >> 33) % n;
}

static bool chance(u32 percent) { return below(100) < percent; }

/* -- Making functions ------------------------------------------------------ */

static RvImage *img;
static RvFunc *f;
static RvInsn code[MAXCODE];
static RvHeight heights[MAXHEIGHTS];
static u32 keys[MAXCODE];
static u8 is_start[MAXCODE + 2];

/* The generator's idea of where it is. */
static RvHeights h;
static u32 window_floor; /* windows begin here or above */
static u32 slots[16], nslots;

static u32 first(void) { return f->nparams + f->ncells; }

static bool is_cell(u32 r) { return r >= f->nparams && r < first(); }

static u32 some_reg(void) {
  for (int i = 0; i < 20; i++) {
    u32 r = h.regs ? below(h.regs) : 0;
    if (!is_cell(r)) return r;
  }
  return 0;
}

static bool is_slot(u32 r) {
  for (u32 i = 0; i < nslots; i++)
    if (r >= slots[i] && r < slots[i] + 3) return true;
  return false;
}

static u32 some_target(void) {
  if (h.regs < NREGS - 1 && chance(40)) return h.regs;
  for (int i = 0; i < 20; i++) {
    u32 r = some_reg();
    if (!is_slot(r) || chance(3)) return r;
  }
  return h.regs;
}

static u32 some_window(void) {
  u32 low = window_floor;
  if (chance(2)) low = first();
  return h.regs > low ? low + below(h.regs - low + 1) : h.regs;
}

static void set_field(RvInsn *at, u8 fl, i64 v) {
  switch (fl) {
  case RV_FIELD_A: *at |= (u32)(v & 0xff) << 8; break;
  case RV_FIELD_B: *at |= (u32)(v & 0xff) << 16; break;
  case RV_FIELD_C: *at |= (u32)(v & 0xff) << 24; break;
  case RV_FIELD_D:
  case RV_FIELD_S: *at |= (u32)(v & 0xffff) << 16; break;
  case RV_FIELD_E: at[1] |= (u32)v << 8; break;
  default: at[rv_opinfo[RV_INSN_OP(*at)].words - 1] |= (u32)v << 8;
  }
}

static i64 field(const RvInsn *at, u8 fl) {
  const struct RvOpInfo *op = &rv_opinfo[RV_INSN_OP(*at)];
  switch (fl) {
  case RV_FIELD_A: return RV_INSN_A(*at);
  case RV_FIELD_B: return RV_INSN_B(*at);
  case RV_FIELD_C: return RV_INSN_C(*at);
  case RV_FIELD_D: return RV_INSN_D(*at);
  case RV_FIELD_S: return RV_INSN_S(*at);
  case RV_FIELD_E: return RV_INSN_E(at[1]);
  case RV_FIELD_J: return RV_INSN_J(at[op->words - 1]);
  default: return 0;
  }
}

static u32 arg(const RvInsn *at, const struct RvEffectArg *a) {
  return (u32)field(at, a->field) + a->add;
}

static void declare(RvHeights d) {
  if (f->nheights == MAXHEIGHTS) return;
  if (f->nheights && heights[f->nheights - 1].pc == f->ncode) f->nheights--;
  heights[f->nheights++] =
      (RvHeight){f->ncode, (u8)d.regs, (u8)d.cells, (u8)d.tbc};
  h = d;
}

static RvHeights lower(RvHeights a, RvHeights b) {
  if (b.regs < a.regs) a.regs = b.regs;
  if (b.cells < a.cells) a.cells = b.cells;
  return a;
}

static bool has_room(void) { return f->ncode < MAXCODE - 60; }

/* Would the verifier, roughly, take it here? */
static bool is_plausible(const RvInsn *at, const struct RvOpInfo *op) {
  for (u32 i = 0; i < op->neffects; i++) {
    const struct RvEffect *e = &op->effect[i];
    u32 F = arg(at, &e->arg[0]), n = e->nargs > 1 ? arg(at, &e->arg[1]) : 0;
    switch (e->kind) {
    case RV_EFF_READS:
      if (F + n > h.regs) return false;
      break;
    case RV_EFF_OPEN_IN:
      if (F + n > h.regs) return false;
      break;
    case RV_EFF_OPEN_IN_OPT:
      if (F + n + arg(at, &e->arg[2]) > h.regs) return false;
      break;
    case RV_EFF_HOST:
      if (F + (n == 0) > h.regs) return false;
      break;
    default: break;
    }
  }
  for (u32 i = 0; i < op->nrules; i++) {
    if (op->rule[i] == RV_RULE_COUNT_ONE && !RV_INSN_C(*at) &&
        op->op == RV_OP_CONCAT)
      return false;
    if (op->rule[i] == RV_RULE_CAPTURE && !h.cells) return false;
  }
  return true;
}

static u32 emit_once(u8 number, u32 window);

/* An instruction with operands by kind; gives its word. */
static u32 emit(u8 number, u32 window) {
  RvHeights was = h;
  u32 n = f->ncode, caches = f->ncaches, pc = 0;
  for (u32 i = 0; i < 20; i++) {
    pc = emit_once(number, window);
    RvHeights now = h;
    h = was;
    bool good = is_plausible(code + pc, &rv_opinfo[number]);
    h = now;
    if (good || chance(1)) break;
    h = was;
    f->ncode = n;
    f->ncaches = caches;
    if (rv_opinfo[number].flags & (RV_OPF_JUMP | RV_OPF_END)) continue;
    window = some_window();
    if (rv_opinfo[number].flags & RV_OPF_OPEN_IN) continue;
    if (i >= 10) return emit_once(RV_OP_COYIELDABLE, 0);
  }
  if (f->ncode == n) pc = emit_once(number, window);
  return pc;
}

static u32 emit_once(u8 number, u32 window) {
  const struct RvOpInfo *op = &rv_opinfo[number];
  u32 pc = f->ncode;
  RvInsn *at = code + pc;
  at[0] = number;
  at[1] = RV_OP_EXTRA;
  for (u32 i = 0; i < op->noperands; i++) {
    const struct RvOperand *o = &op->operand[i];
    i64 v = 0;
    switch (o->kind) {
    case RV_KIND_WR: v = some_target(); break;
    case RV_KIND_RD: v = some_reg(); break;
    case RV_KIND_WIN: v = window; break;
    case RV_KIND_CW: v = f->nparams + h.cells; break;
    case RV_KIND_CR: v = f->nparams + (h.cells ? below(h.cells) : 0); break;
    case RV_KIND_UP: v = below(f->nup); break;
    case RV_KIND_NO:
    case RV_KIND_N: v = chance(70) ? below(3) : below(8); break;
    case RV_KIND_CA:
    case RV_KIND_CX:
    case RV_KIND_CN:
      v = f->ncaches;
      keys[f->ncaches++] = o->kind == RV_KIND_CN ? 0 : 1;
      break;
    case RV_KIND_IB: v = 1; break;
    case RV_KIND_IH: v = chance(50) ? 0 : 2; break;
    default: break;
    }
    set_field(at, o->field, v);
  }
  f->ncode += op->words;
  h = rv_height_step(img, f, pc, h, NULL);
  return pc;
}

static void patch_jump(u32 pc, u32 target) {
  u32 w = rv_opinfo[RV_INSN_OP(code[pc])].words;
  code[pc + w - 1] &= 0xff;
  code[pc + w - 1] |= (target - (pc + w)) << 8;
}

static void make_block(u32 depth);

static void make_if(u32 depth) {
  static const u8 ops[] = {RV_OP_JT, RV_OP_JNIL, RV_OP_JLT, RV_OP_JEQI,
                           RV_OP_JTSET, RV_OP_JFSET};
  u32 pc = emit(ops[below(sizeof ops)], some_target());
  RvHeights edge, fall;
  rv_height_step(img, f, pc, h, &edge);
  make_block(depth);
  fall = h;
  if (chance(30)) {
    u32 out = emit(RV_OP_JMP, 0);
    declare(edge);
    patch_jump(pc, f->ncode);
    make_block(depth);
    patch_jump(out, f->ncode);
    edge = h;
  } else {
    patch_jump(pc, f->ncode);
  }
  declare(lower(edge, fall));
}

static void make_while(u32 depth) {
  declare(h);
  u32 floor_was = window_floor, start = f->ncode;
  window_floor = h.regs;
  RvHeights top = h;
  u32 out = emit(RV_OP_JF, 0);
  make_block(depth);
  u32 back = emit(RV_OP_LOOP, 0);
  patch_jump(back, start);
  patch_jump(out, f->ncode);
  window_floor = floor_was;
  declare(top);
}

static void make_for(u32 depth) {
  u32 A = h.regs;
  if (A + 12 > NREGS || nslots == 16) return;
  code[f->ncode] = rv_insn_abc(RV_OP_LOADNIL, A, chance(95) ? 3 : 4, 0);
  f->ncode++;
  h.regs += 3;
  u32 floor_was = window_floor;
  RvHeights before = h;
  u32 prep = emit(RV_OP_FORPREP, A);
  u32 start = f->ncode;
  declare(h);
  slots[nslots++] = A;
  window_floor = A + 4;
  make_block(depth);
  u32 loop = emit(RV_OP_FORLOOP, A);
  patch_jump(loop, start);
  patch_jump(prep, f->ncode);
  nslots--;
  window_floor = floor_was;
  declare(before);
}

static void make_generic(u32 depth) {
  u32 A = h.regs;
  if (A + 12 > NREGS || nslots == 16) return;
  code[f->ncode] = rv_insn_abc(RV_OP_LOADNIL, A, 4, 0);
  f->ncode++;
  h.regs += 4;
  u32 floor_was = window_floor;
  RvHeights before = h;
  u32 prep = emit(RV_OP_GFORPREP, A);
  u32 start = f->ncode;
  h.regs = A + 5;
  declare(h);
  slots[nslots++] = A;
  window_floor = A + 4;
  make_block(depth);
  declare(lower(before, h));
  patch_jump(prep, f->ncode);
  emit(RV_OP_GFORCALL, A);
  code[f->ncode - 1] |= code[f->ncode - 1] >> 16 & 0xff ? 0 : 1u << 16;
  h.regs = A + 4 + RV_INSN_B(code[f->ncode - 1]);
  u32 loop = emit(RV_OP_GFORLOOP, A);
  patch_jump(loop, start);
  nslots--;
  window_floor = floor_was;
}

static void make_open(void) {
  static const u8 out[] = {RV_OP_CALLM, RV_OP_VARARGM};
  static const u8 in[] = {RV_OP_CALLA, RV_OP_SETLISTM, RV_OP_CALLAM};
  u32 pc = emit(out[below(2)], some_window());
  while (rv_opinfo[RV_INSN_OP(code[pc])].flags & RV_OPF_OPEN_OUT) {
    if (h.regs > window_floor) {
      pc = emit(in[below(3)], some_window());
      continue;
    }
    code[f->ncode++] = rv_insn_abc(RV_OP_YIELD, h.regs, RV_OPEN, 1);
    h.regs++;
    break;
  }
}

static void make_straight(void) {
  for (;;) {
    u8 op = (u8)below(256);
    const struct RvOpInfo *o = &rv_opinfo[op];
    if (!o->name || o->flags & (RV_OPF_JUMP | RV_OPF_END | RV_OPF_OPEN_IN |
                                RV_OPF_OPEN_OUT))
      continue;
    if (op == RV_OP_GFORCALL || op == RV_OP_TBC || op == RV_OP_CLOSE) continue;
    bool x = false;
    for (u32 i = 0; i < o->noperands; i++) {
      u8 k = o->operand[i].kind;
      x |= k == RV_KIND_CX || (k == RV_KIND_CW && h.cells == f->ncells) ||
           (k == RV_KIND_CR && !h.cells);
    }
    if (x) continue;
    emit(op, some_window());
    return;
  }
}

/* Marks around a block. */
static void make_marks(u32 depth) {
  u32 n = h.tbc;
  emit(RV_OP_TBC, 0);
  make_block(depth);
  code[f->ncode++] = rv_insn_abc(RV_OP_CLOSE, n, h.tbc, 0);
  h.tbc = n;
}

static void make_block(u32 depth) {
  u32 n = 1 + below(6);
  while (n-- && has_room()) {
    u32 x = depth ? below(16) : 15;
    if (x == 0) make_if(depth - 1);
    else if (x == 1) make_while(depth - 1);
    else if (x == 2) make_for(depth - 1);
    else if (x == 3) make_generic(depth - 1);
    else if (x == 4) make_marks(depth - 1);
    else if (x == 5) make_open();
    else make_straight();
  }
}

static void damage(void) {
  u32 n = 1 + below(3);
  while (n--) {
    u32 i = below(f->ncode), k = below(f->ncode);
    switch (below(7)) {
    case 0: code[i] ^= 1u << below(32); break;
    case 1: code[i] = code[k]; break;
    case 2: code[i] = (code[i] & ~0xff00u) | (below(NREGS) << 8); break;
    case 3: /* a little more or less in field A or J */
      code[i] = (code[i] & 0xff) | ((code[i] >> 8) + below(7) - 3) << 8;
      break;
    default:
      if (!f->nheights) break;
      RvHeight *p = &heights[below(f->nheights)];
      if (chance(60)) p->regs = (u8)(p->regs + below(5) - 2);
      else if (chance(50)) p->cells = (u8)below(4);
      else if (chance(50)) p->tbc = (u8)below(3);
      else p->pc += below(3) - 1;
    }
  }
}

static void make_function(void) {
  f->nparams = (u8)(1 + below(3));
  f->ncells = (u8)below(3);
  f->nregs = NREGS;
  f->ncode = f->nheights = f->ncaches = 0;
  nslots = 0;
  h = rv_height_entry(f);
  window_floor = first();
  make_block(3);
  if (has_room()) make_block(3);
  code[f->ncode++] = rv_insn_abc(RV_OP_RETC, 0, 0, 0);
  if (chance(60)) damage();
}

/* -- The model ------------------------------------------------------------- */

typedef struct Model {
  bool defined[256]; /* ordinary registers and, for cells, that they are made */
  u32 loop[256];     /* start + 1 of the body whose control slot it is */
  u32 open;          /* first register of open results + 1, or 0 */
  u32 tbc;
  u32 pc;
  const char *wrong;
  u32 back;
} Model;

static void require(Model *m, bool good, const char *what) {
  if (!good && !m->wrong) m->wrong = what;
}

static void model_read(Model *m, u32 F, u32 n) {
  for (u32 r = F; r < F + n; r++)
    require(m, r < NREGS && m->defined[r] && !is_cell(r),
            "reads an undefined register");
}

static void model_write(Model *m, u32 F, u32 n) {
  for (u32 r = F; r < F + n; r++) {
    require(m, r < NREGS && !is_cell(r), "writes outside the frame");
    if (r >= NREGS) return;
    m->defined[r] = true;
    m->loop[r] = 0;
  }
}

/* A callee's frame lies over all from F on. */
static void model_window(Model *m, u32 F, u32 n) {
  for (u32 r = F; r < NREGS; r++) {
    m->defined[r] = false;
    m->loop[r] = 0;
  }
  model_write(m, F, n);
}

static void model_take(Model *m, u32 F, u32 n) {
  require(m, m->open && F + n <= m->open - 1, "takes open results");
  if (m->open) model_read(m, F, m->open - 1 - F);
  m->open = 0;
}

static void model_cells(Model *m, const RvInsn *at, const struct RvOpInfo *op) {
  for (u32 i = 0; i < op->noperands; i++) {
    u32 r = (u32)field(at, op->operand[i].field);
    switch (op->operand[i].kind) {
    case RV_KIND_RD: model_read(m, r, 1); break;
    case RV_KIND_CR:
      require(m, is_cell(r) && m->defined[r], "no cell");
      break;
    case RV_KIND_CW: require(m, is_cell(r), "makes a cell elsewhere"); break;
    case RV_KIND_UP: require(m, r < f->nup, "upvalue"); break;
    case RV_KIND_PR: /* captures cell c0 and upvalue 0 */
      require(m, r < 1 && (!f->ncells || m->defined[f->nparams]) && f->ncells,
              "captures no cell");
      break;
    case RV_KIND_K: require(m, r < f->nk, "constant"); break;
    case RV_KIND_KN: require(m, r == 0, "number"); break;
    case RV_KIND_CA:
    case RV_KIND_CX: require(m, r < f->ncaches && keys[r] == 1, "key"); break;
    case RV_KIND_CN: require(m, r < f->ncaches, "cache slot"); break;
    case RV_KIND_IB: require(m, r == 1, "builtin"); break;
    case RV_KIND_IH: require(m, r == 0 || r == 2, "import"); break;
    default: break;
    }
  }
}

static void own_slots(Model *m, u32 A, u32 body) {
  for (u32 r = A; r < A + 3 && r < NREGS; r++)
    require(m, m->loop[r] == body + 1, "a control slot was touched");
}

static void model_loop(Model *m, const RvInsn *at, u8 kind, u32 next,
                       i64 target) {
  u32 A = RV_INSN_A(*at);
  if (kind == RV_EFF_LOOP_CLOSE || kind == RV_EFF_GLOOP_CLOSE)
    own_slots(m, A, (u32)target);
  if (kind == RV_EFF_GLOOP_CALL)
    own_slots(m, A, (u32)(next + 2 + RV_INSN_J(at[2])));
  if (kind == RV_EFF_LOOP_OPEN || kind == RV_EFF_GLOOP_OPEN)
    for (u32 r = A; r < A + 3 && r < NREGS; r++) m->loop[r] = next + 1;
}

/* Reads and windows of one instruction, then what it writes on its way. */
static bool model_effects(Model *m, const RvInsn *at, const struct RvOpInfo *op,
                          bool jumps) {
  bool leaves = false;
  u32 was_open = m->open;
  model_cells(m, at, op);
  for (u32 i = 0; i < op->neffects; i++) {
    const struct RvEffect *e = &op->effect[i];
    u32 F = arg(at, &e->arg[0]), n = e->nargs > 1 ? arg(at, &e->arg[1]) : 0;
    switch (e->kind) {
    case RV_EFF_READS: model_read(m, F, n); break;
    case RV_EFF_WRITES: model_write(m, F, n); break;
    case RV_EFF_WRITES_FALL: if (!jumps) model_write(m, F, n); break;
    case RV_EFF_WRITES_JUMP: if (jumps) model_write(m, F, n); break;
    case RV_EFF_SCRATCH:
      require(m, F + n <= NREGS, "no room");
      break;
    case RV_EFF_RESULT: model_window(m, F, n); break;
    case RV_EFF_OPEN_OUT:
      model_window(m, F, 0);
      m->open = F + 1;
      leaves = true;
      break;
    case RV_EFF_RESULT_OPT:
      model_window(m, F, n == RV_OPEN ? 0 : n);
      if (n == RV_OPEN) m->open = F + 1, leaves = true;
      break;
    case RV_EFF_OPEN_IN: model_take(m, F, n); break;
    case RV_EFF_OPEN_IN_OPT: {
      u32 X = arg(at, &e->arg[2]);
      if (X == RV_OPEN) model_take(m, F, n);
      else model_read(m, F, n + X);
      break;
    }
    case RV_EFF_TBC: m->tbc++; break;
    case RV_EFF_CLOSE:
      require(m, n == m->tbc && F <= n, "closes other marks");
      m->tbc = F;
      break;
    case RV_EFF_NEEDS_CLOSED: require(m, m->tbc == 0, "open marks"); break;
    case RV_EFF_HOST: {
      const RvSig *s = &img->sigs[img->imports[n].sig];
      model_read(m, F, s->nargs);
      model_window(m, F, s->nres);
      break;
    }
    default: break;
    }
  }
  require(m, !was_open || leaves || !m->open, "leaves open results behind");
  for (u32 i = 0; i < op->noperands; i++)
    if (op->operand[i].kind == RV_KIND_WR)
      model_write(m, (u32)field(at, op->operand[i].field), 1);
    else if (op->operand[i].kind == RV_KIND_CW)
      m->defined[field(at, op->operand[i].field)] = true;
  return leaves;
}

static void model_heights(Model *m) {
  RvHeights g = rv_height_at(img, f, m->pc);
  require(m, g.regs <= NREGS && g.tbc == m->tbc, "wrong height");
  for (u32 r = 0; r < g.regs && r < NREGS; r++)
    require(m, is_cell(r) || m->defined[r], "height covers an undefined one");
  for (u32 r = f->nparams; r < f->nparams + g.cells; r++)
    require(m, m->defined[r], "height covers a cell that is not made");
  for (u32 r = 0; r < NREGS; r++)
    require(m, !m->loop[r] || !rv_is_control_slot(f, m->pc, r) || m->defined[r],
            "a control slot is undefined");
}

/* One instruction; false when the function has ended. */
static bool model_step(Model *m) {
  require(m, m->pc < f->ncode && is_start[m->pc], "pc is no instruction");
  if (m->wrong) return false;
  model_heights(m);
  const RvInsn *at = code + m->pc;
  const struct RvOpInfo *op = &rv_opinfo[RV_INSN_OP(*at)];
  u32 next = m->pc + op->words;
  i64 target = next;
  if (op->flags & RV_OPF_JUMP) target += field(at, RV_FIELD_J);
  bool ends = op->flags & RV_OPF_END;
  bool jumps = op->flags & RV_OPF_JUMP && (ends || chance(50));
  if (target < next && ++m->back > 12 && !ends) jumps = false;
  for (u32 i = 0; i < op->neffects; i++)
    if (op->effect[i].kind != RV_EFF_LOOP_OPEN &&
        op->effect[i].kind != RV_EFF_GLOOP_OPEN)
      model_loop(m, at, op->effect[i].kind, next, target);
  model_effects(m, at, op, jumps);
  for (u32 i = 0; i < op->neffects; i++)
    if (op->effect[i].kind == RV_EFF_LOOP_OPEN ||
        op->effect[i].kind == RV_EFF_GLOOP_OPEN)
      if (!jumps || ends) model_loop(m, at, op->effect[i].kind, next, target);
  if (ends && !jumps) return false;
  require(m, target >= 0, "jumps before the code");
  m->pc = jumps ? (u32)target : next;
  return m->back < 40;
}

static const char *run_model(void) {
  Model m = {.pc = 0};
  for (u32 r = 0; r < f->nparams; r++) m.defined[r] = true;
  for (u32 steps = 0; steps < 3000 && model_step(&m); steps++) {
  }
  if (m.wrong) diag("pc %u: %s", m.pc, m.wrong);
  return m.wrong;
}

static void find_starts(void) {
  memset(is_start, 0, sizeof is_start);
  for (u32 pc = 0; pc < f->ncode;) {
    u32 n = rv_opinfo[RV_INSN_OP(code[pc])].words;
    is_start[pc] = 1;
    pc += n ? n : 1;
  }
}

static void add_import(RvImage *im, u8 kind, u32 name, u32 module,
                       u32 version, u32 sig) {
  RvImport p = {kind, name, module, name, version, sig};
  rv_image_add_import(im, &p);
}

static void make_image(void) {
  img = rv_image_new();
  u32 name = rv_image_str(img, "random", 6);
  static RvConst k[2] = {{7, RV_INT}, {0, RV_STR}};
  static RvCapture captures[2];
  static u32 children[1] = {1}, ret0[1] = {RV_OP_RET0};
  RvFunc parent = {.name = name, .nup = 2, .captures = captures, .k = k,
                   .nk = 2, .children = children, .nchildren = 1,
                   .code = code, .heights = heights, .cache_key = keys,
                   .flags = RV_FUNC_VARARG};
  static RvCapture of_child[2] = {{1, 0}, {0, 0}};
  RvFunc child = {.name = name, .nup = 2, .captures = of_child, .code = ret0,
                  .ncode = 1};
  RvSig one = {.nargs = 1, .nres = 1, .args = {{.type = RV_SIG_ANY}},
               .res = {{.type = RV_SIG_ANY}}};
  RvSig three = {.nres = 3, .res = {{.type = RV_SIG_ANY}, {.type = RV_SIG_ANY},
                                    {.type = RV_SIG_ANY}}};
  rv_image_add_func(img, &parent);
  rv_image_add_func(img, &child);
  rv_image_add_sig(img, &one);
  rv_image_add_sig(img, &three);
  add_import(img, RV_IMPORT_DEVICE, name, name, 0, 0);
  add_import(img, RV_IMPORT_BUILTIN, name, 0, 1, 0);
  add_import(img, RV_IMPORT_DEVICE, name, name, 0, 1);
  f = &img->funcs[0];
}

int main(int argc, char **argv) {
  u32 rounds = argc > 1 ? (u32)atol(argv[1]) : 60000;
  u32 passed = 0, wrong = 0, steps = 0, by_rule[RV_RULE_COUNT + 1] = {0};
  seed = argc > 2 ? (u64)atoll(argv[2]) : 0x9e3779b97f4a7c15ull;
#ifdef RV_CHECK
  if (argc > 3) rv_verify_disabled_rule = atoi(argv[3]);
#endif
  make_image();
  for (u32 i = 0; i < rounds; i++) {
    RvDiag d = {0};
    if (i % 1000 == 999) { /* marks of each round stay in the image */
      rv_image_unref(img);
      make_image();
    }
    make_function();
    img->funcs[1].captures[0].index = f->nparams;
    if (!rv_verify_image(img, &d)) {
      by_rule[d.rule]++;
      continue;
    }
    passed++;
    find_starts();
    for (u32 k = 0; k < 4; k++, steps++)
      if (run_model()) wrong++, diag("round %u", i);
  }
  ok(wrong == 0, "no function that passed goes wrong in the model");
  ok(passed > rounds / 10 && passed < rounds, "some pass, some do not");
  diag("%u functions, %u passed", rounds, passed);
  for (u32 i = 1; i <= RV_RULE_COUNT; i++)
    if (by_rule[i]) diag("%-14s %u", rv_rule_name[i - 1], by_rule[i]);
  rv_image_unref(img);
  return done_testing();
}
