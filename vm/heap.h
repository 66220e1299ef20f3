/* SPDX-License-Identifier: MIT */
/* Allocation, the two ledgers, the write barrier.

   Every allocation is a collection point: whatever a C function still needs
   must be in a frame slot, in a live object or in a root scope (machine.h)
   before it allocates again. An allocation that fails leaves the memory error
   in m->th->err and returns NULL. */
#ifndef RV_VM_HEAP_H
#define RV_VM_HEAP_H

#include "vm/machine.h"

/* Objects up to this many bytes live in blocks, larger ones alone. */
#define RV_SMALL_MAX 2048u

/* Logical sizes: the guest ledger's formulas (machine.md "Memory"). */
#define RV_LSIZE_STRING(len) (16u + (u64)(len))
#define RV_LSIZE_TABLE 32u
#define RV_LSIZE_ENTRY 16u
#define RV_LSIZE_CLOSURE(nup) (16u + 8u * (u64)(nup))
#define RV_LSIZE_CELL 16u
#define RV_LSIZE_NATIVE(nown) (16u + 9u * (u64)(nown))
#define RV_LSIZE_THREAD 160u
#define RV_LSIZE_SLOT 9u
#define RV_LSIZE_FRAME 40u
#define RV_LSIZE_SHAPE 64u
#define RV_LSIZE_PROTO(nk) (96u + 9u * (u64)(nk))
#define RV_LSIZE_USER 32u
#define RV_LSIZE_BUFFER(cap) (40u + (u64)(cap))

/* Free runs are poisoned in asan builds; what is handed out is not. */
#if RV_ASAN
#include <sanitizer/asan_interface.h>
#define RV_POISON(p, n) __asan_poison_memory_region(p, n)
#define RV_UNPOISON(p, n) __asan_unpoison_memory_region(p, n)
#else
#define RV_POISON(p, n) ((void)0)
#define RV_UNPOISON(p, n) ((void)0)
#endif

void *rv_heap_alloc_slow(RvMachine *m, size_t size, u64 logical) RV_COLD;

/* Uninitialised memory for an object or a headerless part of one; `logical`
   bytes go to the guest ledger. size > 0. May collect. */
RV_INLINE void *rv_heap_alloc(RvMachine *m, size_t size, u64 logical) {
  RV_ASSERT(size > 0 && logical >> 62 == 0, "%zu, %llu bytes", size,
            (unsigned long long)logical);
  size = (size + 7) & ~(size_t)7;
  u8 *p = m->bump;
  if (RV_LIKELY(size <= (size_t)(m->bump_end - p) && size <= RV_SMALL_MAX &&
                m->gc_left >= (i64)logical)) {
    RV_UNPOISON(p, size);
    m->bump = p + size;
    m->gc_left -= (i64)logical;
    return p;
  }
  return rv_heap_alloc_slow(m, size, logical);
}

/* An object with its header filled in. */
RV_INLINE void *rv_heap_new(RvMachine *m, size_t size, u64 logical,
                            RvTag type) {
  RvHdr *h = rv_heap_alloc(m, size, logical);
  if (RV_LIKELY(h != NULL)) *h = (RvHdr){.type = (u8)type};
  return h;
}

/* A headerless block that replaces one of osize bytes at old (may be NULL);
   the first min(osize, nsize) bytes are kept. The old block is garbage. */
void *rv_heap_regrow(RvMachine *m, void *old, size_t osize, size_t nsize,
                     u64 logical);

/* Adds to the guest ledger without allocating (a table entry). May collect.
   RV_ERROR: limit reached, nothing charged. */
RvStatus rv_heap_charge_slow(RvMachine *m, u64 logical) RV_COLD;
RV_INLINE RvStatus rv_heap_charge(RvMachine *m, u64 logical) {
#ifdef RV_CHECK
  if (m->stress) return rv_heap_charge_slow(m, logical);
#endif
  if (RV_LIKELY(m->gc_left >= (i64)logical)) {
    m->gc_left -= (i64)logical;
    return RV_OK;
  }
  return rv_heap_charge_slow(m, logical);
}

/* Memory outside the collected heap, on the host ledger only. */
void *rv_mem_realloc(RvMachine *m, void *p, size_t osize, size_t nsize);
RV_INLINE void rv_mem_free(RvMachine *m, void *p, size_t size) {
  if (p) rv_mem_realloc(m, p, size, 0);
}

/* -- Barrier ------------------------------------------------------------------
   After every store of a value, or of a headerless part (any collectable tag
   will do), into a heap object. A black object that gets a collectable value
   loses its blackness and is remembered, which serves incremental and
   generational marking alike. Not needed for an object newer than the last
   allocation: the collector has not seen it. */
void rv_barrier_slow(RvMachine *m, RvHdr *dst) RV_COLD;
RV_INLINE void rv_barrier(RvMachine *m, void *dst, u64 tag) {
  if (RV_UNLIKELY(((RvHdr *)dst)->gc & RV_GC_BLACK) && RV_IS_GC(tag))
    rv_barrier_slow(m, dst);
}

/* -- Collector (gc.c) ------------------------------------------------------ */
/* A full logical collection: sets the ledger, clears weak references, queues
   finalizers. */
void rv_gc_full(RvMachine *m);
/* A physical collection: frees memory without any effect a program or the
   ledger could see. */
void rv_gc_physical(RvMachine *m);
/* Calls fn for each range of slots that frame i of th keeps alive. */
typedef void (*RvSlotsFn)(void *ctx, const RvThread *th, u32 from, u32 to);
void rv_gc_frame_slots(const RvThread *th, u32 i, RvSlotsFn fn, void *ctx);
/* Is the object alive after the last marking (its bits are set)? Only for use
   right after marking. */
bool rv_gc_is_marked(const RvHdr *h, size_t size);
/* Bytes of guest memory by the ledger. */
RV_INLINE u64 rv_guest_bytes(const RvMachine *m) {
  return m->guest_live + (u64)(m->gc_budget - m->gc_left);
}
/* A new memory limit, in force at once. */
void rv_gc_limit(RvMachine *m, u64 limit);
void rv_gc_fini(RvMachine *m);
/* Has the last marking reached the object? Only right after marking. */
bool rv_gc_object_marked(const RvHdr *h);
size_t rv_gc_object_size(const RvHdr *h);
/* Blocks: heap.c for gc.c. */
void rv_heap_init(RvMachine *m);
void rv_heap_fini(RvMachine *m);
/* Validator (gc_check.c): every invariant of heap and barrier, by assert. */
void rv_gc_check(RvMachine *m);
/* Serial number of an object, given on first demand; 0: no memory. */
u64 rv_serial(RvMachine *m, RvHdr *h);
/* The number if it has one, else 0. */
u64 rv_serial_get(RvMachine *m, const RvHdr *h);
/* Registers an object whose metatable has __gc. */
RvStatus rv_gc_finalizable(RvMachine *m, RvHdr *h);
/* The finalizers of all objects that have one become due, dead or not: the
   program is over. */
void rv_gc_all_due(RvMachine *m);

#endif
