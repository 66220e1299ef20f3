/* SPDX-License-Identifier: MIT */
/* Builtin string.format: conversions as in C, checked.

   The text is made piece by piece in a small buffer on the C stack; what does
   not fit there goes to an append string in a kept slot. `%s` may have to ask a
   __tostring event, and a long string may have to be paid for: before either
   the buffer is emptied into the slot, and place in the format and number of
   the argument are kept too, so that the work goes on where it was.

     kept 0  text so far, a string, or nil when there is none
     kept 1  offset in the format of the next piece
     kept 2  index of the next argument
     kept 3  call window of __tostring, and its result */
#include "stdlib/lib.h"

enum { TEXT, OFFSET, ARG, WINDOW, NKEPT = WINDOW + 2 };

/* Longest text of one conversion other than of %s and %q: a float of 309
   digits with 99 after the point. */
#define ITEM 480u

typedef struct Fmt {
  RvNativeCtx *c;
  const char *f; /* the format */
  u32 len, at;
  u32 arg;
  u32 n;         /* bytes in buf */
  char buf[1024];
} Fmt;

/* One conversion, read. */
typedef struct Spec {
  bool minus, plus, alt, zero, space;
  int width, precision; /* precision -1: none */
  char letter;
  char text[24]; /* all of it without % */
} Spec;

/* -- Collecting the text -------------------------------------------------- */

static RvStatus add_long(Fmt *f, const char *p, size_t n) {
  RvNativeCtx *c = f->c;
  RvValue v = rv_lib_kept(c, TEXT);
  RvString *s = v.t == RV_STR ? RV_AS(RvString, v) : c->m->empty;
  if (n > RV_MAX_STRING - s->len)
    return rv_err(c->th, "resulting string too large");
  s = rv_str_append(c->m, s, p, n);
  if (!s) return RV_ERROR;
  rv_lib_put(c, TEXT, rv_strv(s));
  return RV_OK;
}

static RvStatus flush(Fmt *f) {
  if (f->n == 0) return RV_OK;
  RvStatus st = add_long(f, f->buf, f->n);
  f->n = 0;
  return st;
}

static RvStatus add(Fmt *f, const char *p, size_t n) {
  RvStatus st;
  if (n > sizeof f->buf - f->n && (st = flush(f))) return st;
  if (n > sizeof f->buf) return add_long(f, p, n);
  memcpy(f->buf + f->n, p, n);
  f->n += (u32)n;
  return RV_OK;
}

/* The text so far and the place reached are kept; `arg` and `at` must name a
   piece that is still to be done. */
static RvStatus save(Fmt *f) {
  RvStatus st = flush(f);
  rv_lib_put(f->c, OFFSET, rv_int(f->at));
  rv_lib_put(f->c, ARG, rv_int(f->arg));
  return st;
}

/* Bytes with blanks around to fill the width. */
static RvStatus add_padded(Fmt *f, const Spec *sp, const char *p, size_t n) {
  static const char blanks[100] =
    "                                                  "
    "                                                 ";
  RvStatus st;
  size_t pad = (size_t)sp->width > n ? (size_t)sp->width - n : 0;
  if (!sp->minus && pad && (st = add(f, blanks, pad))) return st;
  if ((st = add(f, p, n))) return st;
  return sp->minus && pad ? add(f, blanks, pad) : RV_OK;
}

/* -- Reading conversions -------------------------------------------------- */

static bool is_digit(char b) { return b >= '0' && b <= '9'; }

static RvStatus bad_conversion(Fmt *f, const Spec *sp) {
  return rv_err(f->c->th, "invalid conversion '%%%s' to 'format'", sp->text);
}

/* A conversion there is, with something that it does not take. */
static RvStatus bad_spec(Fmt *f, const Spec *sp) {
  return rv_err(f->c->th, "invalid conversion specification: '%%%s'",
                sp->text);
}

/* Up to two digits; -1 when there are more. */
static int two_digits(const char **p) {
  int n = 0, digits = 0;
  while (is_digit(**p) && digits < 3) {
    n = n * 10 + (*(*p)++ - '0');
    digits++;
  }
  return digits > 2 ? -1 : n;
}

static bool *flag_of(Spec *sp, char b) {
  switch (b) {
  case '-': return &sp->minus;
  case '+': return &sp->plus;
  case '#': return &sp->alt;
  case '0': return &sp->zero;
  case ' ': return &sp->space;
  default: return NULL;
  }
}

/* Flags each letter may have; '.' when it may have a precision. NULL: no such
   conversion. */
static const char *allowed(char letter) {
  switch (letter) {
  case 'c': case 'p': return "-";
  case 's': return "-.";
  case 'd': case 'i': return "-+0 .";
  case 'u': return "-0.";
  case 'o': case 'x': case 'X': return "-#0.";
  case 'a': case 'A': case 'e': case 'E': case 'f': case 'g': case 'G':
    return "-+#0 .";
  case 'q': return "";
  default: return NULL;
  }
}

/* Reads the conversion whose % is at offset `at`; moves `at` behind it. */
static RvStatus read_spec(Fmt *f, Spec *sp) {
  *sp = (Spec){.precision = -1};
  u32 left = f->len - f->at - 1;
  memcpy(sp->text, f->f + f->at + 1, left < 23 ? left : 23);
  size_t n = strspn(sp->text, "-+#0 123456789.") + 1;
  if (n > 22) return rv_err(f->c->th, "invalid format (too long)");
  sp->text[n] = 0;
  f->at += 1 + (n < left ? (u32)n : left);
  sp->letter = sp->text[n - 1];
  const char *ok = allowed(sp->letter), *q = sp->text;
  if (!ok) return bad_conversion(f, sp);
  if (sp->letter == 'q' && n > 1)
    return rv_err(f->c->th, "specifier '%%q' cannot have modifiers");
  for (bool *flag; (flag = flag_of(sp, *q)); q++) {
    if (!strchr(ok, *q)) return bad_spec(f, sp);
    *flag = true;
  }
  sp->width = two_digits(&q);
  if (*q == '.' && strchr(ok, '.')) {
    q++;
    sp->precision = two_digits(&q);
    if (sp->precision < 0) return bad_spec(f, sp);
  }
  if (sp->width < 0 || q != sp->text + n - 1) return bad_spec(f, sp);
  return RV_OK;
}

/* -- Conversions ---------------------------------------------------------- */

/* Digits of n in a base, written backwards from `end`; returns their begin. */
static char *digits_of(u64 n, u32 base, bool upper, char *end) {
  const char *digit = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  while (n) {
    *--end = digit[n % base];
    n /= base;
  }
  return end;
}

static RvStatus add_int(Fmt *f, const Spec *sp) {
  i64 v;
  RvStatus st = rv_arg_int(f->c, f->arg, &v);
  if (st) return st;
  bool is_signed = sp->letter == 'd' || sp->letter == 'i';
  bool upper = sp->letter == 'X';
  u32 base = sp->letter == 'o' ? 8 : upper || sp->letter == 'x' ? 16 : 10;
  u64 n = is_signed && v < 0 ? 0 - (u64)v : (u64)v;
  char buf[ITEM], *end = buf + sizeof buf, *p = digits_of(n, base, upper, end);
  char head[3];
  u32 nhead = 0;
  if (is_signed && v < 0) head[nhead++] = '-';
  else if (sp->plus) head[nhead++] = '+';
  else if (sp->space) head[nhead++] = ' ';
  if (sp->alt && base == 16 && n) {
    head[nhead++] = '0';
    head[nhead++] = upper ? 'X' : 'x';
  }
  int least = sp->precision < 0 ? 1 : sp->precision;
  if (sp->zero && !sp->minus && sp->precision < 0)
    least = sp->width - (int)nhead > 1 ? sp->width - (int)nhead : 1;
  while (end - p < least) *--p = '0';
  if (sp->alt && base == 8 && (p == end || *p != '0')) *--p = '0';
  while (nhead) *--p = head[--nhead];
  return add_padded(f, sp, p, (size_t)(end - p));
}

static RvStatus add_float(Fmt *f, const Spec *sp) {
  double d;
  RvStatus st = rv_lib_flt(f->c, f->arg, &d);
  if (st) return st;
  char buf[ITEM];
  int n = rv_num_format(buf, sizeof buf, sp->text, d);
  return n < 0 ? bad_conversion(f, sp) : add(f, buf, (size_t)n);
}

static RvStatus add_char(Fmt *f, const Spec *sp) {
  i64 v;
  RvStatus st = rv_arg_int(f->c, f->arg, &v);
  if (st) return st;
  char b = (char)(u8)v;
  return add_padded(f, sp, &b, 1);
}

static RvStatus add_pointer(Fmt *f, const Spec *sp) {
  RvValue v = rv_arg(f->c, f->arg);
  char hex[24];
  if (!RV_IS_GC(v.t) && v.t != RV_PTR)
    return add_padded(f, sp, "(null)", 6);
  size_t n = rv_lib_pointer(f->c, v, hex);
  return n ? add_padded(f, sp, hex, n) : RV_ERROR;
}

/* The bytes of a string, paid for when they are many. */
static RvStatus add_string(Fmt *f, const Spec *sp, RvString *s) {
  const char *p = rv_str_data(s);
  size_t n = s->len;
  if (n >= 4096) {
    RvStatus st = rv_fuel_pay(f->c->th, f->c->m, rv_fuel_bytes(n));
    if (st) return st;
  }
  if (sp->text[1] && memchr(p, 0, n))
    return rv_lib_argerr(f->c, f->arg, "string contains zeros");
  if (sp->precision >= 0 && n > (size_t)sp->precision)
    n = (size_t)sp->precision;
  return add_padded(f, sp, p, n);
}

/* %s: strings as they are, other values by __tostring or raw. Returns RV_CALL
   when the event must be asked; state 2 means it has been. */
static RvStatus add_text(Fmt *f, const Spec *sp) {
  RvNativeCtx *c = f->c;
  RvValue v = rv_arg(c, f->arg);
  if (c->state == 2) {
    v = rv_lib_kept(c, WINDOW);
    if (v.t != RV_STR && !RV_IS_NUM(v.t))
      return rv_err(c->th, "'__tostring' must return a string");
    if (v.t != RV_STR) {
      char number[RV_NUM_TEXT];
      RvString *s = rv_str_new(c->m, number, rv_num_text(v, number));
      if (!s) return RV_ERROR;
      v = rv_strv(s);
    }
    /* Kept in place of the argument: a stop here asks no second time. */
    rv_slot_set(c->th, c->base + f->arg, v);
    c->state = 1;
  }
  if (v.t == RV_STR) return add_string(f, sp, RV_AS(RvString, v));
  RvValue event = rv_event(c->m, v, RV_EV_TOSTRING);
  if (event.t != RV_NIL) {
    rv_lib_put(c, WINDOW, event);
    rv_lib_put(c, WINDOW + 1, v);
    c->call = rv_lib_at(c, WINDOW);
    c->ncall = 1;
    return RV_CALL;
  }
  char text[RV_LIB_TEXT];
  size_t n = rv_lib_text(c, v, text);
  if (n == 0) return RV_ERROR;
  if (sp->precision >= 0 && n > (size_t)sp->precision)
    n = (size_t)sp->precision;
  return add_padded(f, sp, text, n);
}

/* One byte as it stands in a quoted string. */
static size_t quote_byte(u8 b, bool digit_next, char out[4]) {
  if (b == '"' || b == '\\' || b == '\n') {
    out[0] = '\\';
    out[1] = (char)b;
    return 2;
  }
  if (b >= ' ' && b != 127) {
    out[0] = (char)b;
    return 1;
  }
  size_t n = 0;
  out[n++] = '\\';
  if (digit_next || b >= 100) out[n++] = (char)('0' + b / 100);
  if (digit_next || b >= 10) out[n++] = (char)('0' + b / 10 % 10);
  out[n++] = (char)('0' + b % 10);
  return n;
}

static RvStatus add_quoted(Fmt *f, RvString *s) {
  RvStatus st = rv_fuel_pay(f->c->th, f->c->m, rv_fuel_bytes(s->len));
  if (st || (st = add(f, "\"", 1))) return st;
  char out[4];
  for (u32 i = 0; i < s->len; i++) {
    /* Looked up each time: adding may collect, though it moves nothing. */
    const char *p = rv_str_data(s);
    bool digit_next = i + 1 < s->len && is_digit(p[i + 1]);
    size_t n = quote_byte((u8)p[i], digit_next, out);
    if ((st = add(f, out, n))) return st;
  }
  return add(f, "\"", 1);
}

/* %q: text that reads back as the same value. */
static RvStatus add_literal(Fmt *f) {
  RvValue v = rv_arg(f->c, f->arg);
  char text[RV_LIB_TEXT];
  size_t n;
  switch (v.t) {
  case RV_STR: return add_quoted(f, RV_AS(RvString, v));
  case RV_INT:
    if (v.p == 1ull << 63) return add(f, "0x8000000000000000", 18);
    n = rv_num_text(v, text);
    break;
  case RV_FLT: {
    double d = rv_u2d(v.p);
    if (d != d) return add(f, "(0/0)", 5);
    if (d - d != 0) return d > 0 ? add(f, "1e9999", 6) : add(f, "-1e9999", 7);
    n = (size_t)rv_num_format(text, sizeof text, "a", d);
    break;
  }
  case RV_NIL:
  case RV_FALSE:
  case RV_TRUE: n = rv_lib_text(f->c, v, text); break;
  default:
    return rv_lib_argerr(f->c, f->arg, "value has no literal form");
  }
  return add(f, text, n);
}

static RvStatus convert(Fmt *f, const Spec *sp) {
  switch (sp->letter) {
  case 'c': return add_char(f, sp);
  case 's': return add_text(f, sp);
  case 'p': return add_pointer(f, sp);
  case 'q': return add_literal(f);
  case 'd': case 'i': case 'u': case 'o': case 'x': case 'X':
    return add_int(f, sp);
  default: return add_float(f, sp);
  }
}

/* -- The builtin ---------------------------------------------------------- */

/* Pieces from the place reached to the end of the format. */
static RvStatus run(Fmt *f) {
  RvStatus st;
  while (f->at < f->len) {
    u32 at = f->at;
    const char *p = f->f + at, *percent = memchr(p, '%', f->len - at);
    size_t plain = percent ? (size_t)(percent - p) : f->len - at;
    if (plain) {
      if ((st = add(f, p, plain))) return st;
      f->at += (u32)plain;
      continue;
    }
    if (at + 1 < f->len && p[1] == '%') {
      if ((st = add(f, "%", 1))) return st;
      f->at += 2;
      continue;
    }
    Spec sp;
    u32 n = f->n;
    if (f->arg >= f->c->nargs) return rv_lib_argerr(f->c, f->arg, "no value");
    if ((st = read_spec(f, &sp))) return st;
    if ((st = convert(f, &sp))) {
      if (st != RV_CALL && st != RV_STOP) return st;
      /* Nothing of this piece has been added: keep what came before it. */
      RV_ASSERT(f->n == n, "%u bytes of a stopped piece", f->n - n);
      (void)n;
      f->at = at;
      RvStatus saved = save(f);
      return saved ? saved : st;
    }
    f->arg++;
  }
  return RV_OK;
}

static RvStatus str_format(RvNativeCtx *c) {
  RvString *s;
  RvStatus st = rv_lib_str(c, 0, &s);
  if (st || (st = rv_lib_keep(c, NKEPT))) return st;
  Fmt f = {.c = c, .f = rv_str_data(s), .len = s->len, .arg = 1};
  if (c->state == 0) {
    if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(s->len)))) return st;
    rv_lib_put(c, TEXT, rv_nil());
  } else {
    RvValue at = rv_lib_kept(c, OFFSET), arg = rv_lib_kept(c, ARG);
    if (at.t != RV_INT || arg.t != RV_INT || at.p > s->len || arg.p < 1 ||
        arg.p > c->nargs)
      return rv_lib_corrupt(c);
    f.at = (u32)at.p;
    f.arg = (u32)arg.p;
  }
  st = run(&f);
  if (st) {
    if (st == RV_CALL) c->state = 2;
    if (st == RV_STOP) c->state = 1;
    return st;
  }
  if (rv_lib_kept(c, TEXT).t == RV_NIL) return rv_lib_retstr(c, f.buf, f.n);
  if ((st = flush(&f))) return st;
  return rv_native_ret(c, rv_lib_kept(c, TEXT));
}

static const RvNativeDef defs[] = {
  {"string.format", 1, 0, str_format},
};
const RvLib rv_lib_format = {defs, sizeof defs / sizeof *defs};
