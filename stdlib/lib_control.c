/* SPDX-License-Identifier: MIT */
/* Builtins "lua" and "coroutine" that raise, catch and switch. They say what they
   want (call.h), and what comes of it is mostly their result without their being
   entered again. */
#include "stdlib/lib.h"

#include "vm/level.h"
#include "vm/str.h"

static RvStatus ask(RvNativeCtx *c, u32 at, u32 n, RvStatus what) {
  c->call = at;
  c->ncall = n;
  return what;
}

/* -- Errors --------------------------------------------------------------- */

RvStatus rv_lib_raise(RvNativeCtx *c, RvString *s, u32 level) {
  char where[RV_LIB_TEXT];
  RvOut o;
  RvStatus st;
  size_t n = rv_err_where(c->th, rv_level(c->th, level), where, sizeof where);
  if (n == 0) return rv_err_value(c->th, rv_strv(s));
  if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(s->len))) ||
      (st = rv_lib_out(c, &o, n + s->len)))
    return st;
  memcpy(o.p, where, n);
  memcpy(o.p + n, rv_str_data(s), s->len);
  if ((st = rv_lib_out_done(c, &o))) return st;
  return rv_err_value(c->th, rv_slot(c->th, c->res));
}

/* error(value = nil, level = 1) */
static RvStatus lua_error(RvNativeCtx *c) {
  RvValue v = rv_arg(c, 0);
  i64 level;
  RvStatus st = rv_lib_optint(c, 1, 1, &level);
  if (st) return st;
  if (v.t != RV_STR || level <= 0) return rv_err_value(c->th, v);
  u32 most = c->th->fi, n = level > most ? most + 1 : (u32)level;
  rv_fuel_owe(c->m, n / RV_LEVELS);
  return rv_lib_raise(c, RV_AS(RvString, v), n);
}

/* pcall(any, ...) */
static RvStatus lua_pcall(RvNativeCtx *c) {
  if (RV_UNLIKELY(c->nargs == 0)) return rv_lib_any(c, 0);
  return ask(c, c->base, c->nargs - 1, RV_PCALL);
}

/* xpcall(any, fn, ...): the handler comes first, to be out of the way. */
static RvStatus lua_xpcall(RvNativeCtx *c) {
  RvValue f = rv_arg(c, 0), handler = rv_arg(c, 1);
  if (!RV_IS_FUNC(handler.t)) return rv_native_badarg(c, 1, "function");
  rv_slot_set(c->th, c->base, handler);
  rv_slot_set(c->th, c->base + 1, f);
  return ask(c, c->base + 1, c->nargs - 2, RV_PCALL);
}

/* -- Coroutines ----------------------------------------------------------- */

static RvStatus arg_thread(RvNativeCtx *c, u32 i, RvThread **co) {
  RvValue v = rv_arg(c, i);
  if (v.t != RV_THREAD) return rv_native_badarg(c, i, "thread");
  *co = RV_AS(RvThread, v);
  return RV_OK;
}

/* A coroutine of the function that is the first argument. */
static RvStatus make(RvNativeCtx *c, RvThread **co) {
  RvValue f = rv_arg(c, 0);
  if (!RV_IS_FUNC(f.t)) return rv_native_badarg(c, 0, "function");
  *co = rv_thread_new(c->m);
  if (!*co) return RV_ERROR;
  rv_slot_set(*co, 0, f);
  return RV_OK;
}

/* create(fn) */
static RvStatus co_create(RvNativeCtx *c) {
  RvThread *co;
  RvStatus st = make(c, &co);
  return st ? st : rv_native_ret(c, rv_obj(co, RV_THREAD));
}

/* resume(thread, ...) */
static RvStatus co_resume(RvNativeCtx *c) {
  RvThread *co;
  RvStatus st = arg_thread(c, 0, &co);
  if (st) return st;
  const char *why = rv_thread_refuses(c->th, co);
  if (RV_LIKELY(!why)) return ask(c, c->base, c->nargs - 1, RV_RESUME);
  RvString *s = rv_str_newz(c->m, why);
  if (!s) return RV_ERROR;
  rv_slot_set(c->th, c->base, rv_strv(s)); /* while room is made */
  if ((st = rv_native_slots(c, 2))) return st;
  rv_slot_set(c->th, c->base + 1, rv_slot(c->th, c->base));
  rv_slot_set(c->th, c->base, rv_bool(false));
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

/* yield(...) */
static RvStatus co_yield(RvNativeCtx *c) {
  return ask(c, c->base, c->nargs, RV_YIELD);
}

/* What wrap makes: resumes its coroutine, whose errors are raised here. */
enum { FRESH, RESUMED, CLOSED };

static RvStatus raise_again(RvNativeCtx *c) {
  RvValue err = c->nres > 1 ? rv_slot(c->th, c->res + 1) : rv_nil();
  if (err.t != RV_STR || RV_AS(RvString, err) == c->m->msg_memory)
    return rv_err_value(c->th, err);
  return rv_lib_raise(c, RV_AS(RvString, err), 1);
}

static RvStatus co_next(RvNativeCtx *c) {
  const RvNative *self = c->th->frames[c->th->fi].fn;
  RvValue v = rv_value(self->own[0], RV_THREAD);
  if (c->state == CLOSED) return raise_again(c);
  if (c->state == RESUMED) { /* the error is in the coroutine too */
    rv_slot_set(c->th, c->base, v);
    c->state = CLOSED;
    return ask(c, c->base, 0, RV_COCLOSE);
  }
  const char *why = rv_thread_refuses(c->th, RV_AS(RvThread, v));
  if (why) return rv_err(c->th, "%s", why);
  rv_slot_set(c->th, c->base - 1, v); /* the function's slot is free */
  c->state = RESUMED;
  return ask(c, c->base - 1, c->nargs, RV_RESUME);
}

static const RvNativeDef next_def = {"coroutine.next", 1, RV_NATIVE_VALUES,
                                     co_next};

/* wrap(fn) */
static RvStatus co_wrap(RvNativeCtx *c) {
  RvThread *co;
  RvStatus st = make(c, &co);
  if (st) return st;
  RvValue own = rv_obj(co, RV_THREAD);
  rv_slot_set(c->th, c->base, own);
  RvNative *f = rv_native_bound(c->m, &next_def, &own, 1);
  return f ? rv_native_ret(c, rv_obj(f, RV_NATIVE)) : RV_ERROR;
}

static const char *const states[] = {"suspended", "running", "normal", "dead"};

/* status(thread) */
static RvStatus co_status(RvNativeCtx *c) {
  RvThread *co;
  RvStatus st = arg_thread(c, 0, &co);
  if (st) return st;
  const char *z = states[co->status];
  return rv_lib_retstr(c, z, strlen(z));
}

/* running() */
static RvStatus co_running(RvNativeCtx *c) {
  RvStatus st = rv_native_slots(c, 2);
  if (st) return st;
  rv_slot_set(c->th, c->base, rv_obj(c->th, RV_THREAD));
  rv_slot_set(c->th, c->base + 1, rv_bool(c->th == c->m->main));
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

/* isyieldable(thread = the running one) */
static RvStatus co_isyieldable(RvNativeCtx *c) {
  RvThread *co = c->th;
  RvStatus st = c->nargs ? arg_thread(c, 0, &co) : RV_OK;
  return st ? st : rv_native_ret(c, rv_bool(rv_thread_yieldable(co)));
}

/* close(thread) */
static RvStatus co_close(RvNativeCtx *c) {
  RvThread *co;
  if (c->state == CLOSED) return RV_OK; /* the results are in place */
  RvStatus st = arg_thread(c, 0, &co);
  if (st) return st;
  c->state = CLOSED;
  return ask(c, c->base, 0, RV_COCLOSE);
}

static const RvNativeDef defs[] = {
  {"lua.error", 1, 0, lua_error},
  {"lua.pcall", 1, RV_NATIVE_CATCH, lua_pcall},
  {"lua.xpcall", 1, RV_NATIVE_CATCH | RV_NATIVE_HANDLER, lua_xpcall},
  {"coroutine.create", 1, 0, co_create},
  {"coroutine.resume", 1, 0, co_resume},
  {"coroutine.yield", 1, 0, co_yield},
  {"coroutine.wrap", 1, 0, co_wrap},
  {"coroutine.status", 1, 0, co_status},
  {"coroutine.running", 1, 0, co_running},
  {"coroutine.isyieldable", 1, 0, co_isyieldable},
  {"coroutine.close", 1, 0, co_close},
};
const RvLib rv_lib_control = {defs, sizeof defs / sizeof *defs};
