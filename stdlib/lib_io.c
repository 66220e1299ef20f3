/* SPDX-License-Identifier: MIT */
/* Builtin "io.numeral": where a number that is read from a file ends. */
#include "stdlib/lib.h"

/* No numeral is longer. */
#define NUMERAL_MAX 200u

typedef struct Scan {
  const char *p;
  size_t len, at;
  size_t first; /* where the numeral begins */
  bool full;    /* it is as long as it may be, and was to go on */
} Scan;

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static bool is_digit(char c, bool hex) {
  if (c >= '0' && c <= '9') return true;
  return hex && ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static bool take(Scan *s) {
  if (s->at - s->first >= NUMERAL_MAX) {
    s->full = true;
    return false;
  }
  s->at++;
  return true;
}

static bool one_of(Scan *s, const char *two) {
  if (s->at == s->len) return false;
  char c = s->p[s->at];
  return (c == two[0] || c == two[1]) && take(s);
}

static u32 digits(Scan *s, bool hex) {
  u32 n = 0;
  while (s->at < s->len && is_digit(s->p[s->at], hex) && take(s)) n++;
  return n;
}

/* As far as what comes could be part of a numeral: a prefix of one is taken too,
   and is then none. */
static void scan(Scan *s) {
  bool hex = false;
  u32 n = 0;
  one_of(s, "-+");
  if (one_of(s, "00")) {
    if (one_of(s, "xX")) hex = true;
    else n = 1;
  }
  n += digits(s, hex);
  if (one_of(s, "..")) n += digits(s, hex);
  if (n > 0 && one_of(s, hex ? "pP" : "eE")) {
    one_of(s, "-+");
    digits(s, false);
  }
}

/* numeral(text): the number at its beginning or nil, the bytes taken for it with
   the blanks before it, and whether more text could change that. */
static RvStatus io_numeral(RvNativeCtx *c) {
  RvString *str;
  RvValue v;
  RvStatus st;
  if ((st = rv_lib_str(c, 0, &str)) || (st = rv_native_slots(c, 3)) ||
      (st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(str->len))))
    return st;
  Scan s = {.p = rv_str_data(str), .len = str->len};
  while (s.at < s.len && is_blank(s.p[s.at])) s.at++;
  s.first = s.at;
  scan(&s);
  if (s.full || !rv_num_parse(s.p + s.first, s.at - s.first, &v)) v = rv_nil();
  rv_slot_set(c->th, c->base, v);
  rv_slot_set(c->th, c->base + 1, rv_int((i64)s.at));
  rv_slot_set(c->th, c->base + 2, rv_bool(s.at == s.len && !s.full));
  c->res = c->base;
  c->nres = 3;
  return RV_OK;
}

static const RvNativeDef defs[] = {
  {"io.numeral", 1, 0, io_numeral},
};
const RvLib rv_lib_io = {defs, sizeof defs / sizeof *defs};
