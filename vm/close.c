/* SPDX-License-Identifier: MIT */
/* To-be-closed values: their marks, and closing as a frame that calls one
   __close after the other. */
#include "vm/call.h"

#include "vm/call_impl.h"
#include "vm/meta.h"

RvStatus rv_call_tbc(RvThread *th, RvValue v) {
  if (!RV_IS_FALSY(v.t) && rv_event(th->m, v, RV_EV_CLOSE).t == RV_NIL)
    return rv_err_close(th);
  if (th->ntbc == th->ctbc) {
    u32 cap = th->ctbc ? th->ctbc * 2 : 4;
    RvTbc *t =
        rv_heap_regrow(th->m, th->tbc, th->ctbc * sizeof *t, cap * sizeof *t,
                       RV_LSIZE_TBC * (u64)(cap - th->ctbc));
    if (!t) return RV_ERROR;
    th->tbc = t;
    th->ctbc = cap;
  }
  th->tbc[th->ntbc++] = (RvTbc){.p = v.p, .t = (u8)v.t, .frame = th->fi};
  return RV_OK;
}

bool rv_marks_drop(RvThread *th, u32 keep) {
  while (th->ntbc > keep && RV_IS_FALSY(th->tbc[th->ntbc - 1].t)) th->ntbc--;
  return th->ntbc <= keep;
}

RvStatus rv_call_close(RvThread *th, u32 keep, u32 open) {
  u32 target = th->ntbc - (open - keep);
  if (rv_marks_drop(th, target)) return RV_OK;
  u32 at = rv_frame_top(th);
  return rv_marker_push(th, (RvFrame){.kind = RV_FRAME_CLOSE,
                                      .then = RV_THEN_MARKER,
                                      .base = at,
                                      .top = at,
                                      .pc = target,
                                      .nextra = RV_CLOSE_GO_ON});
}

/* Marks of the running frame: those it opened itself. */
static u32 marks_below(const RvThread *th) {
  u32 n = th->ntbc;
  while (n > 0 && th->tbc[n - 1].frame == th->fi) n--;
  return n;
}

RvStatus rv_call_close_return(RvThread *th, u32 from, u32 n) {
  u32 target = marks_below(th);
  if (rv_marks_drop(th, target)) return rv_call_return(th, from, n);
  return rv_marker_push(th, (RvFrame){.kind = RV_FRAME_CLOSE,
                                      .then = RV_THEN_MARKER,
                                      .base = from,
                                      .top = from + n,
                                      .pc = target,
                                      .nextra = RV_CLOSE_RETURN});
}

static RvThread *closing_thread(const RvThread *th, const RvFrame *fr) {
  if (fr->nextra != RV_CLOSE_THREAD) return (RvThread *)th;
  return (RvThread *)(uintptr_t)th->pay[fr->base];
}

void rv_close_replace_error(RvThread *th, RvValue err) {
  RvFrame *fr = rv_frame_now(th);
  closing_thread(th, fr)->failed = 1;
  rv_slot_set(th, fr->base + 1, err);
  fr->top = fr->base + 2;
}

static RvStatus close_done(RvThread *th) {
  RvFrame fr = *rv_frame_now(th);
  switch (fr.nextra) {
  case RV_CLOSE_GO_ON: th->fi--; return RV_OK;
  case RV_CLOSE_RETURN:
    th->fi--;
    return rv_call_return(th, fr.base, fr.top - fr.base);
  case RV_CLOSE_ERROR: {
    RvValue err = rv_slot(th, fr.base);
    th->fi--;
    return rv_call_caught(th, err);
  }
  default: { /* RV_CLOSE_THREAD: base holds the thread, base+1 its error */
    RvThread *co = closing_thread(th, &fr);
    RvValue err = rv_slot(th, fr.base + 1);
    bool failed = co->failed;
    co->failed = 0;
    co->err = rv_nil();
    rv_slot_set(th, fr.ret, rv_bool(!failed));
    u32 n = 1;
    if (failed && fr.want != 1) {
      rv_slot_set(th, fr.ret + 1, err);
      n = 2;
    }
    return rv_marker_finish(th, n);
  }
  }
}

RvStatus rv_close_step(RvThread *th) {
  RvFrame *fr = rv_frame_now(th);
  RvThread *of = closing_thread(th, fr);
  /* The slots a callee left behind are nobody's. */
  if (fr->nextra == RV_CLOSE_GO_ON) fr->top = fr->base;
  u32 keep_marks = fr->nextra == RV_CLOSE_THREAD ? 0 : fr->pc;
  if (rv_marks_drop(of, keep_marks)) return close_done(th);
  RvTbc mark = of->tbc[of->ntbc - 1];
  RvValue v = rv_value(mark.p, mark.t), err = rv_nil();
  if (fr->nextra == RV_CLOSE_ERROR) err = rv_slot(th, fr->base);
  if (fr->nextra == RV_CLOSE_THREAD) err = rv_slot(th, fr->base + 1);
  RvValue f = rv_event(th->m, v, RV_EV_CLOSE);
  if (f.t == RV_NIL) {
    of->ntbc--;
    return rv_err_call(th, f);
  }
  u32 i = th->fi, keep = fr->top;
  RvStatus st = rv_call_event(th, f, v, err, keep, 0, RV_THEN_MARKER);
  if (st == RV_STOP) return st; /* comes here again */
  of->ntbc--;
  th->frames[i].top = keep;
  return st;
}
