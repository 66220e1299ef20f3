/* SPDX-License-Identifier: MIT */
/* Frames: calls, returns, natives.

   The C stack never nests for the guest. A function here does one step - pushes
   or pops a frame, runs a native until it returns - and the loop looks at the
   top frame to see what is next. So a call from a native is: the native says
   RV_CALL, the callee's frame is pushed, the loop runs it, its return leaves
   values in slots and the native is entered again.

   unwind.c has markers, protected calls and errors, close.c what is to be
   closed, coroutine.c the threads, entry.c entering from C and safepoints. */
#include "vm/call.h"

#include <string.h>

#include "vm/call_impl.h"
#include "vm/host/host.h"
#include "vm/meta.h"
#include "vm/num.h"
#include "vm/str.h"

/* Values whose __call leads to another value with one. */
#define MAX_CALL_EVENTS 100

/* -- Stacks ---------------------------------------------------------------- */

/* Moves the stack to fresh memory of `cap` slots. Payloads and tags are one
   block, so that a collection in between sees either the old or the new. */
static RvStatus stack_resize(RvThread *th, u32 cap) {
  u64 grown = cap > th->nslots ? cap - th->nslots : 0;
  u64 *pay = rv_heap_alloc(th->m, RV_STACK_BYTES(cap), RV_LSIZE_SLOT * grown);
  if (!pay) return RV_ERROR;
  u8 *tag = (u8 *)(pay + cap);
  memcpy(pay, th->pay, th->nslots * sizeof *pay);
  memcpy(tag, th->tag, th->nslots);
  th->pay = pay;
  th->tag = tag;
  th->nslots = cap;
  return RV_OK;
}

/* Beyond the limit there is room for handlers alone, that an overflow can be
   handled where it arose. */
enum { HANDLER_SLOTS = 4096 };

static bool in_handler(const RvThread *th) {
  for (u32 i = th->fi; i > 0; i--)
    if (th->frames[i].kind == RV_FRAME_HANDLER) return true;
  return false;
}

RvStatus rv_stack_ensure(RvThread *th, u32 end) {
#ifdef RV_STRESS
  /* Move at each growth of what is in use; a deep stack only now and then, or
     deep recursion would take quadratic time. */
  if (end <= th->nslots && (th->nslots <= 512 || end % 509 == 0))
    return stack_resize(th, th->nslots);
#endif
  if (RV_LIKELY(end <= th->nslots)) return RV_OK;
  u64 max = th->m->max_slots;
  if (end > max) {
    max += HANDLER_SLOTS;
    if (end > max || !in_handler(th)) return rv_err(th, "stack overflow");
  }
  u64 cap = (u64)th->nslots * 2;
  if (cap < end + 16u) cap = end + 16u;
  return stack_resize(th, (u32)(cap < max ? cap : max));
}

RvStatus rv_frame_ensure(RvThread *th) {
  if (RV_LIKELY(th->fi + 1 < th->nframes)) return RV_OK;
  RvMachine *m = th->m;
  u32 cap = th->nframes * 2;
  RvFrame *f =
      rv_heap_regrow(m, th->frames, th->nframes * sizeof *f, cap * sizeof *f,
                     RV_LSIZE_FRAME * (u64)(cap - th->nframes));
  if (!f) return RV_ERROR;
  th->frames = f;
  th->nframes = cap;
  return RV_OK;
}

/* End of what a frame uses; markers add their slots to the frame below. */
u32 rv_frame_top(RvThread *th) {
  u32 top = 0;
  for (u32 i = th->fi;; i--) {
    const RvFrame *fr = &th->frames[i];
    if (fr->top > top) top = fr->top;
    if (rv_frame_is_bytecode(fr)) {
      u32 end = fr->base + ((RvClosure *)fr->fn)->proto->nregs;
      return end > top ? end : top;
    }
    if (fr->kind == RV_FRAME_NATIVE || i == 0) return top;
  }
}

/* -- Calls ----------------------------------------------------------------- */

/* A call is made in two steps. First everything that may fail or collect: what
   is called is found and room made for it, while the window is as the frame
   below knows it. Then, without any allocation, the window is completed and the
   frame pushed. */
typedef struct Callee {
  RvValue fn;
  u32 events; /* __call events that go in front of the window */
} Callee;

/* End of the slots that a call with its window at `at` needs at once. */
static u32 window_end(const Callee *c, u32 at, u32 nargs) {
  u32 end = at + 1 + nargs;
  if (c->fn.t == RV_NATIVE) return end + 1;
  const RvProto *p = RV_AS(RvClosure, c->fn)->proto;
  bool extra = p->vararg && nargs > p->nparams;
  u32 regs = (extra ? end : at + 1) + p->nregs;
  return (regs > end ? regs : end) + 1;
}

/* Finds what a call of the value at `from` with a window at `at` enters. */
static RvStatus prepare_call(RvThread *th, u32 from, u32 at, u32 nargs,
                             Callee *c) {
  *c = (Callee){rv_slot(th, from), 0};
  while (!RV_IS_FUNC(c->fn.t)) {
    RvValue v = c->fn;
    c->fn = rv_event(th->m, v, RV_EV_CALL);
    if (c->fn.t == RV_NIL) return rv_err_call(th, v);
    if (++c->events > MAX_CALL_EVENTS)
      return rv_err(th, "'__call' chain too long; possibly a loop");
  }
  return rv_stack_ensure(th, window_end(c, at, nargs + c->events));
}

/* Puts the events in front of the value at `at`. */
static void insert_events(RvThread *th, u32 at, u32 nargs, u32 n) {
  memmove(th->pay + at + n, th->pay + at, (nargs + 1) * sizeof *th->pay);
  memmove(th->tag + at + n, th->tag + at, nargs + 1);
  for (u32 i = n; i > 0; i--)
    rv_slot_set(th, at + i - 1,
                rv_event(th->m, rv_slot(th, at + i), RV_EV_CALL));
}

/* A frame to be filled in; fn and base are left to the caller. */
RV_INLINE RvFrame *push_frame(RvThread *th, u32 at, int want, u8 kind,
                              u8 then) {
  RvFrame *fr = &th->frames[++th->fi];
  fr->pc = 0;
  fr->ret = at;
  fr->top = 0;
  fr->nextra = 0;
  fr->want = (i16)want;
  fr->kind = kind;
  fr->then = then;
  return fr;
}

RV_INLINE void push_native(RvThread *th, u32 at, u32 nargs, int want, u8 then) {
  RvFrame *fr = push_frame(th, at, want, RV_FRAME_NATIVE, then);
  fr->fn = (void *)(uintptr_t)th->pay[at];
  fr->base = at + 1;
  fr->top = at + 1 + nargs;
  fr->nextra = nargs;
}

/* Lays out parameters, further arguments and registers of the callee. */
RV_INLINE void push_closure(RvThread *th, u32 at, u32 nargs, int want, u8 kind,
                            u8 then) {
  RvFrame *fr = push_frame(th, at, want, kind, then);
  RvClosure *cl = (RvClosure *)(uintptr_t)th->pay[at];
  RvProto *p = cl->proto;
  u32 np = p->nparams, base = at + 1;
  if (p->vararg && nargs > np) {
    base += nargs;
    rv_slots_copy(th, base, th, at + 1, np);
    fr->nextra = nargs - np;
  } else {
    for (u32 i = nargs; i < np; i++) rv_slot_set(th, base + i, rv_nil());
  }
  fr->base = base;
  fr->fn = cl;
  rv_proto_warm(th->m, p);
}

static void enter(RvThread *th, u32 at, u32 nargs, const Callee *c, int want,
                  u8 kind, u8 then) {
  if (c->events) insert_events(th, at, nargs, c->events);
  nargs += c->events;
  if (c->fn.t == RV_NATIVE) push_native(th, at, nargs, want, then);
  else push_closure(th, at, nargs, want, kind, then);
}

/* The general way of rv_call_value. */
static RV_NOINLINE RvStatus call_any(RvThread *th, u32 at, u32 nargs, int want,
                                     u8 kind, u8 then) {
  Callee c;
  RvStatus st = prepare_call(th, at, at, nargs, &c);
  if (st || (st = rv_frame_ensure(th))) return st;
  enter(th, at, nargs, &c, want, kind, then);
  return RV_OK;
}

/* Without growing anything: a frame fits, and n slots do from `at` on. Stress
   builds see to it that stacks move. */
static bool has_room(const RvThread *th, u32 at, u32 n) {
#ifdef RV_STRESS
  return false;
#else
  return th->fi + 1 < th->nframes && at + n <= th->nslots;
#endif
}

RvStatus rv_call_value(RvThread *th, u32 at, u32 nargs, int want, u8 kind,
                       u8 then) {
  if (RV_LIKELY(th->tag[at] == RV_CLOSURE)) {
    const RvClosure *cl = (RvClosure *)(uintptr_t)th->pay[at];
    if (RV_LIKELY(has_room(th, at, nargs + cl->proto->nregs + 2))) {
      push_closure(th, at, nargs, want, kind, then);
      return RV_OK;
    }
  } else if (th->tag[at] == RV_NATIVE && has_room(th, at, nargs + 2)) {
    push_native(th, at, nargs, want, then);
    return RV_OK;
  }
  return call_any(th, at, nargs, want, kind, then);
}

/* Where the window of a frame began: its function's slot. With further
   arguments the parameters were copied above all of them. */
static u32 window_start(const RvFrame *fr) {
  const RvClosure *cl = fr->fn;
  return fr->base - 1 - (fr->nextra ? fr->nextra + cl->proto->nparams : 0);
}

static bool is_c(RvValue fn) {
  return fn.t == RV_NATIVE ||
         (RV_AS(RvClosure, fn)->proto->f->flags & RV_FUNC_NATIVE);
}

/* A level of C is seen by programs, and so is who called one: error("x") in a
   tail call still tells where. Such a tail call keeps its frame, as the callee
   returns soon. What a native function calls for itself is no level, but a
   builtin wants to know how that function was called. */
static bool keeps_frame(const RvFrame *by, const Callee *c) {
  if (rv_frame_is_program(by)) return is_c(c->fn);
  return c->fn.t == RV_NATIVE || !is_c(c->fn) || !rv_frame_calls_own(by);
}

static RvStatus call_and_return(RvThread *th, u32 at, u32 nargs,
                                const Callee *c) {
  u32 i = th->fi;
  RvStatus st = rv_stack_ensure(th, window_end(c, at, nargs + c->events));
  if (st || (st = rv_frame_ensure(th))) return st;
  enter(th, at, nargs, c, RV_WANT_ALL, RV_FRAME_EVENT, RV_THEN_RETURN);
  th->frames[i].top = 0;
  return RV_OK;
}

/* The frame below takes the place of the top one: the window moves down to
   where this frame's own window began, so that tail calls need no room. */
RvStatus rv_call_tail(RvThread *th, u32 at, u32 nargs) {
  RvFrame old = *rv_frame_now(th);
  u32 to = window_start(&old);
  Callee c;
  RvStatus st = prepare_call(th, at, to, nargs, &c);
  if (st) return st;
  if (keeps_frame(&old, &c)) return call_and_return(th, at, nargs, &c);
  rv_slots_copy(th, to, th, at, nargs + 1);
  th->fi--;
  u8 mark = is_c(c.fn) ? 0 : RV_FRAME_TAILED;
  enter(th, to, nargs, &c, old.want, old.kind, old.then | mark);
  th->frames[th->fi].ret = old.ret;
  return RV_OK;
}

RvStatus rv_call_above(RvThread *th, const RvValue *v, u32 n, u32 ret, int want,
                       u8 then) {
  u32 at = rv_frame_top(th);
  u32 i = th->fi;
  /* Nothing of v is in a slot yet. */
  u32 mark = rv_root_open(th->m);
  for (u32 k = 0; k < n; k++) rv_root_push(th->m, v[k]);
  RvStatus st = rv_stack_ensure(th, at + n + 2);
  if (st == RV_OK) {
    for (u32 k = 0; k < n; k++) rv_slot_set(th, at + k, v[k]);
    st = rv_call_value(th, at, n - 1, want, RV_FRAME_EVENT, then);
  }
  rv_root_close(th->m, mark);
  if (st) return st;
  RV_ASSERT(th->fi == i + 1, "%u frames pushed", th->fi - i);
  (void)i;
  rv_frame_now(th)->ret = ret;
  return RV_OK;
}

static u32 cost_of(RvValue f) {
  return f.t == RV_CLOSURE ? RV_AS(RvClosure, f)->proto->callcost : 1;
}

void rv_call_owe(RvThread *th, RvValue f) { rv_fuel_owe(th->m, cost_of(f)); }

RvStatus rv_call_event(RvThread *th, RvValue f, RvValue a, RvValue b, u32 ret,
                       int want, u8 then) {
  RvStatus st = rv_fuel_pay(th, th->m, cost_of(f));
  if (st) return st;
  RvValue v[3] = {f, a, b};
  return rv_call_above(th, v, 3, ret, want, then);
}

RvStatus rv_call_event3(RvThread *th, RvValue f, RvValue a, RvValue b,
                        RvValue c) {
  RvStatus st = rv_fuel_pay(th, th->m, cost_of(f));
  if (st) return st;
  RvValue v[4] = {f, a, b, c};
  return rv_call_above(th, v, 4, 0, 0, RV_THEN_EVENT);
}

/* -- Returns --------------------------------------------------------------- */

static const RvInsn *code_of(const RvFrame *fr) {
  return ((RvClosure *)fr->fn)->proto->code;
}

/* The instruction whose event has returned took the branch or not. */
static void finish_test(RvFrame *fr, bool truth) {
  const RvInsn *code = code_of(fr);
  bool negated = rv_op_is_negated(RV_INSN_OP(code[fr->pc - 1]));
  i32 j = RV_INSN_J(code[fr->pc]);
  fr->pc += 1;
  if (truth != negated) fr->pc += (u32)j;
}

/* An instruction of two words whose event has returned goes on after both. */
static void finish_event(RvFrame *fr) {
  fr->pc += rv_op_words(RV_INSN_OP(code_of(fr)[fr->pc - 1])) - 1;
}

/* Truth of the first result decides. */
static RvStatus return_truth(RvThread *th, u32 from, u32 n, u32 ret, u8 then) {
  bool truth = n > 0 && !RV_IS_FALSY(th->tag[from]);
  if (then == RV_THEN_TEST) finish_test(rv_frame_now(th), truth);
  else rv_slot_set(th, ret, rv_bool(truth));
  return RV_OK;
}

/* Makes place for the status that instruction pcall puts in front of the results
   of a builtin, which began at its function's slot. */
static RvStatus move_up(RvThread *th, u32 from, u32 n, u32 ret) {
  rv_frame_now(th)->top = from + n;
  RvStatus st = rv_stack_ensure(th, ret + n);
  if (st) return st;
  rv_frame_now(th)->top = 0;
  memmove(th->pay + ret, th->pay + from, n * sizeof *th->pay);
  memmove(th->tag + ret, th->tag + from, n);
  return RV_OK;
}

/* Delivers n values from slot `from` on to the frame that is on top now: as many
   as it wants, from slot `ret` on. */
RV_INLINE RvStatus deliver(RvThread *th, u32 from, u32 n, u32 ret, int want) {
  if (RV_UNLIKELY(ret > from)) {
    RvStatus st = move_up(th, from, n, ret);
    if (st) return st;
    from = ret;
  }
  if (want < 0) {
    if (from != ret) rv_slots_copy(th, ret, th, from, n);
    rv_frame_now(th)->top = ret + n;
    return RV_OK;
  }
  u32 w = (u32)want;
  /* Open results may need more room than the callee had. */
  if (RV_UNLIKELY(ret + w > th->nslots)) {
    rv_frame_now(th)->top = from + n;
    RvStatus st = rv_stack_ensure(th, ret + w);
    if (st) return st;
    rv_frame_now(th)->top = 0;
  }
  if (n > w) n = w;
  if (from != ret) rv_slots_copy(th, ret, th, from, n);
  for (u32 i = n; i < w; i++) rv_slot_set(th, ret + i, rv_nil());
  return RV_OK;
}

/* Results of a protected call: the native below returns them behind true, from
   its function's slot on. */
static void return_protected(RvThread *th, u32 *from, u32 *n) {
  u32 base = rv_frame_now(th)->base;
  rv_slots_copy(th, base, th, *from, *n);
  *from = base - 1;
  ++*n;
  rv_slot_set(th, base - 1, rv_bool(true));
}

static RV_NOINLINE RvStatus return_any(RvThread *th, u32 from, u32 n) {
  for (;;) {
    const RvFrame *fr = rv_frame_now(th);
    u8 then = fr->then & (u8)~RV_FRAME_TAILED;
    u32 ret = fr->ret;
    int want = fr->want;
    th->fi--;
    switch (then) {
    case RV_THEN_STORE: return deliver(th, from, n, ret, want);
    case RV_THEN_EVENT:
      finish_event(rv_frame_now(th));
      return deliver(th, from, n, ret, want);
    case RV_THEN_TEST:
    case RV_THEN_BOOL: return return_truth(th, from, n, ret, then);
    case RV_THEN_TEST | RV_FRAME_INVERT:
    case RV_THEN_BOOL | RV_FRAME_INVERT: {
      bool truth = n > 0 && !RV_IS_FALSY(th->tag[from]);
      rv_slot_set(th, from, rv_bool(!truth));
      return return_truth(th, from, 1, ret, then & (u8)~RV_FRAME_INVERT);
    }
    case RV_THEN_RETURN: break; /* who ended in this call returns too */
    case RV_THEN_PROTECTED: return_protected(th, &from, &n); break;
    default: {
      RvStatus st = deliver(th, from, n, ret, want);
      th->call_at = ret;
      if (want >= 0) rv_frame_now(th)->top = ret + (u32)want;
      return st;
    }
    }
  }
}

/* The common return in one piece: a few values to an instruction that wants so
   many. */
RvStatus rv_call_return(RvThread *th, u32 from, u32 n) {
  const RvFrame *fr = rv_frame_now(th);
  u32 ret = fr->ret, want = (u32)(i32)fr->want; /* all of them: very many */
  if (RV_UNLIKELY(fr->then != RV_THEN_STORE || want >= RV_FEW ||
                  ret + want > th->nslots))
    return return_any(th, from, n);
  th->fi--;
  u64 *p = th->pay + ret;
  u8 *t = th->tag + ret;
  u32 k = n < want ? n : want;
  if (from != ret) rv_few_copy(p, t, th->pay + from, th->tag + from, k);
  for (; k < want; k++) {
    p[k] = 0;
    t[k] = RV_NIL;
  }
  return RV_OK;
}

/* -- Natives --------------------------------------------------------------- */

RvStatus rv_native_slots(RvNativeCtx *c, u32 n) {
  RvThread *th = c->th;
  u32 end = c->base + n;
  RvStatus st = rv_stack_ensure(th, end + 1);
  if (st) return st;
  RvFrame *fr = rv_frame_now(th);
  for (u32 i = fr->top; i < end; i++) rv_slot_set(th, i, rv_nil());
  if (end > fr->top) fr->top = end;
  return RV_OK;
}

RvStatus rv_native_ret(RvNativeCtx *c, RvValue v) {
  c->res = c->base - 1; /* the function's own slot is free now */
  c->nres = 1;
  rv_slot_set(c->th, c->res, v);
  return RV_OK;
}

/* A call that the native on top has asked for. */
static RvStatus native_call(RvThread *th, const RvNativeCtx *c, u8 then) {
  u32 i = th->fi, end = c->call + 1 + c->ncall;
  RvFrame *fr = &th->frames[i];
  rv_call_owe(th, rv_slot(th, c->call));
  if (fr->top < end) fr->top = end;
  RvStatus st =
      rv_call_value(th, c->call, c->ncall, RV_WANT_ALL, RV_FRAME_EVENT, then);
  if (st == RV_OK) th->frames[i].top = c->call;
  return st;
}

/* What the native of frame i has asked for in place of results. */
static RvStatus native_asks(RvThread *th, u32 i, const RvNativeCtx *c,
                            RvStatus what) {
  RvFrame *fr = &th->frames[i];
  fr->pc = c->state;
  switch (what) {
  case RV_AGAIN: return RV_OK;
  case RV_CALL: return native_call(th, c, RV_THEN_NATIVE);
  case RV_PCALL:
    fr->pc = 1; /* from here on errors stop there */
    return native_call(th, c, RV_THEN_PROTECTED);
  case RV_RESUME: return rv_native_resume(th, c->call, c->ncall);
  case RV_YIELD: return rv_native_yield(th, c->call, c->ncall);
  case RV_COCLOSE:
    rv_fuel_owe(th->m, 1);
    return rv_call_coclose(th, c->call, RV_WANT_ALL);
  default: return what;
  }
}

/* Enters the native on top, in state `state`. */
RV_INLINE RvStatus run_native(RvThread *th, u32 state) {
  u32 i = th->fi;
  const RvFrame *fr = &th->frames[i];
  RvNativeCtx c;
  c.th = th;
  c.m = th->m;
  c.base = fr->base;
  c.nargs = fr->nextra;
  c.state = state;
  c.res = c.nres = 0;
  if (state != 0) {
    c.res = th->call_at;
    c.nres = fr->top > c.res ? fr->top - c.res : 0;
  }
  c.call = c.res;
  c.ncall = 0;
  RvStatus st = ((RvNative *)fr->fn)->def->fn(&c);
  if (RV_LIKELY(st == RV_OK)) return rv_call_return(th, c.res, c.nres);
  return native_asks(th, i, &c, st);
}

RvStatus rv_native_step(RvThread *th) {
  if (RV_UNLIKELY(th->m->fuel < 0)) { /* calls it made are still to be paid */
    RvStatus st = rv_slice_next(th, 1);
    if (st) return st;
  }
  return run_native(th, rv_frame_now(th)->pc);
}

/* Any call but that of a native for which there is room. */
static RV_NOINLINE RvStatus call_insn_any(RvThread *th, u32 at, u32 nargs,
                                          int want) {
  u32 i = th->fi;
  th->frames[i].top = at + 1 + nargs; /* not all of it is below the height */
  RvStatus st =
      rv_call_value(th, at, nargs, want, RV_FRAME_CALL, RV_THEN_STORE);
  if (st == RV_OK) th->frames[i].top = 0;
  return st;
}

RvStatus rv_call_insn(RvThread *th, u32 at, u32 nargs, int want) {
  if (RV_UNLIKELY(th->tag[at] != RV_NATIVE || !has_room(th, at, nargs + 2)))
    return call_insn_any(th, at, nargs, want);
  rv_frame_now(th)->top = 0;
  push_native(th, at, nargs, want, RV_THEN_STORE);
  if (RV_UNLIKELY(th->m->fuel < 0)) return rv_native_step(th);
  return run_native(th, 0);
}

/* -- Argument checks of natives -------------------------------------------- */

/* What a builtin got as argument i. One that a native function calls has that
   function's arguments, where nil may stand for a missing one. */
static const char *got(const RvNativeCtx *c, u32 i) {
  RvThread *th = c->th;
  u32 level = rv_level_of(th, th->fi);
  RvValue v = rv_arg(c, i);
  if (i >= c->nargs) return "no value";
  if (v.t == RV_PTR) return "light userdata";
  if (v.t == RV_NIL && level != th->fi && rv_frame_args(th, level) <= (i32)i)
    return "no value";
  return rv_err_typename(c->m, v);
}

RvStatus rv_native_badarg(RvNativeCtx *c, u32 i, const char *expected) {
  return rv_err_arg(c->th, i, "%s expected, got %s", expected, got(c, i));
}

RvStatus rv_arg_int(RvNativeCtx *c, u32 i, i64 *out) {
  RvValue v = rv_arg(c, i);
  if (rv_to_int(v, out)) return RV_OK;
  RvValue n;
  const RvString *s = RV_AS(RvString, v);
  if (v.t == RV_FLT ||
      (v.t == RV_STR && rv_num_parse(rv_str_data(s), s->len, &n)))
    return rv_err_arg(c->th, i, "number has no integer representation");
  return rv_native_badarg(c, i, "number");
}

RvStatus rv_arg_str(RvNativeCtx *c, u32 i, RvString **out) {
  RvValue v = rv_arg(c, i);
  if (v.t != RV_STR) return rv_native_badarg(c, i, "string");
  *out = RV_AS(RvString, v);
  return RV_OK;
}

RvStatus rv_arg_table(RvNativeCtx *c, u32 i, RvTable **out) {
  RvValue v = rv_arg(c, i);
  if (v.t != RV_TABLE) return rv_native_badarg(c, i, "table");
  *out = RV_AS(RvTable, v);
  return RV_OK;
}
