/* SPDX-License-Identifier: MIT */
/* Number rules: arithmetic beyond one instruction, text in both directions.

   The C library converts between binary and decimal, since it rounds correctly
   and we need nothing faster yet. It would do so with the decimal point of the
   current locale, which this file neither asks for nor changes:
   - strtod is given digits and an exponent, never a point (1.25 is "125e-2");
   - in the output of snprintf whatever is not a digit, sign, letter or blank is
     the point, of one byte or of several, and becomes '.'. Widths are applied
     afterwards, so that a long point costs no padding. */
#include "vm/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* -- Arithmetic ------------------------------------------------------------ */

double rv_num_idivf(double a, double b) { return floor(a / b); }

/* a - floor(a/b)*b would lose the exactness that fmod has. */
double rv_num_modf(double a, double b) {
  double r = fmod(a, b);
  if (r > 0 ? b < 0 : (r < 0 && b > 0)) r += b;
  return r;
}

/* Squares are products, as in PUC Lua: the same on every host. */
double rv_num_powf(double a, double b) { return b == 2 ? a * a : pow(a, b); }
double rv_num_fmod(double a, double b) { return fmod(a, b); }
double rv_num_atan2(double y, double x) { return atan2(y, x); }

double rv_num_math1(int which, double x) {
  switch ((RvMath)which) {
#define RV_X(id, fn)                                                           \
  case RV_MATH_##id: return fn(x);
    RV_MATHS(RV_X)
#undef RV_X
  case RV_NMATHS: break;
  }
  RV_UNREACHABLE();
}

bool rv_num_f2i_mode(double d, i64 *i, RvRound mode) {
  double f = floor(d);
  if (f != d) {
    if (mode == RV_ROUND_EXACT) return false;
    if (mode == RV_ROUND_CEIL) f += 1;
  }
  return rv_num_f2i(f, i);
}

/* -- Comparison ------------------------------------------------------------
   Integers of up to 53 bits are floats without loss. For others the float is
   rounded to an integer, towards the side where the answer stays the same; one
   that has none is beyond all integers, or NaN, and its sign decides. */

static bool fits_float(i64 i) {
  return (u64)i + (1ull << 53) <= (1ull << 54);
}

bool rv_num_lt_if(i64 i, double f) {
  i64 n;
  if (fits_float(i)) return (double)i < f;
  return rv_num_f2i_mode(f, &n, RV_ROUND_CEIL) ? i < n : f > 0;
}

bool rv_num_le_if(i64 i, double f) {
  i64 n;
  if (fits_float(i)) return (double)i <= f;
  return rv_num_f2i_mode(f, &n, RV_ROUND_FLOOR) ? i <= n : f > 0;
}

bool rv_num_lt_fi(double f, i64 i) {
  i64 n;
  if (fits_float(i)) return f < (double)i;
  return rv_num_f2i_mode(f, &n, RV_ROUND_FLOOR) ? n < i : f < 0;
}

bool rv_num_le_fi(double f, i64 i) {
  i64 n;
  if (fits_float(i)) return f <= (double)i;
  return rv_num_f2i_mode(f, &n, RV_ROUND_CEIL) ? n <= i : f < 0;
}

/* -- Text of numbers ------------------------------------------------------- */

/* Digits of u in base 10 or 16, written backwards to end; where they begin. */
static char *digits_before(char *end, u64 u, u32 base, const char *set) {
  do {
    *--end = set[u % base];
    u /= base;
  } while (u != 0);
  return end;
}

size_t rv_num_texti(i64 i, char out[RV_NUM_TEXT]) {
  char buf[24], *end = buf + sizeof buf;
  char *p = digits_before(end, i < 0 ? 0 - (u64)i : (u64)i, 10, "0123456789");
  if (i < 0) *--p = '-';
  size_t n = (size_t)(end - p);
  memcpy(out, p, n);
  out[n] = 0;
  return n;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Gives the text of a float its point; the new length. */
static size_t fix_point(char *s, size_t n) {
  for (size_t i = 0; i < n; i++) {
    size_t j = i;
    while (j < n && !is_digit(s[j]) && !is_alpha(s[j]) && s[j] != '-' &&
           s[j] != '+' && s[j] != ' ')
      j++;
    if (j == i) continue;
    s[i] = '.';
    memmove(s + i + 1, s + j, n - j + 1);
    return n - (j - i - 1);
  }
  return n;
}

/* inf, -inf and nan; 0 when d is finite. */
static size_t text_special(double d, char *out) {
  if (isfinite(d)) return 0;
  const char *s = isnan(d) ? "nan" : d > 0 ? "inf" : "-inf";
  size_t n = strlen(s);
  memcpy(out, s, n + 1);
  return n;
}

static size_t add_dot0(char *s, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!is_digit(s[i]) && s[i] != '-') return n;
  memcpy(s + n, ".0", 3);
  return n + 2;
}

static size_t text_digits(double d, int digits, char out[RV_NUM_TEXT]) {
  int n = snprintf(out, RV_NUM_TEXT, "%.*g", digits, d);
  return add_dot0(out, fix_point(out, (size_t)n));
}

static size_t text_float(double d, char out[RV_NUM_TEXT]) {
  /* Whole numbers of up to 14 digits need no rounding, hence no snprintf. */
  if (d > -1e14 && d < 1e14 && d == (double)(i64)d && d != 0)
    return add_dot0(out, rv_num_texti((i64)d, out));
  size_t n = text_special(d, out);
  return n ? n : text_digits(d, 14, out);
}

size_t rv_num_text(RvValue v, char out[RV_NUM_TEXT]) {
  if (v.t == RV_INT) return rv_num_texti((i64)v.p, out);
  RV_ASSERT(v.t == RV_FLT, "tag %d", (int)v.t);
  return text_float(rv_u2d(v.p), out);
}

size_t rv_num_text17(double d, char out[RV_NUM_TEXT]) {
  size_t n = text_special(d, out);
  for (int digits = 15; n == 0; digits++) {
    RvValue back;
    n = text_digits(d, digits, out);
    if (digits < 17 && !(rv_num_parse(out, n, &back) && rv_u2d(back.p) == d))
      n = 0;
  }
  return n;
}

/* -- One conversion of printf ---------------------------------------------- */

typedef struct Spec {
  char flags[6]; /* those that snprintf is to see: '+', ' ', '#' */
  bool left, zero;
  int width, precision; /* precision -1: none given */
  char letter;
} Spec;

/* Up to two digits; -1 when there are more. */
static int two_digits(const char **p) {
  int n = 0;
  for (int i = 0; is_digit(**p); i++) {
    if (i == 2) return -1;
    n = n * 10 + (*(*p)++ - '0');
  }
  return n;
}

static bool read_spec(const char *p, Spec *sp) {
  int nflags = 0;
  *sp = (Spec){.precision = -1};
  for (; *p && strchr("-+ #0", *p); p++) {
    if (*p == '-') sp->left = true;
    else if (*p == '0') sp->zero = true;
    else if (nflags == 5) return false;
    else sp->flags[nflags++] = *p;
  }
  sp->width = two_digits(&p);
  if (*p == '.') {
    p++;
    sp->precision = two_digits(&p);
    if (sp->precision < 0) return false;
  }
  sp->letter = *p;
  return sp->width >= 0 && *p && strchr("aAeEfFgG", *p) && p[1] == 0;
}

/* Where zeros go in: behind the sign and 0x. */
static size_t prefix_len(const char *s) {
  size_t n = *s == '-' || *s == '+' || *s == ' ';
  return s[n] == '0' && (s[n + 1] == 'x' || s[n + 1] == 'X') ? n + 2 : n;
}

int rv_num_format(char *out, size_t size, const char *spec, double d) {
  Spec sp;
  if (!read_spec(spec, &sp)) return -1;
  if (isnan(d)) d = rv_u2d(RV_NAN_BITS);
  /* The longest: 309 digits, point, 99 digits, sign. */
  char fmt[16], buf[512];
  char *f = fmt;
  *f++ = '%';
  f = stpcpy(f, sp.flags);
  if (sp.precision >= 0) f = stpcpy(f, ".*");
  *f++ = sp.letter;
  *f = 0;
  int len = sp.precision >= 0 ? snprintf(buf, sizeof buf, fmt, sp.precision, d)
                              : snprintf(buf, sizeof buf, fmt, d);
  size_t n = fix_point(buf, (size_t)len);
  size_t pad = (size_t)sp.width > n ? (size_t)sp.width - n : 0;
  if (n + pad >= size) return -1;
  bool zero = sp.zero && !sp.left && isfinite(d);
  size_t before = sp.left ? n : zero ? prefix_len(buf) : 0;
  memcpy(out, buf, before);
  memset(out + before, zero ? '0' : ' ', pad);
  memcpy(out + before + pad, buf + before, n - before + 1);
  if (sp.left) out[n + pad] = 0;
  return (int)(n + pad);
}

/* -- Parsing --------------------------------------------------------------- */

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What lies between the blanks and behind the sign. */
typedef struct Text {
  const char *p, *end;
  bool neg;
} Text;

static bool at(const Text *t, char c) { return t->p < t->end && *t->p == c; }

static bool parse_hex_int(Text t, RvValue *v) {
  u64 u = 0;
  for (; t.p < t.end; t.p++) {
    int d = hex_digit(*t.p);
    if (d < 0) return false;
    u = u << 4 | (u64)d;
  }
  *v = rv_int((i64)(t.neg ? 0 - u : u));
  return true;
}

/* False also for integers beyond 64 bits. */
static bool parse_dec_int(Text t, RvValue *v) {
  u64 u = 0, max = (u64)INT64_MAX + t.neg;
  for (; t.p < t.end; t.p++) {
    if (!is_digit(*t.p)) return false;
    u32 d = (u32)(*t.p - '0');
    if (u > (max - d) / 10) return false;
    u = u * 10 + d;
  }
  *v = rv_int((i64)(t.neg ? 0 - u : u));
  return true;
}

/* An optional exponent up to the end, added to *e; it saturates far outside of
   what any length of digits could make up for. */
static bool parse_exponent(Text *t, char letter, i64 *e) {
  if (t->p < t->end && (*t->p | 0x20) == letter) {
    i64 n = 0;
    t->p++;
    bool neg = at(t, '-');
    if (neg || at(t, '+')) t->p++;
    if (t->p == t->end) return false;
    for (; t->p < t->end && is_digit(*t->p); t->p++)
      if (n < (1ll << 50)) n = n * 10 + (*t->p - '0');
    *e += neg ? -n : n;
  }
  return t->p == t->end;
}

/* m * 2^e rounded to nearest, ties to even; `rest`: there is more below m. */
static double hex_value(u64 m, i64 e, bool rest) {
  if (m == 0) return 0;
  int lead = __builtin_clzll(m);
  m <<= lead;
  i64 exp = e - lead + 63; /* m is 1.xxx * 2^exp now */
  if (exp > 1023) return HUGE_VAL;
  /* 53 bits stay, fewer below the normal range. */
  i64 drop = exp >= -1022 ? 11 : 11 + (-1022 - exp);
  if (drop > 64) return 0;
  u64 q = drop == 64 ? 0 : m >> drop;
  u64 low = drop == 64 ? m : m & ((1ull << drop) - 1);
  u64 half = 1ull << (drop - 1);
  if (low > half || (low == half && (rest || (q & 1)))) q++;
  /* The leading bit of q, or a carry into it, counts the exponent up. */
  return rv_u2d(exp >= -1022 ? ((u64)(exp + 1022) << 52) + q : q);
}

static bool parse_hex_float(Text t, double *d) {
  u64 m = 0;
  i64 e = 0;
  bool rest = false, any = false, point = false;
  for (; t.p < t.end; t.p++) {
    int digit = hex_digit(*t.p);
    if (digit < 0) {
      if (*t.p != '.' || point) break;
      point = true;
      continue;
    }
    any = true;
    if (m >> 60 == 0) {
      m = m << 4 | (u64)digit;
      if (point) e -= 4;
    } else {
      rest |= digit != 0;
      if (!point) e += 4;
    }
  }
  if (!any || !parse_exponent(&t, 'p', &e)) return false;
  *d = hex_value(m, e, rest);
  return true;
}

/* A double lies halfway between two others after at most 767 digits; of all
   that follows it only matters whether it is zero. */
#define DIGITS_MAX 780

/* digits[0 .. n-1] * 10^e. */
static double dec_value(char *digits, size_t n, i64 e) {
  static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (n == 0) return 0;
  /* Two exact factors give one correctly rounded result. */
  if (n <= 15 && e >= -22 && e <= 22) {
    u64 m = 0;
    for (size_t i = 0; i < n; i++) m = m * 10 + (u64)(digits[i] - '0');
    return e < 0 ? (double)m / tens[-e] : (double)m * tens[e];
  }
  if (e + (i64)n > 400) return HUGE_VAL;
  if (e + (i64)n < -400) return 0;
  char num[RV_NUM_TEXT];
  size_t len = rv_num_texti(e, num);
  digits[n] = 'e';
  memcpy(digits + n + 1, num, len + 1);
  return strtod(digits, NULL);
}

static bool parse_dec_float(Text t, double *d) {
  char digits[DIGITS_MAX + RV_NUM_TEXT];
  size_t n = 0;
  i64 e = 0;
  bool rest = false, any = false, point = false;
  for (; t.p < t.end; t.p++) {
    if (!is_digit(*t.p)) {
      if (*t.p != '.' || point) break;
      point = true;
      continue;
    }
    any = true;
    if (n < DIGITS_MAX) {
      if (n > 0 || *t.p != '0') digits[n++] = *t.p;
      if (point) e--;
    } else {
      rest |= *t.p != '0';
      if (!point) e++;
    }
  }
  if (!any || !parse_exponent(&t, 'e', &e)) return false;
  if (rest) {
    digits[n++] = '1';
    e--;
  }
  *d = dec_value(digits, n, e);
  return true;
}

bool rv_num_parse(const char *s, size_t len, RvValue *v) {
  Text t = {s, s + len, false};
  while (t.p < t.end && is_blank(*t.p)) t.p++;
  while (t.p < t.end && is_blank(t.end[-1])) t.end--;
  if (at(&t, '-') || at(&t, '+')) t.neg = *t.p++ == '-';
  if (t.p == t.end) return false;
  double d;
  if (t.end - t.p > 2 && t.p[0] == '0' && (t.p[1] | 0x20) == 'x') {
    t.p += 2;
    if (parse_hex_int(t, v)) return true;
    if (!parse_hex_float(t, &d)) return false;
  } else {
    if (parse_dec_int(t, v)) return true;
    if (!parse_dec_float(t, &d)) return false;
  }
  *v = rv_flt(t.neg ? -d : d);
  return true;
}

/* -- Messages -------------------------------------------------------------- */

typedef struct Out {
  char *p;
  size_t n, size; /* bytes written; room without the terminator */
} Out;

static void put(Out *o, const char *s, size_t n) {
  if (n > o->size - o->n) n = o->size - o->n;
  memcpy(o->p + o->n, s, n);
  o->n += n;
}

static void put_fill(Out *o, char c, size_t n) {
  if (n > o->size - o->n) n = o->size - o->n;
  memset(o->p + o->n, c, n);
  o->n += n;
}

/* A conversion of rv_num_vfmt: flags, l (or ll, z, j), counts; no precision
   is -1. */
typedef struct Conv {
  bool left, zero, wide;
  int width, precision;
} Conv;

static void put_text(Out *o, const Conv *c, const char *s, size_t n) {
  size_t pad = c->width > 0 && (size_t)c->width > n ? (size_t)c->width - n : 0;
  if (!c->left) put_fill(o, ' ', pad);
  put(o, s, n);
  if (c->left) put_fill(o, ' ', pad);
}

static void put_int(Out *o, const Conv *c, u64 u, char letter) {
  bool sign = letter == 'd' || letter == 'i';
  if (sign && !c->wide) u = (u64)(i64)(i32)u;
  bool neg = sign && (i64)u < 0;
  char buf[24], *end = buf + sizeof buf;
  char *p = digits_before(end, neg ? 0 - u : u,
                          letter == 'x' || letter == 'X' ? 16 : 10,
                          letter == 'X' ? "0123456789ABCDEF"
                                        : "0123456789abcdef");
  int n = (int)(end - p) + neg;
  if (c->zero && !c->left && c->width > n) {
    if (neg) put(o, "-", 1);
    put_fill(o, '0', (size_t)(c->width - n));
    put(o, p, (size_t)(end - p));
  } else {
    if (neg) *--p = '-';
    put_text(o, c, p, (size_t)n);
  }
}

static int read_count(const char **f) {
  int n = 0;
  for (; is_digit(**f); ++*f) n = n * 10 + (**f - '0');
  return n;
}

/* Whether a count is an argument. */
static bool skip_star(const char **f) {
  if (**f != '*') return false;
  ++*f;
  return true;
}

size_t rv_num_vfmt(char *out, size_t size, const char *fmt, va_list ap) {
  if (size == 0) return 0;
  Out o = {out, 0, size - 1};
  for (const char *f = fmt; *f; f++) {
    if (*f != '%') {
      size_t n = strcspn(f, "%");
      put(&o, f, n);
      f += n - 1;
      continue;
    }
    Conv c = {.precision = -1};
    for (f++; *f == '-' || *f == '0'; f++) *(*f == '-' ? &c.left : &c.zero) = 1;
    c.width = skip_star(&f) ? va_arg(ap, int) : read_count(&f);
    if (*f == '.') {
      f++;
      c.precision = skip_star(&f) ? va_arg(ap, int) : read_count(&f);
    }
    for (; *f == 'l' || *f == 'z' || *f == 'j'; f++) c.wide = true;
    if (*f == 's') {
      const char *s = va_arg(ap, const char *);
      if (!s) s = "(null)";
      put_text(&o, &c, s, c.precision < 0 ? strlen(s)
                                          : strnlen(s, (size_t)c.precision));
    } else if (*f == 'c') {
      put_text(&o, &c, (char[]){(char)va_arg(ap, int)}, 1);
    } else if (*f == '%') {
      put(&o, "%", 1);
    } else {
      RV_ASSERT(*f && strchr("diuxX", *f), "conversion in '%s'", fmt);
      put_int(&o, &c, c.wide ? va_arg(ap, u64) : va_arg(ap, u32), *f);
    }
  }
  out[o.n] = 0;
  return o.n;
}

size_t rv_num_fmt(char *out, size_t size, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  size_t n = rv_num_vfmt(out, size, fmt, ap);
  va_end(ap);
  return n;
}
