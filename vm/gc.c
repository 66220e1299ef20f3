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
   weak references, finalizable objects, interned strings, shapes and their
   metatables - so that it changes nothing but memory.

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

#include "vm/array.h"
#include "vm/call.h"
#include "vm/dict.h"
#include "vm/feedback.h"
#include "vm/heap_impl.h"
#include "vm/host/host.h"
#include "vm/table.h"
#include "vm/verify.h"

#include "opcodes.h"

/* Entries of one table scanned in one go. The rest waits on the gray list, below
   what these entries put there: so the list stays short for wide tables. */
#define SCAN_CHUNK 1024u
/* Capacity of lists that are kept between collections. */
#define LIST_KEEP 8192u
/* A gray list that long goes through chains and trees without getting lost. */
#define RESERVE 128u
/* Physical growth that is normal between two collections, in logical bytes; and
   for a young machine. */
#define GOAL_FACTOR 4
#define GOAL_MIN (1u << 20)

/* An entry of an ephemeron table that waits for its key. */
typedef struct Waiting {
  RvHdr *key;
  u64 p;
  u8 t;
  u32 next; /* index + 1 in the same bucket */
} Waiting;

typedef struct Gc {
  RvMachine *m;
  bool physical;
  bool gray_lost, weak_lost, wait_lost; /* a list had no room */
  Waiting *wait;
  u32 nwait, cwait;
  u32 *bucket; /* index + 1 into wait, by key address */
  u32 nbucket; /* power of two, 0: no ephemerons met */
  RvHdr *reserve[RESERVE]; /* the gray list when there is no memory for one */
} Gc;

static bool list_grow(RvMachine *m, RvHdr ***list, u32 *cap) {
  u32 n = *cap ? *cap * 2 : 64;
  RvHdr **p = rv_mem_realloc(m, *list, *cap * sizeof *p, n * sizeof *p);
  if (!p) return false;
  *list = p;
  *cap = n;
  return true;
}

static void list_trim(RvMachine *m, RvHdr ***list, u32 *cap) {
  if (*cap <= LIST_KEEP) return;
  rv_mem_free(m, *list, *cap * sizeof **list);
  *list = NULL;
  *cap = 0;
}

/* -- Mark bits ---------------------------------------------------------------- */

static bool large_mark(RvLarge *l, bool object) {
  if (l->mark) return false;
  l->mark = 1;
  l->object = object;
  return true;
}

static void mark_bits(u64 *bits, u32 g, u32 n) {
  while (n > 0) {
    u32 at = g & 63, here = 64 - at < n ? 64 - at : n;
    u64 mask = here == 64 ? ~0ull : ((1ull << here) - 1) << at;
    bits[g >> 6] |= mask;
    g += here;
    n -= here;
  }
}

/* Marks the memory; false when it was marked already. */
static bool mark_memory(const void *p, size_t size, bool object) {
  if (size > RV_SMALL_MAX) return large_mark(rv_large_of(p), object);
  RvBlock *b = rv_block_of(p);
  u32 g = rv_granule_of(p);
  if (b->mark[g >> 6] >> (g & 63) & 1) return false;
  mark_bits(b->mark, g, (u32)((size + RV_GRANULE - 1) / RV_GRANULE));
  if (object) b->start[g >> 6] |= 1ull << (g & 63);
  return true;
}

static void mark_part(const void *p, size_t size) {
  if (p && size > 0) mark_memory(p, rv_round_size(size), false);
}

bool rv_gc_is_marked(const RvHdr *h, size_t size) {
  if (rv_round_size(size) > RV_SMALL_MAX) return rv_large_of(h)->mark;
  const RvBlock *b = rv_block_of(h);
  u32 g = rv_granule_of(h);
  return b->mark[g >> 6] >> (g & 63) & 1;
}

/* -- Sizes by type --------------------------------------------------------------- */

size_t rv_gc_object_size(const RvHdr *h) {
  switch (h->type) {
  case RV_STR: return rv_str_size((const RvString *)h);
  case RV_TABLE: return rv_table_size((const RvTable *)h);
  case RV_CLOSURE:
    return sizeof(RvClosure) +
           ((const RvClosure *)h)->proto->f->nup * sizeof(RvCell *);
  case RV_CELL: return sizeof(RvCell);
  case RV_NATIVE: return sizeof(RvNative);
  case RV_PROTO: return sizeof(RvProto);
  case RV_SHAPE: return sizeof(RvShape);
  case RV_THREAD: return sizeof(RvThread);
  case RV_BUFFER: return sizeof(RvBuffer);
  case RV_STRBUF: return rv_strbuf_size((const RvStrBuf *)h);
  default: RV_UNREACHABLE();
  }
  return 0;
}

u64 rv_gc_logical_size(RvMachine *m, const RvHdr *h) {
  switch (h->type) {
  case RV_STR: return rv_str_lsize((const RvString *)h);
  case RV_TABLE: return rv_table_lsize(m, (const RvTable *)h);
  case RV_CLOSURE:
    return RV_LSIZE_CLOSURE(((const RvClosure *)h)->proto->f->nup);
  case RV_CELL: return RV_LSIZE_CELL;
  case RV_NATIVE: return RV_LSIZE_NATIVE;
  case RV_PROTO: return RV_LSIZE_PROTO(((const RvProto *)h)->f->nk);
  case RV_SHAPE: return RV_LSIZE_SHAPE;
  case RV_THREAD: {
    const RvThread *th = (const RvThread *)h;
    return RV_LSIZE_THREAD + RV_LSIZE_SLOT * (u64)th->nslots +
           RV_LSIZE_FRAME * (u64)th->nframes;
  }
  case RV_BUFFER: return RV_LSIZE_BUFFER(((const RvBuffer *)h)->cap);
  case RV_STRBUF: return rv_strbuf_lsize((const RvStrBuf *)h);
  default: RV_UNREACHABLE();
  }
  return 0;
}

bool rv_gc_object_marked(const RvHdr *h) {
  return rv_gc_is_marked(h, rv_gc_object_size(h));
}

/* -- Marking ----------------------------------------------------------------------- */

static bool gray_grow(Gc *gc) {
  RvMachine *m = gc->m;
  return m->gray != gc->reserve && list_grow(m, &m->gray, &m->cgray);
}

static void gray_open(Gc *gc) {
  RvMachine *m = gc->m;
  if (m->cgray || gray_grow(gc)) return;
  m->gray = gc->reserve;
  m->cgray = RESERVE;
}

static void gray_close(Gc *gc) {
  RvMachine *m = gc->m;
  if (m->gray != gc->reserve) {
    list_trim(m, &m->gray, &m->cgray);
    return;
  }
  m->gray = NULL;
  m->cgray = 0;
}

static void gray_push(Gc *gc, RvHdr *h) {
  RvMachine *m = gc->m;
  if (RV_UNLIKELY(m->ngray == m->cgray) && !gray_grow(gc))
    gc->gray_lost = true;
  else
    m->gray[m->ngray++] = h;
}

static void mark_object(Gc *gc, RvHdr *h) {
  if (!mark_memory(h, rv_round_size(rv_gc_object_size(h)), true)) return;
  gc->m->mark_bytes += rv_gc_logical_size(gc->m, h);
  if (h->type == RV_STR) {
    RvString *s = (RvString *)h;
    if (s->h.flags & RV_STR_VIEW) mark_object(gc, &s->buf->h);
    return;
  }
  h->gc &= (u8)~RV_GC_BLACK;
  gray_push(gc, h);
}

static void mark_value(Gc *gc, u64 p, u64 tag) {
  if (RV_IS_GC(tag)) mark_object(gc, (RvHdr *)(uintptr_t)p);
}

static void mark_opt(Gc *gc, void *h) {
  if (h) mark_object(gc, h);
}

static void visit_marked_block(RvBlock *b, RvObjectFn fn, void *ctx) {
  for (u32 i = 0; i < RV_BLOCK_WORDS; i++)
    for (u64 w = b->start[i]; w; w &= w - 1)
      fn(ctx, (RvHdr *)rv_block_granule(b, i * 64 + (u32)__builtin_ctzll(w)));
}

/* Calls fn for every marked object, in no order; fn may mark more. */
static void visit_marked(RvMachine *m, RvObjectFn fn, void *ctx) {
  for (RvBlock *b = m->blocks; b; b = b->next) visit_marked_block(b, fn, ctx);
  for (u32 i = 0; i < m->nlarge; i++)
    if (m->large[i]->mark && m->large[i]->object)
      fn(ctx, (RvHdr *)(m->large[i] + 1));
}

/* -- Ephemerons: entries wait for their keys (linear; Barros & Ierusalimschy
      2008 describe the semantics). -------------------------------------------------- */

static u32 wait_hash(const Gc *gc, const RvHdr *key) {
  return (u32)(((uintptr_t)key >> 3) * 0x9e3779b97f4a7c15ull >> 32) &
         (gc->nbucket - 1);
}

static void wait_link(Gc *gc, u32 i) {
  u32 b = wait_hash(gc, gc->wait[i].key);
  gc->wait[i].next = gc->bucket[b];
  gc->bucket[b] = i + 1;
}

/* More buckets; without memory the chains get longer. */
static bool wait_rehash(Gc *gc, u32 n) {
  u32 *p = rv_mem_realloc(gc->m, NULL, 0, n * sizeof *p);
  if (!p) return gc->nbucket > 0;
  rv_mem_free(gc->m, gc->bucket, gc->nbucket * sizeof *p);
  gc->bucket = p;
  gc->nbucket = n;
  memset(p, 0, n * sizeof *p);
  for (u32 i = 0; i < gc->nwait; i++) wait_link(gc, i);
  return true;
}

static bool wait_grow(Gc *gc) {
  u32 n = gc->cwait ? gc->cwait * 2 : 64;
  Waiting *p = rv_mem_realloc(gc->m, gc->wait, gc->cwait * sizeof *p,
                              n * sizeof *p);
  if (!p) return false;
  gc->wait = p;
  gc->cwait = n;
  return true;
}

static void wait_for(Gc *gc, RvHdr *key, u64 p, u8 t) {
  if ((gc->nwait == gc->cwait && !wait_grow(gc)) ||
      (gc->nwait >= gc->nbucket && !wait_rehash(gc, gc->cwait))) {
    gc->wait_lost = true;
    return;
  }
  gc->wait[gc->nwait] = (Waiting){.key = key, .p = p, .t = t};
  wait_link(gc, gc->nwait++);
}

/* The key has been reached: so are the values that waited for it. Marking only
   pushes, so the chain does not change under the walk. */
static void wake_waiting(Gc *gc, const RvHdr *key) {
  for (u32 i = gc->bucket[wait_hash(gc, key)]; i; i = gc->wait[i - 1].next) {
    Waiting *w = &gc->wait[i - 1];
    if (w->key != key || w->t == RV_NIL) continue;
    u8 t = w->t;
    w->t = RV_NIL;
    mark_value(gc, w->p, t);
  }
}

/* -- Tables ---------------------------------------------------------------------------------
   Keys belong to the shape. A shared one has strings alone and is an object like
   others. A private one is looked at together with its table, because what its
   keys are worth depends on the values beside them: the key of a tombstone, and
   in a weak-key table any key, does not keep its object alive. */

#define WEAK_KEYS 1
#define WEAK_VALUES 2

static int weak_mode(Gc *gc, const RvTable *t) {
  if (gc->physical || !rv_table_meta(gc->m, t)) return 0;
  RvValue mode = rv_table_event(gc->m, t, RV_EV_MODE);
  if (mode.t != RV_STR) return 0;
  const RvString *s = RV_AS(RvString, mode);
  const char *p = rv_str_data(s);
  int r = 0;
  if (memchr(p, 'k', s->len)) r |= WEAK_KEYS;
  if (memchr(p, 'v', s->len)) r |= WEAK_VALUES;
  return r;
}

/* Strings and values without identity are never removed from weak tables. */
static bool weak_removable(u64 tag) { return RV_IS_GC(tag) && tag != RV_STR; }

/* The table is to be cleared when marking is done. */
static void weak_push(Gc *gc, RvTable *t) {
  RvMachine *m = gc->m;
  if (m->nweak == m->cweak && !list_grow(m, &m->weak, &m->cweak))
    gc->weak_lost = true;
  else
    m->weak[m->nweak++] = &t->h;
}

static void mark_shape_parts(const RvShape *s) {
  mark_part(s->key, rv_shape_key_bytes(s));
  mark_part(s->index, rv_shape_index_bytes(s));
}

/* A private shape comes here when no table has it yet, or from the roots of a
   physical collection. */
static void scan_shape(Gc *gc, RvShape *s) {
  mark_shape_parts(s);
  mark_opt(gc, s->parent);
  if (gc->physical) mark_opt(gc, s->meta);
  const u8 *kt = rv_shape_tags(s);
  for (u32 i = 0; i < s->nkeys; i++)
    if (kt[i] != RV_KEY_DEAD) mark_value(gc, s->key[i], kt[i]);
}

static bool shape_is_weighed(const Gc *gc, const RvShape *s) {
  return rv_shape_is_private(s) && !gc->physical;
}

static void mark_table_shape(Gc *gc, RvShape *s) {
  if (!shape_is_weighed(gc, s)) {
    mark_object(gc, &s->h);
    return;
  }
  if (!mark_memory(s, rv_round_size(sizeof *s), true)) return;
  gc->m->mark_bytes += RV_LSIZE_SHAPE;
  mark_shape_parts(s);
  s->h.gc |= RV_GC_BLACK;
}

static void scan_shared_fields(Gc *gc, RvTable *t, int weak, u32 from, u32 to) {
  const u8 *vt = (const u8 *)t->props;
  for (u32 i = from; i < to; i++)
    if (!(weak & WEAK_VALUES) || vt[i] == RV_STR)
      mark_value(gc, t->props[-1 - (i64)i], vt[i]);
}

/* One entry of a weighed shape. Strings count as values, as keys and as values
   of weak tables. */
static void scan_entry(Gc *gc, RvTable *t, RvShape *s, int weak, u32 i) {
  RvHdr *key = (RvHdr *)(uintptr_t)s->key[i];
  u8 kt = rv_shape_tags(s)[i], vt = ((const u8 *)t->props)[i];
  u64 v = t->props[-1 - (i64)i];
  if (kt == RV_KEY_DEAD) return;
  bool key_weak = weak_removable(kt) && (vt == RV_NIL || (weak & WEAK_KEYS));
  if (!key_weak) mark_value(gc, s->key[i], kt);
  if (!RV_IS_GC(vt)) return;
  if (weak & WEAK_VALUES) {
    if (vt == RV_STR) mark_value(gc, v, vt);
  } else if (!key_weak || rv_gc_object_marked(key)) {
    mark_value(gc, v, vt);
  } else {
    wait_for(gc, key, v, vt);
  }
}

static void scan_fields(Gc *gc, RvTable *t, RvShape *s, int weak, u32 from,
                        u32 to) {
  if (!shape_is_weighed(gc, s)) {
    scan_shared_fields(gc, t, weak, from, to);
    return;
  }
  for (u32 i = from; i < to; i++) scan_entry(gc, t, s, weak, i);
}

static void scan_array(Gc *gc, RvTable *t, int weak, u32 from, u32 to) {
  const u8 *tags = rv_arr_tags(t);
  for (u32 i = from; i < to; i++)
    if (!(weak & WEAK_VALUES) || tags[i] == RV_STR)
      mark_value(gc, t->arr[i], tags[i]);
}

/* The list remembers where a table goes on: its address and, above it, twice
   the position plus one. */
static bool push_rest(Gc *gc, RvTable *t, u32 at) {
  RvMachine *m = gc->m;
  if (m->cgray - m->ngray < 2 && !gray_grow(gc)) return false;
  m->gray[m->ngray++] = &t->h;
  m->gray[m->ngray++] = (RvHdr *)((uintptr_t)at * 2 + 1);
  return true;
}

static u32 at_least(u32 a, u32 b) { return a > b ? a : b; }
static u32 at_most(u32 a, u32 b) { return a < b ? a : b; }

/* Elements are entries 0 .. n-1, fields follow. True when the end is reached. */
static bool scan_entries(Gc *gc, RvTable *t, RvShape *s, int weak, u32 from) {
  u32 n = rv_array_kind(t) == RV_ARR_MIXED ? t->acount : 0;
  u32 end = n + s->nkeys, stop = end;
  if (end - from > SCAN_CHUNK && push_rest(gc, t, from + SCAN_CHUNK))
    stop = from + SCAN_CHUNK;
  if (from < n) scan_array(gc, t, weak, from, at_most(stop, n));
  if (stop > n) scan_fields(gc, t, s, weak, at_least(from, n) - n, stop - n);
  return stop == end;
}

/* A table keeps its shape's metatable alive, the shape does not. */
static bool scan_table(Gc *gc, RvTable *t, u32 from) {
  RvShape *s = rv_shape_of(gc->m, t);
  int weak = weak_mode(gc, t);
  if (from == 0) {
    size_t cap = rv_table_props_cap(gc->m, t);
    mark_table_shape(gc, s);
    mark_opt(gc, s->meta);
    if (cap > 0) mark_part((u8 *)t->props - 8 * cap, 9 * cap);
    mark_part(t->arr, rv_table_arr_bytes(t));
    bool buries = shape_is_weighed(gc, s) && (s->h.flags & RV_SHAPE_OBJECTS);
    if (weak || buries) weak_push(gc, t);
  }
  return scan_entries(gc, t, s, weak, from);
}

/* -- Scanning by type ------------------------------------------------------------------ */

static void scan_closure(Gc *gc, RvClosure *c) {
  mark_object(gc, &c->proto->h);
  for (u32 i = 0; i < c->proto->f->nup; i++) mark_opt(gc, c->up[i]);
}

static void scan_proto(Gc *gc, RvProto *p) {
  u32 nk = p->f->nk;
  p->use->seen = true;
  if (p->k) {
    mark_part((u8 *)p->k - 8 * (size_t)nk, 9 * (size_t)nk);
    for (u32 i = 0; i < nk; i++)
      mark_value(gc, p->k[-1 - (i64)i], ((const u8 *)p->k)[i]);
  }
  if (p->children) {
    mark_part(p->children, p->f->nchildren * sizeof *p->children);
    for (u32 i = 0; i < p->f->nchildren; i++) mark_opt(gc, p->children[i]);
  }
}

/* First slot of what frame fr was called with: from there on the slots are its
   own, no longer those of the frame below. */
static u32 window_of(const RvFrame *fr) {
  if (!fr->fn) return fr->base;
  if (fr->kind == RV_FRAME_NATIVE || fr->nextra == 0) return fr->base - 1;
  const RvClosure *cl = fr->fn;
  return fr->base - fr->nextra - cl->proto->nparams - 1;
}

/* Registers of a bytecode frame: below the height at its instruction, and only
   up to where the window of the frame above begins. */
static void bytecode_slots(const RvThread *th, u32 i, RvSlotsFn fn, void *ctx) {
  const RvFrame *fr = &th->frames[i];
  const RvClosure *cl = fr->fn;
  const RvFunc *f = cl->proto->f;
  RvHeights h = rv_height_entry(f);
  if (fr->pc > 0) {
    u32 pc = fr->pc - 1;
    if (RV_INSN_OP(f->code[pc]) == RV_OP_EXTRA) pc--;
    h = rv_height_at(cl->proto->use->img, f, pc);
  }
  u32 end = at_least(fr->base + h.regs, fr->top);
  if (i < th->fi) end = at_most(end, window_of(&th->frames[i + 1]));
  u32 cells = fr->base + f->nparams, regs = cells + f->ncells;
  fn(ctx, th, fr->base - fr->nextra, at_most(end, cells));
  fn(ctx, th, cells, cells + h.cells);
  if (end > regs) fn(ctx, th, regs, end);
}

void rv_gc_frame_slots(const RvThread *th, u32 i, RvSlotsFn fn, void *ctx) {
  const RvFrame *fr = &th->frames[i];
  if (fr->fn && fr->kind != RV_FRAME_NATIVE)
    bytecode_slots(th, i, fn, ctx);
  else if (fr->top > fr->base)
    fn(ctx, th, fr->base, fr->top);
}

static void mark_slots(void *ctx, const RvThread *th, u32 from, u32 to) {
  for (u32 i = from; i < to; i++) mark_value(ctx, th->pay[i], th->tag[i]);
}

static void scan_thread(Gc *gc, RvThread *th) {
  mark_part(th->pay, RV_STACK_BYTES(th->nslots));
  mark_part(th->frames, th->nframes * sizeof *th->frames);
  mark_part(th->tbc, th->ctbc * sizeof *th->tbc);
  mark_opt(gc, th->resumer);
  mark_value(gc, th->err.p, th->err.t);
  for (u32 i = 0; i < th->ntbc; i++) mark_value(gc, th->tbc[i].p, th->tbc[i].t);
  /* The function to be run lies in slot 0. */
  if (!th->started && th->status == RV_TH_SUSPENDED) mark_slots(gc, th, 0, 1);
  /* One that died of an error keeps its frames, for tracebacks. */
  for (u32 i = 0; th->frames && i <= th->fi; i++) {
    mark_opt(gc, th->frames[i].fn);
    rv_gc_frame_slots(th, i, mark_slots, gc);
  }
}

/* True when nothing of h is left to scan. */
static bool scan_object(Gc *gc, RvHdr *h, u32 from) {
  switch (h->type) {
  case RV_TABLE: return scan_table(gc, (RvTable *)h, from);
  case RV_CLOSURE: scan_closure(gc, (RvClosure *)h); break;
  case RV_CELL: mark_value(gc, ((RvCell *)h)->p, h->aux); break;
  case RV_PROTO: scan_proto(gc, (RvProto *)h); break;
  case RV_SHAPE: scan_shape(gc, (RvShape *)h); break;
  case RV_THREAD: scan_thread(gc, (RvThread *)h); break;
  case RV_BUFFER: mark_part(((RvBuffer *)h)->data, ((RvBuffer *)h)->cap); break;
  case RV_NATIVE: break;
  case RV_STRBUF: mark_part(((RvStrBuf *)h)->data, ((RvStrBuf *)h)->cap); break;
  default: RV_UNREACHABLE();
  }
  return true;
}

static void scan_gray(Gc *gc, RvHdr *h, u32 from) {
  if (scan_object(gc, h, from) && h->type != RV_THREAD) h->gc |= RV_GC_BLACK;
  if (gc->nbucket) wake_waiting(gc, h);
}

static void empty_gray(Gc *gc) {
  RvMachine *m = gc->m;
  while (m->ngray > 0) {
    uintptr_t h = (uintptr_t)m->gray[--m->ngray];
    u32 from = 0;
    if (h & 1) {
      from = (u32)(h / 2);
      h = (uintptr_t)m->gray[--m->ngray];
    }
    scan_gray(gc, (RvHdr *)h, from);
  }
}

/* -- When lists had no room --------------------------------------------------------------- */

static void rescan(void *ctx, RvHdr *h) {
  if (h->type == RV_STR || (h->gc & RV_GC_BLACK)) return;
  scan_gray(ctx, h, 0);
  empty_gray(ctx);
}

/* The values of the weak-key entries whose keys are marked by now. */
static void rescan_weak(void *ctx, RvHdr *h) {
  RvTable *t = (RvTable *)h;
  if (h->type != RV_TABLE || weak_mode(ctx, t) != WEAK_KEYS) return;
  scan_entries(ctx, t, rv_shape_of(((Gc *)ctx)->m, t), WEAK_KEYS, 0);
  empty_gray(ctx);
}

static void drain(Gc *gc) {
  RvMachine *m = gc->m;
  empty_gray(gc);
  for (u64 before = m->mark_bytes - 1; gc->gray_lost || gc->wait_lost;) {
    if (gc->gray_lost) {
      gc->gray_lost = false;
      visit_marked(m, rescan, gc);
    } else if (before != m->mark_bytes) {
      before = m->mark_bytes;
      visit_marked(m, rescan_weak, gc);
    } else {
      return;
    }
  }
}

/* -- Roots ----------------------------------------------------------------------------- */

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
  for (u32 i = 0; i < RV_NEVENTS; i++) visit_opt(m, m->names[i]);
  for (u32 i = 0; i <= RV_STRBUF; i++) visit_opt(m, m->type_meta[i]);
  for (u32 i = 0; i < m->nroots; i++) visit_value(m, m->roots[i]);
  for (u32 i = 0; i < m->ntofin; i++) visit_opt(m, m->tofin[i]);
  for (u32 i = 0; i < m->nnatives; i++) visit_opt(m, m->natives[i]);
  if (m->host) rv_host_roots(m, visit_value);
  if (observable) visit_observable(m);
  m->gc = NULL;
}

static void mark_root(void *ctx, RvHdr *h) { mark_object(ctx, h); }

/* -- Weak tables, finalizers ------------------------------------------------------------ */

static bool is_dead(RvMachine *m, RvValue v) {
  (void)m;
  return weak_removable(v.t) && !rv_gc_object_marked(RV_AS(RvHdr, v));
}

/* Takes the dead out of one table. It may shrink, and so may the ledger. */
static void clear_table(Gc *gc, RvTable *t, int what) {
  RvMachine *m = gc->m;
  int mode = weak_mode(gc, t) & what;
  m->mark_bytes -= rv_table_lsize(m, t);
  if (mode)
    rv_table_clear_weak(m, t, mode & WEAK_KEYS, mode & WEAK_VALUES, is_dead);
  if ((what & WEAK_KEYS) && (rv_shape_of(m, t)->h.flags & RV_SHAPE_OBJECTS))
    rv_table_bury_keys(m, t, is_dead);
  m->mark_bytes += rv_table_lsize(m, t);
}

static void clear_values(void *ctx, RvHdr *h) {
  if (h->type == RV_TABLE) clear_table(ctx, (RvTable *)h, WEAK_VALUES);
}

static void clear_keys(void *ctx, RvHdr *h) {
  if (h->type == RV_TABLE) clear_table(ctx, (RvTable *)h, WEAK_KEYS);
}

/* Clears the tables met since `from`; all of them when some are not listed. */
static void clear_weak(Gc *gc, u32 from, RvObjectFn clear) {
  RvMachine *m = gc->m;
  if (gc->weak_lost) {
    visit_marked(m, clear, gc);
    return;
  }
  for (u32 i = from; i < m->nweak; i++) clear(gc, m->weak[i]);
}

/* Moves dead finalizable objects to the due list. The due list is a stack:
   newest registration on top, but below what was due already. */
static void queue_finalizers(Gc *gc) {
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
  for (u32 i = 0; i < due; i++) mark_object(gc, m->tofin[i]);
  rv_request_safepoint(m);
}

/* The due list has room for all that may become due, so that the collector need
   not ask for it. */
RvStatus rv_gc_finalizable(RvMachine *m, RvHdr *h) {
  if (h->gc & RV_GC_FIN) return RV_OK;
  if (m->nfin == m->cfin && !list_grow(m, &m->fin, &m->cfin))
    return rv_err_memory(m->th);
  if (m->nfin + m->ntofin >= m->ctofin && !list_grow(m, &m->tofin, &m->ctofin))
    return rv_err_memory(m->th);
  m->fin[m->nfin++] = h;
  h->gc |= RV_GC_FIN;
  return RV_OK;
}

/* -- Serial numbers: a side table from object to number ------------------------------------ */

#define SERIALS_MIN 64u

typedef struct RvSerial {
  RvHdr *h; /* NULL: free */
  u64 n;
} RvSerial;

static u32 serial_slot(const RvMachine *m, const RvHdr *h) {
  u32 mask = m->cserials - 1;
  u32 i = (u32)(((uintptr_t)h >> 3) * 0x9e3779b97f4a7c15ull >> 32) & mask;
  while (m->serials[i].h && m->serials[i].h != h) i = (i + 1) & mask;
  return i;
}

static bool serial_resize(RvMachine *m, u32 cap) {
  RvSerial *old = m->serials;
  u32 ocap = m->cserials;
  RvSerial *p = rv_mem_realloc(m, NULL, 0, cap * sizeof *p);
  if (!p) return false;
  memset(p, 0, cap * sizeof *p);
  m->serials = p;
  m->cserials = cap;
  for (u32 i = 0; i < ocap; i++)
    if (old[i].h) p[serial_slot(m, old[i].h)] = old[i];
  rv_mem_free(m, old, ocap * sizeof *old);
  return true;
}

u64 rv_serial_get(RvMachine *m, const RvHdr *h) {
  return h->gc & RV_GC_SERIAL ? m->serials[serial_slot(m, h)].n : 0;
}

u64 rv_serial(RvMachine *m, RvHdr *h) {
  if (h->gc & RV_GC_SERIAL) return rv_serial_get(m, h);
  if (m->nserials * 2 >= m->cserials &&
      !serial_resize(m, m->cserials ? m->cserials * 2 : SERIALS_MIN)) {
    rv_err_memory(m->th);
    return 0;
  }
  u32 i = serial_slot(m, h);
  m->serials[i] = (RvSerial){h, ++m->next_serial};
  m->nserials++;
  h->gc |= RV_GC_SERIAL;
  return m->next_serial;
}

/* Takes entry i out. Those behind it in its probe run are put back one by one;
   none lands before the hole. */
static void serial_remove(RvMachine *m, u32 i) {
  u32 mask = m->cserials - 1;
  m->serials[i].h = NULL;
  m->nserials--;
  for (;;) {
    i = (i + 1) & mask;
    RvSerial e = m->serials[i];
    if (!e.h) return;
    m->serials[i].h = NULL;
    m->serials[serial_slot(m, e.h)] = e;
  }
}

/* Forgets the dead, in place: it needs no memory. */
static void serial_sweep(RvMachine *m) {
  for (u32 i = 0; i < m->cserials; i++)
    while (m->serials[i].h && !rv_gc_object_marked(m->serials[i].h))
      serial_remove(m, i);
  if (m->cserials > SERIALS_MIN && m->nserials < m->cserials / 8)
    serial_resize(m, m->cserials / 2); /* or it stays large */
}

/* -- Protos and images ----------------------------------------------------------------------- */

static void sweep_protos(RvMachine *m) {
  rv_protos_sweep(m);
  for (RvImageUse **link = &m->images; *link;) {
    RvImageUse *u = *link;
    if (u->seen) {
      u->seen = false;
      link = &u->next;
      continue;
    }
    *link = u->next;
    rv_image_use_free(m, u);
  }
}

/* -- A cycle ------------------------------------------------------------------------------------ */

static void clear_marks(RvMachine *m) {
  for (RvBlock *b = m->blocks; b; b = b->next) {
    memset(b->mark, 0, sizeof b->mark);
    memset(b->start, 0, sizeof b->start);
  }
  for (u32 i = 0; i < m->nlarge; i++) m->large[i]->mark = 0;
  m->nremembered = 0;
  m->remembered_lost = false;
  m->ngray = 0;
  m->nweak = 0;
  m->mark_bytes = 0;
}

static void mark_all(Gc *gc) {
  RvMachine *m = gc->m;
  clear_marks(m);
  gray_open(gc);
  rv_gc_roots(m, gc->physical, mark_root, gc);
  drain(gc);
  if (gc->physical) return;
  clear_weak(gc, 0, clear_values);
  u32 nweak = m->nweak;
  queue_finalizers(gc);
  drain(gc);
  clear_weak(gc, 0, clear_keys);
  clear_weak(gc, nweak, clear_values);
}

/* Everything that refers to objects without keeping them alive forgets the
   dead; then their memory is free. */
static void reclaim(RvMachine *m) {
  rv_strtab_sweep(m);
  serial_sweep(m);
  rv_feedback_sweep(m);
  sweep_protos(m);
  rv_shape_sweep(m);
  rv_heap_reuse(m);
}

static void gc_fini(Gc *gc) {
  RvMachine *m = gc->m;
  rv_mem_free(m, gc->wait, gc->cwait * sizeof *gc->wait);
  rv_mem_free(m, gc->bucket, gc->nbucket * sizeof *gc->bucket);
  gray_close(gc);
  list_trim(m, &m->weak, &m->cweak);
}

/* Growth beyond what the ledger explains is garbage of the machine's own making
   (parts that were outgrown): when it gets out of hand, a physical collection
   is due. */
static void set_host_goal(RvMachine *m) {
  m->host_goal = m->stats.host_bytes + GOAL_MIN + GOAL_FACTOR * (u64)m->gc_budget;
}

static void collect(RvMachine *m, bool physical) {
  Gc gc = {.m = m, .physical = physical};
  m->gc_running = true;
  mark_all(&gc);
  reclaim(m);
  gc_fini(&gc);
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
   would collect at each allocation for nothing. The slice may end below zero: no
   collection can stop. */
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
}

/* -- Barrier -------------------------------------------------------------------------------------- */

void rv_barrier_slow(RvMachine *m, RvHdr *dst) {
  dst->gc &= (u8)~RV_GC_BLACK;
  if (m->nremembered == m->cremembered &&
      !list_grow(m, &m->remembered, &m->cremembered))
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
  rv_mem_free(m, m->serials, m->cserials * sizeof *m->serials);
}
