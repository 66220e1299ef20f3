/* SPDX-License-Identifier: MIT */
/* Cached field accesses: the slow halves, and what they teach the caches.

   A method is cached when the receiver has no slot for the key and every table
   from the first link to the holder is private: these become watched, and so
   does a private receiver. Whatever could make the lookup end elsewhere - a
   watched table gaining the key or a metatable, an __index changing - flushes
   all method caches. A store that adds a field to a table with a metatable
   relies on there being no __newindex in the same way. */
#include "vm/dict.h"
#include "vm/err.h"
#include "vm/feedback.h"
#include "vm/table_impl.h"

/* -- Learning -------------------------------------------------------------- */

static void fill_mono(RvCache *c, const RvPolyEntry *e) {
  *c = (RvCache){.shape = e->shape, .slot = e->slot, .kind = e->kind,
                 .miss = c->miss};
  if (e->kind == RV_CACHE_METHOD) c->u.holder = e->holder;
  if (e->kind == RV_CACHE_ADD) c->u.next_shape = e->next_shape;
}

static void become_mega(RvMachine *m, RvCache *c) {
  if (c->kind == RV_CACHE_POLY) rv_mem_free(m, c->u.poly, sizeof(RvPoly));
  *c = (RvCache){.kind = RV_CACHE_MEGA};
  rv_shape_want_keycache(m);
}

static void become_poly(RvMachine *m, RvCache *c, const RvPolyEntry *e) {
  RvPoly *p = rv_mem_realloc(m, NULL, 0, sizeof *p);
  if (!p) return;
  p->n = 2;
  p->e[0] = rv_feedback_entry(c);
  p->e[1] = *e;
  *c = (RvCache){.kind = RV_CACHE_POLY};
  c->u.poly = p;
}

static void learn_poly(RvMachine *m, RvCache *c, const RvPolyEntry *e) {
  RvPoly *p = c->u.poly;
  for (u32 i = 0; i < p->n; i++) {
    if (p->e[i].shape != e->shape) continue;
    p->e[i] = *e;
    return;
  }
  if (p->n < 4)
    p->e[p->n++] = *e;
  else
    become_mega(m, c);
}

static void learn(RvMachine *m, RvCache *c, const RvPolyEntry *e) {
  if (c->kind == RV_CACHE_MEGA) return;
  if (e->kind == RV_CACHE_METHOD ||
      (e->kind == RV_CACHE_ADD && m->shapes[e->shape]->meta))
    m->methods_live = true;
  if (c->kind == RV_CACHE_NONE || (c->shape && c->shape == e->shape))
    fill_mono(c, e);
  else if (c->kind == RV_CACHE_POLY)
    learn_poly(m, c, e);
  else
    become_poly(m, c, e);
}

static RvPolyEntry *find_poly(const RvCache *c, u32 shape) {
  if (!c || c->kind != RV_CACHE_POLY) return NULL;
  for (u32 i = 0; i < c->u.poly->n; i++)
    if (c->u.poly->e[i].shape == shape) return &c->u.poly->e[i];
  return NULL;
}

static i32 find_key(RvMachine *m, const RvTable *t, RvString *key) {
  return rv_dict_find(m, rv_shape_of(m, t), rv_strv(key));
}

/* -- Reading --------------------------------------------------------------- */

static bool get_poly(const RvCache *c, const RvTable *t, RvValue *v) {
  const RvPolyEntry *e = find_poly(c, t->h.shape);
  if (!e) return false;
  const RvTable *at = e->kind == RV_CACHE_METHOD ? e->holder : t;
  *v = rv_props_get(at, e->slot);
  return v->t != RV_NIL;
}

/* The table that a lookup which fails in t goes on with. */
static RvTable *next_link(RvMachine *m, const RvTable *t) {
  RvValue v = rv_table_event(m, t, RV_EV_INDEX);
  return v.t == RV_TABLE ? RV_AS(RvTable, v) : NULL;
}

/* Watches the chain from t to holder; false when it cannot be watched. */
static bool watch_chain(RvMachine *m, RvTable *t, const RvTable *holder) {
  for (RvTable *at = t; at != holder; at = next_link(m, at))
    if (at != t && !rv_shape_is_private(rv_shape_of(m, at))) return false;
  if (!rv_shape_is_private(rv_shape_of(m, holder))) return false;
  for (RvTable *at = t;; at = next_link(m, at)) {
    RvShape *s = rv_shape_of(m, at);
    if (rv_shape_is_private(s)) s->h.flags |= RV_SHAPE_WATCHED;
    if (at == holder) return true;
  }
}

static void learn_get(RvMachine *m, RvCache *c, RvTable *t, RvTable *at,
                      u32 slot, RvString *key) {
  if (!c || c->kind == RV_CACHE_MEGA || slot > UINT16_MAX) return;
  RvPolyEntry e = {.shape = t->h.shape, .slot = (u16)slot};
  e.kind = RV_CACHE_OWN;
  if (at != t) {
    if (!rv_feedback_methods_allowed(m) || find_key(m, t, key) >= 0 ||
        !watch_chain(m, t, at))
      return;
    e.kind = RV_CACHE_METHOD;
    e.holder = at;
  }
  learn(m, c, &e);
}

bool rv_cache_get(RvMachine *m, RvProto *pr, RvCache *c, RvTable *t,
                  RvString *key, RvValue *v, RvTable **holder) {
  if (!rv_feedback_has(pr)) c = NULL;
  if (get_poly(c, t, v)) return true;
  RvTable *at = t;
  for (u32 i = 0; i < RV_MAX_CHAIN; i++) {
    i32 slot = find_key(m, at, key);
    if (slot >= 0 && (*v = rv_props_get(at, (u32)slot)).t != RV_NIL) {
      learn_get(m, c, t, at, (u32)slot, key);
      return true;
    }
    *v = rv_table_event(m, at, RV_EV_INDEX);
    if (v->t == RV_NIL) return true;
    *holder = at;
    if (v->t != RV_TABLE) return false;
    at = RV_AS(RvTable, *v);
  }
  return false;
}

/* -- Storing --------------------------------------------------------------- */

static bool set_poly(RvMachine *m, const RvCache *c, RvTable *t, RvValue val) {
  const RvPolyEntry *e = find_poly(c, t->h.shape);
  if (!e) return false;
  if (e->kind == RV_CACHE_ADD)
    return rv_table_add_fast(m, t, e->slot, e->next_shape, val.p, (u8)val.t);
  if (rv_props_get(t, e->slot).t == RV_NIL) return false;
  rv_props_set(t, e->slot, val);
  rv_barrier(m, t, val.t);
  return true;
}

static void learn_set(RvMachine *m, RvCache *c, const RvTable *t, u32 slot) {
  if (!c || slot > UINT16_MAX) return;
  RvPolyEntry e = {.shape = t->h.shape, .slot = (u16)slot,
                   .kind = RV_CACHE_OWN};
  learn(m, c, &e);
}

/* The receiver had shape id `from` and has just gained a field at the end. */
static void learn_add(RvMachine *m, RvCache *c, const RvTable *t, u32 from) {
  const RvShape *s = rv_shape_of(m, t);
  if (rv_shape_is_private(s)) return;
  if (s->meta && !rv_feedback_methods_allowed(m)) return;
  RvPolyEntry e = {.shape = from, .slot = (u16)(s->nkeys - 1),
                   .kind = RV_CACHE_ADD, .next_shape = s->h.shape};
  learn(m, c, &e);
}

static RvStatus add_cached(RvMachine *m, RvProto *pr, RvCache *c, RvTable *t,
                           RvValue key, RvValue val) {
  u32 from = t->h.shape;
  size_t i = c ? (size_t)(c - pr->fb) : 0;
  if (rv_field_add(m, t, key, val, false)) return RV_ERROR;
  /* Short of memory the vector may have been dropped. */
  if (c && rv_feedback_has(pr)) learn_add(m, &pr->fb[i], t, from);
  return RV_OK;
}

RvStatus rv_cache_set(RvMachine *m, RvProto *pr, RvCache *c, RvTable *t,
                      RvString *key, RvValue val, bool *done, RvValue *v) {
  RvValue k = rv_strv(key);
  if (!rv_feedback_has(pr)) c = NULL;
  *done = true;
  if (set_poly(m, c, t, val)) return RV_OK;
  i32 slot = find_key(m, t, key);
  if (slot < 0 || rv_props_get(t, (u32)slot).t == RV_NIL) {
    *v = rv_table_event(m, t, RV_EV_NEWINDEX);
    *done = v->t == RV_NIL;
    if (!*done) return RV_OK;
  }
  if (rv_field_is_event(m, t, k)) return rv_field_store(m, t, k, val, false);
  if (slot >= 0) {
    rv_field_set(m, t, (u32)slot, val);
    learn_set(m, c, t, (u32)slot);
    return RV_OK;
  }
  return val.t == RV_NIL ? RV_OK : add_cached(m, pr, c, t, k, val);
}
