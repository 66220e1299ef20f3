/* SPDX-License-Identifier: MIT */
/* Private shapes: the insertion-ordered dictionary of one table.

   Entry i has its key in the shape's key block and its value in the table's
   props; an open-addressing index finds i. An entry whose value is nil is a
   tombstone: it keeps key and place until an insertion compacts. When that
   happens is a rule over nkeys alone (rv_dict_add), because it shows. */
#ifndef RV_VM_DICT_H
#define RV_VM_DICT_H

#include "vm/shape.h"

/* Gives t, whose shape is shared, a private one with the same keys, values and
   metatable. `drop` leaves tombstones behind. */
RvStatus rv_dict_privatise(RvMachine *m, RvTable *t, bool drop);

/* Slot of a key, tombstones included, or -1. The key is normalised; s may be
   shared. */
i32 rv_dict_find(RvMachine *m, const RvShape *s, RvValue key);
i32 rv_dict_find_interned(RvMachine *m, const RvShape *s, const RvString *key);

/* Adds a key that is not there, at the end. May compact first. Charges
   nothing. t, key and v are anchored. */
RvStatus rv_dict_add(RvMachine *m, RvTable *t, RvValue key, RvValue v);
/* Room for n entries, so that rv_dict_put cannot fail. */
RvStatus rv_dict_reserve(RvMachine *m, RvTable *t, u32 n);
/* Stores v, nil too, in an entry that is there. */
void rv_dict_set(RvMachine *m, RvTable *t, RvShape *s, u32 slot, RvValue v);
/* Sets integer key k: an entry that is there or, within the reserve, a new
   one. */
void rv_dict_put_int(RvMachine *m, RvTable *t, i64 k, RvValue v);
/* Takes the tombstones out; what was cached for the shape is void. */
RvStatus rv_dict_compact(RvMachine *m, RvTable *t);

/* Capacity of a growing block of entries: the next step from n on. */
u32 rv_dict_step(u32 n);

RV_INLINE RvValue rv_props_get(const RvTable *t, u32 slot) {
  return rv_value(t->props[-1 - (i64)slot], ((const u8 *)t->props)[slot]);
}
RV_INLINE void rv_props_set(RvTable *t, u32 slot, RvValue v) {
  t->props[-1 - (i64)slot] = v.p;
  ((u8 *)t->props)[slot] = (u8)v.t;
}
/* Moves the n values of t to a props block of its own with capacity cap. */
RvStatus rv_props_grow(RvMachine *m, RvTable *t, u32 n, u32 cap);

#endif
