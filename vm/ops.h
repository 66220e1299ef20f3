/* SPDX-License-Identifier: MIT */
/* Slow halves of instructions that belong to no other file: one function for an
   instruction, named after what it does. All run with the frame's pc saved, take
   absolute slots (`ret`: where the result goes, `at`: where a window begins) and
   may collect and move the stack. */
#ifndef RV_VM_OPS_H
#define RV_VM_OPS_H

#include "opcodes.h"
#include "vm/meta.h"

RvStatus rv_op_new_closure(RvThread *th, RvFrame *fr, u32 child, u32 ret);
RvStatus rv_op_new_cell(RvThread *th, u32 reg, RvValue v);
RvStatus rv_op_new_table(RvThread *th, u32 ret, u32 narr, u32 nfields);
RvStatus rv_op_set_list(RvThread *th, u32 at, u32 n, u32 first);
RvStatus rv_op_set_list_open(RvThread *th, u32 at, u32 first);
RvStatus rv_op_raw_get(RvThread *th, RvValue o, RvValue key, u32 ret);
RvStatus rv_op_raw_set(RvThread *th, RvValue o, RvValue key, RvValue v);
RvStatus rv_op_raw_len(RvThread *th, RvValue v, u32 ret);
RvStatus rv_op_table_next(RvThread *th, RvValue o, RvValue key, u32 ret);
RvStatus rv_op_set_meta(RvThread *th, RvValue o, RvValue meta);
RvStatus rv_op_vararg_open(RvThread *th, u32 ret);
RvStatus rv_op_vararg_at(RvThread *th, RvValue v, u32 ret);
RvStatus rv_op_new_coroutine(RvThread *th, RvValue f, u32 ret);
RvStatus rv_op_coroutine_status(RvThread *th, RvValue v, u32 ret);
RvStatus rv_op_to_string(RvThread *th, RvValue v, u32 ret);
RvStatus rv_op_to_number(RvThread *th, RvValue v, u32 ret);
RvStatus rv_op_to_integer(RvThread *th, RvValue v, u32 ret);
RvStatus rv_op_string_byte(RvThread *th, RvValue v, RvValue at, u32 ret);
RvStatus rv_op_sub_string(RvThread *th, RvValue v, u32 range, u32 ret);
RvStatus rv_op_byte_string(RvThread *th, RvValue v, u32 ret);
RvStatus rv_op_import_value(RvThread *th, u32 import, u32 ret);
RvStatus rv_op_host_call(RvThread *th, u32 at, u32 import);
RvStatus rv_op_gfor_call(RvThread *th, u32 at, u32 want);

/* Arguments of a call whose operand may say open; ends the open results. */
RV_INLINE u32 rv_op_open_count(RvThread *th, u32 from, u32 operand) {
  RvFrame *fr = &th->frames[th->fi];
  if (operand != RV_OPEN) return operand;
  u32 n = fr->top - from;
  return n;
}

RV_INLINE int rv_op_want_of(u32 operand) {
  return operand == RV_OPEN ? RV_WANT_ALL : (int)operand;
}

RV_INLINE u32 rv_op_call_cost(RvValue f) {
  return f.t == RV_CLOSURE ? RV_AS(RvClosure, f)->proto->callcost : 1;
}

/* The first resume is the call of the coroutine's function. */
RV_INLINE u32 rv_op_resume_cost(RvValue v) {
  if (v.t != RV_THREAD) return 1;
  const RvThread *co = RV_AS(RvThread, v);
  return co->started || co->status != RV_TH_SUSPENDED
             ? 1
             : rv_op_call_cost(rv_slot(co, 0));
}

#endif
