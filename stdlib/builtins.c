/* SPDX-License-Identifier: MIT */
/* The builtins by name, and what they share. */
#include "stdlib/lib.h"

#include "vm/host/builtin.h"

const RvLib *const rv_libs[] = {
  &rv_lib_core,
  &rv_lib_string,
  &rv_lib_format,
  &rv_lib_table,
  &rv_lib_sort,
  &rv_lib_math,
  &rv_lib_random,
  &rv_lib_buffer,
  &rv_lib_base,
  &rv_lib_control,
  &rv_lib_debug,
  &rv_lib_debug_up,
  &rv_lib_list,
  &rv_lib_pattern,
  &rv_lib_pack,
  &rv_lib_utf8,
  &rv_lib_user,
  &rv_lib_package,
  NULL,
};

const RvNativeDef *rv_builtin_find(const char *name, size_t len, u32 version) {
  for (const RvLib *const *lib = rv_libs; *lib; lib++) {
    for (u32 i = 0; i < (*lib)->n; i++) {
      const RvNativeDef *d = &(*lib)->defs[i];
      if (d->version == version && strlen(d->name) == len &&
          !memcmp(d->name, name, len))
        return d;
    }
  }
  return NULL;
}

/* -- Arguments ------------------------------------------------------------ */

static const char *own_name(const RvNativeCtx *c) {
  const RvNative *n = c->th->frames[c->th->fi].fn;
  return n->def->name;
}

RvStatus rv_lib_argerr(RvNativeCtx *c, u32 i, const char *text) {
  return rv_err_arg(c->th, i, "%s", text);
}

RvStatus rv_lib_str(RvNativeCtx *c, u32 i, RvString **out) {
  RvValue v = rv_arg(c, i);
  if (RV_IS_NUM(v.t)) {
    char text[RV_NUM_TEXT];
    size_t n = rv_num_text(v, text);
    RvString *s = rv_str_new(c->m, text, n);
    if (!s) return RV_ERROR;
    v = rv_strv(s);
    rv_slot_set(c->th, c->base + i, v);
  }
  if (RV_UNLIKELY(v.t != RV_STR)) return rv_native_badarg(c, i, "string");
  *out = RV_AS(RvString, v);
  return RV_OK;
}

RvStatus rv_lib_num(RvNativeCtx *c, u32 i, RvValue *out) {
  RvValue v = rv_arg(c, i);
  if (RV_LIKELY(RV_IS_NUM(v.t))) {
    *out = v;
    return RV_OK;
  }
  if (v.t == RV_STR) {
    RvString *s = RV_AS(RvString, v);
    RvStatus st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(s->len));
    if (st) return st;
    if (rv_num_parse(rv_str_data(s), s->len, out)) {
      /* So that entering again finds a number and pays nothing. */
      rv_slot_set(c->th, c->base + i, *out);
      return RV_OK;
    }
  }
  return rv_native_badarg(c, i, "number");
}

RvStatus rv_lib_flt(RvNativeCtx *c, u32 i, double *out) {
  RvValue v;
  RvStatus st = rv_lib_num(c, i, &v);
  if (st) return st;
  *out = v.t == RV_INT ? (double)(i64)v.p : rv_u2d(v.p);
  return RV_OK;
}

RvStatus rv_lib_optint(RvNativeCtx *c, u32 i, i64 missing, i64 *out) {
  if (rv_arg(c, i).t == RV_NIL) {
    *out = missing;
    return RV_OK;
  }
  return rv_arg_int(c, i, out);
}

RvStatus rv_lib_buf(RvNativeCtx *c, u32 i, RvBuffer **out) {
  RvValue v = rv_arg(c, i);
  if (v.t != RV_BUFFER) return rv_native_badarg(c, i, "buffer");
  *out = RV_AS(RvBuffer, v);
  return RV_OK;
}

RvStatus rv_lib_any(RvNativeCtx *c, u32 i) {
  return i < c->nargs ? RV_OK : rv_lib_argerr(c, i, "value expected");
}

/* -- The slow way -------------------------------------------------------------- */

RvStatus rv_lib_slow(RvNativeCtx *c, const char *name) {
  RvMachine *m = c->m;
  if (c->state == RV_LIB_SLOW) return RV_OK; /* the results are in place */
  RvStatus st = rv_lib_keep(c, 1 + c->nargs);
  if (st) return st;
  RvString *key = rv_str_new(m, name, strlen(name));
  if (!key) return RV_ERROR;
  RvValue f = rv_table_get_str(m, m->registry, key);
  if (!RV_IS_FUNC(f.t))
    return rv_err_plain(c->th, "'%s' needs the library", name);
  rv_lib_put(c, 0, f);
  for (u32 i = 0; i < c->nargs; i++) rv_lib_put(c, 1 + i, rv_arg(c, i));
  c->call = rv_lib_at(c, 0);
  c->ncall = c->nargs;
  c->state = RV_LIB_SLOW;
  return RV_CALL;
}

/* -- Progress ------------------------------------------------------------- */

RvStatus rv_lib_keep(RvNativeCtx *c, u32 n) {
  return rv_native_slots(c, c->nargs + n);
}

RvStatus rv_lib_corrupt(RvNativeCtx *c) {
  return rv_err_plain(c->th, "'%s' resumed with a state that is not its own",
                      own_name(c));
}

/* -- Results -------------------------------------------------------------- */

RvStatus rv_lib_retstr(RvNativeCtx *c, const char *p, size_t len) {
  RvString *s = rv_str_new(c->m, p, len);
  return s ? rv_native_ret(c, rv_strv(s)) : RV_ERROR;
}

RvStatus rv_lib_out(RvNativeCtx *c, RvOut *o, u64 len) {
  o->len = len;
  o->s = NULL;
  o->p = o->small;
  if (len <= RV_INTERN_MAX) return RV_OK;
  if (len > RV_MAX_STRING)
    return rv_err(c->th, "resulting string too large");
  o->s = rv_str_raw(c->m, len);
  if (!o->s) return RV_ERROR;
  o->p = o->s->bytes;
  return RV_OK;
}

RvStatus rv_lib_out_done(RvNativeCtx *c, RvOut *o) {
  if (o->s) return rv_native_ret(c, rv_strv(o->s));
  return rv_lib_retstr(c, o->small, o->len);
}

/* -- Texts of values ------------------------------------------------------ */

size_t rv_lib_pointer(RvNativeCtx *c, RvValue v, char out[24]) {
  u64 n = v.p;
  if (RV_IS_GC(v.t)) n = rv_serial(c->m, RV_AS(RvHdr, v));
  if (n == 0 && RV_IS_GC(v.t)) {
    rv_err_memory(c->th);
    return 0;
  }
  int digits = 8;
  while (digits < 16 && n >> 4 * digits) digits++;
  char *p = out;
  *p++ = '0';
  *p++ = 'x';
  while (digits-- > 0) *p++ = "0123456789abcdef"[n >> 4 * digits & 15];
  *p = 0;
  return (size_t)(p - out);
}

size_t rv_lib_text(RvNativeCtx *c, RvValue v, char out[RV_LIB_TEXT]) {
  char hex[24];
  switch (v.t) {
  case RV_INT:
  case RV_FLT: return rv_num_text(v, out);
  case RV_NIL: return rv_num_fmt(out, RV_LIB_TEXT, "nil");
  case RV_FALSE: return rv_num_fmt(out, RV_LIB_TEXT, "false");
  case RV_TRUE: return rv_num_fmt(out, RV_LIB_TEXT, "true");
  default:
    if (!rv_lib_pointer(c, v, hex)) return 0;
    return rv_num_fmt(out, RV_LIB_TEXT, "%.80s: %s", rv_err_typename(c->m, v),
                      hex);
  }
}
