/* SPDX-License-Identifier: MIT */
/* Blocks, large objects and the collector's inside, for heap.c, gc.c and
   gc_check.c alone. */
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

/* Logical bytes that may be allocated between two collections at least. */
#define RV_GC_MIN_BUDGET (128 * 1024)

struct RvBlock {
  RvBlock *next;
  u64 mark[RV_BLOCK_WORDS];
  u64 start[RV_BLOCK_WORDS];
};

/* First granule behind the header. */
#define RV_BLOCK_FIRST ((u32)((sizeof(RvBlock) + RV_GRANULE - 1) / RV_GRANULE))

struct RvLarge {
  size_t size; /* rounded up to granules */
  u32 index;   /* in m->large */
  u8 mark;
  u8 object; /* marked as an object with a header */
};

_Static_assert(sizeof(RvLarge) == 16, "large objects stay aligned to 16");
_Static_assert((RV_BLOCK_GRANULES - RV_BLOCK_FIRST) * RV_GRANULE >=
                   2 * RV_SMALL_MAX, "an empty block holds any small object");

RV_INLINE size_t rv_round_size(size_t size) {
  return (size + (RV_GRANULE - 1)) & ~(size_t)(RV_GRANULE - 1);
}
RV_INLINE RvBlock *rv_block_of(const void *p) {
  return (RvBlock *)((uintptr_t)p & ~(uintptr_t)(RV_BLOCK_ALIGN - 1));
}
RV_INLINE u32 rv_granule_of(const void *p) {
  return (u32)((uintptr_t)p & (RV_BLOCK_ALIGN - 1)) / RV_GRANULE;
}
RV_INLINE u8 *rv_block_granule(RvBlock *b, u32 g) {
  return (u8 *)b + g * RV_GRANULE;
}
RV_INLINE RvLarge *rv_large_of(const void *p) { return (RvLarge *)p - 1; }

/* After a marking, once nothing looks at the dead any more: frees dead large
   objects and surplus blocks; allocation starts again at the first block. */
void rv_heap_reuse(RvMachine *m);
/* Gives every empty block back to the host. */
void rv_heap_release(RvMachine *m);

/* Gives up everything that can be made again: caches, code copies. */
void rv_heap_evict(RvMachine *m);

/* -- The collector's inside, for the validator ----------------------------- */
/* Calls fn for each root, with everything a program could observe among them
   or without. */
typedef void (*RvObjectFn)(void *ctx, RvHdr *h);
void rv_gc_roots(RvMachine *m, bool observable, RvObjectFn fn, void *ctx);
u64 rv_gc_logical_size(RvMachine *m, const RvHdr *h);
/* Forgets the numbers of dead objects. */
void rv_serial_sweep(RvMachine *m);
void rv_serial_fini(RvMachine *m);
/* Right after a logical collection: do the ledgers agree with the heap? */
void rv_gc_check_ledger(RvMachine *m);

#endif
