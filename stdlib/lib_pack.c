/* SPDX-License-Identifier: MIT */
/* Builtins string.pack, string.packsize, string.unpack.

   Native sizes and byte order are those of a 64-bit little-endian machine on
   every host, so that what a program packs does not depend on where it runs. A
   float that is not a number has one pattern, both ways. pack reads its format
   twice: first it checks everything and adds up the length, then it writes. */
#include "stdlib/lib.h"

#define MAX_INT 16u       /* bytes of the longest integer */
#define NATIVE_ALIGN 8u
#define MAX_SIZE 0x7fffffffu /* of a number in a format, of packsize */

typedef enum Kind {
  INT, UINT, FLOAT, DOUBLE, /* values of fixed size */
  CHARS, STRING, ZSTRING,
  PADDING, ALIGN, NOTHING
} Kind;

typedef struct Format {
  RvNativeCtx *c;
  const char *p, *end;
  bool big;
  u32 max_align;
} Format;

typedef struct Option {
  Kind kind;
  u32 size; /* of the value, of the length in front of it, of padding */
  u32 skip; /* bytes that align it */
} Option;

/* -- Formats -------------------------------------------------------------- */

/* The format, argument 0, ends at a zero byte as well. Pays for reading it. */
static RvStatus arg_format(RvNativeCtx *c, Format *f) {
  RvString *s;
  RvStatus st = rv_lib_str(c, 0, &s);
  if (st) return st;
  *f = (Format){.c = c, .p = rv_str_data(s), .max_align = 1};
  const char *zero = memchr(f->p, 0, s->len);
  f->end = zero ? zero : f->p + s->len;
  if (c->state == 0) {
    if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(16ull * s->len))))
      return st;
    c->state = 1;
  }
  return RV_OK;
}

static bool at_digit(const Format *f) {
  return f->p < f->end && *f->p >= '0' && *f->p <= '9';
}

static bool number(Format *f, u32 *n) {
  if (!at_digit(f)) return false;
  *n = 0;
  do *n = *n * 10 + (u32)(*f->p++ - '0');
  while (at_digit(f) && *n <= (MAX_SIZE - 9) / 10);
  return true;
}

/* The size of an integer. */
static RvStatus int_size(Format *f, u32 missing, u32 *size) {
  if (!number(f, size)) *size = missing;
  if (*size >= 1 && *size <= MAX_INT) return RV_OK;
  return rv_err(f->c->th, "integral size (%u) out of limits [1,%u]", *size,
                MAX_INT);
}

static RvStatus fixed(Option *o, Kind kind, u32 size) {
  o->kind = kind;
  o->size = size;
  return RV_OK;
}

/* Reads one option, of which there is one, without alignment. */
static RvStatus read_option(Format *f, Option *o) {
  char b = *f->p++;
  *o = (Option){.kind = NOTHING};
  switch (b) {
  case 'b': return fixed(o, INT, 1);
  case 'B': return fixed(o, UINT, 1);
  case 'h': return fixed(o, INT, 2);
  case 'H': return fixed(o, UINT, 2);
  case 'l': case 'j': return fixed(o, INT, 8);
  case 'L': case 'J': case 'T': return fixed(o, UINT, 8);
  case 'f': return fixed(o, FLOAT, 4);
  case 'd': case 'n': return fixed(o, DOUBLE, 8);
  case 'i': o->kind = INT; return int_size(f, 4, &o->size);
  case 'I': o->kind = UINT; return int_size(f, 4, &o->size);
  case 's': o->kind = STRING; return int_size(f, 8, &o->size);
  case 'c':
    o->kind = CHARS;
    if (number(f, &o->size)) return RV_OK;
    return rv_err(f->c->th, "missing size for format option 'c'");
  case 'z': return fixed(o, ZSTRING, 0);
  case 'x': return fixed(o, PADDING, 1);
  case 'X': return fixed(o, ALIGN, 0);
  case ' ': return RV_OK;
  case '<': case '=': f->big = false; return RV_OK;
  case '>': f->big = true; return RV_OK;
  case '!': return int_size(f, NATIVE_ALIGN, &f->max_align);
  default: return rv_err(f->c->th, "invalid format option '%c'", b);
  }
}

/* The next option, which begins `total` bytes behind the first. */
static RvStatus next_option(Format *f, u64 total, Option *o) {
  RvStatus st = read_option(f, o);
  if (st) return st;
  u32 align = o->size;
  if (o->kind == ALIGN) {
    Option next = {.kind = CHARS};
    if (f->p < f->end && (st = read_option(f, &next))) return st;
    align = next.size;
    if (next.kind == CHARS || align == 0)
      return rv_lib_argerr(f->c, 0, "invalid next option for option 'X'");
  }
  if (align <= 1 || o->kind == CHARS) return RV_OK;
  if (align > f->max_align) align = f->max_align;
  if (align & (align - 1))
    return rv_lib_argerr(f->c, 0, "format asks for alignment not power of 2");
  o->skip = (u32)(0 - total) & (align - 1);
  return RV_OK;
}

/* -- Bytes of numbers ----------------------------------------------------- */

static void store(u8 *p, u64 v, u32 size, bool big, bool negative) {
  for (u32 i = 0; i < size; i++) {
    u8 b = i < 8 ? (u8)(v >> 8 * i) : negative ? 0xff : 0;
    p[big ? size - 1 - i : i] = b;
  }
}

/* False: it needs more than 64 bits. */
static bool fetch(const u8 *p, u32 size, bool big, bool is_signed, i64 *out) {
  u64 v = 0;
  for (u32 i = 0; i < size && i < 8; i++)
    v |= (u64)p[big ? size - 1 - i : i] << 8 * i;
  if (size < 8 && is_signed) {
    u32 spare = 64 - 8 * size;
    v = (u64)((i64)(v << spare) >> spare);
  }
  u8 rest = is_signed && (i64)v < 0 ? 0xff : 0;
  for (u32 i = 8; i < size; i++)
    if (p[big ? size - 1 - i : i] != rest) return false;
  *out = (i64)v;
  return true;
}

static u64 float_bits(double d, u32 size) {
  if (size == 8) return rv_num_canon(rv_d2u(d));
  float f = (float)d;
  u32 bits;
  memcpy(&bits, &f, 4);
  return d != d ? 0x7fc00000u : bits;
}

static double bits_float(u64 bits, u32 size) {
  if (size == 4) {
    u32 low = (u32)bits;
    float f;
    memcpy(&f, &low, 4);
    bits = rv_d2u((double)f);
  }
  return rv_u2d(rv_num_canon(bits));
}

/* -- pack ----------------------------------------------------------------- */

/* Values lie behind the format. A missing one is nil, as Lua says. */
static RvStatus missing(Format *f, u32 arg, const char *type) {
  char text[40];
  rv_num_fmt(text, sizeof text, "%s expected, got nil", type);
  return rv_lib_argerr(f->c, arg, text);
}

static RvStatus check_int(Format *f, const Option *o, u32 arg) {
  i64 v;
  if (arg >= f->c->nargs) return missing(f, arg, "number");
  RvStatus st = rv_arg_int(f->c, arg, &v);
  if (st || o->size >= 8) return st;
  u64 lim = 1ull << (8 * o->size - (o->kind == INT));
  if (o->kind == INT && (v >= (i64)lim || v < -(i64)lim))
    return rv_lib_argerr(f->c, arg, "integer overflow");
  if (o->kind == UINT && (u64)v >= lim)
    return rv_lib_argerr(f->c, arg, "unsigned overflow");
  return RV_OK;
}

static RvStatus check_string(Format *f, const Option *o, u32 arg, u64 *len) {
  RvString *s;
  if (arg >= f->c->nargs) return missing(f, arg, "string");
  RvStatus st = rv_lib_str(f->c, arg, &s);
  if (st) return st;
  *len = s->len;
  if (o->kind == CHARS && s->len > o->size)
    return rv_lib_argerr(f->c, arg, "string longer than given size");
  if (o->kind == STRING && o->size < 8 && s->len >> 4 * o->size >> 4 * o->size)
    return rv_lib_argerr(f->c, arg,
                         "string length does not fit in given size");
  if (o->kind == ZSTRING && memchr(rv_str_data(s), 0, s->len))
    return rv_lib_argerr(f->c, arg, "string contains zeros");
  return RV_OK;
}

/* Checks the value of an option; *len: its bytes, without the length that may
   stand in front. *arg moves on when there is a value. */
static RvStatus check(Format *f, const Option *o, u32 *arg, u64 *len) {
  double d;
  *len = 0;
  switch (o->kind) {
  case INT:
  case UINT: return check_int(f, o, (*arg)++);
  case FLOAT:
  case DOUBLE:
    if (*arg >= f->c->nargs) return missing(f, *arg, "number");
    return rv_lib_flt(f->c, (*arg)++, &d);
  case CHARS:
  case STRING:
  case ZSTRING: return check_string(f, o, (*arg)++, len);
  default: return RV_OK;
  }
}

/* Bytes that the option takes. */
static u64 size_of(const Option *o, u64 len) {
  if (o->kind == STRING) return o->size + len;
  if (o->kind == ZSTRING) return len + 1;
  return o->size; /* CHARS are filled up */
}

static void write_string(const Format *f, const Option *o, u32 arg, u8 *p) {
  const RvString *s = RV_AS(RvString, rv_arg(f->c, arg));
  if (o->kind == STRING) {
    store(p, s->len, o->size, f->big, false);
    p += o->size;
  }
  memcpy(p, rv_str_data(s), s->len);
  if (o->kind == CHARS) memset(p + s->len, 0, o->size - s->len);
  if (o->kind == ZSTRING) p[s->len] = 0;
}

/* Writes what has been checked; must not allocate. */
static void put_value(const Format *f, const Option *o, u32 *arg, u8 *p) {
  i64 v = 0;
  double d = 0;
  switch (o->kind) {
  case INT:
  case UINT:
    rv_arg_int(f->c, (*arg)++, &v);
    store(p, (u64)v, o->size, f->big, o->kind == INT && v < 0);
    break;
  case FLOAT:
  case DOUBLE:
    rv_lib_flt(f->c, (*arg)++, &d);
    store(p, float_bits(d, o->size), o->size, f->big, false);
    break;
  case CHARS:
  case STRING:
  case ZSTRING: write_string(f, o, (*arg)++, p); break;
  case PADDING: *p = 0; break;
  default: break;
  }
}

/* pack(format, ...) */
static RvStatus str_pack(RvNativeCtx *c) {
  Format f;
  Option o;
  RvOut out;
  u64 total = 0, len;
  u32 arg = 1;
  RvStatus st = arg_format(c, &f);
  if (st) return st;
  Format again = f;
  while (f.p < f.end) {
    if ((st = next_option(&f, total, &o)) || (st = check(&f, &o, &arg, &len)))
      return st;
    total += o.skip + size_of(&o, len);
    if (total > RV_MAX_STRING)
      return rv_err(c->th, "resulting string too large");
  }
  if ((st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(total))) ||
      (st = rv_lib_out(c, &out, total)))
    return st;
  u64 at = 0;
  for (arg = 1; again.p < again.end;) {
    next_option(&again, at, &o);
    memset(out.p + at, 0, o.skip);
    at += o.skip;
    u32 first = arg;
    put_value(&again, &o, &arg, (u8 *)out.p + at);
    bool text = o.kind == STRING || o.kind == ZSTRING;
    len = text ? RV_AS(RvString, rv_arg(c, first))->len : 0;
    at += size_of(&o, len);
  }
  return rv_lib_out_done(c, &out);
}

/* packsize(format) */
static RvStatus str_packsize(RvNativeCtx *c) {
  Format f;
  Option o;
  u64 total = 0;
  RvStatus st = arg_format(c, &f);
  if (st) return st;
  while (f.p < f.end) {
    if ((st = next_option(&f, total, &o))) return st;
    if (o.kind == STRING || o.kind == ZSTRING)
      return rv_lib_argerr(c, 0, "variable-length format");
    total += o.skip + o.size;
    if (total > MAX_SIZE)
      return rv_lib_argerr(c, 0, "format result too large");
  }
  return rv_native_ret(c, rv_int((i64)total));
}

/* -- unpack --------------------------------------------------------------- */

/* A string becomes result n. It is paid where nothing can stop: nobody knows
   beforehand how much there will be. */
static RvStatus put_string(RvNativeCtx *c, u32 n, const u8 *p, u64 len) {
  rv_fuel_owe(c->m, (u32)rv_fuel_bytes(len));
  RvString *s = rv_str_new(c->m, (const char *)p, len);
  if (!s) return RV_ERROR;
  rv_lib_put(c, n, rv_strv(s));
  return RV_OK;
}

/* The value at p, `left` bytes being there, becomes result n; *used: its bytes. */
static RvStatus read_value(Format *f, const Option *o, const u8 *p, u64 left,
                           u32 n, u64 *used) {
  RvNativeCtx *c = f->c;
  i64 v;
  *used = o->size;
  switch (o->kind) {
  case INT:
  case UINT:
    if (!fetch(p, o->size, f->big, o->kind == INT, &v))
      return rv_err(c->th, "%u-byte integer does not fit into Lua Integer",
                    o->size);
    rv_lib_put(c, n, rv_int(v));
    return RV_OK;
  case FLOAT:
  case DOUBLE:
    fetch(p, o->size, f->big, false, &v);
    rv_lib_put(c, n, rv_flt(bits_float((u64)v, o->size)));
    return RV_OK;
  case CHARS: return put_string(c, n, p, o->size);
  case STRING:
    if (!fetch(p, o->size, f->big, false, &v))
      return rv_err(c->th, "%u-byte integer does not fit into Lua Integer",
                    o->size);
    if ((u64)v > left - o->size)
      return rv_lib_argerr(c, 1, "data string too short");
    *used += (u64)v;
    return put_string(c, n, p + o->size, (u64)v);
  default: { /* ZSTRING */
    const u8 *zero = memchr(p, 0, left);
    if (!zero)
      return rv_lib_argerr(c, 1, "unfinished string for format 'z'");
    *used = (u64)(zero - p) + 1;
    return put_string(c, n, p, *used - 1);
  }
  }
}

/* unpack(format, data, init = 1) */
static RvStatus str_unpack(RvNativeCtx *c) {
  Format f;
  Option o;
  RvString *s;
  i64 init;
  u32 n = 0;
  RvStatus st = rv_lib_str(c, 0, &s);
  if (st || (st = rv_lib_str(c, 1, &s)) ||
      (st = rv_lib_optint(c, 2, 1, &init)) || (st = arg_format(c, &f)))
    return st;
  u64 pos = rv_lib_first(init, s->len) - 1, used;
  if (pos > s->len)
    return rv_lib_argerr(c, 2, "initial position out of string");
  const u8 *data = (const u8 *)rv_str_data(s);
  while (f.p < f.end) {
    if ((st = next_option(&f, pos, &o))) return st;
    if ((u64)o.skip + o.size > s->len - pos)
      return rv_lib_argerr(c, 1, "data string too short");
    pos += o.skip;
    used = o.size;
    if (o.kind < PADDING) {
      if ((st = rv_lib_keep(c, n + 2)) ||
          (st = read_value(&f, &o, data + pos, s->len - pos, n, &used)))
        return st;
      n++;
    }
    pos += used;
  }
  if ((st = rv_lib_keep(c, n + 1))) return st;
  rv_lib_put(c, n, rv_int((i64)pos + 1));
  c->res = rv_lib_at(c, 0);
  c->nres = n + 1;
  return RV_OK;
}

static const RvNativeDef defs[] = {
  {"string.pack", 1, 0, str_pack},
  {"string.packsize", 1, 0, str_packsize},
  {"string.unpack", 1, 0, str_unpack},
};
const RvLib rv_lib_pack = {defs, sizeof defs / sizeof *defs};
