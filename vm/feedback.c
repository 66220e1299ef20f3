/* SPDX-License-Identifier: MIT */
/* Feedback vectors: making, dropping, and clearing what no longer holds. */
#include "vm/feedback.h"

#include "vm/shape.h"

const RvCache rv_no_feedback[256];

/* Machines that keep changing their classes stop caching methods. */
#define FLUSHES_MAX 10000u

void rv_feedback_make(RvMachine *m, RvProto *p) {
  u32 n = p->f->ncaches;
  if (rv_feedback_has(p) || n == 0) return;
  RvCache *fb = rv_mem_realloc(m, NULL, 0, n * sizeof *fb);
  if (!fb) return;
  memset(fb, 0, n * sizeof *fb);
  p->fb = fb;
}

static void free_poly(RvMachine *m, RvCache *c) {
  if (c->kind == RV_CACHE_POLY) rv_mem_free(m, c->u.poly, sizeof(RvPoly));
}

void rv_feedback_drop(RvMachine *m, RvProto *p) {
  if (!rv_feedback_has(p)) return;
  u32 n = p->f->ncaches;
  for (u32 i = 0; i < n; i++) free_poly(m, &p->fb[i]);
  rv_mem_free(m, p->fb, n * sizeof *p->fb);
  p->fb = (RvCache *)rv_no_feedback;
}

void rv_feedback_drop_all(RvMachine *m) {
  for (u32 i = 0; i < m->cprotos; i++)
    if (m->protos[i]) rv_feedback_drop(m, m->protos[i]);
}

/* -- Clearing -------------------------------------------------------------- */

/* An entry is one thing that a cache knows; a monomorphic cache has one. */
typedef bool (*KeepFn)(RvMachine *m, const RvPolyEntry *e);

RvPolyEntry rv_feedback_entry(const RvCache *c) {
  RvPolyEntry e = {.shape = c->shape, .slot = c->slot, .kind = c->kind};
  if (c->kind == RV_CACHE_METHOD) e.holder = c->u.holder;
  if (c->kind == RV_CACHE_ADD) e.next_shape = c->u.next_shape;
  return e;
}

static void filter_cache(RvMachine *m, RvCache *c, KeepFn keep) {
  if (c->kind == RV_CACHE_NONE || c->kind == RV_CACHE_MEGA) return;
  if (c->kind != RV_CACHE_POLY) {
    RvPolyEntry e = rv_feedback_entry(c);
    if (!keep(m, &e)) *c = (RvCache){.miss = c->miss};
    return;
  }
  RvPoly *p = c->u.poly;
  u32 n = 0;
  for (u32 i = 0; i < p->n; i++)
    if (keep(m, &p->e[i])) p->e[n++] = p->e[i];
  p->n = n;
}

static void filter_all(RvMachine *m, KeepFn keep) {
  for (u32 i = 0; i < m->cprotos; i++) {
    RvProto *p = m->protos[i];
    if (!p || !rv_feedback_has(p)) continue;
    for (u32 k = 0; k < p->f->ncaches; k++) filter_cache(m, &p->fb[k], keep);
  }
}

static bool is_current(const RvMachine *m, u32 id) {
  return m->shapes[id] && m->shapes[id]->h.shape == id;
}

static bool holds_ids(RvMachine *m, const RvPolyEntry *e) {
  return is_current(m, e->shape);
}

void rv_feedback_forget_ids(RvMachine *m) { filter_all(m, holds_ids); }

/* An ADD whose shape has a metatable relies on there being no __newindex. */
static bool holds_without_chains(RvMachine *m, const RvPolyEntry *e) {
  return e->kind == RV_CACHE_OWN ||
         (e->kind == RV_CACHE_ADD && !m->shapes[e->shape]->meta);
}

void rv_feedback_flush_methods(RvMachine *m) {
  if (!m->methods_live) return;
  m->methods_live = false;
  m->flushes++;
  filter_all(m, holds_without_chains);
}

bool rv_feedback_methods_allowed(const RvMachine *m) {
  return m->flushes < FLUSHES_MAX;
}

/* A shape that lives on without its metatable (rv_shape_sweep) is dead to the
   caches. */
static bool shape_lives(RvMachine *m, u32 id) {
  if (!is_current(m, id)) return false;
  const RvShape *s = m->shapes[id];
  return rv_gc_is_marked(&s->h, sizeof *s) &&
         (!s->meta || rv_gc_object_marked(&s->meta->h));
}

static bool survives(RvMachine *m, const RvPolyEntry *e) {
  if (!shape_lives(m, e->shape)) return false;
  if (e->kind == RV_CACHE_METHOD) return rv_gc_object_marked(&e->holder->h);
  if (e->kind == RV_CACHE_ADD) return shape_lives(m, e->next_shape);
  return true;
}

void rv_feedback_sweep(RvMachine *m) { filter_all(m, survives); }
