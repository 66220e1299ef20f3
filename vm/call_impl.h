/* SPDX-License-Identifier: MIT */
/* What call.c, unwind.c, close.c, coroutine.c and entry.c share, for them
   alone. */
#ifndef RV_VM_CALL_IMPL_H
#define RV_VM_CALL_IMPL_H

#include "vm/call.h"
#include "vm/level.h"

RV_INLINE RvFrame *rv_frame_now(RvThread *th) { return &th->frames[th->fi]; }

/* want - 1 for the callee, whose results follow the status. */
RV_INLINE int rv_want_less_one(int want) { return want > 0 ? want - 1 : want; }

RV_INLINE RvStatus rv_marker_push(RvThread *th, RvFrame marker) {
  RvStatus st = rv_frame_ensure(th);
  if (st) return st;
  th->frames[++th->fi] = marker;
  return RV_OK;
}

/* -- call.c ---------------------------------------------------------------- */
/* Pushes v[0] and its n - 1 arguments above the frame and calls it. */
RvStatus rv_call_above(RvThread *th, const RvValue *v, u32 n, u32 ret, int want,
                       u8 then);
/* A call that the machine makes where it cannot stop. */
void rv_call_owe(RvThread *th, RvValue f);

/* -- unwind.c -------------------------------------------------------------- */
/* The marker on top is done: its status and n values behind it are in place
   from marker.ret on; the frame below goes on. */
RvStatus rv_marker_finish(RvThread *th, u32 n);
/* The error has arrived at the frame that catches it, now on top, and all marks
   above are closed. */
RvStatus rv_call_caught(RvThread *th, RvValue err);

/* -- close.c --------------------------------------------------------------- */
/* Drops marks that need no closing; true when `keep` are left. */
bool rv_marks_drop(RvThread *th, u32 keep);
/* Calls the next __close(value, error), or finishes. */
RvStatus rv_close_step(RvThread *th);
/* An error while coclose works: it takes the place of the coroutine's own, and
   closing goes on. */
void rv_close_replace_error(RvThread *th, RvValue err);

/* -- coroutine.c ----------------------------------------------------------- */
/* The function of a coroutine has returned; or an error left it. */
RvStatus rv_thread_finished(RvThread *co);
RvStatus rv_thread_failed(RvThread *co);

/* -- entry.c --------------------------------------------------------------- */
/* The finalizer above the marker on top has returned. */
RvStatus rv_final_done(RvThread *th);

#endif
