/* SPDX-License-Identifier: MIT */
/* Slow halves of instructions that belong to no other file. */
#include "vm/ops.h"

#include "vm/host/host.h"
#include "vm/num.h"
#include "vm/strops.h"
#include "vm/table.h"

RvStatus rv_op_new_closure(RvThread *th, RvFrame *fr, u32 child, u32 ret) {
  RvMachine *m = th->m;
  RvClosure *cl = fr->fn;
  RvProto *p = rv_proto_child(m, cl->proto, child);
  if (!p) return RV_ERROR;
  RvClosure *n = rv_closure_new(m, p);
  if (!n) return RV_ERROR;
  fr = &th->frames[th->fi];
  for (u32 i = 0; i < p->f->nup; i++) {
    RvCapture c = p->f->captures[i];
    n->up[i] = c.from_cell ? (RvCell *)(uintptr_t)th->pay[fr->base + c.index]
                           : ((RvClosure *)fr->fn)->up[c.index];
  }
  rv_slot_set(th, ret, rv_obj(n, RV_CLOSURE));
  return RV_OK;
}

RvStatus rv_op_new_cell(RvThread *th, u32 reg, RvValue v) {
  RvCell *c = rv_cell_new(th->m, v);
  if (!c) return RV_ERROR;
  rv_slot_set(th, reg, rv_obj(c, RV_CELL));
  return RV_OK;
}

RvStatus rv_op_new_table(RvThread *th, u32 ret, u32 narr, u32 nfields) {
  RvTable *t = rv_table_new(th->m, narr, nfields);
  if (!t) return RV_ERROR;
  rv_slot_set(th, ret, rv_obj(t, RV_TABLE));
  return RV_OK;
}

RvStatus rv_op_set_list(RvThread *th, u32 at, u32 n, u32 first) {
  RvValue v = rv_slot(th, at);
  if (v.t != RV_TABLE) return rv_err_op(th, "fill", v, -1);
  RvStatus st = rv_fuel_pay(th, th->m, rv_fuel_bytes((u64)n * 9));
  if (st) return st;
  return rv_table_set_list(th, RV_AS(RvTable, v), (u64)first + 1, at + 1, n);
}

RvStatus rv_op_set_list_open(RvThread *th, u32 at, u32 first) {
  RvFrame *fr = &th->frames[th->fi];
  RvStatus st = rv_op_set_list(th, at, fr->top - at - 1, first);
  if (st == RV_OK) th->frames[th->fi].top = 0;
  return st;
}

static RvStatus raw_table(RvThread *th, RvValue v, RvTable **t) {
  if (v.t != RV_TABLE) return rv_err_op(th, "access fields of", v, -1);
  *t = RV_AS(RvTable, v);
  return RV_OK;
}

RvStatus rv_op_raw_get(RvThread *th, RvValue o, RvValue key, u32 ret) {
  RvTable *t = NULL;
  RvStatus st = raw_table(th, o, &t);
  if (st || (st = rv_fuel_pay(th, th->m, rv_key_cost(key)))) return st;
  rv_slot_set(th, ret, rv_table_get(th->m, t, key));
  return RV_OK;
}

RvStatus rv_op_raw_set(RvThread *th, RvValue o, RvValue key, RvValue v) {
  RvTable *t = NULL;
  RvStatus st = raw_table(th, o, &t);
  if (st || (st = rv_fuel_pay(th, th->m, rv_key_cost(key)))) return st;
  return rv_table_set(th->m, t, key, v);
}

RvStatus rv_op_raw_len(RvThread *th, RvValue v, u32 ret) {
  if (v.t == RV_TABLE)
    rv_slot_set(th, ret, rv_int(rv_table_len(th->m, RV_AS(RvTable, v))));
  else if (v.t == RV_STR) rv_slot_set(th, ret, rv_int(RV_AS(RvString, v)->len));
  else if (v.t == RV_BUFFER)
    rv_slot_set(th, ret, rv_int((i64)RV_AS(RvBuffer, v)->len));
  else return rv_err_op(th, "get length of", v, 1);
  return RV_OK;
}

RvStatus rv_op_table_next(RvThread *th, RvValue o, RvValue key, u32 ret) {
  RvTable *t = NULL;
  RvValue k = rv_nil(), v = rv_nil();
  RvStatus st = raw_table(th, o, &t);
  if (st || (st = rv_meta_next(th, t, key, &k, &v))) return st;
  rv_slot_set(th, ret, k);
  rv_slot_set(th, ret + 1, k.t == RV_NIL ? rv_nil() : v);
  return RV_OK;
}

RvStatus rv_op_set_meta(RvThread *th, RvValue o, RvValue meta) {
  if (o.t != RV_TABLE) return rv_err_op(th, "set the metatable of", o, -1);
  if (meta.t != RV_TABLE && meta.t != RV_NIL)
    return rv_err_op(th, "use as a metatable", meta, -1);
  return rv_table_set_meta(th->m, RV_AS(RvTable, o),
                           meta.t == RV_NIL ? NULL : RV_AS(RvTable, meta));
}

RvStatus rv_op_vararg_open(RvThread *th, u32 ret) {
  RvFrame *fr = &th->frames[th->fi];
  u32 n = fr->nextra;
  RvStatus st = rv_fuel_pay(th, th->m, rv_fuel_bytes((u64)n * 9));
  if (st || (st = rv_stack_ensure(th, ret + n + 1))) return st;
  fr = &th->frames[th->fi];
  memcpy(th->pay + ret, th->pay + fr->base - n, n * sizeof *th->pay);
  memcpy(th->tag + ret, th->tag + fr->base - n, n);
  fr->top = ret + n;
  return RV_OK;
}

RvStatus rv_op_vararg_at(RvThread *th, RvValue v, u32 ret) {
  RvFrame *fr = &th->frames[th->fi];
  i64 i = 0;
  if (v.t == RV_INT) i = (i64)v.p;
  else if (v.t != RV_FLT || !rv_num_f2i(rv_u2d(v.p), &i))
    return rv_err_op(th, "count arguments with", v, -1);
  bool in = i >= 1 && (u64)i <= fr->nextra;
  rv_slot_set(th, ret,
              in ? rv_slot(th, fr->base - fr->nextra + (u32)i - 1) : rv_nil());
  return RV_OK;
}

RvStatus rv_op_new_coroutine(RvThread *th, RvValue f, u32 ret) {
  if (!RV_IS_FUNC(f.t)) return rv_err_op(th, "make a coroutine of", f, -1);
  RvThread *co = rv_thread_new(th->m);
  if (!co) return RV_ERROR;
  rv_slot_set(co, 0, f);
  rv_slot_set(th, ret, rv_obj(co, RV_THREAD));
  return RV_OK;
}

RvStatus rv_op_coroutine_status(RvThread *th, RvValue v, u32 ret) {
  if (v.t != RV_THREAD) return rv_err_op(th, "ask the status of", v, -1);
  rv_slot_set(th, ret, rv_int(rv_thread_state(th->m, RV_AS(RvThread, v))));
  return RV_OK;
}

RvStatus rv_op_to_string(RvThread *th, RvValue v, u32 ret) {
  if (RV_IS_NUM(v.t)) {
    char buf[RV_NUM_TEXT];
    RvString *s = rv_str_new(th->m, buf, rv_num_text(v, buf));
    if (!s) return RV_ERROR;
    v = rv_strv(s);
  } else if (v.t != RV_STR) {
    v = rv_nil();
  }
  rv_slot_set(th, ret, v);
  return RV_OK;
}

static RvStatus pay_text(RvThread *th, RvValue v) {
  if (v.t != RV_STR) return RV_OK;
  return rv_fuel_pay(th, th->m, rv_fuel_bytes(RV_AS(RvString, v)->len));
}

RvStatus rv_op_to_number(RvThread *th, RvValue v, u32 ret) {
  RvStatus st = pay_text(th, v);
  if (st) return st;
  if (v.t == RV_STR) {
    const RvString *s = RV_AS(RvString, v);
    if (!rv_num_parse(rv_str_data(s), s->len, &v)) v = rv_nil();
  } else if (!RV_IS_NUM(v.t)) {
    v = rv_nil();
  }
  rv_slot_set(th, ret, v);
  return RV_OK;
}

RvStatus rv_op_to_integer(RvThread *th, RvValue v, u32 ret) {
  i64 i = 0;
  RvStatus st = pay_text(th, v);
  if (st == RV_OK)
    rv_slot_set(th, ret, rv_to_int(v, &i) ? rv_int(i) : rv_nil());
  return st;
}

static RvStatus index_operand(RvThread *th, RvValue v, i64 *i) {
  if (v.t == RV_INT) {
    *i = (i64)v.p;
    return RV_OK;
  }
  if (v.t == RV_FLT && rv_num_f2i(rv_u2d(v.p), i)) return RV_OK;
  return rv_err_op(th, "count bytes with", v, -1);
}

static RvStatus string_operand(RvThread *th, RvValue v, RvString **s) {
  if (v.t != RV_STR) return rv_err_op(th, "take bytes of", v, -1);
  *s = RV_AS(RvString, v);
  return RV_OK;
}

RvStatus rv_op_string_byte(RvThread *th, RvValue v, RvValue at, u32 ret) {
  RvString *s = NULL;
  i64 i = 0;
  RvStatus st = string_operand(th, v, &s);
  if (st || (st = index_operand(th, at, &i))) return st;
  int c = rv_str_byte(s, i);
  rv_slot_set(th, ret, c < 0 ? rv_nil() : rv_int(c));
  return RV_OK;
}

RvStatus rv_op_sub_string(RvThread *th, RvValue v, u32 range, u32 ret) {
  RvString *s = NULL;
  i64 i = 0, j = 0;
  RvStatus st = string_operand(th, v, &s);
  if (st || (st = index_operand(th, rv_slot(th, range), &i)) ||
      (st = index_operand(th, rv_slot(th, range + 1), &j)))
    return st;
  st = rv_fuel_pay(th, th->m, rv_fuel_bytes(rv_str_clip(s, &i, &j)));
  if (st) return st;
  RvString *r = rv_str_sub(th->m, s, i, j);
  if (!r) return RV_ERROR;
  rv_slot_set(th, ret, rv_strv(r));
  return RV_OK;
}

RvStatus rv_op_byte_string(RvThread *th, RvValue v, u32 ret) {
  i64 i = 0;
  RvStatus st = index_operand(th, v, &i);
  if (st) return st;
  if (i < 0 || i > 255)
    return rv_err(th, "byte value %lld out of range (0 to 255)", (long long)i);
  RvString *s = rv_str_char(th->m, (u8)i);
  if (!s) return RV_ERROR;
  rv_slot_set(th, ret, rv_strv(s));
  return RV_OK;
}

RvStatus rv_op_import_value(RvThread *th, u32 import, u32 ret) {
  RvClosure *cl = th->frames[th->fi].fn;
  const RvNativeDef *def = rv_host_builtin(cl->proto->use->bound[import]);
  RvNative *n = rv_native_of(th->m, def);
  if (!n) return RV_ERROR;
  rv_slot_set(th, ret, rv_obj(n, RV_NATIVE));
  return RV_OK;
}

RvStatus rv_op_host_call(RvThread *th, u32 at, u32 import) {
  RvClosure *cl = th->frames[th->fi].fn;
  return rv_host_call(th, at, cl->proto->use->bound[import]);
}

/* The call that gforcall makes: iterator, state and control value move up. */
RvStatus rv_op_gfor_call(RvThread *th, u32 at, u32 want) {
  for (u32 i = 0; i < 3; i++) rv_slot_set(th, at + 4 + i, rv_slot(th, at + i));
  RvFrame *fr = &th->frames[th->fi];
  u32 i = th->fi;
  fr->top = at + 7; /* the height does not cover them */
  RvStatus st =
      rv_call_value(th, at + 4, 2, (int)want, RV_FRAME_CALL, RV_THEN_STORE);
  th->frames[i].top = 0;
  return st;
}
