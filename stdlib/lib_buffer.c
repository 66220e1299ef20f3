/* SPDX-License-Identifier: MIT */
/* Builtins "buffer": byte buffers. Offsets count from 0; numbers lie in them in
   little-endian order, whatever the host. */
#include "stdlib/lib.h"

/* Longest buffer; a length always fits an int64 and a size. */
#define MAX_LEN ((u64)1 << 40)

/* Whole buffers are filled and copied in steps of this many bytes, each paid
   by itself; kept slot 0 counts the bytes done. */
#define STEP 65536u

/* -- Checks --------------------------------------------------------------- */

static RvStatus out_of_bounds(RvNativeCtx *c, u64 n, i64 at, u64 len) {
  return rv_err(c->th, "buffer access out of bounds (offset %lld, %llu bytes, "
                "length %llu)", (long long)at, (unsigned long long)n,
                (unsigned long long)len);
}

/* The n bytes at offset `at` lie inside. */
RV_INLINE bool inside(u64 n, i64 at, u64 len) {
  return n <= len && (u64)at <= len - n;
}

/* A range given as offset and length, arguments i and i + 1; by default all
   from the offset on, and offset 0. */
static RvStatus arg_range(RvNativeCtx *c, u32 i, u64 len, u64 *at, u64 *n) {
  i64 first, count;
  RvStatus st = rv_lib_optint(c, i, 0, &first);
  if (st) return st;
  if ((u64)first > len) return out_of_bounds(c, 0, first, len);
  if ((st = rv_lib_optint(c, i + 1, (i64)(len - (u64)first), &count)))
    return st;
  if (count < 0 || !inside((u64)count, first, len))
    return out_of_bounds(c, (u64)count, first, len);
  *at = (u64)first;
  *n = (u64)count;
  return RV_OK;
}

static RvStatus arg_len(RvNativeCtx *c, u32 i, u64 *len) {
  i64 n;
  RvStatus st = rv_arg_int(c, i, &n);
  if (st) return st;
  if ((u64)n > MAX_LEN) return rv_lib_argerr(c, i, "length out of range");
  *len = (u64)n;
  return RV_OK;
}

/* -- Length --------------------------------------------------------------- */

/* The ledger is charged for growth. */
RvStatus rv_lib_buf_cap(RvMachine *m, RvBuffer *b, u64 cap) {
  u64 more = cap > b->cap ? cap - b->cap : 0;
  u8 *data = NULL;
  if (cap && !(data = rv_heap_regrow(m, b->data, b->cap, cap, more)))
    return RV_ERROR;
  b->data = data;
  b->cap = cap;
  rv_barrier(m, b, RV_BUFFER); /* a new part */
  return RV_OK;
}

RvStatus rv_lib_buf_make(RvNativeCtx *c, u64 n, RvBuffer **out) {
  RvStatus st = rv_lib_keep(c, 1);
  if (st) return st;
  RvBuffer *b = rv_heap_new(c->m, sizeof *b, RV_LSIZE_BUFFER(0), RV_BUFFER);
  if (!b) return RV_ERROR;
  b->data = NULL;
  b->len = b->cap = 0;
  rv_lib_put(c, 0, rv_obj(b, RV_BUFFER));
  if ((st = rv_lib_buf_cap(c->m, b, n))) return st;
  b->len = n;
  *out = b;
  return RV_OK;
}

/* new(len): of zeros. */
static RvStatus buf_new(RvNativeCtx *c) {
  u64 n;
  RvBuffer *b;
  RvStatus st;
  if ((st = arg_len(c, 0, &n)) ||
      (st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(n))) ||
      (st = rv_lib_buf_make(c, n, &b)))
    return st;
  if (n) memset(b->data, 0, n);
  return rv_native_ret(c, rv_obj(b, RV_BUFFER));
}

static RvStatus buf_len(RvNativeCtx *c) {
  RvBuffer *b;
  RvStatus st = rv_lib_buf(c, 0, &b);
  return st ? st : rv_native_ret(c, rv_int((i64)b->len));
}

/* resize(b, len): new bytes are zeros. */
static RvStatus buf_resize(RvNativeCtx *c) {
  RvBuffer *b;
  u64 n;
  RvStatus st;
  if ((st = rv_lib_buf(c, 0, &b)) || (st = arg_len(c, 1, &n))) return st;
  if (b->h.flags & 1)
    return rv_lib_argerr(c, 0, "in use by the host, cannot be resized");
  u64 touched = n > b->len ? n : b->cap >= 2 * n ? n : 0;
  if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(touched)))) return st;
  if (n > b->cap) {
    /* Half as much again, so that growing by bits is linear altogether. */
    u64 cap = b->cap + b->cap / 2;
    if ((st = rv_lib_buf_cap(c->m, b, n > cap ? n : cap))) return st;
  }
  if (n > b->len) memset(b->data + b->len, 0, n - b->len);
  u64 len = b->len;
  b->len = n;
  /* A buffer that lost half its bytes gives them back; without memory for the
     smaller block it keeps the larger one. */
  if (n < len && b->cap > 64 && b->cap / 2 >= n && rv_lib_buf_cap(c->m, b, n))
    c->th->err = rv_nil();
  return rv_native_ret(c, rv_arg(c, 0));
}

/* -- Bytes in bulk -------------------------------------------------------- */

static RvStatus begin_steps(RvNativeCtx *c, u64 *done) {
  RvStatus st = rv_lib_keep(c, 1);
  if (st) return st;
  if (c->state == 0) rv_lib_put(c, 0, rv_int(0));
  c->state = 1;
  if (rv_lib_kept(c, 0).t != RV_INT) return rv_lib_corrupt(c);
  *done = rv_lib_kept(c, 0).p;
  return RV_OK;
}

static RvStatus pay_step(RvNativeCtx *c, u64 done, u64 n, u64 *step) {
  *step = n - done < STEP ? n - done : STEP;
  return rv_fuel_pay(c->th, c->m, rv_fuel_bytes(*step));
}

/* fill(b, byte, offset = 0, n = rest) */
static RvStatus buf_fill(RvNativeCtx *c) {
  RvBuffer *b;
  i64 byte;
  u64 at, n, done, step;
  RvStatus st;
  if ((st = rv_lib_buf(c, 0, &b)) || (st = rv_arg_int(c, 1, &byte)) ||
      (st = arg_range(c, 2, b->len, &at, &n)) || (st = begin_steps(c, &done)))
    return st;
  while (done < n) {
    if ((st = pay_step(c, done, n, &step))) return st;
    memset(b->data + at + done, (u8)byte, step);
    done += step;
    rv_lib_put(c, 0, rv_int((i64)done));
  }
  return rv_native_ret(c, rv_obj(b, RV_BUFFER));
}

/* Bytes of argument i, a buffer or a string. */
static RvStatus arg_bytes(RvNativeCtx *c, u32 i, const u8 **p, u64 *len) {
  RvValue v = rv_arg(c, i);
  if (v.t == RV_BUFFER) {
    *p = RV_AS(RvBuffer, v)->data;
    *len = RV_AS(RvBuffer, v)->len;
    return RV_OK;
  }
  if (v.t == RV_STR) {
    *p = (const u8 *)rv_str_data(RV_AS(RvString, v));
    *len = RV_AS(RvString, v)->len;
    return RV_OK;
  }
  return rv_native_badarg(c, i, "buffer or string");
}

/* copy(dst, at, src, offset = 0, n = rest): as if through a third place. */
static RvStatus buf_copy(RvNativeCtx *c) {
  RvBuffer *b;
  const u8 *src;
  i64 to;
  u64 len, from, n, done, step;
  RvStatus st;
  if ((st = rv_lib_buf(c, 0, &b)) || (st = rv_arg_int(c, 1, &to)) ||
      (st = arg_bytes(c, 2, &src, &len)) ||
      (st = arg_range(c, 3, len, &from, &n)))
    return st;
  if (!inside(n, to, b->len)) return out_of_bounds(c, n, to, b->len);
  if ((st = begin_steps(c, &done))) return st;
  /* Within one buffer upwards: the steps go from the end down. */
  bool down = src == b->data && (u64)to > from;
  while (done < n) {
    if ((st = pay_step(c, done, n, &step))) return st;
    u64 off = down ? n - done - step : done;
    memmove(b->data + to + off, src + from + off, step);
    done += step;
    rv_lib_put(c, 0, rv_int((i64)done));
  }
  return rv_native_ret(c, rv_obj(b, RV_BUFFER));
}

/* tostring(b, offset = 0, n = rest) */
static RvStatus buf_tostring(RvNativeCtx *c) {
  RvBuffer *b;
  u64 at, n;
  RvOut o;
  RvStatus st;
  if ((st = rv_lib_buf(c, 0, &b)) || (st = arg_range(c, 1, b->len, &at, &n)) ||
      (st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(n))) ||
      (st = rv_lib_out(c, &o, n)))
    return st;
  if (n) memcpy(o.p, b->data + at, n);
  return rv_lib_out_done(c, &o);
}

static RvStatus buf_fromstring(RvNativeCtx *c) {
  RvString *s;
  RvBuffer *b;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) ||
      (st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(s->len))) ||
      (st = rv_lib_buf_make(c, s->len, &b)))
    return st;
  if (s->len) memcpy(b->data, rv_str_data(s), s->len);
  return rv_native_ret(c, rv_obj(b, RV_BUFFER));
}

/* -- Numbers -------------------------------------------------------------- */

/* n bytes at p, the least first. */
RV_INLINE u64 load_le(const u8 *p, u32 n) {
  u64 v = 0;
  for (u32 i = 0; i < n; i++) v |= (u64)p[i] << 8 * i;
  return v;
}

RV_INLINE void store_le(u8 *p, u32 n, u64 v) {
  for (u32 i = 0; i < n; i++) p[i] = (u8)(v >> 8 * i);
}

/* Address of the n bytes at offset, argument 1, of buffer, argument 0. */
RV_INLINE RvStatus arg_place(RvNativeCtx *c, u32 n, u8 **p) {
  RvBuffer *b;
  i64 at;
  RvStatus st;
  if ((st = rv_lib_buf(c, 0, &b)) || (st = rv_arg_int(c, 1, &at))) return st;
  if (!inside(n, at, b->len)) return out_of_bounds(c, n, at, b->len);
  *p = b->data + at;
  return RV_OK;
}

static RvStatus get_int(RvNativeCtx *c, u32 n, bool is_signed) {
  u8 *p;
  RvStatus st = arg_place(c, n, &p);
  if (st) return st;
  u64 v = load_le(p, n);
  u32 spare = 64 - 8 * n;
  if (is_signed) v = (u64)((i64)(v << spare) >> spare);
  return rv_native_ret(c, rv_int((i64)v));
}

/* Only the low bytes count. Gives the buffer, so that sets can be chained. */
static RvStatus set_int(RvNativeCtx *c, u32 n) {
  u8 *p;
  i64 v;
  RvStatus st;
  if ((st = arg_place(c, n, &p)) || (st = rv_arg_int(c, 2, &v))) return st;
  store_le(p, n, (u64)v);
  return rv_native_ret(c, rv_arg(c, 0));
}

#define RV_BUF_INT(type, bytes, is_signed)                                     \
  static RvStatus buf_get##type(RvNativeCtx *c) {                              \
    return get_int(c, bytes, is_signed);                                       \
  }                                                                            \
  static RvStatus buf_set##type(RvNativeCtx *c) { return set_int(c, bytes); }
RV_BUF_INT(u8, 1, false)
RV_BUF_INT(i8, 1, true)
RV_BUF_INT(u16, 2, false)
RV_BUF_INT(i16, 2, true)
RV_BUF_INT(u32, 4, false)
RV_BUF_INT(i32, 4, true)
RV_BUF_INT(u64, 8, false)
RV_BUF_INT(i64, 8, true)
#undef RV_BUF_INT

static RvStatus buf_getf32(RvNativeCtx *c) {
  u8 *p;
  RvStatus st = arg_place(c, 4, &p);
  if (st) return st;
  u32 bits = (u32)load_le(p, 4);
  float f;
  memcpy(&f, &bits, 4);
  return rv_native_ret(c, rv_value(rv_num_canon(rv_d2u((double)f)), RV_FLT));
}

static RvStatus buf_getf64(RvNativeCtx *c) {
  u8 *p;
  RvStatus st = arg_place(c, 8, &p);
  if (st) return st;
  return rv_native_ret(c, rv_value(rv_num_canon(load_le(p, 8)), RV_FLT));
}

static RvStatus buf_setf32(RvNativeCtx *c) {
  u8 *p;
  double d;
  RvStatus st;
  if ((st = arg_place(c, 4, &p)) || (st = rv_lib_flt(c, 2, &d))) return st;
  float f = (float)d;
  u32 bits;
  memcpy(&bits, &f, 4);
  store_le(p, 4, d != d ? 0x7fc00000u : bits);
  return rv_native_ret(c, rv_arg(c, 0));
}

static RvStatus buf_setf64(RvNativeCtx *c) {
  u8 *p;
  double d;
  RvStatus st;
  if ((st = arg_place(c, 8, &p)) || (st = rv_lib_flt(c, 2, &d))) return st;
  store_le(p, 8, rv_num_canon(rv_d2u(d)));
  return rv_native_ret(c, rv_arg(c, 0));
}

static const RvNativeDef defs[] = {
  {"buffer.new", 1, 0, buf_new},
  {"buffer.len", 1, 0, buf_len},
  {"buffer.resize", 1, 0, buf_resize},
  {"buffer.fill", 1, 0, buf_fill},
  {"buffer.copy", 1, 0, buf_copy},
  {"buffer.tostring", 1, 0, buf_tostring},
  {"buffer.fromstring", 1, 0, buf_fromstring},
  {"buffer.getu8", 1, 0, buf_getu8},
  {"buffer.geti8", 1, 0, buf_geti8},
  {"buffer.getu16", 1, 0, buf_getu16},
  {"buffer.geti16", 1, 0, buf_geti16},
  {"buffer.getu32", 1, 0, buf_getu32},
  {"buffer.geti32", 1, 0, buf_geti32},
  {"buffer.getu64", 1, 0, buf_getu64},
  {"buffer.geti64", 1, 0, buf_geti64},
  {"buffer.getf32", 1, 0, buf_getf32},
  {"buffer.getf64", 1, 0, buf_getf64},
  {"buffer.setu8", 1, 0, buf_setu8},
  {"buffer.seti8", 1, 0, buf_seti8},
  {"buffer.setu16", 1, 0, buf_setu16},
  {"buffer.seti16", 1, 0, buf_seti16},
  {"buffer.setu32", 1, 0, buf_setu32},
  {"buffer.seti32", 1, 0, buf_seti32},
  {"buffer.setu64", 1, 0, buf_setu64},
  {"buffer.seti64", 1, 0, buf_seti64},
  {"buffer.setf32", 1, 0, buf_setf32},
  {"buffer.setf64", 1, 0, buf_setf64},
};
const RvLib rv_lib_buffer = {defs, sizeof defs / sizeof *defs};
