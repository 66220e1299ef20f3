/* SPDX-License-Identifier: MIT */
/* The array part: stores, growth, changes of kind, exchange with the fields. */
#include "vm/array.h"

#include "vm/dict.h"
#include "vm/err.h"

#define MAX_ELEMENTS 0x40000000u
/* Parts of this many elements and more are given back when emptied. */
#define KEEP_MAX 64u
/* From this many elements on, a part may be spilled. */
#define SPILL_MIN 64u
/* Migrations of at least this many fields may be followed by a compaction. */
#define MIGRATE_MIN 8u

static size_t bytes_for(u32 kind, u32 n) {
  if (n == 0) return 0;
  if (kind == RV_ARR_INT || kind == RV_ARR_FLT) return 8 * (size_t)n;
  return ((9 * (size_t)n + 7) & ~(size_t)7) + sizeof(RvHoles);
}

/* Elements of a kind that a block of so many bytes holds. */
static u32 room_in(u32 kind, size_t bytes) {
  if (kind == RV_ARR_INT || kind == RV_ARR_FLT) return (u32)(bytes / 8);
  if (bytes < 24) return 0;
  u32 n = (u32)((bytes - sizeof(RvHoles)) / 9);
  while (n > 0 && bytes_for(kind, n) > bytes) n--;
  return n;
}

size_t rv_table_arr_bytes(const RvTable *t) {
  return bytes_for(rv_array_kind(t), t->asize);
}

static void set_kind(RvTable *t, u32 kind) {
  t->h.flags = (u8)((t->h.flags & ~RV_TAB_AKIND) | kind);
}

/* The kind that elements of kind a and values with tag b have in common. */
static u32 join_kind(u32 a, u64 tag) {
  u32 b = tag <= RV_FLT ? (u32)tag : RV_ARR_MIXED;
  return a == RV_ARR_EMPTY || a == b ? b : RV_ARR_MIXED;
}

static u32 grown(u32 n) {
  if (n <= 4) return 4;
  if (n > MAX_ELEMENTS / 2) return MAX_ELEMENTS;
  return n < 4096 ? (n + n / 2 + 7) & ~7u : n + n / 2;
}

/* Lays the elements out as `kind` in the block they are in, which has room. */
static void change_kind(RvTable *t, u32 kind) {
  u32 old = rv_array_kind(t);
  size_t bytes = rv_table_arr_bytes(t);
  if (old == kind) return;
  t->asize = room_in(kind, bytes);
  /* The heap tells large blocks by the size they are said to have. */
  RV_ASSERT((bytes_for(kind, t->asize) > RV_SMALL_MAX) ==
                (bytes > RV_SMALL_MAX),
            "%zu bytes", bytes);
  set_kind(t, kind);
  if (kind == RV_ARR_MIXED && t->asize) {
    memset(rv_arr_tags(t), (int)old, t->acount);
    *rv_array_holes(t) = (RvHoles){0, 0};
  }
}

/* A block for n elements of the kind the table has. */
static RvStatus resize(RvMachine *m, RvTable *t, u32 n) {
  u32 kind = rv_array_kind(t), old = t->asize;
  if (n > MAX_ELEMENTS) return rv_err_memory(m->th);
  RvHoles holes = {0, 0};
  if (kind == RV_ARR_MIXED && old) holes = *rv_array_holes(t);
  u64 *arr = rv_heap_regrow(m, t->arr, bytes_for(kind, old), bytes_for(kind, n),
                            0);
  if (!arr) return RV_ERROR;
  t->arr = arr;
  t->asize = n;
  if (kind == RV_ARR_MIXED) {
    memmove(arr + n, arr + old, t->acount);
    *rv_array_holes(t) = holes;
  }
  rv_barrier(m, t, RV_TABLE);
  return RV_OK;
}

/* Room for `need` elements of `kind`, which the present kind can become. */
static RvStatus prepare(RvMachine *m, RvTable *t, u32 need, u32 kind) {
  u32 old = rv_array_kind(t);
  if (kind == RV_ARR_EMPTY) kind = old;
  u32 room = kind == old ? t->asize : room_in(kind, rv_table_arr_bytes(t));
  if (room < need) {
    u32 n = need > t->asize ? grown(need) : need;
    /* For MIXED the block grows as it is, to the bytes the new kind needs. */
    if (kind != old) {
      size_t bytes = bytes_for(kind, n);
      n = room_in(old, bytes);
      while (bytes_for(old, n) < bytes) n++;
    }
    if (resize(m, t, n)) return RV_ERROR;
  }
  change_kind(t, kind);
  return RV_OK;
}

RvStatus rv_array_reserve(RvMachine *m, RvTable *t, u32 n) {
  return t->asize >= n ? RV_OK : resize(m, t, n);
}

/* -- Nils ------------------------------------------------------------------ */

void rv_array_punch(RvTable *t, u32 x) {
  u8 *tags = rv_arr_tags(t);
  if (tags[x] == RV_NIL) return;
  RvHoles *holes = rv_array_holes(t);
  if (!(t->h.flags & RV_TAB_HOLES)) *holes = (RvHoles){0, 0};
  t->h.flags |= RV_TAB_HOLES;
  t->arr[x] = 0;
  tags[x] = RV_NIL;
  holes->count++;
  if (x == holes->first)
    while (holes->first < t->acount && tags[holes->first] == RV_NIL)
      holes->first++;
}

static void become_empty(RvTable *t) {
  t->acount = 0;
  t->h.flags |= RV_TAB_SHRUNK;
  t->h.flags &= (u8)~RV_TAB_HOLES;
  if (t->asize >= KEEP_MAX) {
    set_kind(t, RV_ARR_EMPTY);
    t->arr = NULL;
    t->asize = 0;
  } else {
    change_kind(t, RV_ARR_EMPTY);
  }
}

void rv_array_trim(RvTable *t) {
  if (t->h.flags & RV_TAB_HOLES) {
    const u8 *tags = rv_arr_tags(t);
    RvHoles *holes = rv_array_holes(t);
    while (t->acount > 0 && tags[t->acount - 1] == RV_NIL) {
      t->h.flags |= RV_TAB_SHRUNK;
      t->acount--;
      holes->count--;
    }
    if (holes->count == 0) t->h.flags &= (u8)~RV_TAB_HOLES;
  }
  if (t->acount == 0) become_empty(t);
}

static RvStatus set_nil(RvMachine *m, RvTable *t, u32 x) {
  if (x + 1 == t->acount) {
    t->h.flags |= RV_TAB_SHRUNK;
    t->acount--;
    rv_array_trim(t);
    return RV_OK;
  }
  if (rv_array_kind(t) != RV_ARR_MIXED &&
      prepare(m, t, t->acount, RV_ARR_MIXED))
    return RV_ERROR;
  rv_array_punch(t, x);
  return RV_OK;
}

/* Stores into MIXED, x within the block. */
static void store_mixed(RvMachine *m, RvTable *t, u32 x, RvValue v) {
  t->arr[x] = v.p;
  rv_arr_tags(t)[x] = (u8)v.t;
  rv_barrier(m, t, v.t);
}

static void fill_hole(RvMachine *m, RvTable *t, u32 x, RvValue v) {
  RvHoles *holes = rv_array_holes(t);
  if (rv_arr_tags(t)[x] == RV_NIL) {
    if (--holes->count == 0) t->h.flags &= (u8)~RV_TAB_HOLES;
    if (x < holes->first) holes->first = x;
  }
  store_mixed(m, t, x, v);
}

RvStatus rv_array_set(RvMachine *m, RvTable *t, u32 x, RvValue v) {
  if (v.t == RV_NIL) return set_nil(m, t, x);
  u32 kind = rv_array_kind(t);
  if (kind == v.t) {
    t->arr[x] = v.p;
    return RV_OK;
  }
  if (kind != RV_ARR_MIXED && prepare(m, t, t->acount, RV_ARR_MIXED))
    return RV_ERROR;
  if (t->h.flags & RV_TAB_HOLES)
    fill_hole(m, t, x, v);
  else
    store_mixed(m, t, x, v);
  return RV_OK;
}

/* -- Appending ------------------------------------------------------------- */

static void put_last(RvMachine *m, RvTable *t, RvValue v) {
  u32 x = t->acount++;
  if (rv_array_kind(t) == RV_ARR_MIXED)
    store_mixed(m, t, x, v);
  else
    t->arr[x] = v.p;
}

/* Slot of the living field with integer key k, or -1. */
static i32 living_field(RvMachine *m, const RvTable *t, u64 k) {
  i32 slot = rv_dict_find(m, rv_shape_of(m, t), rv_int((i64)k));
  return slot >= 0 && rv_props_get(t, (u32)slot).t != RV_NIL ? slot : -1;
}

/* Moves the fields with keys acount+1 .. acount+n in; there is room. */
static RvStatus migrate(RvMachine *m, RvTable *t, u32 n) {
  RvShape *s = rv_shape_of(m, t);
  for (u32 i = 0; i < n; i++) {
    u32 slot = (u32)living_field(m, t, (u64)t->acount + 1);
    put_last(m, t, rv_props_get(t, slot));
    rv_dict_set(m, t, s, slot, rv_nil());
  }
  /* The tombstones of a table filled from the end are no use any more. */
  if (n >= MIGRATE_MIN && n >= s->nkeys / 2) return rv_dict_compact(m, t);
  return RV_OK;
}

RvStatus rv_array_append(RvMachine *m, RvTable *t, RvValue v) {
  const RvShape *s = rv_shape_of(m, t);
  u32 kind = join_kind(rv_array_kind(t), v.t), n = 0;
  i32 slot;
  while (n < s->posints &&
         (slot = living_field(m, t, (u64)t->acount + 2 + n)) >= 0) {
    kind = join_kind(kind, rv_props_get(t, (u32)slot).t);
    n++;
  }
  if ((u64)t->acount + 1 + n > MAX_ELEMENTS) return rv_err_memory(m->th);
  if (prepare(m, t, t->acount + 1 + n, kind)) return RV_ERROR;
  put_last(m, t, v);
  return n ? migrate(m, t, n) : RV_OK;
}

RvStatus rv_array_append_slots(RvMachine *m, RvTable *t, const RvThread *th,
                               u32 from, u32 n) {
  u32 kind = rv_array_kind(t);
  for (u32 i = 0; i < n; i++) kind = join_kind(kind, th->tag[from + i]);
  if ((u64)t->acount + n > MAX_ELEMENTS) return rv_err_memory(m->th);
  if (prepare(m, t, t->acount + n, kind)) return RV_ERROR;
  memcpy(t->arr + t->acount, th->pay + from, 8 * (size_t)n);
  if (kind == RV_ARR_MIXED) {
    memcpy(rv_arr_tags(t) + t->acount, th->tag + from, n);
    rv_barrier(m, t, RV_TABLE);
  }
  t->acount += n;
  return RV_OK;
}

/* -- Spilling: a queue whose head has moved on ----------------------------- */

bool rv_array_spill_due(const RvTable *t) {
  u32 n = t->acount;
  if (!(t->h.flags & RV_TAB_HOLES) || n < SPILL_MIN || (n & (n - 1)))
    return false;
  return n - rv_array_holes(t)->count < n / 4;
}

/* Moves every element to the fields, ascending. */
RvStatus rv_array_spill(RvMachine *m, RvTable *t) {
  RvShape *s = rv_shape_of(m, t);
  if (!rv_shape_is_private(s) && rv_dict_privatise(m, t, true)) return RV_ERROR;
  s = rv_shape_of(m, t);
  u32 live = t->acount - rv_array_holes(t)->count;
  if (rv_dict_reserve(m, t, s->nkeys + live)) return RV_ERROR;
  u32 n = t->acount;
  if (n == 0) return RV_OK; /* weak, and cleared just now */
  for (u32 x = 0; x < n; x++) {
    RvValue v = rv_array_get(t, x);
    if (v.t != RV_NIL) rv_dict_put_int(m, t, (i64)x + 1, v);
  }
  become_empty(t);
  return RV_OK;
}
