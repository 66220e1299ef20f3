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

/* Comparisons: *r is the answer unless a frame was pushed, whose result goes as
   `then` and `ret` say. */
typedef enum RvCmp { RV_CMP_EQ, RV_CMP_LT, RV_CMP_LE } RvCmp;
RvStatus rv_meta_compare(RvThread *th, RvCmp cmp, RvValue a, RvValue b, u8 then,
                         u32 ret, bool *r);
bool rv_raw_equal(RvValue a, RvValue b);

/* Numeric loop: fills the control slots from slot `at`; *run tells whether the
   loop runs at all. */
RvStatus rv_for_prepare(RvThread *th, u32 at, bool *run);
/* Integer for bitwise operations: integers, floats and strings that equal one. */
bool rv_to_int(RvValue v, i64 *i);

#endif
