/* SPDX-License-Identifier: MIT */
/* Tables over array part, shared shapes and private dictionaries.

   Order of traversal: array part ascending, then fields in insertion order.
   Which keys are in the array part follows from the history of operations
   alone: a positive integer key acount+1 appends; a key beyond it goes to the
   fields and moves into the array part when the gap before it closes. A field
   set to nil keeps its key and place (a tombstone) until an insertion that must
   grow compacts; never in the collector. */
#ifndef RV_VM_TABLE_H
#define RV_VM_TABLE_H

#include "vm/shape.h"
#include "vm/str.h"

/* A new table with room for about narr elements and nfields fields; NULL:
   memory error raised. */
RvTable *rv_table_new(RvMachine *m, u32 narr, u32 nfields);

/* Reads without events. The key may be any value (nil and NaN: absent). */
RvValue rv_table_get(RvMachine *m, const RvTable *t, RvValue key);
RvValue rv_table_get_str(RvMachine *m, const RvTable *t, RvString *key);
RvValue rv_table_get_int(RvMachine *m, const RvTable *t, i64 key);

/* Stores without events. t, key and v must be anchored. RV_ERROR: key is nil or
   NaN, or memory. */
RvStatus rv_table_set(RvMachine *m, RvTable *t, RvValue key, RvValue v);
RvStatus rv_table_set_str(RvMachine *m, RvTable *t, RvString *key, RvValue v);
RvStatus rv_table_set_int(RvMachine *m, RvTable *t, i64 key, RvValue v);

/* Fast halves for the loop: true when done. */
RV_INLINE bool rv_table_geti_fast(const RvTable *t, u64 i, u64 *p, u8 *tag) {
  u64 x = i - 1;
  if (x >= t->acount) return false;
  u32 kind = t->h.flags & RV_TAB_AKIND;
  *p = t->arr[x];
  *tag = kind == RV_ARR_MIXED ? rv_arr_tags(t)[x] : (u8)kind;
  return true;
}

/* Overwrites an element or appends within capacity when the kind allows. */
RV_INLINE bool rv_table_seti_fast(RvMachine *m, RvTable *t, u64 i, u64 p,
                                  u8 tag) {
  u64 x = i - 1;
  u32 kind = t->h.flags & RV_TAB_AKIND;
  if (RV_UNLIKELY(x >= t->acount)) {
    /* Appending is charged, must not jump over a field it would join, and may
       be the metatable's business. */
    const RvShape *s = m->shapes[t->h.shape];
    if (x != t->acount || x >= t->asize || tag == RV_NIL ||
        (t->h.flags & RV_TAB_HOLES) || (kind != tag && kind != RV_ARR_MIXED) ||
        s->posints || s->meta || m->gc_left < (i64)RV_LSIZE_ENTRY)
      return false;
    m->gc_left -= RV_LSIZE_ENTRY;
    t->acount++;
  }
  if (kind == RV_ARR_MIXED) {
    if (tag == RV_NIL || (t->h.flags & RV_TAB_HOLES)) return false;
    t->arr[x] = p;
    rv_arr_tags(t)[x] = tag;
    rv_barrier(m, t, tag);
    return true;
  }
  if (kind != tag) return false;
  t->arr[x] = p;
  return true;
}

/* The border as machine.md "Length" defines it: it follows from contents. */
i64 rv_table_len(RvMachine *m, const RvTable *t);

/* Key and value after key in traversal order. RV_OK with *k nil: the end.
   RV_ERROR: key is not in the table. */
RvStatus rv_table_next(RvMachine *m, const RvTable *t, RvValue key, RvValue *k,
                       RvValue *v);
/* The same; *nils says how many entries without a value it passed over, those
   before the first value of a part, and of a shared shape, not among them. */
RvStatus rv_table_next_counted(RvMachine *m, const RvTable *t, RvValue key,
                               RvValue *k, RvValue *v, u64 *nils);
/* The same by position, for iterators that keep one: *pos starts at 0. False
   at the end. Valid while no new key is added. */
bool rv_table_iter(RvMachine *m, const RvTable *t, u64 *pos, RvValue *k,
                   RvValue *v);

/* Sets the metatable (NULL for none). The metatable's table gets a private
   shape. Registers t for finalization when meta has __gc. */
RvStatus rv_table_set_meta(RvMachine *m, RvTable *t, RvTable *meta);
/* Makes meta fit to be a metatable, of a table or of anything else: it and its
   __index, if that is a table, get private shapes. To be called before meta is
   stored as metatable of userdata or of a type. */
RvStatus rv_table_make_meta(RvMachine *m, RvTable *meta);

/* Event e of the table's metatable, nil when absent; absence is cached in the
   shape. */
RvValue rv_table_event(RvMachine *m, const RvTable *t, RvName e);
RvValue rv_meta_event(RvMachine *m, RvTable *meta, RvName e);

/* Preallocates; contents unchanged. */
RvStatus rv_table_reserve(RvMachine *m, RvTable *t, u32 narr, u32 nfields);
/* Stores n consecutive values from key first on (setlist). The values lie at
   slot `from` of the thread's stack. */
RvStatus rv_table_set_list(RvThread *th, RvTable *t, u64 first, u32 from,
                           u32 n);

/* Collector: clears the entries of a weak table that `dead` says are gone. A
   dead key keeps its place in the order (RV_KEY_DEAD). Allocates nothing. */
void rv_table_clear_weak(RvMachine *m, RvTable *t, bool weak_keys,
                         bool weak_values,
                         bool (*dead)(RvMachine *m, RvValue v));
/* Collector: tombstones whose key is a dead object forget it. For tables whose
   private shape has RV_SHAPE_OBJECTS, when tombstones' keys are not marked. */
void rv_table_bury_keys(RvMachine *m, RvTable *t,
                        bool (*dead)(RvMachine *m, RvValue v));

/* Logical bytes, for the ledger; physical sizes of the parts, for marking. */
u64 rv_table_lsize(RvMachine *m, const RvTable *t);
size_t rv_table_size(const RvTable *t); /* object with inline props */
size_t rv_table_arr_bytes(const RvTable *t);
/* Capacity of props (0 when inline or none are outside the object). */
u32 rv_table_props_cap(const RvMachine *m, const RvTable *t);
bool rv_table_props_inline(const RvTable *t);
u32 rv_table_inline_cap(const RvTable *t);

/* -- Cached accesses (feedback.h has the states) ------------------------------
   The slow halves of getfield and setfield when the cache missed: find or
   store without running guest code, and teach the cache. Stores of cache sites
   come here whether the function has a vector or not (c may be NULL then):
   they count as those of a site, which shows (shape.h).
   rv_cache_get: true when *v is the answer (found, or absent with no __index
   function left to ask, then nil). False: an event function or a non-table
   __index must be asked: *v is that __index value, *holder the table whose
   metatable had it. *v is a table only when the chain has RV_MAX_CHAIN links:
   the error "'__index' chain too long; possible loop". Allocates nothing the
   collector sees. */
#define RV_MAX_CHAIN 2000
bool rv_cache_get(RvMachine *m, RvProto *pr, RvCache *c, RvTable *t,
                  RvString *key, RvValue *v, RvTable **holder);
/* RV_OK and *done: stored. RV_OK and !*done: t has a __newindex, which is *v
   and may be a table: the caller stores into that with events. May collect and,
   short of memory, drop every feedback vector: c is void afterwards. */
RvStatus rv_cache_set(RvMachine *m, RvProto *pr, RvCache *c, RvTable *t,
                      RvString *key, RvValue val, bool *done, RvValue *v);

/* The loop's fast half of a store that adds a field (RV_CACHE_ADD; the shape
   has matched): true when done. */
RV_INLINE bool rv_table_add_fast(RvMachine *m, RvTable *t, u32 slot, u32 shape,
                                 u64 p, u8 tag) {
  if (slot >= t->h.aux || tag == RV_NIL || m->gc_left < (i64)RV_LSIZE_ENTRY)
    return false;
  m->gc_left -= RV_LSIZE_ENTRY;
  t->props[-1 - (i64)slot] = p;
  ((u8 *)t->props)[slot] = tag;
  t->h.shape = shape;
  rv_barrier(m, t, RV_SHAPE);
  return true;
}

#endif
