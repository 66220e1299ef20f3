/* SPDX-License-Identifier: MIT */
/* Blocks and large objects, for heap.c, gc.c and gc_check.c alone. */
#ifndef RV_VM_HEAP_IMPL_H
#define RV_VM_HEAP_IMPL_H

#include "vm/heap.h"

#define RV_GRANULE 8u
#define RV_BLOCK_ALIGN 32768u
/* A little less than the alignment, so that malloc can lay blocks out one
   behind the other with its own header between. */
#define RV_BLOCK_BYTES (RV_BLOCK_ALIGN - 64u)
#define RV_BLOCK_GRANULES (RV_BLOCK_BYTES / RV_GRANULE)
#define RV_BLOCK_WORDS ((RV_BLOCK_GRANULES + 63) / 64)
/* Requests above this go to the overflow block when the current run is too
   short for them but at least RV_RUN_KEEP bytes long. */
#define RV_OVERFLOW_MIN 128u
#define RV_RUN_KEEP 256

struct RvBlock {
  RvBlock *next;
  bool overflow; /* filled since the last marking: no free run in it */
  u64 mark[RV_BLOCK_WORDS];
  u64 start[RV_BLOCK_WORDS];
};

/* First granule behind the header. */
#define RV_BLOCK_FIRST ((u32)((sizeof(RvBlock) + RV_GRANULE - 1) / RV_GRANULE))

struct RvLarge {
  size_t size;
  u32 index; /* in m->large */
  u8 mark;
  u8 object; /* marked as an object with a header */
};

_Static_assert(sizeof(RvLarge) == 16, "large objects stay aligned to 16");

RV_INLINE RvBlock *rv_block_of(const void *p) {
  return (RvBlock *)((uintptr_t)p & ~(uintptr_t)(RV_BLOCK_ALIGN - 1));
}
RV_INLINE u8 *rv_block_granule(RvBlock *b, u32 g) {
  return (u8 *)b + g * RV_GRANULE;
}
RV_INLINE RvLarge *rv_large_of(const void *p) { return (RvLarge *)p - 1; }

/* After a marking: allocation starts again at the first block. */
void rv_heap_restart(RvMachine *m);
void rv_heap_sweep_large(RvMachine *m);
void rv_heap_trim(RvMachine *m);
/* Gives up everything that can be made again: caches, code copies. */
void rv_heap_evict(RvMachine *m);

#endif
