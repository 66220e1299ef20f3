/* SPDX-License-Identifier: MIT */
/* Events (metamethods) and the slow halves of instructions.

   All take the running thread, with the frame's pc saved, and either finish the
   operation or push the frame of an event function; the loop sees which by
   looking at th->fi. Slots are absolute. */
#ifndef RV_VM_META_H
#define RV_VM_META_H

#include "vm/call.h"

/* Metatable of any value, NULL for none. */
RvTable *rv_meta_of(RvMachine *m, RvValue v);
/* Event e of any value, nil when there is none. */
RvValue rv_event(RvMachine *m, RvValue v, RvName e);

/* R[ret] := a OP b for the instruction's arithmetic event; unary operations
   pass the operand twice. */
RvStatus rv_meta_arith(RvThread *th, RvName e, RvValue a, RvValue b, u32 ret);
RvStatus rv_meta_len(RvThread *th, RvValue v, u32 ret);
RvStatus rv_meta_concat(RvThread *th, u32 from, u32 n, u32 ret);
RvStatus rv_meta_concat_step(RvThread *th); /* marker RV_FRAME_CONCAT */

RvStatus rv_meta_index(RvThread *th, RvValue o, RvValue key, u32 ret);
RvStatus rv_meta_setindex(RvThread *th, RvValue o, RvValue key, RvValue v);
/* The same for a field with a cache. */
RvStatus rv_meta_getfield(RvThread *th, RvProto *p, u32 slot, RvValue o,
                          u32 ret);
RvStatus rv_meta_setfield(RvThread *th, RvProto *p, u32 slot, RvValue o,
                          RvValue v);

/* The entry of t behind key (rv_table_next), paid for. */
RvStatus rv_meta_next(RvThread *th, const RvTable *t, RvValue key, RvValue *k,
                      RvValue *v);

/* gforcall at slot `at` with the builtin `next` and a table: the same without a
   call. Pays what that would. */
RvStatus rv_meta_gfor_next(RvThread *th, u32 at, u32 want);

/* Comparisons: *r is the answer unless a frame was pushed, whose result goes as
   `then` and `ret` say. */
typedef enum RvCmp { RV_CMP_EQ, RV_CMP_LT, RV_CMP_LE } RvCmp;
RvStatus rv_meta_compare(RvThread *th, RvCmp cmp, RvValue a, RvValue b, u8 then,
                         u32 ret, bool *r);
bool rv_raw_equal(RvValue a, RvValue b);
/* The same where it must be paid for. */
RvStatus rv_meta_raw_equal(RvThread *th, RvValue a, RvValue b, bool *r);

/* -- What long strings cost ---------------------------------------------------
   By their lengths alone: whether a hash is known already, a cache hits or both
   operands are one object must not show (I6). */
/* Asking one table for a key. */
RV_INLINE u64 rv_key_cost(RvValue key) {
  return key.t == RV_STR ? rv_fuel_bytes(RV_AS(RvString, key)->len) : 0;
}
/* Comparing two values. For equality strings of two lengths are not read. */
RV_INLINE u64 rv_compare_cost(RvValue a, RvValue b, bool equality) {
  if (a.t != RV_STR || b.t != RV_STR) return 0;
  u32 x = RV_AS(RvString, a)->len, y = RV_AS(RvString, b)->len;
  if (equality && x != y) return 0;
  return rv_fuel_bytes(x < y ? x : y);
}

/* Numeric loop: fills the control slots from slot `at`; *run tells whether the
   loop runs at all. */
RvStatus rv_for_prepare(RvThread *th, u32 at, bool *run);
/* Integer for bitwise operations: integers, floats and strings that equal one. */
bool rv_to_int(RvValue v, i64 *i);

#endif
