/* SPDX-License-Identifier: MIT */
/* Builtins "string": bytes of strings. Letters are those of ASCII. */
#include "stdlib/lib.h"

#include "vm/strops.h"

/* Arguments 0 (string) and the fuel for reading all of it. */
static RvStatus arg_whole(RvNativeCtx *c, RvString **s) {
  RvStatus st = rv_lib_str(c, 0, s);
  if (st) return st;
  return rv_fuel_pay(c->th, c->m, rv_fuel_bytes((*s)->len));
}

static RvStatus str_len(RvNativeCtx *c) {
  RvString *s;
  RvStatus st = rv_lib_str(c, 0, &s);
  return st ? st : rv_native_ret(c, rv_int(s->len));
}

/* byte(s, i = 1, j = i): as many results as there are bytes. */
static RvStatus str_byte(RvNativeCtx *c) {
  RvString *s;
  i64 i, j;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) || (st = rv_lib_optint(c, 1, 1, &i)) ||
      (st = rv_lib_optint(c, 2, i, &j)))
    return st;
  u64 from = rv_lib_first(i, s->len), to = rv_lib_last(j, s->len);
  u64 n = from > to ? 0 : to - from + 1;
  if (n >= c->m->max_slots)
    return rv_err(c->th, "string slice too long");
  if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(n * 9))) ||
      (st = rv_lib_keep(c, (u32)n)))
    return st;
  const char *p = rv_str_data(s) + from - 1;
  for (u32 k = 0; k < n; k++) rv_lib_put(c, k, rv_int((u8)p[k]));
  c->res = rv_lib_at(c, 0);
  c->nres = (u32)n;
  return RV_OK;
}

static RvStatus str_char(RvNativeCtx *c) {
  RvOut o;
  i64 b;
  RvStatus st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(c->nargs));
  if (st) return st;
  /* First all checks: a check may allocate an error text. */
  for (u32 i = 0; i < c->nargs; i++) {
    if ((st = rv_arg_int(c, i, &b))) return st;
    if ((u64)b > 255) return rv_lib_argerr(c, i, "value out of range");
    rv_slot_set(c->th, c->base + i, rv_int(b));
  }
  if ((st = rv_lib_out(c, &o, c->nargs))) return st;
  for (u32 i = 0; i < c->nargs; i++)
    o.p[i] = (char)rv_slot(c->th, c->base + i).p;
  return rv_lib_out_done(c, &o);
}

/* sub(s, i, j = -1) */
static RvStatus str_sub(RvNativeCtx *c) {
  RvString *s;
  i64 i, j;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) || (st = rv_arg_int(c, 1, &i)) ||
      (st = rv_lib_optint(c, 2, -1, &j)))
    return st;
  u64 from = rv_lib_first(i, s->len), to = rv_lib_last(j, s->len);
  if (from > to) return rv_native_ret(c, rv_strv(c->m->empty));
  u64 n = to - from + 1;
  if (n == s->len) return rv_native_ret(c, rv_strv(s));
  if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(n)))) return st;
  return rv_lib_retstr(c, rv_str_data(s) + from - 1, n);
}

/* -- Searching ---------------------------------------------------------------
   A search goes on in steps that are paid one by one: the first is free and
   short, so that splitting a long text into words costs what the words cost.
   Kept slot 0 holds the bytes already searched. */
#define FIRST_STEP 4095u
#define STEP 65536u

/* Bytes of the next step, paid for; *done says how many went before. A step is
   no shorter than `wlen`, the length of what is looked for: the rest is then
   one step, since overlapping steps would cost wlen each. */
static RvStatus next_step(RvNativeCtx *c, u64 left, u64 wlen, u64 *done,
                          u64 *n) {
  RvValue kept = rv_lib_kept(c, 0);
  if (kept.t != RV_INT) return rv_lib_corrupt(c);
  *done = kept.p;
  if (*done > left) *done = left;
  left -= *done;
  *n = *done ? STEP : FIRST_STEP;
  if (*n > left || *n < wlen) *n = left;
  u64 bytes = *n && wlen > FIRST_STEP ? *n + wlen : *n;
  return rv_fuel_pay(c->th, c->m, rv_fuel_bytes(bytes));
}

static RvStatus start_search(RvNativeCtx *c) {
  RvStatus st = rv_lib_keep(c, 1);
  if (st) return st;
  if (c->state == 0) {
    rv_lib_put(c, 0, rv_int(0));
    c->state = 1;
  }
  return RV_OK;
}

/* find(s, text, init = 1): first and last position of the text, or nil. */
RvStatus rv_lib_find_plain(RvNativeCtx *c) {
  RvString *s, *w;
  i64 init;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) || (st = rv_lib_str(c, 1, &w)) ||
      (st = rv_lib_optint(c, 2, 1, &init)) || (st = start_search(c)))
    return st;
  u64 from = rv_lib_first(init, s->len) - 1;
  if (from > s->len || w->len > s->len - from)
    return rv_native_ret(c, rv_nil());
  const char *p = rv_str_data(s) + from, *word = rv_str_data(w);
  /* Places where the text could begin. */
  u64 places = s->len - from - w->len + 1, done, n;
  for (;;) {
    if ((st = next_step(c, places, w->len, &done, &n))) return st;
    if (n == 0) return rv_native_ret(c, rv_nil());
    const char *hit = rv_mem_find(p + done, n + w->len - 1, word,
                                  w->len);
    if (hit) {
      u64 at = from + (u64)(hit - p) + 1;
      rv_slot_set(c->th, c->base, rv_int((i64)at));
      rv_slot_set(c->th, c->base + 1, rv_int((i64)(at + w->len - 1)));
      c->res = c->base;
      c->nres = 2;
      return RV_OK;
    }
    rv_lib_put(c, 0, rv_int((i64)(done + n)));
  }
}

/* span and cspan(s, set, init = 1): position of the first byte that is not
   (is) in the set, len + 1 when there is none. */
static RvStatus scan(RvNativeCtx *c, bool in) {
  RvString *s, *set;
  i64 init;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) || (st = rv_lib_str(c, 1, &set)) ||
      (st = rv_lib_optint(c, 2, 1, &init)) || (st = start_search(c)))
    return st;
  /* A set longer than all bytes there are repeats itself, and is paid. */
  if (c->state == 1) {
    if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(set->len)))) return st;
    c->state = 2;
  }
  u64 member[4] = {0};
  const char *p = rv_str_data(set);
  for (u32 i = 0; i < set->len; i++)
    member[(u8)p[i] >> 6] |= 1ull << ((u8)p[i] & 63);
  u64 from = rv_lib_first(init, s->len) - 1, done, n;
  if (from > s->len) from = s->len;
  p = rv_str_data(s) + from;
  for (;;) {
    if ((st = next_step(c, s->len - from, 0, &done, &n))) return st;
    for (u64 i = done; i < done + n; i++) {
      u8 b = (u8)p[i];
      if ((member[b >> 6] >> (b & 63) & 1) == in)
        return rv_native_ret(c, rv_int((i64)(from + i + 1)));
    }
    if (n == 0) return rv_native_ret(c, rv_int((i64)s->len + 1));
    rv_lib_put(c, 0, rv_int((i64)(done + n)));
  }
}

static RvStatus str_span(RvNativeCtx *c) { return scan(c, false); }
static RvStatus str_cspan(RvNativeCtx *c) { return scan(c, true); }

/* -- New strings ---------------------------------------------------------- */

/* rep(s, n, sep = "") */
static RvStatus str_rep(RvNativeCtx *c) {
  RvString *s, *sep = c->m->empty;
  i64 n;
  RvOut o;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) || (st = rv_arg_int(c, 1, &n))) return st;
  if (rv_arg(c, 2).t != RV_NIL && (st = rv_lib_str(c, 2, &sep))) return st;
  u64 unit = (u64)s->len + sep->len;
  if (n <= 0 || unit == 0) return rv_native_ret(c, rv_strv(c->m->empty));
  if ((u64)n > (RV_MAX_STRING + (u64)sep->len) / unit)
    return rv_err(c->th, "resulting string too large");
  u64 len = (u64)n * unit - sep->len;
  if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(len))) ||
      (st = rv_lib_out(c, &o, len)))
    return st;
  const char *p = rv_str_data(s), *q = rv_str_data(sep);
  if (unit == 1) {
    memset(o.p, s->len ? *p : *q, len);
    return rv_lib_out_done(c, &o);
  }
  memcpy(o.p, p, s->len);
  u64 have = s->len;
  if (have < len) {
    memcpy(o.p + have, q, sep->len);
    have += sep->len;
  }
  /* What is there is a whole number of units: double it. */
  while (have < len) {
    u64 more = have < len - have ? have : len - have;
    memcpy(o.p + have, o.p, more);
    have += more;
  }
  return rv_lib_out_done(c, &o);
}

static RvStatus str_reverse(RvNativeCtx *c) {
  RvString *s;
  RvOut o;
  RvStatus st;
  if ((st = arg_whole(c, &s)) || (st = rv_lib_out(c, &o, s->len))) return st;
  const char *p = rv_str_data(s);
  for (u32 i = 0; i < s->len; i++) o.p[i] = p[s->len - 1 - i];
  return rv_lib_out_done(c, &o);
}

/* Changes the case of the letters from `first` to `first` + 25. */
static RvStatus change_case(RvNativeCtx *c, char first) {
  RvString *s;
  RvOut o;
  RvStatus st;
  if ((st = arg_whole(c, &s)) || (st = rv_lib_out(c, &o, s->len))) return st;
  const char *p = rv_str_data(s);
  for (u32 i = 0; i < s->len; i++) {
    u8 b = (u8)p[i];
    o.p[i] = (char)(b ^ ((u8)(b - (u8)first) < 26 ? 0x20 : 0));
  }
  return rv_lib_out_done(c, &o);
}

static RvStatus str_upper(RvNativeCtx *c) { return change_case(c, 'a'); }
static RvStatus str_lower(RvNativeCtx *c) { return change_case(c, 'A'); }

/* compare(a, b): -1, 0 or 1, by bytes. */
static RvStatus str_compare(RvNativeCtx *c) {
  RvString *a, *b;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &a)) || (st = rv_lib_str(c, 1, &b)) ||
      (st = rv_fuel_pay(c->th, c->m,
                        rv_fuel_bytes(a->len < b->len ? a->len : b->len))))
    return st;
  int r = rv_str_cmp(a, b);
  return rv_native_ret(c, rv_int((r > 0) - (r < 0)));
}

/* -- Numbers -------------------------------------------------------------- */

static bool is_blank(char b) { return b == ' ' || (b >= '\t' && b <= '\r'); }

/* Value of a digit in some base up to 36; 99 for anything else. */
static u32 digit_of(char b) {
  if (b >= '0' && b <= '9') return (u32)(b - '0');
  u8 low = (u8)b | 0x20;
  return low >= 'a' && low <= 'z' ? (u32)(low - 'a') + 10 : 99;
}

/* The integer that the text spells in a base; wraps around. */
static bool parse_base(const char *p, u32 len, u32 base, i64 *out) {
  const char *end = p + len;
  while (p < end && is_blank(*p)) p++;
  while (p < end && is_blank(end[-1])) end--;
  bool minus = p < end && *p == '-';
  if (minus || (p < end && *p == '+')) p++;
  if (p == end) return false;
  u64 n = 0;
  for (; p < end; p++) {
    u32 d = digit_of(*p);
    if (d >= base) return false;
    n = n * base + d;
  }
  *out = (i64)(minus ? 0 - n : n);
  return true;
}

/* tonumber(s) or tonumber(s, base): a number, or nil. */
RvStatus rv_builtin_tonumber(RvNativeCtx *c) {
  RvString *s;
  i64 base, n;
  RvValue v;
  RvStatus st;
  if (rv_arg(c, 1).t == RV_NIL) {
    if ((st = rv_lib_any(c, 0))) return st;
    v = rv_arg(c, 0);
    if (RV_IS_NUM(v.t)) return rv_native_ret(c, v);
    if (v.t != RV_STR) return rv_native_ret(c, rv_nil());
    if ((st = arg_whole(c, &s))) return st;
    if (!rv_num_parse(rv_str_data(s), s->len, &v)) v = rv_nil();
    return rv_native_ret(c, v);
  }
  if ((st = rv_arg_int(c, 1, &base))) return st;
  if (rv_arg(c, 0).t != RV_STR) return rv_native_badarg(c, 0, "string");
  if (base < 2 || base > 36) return rv_lib_argerr(c, 1, "base out of range");
  if ((st = arg_whole(c, &s))) return st;
  bool good = parse_base(rv_str_data(s), s->len, (u32)base, &n);
  return rv_native_ret(c, good ? rv_int(n) : rv_nil());
}

static const RvNativeDef defs[] = {
  {"string.len", 1, 0, str_len},
  {"string.byte", 1, 0, str_byte},
  {"string.char", 1, 0, str_char},
  {"string.sub", 1, 0, str_sub},
  {"string.find", 1, 0, rv_lib_find_plain},
  {"string.span", 1, 0, str_span},
  {"string.cspan", 1, 0, str_cspan},
  {"string.rep", 1, 0, str_rep},
  {"string.reverse", 1, 0, str_reverse},
  {"string.upper", 1, 0, str_upper},
  {"string.lower", 1, 0, str_lower},
  {"string.compare", 1, 0, str_compare},
  {"string.tonumber", 1, 0, rv_builtin_tonumber},
};
const RvLib rv_lib_string = {defs, sizeof defs / sizeof *defs};
