/* SPDX-License-Identifier: MIT */
/* Builtins "utf8": codes of up to 31 bits in one to six bytes, of which strict
   readers accept those of Unicode. */
#include "stdlib/lib.h"

#define MAX_CODE 0x7fffffffu
#define MAX_UNICODE 0x10ffffu

static bool is_continuation(u8 b) { return (b & 0xc0) == 0x80; }

/* The byte at p goes on with a character that began before. */
static bool goes_on(const u8 *p, const u8 *end) {
  return p < end && is_continuation(*p);
}

/* Reads the character at p < end. Bytes of it, or 0 when it is not valid. */
static u32 decode(const u8 *p, const u8 *end, bool lax, u32 *code) {
  /* Least code that needs so many bytes behind the first. */
  static const u32 least[] = {0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000};
  u8 first = p[0];
  if (first < 0x80) {
    *code = first;
    return 1;
  }
  u32 more = 0, c = 0;
  while (first << (more + 1) & 0x40 << 1) more++;
  if (more == 0 || more > 5 || (size_t)(end - p) <= more) return 0;
  for (u32 i = 1; i <= more; i++) {
    if (!is_continuation(p[i])) return 0;
    c = c << 6 | (p[i] & 0x3f);
  }
  c |= (u32)(first & (0x3f >> more)) << 6 * more;
  if (c < least[more]) return 0;
  if (!lax && (c > MAX_UNICODE || (c >= 0xd800 && c <= 0xdfff))) return 0;
  *code = c;
  return more + 1;
}

/* Writes the character; returns its bytes. */
static u32 encode(u32 code, char *out) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  u32 more = 1;
  while (more < 5 && code >> (5 * more + 6)) more++;
  u32 head = 0xff00u >> (more + 1) & 0xff; /* more + 1 ones */
  out[0] = (char)(head | code >> 6 * more);
  for (u32 i = 1; i <= more; i++)
    out[i] = (char)(0x80 | (code >> 6 * (more - i) & 0x3f));
  return more + 1;
}

/* -- Arguments ------------------------------------------------------------ */

/* A position from the end becomes one from the front; 0 when it is before. */
static i64 from_front(i64 pos, u64 len) {
  if (pos >= 0) return pos;
  return 0 - (u64)pos > len ? 0 : (i64)len + pos + 1;
}

static RvStatus arg_pos(RvNativeCtx *c, u32 i, i64 missing, u64 len,
                        i64 *pos) {
  RvStatus st = rv_lib_optint(c, i, missing, pos);
  if (st == RV_OK) *pos = from_front(*pos, len);
  return st;
}

static bool arg_true(const RvNativeCtx *c, u32 i) {
  return !RV_IS_FALSY(rv_arg(c, i).t);
}

static RvStatus invalid(RvNativeCtx *c) {
  return rv_err(c->th, "invalid UTF-8 code");
}

/* -- Builtins ------------------------------------------------------------- */

/* char(...) */
static RvStatus utf8_char(RvNativeCtx *c) {
  RvOut o;
  i64 code;
  u64 len = 0;
  char one[6];
  RvStatus st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(c->nargs * 16ull));
  if (st) return st;
  for (u32 i = 0; i < c->nargs; i++) {
    if ((st = rv_arg_int(c, i, &code))) return st;
    if ((u64)code > MAX_CODE)
      return rv_lib_argerr(c, i, "value out of range");
    rv_slot_set(c->th, c->base + i, rv_int(code));
    len += encode((u32)code, one);
  }
  if ((st = rv_lib_out(c, &o, len))) return st;
  char *p = o.p;
  for (u32 i = 0; i < c->nargs; i++)
    p += encode((u32)rv_slot(c->th, c->base + i).p, p);
  return rv_lib_out_done(c, &o);
}

/* codepoint(s, i = 1, j = i, lax = false) */
static RvStatus utf8_codepoint(RvNativeCtx *c) {
  RvString *s;
  i64 i, j;
  u32 code, n = 0;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) || (st = arg_pos(c, 1, 1, s->len, &i)) ||
      (st = arg_pos(c, 2, i, s->len, &j)))
    return st;
  if (i < 1) return rv_lib_argerr(c, 1, "out of bounds");
  if (j > (i64)s->len) return rv_lib_argerr(c, 2, "out of bounds");
  u64 room = i <= j ? (u64)(j - i) + 1 : 0;
  if (room >= c->m->max_slots) return rv_err(c->th, "string slice too long");
  if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(room * 9))) ||
      (st = rv_lib_keep(c, (u32)room)))
    return st;
  const u8 *p = (const u8 *)rv_str_data(s), *end = p + s->len;
  for (u64 at = (u64)i - 1; room && at < (u64)j; n++) {
    u32 bytes = decode(p + at, end, arg_true(c, 3), &code);
    if (bytes == 0) return invalid(c);
    rv_lib_put(c, n, rv_int(code));
    at += bytes;
  }
  c->res = rv_lib_at(c, 0);
  c->nres = n;
  return RV_OK;
}

/* len(s, i = 1, j = -1, lax = false): characters, or nil and where the first
   bad one begins. */
static RvStatus utf8_len(RvNativeCtx *c) {
  RvString *s;
  i64 i, j, n = 0;
  u32 code;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) || (st = arg_pos(c, 1, 1, s->len, &i)) ||
      (st = arg_pos(c, 2, -1, s->len, &j)))
    return st;
  if (i < 1 || i > (i64)s->len + 1)
    return rv_lib_argerr(c, 1, "initial position out of bounds");
  if (j > (i64)s->len)
    return rv_lib_argerr(c, 2, "final position out of bounds");
  if (i <= j && (st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes((u64)(j - i)))))
    return st;
  if ((st = rv_lib_keep(c, 2))) return st;
  const u8 *p = (const u8 *)rv_str_data(s), *end = p + s->len;
  c->res = rv_lib_at(c, 0);
  for (i--; i < j; n++) {
    u32 bytes = decode(p + i, end, arg_true(c, 3), &code);
    if (bytes == 0) {
      rv_lib_put(c, 0, rv_nil());
      rv_lib_put(c, 1, rv_int(i + 1));
      c->nres = 2;
      return RV_OK;
    }
    i += bytes;
  }
  return rv_native_ret(c, rv_int(n));
}

/* Moves n characters from byte *at; what of n could not be done is left. */
static i64 move(const u8 *p, u64 len, i64 n, u64 *at) {
  const u8 *end = p + len;
  u64 i = *at;
  if (n > 0) {
    for (n--; n > 0 && i < len; n--)
      do i++;
      while (goes_on(p + i, end));
  } else {
    for (; n < 0 && i > 0; n++)
      do i--;
      while (i > 0 && goes_on(p + i, end));
  }
  *at = i;
  return n;
}

/* offset(s, n, i = n >= 0 and 1 or len + 1): where character n from i begins. */
static RvStatus utf8_offset(RvNativeCtx *c) {
  RvString *s;
  i64 n, i;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) || (st = rv_arg_int(c, 1, &n)) ||
      (st = arg_pos(c, 2, n >= 0 ? 1 : (i64)s->len + 1, s->len, &i)))
    return st;
  if (i < 1 || i > (i64)s->len + 1)
    return rv_lib_argerr(c, 2, "position out of bounds");
  const u8 *p = (const u8 *)rv_str_data(s), *end = p + s->len;
  u64 from = (u64)i - 1, at = from;
  if (n == 0) {
    while (at > 0 && goes_on(p + at, end)) at--;
  } else {
    if (goes_on(p + at, end))
      return rv_err(c->th, "initial position is a continuation byte");
    n = move(p, s->len, n, &at);
  }
  /* Paid when it is known how far it was: a stop makes it go there again. */
  u64 bytes = at > from ? at - from : from - at;
  if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(bytes)))) return st;
  return rv_native_ret(c, n == 0 ? rv_int((i64)at + 1) : rv_nil());
}

/* next(s, i = 0, lax = false): position and code of the character behind the
   one at i, or nil: an iterator. */
static RvStatus utf8_next(RvNativeCtx *c) {
  RvString *s;
  i64 pos;
  u32 code;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &s)) || (st = rv_lib_optint(c, 1, 0, &pos)))
    return st;
  const u8 *p = (const u8 *)rv_str_data(s), *end = p + s->len;
  u64 i = (u64)pos;
  while (i < s->len && goes_on(p + i, end)) i++;
  if ((u64)pos < s->len &&
      (st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(i - (u64)pos))))
    return st;
  if (i >= s->len) return rv_native_ret(c, rv_nil());
  u32 bytes = decode(p + i, end, arg_true(c, 2), &code);
  if (bytes == 0 || goes_on(p + i + bytes, end)) return invalid(c);
  if ((st = rv_lib_keep(c, 2))) return st;
  rv_lib_put(c, 0, rv_int((i64)i + 1));
  rv_lib_put(c, 1, rv_int(code));
  c->res = rv_lib_at(c, 0);
  c->nres = 2;
  return RV_OK;
}

static const RvNativeDef defs[] = {
  {"utf8.char", 1, 0, utf8_char},     {"utf8.codepoint", 1, 0, utf8_codepoint},
  {"utf8.len", 1, 0, utf8_len},       {"utf8.offset", 1, 0, utf8_offset},
  {"utf8.next", 1, 0, utf8_next},
};
const RvLib rv_lib_utf8 = {defs, sizeof defs / sizeof *defs};
