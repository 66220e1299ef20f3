/* SPDX-License-Identifier: MIT */
/* The container of an image file: header, section table, hashes. Private to
   image*.c; isa-spec/image.md is the text for everybody else. */
#ifndef RV_VM_IMAGE_FILE_H
#define RV_VM_IMAGE_FILE_H

#include "vm/image.h"

/*  0        5 6    8            16      20      24
    +--------+-+----+------------+-------+-------+
    |\x1bRove|v|  n | length u64 |  must |  may  |            header
    +--------+-+----+----+-------+-------+-------+--------+
    | kind u32 |ver u16|flags u16|offset u64|length u64|XXH3|  n times, 32 bytes
    +----------+-------+---------+----------+----------+----+
    | the sections, one directly after the other            |
    +-------------------------+-----------------------------+
    | XXH3-128 of header+table|                                16 bytes
    +-------------------------+                                              */
#define RV_FILE_VERSION 1u
#define RV_FILE_HEADER 24u
#define RV_FILE_ENTRY 32u
#define RV_FILE_TRAILER 16u

/* Must-know features of this version: none so far. */
#define RV_FILE_MUST 0u

#define RV_SECTION_VERSION 1u
#define RV_SECTION_REQUIRED 0x0001u

typedef enum RvSectionKind {
  RV_SECTION_MANIFEST = 1,
  RV_SECTION_IMPORTS,
  RV_SECTION_MODULES,
  RV_SECTION_STRINGS,
  RV_SECTION_FUNCTIONS,
  RV_SECTION_CONSTANTS,
  RV_SECTION_CODE,
  RV_SECTION_DEBUG, /* the only optional one */
  RV_SECTION_END
} RvSectionKind;

/* NULL: not of this version. */
const char *rv_section_name(u32 kind);

u64 rv_image_hash(const void *p, size_t n);
u64 rv_image_hash_seeded(const void *p, size_t n, u64 seed);

RV_INLINE u64 rv_get_le(const u8 *p, u32 bytes) {
  u64 v = 0;
  for (u32 i = 0; i < bytes; i++) v |= (u64)p[i] << (8 * i);
  return v;
}

RV_INLINE void rv_put_le(u8 *p, u64 v, u32 bytes) {
  for (u32 i = 0; i < bytes; i++) p[i] = (u8)(v >> (8 * i));
}

/* Fills in every hash of a well-formed container. */
void rv_file_hash(u8 *bytes, size_t size);

/* An allocation that a test can make fail: number rv_image_fail_at from now
   (0 is the next one) returns NULL; -1 for none. */
void *rv_image_malloc(size_t n);
void *rv_image_realloc(void *p, size_t n);
#ifdef RV_CHECK
extern i64 rv_image_fail_at;
#endif
/* A copy with a NUL behind it that lives as long as the image. */
char *rv_image_copy(RvImage *img, const void *p, size_t len);

#endif
