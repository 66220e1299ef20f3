/* SPDX-License-Identifier: MIT */
/* Events and the slow halves of instructions. */
#include "vm/meta.h"

#include "vm/ops.h"

#include <math.h>
#include <string.h>

#include "vm/feedback.h"
#include "vm/num.h"
#include "vm/table.h"

/* Tables that __index may lead through before it must be a loop. */
#define MAX_CHAIN 2000

RvTable *rv_meta_of(RvMachine *m, RvValue v) {
  if (v.t == RV_TABLE) return rv_table_meta(m, RV_AS(RvTable, v));
  if (v.t == RV_USERDATA) return RV_AS(RvUser, v)->meta;
  return m->type_meta[v.t];
}

RvValue rv_event(RvMachine *m, RvValue v, RvName e) {
  if (v.t == RV_TABLE) return rv_table_event(m, RV_AS(RvTable, v), e);
  RvTable *meta = rv_meta_of(m, v);
  return meta ? rv_meta_event(m, meta, e) : rv_nil();
}

/* -- Arithmetic ----------------------------------------------------------------- */

bool rv_to_int(RvValue v, i64 *i) {
  RvValue n;
  if (v.t == RV_INT) {
    *i = (i64)v.p;
    return true;
  }
  if (v.t == RV_FLT) return rv_num_f2i(rv_u2d(v.p), i);
  if (v.t != RV_STR) return false;
  const RvString *s = RV_AS(RvString, v);
  return rv_num_parse(rv_str_data(s), s->len, &n) && rv_to_int(n, i);
}

static double to_flt(RvValue v) {
  return v.t == RV_INT ? (double)(i64)v.p : rv_u2d(v.p);
}

static bool is_bitwise(RvName e) {
  return (e >= RV_EV_BAND && e <= RV_EV_SHR) || e == RV_EV_BNOT;
}

static i64 bit_op(RvName e, i64 a, i64 b) {
  switch (e) {
  case RV_EV_BAND: return a & b;
  case RV_EV_BOR: return a | b;
  case RV_EV_BXOR: return a ^ b;
  case RV_EV_SHL: return rv_num_shl(a, b);
  case RV_EV_SHR: return rv_num_shr(a, b);
  default: return ~a;
  }
}

static double flt_op(RvName e, double a, double b) {
  switch (e) {
  case RV_EV_ADD: return a + b;
  case RV_EV_SUB: return a - b;
  case RV_EV_MUL: return a * b;
  case RV_EV_DIV: return a / b;
  case RV_EV_MOD: return rv_num_modf(a, b);
  case RV_EV_IDIV: return rv_num_idivf(a, b);
  case RV_EV_POW: return rv_num_powf(a, b);
  default: return -a;
  }
}

static RvStatus int_op(RvThread *th, RvName e, i64 a, i64 b, RvValue *r) {
  switch (e) {
  case RV_EV_ADD: *r = rv_int(rv_num_addi(a, b)); return RV_OK;
  case RV_EV_SUB: *r = rv_int(rv_num_subi(a, b)); return RV_OK;
  case RV_EV_MUL: *r = rv_int(rv_num_muli(a, b)); return RV_OK;
  case RV_EV_UNM: *r = rv_int(rv_num_subi(0, a)); return RV_OK;
  case RV_EV_MOD:
    if (b == 0) return rv_err(th, "attempt to perform 'n%%0'");
    *r = rv_int(rv_num_modi(a, b));
    return RV_OK;
  case RV_EV_IDIV:
    if (b == 0) return rv_err(th, "attempt to divide by zero");
    *r = rv_int(rv_num_idivi(a, b));
    return RV_OK;
  default: *r = rv_flt(flt_op(e, (double)a, (double)b)); return RV_OK;
  }
}

/* The operation on numbers; false when these are none, or it wants integers. */
static bool number_op(RvThread *th, RvName e, RvValue a, RvValue b, RvValue *r,
                      RvStatus *st) {
  *st = RV_OK;
  if (!RV_IS_NUM(a.t) || !RV_IS_NUM(b.t)) return false;
  if (is_bitwise(e)) {
    i64 x, y;
    if (!rv_to_int(a, &x) || !rv_to_int(b, &y)) return false;
    *r = rv_int(bit_op(e, x, y));
    return true;
  }
  if ((a.t | b.t) == RV_INT) *st = int_op(th, e, (i64)a.p, (i64)b.p, r);
  else *r = rv_flt(flt_op(e, to_flt(a), to_flt(b)));
  return true;
}

RvStatus rv_meta_arith(RvThread *th, RvName e, RvValue a, RvValue b, u32 ret) {
  RvMachine *m = th->m;
  RvValue r = rv_nil();
  RvStatus st;
  if (number_op(th, e, a, b, &r, &st)) {
    if (st == RV_OK) rv_slot_set(th, ret, r);
    return st;
  }
  RvValue f = rv_event(m, a, e);
  if (f.t == RV_NIL) f = rv_event(m, b, e);
  if (f.t != RV_NIL) return rv_call_event(th, f, a, b, ret, 1, RV_THEN_EVENT);
  return rv_err_arith(th, a, b, is_bitwise(e));
}

RvStatus rv_meta_len(RvThread *th, RvValue v, u32 ret) {
  RvMachine *m = th->m;
  if (v.t == RV_STR) {
    rv_slot_set(th, ret, rv_int(RV_AS(RvString, v)->len));
    return RV_OK;
  }
  RvValue f = rv_event(m, v, RV_EV_LEN);
  if (f.t != RV_NIL) return rv_call_event(th, f, v, v, ret, 1, RV_THEN_EVENT);
  if (v.t == RV_TABLE)
    rv_slot_set(th, ret, rv_int(rv_table_len(m, RV_AS(RvTable, v))));
  else if (v.t == RV_BUFFER)
    rv_slot_set(th, ret, rv_int((i64)RV_AS(RvBuffer, v)->len));
  else return rv_err_op(th, "get length of", v, 1);
  return RV_OK;
}

/* -- Concatenation ------------------------------------------------------------------ */

static bool joinable(u64 tag) { return tag == RV_STR || RV_IS_NUM(tag); }

/* Bytes of a joinable value; numbers are written to buf. */
static const char *piece(RvValue v, char buf[RV_NUM_TEXT], size_t *len) {
  if (v.t == RV_STR) {
    const RvString *s = RV_AS(RvString, v);
    *len = s->len;
    return rv_str_data(s);
  }
  *len = rv_num_text(v, buf);
  return buf;
}

/* Length of the joined text of n joinable slots. */
static u64 joined_length(const RvThread *th, u32 from, u32 n) {
  char buf[RV_NUM_TEXT];
  u64 total = 0;
  for (u32 i = 0; i < n; i++) {
    size_t len;
    piece(rv_slot(th, from + i), buf, &len);
    total += len;
  }
  return total;
}

static void copy_pieces(const RvThread *th, u32 from, u32 n, char *out) {
  char buf[RV_NUM_TEXT];
  for (u32 i = 0; i < n; i++) {
    size_t len;
    const char *p = piece(rv_slot(th, from + i), buf, &len);
    memcpy(out, p, len);
    out += len;
  }
}

/* A long left part and short rest: appended in place, so that building a text
   piece by piece takes linear time. */
static RvString *join_append(RvThread *th, u32 from, u32 n, u64 total) {
  RvMachine *m = th->m;
  RvString *left = RV_AS(RvString, rv_slot(th, from));
  u64 rest = total - left->len;
  char buf[256];
  if (n == 2) {
    size_t len;
    const char *p = piece(rv_slot(th, from + 1), buf, &len);
    return rv_str_append(m, left, p, len);
  }
  if (rest <= sizeof buf) {
    copy_pieces(th, from + 1, n - 1, buf);
    return rv_str_append(m, left, buf, rest);
  }
  RvString *tail = rv_str_raw(m, rest);
  if (!tail) return NULL;
  copy_pieces(th, from + 1, n - 1, tail->bytes);
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_strv(tail));
  RvString *s = rv_str_append(m, left, tail->bytes, rest);
  rv_root_close(m, mark);
  return s;
}

/* Joins n >= 2 joinable slots into one string. */
static RvStatus join(RvThread *th, u32 from, u32 n, RvString **out) {
  RvMachine *m = th->m;
  u64 total = joined_length(th, from, n);
  if (total > RV_MAX_STRING) return rv_err(th, "string length overflow");
  RvStatus st = rv_fuel_pay(th, m, rv_fuel_bytes(total));
  if (st) return st;
  RvValue left = rv_slot(th, from);
  if (total <= RV_INTERN_MAX) {
    char buf[RV_INTERN_MAX];
    copy_pieces(th, from, n, buf);
    *out = rv_str_new(m, buf, total);
  } else if (total >= 128 && left.t == RV_STR &&
             RV_AS(RvString, left)->len >= total / 2) {
    *out = join_append(th, from, n, total);
  } else {
    *out = rv_str_raw(m, total);
    if (*out) copy_pieces(th, from, n, (*out)->bytes);
  }
  return *out ? RV_OK : RV_ERROR;
}

/* Events are needed: the operands move above the frame, where pairs collapse
   from the right. */
static RvStatus concat_begin(RvThread *th, u32 from, u32 n, u32 ret) {
  u32 at = rv_frame_top(th);
  RvStatus st = rv_stack_ensure(th, at + n + 4);
  if (st || (st = rv_frame_ensure(th))) return st;
  for (u32 i = 0; i < n; i++) rv_slot_set(th, at + i, rv_slot(th, from + i));
  th->frames[++th->fi] = (RvFrame){.kind = RV_FRAME_CONCAT,
                                   .then = RV_THEN_MARKER,
                                   .base = at,
                                   .top = at + n,
                                   .ret = ret};
  return RV_OK;
}

RvStatus rv_meta_concat(RvThread *th, u32 from, u32 n, u32 ret) {
  for (u32 i = 0; i < n; i++)
    if (!joinable(th->tag[from + i])) {
      if (n == 1) break;
      return concat_begin(th, from, n, ret);
    }
  RvString *s;
  if (n == 1) {
    rv_slot_set(th, ret, rv_slot(th, from));
    return RV_OK;
  }
  RvStatus st = join(th, from, n, &s);
  if (st == RV_OK) rv_slot_set(th, ret, rv_strv(s));
  return st;
}

static RvStatus concat_pair(RvThread *th, RvFrame *fr) {
  RvValue a = rv_slot(th, fr->top - 2), b = rv_slot(th, fr->top - 1);
  RvValue f = rv_event(th->m, a, RV_EV_CONCAT);
  if (f.t == RV_NIL) f = rv_event(th->m, b, RV_EV_CONCAT);
  if (f.t == RV_NIL) {
    u32 left = fr->top - 2 - fr->base;
    bool right = joinable(a.t);
    th->fi--; /* the error belongs to the instruction, not to the marker */
    return rv_err_concat(th, right ? b : a, right ? left + 1 : left);
  }
  return rv_call_event(th, f, a, b, fr->top - 2, 1, RV_THEN_MARKER);
}

RvStatus rv_meta_concat_step(RvThread *th) {
  for (;;) {
    RvFrame *fr = &th->frames[th->fi];
    u32 i = fr->top;
    while (i > fr->base && joinable(th->tag[i - 1])) i--;
    if (fr->top - i >= 2) {
      RvString *s;
      RvStatus st = join(th, i, fr->top - i, &s);
      if (st) return st;
      rv_slot_set(th, i, rv_strv(s));
      fr->top = i + 1;
    }
    if (fr->top - fr->base == 1) {
      rv_slot_set(th, fr->ret, rv_slot(th, fr->base));
      th->fi--;
      return RV_OK;
    }
    return concat_pair(th, fr);
  }
}

static RvStatus chain_too_long(RvThread *th, const char *event) {
  return rv_err(th, "'%s' chain too long; possible loop", event);
}

/* -- Index ------------------------------------------------------------------------------

   A table that is asked for a long string may have to read all of it, once for
   its hash and once to compare it. Each table of a chain is paid before it is
   asked (rv_fuel_pay_part), so that a chain cannot multiply unpaid work; an
   access that stops goes through the tables paid for again. */

/* An access without event is over, or about to store. */
static RvStatus index_done(RvThread *th, u64 paid, RvStatus st) {
  if (RV_UNLIKELY(paid)) rv_fuel_settle(th, paid);
  return st;
}

/* The call of the event is paid for itself. If that stops, the whole access is
   made again, and what its tables cost must count once more. */
static RvStatus index_called(RvThread *th, u64 paid, RvStatus st) {
  if (RV_UNLIKELY(paid) && st == RV_STOP) th->paid += paid;
  return st;
}

/* own: o is what the instruction indexes, and no __index of that. */
static RvStatus index_chain(RvThread *th, RvValue o, RvValue key, u32 ret,
                            bool own) {
  RvMachine *m = th->m;
  u64 each = rv_key_cost(key), paid = 0;
  for (int i = 0; i < MAX_CHAIN; i++) {
    RvValue h = rv_nil();
    if (o.t == RV_TABLE) {
      RvTable *t = RV_AS(RvTable, o);
      if (RV_UNLIKELY(each)) {
        RvStatus st = rv_fuel_pay_part(th, paid += each);
        if (st) return st;
      }
      RvValue v = rv_table_get(m, t, key);
      if (v.t == RV_NIL) h = rv_table_event(m, t, RV_EV_INDEX);
      if (v.t != RV_NIL || h.t == RV_NIL) {
        rv_slot_set(th, ret, v);
        return index_done(th, paid, RV_OK);
      }
    } else {
      h = rv_event(m, o, RV_EV_INDEX);
      if (h.t == RV_NIL) return index_done(th, paid, rv_err_index(th, o, own));
    }
    if (RV_IS_FUNC(h.t)) {
      index_done(th, paid, RV_OK);
      return index_called(th, paid,
                          rv_call_event(th, h, o, key, ret, 1, RV_THEN_EVENT));
    }
    o = h;
    own = false;
  }
  return index_done(th, paid, chain_too_long(th, "__index"));
}

RvStatus rv_meta_index(RvThread *th, RvValue o, RvValue key, u32 ret) {
  return index_chain(th, o, key, ret, true);
}

static RvStatus setindex_chain(RvThread *th, RvValue o, RvValue key, RvValue v,
                               bool own) {
  RvMachine *m = th->m;
  u64 each = rv_key_cost(key), paid = 0;
  for (int i = 0; i < MAX_CHAIN; i++) {
    RvValue h;
    if (o.t == RV_TABLE) {
      RvTable *t = RV_AS(RvTable, o);
      if (RV_UNLIKELY(each)) {
        RvStatus st = rv_fuel_pay_part(th, paid += each);
        if (st) return st;
      }
      h = rv_table_meta(m, t) && rv_table_get(m, t, key).t == RV_NIL
              ? rv_table_event(m, t, RV_EV_NEWINDEX)
              : rv_nil();
      if (h.t == RV_NIL) {
        index_done(th, paid, RV_OK);
        return rv_table_set(m, t, key, v);
      }
    } else {
      h = rv_event(m, o, RV_EV_NEWINDEX);
      if (h.t == RV_NIL) return index_done(th, paid, rv_err_index(th, o, own));
    }
    if (RV_IS_FUNC(h.t)) {
      index_done(th, paid, RV_OK);
      return index_called(th, paid, rv_call_event3(th, h, o, key, v));
    }
    o = h;
    own = false;
  }
  return index_done(th, paid, chain_too_long(th, "__newindex"));
}

RvStatus rv_meta_setindex(RvThread *th, RvValue o, RvValue key, RvValue v) {
  return setindex_chain(th, o, key, v, true);
}

static RvString *cache_key(const RvProto *p, u32 slot) {
  return (RvString *)(uintptr_t)p->k[-1 - (i64)p->f->cache_key[slot]];
}

static RvCache *cache_at(RvProto *p, u32 slot) {
  return rv_feedback_has(p) ? &p->fb[slot] : NULL;
}

/* Fields with names so long that they cost fuel are never cached: a hit would
   not pay, and what is paid must not depend on caches. */
static bool is_cached(const RvString *key) {
  return rv_fuel_bytes(key->len) == 0;
}

/* A value that is no table, but whose fields are those of the table under
   __index: then the cache serves as if that were asked. */
static RvValue stand_in(RvMachine *m, RvValue o) {
  RvTable *meta = o.t == RV_STR ? m->type_meta[RV_STR] : NULL;
  RvValue t = meta ? rv_meta_event(m, meta, RV_EV_INDEX) : rv_nil();
  return t.t == RV_TABLE ? t : o;
}

static bool cache_hit(const RvCache *c, const RvTable *t, RvValue *v) {
  if (c->shape != t->h.shape || c->kind != RV_CACHE_OWN) return false;
  *v = rv_value(t->props[-1 - (i64)c->slot], ((u8 *)t->props)[c->slot]);
  return v->t != RV_NIL;
}

RvStatus rv_meta_getfield(RvThread *th, RvProto *p, u32 slot, RvValue o,
                          u32 ret) {
  RvString *key = cache_key(p, slot);
  RvCache *c = cache_at(p, slot);
  RvValue v;
  if (o.t != RV_TABLE && c && is_cached(key)) {
    o = stand_in(th->m, o);
    if (o.t == RV_TABLE && cache_hit(c, RV_AS(RvTable, o), &v)) {
      rv_slot_set(th, ret, v);
      return RV_OK;
    }
  }
  if (o.t != RV_TABLE || !c || !is_cached(key))
    return rv_meta_index(th, o, rv_strv(key), ret);
  RvTable *holder;
  if (rv_cache_get(th->m, p, c, RV_AS(RvTable, o), key, &v, &holder)) {
    rv_slot_set(th, ret, v);
    return RV_OK;
  }
  if (RV_IS_FUNC(v.t))
    return rv_call_event(th, v, rv_obj(holder, RV_TABLE), rv_strv(key), ret, 1,
                         RV_THEN_EVENT);
  if (v.t == RV_TABLE) return chain_too_long(th, "__index");
  return index_chain(th, v, rv_strv(key), ret, false);
}

RvStatus rv_meta_setfield(RvThread *th, RvProto *p, u32 slot, RvValue o,
                          RvValue v) {
  RvString *key = cache_key(p, slot);
  RvCache *c = cache_at(p, slot);
  if (o.t != RV_TABLE || !is_cached(key))
    return rv_meta_setindex(th, o, rv_strv(key), v);
  bool done;
  RvValue h;
  RvStatus st = rv_cache_set(th->m, p, c, RV_AS(RvTable, o), key, v, &done, &h);
  if (st || done) return st;
  if (RV_IS_FUNC(h.t)) return rv_call_event3(th, h, o, rv_strv(key), v);
  return setindex_chain(th, h, rv_strv(key), v, false);
}

/* Nils that `next` passes over for one unit. */
#define NILS 64u

RvStatus rv_meta_next(RvThread *th, const RvTable *t, RvValue key, RvValue *k,
                      RvValue *v) {
  RvMachine *m = th->m;
  u64 cost = rv_key_cost(key), nils;
  RvStatus st;
  if (RV_UNLIKELY(cost) && (st = rv_fuel_pay_part(th, cost))) return st;
  if ((st = rv_table_next_counted(m, t, key, k, v, &nils)))
    return index_done(th, cost, st);
  return rv_fuel_pay(th, m, cost + nils / NILS);
}

RvStatus rv_meta_gfor_next(RvThread *th, u32 at, u32 want) {
  RvMachine *m = th->m;
  const RvTable *t = RV_AS(RvTable, rv_slot(th, at + 1));
  RvValue key = rv_slot(th, at + 2), k, v;
  u64 nils;
  RvStatus st;
  if (rv_key_cost(key) == 0 &&
      rv_table_next_counted(m, t, key, &k, &v, &nils) == RV_OK) {
    if ((st = rv_fuel_pay(th, m, 1 + nils / NILS))) return st;
    rv_slot_set(th, at + 4, k);
    if (want > 1) rv_slot_set(th, at + 5, v);
    for (u32 i = 2; i < want; i++) rv_slot_set(th, at + 4 + i, rv_nil());
    return RV_OK;
  }
  /* The call raises the error, from its own place. */
  th->err = rv_nil();
  if ((st = rv_fuel_pay(th, m, 1))) return st;
  return rv_op_gfor_call(th, at, want);
}

/* -- Comparisons ------------------------------------------------------------------------- */

bool rv_raw_equal(RvValue a, RvValue b) {
  if (a.t != b.t) {
    if ((a.t | b.t) != RV_FLT) return false;
    return a.t == RV_INT ? rv_num_eq_if((i64)a.p, rv_u2d(b.p))
                         : rv_num_eq_if((i64)b.p, rv_u2d(a.p));
  }
  if (a.t == RV_FLT) return rv_u2d(a.p) == rv_u2d(b.p);
  if (a.t == RV_STR) return rv_str_eq(RV_AS(RvString, a), RV_AS(RvString, b));
  return a.p == b.p;
}

static bool number_less(RvCmp cmp, RvValue a, RvValue b) {
  bool le = cmp == RV_CMP_LE;
  if (a.t == RV_INT && b.t == RV_INT)
    return le ? (i64)a.p <= (i64)b.p : (i64)a.p < (i64)b.p;
  if (a.t == RV_FLT && b.t == RV_FLT)
    return le ? rv_u2d(a.p) <= rv_u2d(b.p) : rv_u2d(a.p) < rv_u2d(b.p);
  if (a.t == RV_INT)
    return le ? rv_num_le_if((i64)a.p, rv_u2d(b.p))
              : rv_num_lt_if((i64)a.p, rv_u2d(b.p));
  return le ? rv_num_le_fi(rv_u2d(a.p), (i64)b.p)
            : rv_num_lt_fi(rv_u2d(a.p), (i64)b.p);
}

static RvStatus call_compare(RvThread *th, RvValue f, RvValue a, RvValue b,
                             u8 then, u32 ret) {
  return rv_call_event(th, f, a, b, ret, 1, then);
}

static RvStatus compare_eq(RvThread *th, RvValue a, RvValue b, u8 then, u32 ret,
                           bool *r) {
  *r = rv_raw_equal(a, b);
  if (*r || a.t != b.t || (a.t != RV_TABLE && a.t != RV_USERDATA)) return RV_OK;
  RvValue f = rv_event(th->m, a, RV_EV_EQ);
  if (f.t == RV_NIL) f = rv_event(th->m, b, RV_EV_EQ);
  return f.t == RV_NIL ? RV_OK : call_compare(th, f, a, b, then, ret);
}

RvStatus rv_meta_raw_equal(RvThread *th, RvValue a, RvValue b, bool *r) {
  RvStatus st = rv_fuel_pay(th, th->m, rv_compare_cost(a, b, true));
  if (st == RV_OK) *r = rv_raw_equal(a, b);
  return st;
}

RvStatus rv_meta_compare(RvThread *th, RvCmp cmp, RvValue a, RvValue b, u8 then,
                         u32 ret, bool *r) {
  *r = false;
  u64 cost = rv_compare_cost(a, b, cmp == RV_CMP_EQ);
  RvStatus st = rv_fuel_pay(th, th->m, cost);
  if (st) return st;
  if (cmp == RV_CMP_EQ) return compare_eq(th, a, b, then, ret, r);
  if (RV_IS_NUM(a.t) && RV_IS_NUM(b.t)) {
    *r = number_less(cmp, a, b);
    return RV_OK;
  }
  if (a.t == RV_STR && b.t == RV_STR) {
    int c = rv_str_cmp(RV_AS(RvString, a), RV_AS(RvString, b));
    *r = cmp == RV_CMP_LT ? c < 0 : c <= 0;
    return RV_OK;
  }
  RvName e = cmp == RV_CMP_LT ? RV_EV_LT : RV_EV_LE;
  RvValue f = rv_event(th->m, a, e);
  if (f.t == RV_NIL) f = rv_event(th->m, b, e);
  if (f.t != RV_NIL) return call_compare(th, f, a, b, then, ret);
  /* a <= b as not b < a, as it was before Lua 5.4 */
  if (e == RV_EV_LE) f = rv_event(th->m, b, RV_EV_LT);
  if (e == RV_EV_LE && f.t == RV_NIL) f = rv_event(th->m, a, RV_EV_LT);
  if (f.t == RV_NIL) return rv_err_compare(th, a, b);
  return call_compare(th, f, b, a, then | RV_FRAME_INVERT, ret);
}

/* -- Numeric loop --------------------------------------------------------------------------- */

static RvStatus for_error(RvThread *th, const char *what, RvValue v) {
  return rv_err(th, "bad 'for' %s (number expected, got %s)", what,
                rv_err_typename(th->m, v));
}

/* A number, or a text that spells one; anything else stays as it is. */
static RvValue for_number(RvValue v) {
  RvValue n;
  if (v.t != RV_STR) return v;
  const RvString *s = RV_AS(RvString, v);
  return rv_num_parse(rv_str_data(s), s->len, &n) ? n : v;
}

/* Limit of an integer loop: a float is clipped; *none when no step can be
   taken. */
static RvStatus int_limit(RvThread *th, RvValue lim, i64 start, i64 step,
                          i64 *out, bool *none) {
  RvValue given = lim;
  *none = false;
  lim = for_number(lim);
  if (lim.t == RV_INT) {
    *out = (i64)lim.p;
  } else if (lim.t == RV_FLT) {
    double d = rv_u2d(lim.p);
    if (!rv_num_f2i_mode(d, out, step < 0 ? RV_ROUND_CEIL : RV_ROUND_FLOOR)) {
      if (d > 0) { /* beyond all integers; NaN falls into the other arm */
        *none = step < 0;
        *out = INT64_MAX;
      } else {
        *none = step > 0 || d != d;
        *out = INT64_MIN;
      }
    }
  } else {
    return for_error(th, "limit", given);
  }
  if (step > 0 ? start > *out : start < *out) *none = true;
  return RV_OK;
}

/* Control slots of an integer loop: the current value, the number of steps left
   (unsigned) and the step, all integers. */
static RvStatus for_int(RvThread *th, u32 at, bool *run) {
  i64 start = (i64)th->pay[at], step = (i64)th->pay[at + 2], limit;
  bool none;
  if (step == 0) return rv_err(th, "'for' step is zero");
  RvStatus st = int_limit(th, rv_slot(th, at + 1), start, step, &limit, &none);
  if (st) return st;
  *run = !none;
  if (none) return RV_OK;
  u64 count = step > 0 ? (u64)limit - (u64)start : (u64)start - (u64)limit;
  count /= step > 0 ? (u64)step : (u64)(-(step + 1)) + 1u;
  rv_slot_set(th, at + 1, rv_value(count, RV_INT));
  rv_slot_set(th, at + 3, rv_int(start));
  return RV_OK;
}

static u64 text_length(RvValue v) {
  return v.t == RV_STR ? RV_AS(RvString, v)->len : 0;
}

/* A text as start or step makes the loop one of floats, whatever it spells: so
   does PUC's Lua. */
RvStatus rv_for_prepare(RvThread *th, u32 at, bool *run) {
  RvValue start = rv_slot(th, at), limit = rv_slot(th, at + 1),
          step = rv_slot(th, at + 2);
  u64 texts = text_length(start) + text_length(limit) + text_length(step);
  RvStatus st = rv_fuel_pay(th, th->m, rv_fuel_bytes(texts));
  if (st) return st;
  if (start.t == RV_INT && step.t == RV_INT) return for_int(th, at, run);
  RvValue v;
  if (!RV_IS_NUM((v = for_number(limit)).t))
    return for_error(th, "limit", limit);
  double l = to_flt(v);
  if (!RV_IS_NUM((v = for_number(step)).t)) return for_error(th, "step", step);
  double d = to_flt(v);
  if (!RV_IS_NUM((v = for_number(start)).t))
    return for_error(th, "initial value", start);
  double s = to_flt(v);
  if (d == 0) return rv_err(th, "'for' step is zero");
  *run = !(d > 0 ? l < s : s < l); /* once when one of them is NaN */
  if (!*run) return RV_OK;
  rv_slot_set(th, at, rv_flt(s));
  rv_slot_set(th, at + 1, rv_flt(l));
  rv_slot_set(th, at + 2, rv_flt(d));
  rv_slot_set(th, at + 3, rv_flt(s));
  return RV_OK;
}
