/* SPDX-License-Identifier: MIT */
/* Frames, calls and returns, natives, coroutines, errors on their way. */
#ifndef RV_VM_CALL_H
#define RV_VM_CALL_H

#include <string.h>

#include "vm/err.h"
#include "vm/heap.h"

/* -- Natives -----------------------------------------------------------------
   A native gets its context, leaves results in stack slots and says so. It may
   stop and be entered again: all it wants to keep is in slots of its frame
   (slots base .. base+nslots-1, all defined) and in `state`. It never calls the
   guest through C. Return values:

     RV_OK     results are the c->nres slots from c->res on
     RV_CALL   call the function at slot c->call with the c->ncall arguments
               behind it; all results arrive from slot c->call on, c->nres of
               them, and the native is entered again with its new c->state
     RV_PCALL  as RV_CALL, but protected: status and results, or status and
               error, are the native's results. Its def says RV_NATIVE_CATCH, and
               RV_NATIVE_HANDLER when the slot before c->call has a handler
     RV_RESUME resumes the coroutine at slot c->call with the values behind it:
               status and values are the native's results
     RV_YIELD  yields the c->ncall values from slot c->call on; what resumes the
               coroutine gives the native's results
     RV_COCLOSE  closes the coroutine at slot c->call; as for RV_CALL, the results
               being true, or false and an error
     RV_ERROR  th->err is raised
     RV_STOP   out of fuel or interrupted: entered again with the same state
     RV_AGAIN  a frame was pushed above (rv_call_finalizer): entered again, with
               its new state, when that has returned
     RV_KILL   passed on                                                       */
struct RvNativeCtx {
  RvThread *th;
  RvMachine *m;
  u32 base;  /* slot of the first argument */
  u32 nargs; /* arguments; on re-entry still the original number */
  u32 state; /* 0 at first entry, then what the native stored */
  u32 res, nres;
  u32 call, ncall;
};

RV_INLINE RvValue rv_slot(const RvThread *th, u32 i) {
  return rv_value(th->pay[i], th->tag[i]);
}
RV_INLINE void rv_slot_set(RvThread *th, u32 i, RvValue v) {
  th->pay[i] = v.p;
  th->tag[i] = (u8)v.t;
}
/* Fewer slots than these are copied one by one. */
#define RV_FEW 8u
RV_INLINE void rv_few_copy(u64 *p, u8 *t, const u64 *q, const u8 *u, u32 n) {
  for (u32 i = 0; i < n; i++) {
    p[i] = q[i];
    t[i] = u[i];
  }
}
/* Copies n slots to the same or a lower place, or to another thread. */
RV_INLINE void rv_slots_copy(RvThread *to, u32 at, const RvThread *of, u32 from,
                             u32 n) {
  if (RV_LIKELY(n < RV_FEW)) {
    rv_few_copy(to->pay + at, to->tag + at, of->pay + from, of->tag + from, n);
  } else {
    memmove(to->pay + at, of->pay + from, n * sizeof *to->pay);
    memmove(to->tag + at, of->tag + from, n);
  }
}
/* Argument i (from 0) or nil. */
RV_INLINE RvValue rv_arg(const RvNativeCtx *c, u32 i) {
  return i < c->nargs ? rv_slot(c->th, c->base + i) : rv_nil();
}
/* Makes slots base .. base+n-1 exist and be defined (nil where new): the frame
   may move, slots are named by index. RV_ERROR: stack overflow or memory. */
RvStatus rv_native_slots(RvNativeCtx *c, u32 n);
/* One result. */
RvStatus rv_native_ret(RvNativeCtx *c, RvValue v);
/* "bad argument #1 to 'name' (string expected, got nil)". */
RvStatus rv_native_badarg(RvNativeCtx *c, u32 i, const char *expected);
/* Argument checks: RV_OK and *out, or the error raised. Integers accept floats
   with an integer value and strings that spell one. */
RvStatus rv_arg_int(RvNativeCtx *c, u32 i, i64 *out);
RvStatus rv_arg_str(RvNativeCtx *c, u32 i, RvString **out);
RvStatus rv_arg_table(RvNativeCtx *c, u32 i, RvTable **out);

/* -- Stacks -------------------------------------------------------------------- */
RvThread *rv_thread_new(RvMachine *m);
/* Slots up to (not including) `end` exist afterwards. Moves the stack. */
RvStatus rv_stack_ensure(RvThread *th, u32 end);
/* One more frame fits afterwards. Moves the frames. */
RvStatus rv_frame_ensure(RvThread *th);

/* -- Entering the machine from C -------------------------------------------------- */
typedef enum RvRunResult {
  RV_RUN_DONE,        /* the bottom function returned; results in place */
  RV_RUN_ERROR,       /* th->err is the error */
  RV_RUN_YIELDED,     /* the main function yielded to the host */
  RV_RUN_FUEL,        /* out of fuel: refuel and resume */
  RV_RUN_INTERRUPTED, /* on request: may be resumed */
  RV_RUN_TIMEOUT,
  RV_RUN_KILLED       /* only rv_machine_free is left */
} RvRunResult;

/* Calls the function at slot `at` of the main thread, arguments behind it, and
   runs until it ends or stops. After RV_RUN_DONE *nres results lie from `at`
   on. The machine must be idle. */
RvRunResult rv_run_start(RvMachine *m, u32 at, u32 nargs, u32 *nres);
/* Goes on after RV_RUN_FUEL, RV_RUN_INTERRUPTED or RV_RUN_TIMEOUT. */
RvRunResult rv_run_resume(RvMachine *m, u32 *nres);
/* A foreign C function calls back: runs the function at slot `at` of th on the
   C stack, `want` results arriving from `at` on. th->nforeign must have been
   raised by the caller around the foreign call. RV_STOP never comes out: the
   host is asked for fuel, and refusal is RV_KILL. */
RvStatus rv_call_foreign(RvThread *th, u32 at, u32 nargs, int want);

/* First free slot above everything the running frame uses. */
u32 rv_frame_top(RvThread *th);

/* -- For the loop (interp.c) --------------------------------------------------------
   After each of these the loop reloads its registers from m->th's top frame. */
/* A call instruction: calls the value at slot `at` with nargs arguments, among
   them all open results; results to `at`. */
RvStatus rv_call_insn(RvThread *th, u32 at, u32 nargs, int want);
/* Calls the value at slot `at` with nargs arguments; results to `at`. */
RvStatus rv_call_value(RvThread *th, u32 at, u32 nargs, int want, u8 kind,
                       u8 then);
RvStatus rv_call_tail(RvThread *th, u32 at, u32 nargs);
/* The top frame returns the n values from slot `from` on. */
RvStatus rv_call_return(RvThread *th, u32 from, u32 n);
/* Calls an event function with two or three arguments above the frame. */
RvStatus rv_call_event(RvThread *th, RvValue f, RvValue a, RvValue b, u32 ret,
                       int want, u8 then);
RvStatus rv_call_event3(RvThread *th, RvValue f, RvValue a, RvValue b, RvValue c);
/* An error is on its way: finds its handler. RV_OK: the loop goes on there.
   Otherwise nothing catches it and the run ends. */
RvStatus rv_call_unwind(RvThread *th);
/* Enters the native of the top frame; the callee of the marker on top has
   returned, or the marker has just been pushed. */
RvStatus rv_native_step(RvThread *th);
/* For a native: RV_AGAIN when the frame of a due finalizer was pushed, RV_OK when
   none is due (or one is running). */
RvStatus rv_call_finalizer(RvThread *th);
RvStatus rv_marker_step(RvThread *th);
RvStatus rv_call_pcall(RvThread *th, u32 at, u32 nargs, int want, bool handler);
RvStatus rv_call_tbc(RvThread *th, RvValue v);
/* Closes the marks of the running frame until `keep` of `open` are left. */
RvStatus rv_call_close(RvThread *th, u32 keep, u32 open);
/* Closes all marks of the frame, then returns n values from slot `from`. */
RvStatus rv_call_close_return(RvThread *th, u32 from, u32 n);
RvStatus rv_call_resume(RvThread *th, u32 at, u32 nargs, int want);
RvStatus rv_call_yield(RvThread *th, u32 at, u32 n, int want);
RvStatus rv_call_coclose(RvThread *th, u32 at, int want);
/* Why th cannot resume co; NULL: it can. */
const char *rv_thread_refuses_slow(const RvThread *th, const RvThread *co);
RV_INLINE const char *rv_thread_refuses(const RvThread *th,
                                        const RvThread *co) {
  if (RV_LIKELY(co->status == RV_TH_SUSPENDED &&
                th->m->resume_depth < th->m->max_resume_depth))
    return NULL;
  return rv_thread_refuses_slow(th, co);
}
int rv_thread_state(const RvMachine *m, const RvThread *th);
bool rv_thread_yieldable(const RvThread *th);
/* Fuel is used up, or something waits: grants the next slice, runs due
   finalizers, obeys requests. RV_OK: go on (the top frame may be new). */
RvStatus rv_safepoint(RvThread *th, u32 cost);
/* The fuel part of it: ends the slice, obeys requests, grants at least `cost`
   units. RV_STOP: m->stop_reason says why (an RvRunResult). */
RvStatus rv_slice_next(RvThread *th, u64 cost);

/* Facts of the instruction table that finishing an event needs. */
u32 rv_op_words(u8 op);
/* A branch that is taken when the comparison is false. */
bool rv_op_is_negated(u8 op);
/* Counts a call; the second one earns the function its feedback vector. */
void rv_proto_warm_slow(RvMachine *m, RvProto *p);
RV_INLINE void rv_proto_warm(RvMachine *m, RvProto *p) {
  if (RV_UNLIKELY(p->hot < 2)) rv_proto_warm_slow(m, p);
}

/* Closures, protos. */
RvProto *rv_proto_new(RvMachine *m, RvImageUse *use, u32 func);
/* Function `child` of p's list, made on first use. */
RvProto *rv_proto_child(RvMachine *m, RvProto *p, u32 child);
/* The closure's upvalues are to be filled in before the next allocation. */
RvClosure *rv_closure_new(RvMachine *m, RvProto *p);
RvCell *rv_cell_new(RvMachine *m, RvValue v);
RvNative *rv_native_new(RvMachine *m, const RvNativeDef *def);
/* A builtin with n values of its own, at most 255; the caller keeps them
   alive. */
RvNative *rv_native_bound(RvMachine *m, const RvNativeDef *def,
                          const RvValue *own, u32 n);
/* The machine's one function value for a builtin. */
RvNative *rv_native_of(RvMachine *m, const RvNativeDef *def);
/* Enters a proto into the machine's table; false without memory. */
bool rv_proto_list(RvMachine *m, RvProto *p);
/* Collector: forgets the protos that marking did not reach. */
void rv_protos_sweep(RvMachine *m);
/* Loads a verified image: the closure of module `module` (NULL: the entry) with
   the globals table as its upvalue. NULL: error raised in m->th. */
RvClosure *rv_load_image(RvMachine *m, RvImage *img, const char *module);
/* The same with another value in the place of the globals table. */
RvClosure *rv_load_image_env(RvMachine *m, RvImage *img, const char *module,
                             RvValue env);

#endif
