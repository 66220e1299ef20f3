/* SPDX-License-Identifier: MIT */
/* The container of an image: its layout, its hashes, sealing. */
#include "vm/image_file.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static const char *const section_names[RV_SECTION_END] = {
    [RV_SECTION_MANIFEST] = "manifest",   [RV_SECTION_IMPORTS] = "imports",
    [RV_SECTION_MODULES] = "modules",     [RV_SECTION_STRINGS] = "strings",
    [RV_SECTION_FUNCTIONS] = "functions", [RV_SECTION_CONSTANTS] = "constants",
    [RV_SECTION_CODE] = "code",           [RV_SECTION_DEBUG] = "debug",
};

const char *rv_section_name(u32 kind) {
  return kind < RV_SECTION_END ? section_names[kind] : NULL;
}

u64 rv_image_hash(const void *p, size_t n) { return XXH3_64bits(p, n); }

u64 rv_image_hash_seeded(const void *p, size_t n, u64 seed) {
  return XXH3_64bits_withSeed(p, n, seed);
}

bool rv_image_is(const u8 *bytes, size_t size) {
  return size >= 5 && !memcmp(bytes, RV_IMAGE_MAGIC, 5);
}

static bool refuse(RvDiag *d, u64 offset, const char *what) {
  rv_diag_at(d, "header", offset, "%s", what);
  return false;
}

static size_t table_end(u32 nsections) {
  return RV_FILE_HEADER + (size_t)nsections * RV_FILE_ENTRY;
}

/* The low half first: a plain 128-bit little-endian number. */
static void trailer_hash(const u8 *bytes, u32 nsections, u8 out[16]) {
  XXH128_hash_t h = XXH3_128bits(bytes, table_end(nsections));
  rv_put_le(out, h.low64, 8);
  rv_put_le(out + 8, h.high64, 8);
}

bool rv_image_layout(const u8 *bytes, size_t size, RvImgLayout *l, RvDiag *d) {
  u8 head[RV_FILE_HEADER], hash[RV_FILE_TRAILER];
  *l = (RvImgLayout){0};
  if (!rv_image_is(bytes, size)) return refuse(d, 0, "not a Rove image");
  if (size < RV_FILE_HEADER) return refuse(d, size, "truncated");
  memcpy(head, bytes, sizeof head);
  l->version = head[5];
  l->nsections = (u32)rv_get_le(head + 6, 2);
  l->length = rv_get_le(head + 8, 8);
  l->must = (u32)rv_get_le(head + 16, 4);
  l->may = (u32)rv_get_le(head + 20, 4);
  if (l->version == 0 || l->version > RV_FILE_VERSION) {
    rv_diag_at(d, "header", 5, "image of version %u; this Rove reads %u",
               l->version, RV_FILE_VERSION);
    return false;
  }
  if (l->length > size) return refuse(d, size, "truncated");
  if (l->length < size) return refuse(d, l->length, "bytes after the end");
  if (size < table_end(l->nsections) + RV_FILE_TRAILER)
    return refuse(d, 6, "the section table does not fit");
  trailer_hash(bytes, l->nsections, hash);
  l->intact = !memcmp(hash, bytes + size - RV_FILE_TRAILER, sizeof hash);
  return true;
}

/* Is the section's range inside the file? */
static bool is_inside(const RvImgSection *s, u32 nsections, size_t size) {
  size_t end = size - RV_FILE_TRAILER;
  return s->offset >= table_end(nsections) && s->offset <= end &&
         s->length <= end - s->offset;
}

void rv_image_section(const u8 *bytes, size_t size, u32 i, RvImgSection *s) {
  u8 e[RV_FILE_ENTRY];
  u32 n = (u32)rv_get_le(bytes + 6, 2);
  memcpy(e, bytes + table_end(i), sizeof e);
  s->kind = (u32)rv_get_le(e, 4);
  s->version = (u16)rv_get_le(e + 4, 2);
  s->flags = (u16)rv_get_le(e + 6, 2);
  s->offset = rv_get_le(e + 8, 8);
  s->length = rv_get_le(e + 16, 8);
  s->hash = rv_get_le(e + 24, 8);
  s->name = rv_section_name(s->kind);
  s->intact = is_inside(s, n, size) &&
              rv_image_hash(bytes + s->offset, s->length) == s->hash;
}

void rv_file_hash(u8 *bytes, size_t size) {
  u32 n = (u32)rv_get_le(bytes + 6, 2);
  for (u32 i = 0; i < n; i++) {
    RvImgSection s;
    rv_image_section(bytes, size, i, &s);
    rv_put_le(bytes + table_end(i) + 24,
              rv_image_hash(bytes + s.offset, s.length), 8);
  }
  trailer_hash(bytes, n, bytes + size - RV_FILE_TRAILER);
}

bool rv_image_seal(u8 *bytes, size_t size, RvDiag *d) {
  RvImgLayout l;
  if (!rv_image_layout(bytes, size, &l, d)) return false;
  for (u32 i = 0; i < l.nsections; i++) {
    RvImgSection s;
    rv_image_section(bytes, size, i, &s);
    if (!is_inside(&s, l.nsections, size))
      return refuse(d, table_end(i), "a section lies outside the file");
  }
  rv_file_hash(bytes, size);
  return true;
}
