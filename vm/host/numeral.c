/* SPDX-License-Identifier: MIT */
/* Reading a number from a stream: as much is taken as could begin a numeral of
   Lua, and no more. */
#include "vm/host/stream.h"
#include "vm/num.h"

/* No numeral is longer. */
#define NUMERAL_MAX 200u

typedef struct Scan {
  const char *p;
  u32 len, at;
  bool full; /* as long as it may be, and was to go on */
} Scan;

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static bool is_digit(char c, bool hex) {
  if (c >= '0' && c <= '9') return true;
  return hex && (c | 32) >= 'a' && (c | 32) <= 'f';
}

static bool take(Scan *s) {
  if (s->at == NUMERAL_MAX) {
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

/* Up to the first byte that is no blank, or the end. */
static int skip_blanks(RvMachine *m, RvStream *s, u32 *got) {
  for (;;) {
    int rc = rv_stream_fill(m, s, 1);
    if (rc || s->iend == s->ipos) return rc;
    u32 from = s->ipos;
    while (s->ipos < s->iend && is_blank((char)s->in[s->ipos])) s->ipos++;
    *got += s->ipos - from;
    if (s->ipos < s->iend) return 0;
  }
}

int rv_stream_number(RvMachine *m, RvStream *s, RvValue *v, u32 *got) {
  *v = rv_nil();
  int rc = skip_blanks(m, s, got);
  if (rc) return rc;
  for (;;) {
    Scan x = {.p = (char *)s->in + s->ipos, .len = s->iend - s->ipos};
    scan(&x);
    if (x.at == x.len && !x.full) { /* it may go on */
      rc = rv_stream_fill(m, s, x.len + 1);
      if (rc) return rc;
      if (s->iend - s->ipos > x.len) continue;
    }
    s->ipos += x.at;
    *got += x.at;
    RvValue n;
    if (!x.full && rv_num_parse(x.p, x.at, &n)) *v = n;
    return 0;
  }
}
