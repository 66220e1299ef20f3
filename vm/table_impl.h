/* SPDX-License-Identifier: MIT */
/* Stores into fields, for table.c and table_cache.c alone.

   `dynamic` says that no cache site stands behind the store: it follows from
   the instruction or library function, never from whether there is a cache. */
#ifndef RV_VM_TABLE_IMPL_H
#define RV_VM_TABLE_IMPL_H

#include "vm/table.h"

/* Room for n values in the props of a table with a shared shape. */
RvStatus rv_props_reserve(RvMachine *m, RvTable *t, u32 n);
/* Adds a key that is not there: charged, or charged already. */
RvStatus rv_field_add(RvMachine *m, RvTable *t, RvValue key, RvValue v,
                      bool dynamic);
RvStatus rv_field_add_paid(RvMachine *m, RvTable *t, RvValue key, RvValue v,
                           bool dynamic);
/* Stores into a slot that is there. */
void rv_field_set(RvMachine *m, RvTable *t, u32 slot, RvValue v);
/* Finds the key, or adds it. */
RvStatus rv_field_store(RvMachine *m, RvTable *t, RvValue key, RvValue v,
                        bool dynamic);
/* Is this a store of an event name into a metatable? */
bool rv_field_is_event(const RvMachine *m, const RvTable *t, RvValue key);
/* Makes t private because lookups pass through it. */
RvStatus rv_table_make_link(RvMachine *m, RvTable *t);

#endif
