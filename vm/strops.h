/* SPDX-License-Identifier: MIT */
/* What instructions do with strings: parts, bytes, searching. */
#ifndef RV_VM_STROPS_H
#define RV_VM_STROPS_H

#include "vm/str.h"

/* Bytes i to j, counted from 1, negative ones from the end, as string.sub; s
   itself when that is all of it. s must be anchored. NULL: memory error. */
RvString *rv_str_sub(RvMachine *m, RvString *s, i64 i, i64 j);
/* The clipping of rv_str_sub: *i and *j become positions in s, from 1; the number
   of bytes from *i to *j, 0 when there is none. */
u64 rv_str_clip(const RvString *s, i64 *i, i64 *j);
/* Byte i, counted as above; -1 when there is none. */
int rv_str_byte(const RvString *s, i64 i);
/* The string of one byte. NULL: memory error. */
RvString *rv_str_char(RvMachine *m, u8 c);
/* First place of the needle; hay itself for an empty one; NULL: none. Linear in
   hlen + nlen. */
const char *rv_mem_find(const char *hay, size_t hlen, const char *needle,
                        size_t nlen);

#endif
