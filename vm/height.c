/* SPDX-License-Identifier: MIT */
/* The walk of heights: which registers are defined at an instruction. */
#include "vm/height.h"

#include "vm/walk.h"

#include "opinfo.h"

const struct RvOpInfo *rv_op_info(u8 op) { return &rv_opinfo[op]; }

RvHeights rv_height_entry(const RvFunc *f) {
  return (RvHeights){f->nparams + f->ncells, 0, 0};
}

static u32 at_least(u32 height, u32 end) { return height < end ? end : height; }

/* Operands that are written raise the height, whichever way control goes. */
static void step_operands(const RvInsn *at, const struct RvOpInfo *op,
                          RvHeights *h) {
  for (u32 i = 0; i < op->noperands; i++) {
    const struct RvOperand *o = &op->operand[i];
    u32 r = (u32)rv_insn_field(at, op->fmt, o->field);
    if (o->kind == RV_KIND_WR) h->regs = at_least(h->regs, r + 1);
    if (o->kind == RV_KIND_CW) h->cells++;
  }
}

/* What is particular to one of the two ways out of an instruction. */
typedef struct Ways {
  u32 fall_end, jump_end; /* registers below are written on that way; or 0 */
} Ways;

static void step_effect(const RvImage *img, const RvInsn *at,
                        const struct RvOpInfo *op, const struct RvEffect *e,
                        RvHeights *h, Ways *w) {
  u32 F = rv_effect_arg(at, op, &e->arg[0]);
  u32 n = e->nargs > 1 ? rv_effect_arg(at, op, &e->arg[1]) : 0;
  u32 nargs, nres;
  switch (e->kind) {
  case RV_EFF_WRITES:
    if (n) h->regs = at_least(h->regs, F + n);
    break;
  case RV_EFF_WRITES_FALL: w->fall_end = F + n; break;
  case RV_EFF_WRITES_JUMP: w->jump_end = F + n; break;
  case RV_EFF_RESULT: h->regs = F + n; break;
  case RV_EFF_RESULT_OPT: h->regs = rv_is_open(n) ? F : F + n; break;
  case RV_EFF_OPEN_OUT: h->regs = F; break;
  case RV_EFF_HOST:
    rv_import_shape(img, n, &nargs, &nres);
    h->regs = F + nres;
    break;
  case RV_EFF_TBC: h->tbc += F; break;
  case RV_EFF_CLOSE: h->tbc = F; break;
  default: break; /* the others leave heights alone */
  }
}

RvHeights rv_height_step(const RvImage *img, const RvFunc *f, u32 pc,
                         RvHeights h, RvHeights *jump) {
  const RvInsn *at = f->code + pc;
  const struct RvOpInfo *op = rv_op_info(RV_INSN_OP(*at));
  Ways w = {0, 0};
  for (u32 i = 0; i < op->neffects; i++)
    step_effect(img, at, op, &op->effect[i], &h, &w);
  step_operands(at, op, &h);
  if (jump) {
    *jump = h;
    jump->regs = at_least(h.regs, w.jump_end);
  }
  h.regs = at_least(h.regs, w.fall_end);
  return h;
}

/* The last mark at or before pc; the first is at 0. */
static const RvHeight *find_mark(const RvFunc *f, u32 pc) {
  u32 low = 0, high = f->nmarks;
  while (high - low > 1) {
    u32 mid = low + (high - low) / 2;
    if (f->marks[mid].pc <= pc) low = mid;
    else high = mid;
  }
  return &f->marks[low];
}

RvHeights rv_height_at(const RvImage *img, const RvFunc *f, u32 pc) {
  RV_ASSERT(img->verified && pc < f->ncode, "height at %u of %u", pc, f->ncode);
  const RvHeight *m = find_mark(f, pc);
  RvHeights h = {m->regs, m->cells, m->tbc};
  for (u32 i = m->pc; i < pc; i += rv_op_info(RV_INSN_OP(f->code[i]))->words)
    h = rv_height_step(img, f, i, h, NULL);
  return h;
}

bool rv_is_control_slot(const RvFunc *f, u32 pc, u32 reg) {
  u32 next;
  for (u32 i = 0; i < pc; i = next) {
    const RvInsn *at = f->code + i;
    const struct RvOpInfo *op = rv_op_info(RV_INSN_OP(*at));
    u32 A = RV_INSN_A(*at);
    next = i + op->words;
    if (reg < A || reg > A + 2) continue;
    for (u32 k = 0; k < op->neffects; k++) {
      u8 kind = op->effect[k].kind;
      if (kind != RV_EFF_LOOP_OPEN && kind != RV_EFF_GLOOP_OPEN) continue;
      u32 end = next + (u32)rv_insn_field(at, op->fmt, RV_FIELD_J);
      if (kind == RV_EFF_GLOOP_OPEN) end += RV_GLOOP_END;
      if (pc >= next && pc < end) return true;
    }
  }
  return false;
}
