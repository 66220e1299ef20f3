/* SPDX-License-Identifier: MIT */
/* Coroutines: threads, and values on their way between them. */
#include "vm/call.h"

#include <string.h>

#include "vm/call_impl.h"
#include "vm/str.h"

RvThread *rv_thread_new(RvMachine *m) {
  enum { SLOTS = 24, FRAMES = 4 };
  RvThread *th = rv_heap_alloc(
      m, sizeof *th,
      RV_LSIZE_THREAD + RV_LSIZE_SLOT * SLOTS + RV_LSIZE_FRAME * FRAMES);
  if (!th) return NULL;
  memset(th, 0, sizeof *th);
  th->h.type = RV_THREAD;
  th->m = m;
  th->err = rv_nil();
  th->status = RV_TH_DEAD; /* until it has parts to scan */
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_obj(th, RV_THREAD));
  bool ok =
      (th->frames = rv_heap_alloc(m, FRAMES * sizeof *th->frames, 0)) != NULL &&
      (th->nframes = FRAMES) &&
      (th->frames[0] =
           (RvFrame){.kind = RV_FRAME_BOTTOM, .then = RV_THEN_MARKER},
       (th->pay = rv_heap_alloc(m, RV_STACK_BYTES(SLOTS), 0)) != NULL);
  rv_root_close(m, mark);
  if (!ok) return NULL;
  th->tag = (u8 *)(th->pay + SLOTS);
  th->nslots = SLOTS;
  th->status = RV_TH_SUSPENDED;
  rv_slot_set(th, 0, rv_nil());
  return th;
}

int rv_thread_state(const RvMachine *m, const RvThread *th) {
  (void)m;
  return th->status;
}

/* A finalizer belongs to whoever happened to run: it cannot suspend that. */
static bool is_finalizing(const RvThread *th) {
  if (!th->m->in_final) return false;
  for (u32 i = th->fi; i > 0; i--)
    if (th->frames[i].kind == RV_FRAME_FINAL) return true;
  return false;
}

bool rv_thread_yieldable(const RvThread *th) {
  return th->resumer != NULL && th->nforeign == 0 && !is_finalizing(th);
}

/* The values of a coroutine go to the thread that resumed it, behind a
   status. */
static RvStatus transfer_out(RvThread *co, u32 from, u32 n, bool ok) {
  RvMachine *m = co->m;
  RvThread *th = co->resumer;
  RvFrame *fr = rv_frame_now(th);
  RV_ASSERT(fr->kind == RV_FRAME_RESUME, "frame kind %d", fr->kind);
  u32 give = fr->want < 0 ? n : (u32)rv_want_less_one(fr->want);
  if (give > n) give = n;
  co->resumer = NULL;
  m->th = th;
  th->status = RV_TH_RUNNING;
  m->resume_depth--;
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_obj(co, RV_THREAD)); /* nobody else may refer to it */
  RvStatus st = rv_stack_ensure(th, fr->ret + give + 2);
  rv_root_close(m, mark);
  if (st) { /* the values are lost; the resumer gets the error */
    co->status = RV_TH_DEAD;
    th->fi--;
    return st;
  }
  fr = rv_frame_now(th);
  if (fr->want != 0) rv_slot_set(th, fr->ret, rv_bool(ok));
  memcpy(th->pay + fr->ret + 1, co->pay + from, give * sizeof *th->pay);
  memcpy(th->tag + fr->ret + 1, co->tag + from, give);
  return rv_marker_finish(th, fr->want == 0 ? 0 : give + 1);
}

RvStatus rv_thread_finished(RvThread *co) {
  RvFrame *fr = rv_frame_now(co);
  u32 from = co->call_at, n = fr->top > from ? fr->top - from : 0;
  RvStatus st = transfer_out(co, from, n, true);
  co->status = RV_TH_DEAD;
  co->fi = 0;
  co->frames[0].top = 0;
  return st;
}

RvStatus rv_thread_failed(RvThread *co) {
  RvThread *th = co->resumer;
  u32 at = rv_frame_top(co);
  if (at >= co->nslots) at = co->nslots - 1;
  rv_slot_set(co, at, co->err);
  RvStatus st = transfer_out(co, at, 1, false);
  co->status = RV_TH_DEAD;
  co->failed = 1;
  if (st == RV_ERROR) return rv_call_unwind(th);
  return st;
}

static RvStatus resume_refused(RvThread *th, u32 at, int want,
                               const char *text) {
  RvString *s = rv_str_newz(th->m, text);
  if (!s) return RV_ERROR;
  RvFrame *fr = rv_frame_now(th);
  RvStatus st = rv_stack_ensure(th, at + 3);
  if (st) return st;
  if (want != 0) rv_slot_set(th, at, rv_bool(false));
  if (want < 0 || want > 1) rv_slot_set(th, at + 1, rv_strv(s));
  for (int i = 2; i < want; i++) rv_slot_set(th, at + (u32)i, rv_nil());
  fr = rv_frame_now(th);
  if (want < 0) fr->top = at + 2;
  return RV_OK;
}

static const char *why_not_resume(const RvThread *th, const RvThread *co) {
  if (co->status == RV_TH_DEAD) return "cannot resume dead coroutine";
  if (co->status != RV_TH_SUSPENDED)
    return "cannot resume non-suspended coroutine";
  if (th->m->resume_depth >= th->m->max_resume_depth) return "C stack overflow";
  return NULL;
}

/* Arguments of the first resume become the arguments of the function, those of
   a later one the results of the yield. */
static RvStatus transfer_in(RvThread *th, RvThread *co, u32 from, u32 n) {
  u32 to = co->started ? co->yield_at : 1;
  RvStatus st = rv_stack_ensure(
      co, to + n + 2 + (co->yield_want > 0 ? (u32)co->yield_want : 0));
  if (st) return st;
  memcpy(co->pay + to, th->pay + from, n * sizeof *co->pay);
  memcpy(co->tag + to, th->tag + from, n);
  if (!co->started) {
    co->frames[0].top = n + 1;
    co->started = 1;
    return RV_CALL;
  }
  RvFrame *fr = rv_frame_now(co);
  if (co->yield_want < 0) fr->top = to + n;
  else
    for (u32 i = n; i < (u32)co->yield_want; i++)
      rv_slot_set(co, to + i, rv_nil());
  return RV_OK;
}

RvStatus rv_call_resume(RvThread *th, u32 at, u32 nargs, int want) {
  RvMachine *m = th->m;
  RvValue v = rv_slot(th, at);
  if (v.t != RV_THREAD) return rv_err_op(th, "resume", v, -1);
  RvThread *co = RV_AS(RvThread, v);
  const char *why = why_not_resume(th, co);
  if (why) return resume_refused(th, at, want, why);
  RvStatus st = rv_marker_push(th, (RvFrame){.kind = RV_FRAME_RESUME,
                                             .then = RV_THEN_STORE,
                                             .base = at,
                                             .top = at + 1 + nargs,
                                             .ret = at,
                                             .want = (i16)want});
  if (st) return st;
  u32 i = th->fi;
  th->frames[i - 1].top = 0;
  st = transfer_in(th, co, at + 1, nargs);
  if (st != RV_OK && st != RV_CALL) {
    th->fi--;
    if (co->err.t != RV_NIL) th->err = co->err;
    co->err = rv_nil();
    return st;
  }
  th->frames[i].top = at;
  co->resumer = th;
  co->status = RV_TH_RUNNING;
  th->status = RV_TH_NORMAL;
  m->th = co;
  m->resume_depth++;
  if (st != RV_CALL) return RV_OK;
  st = rv_call_value(co, 0, nargs, RV_WANT_ALL, RV_FRAME_EVENT, RV_THEN_MARKER);
  if (st == RV_OK) co->frames[0].top = 0;
  return st;
}

RvStatus rv_call_yield(RvThread *th, u32 at, u32 n, int want) {
  if (!th->resumer)
    return rv_err(th, "attempt to yield from outside a coroutine");
  if (th->nforeign || is_finalizing(th))
    return rv_err(th, "attempt to yield across a C-call boundary");
  th->yield_at = at;
  th->yield_want = (i16)want;
  th->status = RV_TH_SUSPENDED;
  RvStatus st = transfer_out(th, at, n, true);
  rv_frame_now(th)->top = 0;
  return st;
}

RvStatus rv_call_coclose(RvThread *th, u32 at, int want) {
  RvValue v = rv_slot(th, at);
  if (v.t != RV_THREAD) return rv_err_op(th, "close", v, -1);
  RvThread *co = RV_AS(RvThread, v);
  if (co->status == RV_TH_RUNNING || co->status == RV_TH_NORMAL)
    return rv_err(th, "cannot close a %s coroutine",
                  co->status == RV_TH_RUNNING ? "running" : "normal");
  co->status = RV_TH_DEAD;
  co->fi = 0;
  co->frames[0].top = 0;
  u32 top = rv_frame_top(th);
  RvStatus st = rv_stack_ensure(th, top + 3);
  if (st || (st = rv_frame_ensure(th))) return st;
  rv_slot_set(th, top, v);
  rv_slot_set(th, top + 1, co->err);
  return rv_marker_push(th, (RvFrame){.kind = RV_FRAME_CLOSE,
                                      .then = RV_THEN_MARKER,
                                      .base = top,
                                      .top = top + 2,
                                      .ret = at,
                                      .want = (i16)want,
                                      .pc = th->ntbc,
                                      .nextra = RV_CLOSE_THREAD});
}
