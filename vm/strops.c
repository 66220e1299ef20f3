/* SPDX-License-Identifier: MIT */
/* Parts, bytes and searching of strings. */
#define _GNU_SOURCE /* memmem */
#include "vm/strops.h"

#include <string.h>

#include "vm/hash.h"

u64 rv_str_clip(const RvString *s, i64 *i, i64 *j) {
  i64 len = s->len;
  if (*i < 0) *i = *i < -len ? 1 : len + *i + 1;
  if (*i == 0) *i = 1;
  if (*j < 0) *j = *j < -len ? 0 : len + *j + 1;
  if (*j > len) *j = len;
  return *i > *j ? 0 : (u64)(*j - *i) + 1;
}

RvString *rv_str_sub(RvMachine *m, RvString *s, i64 i, i64 j) {
  u64 n = rv_str_clip(s, &i, &j);
  if (n == 0) return m->empty;
  if (n == s->len) return s;
  return rv_str_new(m, rv_str_data(s) + i - 1, n);
}

int rv_str_byte(const RvString *s, i64 i) {
  i64 len = s->len;
  if (i < 0 && i >= -len) i += len + 1;
  return i >= 1 && i <= len ? (u8)rv_str_data(s)[i - 1] : -1;
}

/* The table of interned strings is the cache: a hash of one byte and, mostly,
   one look. A second cache would have to be kept in step with the collector. */
RvString *rv_str_char(RvMachine *m, u8 c) {
  return rv_str_intern(m, (char *)&c, 1, rv_str_hash((char *)&c, 1));
}

const char *rv_mem_find(const char *hay, size_t hlen, const char *needle,
                        size_t nlen) {
  if (nlen == 0) return hay;
  if (nlen > hlen) return NULL;
  if (nlen == 1) return memchr(hay, *needle, hlen);
  return memmem(hay, hlen, needle, nlen);
}
