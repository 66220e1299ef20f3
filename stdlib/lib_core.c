/* SPDX-License-Identifier: MIT */
/* Builtins "core": types, texts, iteration, the machine's own figures. */
#include "stdlib/lib.h"

#include "vm/feedback.h"
#include "vm/level.h"

static RvStatus core_type(RvNativeCtx *c) {
  RvStatus st = rv_lib_any(c, 0);
  if (st) return st;
  const char *z = rv_type_names[rv_type_code(rv_arg(c, 0).t)];
  return rv_lib_retstr(c, z, strlen(z));
}

/* The text of v, without events. */
static RvStatus ret_text(RvNativeCtx *c, RvValue v) {
  if (v.t == RV_STR) return rv_native_ret(c, v);
  char text[RV_LIB_TEXT];
  size_t n = rv_lib_text(c, v, text);
  return n ? rv_lib_retstr(c, text, n) : RV_ERROR;
}

static RvStatus core_rawtostring(RvNativeCtx *c) {
  RvStatus st = rv_lib_any(c, 0);
  return st ? st : ret_text(c, rv_arg(c, 0));
}

/* State 1: the __tostring event has been called. */
static RvStatus core_tostring(RvNativeCtx *c) {
  RvStatus st = rv_lib_any(c, 0);
  if (st || (st = rv_lib_keep(c, 2))) return st;
  if (c->state == 1) {
    RvValue r = rv_lib_kept(c, 0);
    if (r.t == RV_STR || RV_IS_NUM(r.t)) return ret_text(c, r);
    return rv_err(c->th, "'__tostring' must return a string");
  }
  RvValue v = rv_arg(c, 0), event = rv_nil();
  if (v.t != RV_STR) event = rv_event(c->m, v, RV_EV_TOSTRING);
  if (event.t == RV_NIL) return core_rawtostring(c);
  rv_lib_put(c, 0, event);
  rv_lib_put(c, 1, v);
  c->call = rv_lib_at(c, 0);
  c->ncall = 1;
  c->state = 1;
  return RV_CALL;
}

/* next(t, key): as the instruction, for use as an iterator. */
static RvStatus core_next(RvNativeCtx *c) {
  RvTable *t;
  RvValue k, v;
  RvStatus st;
  if ((st = rv_arg_table(c, 0, &t)) || (st = rv_native_slots(c, 2)) ||
      (st = rv_meta_next(c->th, t, rv_slot(c->th, c->base + 1), &k, &v)))
    return st;
  if (k.t == RV_NIL) return rv_native_ret(c, k);
  rv_slot_set(c->th, c->base, k);
  rv_slot_set(c->th, c->base + 1, v);
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

/* inext(t, i): i + 1 and t[i + 1] without events, nil after the last. */
static RvStatus core_inext(RvNativeCtx *c) {
  RvTable *t;
  i64 i;
  RvStatus st;
  if ((st = rv_arg_table(c, 0, &t)) || (st = rv_arg_int(c, 1, &i))) return st;
  i = rv_num_addi(i, 1);
  RvValue v = rv_table_get_int(c->m, t, i);
  if (v.t == RV_NIL) return rv_native_ret(c, v);
  rv_slot_set(c->th, c->base, rv_int(i));
  rv_slot_set(c->th, c->base + 1, v);
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

/* serial(v): the number that texts show; nil for what has no identity. */
static RvStatus core_serial(RvNativeCtx *c) {
  RvStatus st = rv_lib_any(c, 0);
  if (st) return st;
  RvValue v = rv_arg(c, 0);
  if (!RV_IS_GC(v.t) || v.t == RV_STR) return rv_native_ret(c, rv_nil());
  u64 n = rv_serial(c->m, RV_AS(RvHdr, v));
  return n ? rv_native_ret(c, rv_int((i64)n)) : rv_err_memory(c->th);
}

/* Levels asked for: those that cannot be are beyond the last. */
static u32 level_arg(RvNativeCtx *c, i64 level) {
  u32 n = level < 0 || level > c->th->fi ? UINT32_MAX : (u32)level;
  rv_fuel_owe(c->m, (n < c->th->fi ? n : c->th->fi) / RV_LEVELS);
  return n;
}

/* where(level): "file:line: " of the function at that level, 1 the caller. */
static RvStatus core_where(RvNativeCtx *c) {
  i64 level;
  RvStatus st = rv_lib_optint(c, 0, 1, &level);
  if (st) return st;
  char text[RV_LIB_TEXT];
  u32 frame = rv_level(c->th, level_arg(c, level));
  size_t n = rv_err_where(c->th, frame, text, sizeof text);
  return rv_lib_retstr(c, text, n);
}

/* Message and trace as one string; both are in slots. */
static RvStatus join_trace(RvNativeCtx *c, RvString *s, RvString *trace) {
  RvOut o;
  RvStatus st;
  if ((st = rv_lib_out(c, &o, (u64)s->len + 1 + trace->len))) return st;
  memcpy(o.p, rv_str_data(s), s->len);
  o.p[s->len] = '\n';
  memcpy(o.p + s->len + 1, rv_str_data(trace), trace->len);
  return rv_lib_out_done(c, &o);
}

/* traceback([thread,] [message [, level]]). */
static RvStatus core_traceback(RvNativeCtx *c) {
  RvThread *of = c->th;
  u32 first = rv_arg(c, 0).t == RV_THREAD;
  i64 level;
  RvStatus st;
  if (first) of = RV_AS(RvThread, rv_arg(c, 0));
  RvValue msg = rv_arg(c, first);
  if (msg.t != RV_STR && !RV_IS_NUM(msg.t) && msg.t != RV_NIL)
    return rv_native_ret(c, msg);
  if ((st = rv_lib_optint(c, first + 1, of == c->th, &level))) return st;
  RvString *text = NULL;
  if (msg.t != RV_NIL && (st = rv_lib_str(c, first, &text))) return st;
  if ((st = rv_lib_keep(c, 1))) return st;
  u32 n = level < 0 || level > of->fi ? UINT32_MAX : (u32)level;
  RvString *trace = rv_err_traceback(c->th, of, n);
  if (!trace) return RV_ERROR;
  if (!text) return rv_native_ret(c, rv_strv(trace));
  rv_lib_put(c, 0, rv_strv(trace));
  return join_trace(c, text, trace);
}

/* Collects, then lets the finalizers run that became due, one at each entry. */
static RvStatus core_collect(RvNativeCtx *c) {
  if (c->state == 0) rv_gc_full(c->m);
  c->state = 1;
  RvStatus st = rv_call_finalizer(c->th);
  if (st) return st;
  return rv_native_ret(c, rv_int((i64)rv_guest_bytes(c->m)));
}

static RvStatus core_count(RvNativeCtx *c) {
  return rv_native_ret(c, rv_int((i64)rv_guest_bytes(c->m)));
}

static RvStatus core_fuel(RvNativeCtx *c) {
  return rv_native_ret(c, rv_int((i64)rv_fuel_used(c->m)));
}

static void set_meta_by_code(RvMachine *m, int code, RvTable *meta) {
  for (u32 tag = 0; tag <= RV_BUFFER; tag++) {
    bool known = tag <= RV_PTR || tag >= RV_STR;
    /* User objects have metatables one by one; buffers share theirs. */
    if (known && tag != RV_USERDATA && rv_type_code(tag) == code)
      m->type_meta[tag] = meta;
  }
  rv_feedback_flush_methods(m);
}

void rv_lib_set_type_meta(RvMachine *m, u64 tag, RvTable *meta) {
  set_meta_by_code(m, rv_type_code(tag), meta);
}

/* settypemeta(code, meta): for all values of one type; codes as `type` gives
   them. Tables have metatables of their own. */
static RvStatus core_settypemeta(RvNativeCtx *c) {
  i64 code;
  RvTable *meta = NULL;
  RvStatus st = rv_arg_int(c, 0, &code);
  if (st) return st;
  if (rv_arg(c, 1).t != RV_NIL && (st = rv_arg_table(c, 1, &meta))) return st;
  if (code < 0 || code > rv_type_code(RV_THREAD) ||
      code == rv_type_code(RV_TABLE))
    return rv_lib_argerr(c, 0, "no type whose values share a metatable");
  set_meta_by_code(c->m, (int)code, meta);
  c->nres = 0;
  c->res = c->base;
  return RV_OK;
}

static const RvNativeDef defs[] = {
  {"core.type", 1, 0, core_type},
  {"core.tostring", 1, 0, core_tostring},
  {"core.rawtostring", 1, 0, core_rawtostring},
  {"core.next", 1, RV_NATIVE_NEXT, core_next},
  {"core.inext", 1, 0, core_inext},
  {"core.serial", 1, 0, core_serial},
  {"core.where", 1, 0, core_where},
  {"core.traceback", 1, 0, core_traceback},
  {"core.collect", 1, 0, core_collect},
  {"core.count", 1, 0, core_count},
  {"core.fuel", 1, 0, core_fuel},
  {"core.settypemeta", 1, 0, core_settypemeta},
};
const RvNativeDef *const rv_builtin_next = &defs[3];
const RvLib rv_lib_core = {defs, sizeof defs / sizeof *defs};
