/* SPDX-License-Identifier: MIT */
/* Literals of assembly text: numbers and strings. */
#include <string.h>

#include "assembler/tree.h"
#include "vm/num.h"

bool rva_read_int(RvaAsm *a, RvaLoc loc, RvaText text, u64 *v) {
  RvValue n;
  if (rv_num_parse(text.p, text.len, &n) && n.t == RV_INT) {
    *v = n.p;
    return true;
  }
  rva_error(a, loc, "integer `%.*s` does not fit 64 bits", RVA_TEXT(text));
  return false;
}

bool rva_read_float(RvaAsm *a, RvaLoc loc, RvaText text, u64 *v) {
  RvValue n;
  bool minus = text.p[0] == '-';
  if (memcmp(text.p + text.len - 3, "inf", 3) == 0) {
    *v = rv_d2u(minus ? -__builtin_inf() : __builtin_inf());
  } else if (memcmp(text.p + text.len - 3, "nan", 3) == 0) {
    *v = RV_NAN_BITS;
  } else if (rv_num_parse(text.p, text.len, &n) && n.t == RV_FLT) {
    *v = n.p;
  } else {
    rva_error(a, loc, "malformed number `%.*s`", RVA_TEXT(text));
    return false;
  }
  return true;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 32;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One escape from *p, which stands behind the backslash; -1 when malformed. */
static int read_escape(const char **p, const char *end) {
  static const char letters[] = "abfnrtv\\\"'", bytes[] = "\a\b\f\n\r\t\v\\\"'";
  const char *q = *p, *hit = strchr(letters, *q);
  int v = 0, n = 0;
  if (*q && hit) {
    *p = q + 1;
    return (u8)bytes[hit - letters];
  }
  if (*q == 'x') {
    if (end - q < 3 || hex_digit(q[1]) < 0 || hex_digit(q[2]) < 0) return -1;
    *p = q + 3;
    return hex_digit(q[1]) * 16 + hex_digit(q[2]);
  }
  for (; n < 3 && q < end && *q >= '0' && *q <= '9'; n++)
    v = v * 10 + *q++ - '0';
  *p = q;
  return n > 0 && v < 256 ? v : -1;
}

bool rva_read_string(RvaAsm *a, RvaLoc loc, RvaText quoted, RvaText *out) {
  const char *p = quoted.p + 1, *end = quoted.p + quoted.len - 1;
  char *q = rva_alloc_array(&a->mem, quoted.len, 1);
  if (!q) return false;
  out->p = q;
  while (p < end) {
    const char *at = p;
    int c = (u8)*p++;
    if (c == '\\') c = read_escape(&p, end);
    if (c < 0) {
      loc.column += (u32)(at - quoted.p);
      rva_error(a, loc,
                "unknown escape in string: expected one of "
                "\\a \\b \\f \\n \\r \\t \\v \\\\ \\\" \\' \\xHH \\DDD");
      return false;
    }
    *q++ = (char)c;
  }
  out->len = (u32)(q - out->p);
  return true;
}
