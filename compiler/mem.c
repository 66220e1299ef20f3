/* SPDX-License-Identifier: MIT */
#include "compiler/mem.h"

#include <stdlib.h>
#include <string.h>

struct RvlChunk {
  RvlChunk *next;
  size_t used, size;
  _Alignas(16) char bytes[];
};

#define CHUNK_SIZE ((size_t)16 << 10)

static void *plain_alloc(void *ud, void *p, size_t osize, size_t nsize) {
  if (nsize) return realloc(p, nsize);
  free(p);
  return NULL;
}

void rvl_mem_init(RvlMem *m, const RvlAlloc *alloc) {
  memset(m, 0, sizeof *m);
  if (alloc) m->alloc = *alloc;
  else m->alloc.fn = plain_alloc;
}

void *rvl_resize(RvlMem *m, void *p, size_t osize, size_t nsize) {
  void *q = m->alloc.fn(m->alloc.ud, p, osize, nsize);
  if (!q && nsize) m->nomem = true;
  return q;
}

static void free_chunk(RvlMem *m, RvlChunk *c) {
  m->alloc.fn(m->alloc.ud, c, sizeof *c + c->size, 0);
}

void rvl_mem_fini(RvlMem *m) {
  while (m->chunk) {
    RvlChunk *c = m->chunk;
    m->chunk = c->next;
    free_chunk(m, c);
  }
  if (m->spare) free_chunk(m, m->spare);
  m->spare = NULL;
}

static RvlChunk *new_chunk(RvlMem *m, size_t n) {
  RvlChunk *c = m->spare;
  if (c && c->size >= n) {
    m->spare = NULL;
  } else {
    size_t size = n > CHUNK_SIZE ? n : CHUNK_SIZE;
    c = rvl_resize(m, NULL, 0, sizeof *c + size);
    if (!c) return NULL;
    c->size = size;
  }
  c->used = 0;
  c->next = m->chunk;
  return m->chunk = c;
}

void *rvl_new(RvlMem *m, size_t n) {
  RvlChunk *c = m->chunk;
  n = (n + 15) & ~(size_t)15;
  if (!m->nomem && (!c || c->size - c->used < n)) c = new_chunk(m, n);
  if (m->nomem) {
    RV_ASSERT(n <= sizeof m->scrap, "node of %zu bytes", n);
    return memset(m->scrap, 0, sizeof m->scrap);
  }
  void *p = c->bytes + c->used;
  c->used += n;
  return memset(p, 0, n);
}

RvlMark rvl_mark(const RvlMem *m) {
  return (RvlMark){m->chunk, m->chunk ? m->chunk->used : 0};
}

void rvl_release(RvlMem *m, RvlMark mark) {
  while (m->chunk != mark.chunk) {
    RvlChunk *c = m->chunk;
    m->chunk = c->next;
    if (m->spare) free_chunk(m, m->spare);
    m->spare = c;
  }
  if (m->chunk) m->chunk->used = mark.used;
}

bool rvl_grow(RvlMem *m, void *p, u32 *cap, u32 n, size_t size) {
  void *old;
  if (n < *cap) return true;
  u32 more = *cap ? *cap * 2 : 64;
  while (more <= n) more *= 2;
  memcpy(&old, p, sizeof old);
  void *q = rvl_resize(m, old, *cap * size, more * size);
  if (!q) return false;
  memcpy(p, &q, sizeof q);
  *cap = more;
  return true;
}
