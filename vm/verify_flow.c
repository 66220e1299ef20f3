/* SPDX-License-Identifier: MIT */
/* How control goes from instruction to instruction: heights declared and met,
   jumps, the regions of loops. */
#include "vm/verify_impl.h"

#include "vm/image_file.h"

/* -- Loops ----------------------------------------------------------------- */

static Region *top_region(Walk *v) {
  return v->region ? &v->regions[v->region - 1] : NULL;
}

static bool grow_regions(Walk *v) {
  u32 cap = v->cregions ? 2 * v->cregions : 8;
  Region *p = rv_image_realloc(v->regions, cap * sizeof *p);
  if (!p) return rv_walk_no_memory(v);
  v->regions = p;
  v->cregions = cap;
  return true;
}

/* The body begins behind this prep and ends at `end`. */
static bool open_region(Walk *v, u32 A, u64 end, bool generic) {
  Region *outer = top_region(v);
  u32 tail = generic ? RV_GLOOP_END : v->op->words;
  RULE(v, LOOP_SHAPE, end >= (u64)v->next + tail,
       "no loop ends where this one should");
  RULE(v, LOOP_SHAPE, !outer || end < outer->end,
       "the loop reaches beyond the one around it");
  RULE(v, LOOP_SLOT, !has_slot(v, A, 3),
       "control slots r%u to r%u are in use by a loop around", A, A + 2);
  if (end < v->next || end > NEVER) return true;
  if (v->nregions == v->cregions && !grow_regions(v)) return false;
  outer = top_region(v);
  Region *r = &v->regions[v->nregions++];
  *r = (Region){.start = v->next, .end = (u32)end, .outer = v->region,
                .slot = (u8)A, .generic = generic, .open = true};
  if (outer) memcpy(r->slots, outer->slots, sizeof r->slots);
  for (u32 i = 0; i < 4; i++) r->slots[i] |= mask_of(A, 3, i);
  v->region = v->nregions;
  return true;
}

static bool check_loop_call(Walk *v, u32 A) {
  Region *r = top_region(v);
  RULE(v, LOOP_SHAPE,
       r && r->generic && r->slot == A && v->pc == r->end - RV_GLOOP_END,
       "no loop's prep leads here");
  if (r) r->called = true;
  return true;
}

static bool check_loop_close(Walk *v, u32 A, i64 target, bool generic) {
  Region *r = top_region(v);
  RULE(v, LOOP_SHAPE,
       r && r->generic == generic && r->slot == A && v->next == r->end,
       "no loop's prep leads here");
  RULE(v, LOOP_SHAPE, !r || r->start == target,
       "the loop's body begins elsewhere");
  RULE(v, LOOP_SHAPE, !r || !generic || r->called,
       "the call of the loop is missing before it");
  if (r) r->closed = true;
  return true;
}

/* Leaves the regions that end at or before v->pc. */
bool rv_walk_leave_loops(Walk *v) {
  Region *r;
  while ((r = top_region(v)) && r->end <= v->pc) {
    RULE(v, LOOP_SHAPE, r->closed, "the loop's end is missing before");
    r->open = false;
    v->region = r->outer;
  }
  return true;
}

static bool check_loop(Walk *v, u8 effect) {
  u32 A = RV_INSN_A(*v->at);
  i64 target = v->next;
  if (v->op->flags & RV_OPF_JUMP)
    target += rv_insn_field(v->at, v->op->fmt, RV_FIELD_J);
  switch (effect) {
  case RV_EFF_LOOP_OPEN:
    return open_region(v, A, target < 0 ? 0 : (u64)target, false);
  case RV_EFF_GLOOP_OPEN:
    return open_region(v, A, target < 0 ? 0 : (u64)target + RV_GLOOP_END, true);
  case RV_EFF_LOOP_CLOSE: return check_loop_close(v, A, target, false);
  case RV_EFF_GLOOP_CLOSE: return check_loop_close(v, A, target, true);
  case RV_EFF_GLOOP_CALL: return check_loop_call(v, A);
  default: return true;
  }
}

bool rv_walk_loops(Walk *v) {
  for (u32 i = 0; i < v->op->neffects; i++)
    if (!check_loop(v, v->op->effect[i].kind)) return false;
  return true;
}

/* -- Ways from place to place ---------------------------------------------- */

/* With heights h control may come to place i. */
static bool check_edge(Walk *v, u32 i, RvHeights h) {
  const RvHeight *to = &v->f->heights[i];
  RULE(v, HEIGHT_EDGE,
       h.regs >= to->regs && h.cells >= to->cells && h.tbc == to->tbc,
       "comes to pc %u with heights %u %u %u; declared are %u %u %u", to->pc,
       h.regs, h.cells, h.tbc, to->regs, to->cells, to->tbc);
  return true;
}

/* The jump of the instruction at hand. A generic loop's prep may jump into
   the loop that it opens; nothing else may enter one. */
static bool check_jump_to(Walk *v, u32 target, RvHeights h) {
  u32 i = v->place_at[target];
  if (target < v->next)
    RULE(v, JUMP_TARGET, v->is_start[target],
         "jump to pc %u, inside an instruction", target);
  RULE(v, HEIGHTS, i, "jump to pc %u, where no height is declared", target);
  if (!i) return true;
  Place *p = &v->places[i - 1];
  p->used = true;
  if (target >= v->next) {
    if (p->jump == NEVER && !rv_walk_has_effect(v->op, RV_EFF_GLOOP_OPEN))
      p->jump = v->pc;
  } else {
    RULE(v, LOOP_SHAPE, !p->region || v->regions[p->region - 1].open,
         "jump to pc %u, back into a loop", target);
  }
  return check_edge(v, i - 1, h);
}

bool rv_walk_jump(Walk *v, RvHeights h) {
  u8 flags = v->op->flags;
  if (!(flags & RV_OPF_JUMP)) return true;
  i64 d = rv_insn_field(v->at, v->op->fmt, RV_FIELD_J);
  i64 target = (i64)v->next + d;
  if (flags & RV_OPF_BACK)
    RULE(v, JUMP_BACK, d < 0, "jump forward by %d words", (int)d);
  else
    RULE(v, JUMP_FORWARD, d >= 0, "jump backward by %d words", (int)-d);
  bool inside = target >= 0 && target < v->f->ncode;
  RULE(v, JUMP_TARGET, inside, "jump to pc %lld of %u", (long long)target,
       v->f->ncode);
  return !inside || check_jump_to(v, (u32)target, h);
}

/* A height is declared at this pc: control may fall into it. */
static bool arrive(Walk *v, u32 i) {
  const RvHeight *to = &v->f->heights[i];
  Place *p = &v->places[i];
  const Region *r = top_region(v);
  RULE(v, LOOP_SHAPE, !r || p->jump == NEVER || p->jump >= r->start,
       "the jump at pc %u leads into a loop", p->jump);
  p->region = v->region;
  RULE(v, OPEN_NEXT, !v->open, "open results come to a jump target");
  if (v->alive) {
    if (!check_edge(v, i, v->h)) return false;
  } else {
    p->used = true;
  }
  v->h = (RvHeights){to->regs, to->cells, to->tbc};
  v->alive = true;
  return true;
}

/* Heights declared between here and the next instruction. */
bool rv_walk_inside(Walk *v) {
  for (; v->nplaces < v->f->nheights; v->nplaces++) {
    const RvHeight *h = &v->f->heights[v->nplaces];
    if (h->pc >= v->next) break;
    Place *p = &v->places[v->nplaces];
    RULE(v, JUMP_TARGET, !p->used, "a jump leads inside of it, to pc %u",
         h->pc);
    RULE(v, HEIGHTS, p->used, "a height is declared inside of it");
    p->used = true;
  }
  return true;
}

bool rv_walk_begin(Walk *v) {
  v->is_start[v->pc] = 1;
  if (!rv_walk_leave_loops(v)) return false;
  const RvFunc *f = v->f;
  if (v->nplaces < f->nheights && f->heights[v->nplaces].pc == v->pc)
    return arrive(v, v->nplaces++);
  RULE(v, HEIGHTS, v->alive, "no height is declared after an end");
  return true;
}

