/* SPDX-License-Identifier: MIT */
/* Heights and frame sizes that the text leaves to the assembler.

   The walk goes through the code in order and keeps the running height. At a
   place where a height is due it lowers what the place has to the running
   height, and the target of a jump likewise; when that changes a place already
   passed, the walk goes on from there. A place after an `end` instruction that
   no jump has reached yet is passed over: the body of a generic loop becomes
   known only through the back-edge at its end. What stays unreached is dead
   code; it gets the height in front of the instruction that ends the code
   before it. */
#include "assembler/heights.h"

#include <string.h>

#include "assembler/code.h"
#include "vm/walk.h"

typedef struct Place {
  RvHeights h;
  u8 known, fixed;
} Place;

typedef struct Walk {
  const RvImage *img;
  const RvFunc *f;
  const u8 *marks;
  Place *places; /* one per pc */
  u64 budget;    /* steps before the walk stops going back */
} Walk;

static bool lower(u32 *v, u32 to) {
  if (to >= *v) return false;
  *v = to;
  return true;
}

/* An edge with height h arrives at a place; true when that lowers it. */
static bool arrive(Place *p, RvHeights h) {
  if (p->fixed) return false;
  if (!p->known) {
    p->known = 1;
    p->h = h;
    return true;
  }
  bool a = lower(&p->h.regs, h.regs), b = lower(&p->h.cells, h.cells),
       c = lower(&p->h.tbc, h.tbc);
  return a || b || c;
}

/* Walks from pc, where the height is h, to the end of the code. */
static void walk(Walk *k, u32 pc, RvHeights h) {
  const RvFunc *f = k->f;
  bool alive = true;
  while (pc < f->ncode) {
    Place *p = &k->places[pc];
    if (k->marks[pc] & RVA_DUE) {
      if (alive) arrive(p, h);
      alive = p->known;
      h = p->h;
    }
    const struct RvOpInfo *info = rva_decode(f->code, f->ncode, pc);
    u32 next = pc + (info ? info->words : 1);
    if (k->budget) k->budget--;
    if (!info || !alive) {
      pc = next;
      continue;
    }
    RvHeights before = h, jump;
    h = rv_height_step(k->img, f, pc, h, &jump);
    if (info->flags & RV_OPF_JUMP) {
      i64 to = rva_jump_target(info, f->code + pc, pc);
      if (to >= 0 && to < f->ncode && k->marks[to] & RVA_TARGET &&
          arrive(&k->places[to], jump) && to <= pc && k->budget) {
        pc = (u32)to;
        h = k->places[pc].h;
        continue;
      }
    }
    if (info->flags & RV_OPF_END) {
      alive = false;
      if (next < f->ncode && !k->places[next].known) k->places[next].h = before;
    }
    pc = next;
  }
}

static void walk_all(Walk *k) {
  const RvFunc *f = k->f;
  walk(k, 0, rv_height_entry(f));
  for (u32 pc = 0; pc < f->ncode; pc++) {
    Place *p = &k->places[pc];
    if (!(k->marks[pc] & RVA_DUE) || p->known) continue;
    p->known = 1;
    walk(k, pc, p->h);
  }
}

static u8 clip(u32 v) { return v < 255 ? (u8)v : 255; }

bool rva_infer_heights(RvaMem *m, const RvImage *img, RvFunc *f) {
  u32 n = 0;
  u8 *marks = rva_alloc_array(m, (size_t)f->ncode + 1, 1);
  Place *places = rva_alloc_array(m, (size_t)f->ncode + 1, sizeof *places);
  RvHeight *all =
      rva_alloc_array(m, (size_t)f->ncode + f->nheights + 1, sizeof *all);
  Walk k = {img, f, marks, places, (u64)f->ncode * 64 + 4096};
  if (!marks || !places || !all) return false;
  rva_mark(f->code, f->ncode, marks);
  for (u32 i = 0; i < f->nheights; i++) {
    const RvHeight *h = &f->heights[i];
    if (h->pc >= f->ncode) continue;
    places[h->pc] = (Place){{h->regs, h->cells, h->tbc}, 1, 1};
    marks[h->pc] |= RVA_TARGET;
  }
  if (f->ncode) walk_all(&k);
  for (u32 pc = 0; pc < f->ncode; pc++) {
    RvHeights h = places[pc].h;
    if (marks[pc] & RVA_DUE)
      all[n++] = (RvHeight){pc, clip(h.regs), clip(h.cells), clip(h.tbc)};
  }
  for (u32 i = 0; i < f->nheights; i++)
    if (f->heights[i].pc >= f->ncode) all[n++] = f->heights[i];
  f->heights = all;
  f->nheights = n;
  return true;
}

/* -- Frame size ------------------------------------------------------------ */

/* The end of the registers that an effect touches. */
static u32 effect_end(const RvImage *img, const struct RvOpInfo *info,
                      const RvInsn *w, const struct RvEffect *e) {
  u32 first = rv_effect_arg(w, info, &e->arg[0]);
  u32 n = rv_effect_arg(w, info, &e->arg[1]);
  u32 x = rv_effect_arg(w, info, &e->arg[2]);
  u32 nargs, nres;
  switch (e->kind) {
  case RV_EFF_READS:
  case RV_EFF_WRITES:
  case RV_EFF_WRITES_FALL:
  case RV_EFF_WRITES_JUMP:
  case RV_EFF_RESULT:
  case RV_EFF_SCRATCH:
  case RV_EFF_OPEN_IN: return first + n;
  case RV_EFF_OPEN_IN_OPT: return first + n + (rv_is_open(x) ? 0 : x);
  case RV_EFF_RESULT_OPT: return first + (rv_is_open(n) ? 0 : n);
  case RV_EFF_HOST:
    rv_import_shape(img, n, &nargs, &nres);
    return first + (nres > nargs ? nres : nargs);
  default: return 0;
  }
}

u32 rva_measure_regs(const RvImage *img, const RvFunc *f) {
  u32 most = (u32)f->nparams + f->ncells;
  for (u32 pc = 0; pc < f->ncode;) {
    const struct RvOpInfo *info = rva_decode(f->code, f->ncode, pc);
    const RvInsn *w = f->code + pc;
    pc += info ? info->words : 1;
    for (u32 i = 0; info && i < info->noperands; i++) {
      u8 kind = info->operand[i].kind;
      u32 end = (u32)rva_operand(info, w, i) + 1;
      if (kind != RV_KIND_WR && kind != RV_KIND_RD && kind != RV_KIND_WIN)
        continue;
      if (end > most) most = end;
    }
    for (u32 i = 0; info && i < info->neffects; i++) {
      u32 end = effect_end(img, info, w, &info->effect[i]);
      if (end > most) most = end;
    }
  }
  return most < 255 ? most : 255;
}
