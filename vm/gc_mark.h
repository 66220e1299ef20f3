/* SPDX-License-Identifier: MIT */
/* Marking, for gc.c. The rules stand there. */
#ifndef RV_VM_GC_MARK_H
#define RV_VM_GC_MARK_H

#include "vm/heap_impl.h"

/* A gray list that long goes through chains and trees without getting lost. */
#define RV_GRAY_RESERVE 128u

/* An entry of an ephemeron table that waits for its key. */
typedef struct RvWaiting {
  RvHdr *key;
  u64 p;
  u8 t;
  u32 next; /* index + 1 in the same bucket */
} RvWaiting;

/* A marking under way. */
typedef struct RvGc {
  RvMachine *m;
  bool physical;
  bool gray_lost, weak_lost, wait_lost; /* a list had no room */
  RvWaiting *wait;
  u32 nwait, cwait;
  u32 *bucket; /* index + 1 into wait, by key address */
  u32 nbucket; /* power of two, 0: no ephemerons met */
  RvHdr *reserve[RV_GRAY_RESERVE]; /* gray list when the host has no memory */
} RvGc;

/* Clears all marks and makes the lists empty; gives back what is large. */
void rv_mark_open(RvGc *gc);
void rv_mark_close(RvGc *gc);
void rv_mark_object(RvGc *gc, RvHdr *h);
/* Marks everything that is reachable from what is marked. */
void rv_mark_drain(RvGc *gc);
/* Calls fn for every marked object, in no order; fn may mark more. */
void rv_mark_visit(RvMachine *m, RvObjectFn fn, void *ctx);

#define RV_WEAK_KEYS 1
#define RV_WEAK_VALUES 2
/* What __mode says; 0 in physical collections. */
int rv_mark_weak_mode(RvGc *gc, const RvTable *t);
/* Strings and values without identity are never removed from weak tables. */
RV_INLINE bool rv_mark_removable(u64 tag) {
  return RV_IS_GC(tag) && tag != RV_STR;
}

/* Doubles a list; false without memory. */
bool rv_gc_list_grow(RvMachine *m, RvHdr ***list, u32 *cap);
/* Gives a list back that is too large to keep. */
void rv_gc_list_trim(RvMachine *m, RvHdr ***list, u32 *cap);

#endif
