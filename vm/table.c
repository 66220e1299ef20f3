/* SPDX-License-Identifier: MIT */
/* Tables over array part and fields: access, order, length, metatables.

   Everything that shows - which part a key is in, when tombstones go, what is
   charged - follows from the operations alone. Capacities never decide. */
#include "vm/table.h"

#include "vm/array.h"
#include "vm/dict.h"
#include "vm/err.h"
#include "vm/feedback.h"
#include "vm/num.h"
#include "vm/table_impl.h"

/* Hints of constructors are believed up to here: they cost nothing. */
#define HINT_MAX 256u

/* -- Parts ----------------------------------------------------------------- */

static const u8 icap_sizes[8] = {0, 2, 4, 6, 8, 12, 16, 24};

u32 rv_table_inline_cap(const RvTable *t) {
  return icap_sizes[(t->h.flags & RV_TAB_ICAP) >> RV_TAB_ICAP_SHIFT];
}

size_t rv_table_size(const RvTable *t) {
  return (sizeof *t + 9 * (size_t)rv_table_inline_cap(t) + 7) & ~(size_t)7;
}

bool rv_table_props_inline(const RvTable *t) {
  u32 n = rv_table_inline_cap(t);
  return n > 0 && t->props == (const u64 *)(t + 1) + n;
}

u32 rv_table_props_cap(const RvMachine *m, const RvTable *t) {
  if (!t->props || rv_table_props_inline(t)) return 0;
  const RvShape *s = rv_shape_of(m, t);
  return rv_shape_is_private(s) ? s->pcap : t->h.aux;
}

u64 rv_table_lsize(RvMachine *m, const RvTable *t) {
  return RV_LSIZE_TABLE +
         RV_LSIZE_ENTRY * ((u64)t->acount + rv_shape_of(m, t)->nkeys);
}

RvTable *rv_table_new(RvMachine *m, u32 narr, u32 nfields) {
  u32 code = 0;
  if (nfields <= icap_sizes[7])
    while (icap_sizes[code] < nfields) code++;
  u32 n = icap_sizes[code];
  size_t size = (sizeof(RvTable) + 9 * (size_t)n + 7) & ~(size_t)7;
  RvTable *t = rv_heap_new(m, size, RV_LSIZE_TABLE, RV_TABLE);
  if (!t) return NULL;
  t->h.flags = (u8)(RV_ARR_EMPTY | code << RV_TAB_ICAP_SHIFT);
  t->h.aux = (u8)n;
  t->h.shape = m->root_shape->h.shape;
  t->props = n ? (u64 *)(t + 1) + n : NULL;
  t->arr = NULL;
  t->asize = t->acount = 0;
  if (narr == 0 && nfields <= n) return t;
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_obj(t, RV_TABLE));
  RvStatus st = rv_table_reserve(m, t, narr < HINT_MAX ? narr : HINT_MAX,
                                 nfields < HINT_MAX ? nfields : HINT_MAX);
  rv_root_close(m, mark);
  return st ? NULL : t;
}

RvStatus rv_props_reserve(RvMachine *m, RvTable *t, u32 n) {
  if (n <= t->h.aux) return RV_OK;
  u32 cap = rv_dict_step(n);
  if (cap > RV_SHAPE_MAX_FIELDS) cap = RV_SHAPE_MAX_FIELDS;
  if (rv_props_grow(m, t, rv_shape_of(m, t)->nkeys, cap)) return RV_ERROR;
  t->h.aux = (u8)cap;
  return RV_OK;
}

RvStatus rv_table_reserve(RvMachine *m, RvTable *t, u32 narr, u32 nfields) {
  if (narr && rv_array_reserve(m, t, narr)) return RV_ERROR;
  if (rv_shape_is_private(rv_shape_of(m, t)))
    return rv_dict_reserve(m, t, nfields);
  return rv_props_reserve(
      m, t, nfields < RV_SHAPE_MAX_FIELDS ? nfields : RV_SHAPE_MAX_FIELDS);
}

/* -- Reading --------------------------------------------------------------- */

static bool is_interned(RvValue key) {
  return key.t == RV_STR && RV_AS(RvString, key)->h.flags & RV_STR_INTERNED;
}

/* Floats with an integer value become integers. */
static RvValue normal_key(RvValue key) {
  i64 i;
  if (key.t == RV_FLT && rv_num_f2i(rv_u2d(key.p), &i)) return rv_int(i);
  return key;
}

static RvValue get_field(RvMachine *m, const RvTable *t, RvValue key) {
  i32 slot = rv_dict_find(m, rv_shape_of(m, t), key);
  return slot < 0 ? rv_nil() : rv_props_get(t, (u32)slot);
}

RvValue rv_table_get_int(RvMachine *m, const RvTable *t, i64 key) {
  u64 x = (u64)key - 1;
  if (x < t->acount) return rv_array_get(t, (u32)x);
  const RvShape *s = rv_shape_of(m, t);
  return rv_shape_is_private(s) ? get_field(m, t, rv_int(key)) : rv_nil();
}

RvValue rv_table_get_str(RvMachine *m, const RvTable *t, RvString *key) {
  return get_field(m, t, rv_strv(key));
}

RvValue rv_table_get(RvMachine *m, const RvTable *t, RvValue key) {
  key = normal_key(key);
  if (key.t == RV_INT) return rv_table_get_int(m, t, (i64)key.p);
  if (key.t == RV_NIL) return rv_nil();
  return get_field(m, t, key);
}

/* -- Storing: fields ------------------------------------------------------- */

static bool is_event_name(RvValue key) {
  if (key.t != RV_STR) return false;
  const RvString *s = RV_AS(RvString, key);
  return s->len > 2 && memcmp(rv_str_data(s), "__", 2) == 0;
}

/* A metatable is about to get another value for an event name: what the shapes
   remember about absence is void, and chains through it may change. */
static RvStatus touch_meta(RvMachine *m, RvValue key, RvValue v) {
  m->meta_epoch++;
  bool index = key.p == RV_PAY(m->names[RV_EV_INDEX]);
  if (index || key.p == RV_PAY(m->names[RV_EV_NEWINDEX]))
    rv_feedback_flush_methods(m);
  if (index && v.t == RV_TABLE) return rv_table_make_link(m, RV_AS(RvTable, v));
  return RV_OK;
}

/* Adds a key that is not there to a table with a shared shape, if it may keep
   one: *full says that it may not. */
static RvStatus add_shared(RvMachine *m, RvTable *t, RvString *key, RvValue v,
                           bool dynamic, bool *full) {
  u32 slot = rv_shape_of(m, t)->nkeys;
  *full = slot >= RV_SHAPE_MAX_FIELDS;
  if (*full) return RV_OK;
  if (rv_props_reserve(m, t, slot + 1)) return RV_ERROR;
  RvShape *s = rv_shape_add_key(m, rv_shape_of(m, t), key, dynamic, full);
  if (!s) return *full ? RV_OK : RV_ERROR;
  rv_props_set(t, slot, v);
  t->h.shape = s->h.shape;
  rv_barrier(m, t, RV_SHAPE);
  return RV_OK;
}

RvStatus rv_field_add(RvMachine *m, RvTable *t, RvValue key, RvValue v,
                      bool dynamic) {
  if (rv_heap_charge(m, RV_LSIZE_ENTRY)) return RV_ERROR;
  m->charging = RV_LSIZE_ENTRY; /* a new shape may collect */
  RvStatus st = rv_field_add_paid(m, t, key, v, dynamic);
  m->charging = 0;
  return st;
}

RvStatus rv_field_add_paid(RvMachine *m, RvTable *t, RvValue key, RvValue v,
                           bool dynamic) {
  if (!rv_shape_is_private(rv_shape_of(m, t))) {
    bool full = true;
    if (is_interned(key) &&
        add_shared(m, t, RV_AS(RvString, key), v, dynamic, &full))
      return RV_ERROR;
    if (!full) return RV_OK;
    if (rv_dict_privatise(m, t, true)) return RV_ERROR;
  }
  return rv_dict_add(m, t, key, v);
}

void rv_field_set(RvMachine *m, RvTable *t, u32 slot, RvValue v) {
  RvShape *s = rv_shape_of(m, t);
  if (rv_shape_is_private(s)) {
    rv_dict_set(m, t, s, slot, v);
    return;
  }
  rv_props_set(t, slot, v);
  rv_barrier(m, t, v.t);
}

bool rv_field_is_event(const RvMachine *m, const RvTable *t, RvValue key) {
  return (rv_shape_of(m, t)->h.flags & RV_SHAPE_META) && is_event_name(key);
}

RvStatus rv_field_store(RvMachine *m, RvTable *t, RvValue key, RvValue v,
                        bool dynamic) {
  if (rv_field_is_event(m, t, key) && touch_meta(m, key, v)) return RV_ERROR;
  i32 slot = rv_dict_find(m, rv_shape_of(m, t), key);
  if (slot >= 0) {
    rv_field_set(m, t, (u32)slot, v);
    return RV_OK;
  }
  return v.t == RV_NIL ? RV_OK : rv_field_add(m, t, key, v, dynamic);
}

/* -- Storing: elements ----------------------------------------------------- */

static RvStatus append_paid(RvMachine *m, RvTable *t, u64 x, RvValue v) {
  /* The charge may have collected, and that have shortened a weak array. */
  if (x == t->acount) {
    if (!rv_array_spill_due(t)) return rv_array_append(m, t, v);
    if (rv_array_spill(m, t)) return RV_ERROR;
  }
  RvValue key = rv_int((i64)x + 1);
  i32 slot = rv_dict_find(m, rv_shape_of(m, t), key);
  if (slot < 0) return rv_field_add_paid(m, t, key, v, true);
  rv_field_set(m, t, (u32)slot, v);
  return RV_OK;
}

static RvStatus append(RvMachine *m, RvTable *t, u64 x, RvValue v) {
  if (rv_heap_charge(m, RV_LSIZE_ENTRY)) return RV_ERROR;
  m->charging = RV_LSIZE_ENTRY;
  RvStatus st = append_paid(m, t, x, v);
  m->charging = 0;
  return st;
}

RvStatus rv_table_set_int(RvMachine *m, RvTable *t, i64 key, RvValue v) {
  u64 x = (u64)key - 1;
  if (x < t->acount) return rv_array_set(m, t, (u32)x, v);
  if (x == t->acount && v.t != RV_NIL) return append(m, t, x, v);
  if (v.t == RV_NIL && !rv_shape_is_private(rv_shape_of(m, t))) return RV_OK;
  return rv_field_store(m, t, rv_int(key), v, true);
}

RvStatus rv_table_set_str(RvMachine *m, RvTable *t, RvString *key, RvValue v) {
  return rv_field_store(m, t, rv_strv(key), v, true);
}

RvStatus rv_table_set(RvMachine *m, RvTable *t, RvValue key, RvValue v) {
  key = normal_key(key);
  if (key.t == RV_INT) return rv_table_set_int(m, t, (i64)key.p, v);
  if (key.t == RV_NIL) return rv_err_run(m->th, "table index is nil");
  if (key.t == RV_FLT && rv_u2d(key.p) != rv_u2d(key.p))
    return rv_err_run(m->th, "table index is NaN");
  return rv_field_store(m, t, key, v, true);
}

/* Values from the first on that are not nil. */
static u32 count_values(const RvThread *th, u32 from, u32 n) {
  u32 i = 0;
  while (i < n && th->tag[from + i] != RV_NIL) i++;
  return i;
}

RvStatus rv_table_set_list(RvThread *th, RvTable *t, u64 first, u32 from,
                           u32 n) {
  RvMachine *m = th->m;
  u32 i = 0;
  if (first == (u64)t->acount + 1 && !(t->h.flags & RV_TAB_HOLES) &&
      !rv_shape_of(m, t)->posints) {
    u32 bulk = count_values(th, from, n);
    if (rv_heap_charge(m, RV_LSIZE_ENTRY * (u64)bulk)) return RV_ERROR;
    if (bulk && first == (u64)t->acount + 1) {
      if (rv_array_append_slots(m, t, th, from, bulk)) return RV_ERROR;
      i = bulk;
    }
  }
  for (; i < n; i++) {
    RvValue v = rv_value(th->pay[from + i], th->tag[from + i]);
    if (rv_table_set_int(m, t, (i64)(first + i), v)) return RV_ERROR;
  }
  return RV_OK;
}

/* -- Length ---------------------------------------------------------------- */

#define MAXINT INT64_MAX

static bool has(RvMachine *m, const RvTable *t, i64 k) {
  return rv_table_get_int(m, t, k).t != RV_NIL;
}

/* A border between a key that is there (or 0) and one that is not. */
static i64 border_between(RvMachine *m, const RvTable *t, i64 lo, i64 hi) {
  while (hi - lo > 1) {
    i64 mid = lo + (hi - lo) / 2;
    if (has(m, t, mid)) lo = mid;
    else hi = mid;
  }
  return lo;
}

static i64 border_above(RvMachine *m, const RvTable *t, i64 p) {
  i64 lo = p;
  for (i64 step = 1;; step *= 2) {
    if (lo == MAXINT) return lo;
    i64 hi = step > MAXINT - p ? MAXINT : p + step;
    if (!has(m, t, hi)) return border_between(m, t, lo, hi);
    lo = hi;
    if (step > MAXINT / 2) step = MAXINT / 2;
  }
}

static i64 search_border(RvMachine *m, const RvTable *t, i64 n) {
  if (n == 0) return 0;
  for (i64 p = n; p <= n + 16; p++)
    if (has(m, t, p)) return border_above(m, t, p);
  for (i64 f = 2; f <= 16; f *= 2)
    if (has(m, t, f * n)) return border_above(m, t, f * n);
  return has(m, t, 1) ? border_between(m, t, 1, n) : 0;
}

i64 rv_table_len(RvMachine *m, const RvTable *t) {
  u32 posints = rv_shape_of(m, t)->posints;
  if (RV_LIKELY(!(t->h.flags & RV_TAB_HOLES) && !posints)) return t->acount;
  return search_border(m, t, (i64)t->acount - rv_array_nils(t) + posints);
}

/* -- Order ----------------------------------------------------------------- */

/* Positions: elements from 0, fields from FIELDS on, so that a part shortened
   by assigning nil moves nothing. */
#define FIELDS (1ull << 32)

/* Both halves add the nils they pass over to *nils. The bounds from which they
   begin lie exactly before the first value: what comes before it costs nobody
   anything. */
static bool next_element(const RvTable *t, u64 *pos, RvValue *k, RvValue *v,
                         u64 *nils) {
  u64 x = *pos;
  if (t->h.flags & RV_TAB_HOLES && x < rv_array_holes(t)->first)
    x = rv_array_holes(t)->first;
  for (; x < t->acount; x++, ++*nils) {
    *v = rv_array_get(t, (u32)x);
    if (v->t == RV_NIL) continue;
    *k = rv_int((i64)x + 1);
    *pos = x + 1;
    return true;
  }
  *pos = FIELDS;
  return false;
}

static bool next_field(RvMachine *m, const RvTable *t, u64 *pos, RvValue *k,
                       RvValue *v, u64 *nils) {
  const RvShape *s = rv_shape_of(m, t);
  u64 i = *pos - FIELDS;
  if (i < s->first) i = s->first;
  for (; i < s->nkeys; i++, ++*nils) {
    *v = rv_props_get(t, (u32)i);
    if (v->t == RV_NIL) continue;
    *k = rv_value(s->key[i], rv_shape_tags(s)[i]);
    m->next_shape = t->h.shape;
    m->next_slot = (u32)i;
    *pos = FIELDS + i + 1;
    return true;
  }
  *pos = FIELDS + s->nkeys;
  return false;
}

bool rv_table_iter(RvMachine *m, const RvTable *t, u64 *pos, RvValue *k,
                   RvValue *v) {
  u64 nils = 0;
  return (*pos < FIELDS && next_element(t, pos, k, v, &nils)) ||
         next_field(m, t, pos, k, v, &nils);
}

/* A traversal asks for the key that it got last. */
static bool was_last(const RvMachine *m, const RvShape *s, RvValue key) {
  u32 i = m->next_slot;
  return s->h.shape == m->next_shape && i < s->nkeys && s->key[i] == key.p &&
         rv_shape_tags(s)[i] == key.t;
}

/* Position behind key; false when key never was in the table. */
static bool position_of(RvMachine *m, const RvTable *t, RvValue key, u64 *pos) {
  key = normal_key(key);
  if (key.t == RV_INT && key.p - 1 < t->acount) {
    *pos = key.p;
    return true;
  }
  const RvShape *s = rv_shape_of(m, t);
  i32 slot = was_last(m, s, key) ? (i32)m->next_slot : rv_dict_find(m, s, key);
  /* A positive integer that is nowhere: the array part ended behind it when the
     traversal saw it, and has been shortened since. */
  if (slot < 0 && !(key.t == RV_INT && (i64)key.p > 0 &&
                    t->h.flags & RV_TAB_SHRUNK))
    return false;
  *pos = FIELDS + (u64)(slot + 1);
  return true;
}

RvStatus rv_table_next_counted(RvMachine *m, const RvTable *t, RvValue key,
                               RvValue *k, RvValue *v, u64 *nils) {
  u64 pos = 0, fields = 0;
  *nils = 0;
  if (key.t != RV_NIL && !position_of(m, t, key, &pos))
    return rv_err_run(m->th, "invalid key to 'next'");
  if (pos < FIELDS && next_element(t, &pos, k, v, nils)) return RV_OK;
  if (!next_field(m, t, &pos, k, v, &fields)) *k = *v = rv_nil();
  /* Shared shapes keep no bound, but have few entries. */
  if (rv_shape_is_private(rv_shape_of(m, t))) *nils += fields;
  return RV_OK;
}

RvStatus rv_table_next(RvMachine *m, const RvTable *t, RvValue key, RvValue *k,
                       RvValue *v) {
  u64 nils;
  return rv_table_next_counted(m, t, key, k, v, &nils);
}

/* -- Metatables ------------------------------------------------------------ */

/* A table that lookups pass through must be private, so that caches can watch
   it. Its tombstones stay: it may be under traversal. */
RvStatus rv_table_make_link(RvMachine *m, RvTable *t) {
  if (rv_shape_is_private(rv_shape_of(m, t))) return RV_OK;
  return rv_dict_privatise(m, t, false);
}

RvStatus rv_table_make_meta(RvMachine *m, RvTable *meta) {
  if (rv_shape_of(m, meta)->h.flags & RV_SHAPE_META) return RV_OK;
  bool was = rv_shape_is_private(rv_shape_of(m, meta));
  if (rv_table_make_link(m, meta)) return RV_ERROR;
  RvShape *s = rv_shape_of(m, meta);
  /* Stores to event names must not go through caches made before. */
  if (was) {
    if (rv_shape_renew_id(m, s)) return RV_ERROR;
    meta->h.shape = s->h.shape;
    if (s->h.flags & RV_SHAPE_WATCHED) rv_feedback_flush_methods(m);
  }
  s->h.flags |= RV_SHAPE_META;
  RvValue index = rv_table_get_str(m, meta, m->names[RV_EV_INDEX]);
  if (index.t != RV_TABLE) return RV_OK;
  return rv_table_make_link(m, RV_AS(RvTable, index));
}

static RvStatus set_private_meta(RvMachine *m, RvTable *t, RvTable *meta) {
  RvShape *s = rv_shape_of(m, t);
  if (s->meta == meta) return RV_OK;
  if (rv_shape_renew_id(m, s)) return RV_ERROR;
  t->h.shape = s->h.shape;
  s->meta = meta;
  s->absent = 0;
  if (s->h.flags & RV_SHAPE_WATCHED) rv_feedback_flush_methods(m);
  rv_barrier(m, s, RV_TABLE);
  rv_barrier(m, t, RV_TABLE);
  return RV_OK;
}

static RvStatus set_shared_meta(RvMachine *m, RvTable *t, RvTable *meta) {
  bool full;
  RvShape *s = rv_shape_with_meta(m, rv_shape_of(m, t), meta, &full);
  if (s) {
    t->h.shape = s->h.shape;
    rv_barrier(m, t, RV_SHAPE);
    return RV_OK;
  }
  if (!full || rv_dict_privatise(m, t, false)) return RV_ERROR;
  return set_private_meta(m, t, meta);
}

RvStatus rv_table_set_meta(RvMachine *m, RvTable *t, RvTable *meta) {
  if (meta && rv_table_make_meta(m, meta)) return RV_ERROR;
  RvStatus st = rv_shape_is_private(rv_shape_of(m, t))
                    ? set_private_meta(m, t, meta)
                    : set_shared_meta(m, t, meta);
  if (st || !meta || rv_table_event(m, t, RV_EV_GC).t == RV_NIL) return st;
  return rv_gc_finalizable(m, &t->h);
}

_Static_assert(RV_NEVENTS <= 64, "a shape has a bit for each event");

RvValue rv_meta_event(RvMachine *m, RvTable *meta, RvName e) {
  if (!meta) return rv_nil();
  return rv_table_get_str(m, meta, m->names[e]);
}

RvValue rv_table_event(RvMachine *m, const RvTable *t, RvName e) {
  RvShape *s = rv_shape_of(m, t);
  if (!s->meta) return rv_nil();
  if (s->absent_epoch != m->meta_epoch) {
    s->absent_epoch = m->meta_epoch;
    s->absent = 0;
  }
  if (s->absent >> e & 1) return rv_nil();
  RvValue v = rv_meta_event(m, s->meta, e);
  if (v.t == RV_NIL) s->absent |= 1ull << e;
  return v;
}

/* -- Weak tables ----------------------------------------------------------- */

typedef bool (*DeadFn)(RvMachine *m, RvValue v);

static void clear_weak_array(RvMachine *m, RvTable *t, DeadFn dead) {
  if (rv_array_kind(t) != RV_ARR_MIXED) return;
  for (u32 x = 0; x < t->acount; x++)
    if (dead(m, rv_array_get(t, x))) rv_array_punch(t, x);
  rv_array_trim(t);
}

static bool key_is_dead(RvMachine *m, const RvShape *s, u32 i, DeadFn dead) {
  u8 tag = rv_shape_tags(s)[i];
  return tag != RV_KEY_DEAD && dead(m, rv_value(s->key[i], tag));
}

void rv_table_clear_weak(RvMachine *m, RvTable *t, bool weak_keys,
                         bool weak_values, DeadFn dead) {
  RvShape *s = rv_shape_of(m, t);
  if (weak_values) clear_weak_array(m, t, dead);
  for (u32 i = 0; i < s->nkeys; i++) {
    bool key_dead = weak_keys && key_is_dead(m, s, i, dead);
    if (key_dead || (weak_values && dead(m, rv_props_get(t, i))))
      rv_field_set(m, t, i, rv_nil());
    if (key_dead) rv_shape_tags(s)[i] = RV_KEY_DEAD;
  }
}

void rv_table_bury_keys(RvMachine *m, RvTable *t, DeadFn dead) {
  RvShape *s = rv_shape_of(m, t);
  for (u32 i = 0; i < s->nkeys; i++)
    if (rv_props_get(t, i).t == RV_NIL && key_is_dead(m, s, i, dead))
      rv_shape_tags(s)[i] = RV_KEY_DEAD;
}
