/* SPDX-License-Identifier: MIT */
/* Feedback vectors: inline caches and counters, one per function and machine.

   A vector is made at the second call or first back-edge; before that the
   function points to one shared vector that matches nothing. Caches are never
   part of the state: they may be dropped at any safepoint (I5, I6), and the
   collector clears entries whose shapes or holders died.

   States of a cache:
     none -> own field / method / add  (one shape)
          -> poly: up to four shapes in a side record
          -> mega: never learns again; the machine-wide (shape, key) cache helps

   The loop may act on a cache whose shape id matches under these rules; in all
   other cases it takes the slow half (rv_cache_get, rv_cache_set):
     OWN, METHOD get: the value found is not nil.
     OWN set: the value that is replaced is not nil. Nil may be stored.
     ADD: rv_table_add_fast. */
#ifndef RV_VM_FEEDBACK_H
#define RV_VM_FEEDBACK_H

#include "vm/heap.h"

typedef enum RvCacheKind {
  RV_CACHE_NONE = 0,
  RV_CACHE_OWN,    /* get/set: shape matches -> props slot of the receiver */
  RV_CACHE_METHOD, /* get: shape matches -> slot of u.holder's props; the holder
                      and every table between are private and watched */
  RV_CACHE_ADD,    /* set: shape matches -> append slot, shape becomes
                      u.next_shape; receiver's props capacity is checked */
  RV_CACHE_POLY,   /* u.poly; shape is 0 so that the fast test fails */
  RV_CACHE_MEGA    /* shape is 0 */
} RvCacheKind;

typedef struct RvPolyEntry {
  u32 shape;
  u16 slot;
  u8 kind;
  RvTable *holder;
  u32 next_shape;
} RvPolyEntry;

typedef struct RvPoly {
  u32 n;
  RvPolyEntry e[4];
} RvPoly;

/* The shared vector of misses: zeros for every 8-bit slot. */
extern const RvCache rv_no_feedback[256];

/* Makes the vector (host memory); without memory the function keeps the shared
   one. */
void rv_feedback_make(RvMachine *m, RvProto *p);
/* Frees it; the function points to the shared one again. */
void rv_feedback_drop(RvMachine *m, RvProto *p);
void rv_feedback_drop_all(RvMachine *m);
/* Empties every method cache of the machine: some lookup chain changed. */
void rv_feedback_flush_methods(RvMachine *m);
/* Collector: clears entries whose shape or holder is about to die. Before
   rv_shape_sweep. */
void rv_feedback_sweep(RvMachine *m);
/* Clears entries for shape ids that were given up. */
void rv_feedback_forget_ids(RvMachine *m);
/* What a monomorphic cache knows. */
RvPolyEntry rv_feedback_entry(const RvCache *c);
/* False once chains have changed so often that caching them is given up. */
bool rv_feedback_methods_allowed(const RvMachine *m);
RV_INLINE bool rv_feedback_has(const RvProto *p) {
  return p->fb != rv_no_feedback;
}

#endif
