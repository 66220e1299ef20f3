/* SPDX-License-Identifier: MIT */
/* Frames: calls, returns, natives, markers, errors on their way, coroutines.

   The C stack never nests for the guest. A function here does one step - pushes
   or pops a frame, runs a native until it returns - and the loop looks at the
   top frame to see what is next. So a call from a native is: the native says
   RV_CALL, the callee's frame is pushed, the loop runs it, its return leaves
   values in slots and the native is entered again. */
#include "vm/call.h"

#include <string.h>

#include "vm/host/host.h"
#include "vm/interp.h"
#include "vm/meta.h"
#include "vm/table.h"

/* Handlers of xpcall may fail this often inside one another. */
#define MAX_HANDLERS 10
/* Values whose __call leads to another value with one. */
#define MAX_CALL_EVENTS 100

static RvFrame *top_frame(RvThread *th) { return &th->frames[th->fi]; }

static bool is_bytecode(const RvFrame *fr) {
  return fr->kind <= RV_FRAME_EVENT;
}

/* -- Stacks -------------------------------------------------------------------- */

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

/* End of what a frame uses; markers add their slots to the frame below. */
u32 rv_frame_top(RvThread *th) {
  u32 top = 0;
  for (u32 i = th->fi;; i--) {
    const RvFrame *fr = &th->frames[i];
    if (fr->top > top) top = fr->top;
    if (is_bytecode(fr)) {
      u32 end = fr->base + ((RvClosure *)fr->fn)->proto->nregs;
      return end > top ? end : top;
    }
    if (fr->kind == RV_FRAME_NATIVE || i == 0) return top;
  }
}

/* -- Calls ----------------------------------------------------------------------- */

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
    if (c->fn.t == RV_NIL) return rv_err_op(th, "call", v, (int)from);
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

/* The frame below takes the place of the top one: the window moves down to
   where this frame's own window began, so that tail calls need no room. */
RvStatus rv_call_tail(RvThread *th, u32 at, u32 nargs) {
  RvFrame old = *top_frame(th);
  u32 to = window_start(&old);
  Callee c;
  RvStatus st = prepare_call(th, at, to, nargs, &c);
  if (st) return st;
  memmove(th->pay + to, th->pay + at, (nargs + 1) * sizeof *th->pay);
  memmove(th->tag + to, th->tag + at, nargs + 1);
  th->fi--;
  enter(th, to, nargs, &c,
        (RvFrame){.ret = old.ret,
                  .want = old.want,
                  .kind = old.kind,
                  .then = old.then});
  return RV_OK;
}

/* Pushes f and arguments above the frame and calls it. */
static RvStatus call_above(RvThread *th, const RvValue *v, u32 n, u32 ret,
                           int want, u8 then) {
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
  top_frame(th)->ret = ret;
  return RV_OK;
}

static u32 cost_of(RvValue f) {
  return f.t == RV_CLOSURE ? RV_AS(RvClosure, f)->proto->callcost : 1;
}

/* A call that the machine makes where it cannot stop. */
static void owe_call(RvThread *th, RvValue f) {
  rv_fuel_owe(th->m, cost_of(f));
}

RvStatus rv_call_event(RvThread *th, RvValue f, RvValue a, RvValue b, u32 ret,
                       int want, u8 then) {
  RvStatus st = rv_fuel_pay(th, th->m, cost_of(f));
  if (st) return st;
  RvValue v[3] = {f, a, b};
  return call_above(th, v, 3, ret, want, then);
}

RvStatus rv_call_event3(RvThread *th, RvValue f, RvValue a, RvValue b,
                        RvValue c) {
  RvStatus st = rv_fuel_pay(th, th->m, cost_of(f));
  if (st) return st;
  RvValue v[4] = {f, a, b, c};
  return call_above(th, v, 4, 0, 0, RV_THEN_EVENT);
}

/* -- Returns ------------------------------------------------------------------------ */

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
  RvFrame fr = *top_frame(th);
  th->fi--;
  RvFrame *below = top_frame(th);
  if (fr.then == RV_THEN_TEST || fr.then == RV_THEN_BOOL) {
    bool truth = n > 0 && !RV_IS_FALSY(th->tag[from]);
    if (fr.then == RV_THEN_TEST) finish_test(below, truth);
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
  if (fr.then <= RV_THEN_EVENT) {
    if (fr.then == RV_THEN_EVENT) finish_event(below);
    if (fr.want < 0) below->top = fr.ret + n;
    return RV_OK;
  }
  th->call_at = fr.ret;
  below->top = fr.ret + n;
  return RV_OK;
}

/* -- Natives ---------------------------------------------------------------------------- */

RvStatus rv_native_slots(RvNativeCtx *c, u32 n) {
  RvThread *th = c->th;
  u32 end = c->base + n;
  RvStatus st = rv_stack_ensure(th, end + 1);
  if (st) return st;
  RvFrame *fr = top_frame(th);
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
  RvFrame *fr = top_frame(th);
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
  owe_call(th, rv_slot(th, c.call));
  if (fr->top < c.call + 1 + c.ncall) fr->top = c.call + 1 + c.ncall;
  st = rv_call_value(th, c.call, c.ncall, RV_WANT_ALL, RV_FRAME_EVENT,
                     RV_THEN_NATIVE);
  if (st == RV_OK) th->frames[i].top = c.call;
  return st;
}

/* -- Protected calls ------------------------------------------------------------------------ */

static RvStatus push_marker(RvThread *th, RvFrame marker) {
  RvStatus st = rv_frame_ensure(th);
  if (st) return st;
  th->frames[++th->fi] = marker;
  return RV_OK;
}

/* want - 1 for the callee, whose results follow the status. */
static int less_one(int want) { return want > 0 ? want - 1 : want; }

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
  RvStatus st = push_marker(th, marker);
  if (st) return st;
  th->frames[mi - 1].top = 0;         /* open arguments are the marker's now */
  th->frames[mi].top = f + 1 + nargs; /* while the stack may grow */
  st = rv_call_value(th, f, nargs, less_one(want), RV_FRAME_EVENT,
                     RV_THEN_MARKER);
  th->frames[mi].top = handler ? at + 1 : at;
  if (st) return st;
  top_frame(th)->ret = at + 1;
  return RV_OK;
}

/* A marker is done: its status and n values behind it are in place from
   marker.ret on; the frame below goes on. */
static RvStatus finish_marker(RvThread *th, u32 n) {
  RvFrame fr = *top_frame(th);
  th->fi--;
  if (fr.want < 0) top_frame(th)->top = fr.ret + n;
  else
    for (u32 i = n; i < (u32)fr.want; i++)
      rv_slot_set(th, fr.ret + i, rv_nil());
  return RV_OK;
}

static RvStatus pcall_done(RvThread *th) {
  RvFrame *fr = top_frame(th);
  u32 n = fr->top > fr->ret ? fr->top - fr->ret : 1;
  rv_slot_set(th, fr->ret, rv_bool(true));
  return finish_marker(th, n);
}

static RvStatus pcall_failed(RvThread *th, RvValue err) {
  RvFrame *fr = top_frame(th);
  RvStatus st = rv_stack_ensure(th, fr->ret + 2);
  if (st) return st;
  rv_slot_set(th, fr->ret, rv_bool(false));
  if (fr->want != 1) rv_slot_set(th, fr->ret + 1, err);
  return finish_marker(th, fr->want == 1 ? 1 : 2);
}

/* -- To-be-closed values ----------------------------------------------------------------------- */

RvStatus rv_call_tbc(RvThread *th, RvValue v) {
  if (!RV_IS_FALSY(v.t) && rv_event(th->m, v, RV_EV_CLOSE).t == RV_NIL)
    return rv_err(th, "value to be closed has no __close event (a %s value)",
                  rv_err_typename(th->m, v));
  if (th->ntbc == th->ctbc) {
    u32 cap = th->ctbc ? th->ctbc * 2 : 4;
    RvTbc *t = rv_heap_regrow(th->m, th->tbc, th->ctbc * sizeof *t,
                              cap * sizeof *t,
                              RV_LSIZE_TBC * (u64)(cap - th->ctbc));
    if (!t) return RV_ERROR;
    th->tbc = t;
    th->ctbc = cap;
  }
  th->tbc[th->ntbc++] = (RvTbc){.p = v.p, .t = (u8)v.t, .frame = th->fi};
  return RV_OK;
}

/* Drops marks that need no closing; true when `keep` are left. */
static bool drop_empty_marks(RvThread *th, u32 keep) {
  while (th->ntbc > keep && RV_IS_FALSY(th->tbc[th->ntbc - 1].t)) th->ntbc--;
  return th->ntbc <= keep;
}

RvStatus rv_call_close(RvThread *th, u32 keep, u32 open) {
  u32 target = th->ntbc - (open - keep);
  if (drop_empty_marks(th, target)) return RV_OK;
  u32 at = rv_frame_top(th);
  return push_marker(th, (RvFrame){.kind = RV_FRAME_CLOSE,
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
  if (drop_empty_marks(th, target)) return rv_call_return(th, from, n);
  return push_marker(th, (RvFrame){.kind = RV_FRAME_CLOSE,
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

/* An error while coclose works: it takes the place of the coroutine's own, and
   closing goes on. */
static void replace_close_error(RvThread *th, RvValue err) {
  RvFrame *fr = top_frame(th);
  closing_thread(th, fr)->failed = 1;
  rv_slot_set(th, fr->base + 1, err);
  fr->top = fr->base + 2;
}

/* The error has arrived at the frame that catches it, now on top, and all marks
   above are closed. */
static RvStatus caught(RvThread *th, RvValue err) {
  RvFrame *fr = top_frame(th);
  RvStatus st;
  th->err = err; /* no slot holds it until the results are in place */
  switch (fr->kind) {
  case RV_FRAME_PCALL:
  case RV_FRAME_XPCALL:
    if ((st = pcall_failed(th, err))) return st;
    break;
  case RV_FRAME_CLOSE: replace_close_error(th, err); break;
  case RV_FRAME_FINAL: /* errors of finalizers have nowhere to go */
    fr->top = fr->base;
    break;
  default: return RV_ERROR; /* bottom and foreign frames pass it on to C */
  }
  th->err = rv_nil();
  return RV_OK;
}

static RvStatus close_done(RvThread *th) {
  RvFrame fr = *top_frame(th);
  switch (fr.nextra) {
  case RV_CLOSE_GO_ON: th->fi--; return RV_OK;
  case RV_CLOSE_RETURN:
    th->fi--;
    return rv_call_return(th, fr.base, fr.top - fr.base);
  case RV_CLOSE_ERROR: {
    RvValue err = rv_slot(th, fr.base);
    th->fi--;
    return caught(th, err);
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
    return finish_marker(th, n);
  }
  }
}

/* Calls the next __close(value, error), or finishes. */
static RvStatus close_step(RvThread *th) {
  RvFrame *fr = top_frame(th);
  RvThread *of = closing_thread(th, fr);
  /* The slots a callee left behind are nobody's. */
  if (fr->nextra == RV_CLOSE_GO_ON) fr->top = fr->base;
  u32 keep_marks = fr->nextra == RV_CLOSE_THREAD ? 0 : fr->pc;
  if (drop_empty_marks(of, keep_marks)) return close_done(th);
  RvTbc mark = of->tbc[of->ntbc - 1];
  RvValue v = rv_value(mark.p, mark.t), err = rv_nil();
  if (fr->nextra == RV_CLOSE_ERROR) err = rv_slot(th, fr->base);
  if (fr->nextra == RV_CLOSE_THREAD) err = rv_slot(th, fr->base + 1);
  RvValue f = rv_event(th->m, v, RV_EV_CLOSE);
  if (f.t == RV_NIL) {
    of->ntbc--;
    return rv_err_op(th, "close", v, -1);
  }
  u32 i = th->fi, keep = fr->top;
  RvStatus st = rv_call_event(th, f, v, err, keep, 0, RV_THEN_MARKER);
  if (st == RV_STOP) return st; /* comes here again */
  of->ntbc--;
  th->frames[i].top = keep;
  return st;
}

/* -- Errors on their way ---------------------------------------------------------------------------- */

/* Index of the frame that catches, 0 when none does. */
static u32 find_catch(const RvThread *th) {
  for (u32 i = th->fi; i > 0; i--) switch (th->frames[i].kind) {
    case RV_FRAME_PCALL:
    case RV_FRAME_XPCALL:
    case RV_FRAME_FINAL:
    case RV_FRAME_FOREIGN: return i;
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
  RvStatus st = push_marker(th, (RvFrame){.kind = RV_FRAME_HANDLER,
                                          .then = RV_THEN_MARKER,
                                          .base = at,
                                          .top = at,
                                          .pc = marker});
  if (st) return st;
  u32 i = th->fi;
  RvValue v[2] = {h, th->err};
  owe_call(th, h);
  st = call_above(th, v, 2, at, 1, RV_THEN_MARKER);
  th->frames[i].top = at;
  return st;
}

/* Marks that were open when the catching frame was pushed. */
static u32 marks_at(const RvFrame *fr) {
  return fr->kind == RV_FRAME_CLOSE ? fr->pc : fr->nextra;
}

/* All frames above the marker go; marks opened there are closed with the
   error. */
static RvStatus unwind_to(RvThread *th, u32 marker) {
  th->fi = marker;
  RvFrame *fr = top_frame(th);
  RvValue err = th->err;
  u32 keep = marks_at(fr), at = rv_frame_top(th);
  if (drop_empty_marks(th, keep)) return caught(th, err);
  if (at < fr->ret + 2) at = fr->ret + 2;
  RvStatus st = rv_stack_ensure(th, at + 1);
  if (st || (st = rv_frame_ensure(th))) return st;
  rv_slot_set(th, at, err);
  return push_marker(th, (RvFrame){.kind = RV_FRAME_CLOSE,
                                   .then = RV_THEN_MARKER,
                                   .base = at,
                                   .top = at + 1,
                                   .pc = keep,
                                   .nextra = RV_CLOSE_ERROR});
}

static RvStatus thread_failed(RvThread *co);

static RvStatus handler_done(RvThread *th) {
  RvFrame fr = *top_frame(th);
  th->err = fr.top > th->call_at ? rv_slot(th, th->call_at) : rv_nil();
  return unwind_to(th, fr.pc);
}

RvStatus rv_call_unwind(RvThread *th) {
  RvMachine *m = th->m;
  th->paid = 0;
  if (m->killed) return RV_KILL;
  for (;;) {
    u32 i = find_catch(th);
    RvFrame *fr = &th->frames[i];
    u8 kind = fr->kind;
    RvStatus st;
    if (i == 0 && th->resumer) return thread_failed(th);
    if (kind <= RV_FRAME_FOREIGN) { /* the C function that entered goes on */
      if (drop_empty_marks(th, fr->nextra)) return RV_ERROR;
      return unwind_to(th, i);
    }
    if (kind == RV_FRAME_XPCALL && running_handlers(th, i) <= MAX_HANDLERS) {
      st = call_handler(th, i);
    } else {
      if (kind == RV_FRAME_XPCALL) th->err = rv_strv(m->msg_errerr);
      st = unwind_to(th, i);
    }
    if (st != RV_ERROR) return st;
    /* Not even that was possible: without handler, from the marker. */
    if (kind == RV_FRAME_XPCALL) {
      th->err = rv_strv(m->msg_errerr);
      if ((st = unwind_to(th, i)) != RV_ERROR) return st;
    }
    th->fi = i - 1;
  }
}

/* -- Coroutines ------------------------------------------------------------------------------------------ */

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
  RvFrame *fr = top_frame(th);
  RV_ASSERT(fr->kind == RV_FRAME_RESUME, "frame kind %d", fr->kind);
  u32 give = fr->want < 0 ? n : (u32)less_one(fr->want);
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
  fr = top_frame(th);
  if (fr->want != 0) rv_slot_set(th, fr->ret, rv_bool(ok));
  memcpy(th->pay + fr->ret + 1, co->pay + from, give * sizeof *th->pay);
  memcpy(th->tag + fr->ret + 1, co->tag + from, give);
  return finish_marker(th, fr->want == 0 ? 0 : give + 1);
}

static RvStatus thread_finished(RvThread *co) {
  RvFrame *fr = top_frame(co);
  u32 from = co->call_at, n = fr->top > from ? fr->top - from : 0;
  RvStatus st = transfer_out(co, from, n, true);
  co->status = RV_TH_DEAD;
  co->fi = 0;
  co->frames[0].top = 0;
  return st;
}

static RvStatus thread_failed(RvThread *co) {
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
  RvFrame *fr = top_frame(th);
  RvStatus st = rv_stack_ensure(th, at + 3);
  if (st) return st;
  if (want != 0) rv_slot_set(th, at, rv_bool(false));
  if (want < 0 || want > 1) rv_slot_set(th, at + 1, rv_strv(s));
  for (int i = 2; i < want; i++) rv_slot_set(th, at + (u32)i, rv_nil());
  fr = top_frame(th);
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
  RvFrame *fr = top_frame(co);
  if (co->yield_want < 0) fr->top = to + n;
  else
    for (u32 i = n; i < (u32)co->yield_want; i++)
      rv_slot_set(co, to + i, rv_nil());
  return RV_OK;
}

RvStatus rv_call_resume(RvThread *th, u32 at, u32 nargs, int want) {
  RvMachine *m = th->m;
  RvValue v = rv_slot(th, at);
  if (v.t != RV_THREAD) return rv_err_op(th, "resume", v, (int)at);
  RvThread *co = RV_AS(RvThread, v);
  const char *why = why_not_resume(th, co);
  if (why) return resume_refused(th, at, want, why);
  RvStatus st = push_marker(th, (RvFrame){.kind = RV_FRAME_RESUME,
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
  if (th->nforeign)
    return rv_err(th, "attempt to yield across a C-call boundary");
  if (is_finalizing(th)) return rv_err(th, "attempt to yield from a finalizer");
  th->yield_at = at;
  th->yield_want = (i16)want;
  th->status = RV_TH_SUSPENDED;
  RvStatus st = transfer_out(th, at, n, true);
  top_frame(th)->top = 0;
  return st;
}

RvStatus rv_call_coclose(RvThread *th, u32 at, int want) {
  RvValue v = rv_slot(th, at);
  if (v.t != RV_THREAD) return rv_err_op(th, "close", v, (int)at);
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
  return push_marker(th, (RvFrame){.kind = RV_FRAME_CLOSE,
                                   .then = RV_THEN_MARKER,
                                   .base = top,
                                   .top = top + 2,
                                   .ret = at,
                                   .want = (i16)want,
                                   .pc = th->ntbc,
                                   .nextra = RV_CLOSE_THREAD});
}

/* -- Markers: their callee has returned ------------------------------------------------------------------------ */

static RvStatus final_done(RvThread *th) {
  RvMachine *m = th->m;
  m->in_final = false;
  th->fi--;
  if (is_bytecode(top_frame(th))) top_frame(th)->pc--; /* do it again */
  if (m->ntofin) rv_request_safepoint(m);
  return RV_OK;
}

RvStatus rv_marker_step(RvThread *th) {
  RvFrame *fr = top_frame(th);
  switch (fr->kind) {
  case RV_FRAME_BOTTOM:
    RV_ASSERT(th->resumer, "the main thread ends in its entry");
    return thread_finished(th);
  case RV_FRAME_PCALL:
  case RV_FRAME_XPCALL: return pcall_done(th);
  case RV_FRAME_HANDLER: return handler_done(th);
  case RV_FRAME_CLOSE: return close_step(th);
  case RV_FRAME_CONCAT: return rv_meta_concat_step(th);
  case RV_FRAME_FINAL: return final_done(th);
  default: RV_UNREACHABLE();
  }
  return RV_ERROR;
}

/* -- Safepoints ---------------------------------------------------------------------------------------------------- */

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
  RvStatus st = push_marker(th, (RvFrame){.kind = RV_FRAME_FINAL,
                                          .then = RV_THEN_MARKER,
                                          .base = at,
                                          .top = at,
                                          .nextra = th->ntbc});
  if (st) return st;
  u32 i = th->fi;
  RvValue args[2] = {f, v};
  owe_call(th, f);
  st = call_above(th, args, 2, at, 0, RV_THEN_MARKER);
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

/* -- Entering from C ---------------------------------------------------------------------------------------------------- */

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
  if (is_bytecode(top_frame(th))) top_frame(th)->pc--; /* do it again */
  return run_ended(m, rv_interp_run(m, m->main, 0), nres);
}

RvStatus rv_call_foreign(RvThread *th, u32 at, u32 nargs, int want) {
  RvMachine *m = th->m;
  RvStatus st = push_marker(th, (RvFrame){.kind = RV_FRAME_FOREIGN,
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

/* -- Argument checks of natives ------------------------------------------------------------------------------------------- */

static const char *native_name(const RvNativeCtx *c) {
  const RvFrame *fr = top_frame(c->th);
  return ((RvNative *)fr->fn)->def->name;
}

RvStatus rv_native_badarg(RvNativeCtx *c, u32 i, const char *expected) {
  const char *got =
      i < c->nargs ? rv_err_typename(c->m, rv_arg(c, i)) : "no value";
  return rv_err(c->th, "bad argument #%u to '%s' (%s expected, got %s)", i + 1,
                native_name(c), expected, got);
}

RvStatus rv_arg_int(RvNativeCtx *c, u32 i, i64 *out) {
  RvValue v = rv_arg(c, i);
  if (rv_to_int(v, out)) return RV_OK;
  if (v.t == RV_FLT)
    return rv_err(c->th,
                  "bad argument #%u to '%s' (number has no integer "
                  "representation)",
                  i + 1, native_name(c));
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
