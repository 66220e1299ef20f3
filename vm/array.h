/* SPDX-License-Identifier: MIT */
/* The array part of a table: keys 1 .. acount, by element kind.

     INT, FLT   p[0] ... p[asize-1]                    no nils
     MIXED      p[0] ... p[asize-1] | t[0] ... t[asize-1] | pad | holes
     EMPTY      no elements; a block, if there is one, has the MIXED size

   Kinds change one way, INT and FLT to MIXED, until the part is empty again.
   The last element is never nil. A MIXED part with nils has RV_TAB_HOLES set,
   and its block ends with their number and a bound below which all is nil. */
#ifndef RV_VM_ARRAY_H
#define RV_VM_ARRAY_H

#include "vm/shape.h"

typedef struct RvHoles {
  u32 count; /* nils among the elements */
  u32 first; /* elements before this index are nil */
} RvHoles;

RV_INLINE u32 rv_array_kind(const RvTable *t) {
  return t->h.flags & RV_TAB_AKIND;
}
/* MIXED only. */
RV_INLINE RvHoles *rv_array_holes(const RvTable *t) {
  return (RvHoles *)((u8 *)t->arr + ((9 * (size_t)t->asize + 7) & ~(size_t)7));
}
/* Element x < acount. */
RV_INLINE RvValue rv_array_get(const RvTable *t, u32 x) {
  u32 kind = rv_array_kind(t);
  return rv_value(t->arr[x], kind == RV_ARR_MIXED ? rv_arr_tags(t)[x] : kind);
}
RV_INLINE u32 rv_array_nils(const RvTable *t) {
  return t->h.flags & RV_TAB_HOLES ? rv_array_holes(t)->count : 0;
}

/* Stores v (nil too) in element x < acount. */
RvStatus rv_array_set(RvMachine *m, RvTable *t, u32 x, RvValue v);
/* Nil into element x of a MIXED part; cannot fail. Leaves trailing nils. */
void rv_array_punch(RvTable *t, u32 x);
/* Takes trailing nils away. */
void rv_array_trim(RvTable *t);
/* Adds v, not nil, behind the last element, and moves in the fields whose keys
   follow. The entry has been charged. */
RvStatus rv_array_append(RvMachine *m, RvTable *t, RvValue v);
/* The same for n stack slots from `from` on, none of them nil; no fields with
   integer keys may be there. */
RvStatus rv_array_append_slots(RvMachine *m, RvTable *t, const RvThread *th,
                               u32 from, u32 n);
/* Room for n elements. */
RvStatus rv_array_reserve(RvMachine *m, RvTable *t, u32 n);
/* Is appending about to move a part that is mostly nil to the fields? */
bool rv_array_spill_due(const RvTable *t);
RvStatus rv_array_spill(RvMachine *m, RvTable *t);

#endif
