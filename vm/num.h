/* SPDX-License-Identifier: MIT */
/* Number rules and text conversion, shared by loop, events, folder, assembler.

   Integers are 64-bit two's complement and wrap. num.c alone may use snprintf
   and strtod on numbers, and gives the same under any locale. */
#ifndef RV_VM_NUM_H
#define RV_VM_NUM_H

#include <stdarg.h>

#include "vm/value.h"

/* The one NaN that may be seen in memory. */
#define RV_NAN_BITS 0x7ff8000000000000ull

/* The bits of a float as they may be seen from outside: any NaN becomes the
   one above. */
RV_INLINE u64 rv_num_canon(u64 bits) {
  return (bits & ~(1ull << 63)) > 0x7ff0000000000000ull ? RV_NAN_BITS : bits;
}

RV_INLINE i64 rv_num_addi(i64 a, i64 b) { return (i64)((u64)a + (u64)b); }
RV_INLINE i64 rv_num_subi(i64 a, i64 b) { return (i64)((u64)a - (u64)b); }
RV_INLINE i64 rv_num_muli(i64 a, i64 b) { return (i64)((u64)a * (u64)b); }
/* Floored division and modulo; b != 0. minint // -1 wraps, minint % -1 is 0. */
RV_INLINE i64 rv_num_idivi(i64 a, i64 b) {
  if (RV_UNLIKELY((u64)b + 1u <= 1u)) return (i64)(0 - (u64)a); /* b is -1 */
  i64 q = a / b;
  return (a ^ b) < 0 && q * b != a ? q - 1 : q;
}
RV_INLINE i64 rv_num_modi(i64 a, i64 b) {
  if (RV_UNLIKELY((u64)b + 1u <= 1u)) return 0;
  i64 r = a % b;
  return r != 0 && (r ^ b) < 0 ? r + b : r;
}
double rv_num_idivf(double a, double b); /* floor(a / b) */
double rv_num_modf(double a, double b);  /* sign of the divisor */
double rv_num_powf(double a, double b);
double rv_num_fmod(double a, double b); /* C's: sign of the dividend */
double rv_num_atan2(double y, double x);
RV_INLINE i64 rv_num_shl(i64 a, i64 b) {
  if (b <= -64 || b >= 64) return 0;
  return b >= 0 ? (i64)((u64)a << b) : (i64)((u64)a >> -b);
}
RV_INLINE i64 rv_num_shr(i64 a, i64 b) {
  if (b <= -64 || b >= 64) return 0;
  return b >= 0 ? (i64)((u64)a >> b) : (i64)((u64)a << -b);
}

/* The integer equal to d; false when there is none. */
RV_INLINE bool rv_num_f2i(double d, i64 *i) {
  if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0)) return false;
  i64 n = (i64)d;
  if ((double)n != d) return false;
  *i = n;
  return true;
}
/* Rounding modes of rv_num_f2i_mode and the loop limits. */
typedef enum RvRound { RV_ROUND_EXACT, RV_ROUND_FLOOR, RV_ROUND_CEIL } RvRound;
/* The integer that rounding d gives; false when it has no place in 64 bits, or
   in EXACT mode when there is a fraction. */
bool rv_num_f2i_mode(double d, i64 *i, RvRound mode);

/* Exact comparisons of an integer with a float. */
bool rv_num_lt_if(i64 i, double f);
bool rv_num_le_if(i64 i, double f);
bool rv_num_lt_fi(double f, i64 i);
bool rv_num_le_fi(double f, i64 i);
/* i == f, exactly. */
RV_INLINE bool rv_num_eq_if(i64 i, double f) {
  i64 n;
  return rv_num_f2i(f, &n) && n == i;
}

/* Longest text of a number, terminator included. */
#define RV_NUM_TEXT 40
/* Decimal text; returns the length. Floats as "%.14g" with ".0" added when it
   looks like an integer; inf, -inf, nan (and never -nan). */
size_t rv_num_text(RvValue v, char out[RV_NUM_TEXT]);
/* The shortest of 15, 16 or 17 digits that reads back exactly, ".0" added as
   above; inf, -inf and nan too, which no reader of numbers accepts. */
size_t rv_num_text17(double d, char out[RV_NUM_TEXT]);
size_t rv_num_texti(i64 i, char out[RV_NUM_TEXT]);
/* One printf conversion of a float, locale-proof. `spec` is what follows the
   '%': flags among "-+ #0", width, '.' and precision, one letter of "aAeEfFgG";
   width and precision have at most two digits. NaN never has a minus sign. The
   length, or -1 for another spec or when it does not fit in size. */
int rv_num_format(char *out, size_t size, const char *spec, double d);
/* The number that the whole text spells, blanks around it allowed: decimal and
   hexadecimal, integers and floats; decimal integers beyond 64 bits become
   floats, hexadecimal ones wrap. No inf, no nan. False: no number. */
bool rv_num_parse(const char *s, size_t len, RvValue *v);

/* Functions of one argument. All powers, roots and transcendental functions go
   through this module, which has them from the host's libm (I6). */
#define RV_MATHS(X)                                                            \
  X(SQRT, sqrt) X(FLOOR, floor) X(CEIL, ceil) X(FABS, fabs) X(SIN, sin)        \
  X(COS, cos) X(TAN, tan) X(ASIN, asin) X(ACOS, acos) X(ATAN, atan)            \
  X(EXP, exp) X(LOG, log) X(LOG2, log2) X(LOG10, log10)
typedef enum RvMath {
#define RV_X(id, fn) RV_MATH_##id,
  RV_MATHS(RV_X)
#undef RV_X
  RV_NMATHS
} RvMath;
double rv_num_math1(int which, double x);

/* snprintf without the C library: %s (NULL: "(null)"), %c, %d %i %u %x %X with
   l, ll, z or j, %%; flags '-' and '0', width, precision of %s, both also '*'.
   What does not fit is cut off; returns the length of what was written. */
size_t rv_num_fmt(char *out, size_t size, const char *fmt, ...)
    RV_PRINTF(3, 4);
size_t rv_num_vfmt(char *out, size_t size, const char *fmt, va_list ap)
    RV_PRINTF(3, 0);

#endif
