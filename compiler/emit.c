/* SPDX-License-Identifier: MIT */
/* Instructions, jumps, constants, cache slots, registers. */
#include <string.h>

#include "compiler/gen.h"
#include "vm/hash.h"

/* -- Words --------------------------------------------------------------------- */

static void add_height(RvlGen *g) {
  RvHeight h = {g->ncode, (u8)g->free, (u8)g->cells, (u8)g->marks};
  if (g->nheights && g->heights[g->nheights - 1].pc == h.pc) {
    /* Labels of blocks in one another: the outermost counts. */
    RvHeight *l = &g->heights[g->nheights - 1];
    if (h.regs < l->regs) l->regs = h.regs;
    if (h.cells < l->cells) l->cells = h.cells;
    l->tbc = h.tbc;
    return;
  }
  if (rvl_grow(&g->p->mem, &g->heights, &g->cheights, g->nheights, sizeof h))
    g->heights[g->nheights++] = h;
}

static u32 cells_in_scope(const RvlGen *g) {
  return g->vars ? g->vars->cells : 0;
}

/* Control arrives here from elsewhere, or not at all. */
static void arrive(RvlGen *g) {
  g->cells = cells_in_scope(g);
  add_height(g);
  g->ended = false;
}

static void put_word(RvlGen *g, u32 word) {
  if (!rvl_grow(&g->p->mem, &g->code, &g->ccode, g->ncode, sizeof word)) return;
  g->code[g->ncode++] = word;
  if (g->ncode == 1u << 23)
    rvl_error(g->p, g->line, NULL, 0, "function at line %u is too long",
              g->fs->first_line);
}

static bool ends(u8 op) {
  switch (op) {
  case RV_OP_JMP:
  case RV_OP_LOOP:
  case RV_OP_GFORPREP:
  case RV_OP_TAILCALL:
  case RV_OP_TAILCALLA:
  case RV_OP_RET:
  case RV_OP_RET0:
  case RV_OP_RET1:
  case RV_OP_RETM:
  case RV_OP_RETC:
  case RV_OP_THROW: return true;
  default: return false;
  }
}

void rvl_emit(RvlGen *g, u32 word) {
  if (g->ended) arrive(g);
  if (!g->nlines || g->lines[g->nlines - 1].line != g->line) {
    if (!rvl_grow(&g->p->mem, &g->lines, &g->clines, g->nlines,
                  sizeof *g->lines))
      return;
    g->lines[g->nlines++] = (RvLine){g->ncode, g->line};
  }
  g->ended = ends((u8)word);
  put_word(g, word);
}

void rvl_extra(RvlGen *g, u32 e) { put_word(g, RV_OP_EXTRA | e << 8); }

/* -- Jumps ------------------------------------------------------------------------
   A jump that waits holds the one before it in its chain; the field counts
   words plus 1. */

void rvl_jump_word(RvlGen *g, u32 word, RvlTarget *t) {
  rvl_emit(g, word);
  rvl_extra(g, t->chain);
  t->chain = g->ncode;
}

void rvl_jmp(RvlGen *g, RvlTarget *t) {
  rvl_emit(g, RV_OP_JMP | t->chain << 8);
  t->chain = g->ncode;
}

void rvl_bind(RvlGen *g, RvlTarget *t) {
  if (t->chain == RVL_NO_JUMP) return;
  if (g->p->mem.nomem) return;
  for (u32 at = t->chain; at != RVL_NO_JUMP;) {
    u32 *w = &g->code[at - 1];
    u32 before = *w >> 8;
    *w = (*w & 0xffu) | (g->ncode - at) << 8;
    at = before;
  }
  t->chain = RVL_NO_JUMP;
  arrive(g);
}

u32 rvl_back_target(RvlGen *g) {
  arrive(g);
  return g->ncode;
}

static u32 back_distance(RvlGen *g, u32 pc) { return pc - (g->ncode + 1); }

void rvl_back_word(RvlGen *g, u32 pc) { rvl_extra(g, back_distance(g, pc)); }

void rvl_loop(RvlGen *g, u32 pc) {
  if (g->ended) arrive(g);
  rvl_emit(g, RV_OP_LOOP | back_distance(g, pc) << 8);
}

/* -- Constants ---------------------------------------------------------------------- */

static u32 add_k(RvlGen *g, u8 tag, u64 v) {
  if (!rvl_grow(&g->p->mem, &g->k, &g->ck, g->nk, sizeof *g->k)) return 0;
  g->k[g->nk] = (RvConst){v, tag};
  return g->nk++;
}

u32 rvl_k_str(RvlGen *g, RvlName *n) {
  if (n->kfunc != g->serial) {
    n->kindex = add_k(g, RV_STR, rvl_image_str(g->p, n));
    n->kfunc = g->serial;
  }
  return n->kindex;
}

static RvlKSlot *kslot(RvlKSlot *slots, u32 n, u32 func, u8 tag, u64 v) {
  u32 i = (u32)rv_mix64(v + tag) & (n - 1);
  for (;; i = (i + 1) & (n - 1)) {
    RvlKSlot *s = &slots[i];
    if (s->func != func || (s->v == v && s->tag == tag)) return s;
  }
}

/* At most half full. */
static bool grow_kslots(RvlGen *g) {
  u32 n = g->nkslots ? g->nkslots : 64;
  while (n / 2 <= g->nk + 1) n *= 2;
  if (n == g->nkslots) return true;
  RvlKSlot *t = rvl_resize(&g->p->mem, NULL, 0, n * sizeof *t);
  if (!t) return false;
  memset(t, 0, n * sizeof *t);
  for (u32 i = 0; i < g->nk; i++) {
    const RvConst *k = &g->k[i];
    if (k->tag != RV_STR)
      *kslot(t, n, g->serial, k->tag, k->v) =
          (RvlKSlot){k->v, g->serial, i, k->tag};
  }
  rvl_resize(&g->p->mem, g->kslots, g->nkslots * sizeof *t, 0);
  g->kslots = t;
  g->nkslots = n;
  return true;
}

u32 rvl_k_num(RvlGen *g, u8 tag, u64 v) {
  if (g->nkslots / 2 <= g->nk + 1 && !grow_kslots(g)) return 0;
  RvlKSlot *s = kslot(g->kslots, g->nkslots, g->serial, tag, v);
  if (s->func == g->serial) return s->index;
  *s = (RvlKSlot){v, g->serial, add_k(g, tag, v), tag};
  return s->index;
}

u32 rvl_cache(RvlGen *g, RvlName *key) {
  u32 k = key ? rvl_k_str(g, key) : 0;
  if (!rvl_grow(&g->p->mem, &g->caches, &g->ccaches, g->ncaches, sizeof k))
    return 0;
  g->caches[g->ncaches] = k;
  return g->ncaches++;
}

void rvl_cached(RvlGen *g, u8 op, u8 wide, u32 a, u32 b, RvlName *key) {
  u32 slot = rvl_cache(g, key);
  if (slot <= 255) {
    rvl_abc(g, op, a, b, slot);
    return;
  }
  rvl_abc(g, wide, a, b, 0);
  rvl_extra(g, slot);
}

/* -- Registers -------------------------------------------------------------------------- */

void rvl_need(RvlGen *g, u32 end) {
  if (end <= g->max) return;
  if (end > RV_MAX_REGS) {
    rvl_error(g->p, g->line, NULL, 0,
              "function or expression needs too many registers");
    end = RV_MAX_REGS;
  }
  g->max = end;
}

u32 rvl_take(RvlGen *g, u32 n) {
  u32 r = g->free;
  rvl_need(g, r + n);
  g->free = r + n <= RV_MAX_REGS ? r + n : RV_MAX_REGS;
  return r;
}
