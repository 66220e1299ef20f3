/* SPDX-License-Identifier: MIT */
/* The insertion-ordered dictionary behind tables that left shared shapes.

   The index holds slot + 1 in 1, 2 or 4 bytes by its size, is at most three
   quarters full and is probed by triangular steps, so that honest keys do not
   cluster: a run over PROBE_MAX means that somebody chose the keys. The
   dictionary then indexes itself again under a seeded hash of the whole key.
   Up to SCAN_MAX keys there is no index.

   Growing has three steps - keys, index, props - each of which leaves the
   dictionary valid, because every allocation may collect or fail. */
#include "vm/dict.h"

#include "vm/err.h"
#include "vm/feedback.h"
#include "vm/hash.h"
#include "vm/str.h"

#define SCAN_MAX 8u
#define PROBE_MAX 64u
#define MAX_ENTRIES 0x40000000u
/* Number of entries from which on insertion thinks about compacting. */
#define COMPACT_MIN 8u

/* -- Hashes ---------------------------------------------------------------- */

static u32 keyed_bytes(const RvString *s, u64 seed) {
  const char *p = rv_str_data(s);
  u64 h = rv_mix64(seed ^ s->len);
  u32 n = s->len;
  for (; n >= 8; n -= 8, p += 8) h = rv_mix64(h ^ rv_load64le(p)) + seed;
  u64 tail = 0;
  for (u32 i = 0; i < n; i++) tail |= (u64)(u8)p[i] << (8 * i);
  return (u32)(rv_mix64(h ^ tail) >> 16);
}

/* False: an object without a serial number, which is in no table. */
static bool hash_key(RvMachine *m, const RvShape *s, RvValue key, u32 *h) {
  bool keyed = s->h.flags & RV_SHAPE_KEYED;
  u64 x = key.p;
  if (key.t == RV_STR) {
    RvString *str = RV_AS(RvString, key);
    *h = keyed ? keyed_bytes(str, m->hash_seed) : rv_str_hash_of(str);
    return true;
  }
  if (RV_IS_GC(key.t)) {
    x = rv_serial_get(m, RV_AS(RvHdr, key));
    if (!x) return false;
  }
  x += key.t << 56;
  *h = keyed ? rv_hash_keyed(x, m->hash_seed)
             : (u32)((x ^ x >> 32) * 0x9e3779b97f4a7c15ull >> 32);
  return true;
}

static bool same_key(u64 p, u8 tag, RvValue key) {
  if (tag != key.t) return false;
  if (p == key.p) return true;
  return tag == RV_STR && rv_str_eq((const RvString *)(uintptr_t)p,
                                    RV_AS(RvString, key));
}

/* -- Index ----------------------------------------------------------------- */

static u32 index_load(const RvShape *s, u32 i) {
  if (s->isize <= 256) return ((const u8 *)s->index)[i];
  if (s->isize <= 65536) return ((const u16 *)s->index)[i];
  return ((const u32 *)s->index)[i];
}

static void index_store(RvShape *s, u32 i, u32 v) {
  if (s->isize <= 256)
    ((u8 *)s->index)[i] = (u8)v;
  else if (s->isize <= 65536)
    ((u16 *)s->index)[i] = (u16)v;
  else
    ((u32 *)s->index)[i] = v;
}

/* Entries that an index of n places serves. */
static u32 index_room(u32 n) { return n - n / 4; }

/* Enters slot under h; returns the length of the probe run. */
static u32 index_add(RvShape *s, u32 h, u32 slot) {
  u32 mask = s->isize - 1, i = h & mask, n = 0;
  while (index_load(s, i)) i = (i + ++n) & mask;
  index_store(s, i, slot + 1);
  return n;
}

static RvValue key_at(const RvShape *s, u32 slot) {
  return rv_value(s->key[slot], rv_shape_tags(s)[slot]);
}

/* Fills an empty index. Keys of dead objects are left out: they have no hash
   any more, and nobody can look for them. */
static u32 index_fill(RvMachine *m, RvShape *s) {
  u32 worst = 0;
  memset(s->index, 0, rv_shape_index_bytes(s));
  for (u32 i = 0; i < s->nkeys; i++) {
    RvValue key = key_at(s, i);
    u32 h;
    if (key.t == RV_KEY_DEAD || !hash_key(m, s, key, &h)) continue;
    u32 run = index_add(s, h, i);
    if (run > worst) worst = run;
  }
  return worst;
}

static void reindex(RvMachine *m, RvShape *s) {
  if (!s->index) return;
  if (index_fill(m, s) <= PROBE_MAX || (s->h.flags & RV_SHAPE_KEYED)) return;
  s->h.flags |= RV_SHAPE_KEYED;
  index_fill(m, s);
}

static i32 scan_keys(const RvShape *s, RvValue key) {
  const u8 *tags = rv_shape_tags(s);
  for (u32 i = 0; i < s->nkeys; i++)
    if (same_key(s->key[i], tags[i], key)) return (i32)i;
  return -1;
}

static bool interned(RvValue key) {
  return key.t == RV_STR && RV_AS(RvString, key)->h.flags & RV_STR_INTERNED;
}

i32 rv_dict_find(RvMachine *m, const RvShape *s, RvValue key) {
  if (!rv_shape_is_private(s))
    return interned(key) ? rv_shape_find_str(m, s, RV_AS(RvString, key)) : -1;
  if (interned(key)) return rv_dict_find_interned(m, s, RV_AS(RvString, key));
  if (!s->index) return scan_keys(s, key);
  u32 h, mask = s->isize - 1, n = 0;
  if (!hash_key(m, s, key, &h)) return -1;
  const u8 *tags = rv_shape_tags(s);
  for (u32 i = h & mask, e; (e = index_load(s, i)) != 0; i = (i + ++n) & mask)
    if (same_key(s->key[e - 1], tags[e - 1], key)) return (i32)(e - 1);
  return -1;
}

i32 rv_dict_find_interned(RvMachine *m, const RvShape *s, const RvString *key) {
  u64 p = RV_PAY(key);
  if (!s->index) {
    for (u32 i = 0; i < s->nkeys; i++)
      if (s->key[i] == p && rv_shape_tags(s)[i] == RV_STR) return (i32)i;
    return -1;
  }
  u32 mask = s->isize - 1, n = 0, h = key->h.shape;
  if (s->h.flags & RV_SHAPE_KEYED) h = keyed_bytes(key, m->hash_seed);
  for (u32 i = h & mask, e; (e = index_load(s, i)) != 0; i = (i + ++n) & mask)
    if (s->key[e - 1] == p && rv_shape_tags(s)[e - 1] == RV_STR)
      return (i32)(e - 1);
  return -1;
}

/* -- Growing --------------------------------------------------------------- */

u32 rv_dict_step(u32 n) {
  u32 c = 4;
  while (c < n) c = c & (c - 1) ? c / 3 * 4 : c < 8 ? c * 2 : c / 2 * 3;
  return c;
}

static RvStatus grow_keys(RvMachine *m, RvShape *s, u32 cap) {
  if (s->cap >= cap) return RV_OK;
  u32 old = s->cap, n = s->nkeys;
  u64 *key = rv_heap_regrow(m, s->key, 9 * (size_t)old, 9 * (size_t)cap, 0);
  if (!key) return RV_ERROR;
  memmove(key + cap, key + old, n);
  s->key = key;
  s->cap = cap;
  rv_barrier(m, s, RV_SHAPE);
  return RV_OK;
}

/* The size of an index for n entries; 0 for none. */
static u32 index_size(u32 n) {
  u32 size = 16;
  if (n <= SCAN_MAX) return 0;
  while (index_room(size) < n) size *= 2;
  return size;
}

static RvStatus grow_index(RvMachine *m, RvShape *s, u32 cap) {
  u32 size = index_size(cap);
  if (size <= s->isize) return RV_OK;
  size_t width = size <= 256 ? 1 : size <= 65536 ? 2 : 4;
  void *index = rv_heap_alloc(m, size * width, 0);
  if (!index) return RV_ERROR;
  s->index = index;
  s->isize = size;
  rv_barrier(m, s, RV_SHAPE);
  reindex(m, s);
  return RV_OK;
}

RvStatus rv_props_grow(RvMachine *m, RvTable *t, u32 n, u32 cap) {
  u64 *block = rv_heap_alloc(m, 9 * (size_t)cap, 0);
  if (!block) return RV_ERROR;
  u64 *props = block + cap;
  if (n) {
    memcpy(props - n, t->props - n, 8 * (size_t)n);
    memcpy(props, t->props, n);
  }
  t->props = props;
  rv_barrier(m, t, RV_TABLE);
  return RV_OK;
}

RvStatus rv_dict_reserve(RvMachine *m, RvTable *t, u32 n) {
  RvShape *s = rv_shape_of(m, t);
  if (n > MAX_ENTRIES) return rv_err_memory(m->th);
  u32 cap = rv_dict_step(n);
  if (grow_keys(m, s, cap) || grow_index(m, s, cap)) return RV_ERROR;
  if (s->pcap >= n) return RV_OK;
  if (rv_props_grow(m, t, s->nkeys, cap)) return RV_ERROR;
  s->pcap = cap;
  return RV_OK;
}

/* -- Compaction ------------------------------------------------------------ */

static u32 count_live(const RvTable *t, u32 n) {
  const u8 *tags = (const u8 *)t->props;
  u32 live = 0;
  for (u32 i = 0; i < n; i++) live += tags[i] != RV_NIL;
  return live;
}

/* Moves the live entries together. */
static void squeeze(RvShape *s, RvTable *t) {
  u8 *tags = rv_shape_tags(s);
  u32 to = 0;
  for (u32 i = 0; i < s->nkeys; i++) {
    RvValue v = rv_props_get(t, i);
    if (v.t == RV_NIL) continue;
    s->key[to] = s->key[i];
    tags[to] = tags[i];
    rv_props_set(t, to++, v);
  }
  s->nkeys = to;
  s->first = 0;
}

/* Gives memory back when little of it is in use. Memory alone is concerned, so
   failure is no error; the old blocks stay then. */
static void shrink(RvMachine *m, RvTable *t, RvShape *s) {
  u32 cap = rv_dict_step(s->nkeys + s->nkeys / 2);
  if (s->cap < 64 || cap > s->cap / 4) return;
  RvValue err = m->th->err;
  u64 *key = rv_heap_alloc(m, 9 * (size_t)cap, 0);
  if (key) {
    memcpy(key, s->key, 8 * (size_t)s->nkeys);
    memcpy(key + cap, rv_shape_tags(s), s->nkeys);
    s->key = key;
    s->cap = cap;
    rv_barrier(m, s, RV_SHAPE);
    if (!rv_props_grow(m, t, s->nkeys, cap)) s->pcap = cap;
  }
  s->index = NULL;
  s->isize = 0;
  if (grow_index(m, s, cap)) s->isize = 0;
  m->th->err = err;
}

RvStatus rv_dict_compact(RvMachine *m, RvTable *t) {
  RvShape *s = rv_shape_of(m, t);
  if (rv_shape_renew_id(m, s)) return RV_ERROR;
  t->h.shape = s->h.shape;
  if (s->h.flags & RV_SHAPE_WATCHED) rv_feedback_flush_methods(m);
  squeeze(s, t);
  reindex(m, s);
  shrink(m, t, s);
  return RV_OK;
}

/* -- Adding ---------------------------------------------------------------- */

static bool is_posint(RvValue key) {
  return key.t == RV_INT && (i64)key.p > 0;
}

/* Appends within the capacity. */
static void push_entry(RvMachine *m, RvTable *t, RvShape *s, RvValue key,
                       RvValue v) {
  u32 slot = s->nkeys;
  s->key[slot] = key.p;
  rv_shape_tags(s)[slot] = (u8)key.t;
  rv_props_set(t, slot, v);
  s->nkeys = slot + 1;
  if (is_posint(key)) s->posints++;
  if (RV_IS_GC(key.t) && key.t != RV_STR) s->h.flags |= RV_SHAPE_OBJECTS;
  rv_barrier(m, s, key.t);
  rv_barrier(m, t, v.t);
  u32 h;
  if (!s->index || !hash_key(m, s, key, &h)) return;
  if (index_add(s, h, slot) > PROBE_MAX && !(s->h.flags & RV_SHAPE_KEYED)) {
    s->h.flags |= RV_SHAPE_KEYED;
    index_fill(m, s);
  }
}

/* Compaction is due when nkeys is a power of two and a quarter of it, or more,
   are tombstones. */
static bool compaction_due(const RvTable *t, const RvShape *s) {
  u32 n = s->nkeys;
  if (n < COMPACT_MIN || (n & (n - 1))) return false;
  return count_live(t, n) <= n - n / 4;
}

RvStatus rv_dict_add(RvMachine *m, RvTable *t, RvValue key, RvValue v) {
  RvShape *s = rv_shape_of(m, t);
  if (RV_IS_GC(key.t) && key.t != RV_STR && !rv_serial(m, RV_AS(RvHdr, key)))
    return RV_ERROR;
  if (compaction_due(t, s) && rv_dict_compact(m, t)) return RV_ERROR;
  u32 n = s->nkeys + 1;
  if (RV_UNLIKELY(n > s->cap || n > s->pcap ||
                  (s->index ? n > index_room(s->isize) : n > SCAN_MAX)) &&
      rv_dict_reserve(m, t, n))
    return RV_ERROR;
  if (key.t == RV_STR && (s->h.flags & RV_SHAPE_WATCHED))
    rv_feedback_flush_methods(m);
  push_entry(m, t, s, key, v);
  return RV_OK;
}

void rv_dict_set(RvMachine *m, RvTable *t, RvShape *s, u32 slot, RvValue v) {
  bool was = rv_props_get(t, slot).t != RV_NIL, is = v.t != RV_NIL;
  rv_props_set(t, slot, v);
  rv_barrier(m, t, v.t);
  if (was == is) return;
  if (is_posint(key_at(s, slot))) s->posints += is ? 1 : -1u;
  if (is && slot < s->first) s->first = slot;
  if (is && (s->h.flags & RV_SHAPE_WATCHED)) rv_feedback_flush_methods(m);
  if (is || slot != s->first) return;
  while (s->first < s->nkeys && rv_props_get(t, s->first).t == RV_NIL)
    s->first++;
}

void rv_dict_put_int(RvMachine *m, RvTable *t, i64 k, RvValue v) {
  RvShape *s = rv_shape_of(m, t);
  i32 slot = rv_dict_find(m, s, rv_int(k));
  if (slot < 0)
    push_entry(m, t, s, rv_int(k), v);
  else
    rv_dict_set(m, t, s, (u32)slot, v);
}

/* -- Leaving shared shapes ------------------------------------------------- */

/* An empty private shape with room for n keys; on the roots, the caller closes
   the scope. */
static RvShape *new_private(RvMachine *m, u32 n) {
  RvShape *s = rv_heap_new(m, sizeof *s, RV_LSIZE_SHAPE, RV_SHAPE);
  if (!s) return NULL;
  RvHdr h = s->h;
  memset(s, 0, sizeof *s);
  s->h = h;
  s->h.flags = RV_SHAPE_PRIVATE;
  rv_root_push(m, rv_obj(s, RV_SHAPE));
  if (grow_keys(m, s, rv_dict_step(n)) || grow_index(m, s, s->cap)) return NULL;
  return rv_shape_renew_id(m, s) ? NULL : s;
}

RvStatus rv_dict_privatise(RvMachine *m, RvTable *t, bool drop) {
  u32 mark = rv_root_open(m), n = rv_shape_of(m, t)->nkeys;
  RvShape *s = new_private(m, n + 1);
  if (!s || rv_props_grow(m, t, n, s->cap)) {
    rv_root_close(m, mark);
    return RV_ERROR;
  }
  rv_root_close(m, mark);
  const RvShape *old = rv_shape_of(m, t);
  if (n) memcpy(s->key, old->key, 8 * (size_t)n);
  memset(rv_shape_tags(s), RV_STR, n);
  s->nkeys = n;
  s->pcap = s->cap;
  s->meta = old->meta;
  if (drop && count_live(t, n) < n) squeeze(s, t);
  while (s->first < s->nkeys && rv_props_get(t, s->first).t == RV_NIL)
    s->first++;
  reindex(m, s);
  rv_barrier(m, s, RV_SHAPE);
  t->h.shape = s->h.shape;
  t->h.aux = 0;
  rv_barrier(m, t, RV_SHAPE);
  return RV_OK;
}
