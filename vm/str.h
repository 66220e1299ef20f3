/* SPDX-License-Identifier: MIT */
/* Strings: interned to RV_INTERN_MAX bytes, flat or views of append buffers
   beyond. Two interned strings are equal exactly when they are one object. */
#ifndef RV_VM_STR_H
#define RV_VM_STR_H

#include <stdarg.h>

#include "vm/heap.h"

/* Memory of a flat string; the logical size of an append buffer. */
#define RV_STR_FLAT_SIZE(len)                                                  \
  ((RV_STR_FLAT_BYTES + (size_t)(len) + 1 + 7) & ~(size_t)7)
#define RV_LSIZE_STRBUF(used) (24u + (u64)(used))

/* The bytes of a flat string, to be written. (Reads use rv_str_data.) */
RV_INLINE char *rv_str_bytes(RvString *s) {
  return (char *)s + RV_STR_FLAT_BYTES;
}

/* A string with these bytes; charged when new. NULL: memory error raised. The
   bytes must not lie in the collected heap unless their owner is anchored. */
RvString *rv_str_new(RvMachine *m, const char *p, size_t len);
RvString *rv_str_newz(RvMachine *m, const char *z);
/* The same with the hash at hand (images, library). */
RvString *rv_str_intern(RvMachine *m, const char *p, size_t len, u32 hash);
/* rv_num_fmt into a string of at most 500 bytes. */
RvString *rv_str_fmt(RvMachine *m, const char *fmt, ...) RV_PRINTF(2, 3);
RvString *rv_str_vfmt(RvMachine *m, const char *fmt, va_list ap)
    RV_PRINTF(2, 0);
/* A flat string of len > RV_INTERN_MAX bytes to be filled in by the caller
   before anything reads it. Too long: NULL, the error raised. */
RvString *rv_str_raw(RvMachine *m, size_t len);
/* a .. b with amortised append: when a is a view that ends its buffer the
   bytes of b are added in place. Both must be anchored; b may be bytes of a.
   Moves the bytes of views: what rv_str_data gave for one is void afterwards.
   A view has a NUL behind it only while it is the newest of its buffer. */
RvString *rv_str_append(RvMachine *m, RvString *a, const char *b, size_t blen);
/* Equality of any two strings. */
bool rv_str_eq_slow(const RvString *a, const RvString *b);
RV_INLINE bool rv_str_eq(const RvString *a, const RvString *b) {
  if (a == b) return true;
  if ((a->h.flags | b->h.flags) & RV_STR_INTERNED) return false;
  return rv_str_eq_slow(a, b);
}
/* Bytes compare: <0, 0, >0. */
int rv_str_cmp(const RvString *a, const RvString *b);
u32 rv_str_hash_of(RvString *s);
/* Logical and physical size, for a view without its buffer. */
u64 rv_str_lsize(const RvString *s);
size_t rv_str_size(const RvString *s);
RV_INLINE u64 rv_strbuf_lsize(const RvStrBuf *buf) {
  return RV_LSIZE_STRBUF(buf->used);
}
RV_INLINE size_t rv_strbuf_size(const RvStrBuf *buf) {
  (void)buf;
  return sizeof(RvStrBuf);
}
/* Table of interned strings: create, and drop those that marking did not reach
   (called by the collector before memory is reused). */
bool rv_strtab_init(RvMachine *m);
void rv_strtab_fini(RvMachine *m);
void rv_strtab_sweep(RvMachine *m);
RV_INLINE RvValue rv_strv(RvString *s) { return rv_obj(s, RV_STR); }

#endif
