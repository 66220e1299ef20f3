/* SPDX-License-Identifier: MIT */
/* Markers, protected calls, errors on their way.

   A marker is a frame without code: it lies between a callee and what called
   it, and says what is to be done when the callee has returned or failed. An
   error is a search for the marker that catches it. */
#include "vm/call.h"

#include "vm/call_impl.h"
#include "vm/meta.h"
#include "vm/str.h"

/* Handlers of xpcall may fail this often inside one another. */
#define MAX_HANDLERS 10

/* -- Protected calls ------------------------------------------------------- */

RvStatus rv_call_pcall(RvThread *th, u32 at, u32 nargs, int want,
                       bool handler) {
  RvFrame marker = {.kind = handler ? RV_FRAME_XPCALL : RV_FRAME_PCALL,
                    .then = RV_THEN_STORE,
                    .base = at,
                    .top = handler ? at + 1 : at,
                    .ret = at,
                    .want = (i16)want,
                    .nextra = th->ntbc};
  u32 f = handler ? at + 1 : at;
  u32 mi = th->fi + 1;
  RvStatus st = rv_marker_push(th, marker);
  if (st) return st;
  th->frames[mi - 1].top = 0;         /* open arguments are the marker's now */
  th->frames[mi].top = f + 1 + nargs; /* while the stack may grow */
  st = rv_call_value(th, f, nargs, rv_want_less_one(want), RV_FRAME_EVENT,
                     RV_THEN_MARKER);
  th->frames[mi].top = handler ? at + 1 : at;
  if (st) return st;
  rv_frame_now(th)->ret = at + 1;
  return RV_OK;
}

static RvStatus pcall_done(RvThread *th) {
  RvFrame *fr = rv_frame_now(th);
  u32 n = fr->top > fr->ret ? fr->top - fr->ret : 1;
  rv_slot_set(th, fr->ret, rv_bool(true));
  return rv_marker_finish(th, n);
}

/* False and the error are results of the native on top. */
static RvStatus native_failed(RvThread *th, RvValue err) {
  u32 base = rv_frame_now(th)->base;
  rv_slot_set(th, base - 1, rv_bool(false));
  rv_slot_set(th, base, err);
  return rv_call_return(th, base - 1, 2);
}

static RvStatus pcall_failed(RvThread *th, RvValue err) {
  RvFrame *fr = rv_frame_now(th);
  RvStatus st = rv_stack_ensure(th, fr->ret + 2);
  if (st) return st;
  rv_slot_set(th, fr->ret, rv_bool(false));
  if (fr->want != 1) rv_slot_set(th, fr->ret + 1, err);
  return rv_marker_finish(th, fr->want == 1 ? 1 : 2);
}

/* -- Errors on their way --------------------------------------------------- */

RvStatus rv_call_caught(RvThread *th, RvValue err) {
  RvFrame *fr = rv_frame_now(th);
  RvStatus st;
  th->err = err; /* no slot holds it until the results are in place */
  switch (fr->kind) {
  case RV_FRAME_NATIVE:
    if ((st = native_failed(th, err))) return st;
    break;
  case RV_FRAME_PCALL:
  case RV_FRAME_XPCALL:
    if ((st = pcall_failed(th, err))) return st;
    break;
  case RV_FRAME_CLOSE: rv_close_replace_error(th, err); break;
  case RV_FRAME_FINAL: /* errors of finalizers have nowhere to go */
    fr->top = fr->base;
    break;
  default: return RV_ERROR; /* bottom and foreign frames pass it on to C */
  }
  th->err = rv_nil();
  return RV_OK;
}

/* A native that has made its protected call. */
static bool protects(const RvFrame *fr) {
  if (fr->kind != RV_FRAME_NATIVE || fr->pc == 0) return false;
  return ((const RvNative *)fr->fn)->def->flags & RV_NATIVE_CATCH;
}

static bool has_handler(const RvFrame *fr) {
  if (fr->kind == RV_FRAME_XPCALL) return true;
  return fr->kind == RV_FRAME_NATIVE &&
         ((const RvNative *)fr->fn)->def->flags & RV_NATIVE_HANDLER;
}

/* Index of the frame that catches, 0 when none does. */
static u32 find_catch(const RvThread *th) {
  for (u32 i = th->fi; i > 0; i--) switch (th->frames[i].kind) {
    case RV_FRAME_PCALL:
    case RV_FRAME_XPCALL:
    case RV_FRAME_FINAL:
    case RV_FRAME_FOREIGN: return i;
    case RV_FRAME_NATIVE:
      if (protects(&th->frames[i])) return i;
      break;
    case RV_FRAME_CLOSE:
      if (th->frames[i].nextra == RV_CLOSE_THREAD) return i;
      break;
    default: break;
    }
  return 0;
}

static u32 running_handlers(const RvThread *th, u32 above) {
  u32 n = 0;
  for (u32 i = th->fi; i > above; i--)
    n += th->frames[i].kind == RV_FRAME_HANDLER;
  return n;
}

/* The handler runs on top of everything, before anything is unwound. */
static RvStatus call_handler(RvThread *th, u32 marker) {
  RvValue h = rv_slot(th, th->frames[marker].base);
  u32 at = rv_frame_top(th);
  RvStatus st = rv_marker_push(th, (RvFrame){.kind = RV_FRAME_HANDLER,
                                             .then = RV_THEN_MARKER,
                                             .base = at,
                                             .top = at,
                                             .pc = marker});
  if (st) return st;
  u32 i = th->fi;
  RvValue v[2] = {h, th->err};
  rv_call_owe(th, h);
  st = rv_call_above(th, v, 2, at, 1, RV_THEN_MARKER);
  th->frames[i].top = at;
  return st;
}

/* Marks that were open when the catching frame was pushed. */
static u32 marks_at(const RvThread *th, u32 i) {
  const RvFrame *fr = &th->frames[i];
  if (fr->kind != RV_FRAME_NATIVE)
    return fr->kind == RV_FRAME_CLOSE ? fr->pc : fr->nextra;
  u32 n = th->ntbc;
  while (n > 0 && th->tbc[n - 1].frame > i) n--;
  return n;
}

/* The frames that opened the marks above `keep` are gone; others will have their
   numbers. The marks belong to frame i now, which closes them. */
static void take_marks(RvThread *th, u32 keep, u32 i) {
  for (u32 n = th->ntbc; n > keep && th->tbc[n - 1].frame > i; n--)
    th->tbc[n - 1].frame = i;
}

/* All frames above the marker go; marks opened there are closed with the
   error. */
static RvStatus unwind_to(RvThread *th, u32 marker) {
  th->fi = marker;
  RvFrame *fr = rv_frame_now(th);
  RvValue err = th->err;
  u32 keep = marks_at(th, marker), at = rv_frame_top(th);
  if (rv_marks_drop(th, keep)) return rv_call_caught(th, err);
  if (at < fr->ret + 2) at = fr->ret + 2;
  RvStatus st = rv_stack_ensure(th, at + 1);
  if (st || (st = rv_frame_ensure(th))) return st;
  rv_slot_set(th, at, err);
  take_marks(th, keep, marker + 1);
  return rv_marker_push(th, (RvFrame){.kind = RV_FRAME_CLOSE,
                                      .then = RV_THEN_MARKER,
                                      .base = at,
                                      .top = at + 1,
                                      .pc = keep,
                                      .nextra = RV_CLOSE_ERROR});
}

static RvStatus handler_done(RvThread *th) {
  RvFrame fr = *rv_frame_now(th);
  th->err = fr.top > th->call_at ? rv_slot(th, th->call_at) : rv_nil();
  return unwind_to(th, fr.pc);
}

/* The frames go before the host can look at them. Without memory there is no
   trace. */
static void keep_trace(RvThread *th) {
  RvValue err = th->err;
  th->m->trace = rv_err_traceback(th, th, 0);
  th->err = err;
}

RvStatus rv_call_unwind(RvThread *th) {
  RvMachine *m = th->m;
  th->paid = 0;
  if (m->killed) return RV_KILL;
  for (;;) {
    u32 i = find_catch(th);
    RvFrame *fr = &th->frames[i];
    bool handler = has_handler(fr);
    RvStatus st;
    if (i == 0 && th->resumer) return rv_thread_failed(th);
    if (i == 0 || fr->kind == RV_FRAME_FOREIGN) { /* C, which entered, goes on */
      if (rv_marks_drop(th, fr->nextra)) return RV_ERROR;
      if (i == 0) keep_trace(th);
      return unwind_to(th, i);
    }
    if (handler && running_handlers(th, i) <= MAX_HANDLERS) {
      st = call_handler(th, i);
    } else {
      if (handler) th->err = rv_strv(m->msg_errerr);
      st = unwind_to(th, i);
    }
    if (st != RV_ERROR) return st;
    /* Not even that was possible: without handler, from the marker. */
    if (handler) {
      th->err = rv_strv(m->msg_errerr);
      if ((st = unwind_to(th, i)) != RV_ERROR) return st;
    }
    th->fi = i - 1;
  }
}

/* -- Markers: their callee has returned ------------------------------------ */

RvStatus rv_marker_finish(RvThread *th, u32 n) {
  RvFrame fr = *rv_frame_now(th);
  th->fi--;
  th->call_at = fr.ret; /* for a native */
  if (fr.want < 0) rv_frame_now(th)->top = fr.ret + n;
  else
    for (u32 i = n; i < (u32)fr.want; i++)
      rv_slot_set(th, fr.ret + i, rv_nil());
  return RV_OK;
}

RvStatus rv_marker_step(RvThread *th) {
  RvFrame *fr = rv_frame_now(th);
  switch (fr->kind) {
  case RV_FRAME_BOTTOM:
    RV_ASSERT(th->resumer, "the main thread ends in its entry");
    return rv_thread_finished(th);
  case RV_FRAME_PCALL:
  case RV_FRAME_XPCALL: return pcall_done(th);
  case RV_FRAME_HANDLER: return handler_done(th);
  case RV_FRAME_CLOSE: return rv_close_step(th);
  case RV_FRAME_CONCAT: return rv_meta_concat_step(th);
  case RV_FRAME_FINAL: return rv_final_done(th);
  default: RV_UNREACHABLE();
  }
  return RV_ERROR;
}
