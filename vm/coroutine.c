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
  return th != th->m->main && th->nforeign == 0 && !is_finalizing(th);
}

/* -- Switching --------------------------------------------------------------

   Who resumes is on top of its thread: a marker above the code whose instruction
   it is, or a native. A suspended coroutine has on top the code or the native
   that yielded. */

static void switch_to(RvThread *th, RvThread *co) {
  co->resumer = th;
  co->status = RV_TH_RUNNING;
  th->status = RV_TH_NORMAL;
  th->m->th = co;
  th->m->resume_depth++;
}

static RvThread *switch_back(RvThread *co) {
  RvThread *th = co->resumer;
  co->resumer = NULL;
  th->status = RV_TH_RUNNING;
  th->m->th = th;
  th->m->resume_depth--;
  return th;
}

/* Slots of th up to `end`, while nobody else may refer to co. */
static RvStatus make_room(RvThread *th, RvThread *co, u32 end) {
#ifndef RV_STRESS
  if (RV_LIKELY(end <= th->nslots)) return RV_OK;
#endif
  u32 mark = rv_root_open(th->m);
  rv_root_push(th->m, rv_obj(co, RV_THREAD));
  RvStatus st = rv_stack_ensure(th, end);
  rv_root_close(th->m, mark);
  /* Otherwise the values are lost, and the resumer gets the error. */
  if (st) co->status = RV_TH_DEAD;
  return st;
}

/* The native on top of th has what it resumed co for. */
static RvStatus give_native(RvThread *th, RvThread *co, u32 from, u32 n,
                            bool ok) {
  RvFrame *fr = rv_frame_now(th);
  u32 base = fr->base;
  bool values = ((const RvNative *)fr->fn)->def->flags & RV_NATIVE_VALUES;
  RvStatus st = make_room(th, co, base + n + 1);
  if (st) {
    th->fi--;
    return st;
  }
  if (values && ok) {
    rv_slots_copy(th, base - 1, co, from, n);
    return rv_call_return(th, base - 1, n);
  }
  rv_slots_copy(th, base, co, from, n);
  if (!values) {
    rv_slot_set(th, base - 1, rv_bool(ok));
    return rv_call_return(th, base - 1, n + 1);
  }
  th->call_at = base;
  rv_frame_now(th)->top = base + n;
  return RV_OK;
}

/* The values of a coroutine go to the thread that resumed it, behind a
   status. */
static RvStatus transfer_out(RvThread *co, u32 from, u32 n, bool ok) {
  RvThread *th = switch_back(co);
  RvFrame *fr = rv_frame_now(th);
  if (fr->kind == RV_FRAME_NATIVE) return give_native(th, co, from, n, ok);
  RV_ASSERT(fr->kind == RV_FRAME_RESUME, "frame kind %d", fr->kind);
  u32 give = fr->want < 0 ? n : (u32)rv_want_less_one(fr->want);
  if (give > n) give = n;
  RvStatus st = make_room(th, co, fr->ret + give + 2);
  if (st) {
    th->fi--;
    return st;
  }
  fr = rv_frame_now(th);
  if (fr->want != 0) rv_slot_set(th, fr->ret, rv_bool(ok));
  rv_slots_copy(th, fr->ret + 1, co, from, give);
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

const char *rv_thread_refuses_slow(const RvThread *th, const RvThread *co) {
  if (co->status == RV_TH_DEAD) return "cannot resume dead coroutine";
  if (co->status != RV_TH_SUSPENDED)
    return "cannot resume non-suspended coroutine";
  return "C stack overflow";
}

/* What a suspended coroutine has yielded with: an instruction. */
static RvStatus finish_yield(RvThread *co, u32 n) {
  RvFrame *fr = rv_frame_now(co);
  if (co->yield_want < 0) fr->top = co->yield_at + n;
  for (int i = (int)n; i < co->yield_want; i++)
    rv_slot_set(co, co->yield_at + (u32)i, rv_nil());
  return RV_OK;
}

/* Makes co run with n values from slot `from` of th: arguments of its function
   the first time, later results of the yield. */
static RvStatus transfer_in(RvThread *th, RvThread *co, u32 from, u32 n) {
  RvFrame *fr = rv_frame_now(co);
  bool native = co->started && fr->kind == RV_FRAME_NATIVE;
  u32 to = native ? fr->base - 1 : co->started ? co->yield_at : 1;
  u32 want = !native && co->yield_want > 0 ? (u32)co->yield_want : 0;
  RvStatus st = rv_stack_ensure(co, to + n + 2 + want);
  if (st) {
    if (co->err.t != RV_NIL) th->err = co->err;
    co->err = rv_nil();
    return st;
  }
  rv_slots_copy(co, to, th, from, n);
  switch_to(th, co);
  if (native) return rv_call_return(co, to, n);
  if (co->started) return finish_yield(co, n);
  co->started = 1;
  co->frames[0].top = n + 1;
  st = rv_call_value(co, 0, n, RV_WANT_ALL, RV_FRAME_EVENT, RV_THEN_MARKER);
  if (st == RV_OK) co->frames[0].top = 0;
  return st;
}

RvStatus rv_call_resume(RvThread *th, u32 at, u32 nargs, int want) {
  RvValue v = rv_slot(th, at);
  if (v.t != RV_THREAD) return rv_err_op(th, "resume", v, -1);
  RvThread *co = RV_AS(RvThread, v);
  const char *why = rv_thread_refuses(th, co);
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
  if (th->m->th == th) th->fi--; /* it has not come to that */
  else th->frames[i].top = at;
  return st;
}

static u32 resume_cost(const RvThread *co) {
  if (co->started || co->tag[0] != RV_CLOSURE) return 1;
  return ((const RvClosure *)(uintptr_t)co->pay[0])->proto->callcost;
}

static RV_NOINLINE RvStatus resume_any(RvThread *th, u32 at, u32 n) {
  RvThread *co = (RvThread *)(uintptr_t)th->pay[at];
  u32 i = th->fi;
  rv_fuel_owe(th->m, resume_cost(co));
  RvStatus st = transfer_in(th, co, at + 1, n);
  if (th->m->th != th) th->frames[i].top = th->frames[i].base;
  return st;
}

/* A few values may go to slot `to` and up at once. Stress builds see to it that
   stacks move. */
static bool has_room(const RvThread *th, u32 to, u32 n) {
#ifdef RV_STRESS
  return false;
#else
  return n < RV_FEW && to + n < th->nslots;
#endif
}

/* From native to native in one piece. */
RvStatus rv_native_resume(RvThread *th, u32 at, u32 n) {
  RvThread *co = (RvThread *)(uintptr_t)th->pay[at];
  const RvFrame *fr = rv_frame_now(co);
  u32 to = fr->base - 1;
  if (RV_UNLIKELY(fr->kind != RV_FRAME_NATIVE || !has_room(co, to, n)))
    return resume_any(th, at, n);
  rv_fuel_owe(th->m, 1);
  rv_few_copy(co->pay + to, co->tag + to, th->pay + at + 1, th->tag + at + 1,
              n);
  rv_frame_now(th)->top = rv_frame_now(th)->base;
  switch_to(th, co);
  return rv_call_return(co, to, n);
}

static RvStatus check_yield(RvThread *th) {
  if (RV_LIKELY(rv_thread_yieldable(th))) return RV_OK;
  if (!th->resumer)
    return rv_err_run(th, "attempt to yield from outside a coroutine");
  return rv_err_run(th, "attempt to yield across a C-call boundary");
}

RvStatus rv_call_yield(RvThread *th, u32 at, u32 n, int want) {
  RvStatus st = check_yield(th);
  if (st) return st;
  th->yield_at = at;
  th->yield_want = (i16)want;
  th->status = RV_TH_SUSPENDED;
  st = transfer_out(th, at, n, true);
  rv_frame_now(th)->top = 0;
  return st;
}

static RV_NOINLINE RvStatus yield_any(RvThread *th, u32 at, u32 n) {
  RvStatus st = check_yield(th);
  if (st) return st;
  rv_fuel_owe(th->m, 1);
  th->status = RV_TH_SUSPENDED;
  st = transfer_out(th, at, n, true);
  rv_frame_now(th)->top = at;
  return st;
}

RvStatus rv_native_yield(RvThread *co, u32 at, u32 n) {
  RvThread *th = co->resumer;
  if (RV_UNLIKELY(!th || co->nforeign || co->m->in_final))
    return yield_any(co, at, n);
  const RvFrame *fr = rv_frame_now(th);
  u32 to = fr->base - 1;
  if (RV_UNLIKELY(fr->kind != RV_FRAME_NATIVE || !has_room(th, to, n + 1)))
    return yield_any(co, at, n);
  rv_fuel_owe(co->m, 1);
  u32 total = n, from = to;
  if (!(((const RvNative *)fr->fn)->def->flags & RV_NATIVE_VALUES)) {
    rv_slot_set(th, to++, rv_bool(true));
    total++;
  }
  rv_few_copy(th->pay + to, th->tag + to, co->pay + at, co->tag + at, n);
  rv_frame_now(co)->top = at;
  co->status = RV_TH_SUSPENDED;
  switch_back(co);
  return rv_call_return(th, from, total);
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
