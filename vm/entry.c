/* SPDX-License-Identifier: MIT */
/* Entering the machine from C; safepoints and the finalizers they run. */
#include "vm/call.h"

#include "vm/call_impl.h"
#include "vm/interp.h"
#include "vm/meta.h"

/* -- Finalizers and safepoints --------------------------------------------- */

RvStatus rv_final_done(RvThread *th) {
  RvMachine *m = th->m;
  m->in_final = false;
  th->fi--;
  if (rv_frame_is_bytecode(rv_frame_now(th)))
    rv_frame_now(th)->pc--; /* do it again */
  if (m->ntofin) rv_request_safepoint(m);
  return RV_OK;
}

static RvStatus run_finalizer(RvThread *th) {
  RvMachine *m = th->m;
  RvHdr *h = m->tofin[m->ntofin - 1];
  RvValue v = rv_obj(h, (RvTag)h->type);
  RvValue f = rv_event(m, v, RV_EV_GC);
  if (!RV_IS_FUNC(f.t)) {
    m->ntofin--;
    return RV_OK;
  }
  u32 at = rv_frame_top(th);
  RvStatus st = rv_marker_push(th, (RvFrame){.kind = RV_FRAME_FINAL,
                                             .then = RV_THEN_MARKER,
                                             .base = at,
                                             .top = at,
                                             .nextra = th->ntbc});
  if (st) return st;
  u32 i = th->fi;
  RvValue args[2] = {f, v};
  rv_call_owe(th, f);
  st = rv_call_above(th, args, 2, at, 0, RV_THEN_MARKER);
  if (st) {
    th->fi = i - 1;
    return st;
  }
  th->frames[i].top = at;
  m->ntofin--;
  m->in_final = true;
  return RV_OK;
}

RvStatus rv_call_finalizer(RvThread *th) {
  RvMachine *m = th->m;
  while (m->ntofin && !m->in_final) {
    u32 i = th->fi, n = m->ntofin;
    if (run_finalizer(th)) th->err = rv_nil(); /* no room: it waits */
    if (th->fi != i) return RV_AGAIN;
    if (m->ntofin == n) break;
  }
  return RV_OK;
}

RvStatus rv_safepoint(RvThread *th, u32 cost) {
  RvStatus st = rv_slice_next(th, cost);
  if (st == RV_OK) rv_call_finalizer(th);
  return st;
}

/* -- Entering from C ------------------------------------------------------- */

static RvRunResult run_result(RvMachine *m, RvStatus st) {
  switch (st) {
  case RV_OK: return RV_RUN_DONE;
  case RV_ERROR: return RV_RUN_ERROR;
  case RV_STOP: return (RvRunResult)m->stop_reason;
  default: m->killed = true; return RV_RUN_KILLED;
  }
}

static RvRunResult run_ended(RvMachine *m, RvStatus st, u32 *nres) {
  RvThread *th = m->main;
  RvRunResult r = run_result(m, st);
  if (r == RV_RUN_DONE) {
    RvFrame *fr = &th->frames[0];
    *nres = fr->top > th->call_at ? fr->top - th->call_at : 0;
  }
  if (r == RV_RUN_DONE || r == RV_RUN_ERROR) m->running = false;
  return r;
}

RvRunResult rv_run_start(RvMachine *m, u32 at, u32 nargs, u32 *nres) {
  RvThread *th = m->main;
  RV_ASSERT(!m->running, "machine is running");
  th->fi = 0;
  m->th = th;
  m->running = true;
  m->in_final = false;
  th->status = RV_TH_RUNNING;
  th->frames[0].top = at + 1 + nargs;
  RvStatus st =
      rv_call_value(th, at, nargs, RV_WANT_ALL, RV_FRAME_EVENT, RV_THEN_MARKER);
  if (st == RV_OK) {
    th->frames[0].top = at;
    st = rv_interp_run(m, th, 0);
  }
  return run_ended(m, st, nres);
}

RvRunResult rv_run_resume(RvMachine *m, u32 *nres) {
  RvThread *th = m->th;
  if (m->killed) return RV_RUN_KILLED;
  RV_ASSERT(m->running, "nothing to resume");
  if (rv_frame_is_bytecode(rv_frame_now(th)))
    rv_frame_now(th)->pc--; /* do it again */
  return run_ended(m, rv_interp_run(m, m->main, 0), nres);
}

RvStatus rv_call_foreign(RvThread *th, u32 at, u32 nargs, int want) {
  RvMachine *m = th->m;
  RvStatus st = rv_marker_push(th, (RvFrame){.kind = RV_FRAME_FOREIGN,
                                             .then = RV_THEN_MARKER,
                                             .base = at,
                                             .top = at + 1 + nargs,
                                             .ret = at,
                                             .nextra = th->ntbc});
  if (st) return st;
  u32 floor = th->fi;
  st = rv_call_value(th, at, nargs, want, RV_FRAME_EVENT, RV_THEN_MARKER);
  if (st == RV_OK) {
    th->frames[floor].top = at;
    st = rv_interp_run(m, th, floor);
  }
  th->fi = floor - 1;
  if (st == RV_STOP) st = RV_KILL;
  if (st == RV_KILL) m->killed = true;
  return st;
}
