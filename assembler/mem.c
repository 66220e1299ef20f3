/* SPDX-License-Identifier: MIT */
/* Memory of one run of assembler or disassembler: an arena, arrays, maps. */
#include "assembler/mem.h"

#include <stdlib.h>
#include <string.h>

#include "vm/hash.h"

/* -- Arena ----------------------------------------------------------------- */

struct RvaBlock {
  RvaBlock *next;
  size_t used, size;
  _Alignas(16) char bytes[];
};

#define BLOCK_SIZE ((size_t)64 << 10)

#ifdef RV_CHECK
i64 rva_fail_at = -1;

static bool fails(void) { return rva_fail_at >= 0 && rva_fail_at-- == 0; }
#else
#define fails() false
#endif

static void *alloc_block(RvaMem *m, size_t n) {
  size_t size = n > BLOCK_SIZE / 4 ? n : BLOCK_SIZE;
  RvaBlock *b = calloc(1, sizeof *b + size);
  if (!b) return NULL;
  b->size = size;
  b->used = n;
  /* A block of its own for something large goes behind the one in use. */
  if (m->blocks && size == n) {
    b->next = m->blocks->next;
    m->blocks->next = b;
  } else {
    b->next = m->blocks;
    m->blocks = b;
  }
  return b->bytes;
}

void *rva_alloc_array(RvaMem *m, size_t n, size_t size) {
  void *p = NULL;
  if (!m->nomem && !fails() && n <= ((size_t)1 << 40) / size) {
    RvaBlock *b = m->blocks;
    size_t bytes = (n * size + 15) & ~(size_t)15;
    if (b && b->size - b->used >= bytes) {
      p = b->bytes + b->used;
      b->used += bytes;
    } else {
      p = alloc_block(m, bytes);
    }
  }
  if (!p) m->nomem = true;
  return p;
}

void *rva_alloc(RvaMem *m, size_t n) {
  void *p = rva_alloc_array(m, 1, n);
  if (p) return p;
  RV_ASSERT(n <= sizeof m->scrap, "node of %zu bytes", n);
  return memset(m->scrap, 0, sizeof m->scrap);
}

bool rva_grow(RvaMem *m, void *array, u32 *cap, u32 n, size_t size) {
  void *old, *p;
  if (n < *cap) return true;
  u32 more = *cap ? *cap * 2 : 8;
  p = rva_alloc_array(m, more, size);
  if (!p) return false;
  memcpy(&old, array, sizeof old);
  if (n) memcpy(p, old, n * size);
  memcpy(array, &p, sizeof p);
  *cap = more;
  return true;
}

void rva_free_all(RvaMem *m) {
  while (m->blocks) {
    RvaBlock *b = m->blocks;
    m->blocks = b->next;
    free(b);
  }
}

/* -- Maps ------------------------------------------------------------------ */

/* Seeded by an address: what an image holds must not make its listing crawl.
   No order depends on it. */
static u32 hash_bytes(const char *p, size_t len) {
  static const char seed;
  u64 h = (u64)(uintptr_t)&seed ^ len;
  for (; len > 8; p += 8, len -= 8) h = rv_mix64(h ^ rv_load64le(p));
  u8 tail[8] = {0};
  if (len) memcpy(tail, p, len);
  return (u32)rv_mix64(h ^ rv_load64le(tail));
}

/* The slot of the key, or the free one where it belongs. */
static RvaMapEntry *map_slot(const RvaMap *map, const char *p, size_t len,
                             u32 hash) {
  u32 i = hash & map->mask;
  for (;; i = (i + 1) & map->mask) {
    RvaMapEntry *e = &map->slots[i];
    if (!e->p) return e;
    if (e->hash == hash && e->len == len && memcmp(e->p, p, len) == 0) return e;
  }
}

static bool map_enlarge(RvaMem *m, RvaMap *map) {
  RvaMap bigger = {.mask = map->slots ? map->mask * 2 + 1 : 15, .n = map->n};
  bigger.slots =
      rva_alloc_array(m, (size_t)bigger.mask + 1, sizeof *bigger.slots);
  if (!bigger.slots) return false;
  for (u32 i = 0; map->slots && i <= map->mask; i++) {
    RvaMapEntry *e = &map->slots[i];
    if (e->p) *map_slot(&bigger, e->p, e->len, e->hash) = *e;
  }
  *map = bigger;
  return true;
}

u32 rva_map_get(const RvaMap *map, const char *p, size_t len) {
  if (!map->slots) return RVA_NONE;
  RvaMapEntry *e = map_slot(map, p, len, hash_bytes(p, len));
  return e->p ? e->value : RVA_NONE;
}

u32 rva_map_put(RvaMem *m, RvaMap *map, const char *p, size_t len, u32 value) {
  if ((!map->slots || map->n >= map->mask / 2) && !map_enlarge(m, map))
    return RVA_NONE;
  u32 hash = hash_bytes(p, len);
  RvaMapEntry *e = map_slot(map, p, len, hash);
  if (!e->p) {
    *e = (RvaMapEntry){.p = p, .len = (u32)len, .hash = hash, .value = value};
    map->n++;
  }
  return e->value;
}
