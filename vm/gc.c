/* SPDX-License-Identifier: MIT */
/* The collector: marking, weak references, finalizers, the ledger.

   Full mark; reuse of memory needs no sweep (heap.c). The marks stay until the
   next marking begins, so that marked and black is the same as old, and a
   generational or incremental policy can be laid over the same barrier:

     B1  An object is black when it was scanned by the last marking and has not
         been remembered since.
     B2  A black object refers to marked objects and parts only. A store that
         would break this makes the destination grey again and remembers it
         (rv_barrier).
     B3  Thread stacks are never black; every marking scans them anew. Strings
         are not either: they never change.

   gc_check.c restates these and the rest as asserts.

   A logical collection sets the guest ledger to what is reachable, by the
   formulas of heap.h, and clears weak references. A physical one (stress, a
   host short of memory) treats everything a program could observe as a root -
   weak references, finalizable objects, interned strings, functions of images,
   shapes and their metatables - so that it changes nothing but memory.

   The collector cannot fail. Its lists may stop growing when the host has no
   memory; what found no room is found again:
     gray      an object that is marked but not black, by walking the start
               bits; marking takes blackness away, scanning gives it
     weak      a weak table, by the same walk
     wait      an entry of a weak-key table, by scanning these tables until
               nothing new is marked
     tofin     never grows here: registration reserves the room
     remembered   the next partial marking must be a full one

   What a frame holds is decided by heights (verify.h), never by guessing. */
#include <string.h>

#include "vm/call.h"
#include "vm/err.h"
#include "vm/feedback.h"
#include "vm/gc_mark.h"
#include "vm/host/host.h"
#include "vm/table.h"

/* Physical growth that is normal between two collections, in logical bytes;
   and for a young machine. */
#define GOAL_FACTOR 4
#define GOAL_MIN (1u << 20)

/* -- Roots ----------------------------------------------------------------- */

/* What m->gc points to while roots are visited. */
typedef struct Visit {
  RvObjectFn fn;
  void *ctx;
} Visit;

static void visit_value(RvMachine *m, RvValue v) {
  const Visit *x = m->gc;
  if (RV_IS_GC(v.t)) x->fn(x->ctx, RV_AS(RvHdr, v));
}

static void visit_opt(RvMachine *m, void *h) {
  const Visit *x = m->gc;
  if (h) x->fn(x->ctx, h);
}

static void visit_observable(RvMachine *m) {
  for (u32 i = 0; i < m->nfin; i++) visit_opt(m, m->fin[i]);
  for (u32 i = 0; i < m->strtab.size; i++) visit_opt(m, m->strtab.slot[i]);
  for (u32 i = 1; i < m->nshapes; i++) visit_opt(m, m->shapes[i]);
  for (u32 i = 0; i < m->cprotos; i++) visit_opt(m, m->protos[i]);
}

void rv_gc_roots(RvMachine *m, bool observable, RvObjectFn fn, void *ctx) {
  Visit visit = {fn, ctx};
  m->gc = &visit;
  visit_opt(m, m->main);
  visit_opt(m, m->th);
  visit_opt(m, m->globals);
  visit_opt(m, m->registry);
  visit_opt(m, m->root_shape);
  visit_opt(m, m->empty);
  visit_opt(m, m->msg_memory);
  visit_opt(m, m->msg_errerr);
  visit_opt(m, m->trace);
  for (u32 i = 0; i < RV_NEVENTS; i++) visit_opt(m, m->names[i]);
  for (u32 i = 0; i <= RV_STRBUF; i++) visit_opt(m, m->type_meta[i]);
  for (u32 i = 0; i < m->nroots; i++) visit_value(m, m->roots[i]);
  for (u32 i = 0; i < m->ntofin; i++) visit_opt(m, m->tofin[i]);
  for (u32 i = 0; i < m->nnatives; i++) visit_opt(m, m->natives[i]);
  if (m->host) rv_host_roots(m, visit_value);
  if (observable) visit_observable(m);
  m->gc = NULL;
}

static void mark_root(void *ctx, RvHdr *h) { rv_mark_object(ctx, h); }

/* -- Weak tables, finalizers ----------------------------------------------- */

static bool is_dead(RvMachine *m, RvValue v) {
  (void)m;
  return rv_mark_removable(v.t) && !rv_gc_object_marked(RV_AS(RvHdr, v));
}

/* Takes the dead out of one table. It may shrink, and so may the ledger. */
static void clear_table(RvGc *gc, RvTable *t, int what) {
  RvMachine *m = gc->m;
  int mode = rv_mark_weak_mode(gc, t) & what;
  m->mark_bytes -= rv_table_lsize(m, t);
  if (mode)
    rv_table_clear_weak(m, t, mode & RV_WEAK_KEYS, mode & RV_WEAK_VALUES,
                        is_dead);
  if ((what & RV_WEAK_KEYS) && (rv_shape_of(m, t)->h.flags & RV_SHAPE_OBJECTS))
    rv_table_bury_keys(m, t, is_dead);
  m->mark_bytes += rv_table_lsize(m, t);
}

static void clear_values(void *ctx, RvHdr *h) {
  if (h->type == RV_TABLE) clear_table(ctx, (RvTable *)h, RV_WEAK_VALUES);
}

static void clear_keys(void *ctx, RvHdr *h) {
  if (h->type == RV_TABLE) clear_table(ctx, (RvTable *)h, RV_WEAK_KEYS);
}

/* Clears the tables met since `from`; all of them when some are not listed. */
static void clear_weak(RvGc *gc, u32 from, RvObjectFn clear) {
  RvMachine *m = gc->m;
  if (gc->weak_lost) {
    rv_mark_visit(m, clear, gc);
    return;
  }
  for (u32 i = from; i < m->nweak; i++) clear(gc, m->weak[i]);
}

/* Moves dead finalizable objects to the due list. The due list is a stack:
   newest registration on top, but below what was due already. */
static void queue_finalizers(RvGc *gc) {
  RvMachine *m = gc->m;
  u32 kept = 0, due = 0;
  for (u32 i = 0; i < m->nfin; i++)
    if (!rv_gc_object_marked(m->fin[i])) due++;
  if (due == 0) return;
  RV_ASSERT(m->ntofin + due <= m->ctofin, "%u + %u due finalizers, room for %u",
            m->ntofin, due, m->ctofin);
  memmove(m->tofin + due, m->tofin, m->ntofin * sizeof *m->tofin);
  m->ntofin += due;
  due = 0;
  for (u32 i = 0; i < m->nfin; i++) {
    RvHdr *h = m->fin[i];
    if (rv_gc_object_marked(h)) {
      m->fin[kept++] = h;
      continue;
    }
    h->gc &= (u8)~RV_GC_FIN;
    m->tofin[due++] = h;
  }
  m->nfin = kept;
  for (u32 i = 0; i < due; i++) rv_mark_object(gc, m->tofin[i]);
  rv_request_safepoint(m);
}

/* The due list has room for all that may become due, so that the collector need
   not ask for it. */
RvStatus rv_gc_finalizable(RvMachine *m, RvHdr *h) {
  if (h->gc & RV_GC_FIN) return RV_OK;
  if (m->nfin == m->cfin && !rv_gc_list_grow(m, &m->fin, &m->cfin))
    return rv_err_memory(m->th);
  if (m->nfin + m->ntofin >= m->ctofin &&
      !rv_gc_list_grow(m, &m->tofin, &m->ctofin))
    return rv_err_memory(m->th);
  m->fin[m->nfin++] = h;
  h->gc |= RV_GC_FIN;
  return RV_OK;
}

void rv_gc_all_due(RvMachine *m) {
  u32 due = m->nfin;
  if (due == 0) return;
  memmove(m->tofin + due, m->tofin, m->ntofin * sizeof *m->tofin);
  for (u32 i = 0; i < due; i++) {
    m->fin[i]->gc &= (u8)~RV_GC_FIN;
    m->tofin[i] = m->fin[i];
  }
  m->ntofin += due;
  m->nfin = 0;
}

/* -- Protos and images ----------------------------------------------------- */

static void sweep_protos(RvMachine *m) {
  rv_protos_sweep(m);
  for (RvImageUse **link = &m->images; *link;) {
    RvImageUse *u = *link;
    if (u->seen || u->pins) {
      u->seen = false;
      link = &u->next;
      continue;
    }
    *link = u->next;
    rv_image_use_free(m, u);
  }
}

/* -- A cycle --------------------------------------------------------------- */

static void mark_all(RvGc *gc) {
  RvMachine *m = gc->m;
  rv_mark_open(gc);
  rv_gc_roots(m, gc->physical, mark_root, gc);
  rv_mark_drain(gc);
  if (gc->physical) return;
  clear_weak(gc, 0, clear_values);
  u32 nweak = m->nweak;
  queue_finalizers(gc);
  rv_mark_drain(gc);
  clear_weak(gc, 0, clear_keys);
  clear_weak(gc, nweak, clear_values);
}

/* Everything that refers to objects without keeping them alive forgets the
   dead; then their memory is free. */
static void reclaim(RvMachine *m) {
  rv_strtab_sweep(m);
  rv_serial_sweep(m);
  rv_feedback_sweep(m);
  sweep_protos(m);
  rv_shape_sweep(m);
  rv_heap_reuse(m);
}

/* Growth beyond what the ledger explains is garbage of the machine's own making
   (parts that were outgrown): when it gets out of hand, a physical collection
   is due. */
static void set_host_goal(RvMachine *m) {
  m->host_goal =
      m->stats.host_bytes + GOAL_MIN + GOAL_FACTOR * (u64)m->gc_budget;
}

static void collect(RvMachine *m, bool physical) {
  RvGc gc = {.m = m, .physical = physical};
  m->gc_running = true;
  mark_all(&gc);
  reclaim(m);
  rv_mark_close(&gc);
  m->gc_running = false;
}

/* Before there is a main thread nothing is anchored. */
static bool may_collect(const RvMachine *m) {
  return !m->gc_running && m->main;
}

/* The budget until the next collection: as much again as is alive, but never
   beyond the limit. */
static void set_budget(RvMachine *m) {
  u64 budget =
      m->guest_live < RV_GC_MIN_BUDGET ? RV_GC_MIN_BUDGET : m->guest_live;
  u64 room =
      m->guest_limit > m->guest_live ? m->guest_limit - m->guest_live : 0;
  if (budget > room) budget = room;
  m->gc_budget = m->gc_left = (i64)budget;
}

/* The program pays for what was looked at, or one that stays close to its limit
   would collect at each allocation for nothing. The slice may end below zero:
   no collection can stop. */
static void charge_collection(RvMachine *m) {
  u64 cost = rv_fuel_bytes(m->mark_bytes);
  rv_fuel_owe(m, (u32)(cost < 1u << 24 ? cost : 1u << 24));
}

void rv_gc_full(RvMachine *m) {
  if (!may_collect(m)) return;
  collect(m, false);
  m->stats.collections++;
  m->guest_live = m->mark_bytes + m->charging;
  charge_collection(m);
  set_budget(m);
  set_host_goal(m);
  rv_gc_check_ledger(m);
}

void rv_gc_physical(RvMachine *m) {
  if (!may_collect(m)) return;
  collect(m, true);
  set_host_goal(m);
}

void rv_gc_limit(RvMachine *m, u64 limit) {
  i64 done = m->gc_budget - m->gc_left;
  m->guest_limit = limit;
  set_budget(m);
  m->gc_left -= done;
  m->gc_debt = 0; /* it was measured by the old limit */
}

/* -- Barrier --------------------------------------------------------------- */

void rv_barrier_slow(RvMachine *m, RvHdr *dst) {
  dst->gc &= (u8)~RV_GC_BLACK;
  if (m->nremembered == m->cremembered &&
      !rv_gc_list_grow(m, &m->remembered, &m->cremembered))
    m->remembered_lost = true;
  else
    m->remembered[m->nremembered++] = dst;
}

void rv_gc_fini(RvMachine *m) {
  rv_mem_free(m, m->gray, m->cgray * sizeof *m->gray);
  rv_mem_free(m, m->remembered, m->cremembered * sizeof *m->remembered);
  rv_mem_free(m, m->weak, m->cweak * sizeof *m->weak);
  rv_mem_free(m, m->fin, m->cfin * sizeof *m->fin);
  rv_mem_free(m, m->tofin, m->ctofin * sizeof *m->tofin);
  rv_serial_fini(m);
}
