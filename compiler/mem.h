/* SPDX-License-Identifier: MIT */
/* Memory of one compilation: an arena that gives back in the order of a stack,
   and buffers that grow.

   Nodes of a function live from its beginning until its code is made: the arena
   is released to where the function began, and functions nest. Memory runs out
   only once: from then on `nomem` is set, nodes come from `scrap` so that
   builders need not check, and the scanner ends the text. */
#ifndef RV_COMPILER_MEM_H
#define RV_COMPILER_MEM_H

#include "compiler/compile.h"

typedef struct RvlChunk RvlChunk;

typedef struct RvlMark {
  RvlChunk *chunk;
  size_t used;
} RvlMark;

typedef struct RvlMem {
  RvlAlloc alloc;
  RvlChunk *chunk; /* in use; those behind it are full or larger */
  RvlChunk *spare; /* one that was released, kept for the next */
  bool nomem;
  _Alignas(16) char scrap[256];
} RvlMem;

void rvl_mem_init(RvlMem *m, const RvlAlloc *alloc);
void rvl_mem_fini(RvlMem *m);
/* Zeroed, never NULL for n up to sizeof scrap. */
void *rvl_new(RvlMem *m, size_t n);
RvlMark rvl_mark(const RvlMem *m);
void rvl_release(RvlMem *m, RvlMark mark);

/* Bytes outside the arena; NULL (and nomem) when there are none. */
void *rvl_resize(RvlMem *m, void *p, size_t osize, size_t nsize);
/* Makes room for element n in the buffer *p with *cap elements. */
bool rvl_grow(RvlMem *m, void *p, u32 *cap, u32 n, size_t size);

#endif
