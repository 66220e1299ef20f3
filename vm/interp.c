/* SPDX-License-Identifier: MIT */
/* The interpreter: one function, computed goto, one handler per instruction.

   Rules for editing the loop
   1. pc, base, tb, k, fb, fr, disp and m are locals whose address is never
      taken, so that they stay in machine registers.
   2. A fast path makes no call. Slow halves are functions elsewhere that take
      slots by number and return RvStatus; they are called through SLOW, which
      saves pc before and reloads what may have moved after.
   3. pc points behind the first word of the running instruction. The saved pc
      (fr->pc) does too, so the instruction of any frame is at pc - 1; one that
      must be executed again has its pc set back by whoever resumes it.
   4. Whatever can allocate needs the saved pc: the collector finds the live
      registers by it. Nothing else holds guest values (I2).
   5. After SLOW the top frame may be another one (an event function): then
      the loop reloads everything, and the event's return finishes the
      instruction (rv_call_return).
   6. Fuel is paid before anything is changed, so an instruction that must stop
      is simply executed again.
   7. The verifier has proved all operands (verify.c says what); no handler
      checks them. */
#include "vm/interp.h"

#include <math.h>

#include "opcodes.h"
#include "vm/feedback.h"
#include "vm/num.h"
#include "vm/ops.h"
#include "vm/table.h"

/* -- The loop ------------------------------------------------------------------------- */

#define A RV_INSN_A(ins)
#define B RV_INSN_B(ins)
#define C RV_INSN_C(ins)
#define D RV_INSN_D(ins)
#define S RV_INSN_S(ins)
#define J RV_INSN_J(ins)
#define SC ((i8)RV_INSN_C(ins))

#define R(i) rv_value(base[i], tb[i])
#define K(i) rv_value(k[-1 - (i64)(i)], ((u8 *)k)[i])
#define KP(i) k[-1 - (i64)(i)]
#define KT(i) ((u8 *)k)[i]
#define SLOT(i) (fr->base + (u32)(i))
#define SET(i, p, t) (base[i] = (u64)(p), tb[i] = (u8)(t))
#define SET_FLT(i, d) (base[i] = rv_d2u(d), tb[i] = RV_FLT)
#define SET_BOOL(i, b) (base[i] = 0, tb[i] = (b) ? RV_TRUE : RV_FALSE)
#define FLT(i) (tb[i] == RV_FLT ? rv_u2d(base[i]) : (double)(i64)base[i])
#define KFLT(i) (KT(i) == RV_FLT ? rv_u2d(KP(i)) : (double)(i64)KP(i))

#define PROTO (((RvClosure *)fr->fn)->proto)
#define SAVE() (fr->pc = (u32)(pc - PROTO->code))
#define NEXT                                                                   \
  do {                                                                         \
    ins = *pc++;                                                               \
    goto *disp[RV_INSN_OP(ins)];                                               \
  } while (0)
#define OP(name) op_##name:

/* A slow half that may fail, collect, move the stack or push a frame. */
#define SLOW(call)                                                             \
  do {                                                                         \
    SAVE();                                                                    \
    RvThread *th = m->th;                                                      \
    u32 fi_ = th->fi;                                                          \
    st = (call);                                                               \
    if (RV_UNLIKELY(st != RV_OK)) goto failed;                                 \
    if (th->fi != fi_) goto reload;                                            \
    fr = &th->frames[fi_];                                                     \
    base = th->pay + fr->base;                                                 \
    tb = th->tag + fr->base;                                                   \
    fb = PROTO->fb; /* a host short of memory takes the caches back */         \
  } while (0)
/* The same when the frame certainly changes. */
#define SWITCH(call)                                                           \
  do {                                                                         \
    SAVE();                                                                    \
    RvThread *th = m->th;                                                      \
    st = (call);                                                               \
    if (RV_UNLIKELY(st != RV_OK)) goto failed;                                 \
    goto reload;                                                               \
  } while (0)
/* A back-edge costs 1 + (distance - 1) / 256, which is the jump's upper half,
   negated; w is the word that holds the jump. */
#define FUEL_BACK(w)                                                           \
  do {                                                                         \
    i32 cost_ = (i32)(w) >> 16;                                                \
    if (RV_UNLIKELY((m->fuel += cost_) < 0)) {                                 \
      cost = (u32)-cost_;                                                      \
      goto out_of_fuel;                                                        \
    }                                                                          \
  } while (0)
#define FUEL(n)                                                                \
  do {                                                                         \
    i32 cost_ = (i32)(n);                                                      \
    if (RV_UNLIKELY((m->fuel -= cost_) < 0)) {                                 \
      cost = (u32)cost_;                                                       \
      goto out_of_fuel;                                                        \
    }                                                                          \
  } while (0)
#define BRANCH(taken)                                                          \
  do {                                                                         \
    if (taken)                                                                 \
      pc += 1 + RV_INSN_J(*pc);                                                \
    else                                                                       \
      pc += 1;                                                                 \
  } while (0)

/* Arithmetic of two registers, register and constant, constant and register. */
#define ARITH(x, y, xt, yt, xf, yf, ev, iop, fop, xv, yv)                      \
  do {                                                                         \
    u32 t_ = (u32)(xt) | (yt);                                                 \
    if (RV_LIKELY(t_ == RV_INT)) {                                             \
      u64 r_ = (u64)(iop((i64)(x), (i64)(y)));                                 \
      SET(A, r_, RV_INT);                                                      \
      NEXT;                                                                    \
    }                                                                          \
    if (RV_LIKELY(t_ == RV_FLT)) {                                             \
      double r_ = fop(xf, yf);                                                 \
      SET_FLT(A, r_);                                                          \
      NEXT;                                                                    \
    }                                                                          \
    SLOW(rv_meta_arith(th, ev, xv, yv, SLOT(A)));                              \
    NEXT;                                                                      \
  } while (0)
#define ARITH_RR(ev, iop, fop)                                                 \
  ARITH(base[B], base[C], tb[B], tb[C], FLT(B), FLT(C), ev, iop, fop, R(B),    \
        R(C))
#define ARITH_RK(ev, iop, fop)                                                 \
  ARITH(base[B], KP(C), tb[B], KT(C), FLT(B), KFLT(C), ev, iop, fop, R(B),     \
        K(C))
#define ARITH_KR(ev, iop, fop)                                                 \
  ARITH(KP(B), base[C], KT(B), tb[C], KFLT(B), FLT(C), ev, iop, fop, K(B),     \
        R(C))
#define ARITH_RI(ev, iop, fop)                                                 \
  ARITH(base[B], SC, tb[B], RV_INT, FLT(B), (double)SC, ev, iop, fop, R(B),    \
        rv_int(SC))
#define FADD(a, b) ((a) + (b))
#define FSUB(a, b) ((a) - (b))
#define FMUL(a, b) ((a) * (b))
#define FDIV(a, b) ((a) / (b))
/* Division and power always give floats. */
#define FLOAT_OP(xt, yt, xf, yf, ev, fop, xv, yv)                              \
  do {                                                                         \
    if (RV_LIKELY(((u32)(xt) | (yt)) <= RV_FLT)) {                             \
      double r_ = fop(xf, yf);                                                 \
      SET_FLT(A, r_);                                                          \
      NEXT;                                                                    \
    }                                                                          \
    SLOW(rv_meta_arith(th, ev, xv, yv, SLOT(A)));                              \
    NEXT;                                                                      \
  } while (0)
/* Modulo and floored division: zero divisors go the slow way. */
#define DIV_OP(y, xt, yt, x, ev, iop, xv, yv)                                  \
  do {                                                                         \
    if (RV_LIKELY(((u32)(xt) | (yt)) == RV_INT && (y) != 0)) {                 \
      i64 r_ = iop((i64)(x), (i64)(y));                                        \
      SET(A, r_, RV_INT);                                                      \
      NEXT;                                                                    \
    }                                                                          \
    SLOW(rv_meta_arith(th, ev, xv, yv, SLOT(A)));                              \
    NEXT;                                                                      \
  } while (0)
#define BIT_OP(x, y, xt, yt, ev, iop, xv, yv)                                  \
  do {                                                                         \
    if (RV_LIKELY(((u32)(xt) | (yt)) == RV_INT)) {                             \
      i64 r_ = iop((i64)(x), (i64)(y));                                        \
      SET(A, r_, RV_INT);                                                      \
      NEXT;                                                                    \
    }                                                                          \
    SLOW(rv_meta_arith(th, ev, xv, yv, SLOT(A)));                              \
    NEXT;                                                                      \
  } while (0)
#define BAND(a, b) ((a) & (b))
#define BOR(a, b) ((a) | (b))
#define BXOR(a, b) ((a) ^ (b))

/* Ordered comparison with branch; `neg` inverts, NaN and all. */
#define COMPARE(xt, yt, x, y, xf, yf, cop, cmp, xv, yv, neg)                   \
  do {                                                                         \
    u32 t_ = (u32)(xt) | (yt);                                                 \
    bool r_;                                                                   \
    if (RV_LIKELY(t_ == RV_INT)) {                                             \
      r_ = (i64)(x)cop(i64)(y);                                                \
    } else if (RV_LIKELY((xt) == RV_FLT && (yt) == RV_FLT)) {                  \
      r_ = rv_u2d(x) cop rv_u2d(y);                                            \
    } else {                                                                   \
      SLOW(rv_meta_compare(th, cmp, xv, yv, RV_THEN_TEST, 0, &truth));         \
      r_ = truth;                                                              \
    }                                                                          \
    BRANCH(r_ != (neg));                                                       \
    NEXT;                                                                      \
  } while (0)
/* Comparison of register A with immediate S. `swap`: the immediate is left. */
#define COMPARE_I(cop, cmp, swap, neg)                                         \
  do {                                                                         \
    bool r_;                                                                   \
    if (RV_LIKELY(tb[A] == RV_INT)) {                                          \
      r_ = (swap) ? (i64)S cop(i64) base[A] : (i64)base[A] cop(i64) S;         \
    } else if (RV_LIKELY(tb[A] == RV_FLT)) {                                   \
      r_ = (swap) ? (double)S cop rv_u2d(base[A])                              \
                  : rv_u2d(base[A]) cop(double) S;                             \
    } else {                                                                   \
      SLOW(rv_meta_compare(th, cmp, (swap) ? rv_int(S) : R(A),                 \
                           (swap) ? R(A) : rv_int(S), RV_THEN_TEST, 0,         \
                           &truth));                                           \
      r_ = truth;                                                              \
    }                                                                          \
    BRANCH(r_ != (neg));                                                       \
    NEXT;                                                                      \
  } while (0)

/* A field through its cache. The cache's shape says where: in the object itself
   or, for a method, in the holder. */
#define GET_FIELD(ot, op_, cslot, ov)                                           \
  do {                                                                         \
    if (RV_LIKELY((ot) == RV_TABLE)) {                                         \
      RvTable *t_ = (RvTable *)(uintptr_t)(op_);                               \
      RvCache *c_ = &fb[cslot];                                                \
      if (RV_LIKELY(t_->h.shape == c_->shape)) {                               \
        u64 *q_ = (c_->kind == RV_CACHE_OWN ? t_ : c_->u.holder)->props;       \
        u32 s_ = c_->slot;                                                     \
        u8 g_ = ((u8 *)q_)[s_];                                                \
        if (RV_LIKELY(g_ != RV_NIL)) {                                         \
          u64 p_ = q_[-1 - (i64)s_];                                           \
          SET(A, p_, g_);                                                      \
          NEXT;                                                                \
        }                                                                      \
      }                                                                        \
    }                                                                          \
    SLOW(rv_meta_getfield(th, PROTO, cslot, ov, SLOT(A)));                      \
    NEXT;                                                                      \
  } while (0)
#define SET_FIELD(ot, op_, cslot, ov)                                           \
  do {                                                                         \
    if (RV_LIKELY((ot) == RV_TABLE && tb[B] != RV_NIL)) {                      \
      RvTable *t_ = (RvTable *)(uintptr_t)(op_);                               \
      RvCache *c_ = &fb[cslot];                                                \
      if (RV_LIKELY(t_->h.shape == c_->shape)) {                               \
        u64 *q_ = t_->props;                                                   \
        u32 s_ = c_->slot;                                                     \
        if (c_->kind == RV_CACHE_OWN) {                                        \
          if (RV_LIKELY(((u8 *)q_)[s_] != RV_NIL)) {                           \
            q_[-1 - (i64)s_] = base[B];                                        \
            ((u8 *)q_)[s_] = tb[B];                                            \
            rv_barrier(m, t_, tb[B]);                                          \
            NEXT;                                                              \
          }                                                                    \
        } else if (s_ < t_->h.aux && !(t_->h.gc & RV_GC_BLACK) &&              \
                   m->gc_left >= (i64)RV_LSIZE_ENTRY) {                        \
          m->gc_left -= (i64)RV_LSIZE_ENTRY;                                   \
          q_[-1 - (i64)s_] = base[B];                                          \
          ((u8 *)q_)[s_] = tb[B];                                              \
          t_->h.shape = c_->u.next_shape;                                      \
          NEXT;                                                                \
        }                                                                      \
      }                                                                        \
    }                                                                          \
    SLOW(rv_meta_setfield(th, PROTO, cslot, ov, R(B)));                         \
    NEXT;                                                                      \
  } while (0)

#define UP(i) (((RvClosure *)fr->fn)->up[i])
#define CACHE_SLOT_X() RV_INSN_E(*pc)

/* A call of a closure without further arguments, when there is room for its
   frame: nothing to check, nothing to move. Falls through otherwise. */
#define OPEN_ARGS (fr->top - SLOT(A) - 1)
#define CALL_CLOSURE(nargs, wanted)                                            \
  do {                                                                         \
    u64 a_ = A;                                                                \
    if (RV_LIKELY(tb[a_] == RV_CLOSURE)) {                                     \
      RvClosure *cl_ = (RvClosure *)(uintptr_t)base[a_];                       \
      RvProto *p_ = cl_->proto;                                                \
      RvThread *th_ = m->th;                                                   \
      u32 nb_ = fr->base + (u32)a_ + 1;                                        \
      if (RV_LIKELY(!p_->vararg && p_->hot >= 2 &&                             \
                    th_->fi + 1 < th_->nframes &&                              \
                    nb_ + p_->nregs < th_->nslots && RV_CALL_INLINE)) {        \
        FUEL(p_->callcost);                                                    \
        SAVE();                                                                \
        i32 want_ = (wanted);                                                  \
        for (u32 i_ = (nargs); i_ < p_->nparams; i_++)                         \
          SET(a_ + 1 + i_, 0, RV_NIL);                                         \
        fr->top = 0;                                                           \
        fr++;                                                                  \
        th_->fi++;                                                             \
        fr->fn = cl_;                                                          \
        fr->pc = 0;                                                            \
        fr->base = nb_;                                                        \
        fr->ret = nb_ - 1;                                                     \
        fr->top = 0;                                                           \
        fr->nextra = 0;                                                        \
        fr->want = (i16)want_;                                                 \
        fr->kind = RV_FRAME_CALL;                                              \
        fr->then = RV_THEN_STORE;                                              \
        base += a_ + 1;                                                        \
        tb += a_ + 1;                                                          \
        k = p_->k;                                                             \
        fb = p_->fb;                                                           \
        pc = p_->code;                                                         \
        NEXT;                                                                  \
      }                                                                        \
    }                                                                          \
  } while (0)
/* A tail call from and to functions of the program: the frame stays, another
   function runs in it. */
#define TAILCALL_CLOSURE(nargs)                                                \
  do {                                                                         \
    u64 a_ = A;                                                                \
    if (RV_LIKELY(tb[a_] == RV_CLOSURE)) {                                     \
      RvClosure *cl_ = (RvClosure *)(uintptr_t)base[a_];                       \
      RvProto *p_ = cl_->proto;                                                \
      RvThread *th_ = m->th;                                                   \
      if (RV_LIKELY(!p_->vararg && p_->hot >= 2 && !p_->native &&              \
                    !PROTO->native && fr->nextra == 0 &&                       \
                    fr->base + p_->nregs < th_->nslots && RV_CALL_INLINE)) {   \
        FUEL(p_->callcost);                                                    \
        u64 n_ = (nargs), np_ = p_->nparams;                                   \
        base[-1] = base[a_];                                                   \
        tb[-1] = RV_CLOSURE;                                                   \
        if (n_ > np_) n_ = np_;                                                \
        for (u64 i_ = 0; i_ < n_; i_++)                                        \
          SET(i_, base[a_ + 1 + i_], tb[a_ + 1 + i_]);                         \
        for (u64 i_ = n_; i_ < np_; i_++) SET(i_, 0, RV_NIL);                  \
        fr->fn = cl_;                                                          \
        fr->pc = 0;                                                            \
        fr->top = 0;                                                           \
        fr->then |= RV_FRAME_TAILED;                                           \
        k = p_->k;                                                             \
        fb = p_->fb;                                                           \
        pc = p_->code;                                                         \
        NEXT;                                                                  \
      }                                                                        \
    }                                                                          \
  } while (0)

/* The frame is the caller's again. */
#define BACK_TO_CALLER()                                                       \
  do {                                                                         \
    RvProto *p_back = PROTO;                                                   \
    base = th->pay + fr->base;                                                 \
    tb = th->tag + fr->base;                                                   \
    k = p_back->k;                                                             \
    fb = p_back->fb;                                                           \
    pc = p_back->code + fr->pc;                                                \
  } while (0)

/* Stress builds take the slow way, where every call moves the stack. */
#ifdef RV_STRESS
#define RV_CALL_INLINE 0
#else
#define RV_CALL_INLINE 1
#endif

/* With `table` only tells the handler table: labels exist in here alone. */
static RvStatus rv_interp_loop(RvMachine *m, RvThread *bottom, u32 floor,
                               const void *const **table, bool hooked)
    __attribute__((noinline, noclone));

const void *const *rv_interp_dispatch(void) {
  const void *const *table = NULL;
  rv_interp_loop(NULL, NULL, 0, &table, false);
  return table;
}

const void *const *rv_interp_dispatch_hooked(void) {
  const void *const *table = NULL;
  rv_interp_loop(NULL, NULL, 0, &table, true);
  return table;
}

RvStatus rv_interp_run(RvMachine *m, RvThread *bottom, u32 floor) {
  return rv_interp_loop(m, bottom, floor, NULL, false);
}

static RvStatus rv_interp_loop(RvMachine *m, RvThread *bottom, u32 floor,
                               const void *const **table, bool hooked) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
  static const void *const handlers[256] = {
      [0 ... 255] = &&op_none,
#define RV_X(name, NAME, number, fmt, words) [number] = &&op_##name,
      RV_OPCODES(RV_X)
#undef RV_X
  };
#pragma GCC diagnostic pop
  static const void *const hooks[256] = {[0 ... 255] = &&op_hook};
  if (table) {
    *table = hooked ? hooks : handlers;
    return RV_OK;
  }

  const RvInsn *pc;
  RvInsn ins;
  u64 *base;
  u8 *tb;
  u64 *k;
  RvCache *fb;
  RvFrame *fr;
  const void *const *disp = m->dispatch;
  RvStatus st;
  u32 cost;
  bool truth = false;

reload: {
  RvThread *th = m->th;
  disp = m->dispatch;
  fr = &th->frames[th->fi];
  if (RV_UNLIKELY(fr->kind > RV_FRAME_EVENT)) {
    if (fr->kind == RV_FRAME_NATIVE) {
      st = rv_native_step(th);
    } else {
      if (fr->kind <= RV_FRAME_FOREIGN && th == bottom && th->fi == floor)
        return RV_OK;
      st = rv_marker_step(th);
    }
    if (RV_UNLIKELY(st != RV_OK)) goto failed;
    goto reload;
  }
  RvProto *p = PROTO;
  base = th->pay + fr->base;
  tb = th->tag + fr->base;
  k = p->k;
  fb = p->fb;
  pc = p->code + fr->pc;
  NEXT;
}

failed:
  if (st != RV_ERROR) return st;
  st = rv_call_unwind(m->th);
  if (st == RV_OK) goto reload;
  if (st != RV_ERROR) return st;
  return RV_ERROR;

out_of_fuel: {
  m->fuel += (i32)cost;
  pc--;
  fr->pc = (u32)(pc - PROTO->code) + 1;
  RvThread *th = m->th;
  u32 fi = th->fi;
  st = rv_safepoint(th, cost);
  if (st != RV_OK) goto failed;
  if (th->fi == fi) th->frames[fi].pc--;
  goto reload;
}

  OP(none) { RV_UNREACHABLE(); }

  OP(hook) {
    SAVE();
    st = m->hook(m, m->hook_ud, fr->pc - 1, ins);
    if (RV_UNLIKELY(st != RV_OK)) goto failed;
    disp = m->dispatch;
    goto *handlers[RV_INSN_OP(ins)];
  }

  /* -- Moves and constants -- */
  OP(move) {
    SET(A, base[B], tb[B]);
    NEXT;
  }
  OP(loadi) {
    SET(A, (i64)S, RV_INT);
    NEXT;
  }
  OP(loadf) {
    SET_FLT(A, (double)S);
    NEXT;
  }
  OP(loadk) {
    SET(A, KP(D), KT(D));
    NEXT;
  }
  OP(loadkx) {
    u32 i = RV_INSN_E(*pc++);
    SET(A, KP(i), KT(i));
    NEXT;
  }
  OP(loadnil) {
    for (u32 i = A, end = A + B; i < end; i++) SET(i, 0, RV_NIL);
    NEXT;
  }
  OP(loadtrue) {
    SET(A, 0, RV_TRUE);
    NEXT;
  }
  OP(loadfalse) {
    SET(A, 0, RV_FALSE);
    NEXT;
  }

  /* -- Cells, upvalues, closures -- */
  OP(newcell) {
    SLOW(rv_op_new_cell(th, SLOT(A), R(B)));
    NEXT;
  }
  OP(getcell) {
    RvCell *c = (RvCell *)(uintptr_t)base[B];
    SET(A, c->p, c->h.aux);
    NEXT;
  }
  OP(setcell) {
    RvCell *c = (RvCell *)(uintptr_t)base[A];
    c->p = base[B];
    c->h.aux = tb[B];
    rv_barrier(m, c, tb[B]);
    NEXT;
  }
  OP(getup) {
    RvCell *c = UP(B);
    SET(A, c->p, c->h.aux);
    NEXT;
  }
  OP(setup) {
    RvCell *c = UP(A);
    c->p = base[B];
    c->h.aux = tb[B];
    rv_barrier(m, c, tb[B]);
    NEXT;
  }
  OP(closure) {
    SLOW(rv_op_new_closure(th, fr, D, SLOT(A)));
    NEXT;
  }

  /* -- Arithmetic -- */
  OP(add) { ARITH_RR(RV_EV_ADD, rv_num_addi, FADD); }
  OP(sub) { ARITH_RR(RV_EV_SUB, rv_num_subi, FSUB); }
  OP(mul) { ARITH_RR(RV_EV_MUL, rv_num_muli, FMUL); }
  OP(div) {
    FLOAT_OP(tb[B], tb[C], FLT(B), FLT(C), RV_EV_DIV, FDIV, R(B), R(C));
  }
  OP(mod) {
    DIV_OP(base[C], tb[B], tb[C], base[B], RV_EV_MOD, rv_num_modi, R(B), R(C));
  }
  OP(idiv) {
    DIV_OP(base[C], tb[B], tb[C], base[B], RV_EV_IDIV, rv_num_idivi, R(B),
           R(C));
  }
  OP(pow) {
    FLOAT_OP(tb[B], tb[C], FLT(B), FLT(C), RV_EV_POW, rv_num_powf, R(B), R(C));
  }
  OP(band) {
    BIT_OP(base[B], base[C], tb[B], tb[C], RV_EV_BAND, BAND, R(B), R(C));
  }
  OP(bor) {
    BIT_OP(base[B], base[C], tb[B], tb[C], RV_EV_BOR, BOR, R(B), R(C));
  }
  OP(bxor) {
    BIT_OP(base[B], base[C], tb[B], tb[C], RV_EV_BXOR, BXOR, R(B), R(C));
  }
  OP(shl) {
    BIT_OP(base[B], base[C], tb[B], tb[C], RV_EV_SHL, rv_num_shl, R(B), R(C));
  }
  OP(shr) {
    BIT_OP(base[B], base[C], tb[B], tb[C], RV_EV_SHR, rv_num_shr, R(B), R(C));
  }
  OP(addk) { ARITH_RK(RV_EV_ADD, rv_num_addi, FADD); }
  OP(subk) { ARITH_RK(RV_EV_SUB, rv_num_subi, FSUB); }
  OP(mulk) { ARITH_RK(RV_EV_MUL, rv_num_muli, FMUL); }
  OP(divk) {
    FLOAT_OP(tb[B], KT(C), FLT(B), KFLT(C), RV_EV_DIV, FDIV, R(B), K(C));
  }
  OP(modk) {
    DIV_OP(KP(C), tb[B], KT(C), base[B], RV_EV_MOD, rv_num_modi, R(B), K(C));
  }
  OP(idivk) {
    DIV_OP(KP(C), tb[B], KT(C), base[B], RV_EV_IDIV, rv_num_idivi, R(B), K(C));
  }
  OP(powk) {
    FLOAT_OP(tb[B], KT(C), FLT(B), KFLT(C), RV_EV_POW, rv_num_powf, R(B), K(C));
  }
  OP(bandk) {
    BIT_OP(base[B], KP(C), tb[B], KT(C), RV_EV_BAND, BAND, R(B), K(C));
  }
  OP(bork) { BIT_OP(base[B], KP(C), tb[B], KT(C), RV_EV_BOR, BOR, R(B), K(C)); }
  OP(bxork) {
    BIT_OP(base[B], KP(C), tb[B], KT(C), RV_EV_BXOR, BXOR, R(B), K(C));
  }
  OP(kadd) { ARITH_KR(RV_EV_ADD, rv_num_addi, FADD); }
  OP(ksub) { ARITH_KR(RV_EV_SUB, rv_num_subi, FSUB); }
  OP(kmul) { ARITH_KR(RV_EV_MUL, rv_num_muli, FMUL); }
  OP(kdiv) {
    FLOAT_OP(KT(B), tb[C], KFLT(B), FLT(C), RV_EV_DIV, FDIV, K(B), R(C));
  }
  OP(addi) { ARITH_RI(RV_EV_ADD, rv_num_addi, FADD); }
  OP(subi) { ARITH_RI(RV_EV_SUB, rv_num_subi, FSUB); }
  OP(shli) {
    BIT_OP(base[B], SC, tb[B], RV_INT, RV_EV_SHL, rv_num_shl, R(B),
           rv_int(SC));
  }
  OP(shri) {
    BIT_OP(base[B], SC, tb[B], RV_INT, RV_EV_SHR, rv_num_shr, R(B),
           rv_int(SC));
  }
  OP(neg) {
    if (RV_LIKELY(tb[B] == RV_INT)) {
      SET(A, 0 - base[B], RV_INT);
      NEXT;
    }
    if (RV_LIKELY(tb[B] == RV_FLT)) {
      SET_FLT(A, -rv_u2d(base[B]));
      NEXT;
    }
    SLOW(rv_meta_arith(th, RV_EV_UNM, R(B), R(B), SLOT(A)));
    NEXT;
  }
  OP(bnot) {
    if (RV_LIKELY(tb[B] == RV_INT)) {
      SET(A, ~base[B], RV_INT);
      NEXT;
    }
    SLOW(rv_meta_arith(th, RV_EV_BNOT, R(B), R(B), SLOT(A)));
    NEXT;
  }
  OP(not) {
    bool r = RV_IS_FALSY(tb[B]);
    SET_BOOL(A, r);
    NEXT;
  }
  OP(len) {
    if (RV_LIKELY(tb[B] == RV_STR)) {
      SET(A, ((RvString *)(uintptr_t)base[B])->len, RV_INT);
      NEXT;
    }
    SLOW(rv_meta_len(th, R(B), SLOT(A)));
    NEXT;
  }
  OP(concat) {
    SLOW(rv_meta_concat(th, SLOT(B), C, SLOT(A)));
    NEXT;
  }

  /* -- Comparisons to a value -- */
  OP(iseq) {
    SLOW(rv_meta_compare(th, RV_CMP_EQ, R(B), R(C), RV_THEN_BOOL, SLOT(A),
                         &truth));
    SET_BOOL(A, truth);
    NEXT;
  }
  OP(islt) {
    SLOW(rv_meta_compare(th, RV_CMP_LT, R(B), R(C), RV_THEN_BOOL, SLOT(A),
                         &truth));
    SET_BOOL(A, truth);
    NEXT;
  }
  OP(isle) {
    SLOW(rv_meta_compare(th, RV_CMP_LE, R(B), R(C), RV_THEN_BOOL, SLOT(A),
                         &truth));
    SET_BOOL(A, truth);
    NEXT;
  }
/* Equality without events, to bool r_. Long strings, equal or not, go the slow
   way: they are paid for. */
#define IS_SHORT(p)                                                            \
  (((const RvString *)(uintptr_t)(p))->h.flags & RV_STR_INTERNED)
#define RAW_EQUAL(xp, xt, yp, yt, xv, yv)                                      \
  do {                                                                         \
    if ((xt) != (yt) || (xt) == RV_FLT) {                                      \
      r_ = rv_raw_equal(xv, yv);                                               \
    } else if ((xt) != RV_STR || IS_SHORT(xp) || IS_SHORT(yp)) {               \
      r_ = (xp) == (yp);                                                       \
    } else {                                                                   \
      SLOW(rv_meta_raw_equal(th, xv, yv, &truth));                             \
      r_ = truth;                                                              \
    }                                                                          \
  } while (0)
  OP(israweq) {
    bool r_;
    RAW_EQUAL(base[B], tb[B], base[C], tb[C], R(B), R(C));
    SET_BOOL(A, r_);
    NEXT;
  }

  /* -- Jumps -- */
  OP(jmp) {
    pc += J;
    NEXT;
  }
  OP(loop) {
    i64 j = J;
    FUEL_BACK(ins);
    if (RV_UNLIKELY(fb == rv_no_feedback)) {
      rv_feedback_make(m, PROTO);
      fb = PROTO->fb;
    }
    pc += j;
    NEXT;
  }
  OP(jt) {
    BRANCH(!RV_IS_FALSY(tb[A]));
    NEXT;
  }
  OP(jf) {
    BRANCH(RV_IS_FALSY(tb[A]));
    NEXT;
  }
  OP(jnil) {
    BRANCH(tb[A] == RV_NIL);
    NEXT;
  }
  OP(jnnil) {
    BRANCH(tb[A] != RV_NIL);
    NEXT;
  }
  OP(jtset) {
    if (!RV_IS_FALSY(tb[B])) {
      SET(A, base[B], tb[B]);
      pc += 1 + RV_INSN_J(*pc);
    } else {
      pc++;
    }
    NEXT;
  }
  OP(jfset) {
    if (RV_IS_FALSY(tb[B])) {
      SET(A, base[B], tb[B]);
      pc += 1 + RV_INSN_J(*pc);
    } else {
      pc++;
    }
    NEXT;
  }
#define EQUAL(neg)                                                             \
  do {                                                                         \
    bool r_;                                                                   \
    u32 t_ = tb[A];                                                            \
    if (RV_LIKELY(t_ == tb[B] && t_ != RV_FLT && t_ < RV_TAG_GC))              \
      r_ = base[A] == base[B];                                                 \
    else if (RV_LIKELY(t_ == tb[B] && t_ != RV_FLT && base[A] == base[B] &&    \
                       (t_ != RV_STR || IS_SHORT(base[A]))))                   \
      r_ = true;                                                               \
    else {                                                                     \
      SLOW(rv_meta_compare(th, RV_CMP_EQ, R(A), R(B), RV_THEN_TEST, 0,         \
                           &truth));                                           \
      r_ = truth;                                                              \
    }                                                                          \
    BRANCH(r_ != (neg));                                                       \
    NEXT;                                                                      \
  } while (0)
  OP(jeq) { EQUAL(false); }
  OP(jne) { EQUAL(true); }
#define ORDER(cop, cmp, neg)                                                   \
  COMPARE(tb[A], tb[B], base[A], base[B], FLT(A), FLT(B), cop, cmp, R(A),      \
          R(B), neg)
  OP(jlt) { ORDER(<, RV_CMP_LT, false); }
  OP(jnlt) { ORDER(<, RV_CMP_LT, true); }
  OP(jle) { ORDER(<=, RV_CMP_LE, false); }
  OP(jnle) { ORDER(<=, RV_CMP_LE, true); }
  OP(jeqk) {
    bool r_;
    RAW_EQUAL(base[A], tb[A], KP(D), KT(D), R(A), K(D));
    BRANCH(r_);
    NEXT;
  }
  OP(jnek) {
    bool r_;
    RAW_EQUAL(base[A], tb[A], KP(D), KT(D), R(A), K(D));
    BRANCH(!r_);
    NEXT;
  }
#define EQUAL_I                                                                \
  (tb[A] == RV_INT ? (i64)base[A] == S                                         \
                   : tb[A] == RV_FLT && rv_u2d(base[A]) == (double)S)
  OP(jeqi) {
    BRANCH(EQUAL_I);
    NEXT;
  }
  OP(jnei) {
    BRANCH(!(EQUAL_I));
    NEXT;
  }
  OP(jlti) { COMPARE_I(<, RV_CMP_LT, false, false); }
  OP(jnlti) { COMPARE_I(<, RV_CMP_LT, false, true); }
  OP(jlei) { COMPARE_I(<=, RV_CMP_LE, false, false); }
  OP(jnlei) { COMPARE_I(<=, RV_CMP_LE, false, true); }
  OP(jgti) { COMPARE_I(<, RV_CMP_LT, true, false); }
  OP(jngti) { COMPARE_I(<, RV_CMP_LT, true, true); }
  OP(jgei) { COMPARE_I(<=, RV_CMP_LE, true, false); }
  OP(jngei) { COMPARE_I(<=, RV_CMP_LE, true, true); }

  /* -- Loops -- */
  OP(forprep) {
    if (RV_UNLIKELY(fb == rv_no_feedback)) {
      rv_feedback_make(m, PROTO);
      fb = PROTO->fb;
    }
    SLOW(rv_for_prepare(th, SLOT(A), &truth));
    BRANCH(!truth);
    NEXT;
  }
  OP(forloop) {
    u64 a = A;
    FUEL_BACK(*pc);
    i64 j = RV_INSN_J(*pc);
    if (RV_LIKELY(tb[a] == RV_INT)) {
      if (base[a + 1] > 0) {
        u64 i = base[a] + base[a + 2];
        base[a + 1]--;
        base[a] = i;
        SET(a + 3, i, RV_INT);
        pc += 1 + j;
      } else {
        pc++;
      }
      NEXT;
    }
    double step = rv_u2d(base[a + 2]), i = rv_u2d(base[a]) + step,
           limit = rv_u2d(base[a + 1]);
    if (step > 0 ? i <= limit : i >= limit) {
      base[a] = rv_d2u(i);
      SET_FLT(a + 3, i);
      pc += 1 + j;
    } else {
      pc++;
    }
    NEXT;
  }
  OP(gforprep) {
    if (RV_UNLIKELY(fb == rv_no_feedback)) {
      rv_feedback_make(m, PROTO);
      fb = PROTO->fb;
    }
    pc += 1 + RV_INSN_J(*pc);
    NEXT;
  }
  OP(gforcall) {
    u64 a = A;
    if (tb[a] == RV_NATIVE && tb[a + 1] == RV_TABLE) {
      u32 flags = ((RvNative *)(uintptr_t)base[a])->def->flags;
      if (flags & RV_NATIVE_NEXT) {
        SLOW(rv_meta_gfor_next(th, SLOT(a), B));
        NEXT;
      }
      u64 p;
      u8 tag;
      if (flags & RV_NATIVE_INEXT && tb[a + 2] == RV_INT &&
          rv_table_geti_fast((RvTable *)(uintptr_t)base[a + 1],
                             base[a + 2] + 1, &p, &tag) &&
          tag != RV_NIL) {
        FUEL(1);
        u64 i = base[a + 2] + 1;
        SET(a + 4, i, RV_INT);
        if (B > 1) SET(a + 5, p, tag);
        for (u64 x = 2; x < B; x++) SET(a + 4 + x, 0, RV_NIL);
        NEXT;
      }
    }
    FUEL(rv_op_call_cost(R(A)));
    SWITCH(rv_op_gfor_call(th, SLOT(A), B));
  }
  OP(gforloop) {
    u64 a = A;
    FUEL_BACK(*pc);
    i64 j = RV_INSN_J(*pc);
    if (tb[a + 4] != RV_NIL) {
      SET(a + 2, base[a + 4], tb[a + 4]);
      pc += 1 + j;
    } else {
      pc++;
    }
    NEXT;
  }

  /* -- Tables -- */
  OP(newtable) {
    SLOW(rv_op_new_table(th, SLOT(A), B, C));
    pc++;
    NEXT;
  }
  OP(getfield) { GET_FIELD(tb[B], base[B], C, R(B)); }
  OP(getfieldx) {
    SLOW(rv_meta_getfield(th, PROTO, CACHE_SLOT_X(), R(B), SLOT(A)));
    pc++;
    NEXT;
  }
  OP(setfield) { SET_FIELD(tb[A], base[A], C, R(A)); }
  OP(setfieldx) {
    SLOW(rv_meta_setfield(th, PROTO, CACHE_SLOT_X(), R(A), R(B)));
    pc++;
    NEXT;
  }
  OP(getidx) {
    if (RV_LIKELY(tb[B] == RV_TABLE)) {
      RvTable *t = (RvTable *)(uintptr_t)base[B];
      u64 p;
      u8 tag;
      if (RV_LIKELY(tb[C] == RV_INT &&
                    rv_table_geti_fast(t, base[C], &p, &tag) &&
                    tag != RV_NIL)) {
        SET(A, p, tag);
        NEXT;
      }
    }
    SLOW(rv_meta_index(th, R(B), R(C), SLOT(A)));
    NEXT;
  }
  OP(setidx) {
    if (RV_LIKELY(tb[A] == RV_TABLE && tb[B] == RV_INT)) {
      RvTable *t = (RvTable *)(uintptr_t)base[A];
      if (RV_LIKELY(rv_table_seti_fast(m, t, base[B], base[C], tb[C]))) NEXT;
    }
    SLOW(rv_meta_setindex(th, R(A), R(B), R(C)));
    NEXT;
  }
  OP(geti) {
    if (RV_LIKELY(tb[B] == RV_TABLE)) {
      u64 p;
      u8 tag;
      if (RV_LIKELY(rv_table_geti_fast((RvTable *)(uintptr_t)base[B], C, &p,
                                       &tag) &&
                    tag != RV_NIL)) {
        SET(A, p, tag);
        NEXT;
      }
    }
    SLOW(rv_meta_index(th, R(B), rv_int(C), SLOT(A)));
    NEXT;
  }
  OP(seti) {
    if (RV_LIKELY(tb[A] == RV_TABLE)) {
      RvTable *t = (RvTable *)(uintptr_t)base[A];
      if (RV_LIKELY(rv_table_seti_fast(m, t, B, base[C], tb[C]))) NEXT;
    }
    SLOW(rv_meta_setindex(th, R(A), rv_int(B), R(C)));
    NEXT;
  }
  OP(getupf) {
    RvCell *u = UP(B);
    GET_FIELD(u->h.aux, u->p, C, rv_value(u->p, u->h.aux));
  }
  OP(getupfx) {
    RvCell *u = UP(B);
    SLOW(rv_meta_getfield(th, PROTO, CACHE_SLOT_X(),
                          rv_value(u->p, u->h.aux), SLOT(A)));
    pc++;
    NEXT;
  }
  OP(setupf) {
    RvCell *u = UP(A);
    SET_FIELD(u->h.aux, u->p, C, rv_value(u->p, u->h.aux));
  }
  OP(setupfx) {
    RvCell *u = UP(A);
    SLOW(rv_meta_setfield(th, PROTO, CACHE_SLOT_X(),
                          rv_value(u->p, u->h.aux), R(B)));
    pc++;
    NEXT;
  }
  OP(self) {
    u64 op = base[B];
    u8 ot = tb[B];
    SET(A + 1, op, ot);
    GET_FIELD(ot, op, C, rv_value(op, ot));
  }
  OP(selfx) {
    RvValue o = R(B);
    SET(A + 1, o.p, o.t);
    SLOW(rv_meta_getfield(th, PROTO, CACHE_SLOT_X(), o, SLOT(A)));
    pc++;
    NEXT;
  }
  OP(setlist) {
    SLOW(rv_op_set_list(th, SLOT(A), B, RV_INSN_E(*pc)));
    pc++;
    NEXT;
  }
  OP(setlistm) {
    SLOW(rv_op_set_list_open(th, SLOT(A), RV_INSN_E(*pc)));
    pc++;
    NEXT;
  }
  OP(rawget) {
    SLOW(rv_op_raw_get(th, R(B), R(C), SLOT(A)));
    NEXT;
  }
  OP(rawset) {
    SLOW(rv_op_raw_set(th, R(A), R(B), R(C)));
    NEXT;
  }
  OP(rawlen) {
    SLOW(rv_op_raw_len(th, R(B), SLOT(A)));
    NEXT;
  }
  OP(next) {
    SLOW(rv_op_table_next(th, R(B), R(C), SLOT(A)));
    NEXT;
  }
  OP(getmeta) {
    RvTable *t = rv_meta_of(m, R(B));
    if (t)
      SET(A, RV_PAY(t), RV_TABLE);
    else
      SET(A, 0, RV_NIL);
    NEXT;
  }
  OP(setmeta) {
    SLOW(rv_op_set_meta(th, R(A), R(B)));
    NEXT;
  }

  /* -- Calls -- */
  OP(call) {
    CALL_CLOSURE(B, C);
    FUEL(rv_op_call_cost(R(A)));
    SWITCH(rv_call_insn(th, SLOT(A), B, C));
  }
  OP(callm) {
    CALL_CLOSURE(B, RV_WANT_ALL);
    FUEL(rv_op_call_cost(R(A)));
    SWITCH(rv_call_insn(th, SLOT(A), B, RV_WANT_ALL));
  }
  OP(calla) {
    CALL_CLOSURE(OPEN_ARGS, B);
    FUEL(rv_op_call_cost(R(A)));
    SWITCH(rv_call_insn(th, SLOT(A), OPEN_ARGS, B));
  }
  OP(callam) {
    CALL_CLOSURE(OPEN_ARGS, RV_WANT_ALL);
    FUEL(rv_op_call_cost(R(A)));
    SWITCH(rv_call_insn(th, SLOT(A), OPEN_ARGS, RV_WANT_ALL));
  }
  OP(tailcall) {
    TAILCALL_CLOSURE(B);
    FUEL(rv_op_call_cost(R(A)));
    SWITCH(rv_call_tail(th, SLOT(A), B));
  }
  OP(tailcalla) {
    TAILCALL_CLOSURE(OPEN_ARGS);
    FUEL(rv_op_call_cost(R(A)));
    SWITCH(rv_call_tail(th, SLOT(A), fr->top - SLOT(A) - 1));
  }
  OP(ret) { SWITCH(rv_call_return(th, SLOT(A), B)); }
  OP(ret0) {
    if (RV_LIKELY(fr->kind == RV_FRAME_CALL && fr->want == 0)) {
      RvThread *th = m->th;
      th->fi--;
      fr--;
      BACK_TO_CALLER();
      NEXT;
    }
    SWITCH(rv_call_return(th, fr->base, 0));
  }
  OP(ret1) {
    if (RV_LIKELY(fr->kind == RV_FRAME_CALL && fr->want == 1)) {
      RvThread *th = m->th;
      u64 p_ = base[A];
      u8 t_ = tb[A];
      u32 ret = fr->ret;
      th->fi--;
      fr--;
      BACK_TO_CALLER();
      th->pay[ret] = p_;
      th->tag[ret] = t_;
      NEXT;
    }
    if (fr->kind == RV_FRAME_CALL && fr->want == RV_WANT_ALL) {
      RvThread *th = m->th;
      u64 p_ = base[A];
      u8 t_ = tb[A];
      u32 ret = fr->ret;
      th->fi--;
      fr--;
      fr->top = ret + 1;
      BACK_TO_CALLER();
      th->pay[ret] = p_;
      th->tag[ret] = t_;
      NEXT;
    }
    SWITCH(rv_call_return(th, SLOT(A), 1));
  }
  OP(retm) { SWITCH(rv_call_return(th, SLOT(A), fr->top - SLOT(A))); }
  OP(retc) {
    u32 n = B == RV_OPEN ? fr->top - SLOT(A) : B;
    SWITCH(rv_call_close_return(th, SLOT(A), n));
  }
  OP(vararg) {
    u64 n = fr->nextra, a = A, want = B;
    for (u64 i = 0; i < want; i++) {
      if (i < n)
        SET(a + i, (base - n)[i], (tb - n)[i]);
      else
        SET(a + i, 0, RV_NIL);
    }
    NEXT;
  }
  OP(varargm) {
    SLOW(rv_op_vararg_open(th, SLOT(A)));
    NEXT;
  }
  OP(varargn) {
    SET(A, fr->nextra, RV_INT);
    NEXT;
  }
  OP(varargi) {
    SLOW(rv_op_vararg_at(th, R(B), SLOT(A)));
    NEXT;
  }

  /* -- Errors and closing -- */
  OP(throw) {
    SAVE();
    m->th->err = R(A);
    st = RV_ERROR;
    goto failed;
  }
  OP(pcall) {
    u32 n = rv_op_open_count(m->th, SLOT(A) + 1, B);
    FUEL(rv_op_call_cost(R(A)));
    SWITCH(rv_call_pcall(th, SLOT(A), n, rv_op_want_of(C), false));
  }
  OP(xpcall) {
    u32 n = rv_op_open_count(m->th, SLOT(A) + 2, B);
    FUEL(rv_op_call_cost(R(A + 1)));
    SWITCH(rv_call_pcall(th, SLOT(A), n, rv_op_want_of(C), true));
  }
  OP(tbc) {
    SLOW(rv_call_tbc(th, R(A)));
    NEXT;
  }
  OP(close) { SWITCH(rv_call_close(th, A, B)); }

  /* -- Coroutines -- */
  OP(conew) {
    SLOW(rv_op_new_coroutine(th, R(B), SLOT(A)));
    NEXT;
  }
  OP(resume) {
    u32 n = rv_op_open_count(m->th, SLOT(A) + 1, B);
    FUEL(rv_op_resume_cost(R(A)));
    SWITCH(rv_call_resume(th, SLOT(A), n, rv_op_want_of(C)));
  }
  OP(yield) {
    u32 n = rv_op_open_count(m->th, SLOT(A), B);
    FUEL(1);
    SWITCH(rv_call_yield(th, SLOT(A), n, rv_op_want_of(C)));
  }
  OP(costatus) {
    SLOW(rv_op_coroutine_status(th, R(B), SLOT(A)));
    NEXT;
  }
  OP(corunning) {
    SET(A, RV_PAY(m->th), RV_THREAD);
    bool main = m->th == m->main;
    SET_BOOL(A + 1, main);
    NEXT;
  }
  OP(coclose) {
    FUEL(1);
    SWITCH(rv_call_coclose(th, SLOT(A), B));
  }
  OP(coyieldable) {
    bool can = rv_thread_yieldable(m->th);
    SET_BOOL(A, can);
    NEXT;
  }

  /* -- Types, conversions, strings -- */
  OP(type) {
    SET(A, rv_type_code(tb[B]), RV_INT);
    NEXT;
  }
  OP(numtype) {
    if (RV_IS_NUM(tb[B]))
      SET(A, tb[B], RV_INT);
    else
      SET(A, 0, RV_NIL);
    NEXT;
  }
  OP(tostr) {
    SLOW(rv_op_to_string(th, R(B), SLOT(A)));
    NEXT;
  }
  OP(tonum) {
    SLOW(rv_op_to_number(th, R(B), SLOT(A)));
    NEXT;
  }
  OP(toint) {
    SLOW(rv_op_to_integer(th, R(B), SLOT(A)));
    NEXT;
  }
  OP(tofloat) {
    if (RV_IS_NUM(tb[B])) {
      double d = FLT(B);
      SET_FLT(A, d);
    } else {
      SET(A, 0, RV_NIL);
    }
    NEXT;
  }
  OP(strbyte) {
    SLOW(rv_op_string_byte(th, R(B), R(C), SLOT(A)));
    NEXT;
  }
  OP(substr) {
    SLOW(rv_op_sub_string(th, R(B), SLOT(C), SLOT(A)));
    NEXT;
  }
  OP(strchar) {
    SLOW(rv_op_byte_string(th, R(B), SLOT(A)));
    NEXT;
  }

  /* -- Host -- */
  OP(hcall) { SWITCH(rv_op_host_call(th, SLOT(A), D)); }
  OP(import) {
    SLOW(rv_op_import_value(th, D, SLOT(A)));
    NEXT;
  }
}
