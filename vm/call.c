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

static void push_native(RvThread *th, u32 at, u32 nargs, RvFrame frame) {
  frame.fn = (void *)(uintptr_t)th->pay[at];
  frame.kind = RV_FRAME_NATIVE;
  frame.base = at + 1;
  frame.top = at + 1 + nargs;
  frame.nextra = nargs;
  th->frames[++th->fi] = frame;
}

/* Lays out parameters, further arguments and registers of the callee. */
static void push_closure(RvThread *th, u32 at, u32 nargs, RvFrame frame) {
  RvClosure *cl = (RvClosure *)(uintptr_t)th->pay[at];
  const RvProto *p = cl->proto;
  u32 np = p->nparams, base = at + 1;
  if (p->vararg && nargs > np) {
    base += nargs;
    memcpy(th->pay + base, th->pay + at + 1, np * sizeof *th->pay);
    memcpy(th->tag + base, th->tag + at + 1, np);
    frame.nextra = nargs - np;
  } else {
    for (u32 i = nargs; i < np; i++) rv_slot_set(th, base + i, rv_nil());
  }
  frame.base = base;
  frame.fn = cl;
  th->frames[++th->fi] = frame;
  rv_proto_warm(th->m, cl->proto);
}

static void enter(RvThread *th, u32 at, u32 nargs, const Callee *c,
                  RvFrame frame) {
  if (c->events) insert_events(th, at, nargs, c->events);
  if (c->fn.t == RV_NATIVE) push_native(th, at, nargs + c->events, frame);
  else push_closure(th, at, nargs + c->events, frame);
}

RvStatus rv_call_value(RvThread *th, u32 at, u32 nargs, int want, u8 kind,
                       u8 then) {
  Callee c;
  RvStatus st = prepare_call(th, at, at, nargs, &c);
  if (st || (st = rv_frame_ensure(th))) return st;
  enter(th, at, nargs, &c,
        (RvFrame){.ret = at, .want = (i16)want, .kind = kind, .then = then});
  return RV_OK;
}

RvStatus rv_call_open(RvThread *th, u32 at, int want) {
  u32 i = th->fi;
  u32 nargs = th->frames[i].top - at - 1;
  RvStatus st =
      rv_call_value(th, at, nargs, want, RV_FRAME_CALL, RV_THEN_STORE);
  if (st == RV_OK) th->frames[i].top = 0;
  return st;
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
  enter(th, at, nargs, c,
        (RvFrame){.ret = at,
                  .want = RV_WANT_ALL,
                  .kind = RV_FRAME_EVENT,
                  .then = RV_THEN_RETURN});
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
  memmove(th->pay + to, th->pay + at, (nargs + 1) * sizeof *th->pay);
  memmove(th->tag + to, th->tag + at, nargs + 1);
  th->fi--;
  u8 mark = is_c(c.fn) ? 0 : RV_FRAME_TAILED;
  enter(th, to, nargs, &c,
        (RvFrame){.ret = old.ret,
                  .want = old.want,
                  .kind = old.kind,
                  .then = old.then | mark});
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

/* Moves n values from slot `from` to `ret`, `want` of them; the number moved. */
static u32 deliver(RvThread *th, u32 from, u32 n, u32 ret, int want) {
  u32 k = want < 0 || n < (u32)want ? n : (u32)want;
  if (from != ret) {
    memmove(th->pay + ret, th->pay + from, k * sizeof *th->pay);
    memmove(th->tag + ret, th->tag + from, k);
  }
  if (want < 0) return n;
  for (u32 i = k; i < (u32)want; i++) rv_slot_set(th, ret + i, rv_nil());
  return (u32)want;
}

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

RvStatus rv_call_return(RvThread *th, u32 from, u32 n) {
  RvFrame fr;
  u8 then;
  do { /* frames that ended in a call return with what they called */
    fr = *rv_frame_now(th);
    then = fr.then & ~RV_FRAME_TAILED;
    th->fi--;
  } while (then == RV_THEN_RETURN);
  RvFrame *below = rv_frame_now(th);
  if (then == RV_THEN_TEST || then == RV_THEN_BOOL) {
    bool truth = n > 0 && !RV_IS_FALSY(th->tag[from]);
    if (then == RV_THEN_TEST) finish_test(below, truth);
    else rv_slot_set(th, fr.ret, rv_bool(truth));
    return RV_OK;
  }
  /* Open results may need more room than the callee had. */
  if (fr.want > 0 && fr.ret + (u32)fr.want > th->nslots) {
    below->top = from + n;
    RvStatus st = rv_stack_ensure(th, fr.ret + (u32)fr.want);
    if (st) return st;
  }
  n = deliver(th, from, n, fr.ret, fr.want);
  if (then <= RV_THEN_EVENT) {
    if (then == RV_THEN_EVENT) finish_event(below);
    if (fr.want < 0) below->top = fr.ret + n;
    return RV_OK;
  }
  th->call_at = fr.ret;
  below->top = fr.ret + n;
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

RvStatus rv_native_step(RvThread *th) {
  if (th->m->fuel < 0) { /* calls it made are still to be paid */
    RvStatus due = rv_slice_next(th, 1);
    if (due) return due;
  }
  RvFrame *fr = rv_frame_now(th);
  u32 i = th->fi;
  RvNativeCtx c = {.th = th,
                   .m = th->m,
                   .base = fr->base,
                   .nargs = fr->nextra,
                   .state = fr->pc};
  if (c.state != 0) {
    c.res = th->call_at;
    c.nres = fr->top > th->call_at ? fr->top - th->call_at : 0;
  }
  c.call = c.res;
  RvStatus st = ((RvNative *)fr->fn)->def->fn(&c);
  fr = &th->frames[i];
  if (st == RV_OK) return rv_call_return(th, c.res, c.nres);
  fr->pc = c.state;
  if (st == RV_AGAIN) return RV_OK;
  if (st != RV_CALL) return st;
  rv_call_owe(th, rv_slot(th, c.call));
  if (fr->top < c.call + 1 + c.ncall) fr->top = c.call + 1 + c.ncall;
  st = rv_call_value(th, c.call, c.ncall, RV_WANT_ALL, RV_FRAME_EVENT,
                     RV_THEN_NATIVE);
  if (st == RV_OK) th->frames[i].top = c.call;
  return st;
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
  if (v.t == RV_NIL && level != th->fi &&
      rv_frame_args(th, level) <= (i32)i)
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
