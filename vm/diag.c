/* SPDX-License-Identifier: MIT */
/* Messages of the boundaries (reader, verifier, assembler) without libc's
   formatter, which follows the locale and counts as I/O (I3). */
#include "vm/image.h"

#include <stdarg.h>

/* What a conversion may say: %[0][width][.precision][l|ll|z]{d,i,u,x,c,s,%},
   width and precision as digits or `*`. */
typedef struct Spec {
  bool zero;
  int width;
  int prec; /* -1: none */
  int size; /* number of l; z counts as 2 */
} Spec;

typedef struct Out {
  char *p;
  size_t n, cap;
} Out;

static void put(Out *o, char c) {
  if (o->n + 1 < o->cap) o->p[o->n++] = c;
}

static void put_number(Out *o, u64 v, u32 base, bool minus, const Spec *s) {
  char b[24];
  int n = 0;
  do b[n++] = "0123456789abcdef"[v % base];
  while ((v /= base) != 0);
  int pad = s->width - n - minus;
  if (!s->zero)
    while (pad-- > 0) put(o, ' ');
  if (minus) put(o, '-');
  if (s->zero)
    while (pad-- > 0) put(o, '0');
  while (n > 0) put(o, b[--n]);
}

/* Control bytes of names that came from a file must not reach a terminal. */
static void put_string(Out *o, const char *p, const Spec *s) {
  if (!p) p = "(null)";
  for (int i = 0; p[i] && (s->prec < 0 || i < s->prec); i++)
    put(o, (u8)p[i] < 0x20 || p[i] == 0x7f ? '?' : p[i]);
}

static int number(const char **f, va_list *ap) {
  int n = 0;
  if (**f == '*') {
    (*f)++;
    return va_arg(*ap, int);
  }
  while (**f >= '0' && **f <= '9') n = n * 10 + *(*f)++ - '0';
  return n;
}

static const char *parse_spec(const char *f, Spec *s, va_list *ap) {
  *s = (Spec){.prec = -1};
  if (*f == '0') s->zero = true, f++;
  s->width = number(&f, ap);
  if (*f == '.') f++, s->prec = number(&f, ap);
  for (; *f == 'l' || *f == 'z'; f++) s->size += *f == 'z' ? 2 : 1;
  return f;
}

static void convert(Out *o, char c, const Spec *s, va_list *ap) {
  switch (c) {
  case 'd':
  case 'i': {
    i64 v = s->size == 0   ? va_arg(*ap, int)
            : s->size == 1 ? va_arg(*ap, long)
                           : va_arg(*ap, long long);
    put_number(o, v < 0 ? 0 - (u64)v : (u64)v, 10, v < 0, s);
    break;
  }
  case 'u':
  case 'x': {
    u64 v = s->size == 0   ? va_arg(*ap, unsigned)
            : s->size == 1 ? va_arg(*ap, unsigned long)
                           : va_arg(*ap, unsigned long long);
    put_number(o, v, c == 'x' ? 16 : 10, false, s);
    break;
  }
  case 'c': put(o, (char)va_arg(*ap, int)); break;
  case 's': put_string(o, va_arg(*ap, const char *), s); break;
  default: put(o, c); break;
  }
}

static void vformat(Out *o, const char *fmt, va_list *ap) {
  for (const char *f = fmt; *f; f++) {
    if (*f != '%') {
      put(o, *f);
      continue;
    }
    Spec s;
    f = parse_spec(f + 1, &s, ap);
    if (!*f) break;
    convert(o, *f, &s, ap);
  }
  o->p[o->n] = 0;
}

void rv_diag(RvDiag *d, const char *fmt, ...) {
  if (!d) return;
  *d = (RvDiag){0};
  Out o = {d->text, 0, sizeof d->text};
  va_list ap;
  va_start(ap, fmt);
  vformat(&o, fmt, &ap);
  va_end(ap);
}

void rv_diag_at(RvDiag *d, const char *section, u64 offset, const char *fmt,
                ...) {
  if (!d) return;
  rv_diag(d, "%s, offset %llu: ", section, (unsigned long long)offset);
  Out o = {d->text, strlen(d->text), sizeof d->text};
  va_list ap;
  va_start(ap, fmt);
  vformat(&o, fmt, &ap);
  va_end(ap);
  d->section = section;
  d->offset = offset;
}
