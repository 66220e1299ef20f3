/* SPDX-License-Identifier: MIT */
/* Number rules and text conversion, shared by loop, events, folder, assembler.

   Integers are 64-bit two's complement and wrap. This file alone may use
   snprintf and strtod on numbers, and must give the same under any locale. */
#ifndef RV_VM_NUM_H
#define RV_VM_NUM_H

#include "vm/value.h"

/* The one NaN that may be seen in memory. */
#define RV_NAN_BITS 0x7ff8000000000000ull

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
double rv_num_idivf(double a, double b);
double rv_num_modf(double a, double b);
double rv_num_powf(double a, double b);
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
/* The shortest of 15, 16 or 17 digits that reads back exactly. */
size_t rv_num_text17(double d, char out[RV_NUM_TEXT]);
size_t rv_num_texti(i64 i, char out[RV_NUM_TEXT]);
/* One printf conversion (flags, width, precision, conversion letter in
   "aAeEfgG"), locale-proof; `spec` is NUL-terminated without %. Returns the
   length or -1 when it does not fit in size. */
int rv_num_format(char *out, size_t size, const char *spec, double d);
/* The number that the whole text spells, blanks around it allowed: decimal and
   hexadecimal, integers and floats; decimal integers beyond 64 bits become
   floats, hexadecimal ones wrap. No inf, no nan. False: no number. */
bool rv_num_parse(const char *s, size_t len, RvValue *v);

/* Powers, roots and transcendental functions all go through here (I6). */
double rv_num_math1(int which, double x);

#endif
