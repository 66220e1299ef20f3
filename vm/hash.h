/* SPDX-License-Identifier: MIT */
/* Hashes of strings and keys.

   A string's hash is a function of its bytes alone, so that images and the
   library can carry hashes that every machine agrees on. It never shows: all
   orders are insertion orders. Against flooding, a table that meets a probe run
   over 64 reindexes itself under the keyed mix (rv_hash_keyed). */
#ifndef RV_VM_HASH_H
#define RV_VM_HASH_H

#include <string.h>

#include "vm/conf.h"

RV_INLINE u64 rv_load64le(const void *p) {
  u64 v;
  memcpy(&v, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  v = __builtin_bswap64(v);
#endif
  return v;
}

RV_INLINE u32 rv_load32le(const void *p) {
  u32 v;
  memcpy(&v, p, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  v = __builtin_bswap32(v);
#endif
  return v;
}

/* The finalizer of MurmurHash3 (Appleby, public domain): full avalanche. */
RV_INLINE u64 rv_mix64(u64 x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdull;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ull;
  x ^= x >> 33;
  return x;
}

/* Multiply-and-fold over 8-byte words; the tail overlaps, so that short
   strings need two loads and no loop. */
RV_INLINE u32 rv_str_hash(const char *s, size_t n) {
  u64 h = 0x9e3779b97f4a7c15ull ^ (u64)n * 0xff51afd7ed558ccdull;
  u64 a, b;
  if (n >= 8) {
    const char *end = s + n - 8;
    for (; s < end; s += 8) {
      h = (h ^ rv_load64le(s)) * 0xc4ceb9fe1a85ec53ull;
      h ^= h >> 29;
    }
    a = rv_load64le(end);
    b = 0;
  } else if (n >= 4) {
    a = rv_load32le(s);
    b = rv_load32le(s + n - 4);
  } else if (n > 0) {
    a = (u64)(u8)s[0] | (u64)(u8)s[n >> 1] << 8 | (u64)(u8)s[n - 1] << 16;
    b = 0;
  } else {
    a = b = 0;
  }
  h = rv_mix64(h ^ a ^ (b << 32));
  return (u32)(h ^ h >> 32);
}

RV_INLINE u32 rv_hash_keyed(u64 x, u64 key) {
  return (u32)(rv_mix64(x ^ key) >> 16);
}

#endif
