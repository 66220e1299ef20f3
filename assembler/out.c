/* SPDX-License-Identifier: MIT */
/* Text on its way out of the disassembler, in pieces of a fixed size. */
#include "assembler/out.h"

#include <stdarg.h>
#include <string.h>

#include "vm/num.h"

void rva_flush(RvaOut *o) {
  if (o->fn && o->n) o->fn(o->ud, o->buf, o->n);
  o->n = 0;
}

void rva_put(RvaOut *o, const char *p, size_t n) {
  if (!o->fn) return;
  while (n > 0) {
    size_t room = sizeof o->buf - o->n, part = n < room ? n : room;
    memcpy(o->buf + o->n, p, part);
    o->n += (u32)part;
    p += part;
    n -= part;
    if (o->n == sizeof o->buf) rva_flush(o);
  }
}

void rva_putz(RvaOut *o, const char *z) { rva_put(o, z, strlen(z)); }

void rva_putf(RvaOut *o, const char *fmt, ...) {
  char text[256];
  va_list ap;
  if (!o->fn) return;
  va_start(ap, fmt);
  rva_put(o, text, rv_num_vfmt(text, sizeof text, fmt, ap));
  va_end(ap);
}

void rva_put_quoted(RvaOut *o, const char *p, size_t n) {
  rva_put(o, "\"", 1);
  for (size_t i = 0; i < n; i++) {
    u8 c = (u8)p[i];
    if (!o->plain && (c == '\n' || c == '\r' || c == '\t')) {
      rva_putz(o, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
    } else if (c < ' ' || c > '~') {
      rva_putf(o, "\\x%02x", c);
    } else {
      if (c == '"' || c == '\\') rva_put(o, "\\", 1);
      rva_put(o, p + i, 1);
    }
  }
  rva_put(o, "\"", 1);
}

bool rv_dis(const RvImage *img, bool plain, RvTextOut out, void *ud) {
  RvaOut o = {.fn = out, .ud = ud, .plain = plain};
  bool good = true;
  if (plain) {
    rva_dis_plain(img, &o);
  } else {
    good = rva_dis_full(img, &o);
  }
  rva_flush(&o);
  return good;
}

bool rv_dis_func(const RvImage *img, u32 func, RvTextOut out, void *ud) {
  RvaOut o = {.fn = out, .ud = ud};
  bool good = rva_dis_one(img, func, &o);
  rva_flush(&o);
  return good;
}
