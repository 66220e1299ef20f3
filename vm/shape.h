/* SPDX-License-Identifier: MIT */
/* Hidden classes: which keys a table has, in which slot, and its metatable.

   A shared shape is immutable and reached by transitions (add key, set
   metatable) from its parent; its keys are interned strings only. A private
   shape belongs to exactly one table, holds keys of every kind and grows in
   place: it is that table's insertion-ordered dictionary (dict.h). Both keep
   the values in the table's props, so an inline cache that knows the shape id
   and a slot reads either kind the same way.

   What an id promises. While a table carries shape id s: a key found in slot i
   stays in slot i, and the metatable stays the same. For a shared shape the key
   set is fixed too; a private one may gain keys under the same id (so absence
   may be cached for shared shapes only, or for `watched` private ones, whose
   growth flushes all method caches). Compaction of a private shape, and a
   change of its metatable, give it a new id. Ids are not reused while a cache
   may hold them (the collector clears such caches first).

   Whether a table's shape is shared or private follows from the operations of
   the program alone, never from caches: the choice shows in the ledger and in
   the order of keys. So every table that can be part of a lookup chain is made
   private when it enters one - as a metatable, or as the __index of a metatable
   - and a cache only sets RV_SHAPE_WATCHED on what is private already.

   For the collector: a table keeps its shape and its shape's metatable alive, a
   shape its keys, its parts and its parent (not its metatable: a parent left
   behind by setmetatable must not keep a class from dying; rv_shape_sweep cuts
   such a metatable off). */
#ifndef RV_VM_SHAPE_H
#define RV_VM_SHAPE_H

#include "vm/heap.h"

struct RvShape {
  RvHdr h; /* type RV_SHAPE; flags RV_SHAPE_*; hdr.shape: own id; aux: keys
              added dynamically so far, and RV_SHAPE_EXTENDED */
  RvTable *meta;
  RvShape *parent; /* shared only; NULL in the root and in private shapes */
  u64 *key;   /* payloads of the keys, cap of them, then cap tags; shared shapes
                 use one block with their parent where they can */
  void *index; /* private: open-addressing index of u8/u16/u32 slot+1, or NULL
                  when nkeys is small enough to scan */
  u32 nkeys;  /* slots in use, tombstones included */
  u32 cap;    /* capacity of key */
  u32 pcap;   /* private: capacity of the owner's props */
  u32 isize;  /* entries of index, a power of two */
  u32 first;  /* private: all slots below are tombstones */
  u32 posints; /* private: live keys that are positive integers */
  u32 fanout; /* living children by transitions */
  u32 absent_epoch;
  u64 absent; /* bit e: this shape's metatable has no event e (RvName);
                 valid while absent_epoch == the machine's meta_epoch */
};

#define RV_SHAPE_PRIVATE 0x01u
#define RV_SHAPE_META 0x02u    /* its table is or was somebody's metatable */
#define RV_SHAPE_WATCHED 0x04u /* its table is in some cached lookup chain:
                                  gaining a key or losing a slot flushes */
#define RV_SHAPE_KEYED 0x08u   /* index uses the keyed hash */
#define RV_SHAPE_OBJECTS 0x10u /* private: some key is an object */

/* In aux of a shared shape: count of dynamic additions on the way here, and
   whether a child has taken the slot behind ours in the common key block. */
#define RV_SHAPE_DYNAMIC 0x1fu
#define RV_SHAPE_EXTENDED 0x80u

/* Leaving shared shapes. */
#define RV_SHAPE_MAX_FIELDS 64u
#define RV_SHAPE_MAX_DYNAMIC 16u
#define RV_SHAPE_MAX_FANOUT 128u
#define RV_SHAPE_ROOT_FANOUT 4096u

/* Tag of a key whose object died: no key of a program equals it. Its payload
   means nothing; another object may have that address. */
#define RV_KEY_DEAD 0xffu

RV_INLINE RvShape *rv_shape_of(const RvMachine *m, const RvTable *t) {
  return m->shapes[t->h.shape];
}
RV_INLINE RvTable *rv_table_meta(const RvMachine *m, const RvTable *t) {
  return m->shapes[t->h.shape]->meta;
}
RV_INLINE bool rv_shape_is_private(const RvShape *s) {
  return s->h.flags & RV_SHAPE_PRIVATE;
}
/* Through integers: without keys it is NULL + 0, which C does not define. */
RV_INLINE u8 *rv_shape_tags(const RvShape *s) {
  return (u8 *)((uintptr_t)s->key + s->cap * sizeof *s->key);
}

bool rv_shape_init(RvMachine *m); /* makes the root shape */
void rv_shape_fini(RvMachine *m);
/* Slot of an interned string key, or -1. */
i32 rv_shape_find_str(RvMachine *m, const RvShape *s, const RvString *key);
/* Collector: drop dead shapes from the id table and dead transitions. Called
   after marking and rv_feedback_sweep, before memory is reused. */
void rv_shape_sweep(RvMachine *m);
/* Physical size of the shape's own parts, for marking. */
size_t rv_shape_key_bytes(const RvShape *s);
size_t rv_shape_index_bytes(const RvShape *s);
size_t rv_shape_index_width(const RvShape *s);

/* The shape reached from shared shape s by adding an interned string or by
   setting the metatable, made when new. NULL and *full: s may have no further
   children, the table must become private. NULL and !*full: memory error. */
RvShape *rv_shape_add_key(RvMachine *m, RvShape *s, RvString *key, bool dynamic,
                          bool *full);
RvShape *rv_shape_with_meta(RvMachine *m, RvShape *s, RvTable *meta,
                            bool *full);

/* Gives s an id of its own (a new one if it had one): whatever was cached for
   the old id is void. */
RvStatus rv_shape_renew_id(RvMachine *m, RvShape *s);
/* Makes the machine-wide (shape, key) cache; without memory there is none. */
void rv_shape_want_keycache(RvMachine *m);

#endif
