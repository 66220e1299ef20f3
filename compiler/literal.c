/* SPDX-License-Identifier: MIT */
/* Literals: what strings and numerals stand for. */
#include <string.h>

#include "compiler/parse.h"
#include "vm/num.h"

/* -- Strings ------------------------------------------------------------------ */

typedef struct Reader {
  RvlParser *p;
  const char *start, *s, *end; /* the literal, where we are, its last quote */
  char *out;
  bool closed; /* the last quote is there */
} Reader;

/* Messages show the literal up to and with the byte that was wrong. */
static bool bad(Reader *r, const char *at, const char *msg) {
  const char *limit = r->closed ? r->end + 1 : r->end;
  const char *stop = at < limit ? at + 1 : limit;
  rvl_error(r->p, r->p->line, r->start, (size_t)(stop - r->start), "%s", msg);
  return false;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = (char)(c | 32);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hex(Reader *r) {
  int v = 0;
  for (int i = 0; i < 2; i++) {
    int d = hex_digit(*r->s);
    if (d < 0) return bad(r, r->s, "hexadecimal digit expected");
    v = v * 16 + d;
    r->s++;
  }
  *r->out++ = (char)v;
  return true;
}

static bool read_decimal(Reader *r) {
  int v = 0;
  for (int i = 0; i < 3 && *r->s >= '0' && *r->s <= '9'; i++)
    v = v * 10 + (*r->s++ - '0');
  if (v > 255) return bad(r, r->s, "decimal escape too large");
  *r->out++ = (char)v;
  return true;
}

/* UTF-8 as Lua has it: up to six bytes, for values below 2^31. */
static void put_utf8(Reader *r, u32 v) {
  if (v < 0x80) {
    *r->out++ = (char)v;
    return;
  }
  char tail[6];
  int n = 0;
  u32 first = 0x3f; /* what fits in the first byte */
  do {
    tail[n++] = (char)(0x80 | (v & 0x3f));
    v >>= 6;
    first >>= 1;
  } while (v > first);
  *r->out++ = (char)((~first << 1) | v);
  while (n) *r->out++ = tail[--n];
}

static bool read_utf8(Reader *r) {
  u32 v = 0;
  if (*r->s != '{') return bad(r, r->s, "missing '{'");
  r->s++;
  if (hex_digit(*r->s) < 0) return bad(r, r->s, "hexadecimal digit expected");
  for (int d; (d = hex_digit(*r->s)) >= 0; r->s++) {
    if (v > 0x7ffffffu) return bad(r, r->s, "UTF-8 value too large");
    v = v * 16 + (u32)d;
  }
  if (*r->s != '}') return bad(r, r->s, "missing '}'");
  r->s++;
  put_utf8(r, v);
  return true;
}

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* A newline of one or two bytes; the scanner has counted it already. */
static void skip_newline(Reader *r) {
  char c = *r->s++;
  if ((*r->s == '\n' || *r->s == '\r') && *r->s != c) r->s++;
}

/* Behind the backslash. */
static bool read_escape(Reader *r) {
  static const char letters[] = "abfnrtv\\\"'", bytes[] = "\a\b\f\n\r\t\v\\\"'";
  char c = *r->s;
  const char *hit = c ? strchr(letters, c) : NULL;
  if (hit) {
    r->s++;
    *r->out++ = bytes[hit - letters];
    return true;
  }
  switch (c) {
  case 'x': r->s++; return read_hex(r);
  case 'u': r->s++; return read_utf8(r);
  case '\n':
  case '\r':
    skip_newline(r);
    *r->out++ = '\n';
    return true;
  case 'z':
    r->s++;
    while (r->s < r->end && is_blank(*r->s)) r->s++;
    return true;
  default:
    if (c >= '0' && c <= '9') return read_decimal(r);
    return bad(r, r->s, "invalid escape sequence");
  }
}

/* The buffer with room for n bytes; NULL without memory. */
static char *buffer(RvlParser *p, size_t n) {
  return rvl_grow(&p->mem, &p->buf, &p->cbuf, (u32)n, 1) ? p->buf : NULL;
}

static bool decode(Reader *r) {
  while (r->s < r->end) {
    char c = *r->s++;
    if (c != '\\') *r->out++ = c;
    else if (!read_escape(r)) return false;
  }
  return true;
}

RvlName *rvl_read_string(RvlParser *p, const char *s, size_t len) {
  const char *body = s + 1;
  if (!memchr(body, '\\', len - 2)) return rvl_name(p, body, len - 2);
  Reader r = {p, s, body, s + len - 1, buffer(p, len), true};
  if (!r.out || !decode(&r)) return NULL;
  return rvl_name(p, p->buf, (size_t)(r.out - p->buf));
}

/* Messages show what was read of it so far, escapes decoded. */
void rvl_unfinished(RvlParser *p, const char *s, size_t len, bool at_end) {
  Reader r = {p, s, s + 1, s + len, buffer(p, len + 1), false};
  if (!r.out) return;
  *r.out++ = *s;
  if (!decode(&r)) return;
  if (at_end) rvl_error(p, p->line, "<eof>", 0, "unfinished string");
  else
    rvl_error(p, p->line, p->buf, (size_t)(r.out - p->buf),
              "unfinished string");
}

RvlName *rvl_read_long(RvlParser *p, const char *s, size_t len) {
  Reader r = {p, s, s, s + len, NULL, true};
  if (len && (*s == '\n' || *s == '\r')) skip_newline(&r);
  if (r.s > r.end) r.s = r.end;
  size_t n = (size_t)(r.end - r.s);
  if (!memchr(r.s, '\r', n)) return rvl_name(p, r.s, n);
  r.out = buffer(p, n);
  if (!r.out) return NULL;
  while (r.s < r.end) {
    if (*r.s != '\r' && *r.s != '\n') {
      *r.out++ = *r.s++;
      continue;
    }
    skip_newline(&r);
    *r.out++ = '\n';
  }
  return rvl_name(p, p->buf, (size_t)(r.out - p->buf));
}

/* -- Numbers -------------------------------------------------------------------- */

bool rvl_read_number(RvlParser *p, const char *s, size_t len, RvValue *v) {
  if (rv_num_parse(s, len, v)) return true;
  rvl_error(p, p->line, s, len, "malformed number");
  return false;
}
