/* SPDX-License-Identifier: MIT */
/* Hidden classes: which keys a table has, in which slot, and its metatable.

   A shared shape is immutable and reached by transitions (add key, set
   metatable) from its parent; its keys are interned strings only. A private
   shape belongs to exactly one table, holds keys of every kind and grows in
   place: it is that table's insertion-ordered dictionary. Both keep the values
   in the table's props, so an inline cache that knows the shape id and a slot
   reads either kind the same way.

   What an id promises. While a table carries shape id s: a key found in slot i
   stays in slot i, and the metatable stays the same. For a shared shape the key
   set is fixed too; a private one may gain keys under the same id (so absence
   may be cached for shared shapes only, or for `watched` private ones, whose
   growth flushes all method caches). Compaction of a private shape, and a
   change of its metatable, give it a new id. Ids are not reused while a cache
   may hold them (the collector clears such caches first). */
#ifndef RV_VM_SHAPE_H
#define RV_VM_SHAPE_H

#include "vm/heap.h"

struct RvShape {
  RvHdr h; /* type RV_SHAPE; flags RV_SHAPE_*; hdr.shape: own id */
  RvTable *meta;
  RvShape *parent; /* shared only; NULL in the root and in private shapes */
  u64 *key;   /* payloads of the keys, cap of them, then cap tags */
  void *index; /* open-addressing index of u8/u16/u32 slot+1, or NULL when
                  nkeys is small enough to scan */
  u32 nkeys;  /* slots in use, tombstones included */
  u32 cap;    /* capacity of key and, when private, of the owner's props */
  u32 isize;  /* entries of index, a power of two */
  u32 live;   /* private: keys whose value is not nil */
  u32 posints; /* private: live keys that are positive integers */
  u32 fanout; /* children by transitions so far */
  u64 absent; /* bit e: this shape's metatable has no event e (RvName);
                 valid while absent_epoch == the machine's */
  u32 absent_epoch;
};

#define RV_SHAPE_PRIVATE 0x01u
#define RV_SHAPE_META 0x02u    /* its table is somebody's metatable */
#define RV_SHAPE_WATCHED 0x04u /* its table is in some cached lookup chain:
                                  gaining a key or losing a slot flushes */
#define RV_SHAPE_KEYED 0x08u   /* index uses the keyed hash */
#define RV_SHAPE_DYNAMIC_SHIFT 4

/* Leaving shared shapes. */
#define RV_SHAPE_MAX_FIELDS 64u
#define RV_SHAPE_MAX_FANOUT 128u

RV_INLINE RvShape *rv_shape_of(const RvMachine *m, const RvTable *t) {
  return m->shapes[t->h.shape];
}
RV_INLINE RvTable *rv_table_meta(const RvMachine *m, const RvTable *t) {
  return m->shapes[t->h.shape]->meta;
}

bool rv_shape_init(RvMachine *m); /* makes the root shape */
void rv_shape_fini(RvMachine *m);
/* Slot of an interned string key, or -1. */
i32 rv_shape_find_str(RvMachine *m, const RvShape *s, const RvString *key);
/* Collector: drop dead shapes from the id table and dead transitions. Called
   after marking, before memory is reused. */
void rv_shape_sweep(RvMachine *m);
/* Physical size of the shape's own parts, for marking. */
size_t rv_shape_key_bytes(const RvShape *s);
size_t rv_shape_index_bytes(const RvShape *s);
size_t rv_shape_index_width(const RvShape *s);

#endif
