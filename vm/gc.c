/* SPDX-License-Identifier: MIT */
/* The collector: marking, weak references, finalizers, the ledger.

   Full mark; reuse of memory needs no sweep (heap.c). The marks stay until the
   next marking begins, so that marked and black is the same as old, and a
   generational or incremental policy can be laid over the same barrier:

     B1  An object is black when it was scanned by the last marking and has not
         been remembered since.
     B2  A black object refers to marked objects only. A store that would break
         this makes the destination grey again and remembers it (rv_barrier).
     B3  Thread stacks are never black; every marking scans them anew.

   A logical collection sets the guest ledger to what is reachable, by the
   formulas of heap.h, and clears weak references. A physical one (stress)
   treats everything a program could observe as a root - weak references,
   finalizable objects, interned strings, shapes - so that it changes nothing
   but memory.

   What a frame holds is decided by heights (verify.h), never by guessing. */
#include <stdlib.h>
#include <string.h>

#include "vm/call.h"
#include "vm/feedback.h"
#include "vm/heap_impl.h"
#include "vm/host/host.h"
#include "vm/table.h"
#include "vm/verify.h"

/* Logical bytes that may be allocated between two collections at least. */
#define GC_MIN_BUDGET (128 * 1024)

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
  Waiting *wait;
  u32 nwait, cwait;
  u32 *bucket; /* index + 1 into wait, by key address */
  u32 nbucket; /* power of two, 0: no ephemerons met */
} Gc;

/* The collector's own lists come from the host, not from the guest's limit;
   without them it cannot finish, and nothing sane is left to do. */
static void *list_grow(RvMachine *m, void *p, u32 *cap, size_t item) {
  u32 n = *cap ? *cap * 2 : 64;
  u64 keep = m->host_cap;
  m->host_cap = UINT64_MAX;
  void *q = rv_mem_realloc(m, p, *cap * item, n * item);
  m->host_cap = keep;
  if (!q) abort();
  *cap = n;
  return q;
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
  u32 g = (u32)(((uintptr_t)p - (uintptr_t)b) / RV_GRANULE);
  if (b->mark[g >> 6] >> (g & 63) & 1) return false;
  mark_bits(b->mark, g, (u32)((size + RV_GRANULE - 1) / RV_GRANULE));
  if (object) b->start[g >> 6] |= 1ull << (g & 63);
  return true;
}

static void mark_part(const void *p, size_t size) {
  if (p && size > 0) mark_memory(p, (size + 7) & ~(size_t)7, false);
}

bool rv_gc_is_marked(const RvHdr *h, size_t size) {
  size = (size + 7) & ~(size_t)7;
  if (size > RV_SMALL_MAX) return rv_large_of(h)->mark;
  RvBlock *b = rv_block_of(h);
  u32 g = (u32)(((uintptr_t)h - (uintptr_t)b) / RV_GRANULE);
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
  case RV_STRBUF: return sizeof(RvStrBuf);
  default: RV_UNREACHABLE();
  }
  return 0;
}

static u64 logical_size(RvMachine *m, const RvHdr *h) {
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
  case RV_STRBUF: return 24 + (u64)((const RvStrBuf *)h)->used;
  default: RV_UNREACHABLE();
  }
  return 0;
}

bool rv_gc_object_marked(const RvHdr *h) {
  return rv_gc_is_marked(h, rv_gc_object_size(h));
}

/* -- Marking ----------------------------------------------------------------------- */

static void gray_push(Gc *gc, RvHdr *h) {
  RvMachine *m = gc->m;
  if (m->ngray == m->cgray)
    m->gray = list_grow(m, m->gray, &m->cgray, sizeof *m->gray);
  m->gray[m->ngray++] = h;
}

static void mark_object(Gc *gc, RvHdr *h) {
  size_t size = (rv_gc_object_size(h) + 7) & ~(size_t)7;
  if (!mark_memory(h, size, true)) return;
  gc->m->mark_bytes += logical_size(gc->m, h);
  if (h->type == RV_STR) {
    RvString *s = (RvString *)h;
    if (s->h.flags & RV_STR_VIEW) mark_object(gc, &s->buf->h);
    return;
  }
  gray_push(gc, h);
}

static void mark_value(Gc *gc, u64 p, u64 tag) {
  if (RV_IS_GC(tag) && tag != 0xff) mark_object(gc, (RvHdr *)(uintptr_t)p);
}

static void mark_opt(Gc *gc, void *h) {
  if (h) mark_object(gc, h);
}

/* -- Ephemerons: entries wait for their keys (linear; Barros & Ierusalimschy
      2008 describe the semantics). -------------------------------------------------- */

static u32 wait_hash(const Gc *gc, const RvHdr *key) {
  return (u32)(((uintptr_t)key >> 3) * 0x9e3779b97f4a7c15ull >> 32) &
         (gc->nbucket - 1);
}

static void wait_rehash(Gc *gc, u32 n) {
  u64 keep = gc->m->host_cap;
  gc->m->host_cap = UINT64_MAX;
  gc->bucket = rv_mem_realloc(gc->m, gc->bucket,
                              gc->nbucket * sizeof *gc->bucket,
                              n * sizeof *gc->bucket);
  gc->m->host_cap = keep;
  if (!gc->bucket) abort();
  gc->nbucket = n;
  memset(gc->bucket, 0, n * sizeof *gc->bucket);
  for (u32 i = 0; i < gc->nwait; i++) {
    u32 b = wait_hash(gc, gc->wait[i].key);
    gc->wait[i].next = gc->bucket[b];
    gc->bucket[b] = i + 1;
  }
}

static void wait_for(Gc *gc, RvHdr *key, u64 p, u8 t) {
  if (gc->nwait == gc->cwait)
    gc->wait = list_grow(gc->m, gc->wait, &gc->cwait, sizeof *gc->wait);
  gc->wait[gc->nwait] = (Waiting){.key = key, .p = p, .t = t};
  gc->nwait++;
  if (gc->nwait > gc->nbucket) {
    wait_rehash(gc, gc->nbucket ? gc->nbucket * 2 : 64);
    return;
  }
  u32 b = wait_hash(gc, key);
  gc->wait[gc->nwait - 1].next = gc->bucket[b];
  gc->bucket[b] = gc->nwait;
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

/* -- Scanning by type ------------------------------------------------------------------ */

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

static u8 *shape_key_tags(const RvShape *s) { return (u8 *)(s->key + s->cap); }

static void weak_list(RvMachine *m, RvTable *t) {
  if (m->nweak == m->cweak)
    m->weak = list_grow(m, m->weak, &m->cweak, sizeof *m->weak);
  m->weak[m->nweak++] = &t->h;
}

static void scan_ephemeron(Gc *gc, RvTable *t, const RvShape *s) {
  u8 *vt = (u8 *)t->props, *kt = shape_key_tags(s);
  for (u32 i = 0; i < s->nkeys; i++) {
    RvHdr *key = (RvHdr *)(uintptr_t)s->key[i];
    u64 p = t->props[-1 - (i64)i];
    if (kt[i] == 0xff) continue;
    if (!weak_removable(kt[i]) || rv_gc_object_marked(key)) {
      mark_value(gc, s->key[i], kt[i]);
      mark_value(gc, p, vt[i]);
    } else if (RV_IS_GC(vt[i])) {
      wait_for(gc, key, p, vt[i]);
    }
  }
}

static void scan_fields(Gc *gc, RvTable *t, int weak) {
  RvShape *s = rv_shape_of(gc->m, t);
  u32 cap = rv_table_props_cap(gc->m, t);
  if (cap > 0) mark_part((u8 *)t->props - 8 * (size_t)cap, 9 * (size_t)cap);
  if (weak == WEAK_KEYS) {
    scan_ephemeron(gc, t, s);
    return;
  }
  u8 *vt = (u8 *)t->props;
  if (!(weak & WEAK_VALUES)) {
    for (u32 i = 0; i < s->nkeys; i++)
      mark_value(gc, t->props[-1 - (i64)i], vt[i]);
    return;
  }
  for (u32 i = 0; i < s->nkeys; i++) /* strings count as values */
    if (vt[i] == RV_STR) mark_value(gc, t->props[-1 - (i64)i], RV_STR);
}

static void scan_array(Gc *gc, RvTable *t, int weak) {
  size_t bytes = rv_table_arr_bytes(t);
  if (bytes) mark_part(t->arr, bytes);
  if ((t->h.flags & RV_TAB_AKIND) != RV_ARR_MIXED) return;
  u8 *tags = rv_arr_tags(t);
  for (u32 i = 0; i < t->acount; i++) {
    if (!RV_IS_GC(tags[i])) continue;
    if ((weak & WEAK_VALUES) && tags[i] != RV_STR) continue;
    mark_value(gc, t->arr[i], tags[i]);
  }
}

/* A private shape belongs to one table: in a weak-key table its keys are weak
   too, so the table scans it, not mark_object's general path. */
static void scan_shape(Gc *gc, RvShape *s, bool weak_keys) {
  mark_part(s->key, rv_shape_key_bytes(s));
  mark_part(s->index, rv_shape_index_bytes(s));
  mark_opt(gc, s->meta);
  mark_opt(gc, s->parent);
  u8 *kt = shape_key_tags(s);
  for (u32 i = 0; i < s->nkeys; i++)
    if (!weak_keys || kt[i] == RV_STR) mark_value(gc, s->key[i], kt[i]);
  s->h.gc |= RV_GC_BLACK;
}

static void mark_table_shape(Gc *gc, RvTable *t, int weak) {
  RvShape *s = rv_shape_of(gc->m, t);
  if (!(weak & WEAK_KEYS) || !(s->h.flags & RV_SHAPE_PRIVATE)) {
    mark_object(gc, &s->h);
    return;
  }
  if (!mark_memory(s, (sizeof *s + 7) & ~(size_t)7, true)) return;
  gc->m->mark_bytes += logical_size(gc->m, &s->h);
  scan_shape(gc, s, true);
}

static void scan_table(Gc *gc, RvTable *t) {
  int weak = weak_mode(gc, t);
  mark_table_shape(gc, t, weak);
  if (weak) weak_list(gc->m, t);
  scan_fields(gc, t, weak);
  scan_array(gc, t, weak);
}

static void scan_closure(Gc *gc, RvClosure *c) {
  mark_object(gc, &c->proto->h);
  for (u32 i = 0; i < c->proto->f->nup; i++) mark_opt(gc, c->up[i]);
}

size_t rv_proto_k_bytes(const RvProto *p) { return 9 * (size_t)p->f->nk; }

static void scan_proto(Gc *gc, RvProto *p) {
  u32 nk = p->f->nk;
  p->use->seen = true;
  if (p->k) {
    mark_part((u8 *)p->k - 8 * (size_t)nk, rv_proto_k_bytes(p));
    for (u32 i = 0; i < nk; i++)
      mark_value(gc, p->k[-1 - (i64)i], ((u8 *)p->k)[i]);
  }
  if (p->children) {
    mark_part(p->children, p->f->nchildren * sizeof *p->children);
    for (u32 i = 0; i < p->f->nchildren; i++) mark_opt(gc, p->children[i]);
  }
}

static void mark_slots(Gc *gc, const RvThread *th, u32 from, u32 to) {
  for (u32 i = from; i < to; i++) mark_value(gc, th->pay[i], th->tag[i]);
}

/* Registers of a bytecode frame: below the height at its instruction, and only
   up to where the window of the frame above begins. */
static void scan_frame(Gc *gc, const RvThread *th, u32 i) {
  const RvFrame *fr = &th->frames[i];
  mark_opt(gc, fr->fn);
  if (fr->kind == RV_FRAME_NATIVE) {
    mark_slots(gc, th, fr->base, fr->top);
    return;
  }
  if (!fr->fn) { /* a marker: its slots, if any, from base to top */
    if (fr->top > fr->base) mark_slots(gc, th, fr->base, fr->top);
    return;
  }
  const RvClosure *cl = fr->fn;
  const RvFunc *f = cl->proto->f;
  RvHeights h = {f->nparams + f->ncells, 0, 0};
  if (fr->pc > 0) h = rv_height_at(cl->proto->use->img, f, fr->pc - 1);
  u32 end = fr->base + h.regs;
  if (i < th->fi) {
    const RvFrame *up = &th->frames[i + 1];
    if (up->then == RV_THEN_STORE && up->kind != RV_FRAME_EVENT &&
        up->ret < end && up->ret >= fr->base)
      end = up->ret;
  }
  u32 np = f->nparams, nc = f->ncells;
  u32 split = fr->base + np;
  mark_slots(gc, th, fr->base - fr->nextra, end < split ? end : split);
  mark_slots(gc, th, split, split + h.cells);
  if (end > split + nc) mark_slots(gc, th, split + nc, end);
  if (fr->top > end) mark_slots(gc, th, end, fr->top);
}

static void scan_thread(Gc *gc, RvThread *th) {
  mark_part(th->pay, th->nslots * sizeof *th->pay);
  mark_part(th->tag, th->nslots);
  mark_part(th->frames, th->nframes * sizeof *th->frames);
  mark_part(th->tbc, th->ctbc * sizeof *th->tbc);
  mark_opt(gc, th->resumer);
  mark_value(gc, th->err.p, th->err.t);
  for (u32 i = 0; i < th->ntbc; i++) mark_value(gc, th->tbc[i].p, th->tbc[i].t);
  if (!th->started && th->status == RV_TH_SUSPENDED) {
    if (th->nslots) mark_slots(gc, th, 0, 1); /* the function to be run */
    return;
  }
  if (th->status == RV_TH_DEAD || !th->frames) return;
  for (u32 i = 0; i <= th->fi; i++) scan_frame(gc, th, i);
}

static void scan_gray(Gc *gc, RvHdr *h) {
  switch (h->type) {
  case RV_TABLE: scan_table(gc, (RvTable *)h); break;
  case RV_CLOSURE: scan_closure(gc, (RvClosure *)h); break;
  case RV_CELL: mark_value(gc, ((RvCell *)h)->p, h->aux); break;
  case RV_PROTO: scan_proto(gc, (RvProto *)h); break;
  case RV_SHAPE: scan_shape(gc, (RvShape *)h, false); break;
  case RV_THREAD: scan_thread(gc, (RvThread *)h); return; /* never black */
  case RV_BUFFER: mark_part(((RvBuffer *)h)->data, ((RvBuffer *)h)->cap); break;
  case RV_NATIVE: break;
  case RV_STRBUF: mark_part(((RvStrBuf *)h)->data, ((RvStrBuf *)h)->cap); break;
  default: RV_UNREACHABLE();
  }
  h->gc |= RV_GC_BLACK;
}

static void drain(Gc *gc) {
  RvMachine *m = gc->m;
  while (m->ngray > 0) {
    RvHdr *h = m->gray[--m->ngray];
    scan_gray(gc, h);
    if (gc->nbucket) wake_waiting(gc, h);
  }
}

/* -- Roots ----------------------------------------------------------------------------- */

static void visit_host_root(RvMachine *m, RvValue v) {
  mark_value(m->gc, v.p, v.t);
}

static void mark_roots(Gc *gc) {
  RvMachine *m = gc->m;
  mark_opt(gc, m->main);
  mark_opt(gc, m->th);
  mark_opt(gc, m->globals);
  mark_opt(gc, m->registry);
  mark_opt(gc, m->root_shape);
  mark_opt(gc, m->empty);
  mark_opt(gc, m->msg_memory);
  mark_opt(gc, m->msg_errerr);
  for (u32 i = 0; i < RV_NEVENTS; i++) mark_opt(gc, m->names[i]);
  for (u32 i = 0; i <= RV_STRBUF; i++) mark_opt(gc, m->type_meta[i]);
  for (u32 i = 0; i < m->nroots; i++)
    mark_value(gc, m->roots[i].p, m->roots[i].t);
  for (u32 i = 0; i < m->ntofin; i++) mark_object(gc, m->tofin[i]);
  if (m->host) rv_host_roots(m, visit_host_root);
  if (!gc->physical) return;
  for (u32 i = 0; i < m->nfin; i++) mark_object(gc, m->fin[i]);
  for (u32 i = 0; i < m->strtab.size; i++) mark_opt(gc, m->strtab.slot[i]);
  for (u32 i = 1; i < m->nshapes; i++) mark_opt(gc, m->shapes[i]);
}

/* -- Weak tables, finalizers ------------------------------------------------------------ */

static bool is_dead(RvMachine *m, RvValue v) {
  (void)m;
  return weak_removable(v.t) && !rv_gc_object_marked(RV_AS(RvHdr, v));
}

static void clear_weak(Gc *gc, u32 from, int what) {
  RvMachine *m = gc->m;
  for (u32 i = from; i < m->nweak; i++) {
    RvTable *t = (RvTable *)m->weak[i];
    int mode = weak_mode(gc, t) & what;
    if (mode)
      rv_table_clear_weak(m, t, mode & WEAK_KEYS, mode & WEAK_VALUES, is_dead);
  }
}

/* Moves dead finalizable objects to the due list. The due list is a stack:
   newest registration on top, but below what was due already. */
static void queue_finalizers(Gc *gc) {
  RvMachine *m = gc->m;
  u32 kept = 0, due = 0;
  for (u32 i = 0; i < m->nfin; i++)
    if (!rv_gc_object_marked(m->fin[i])) due++;
  if (due == 0) return;
  while (m->ntofin + due > m->ctofin)
    m->tofin = list_grow(m, m->tofin, &m->ctofin, sizeof *m->tofin);
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

RvStatus rv_gc_finalizable(RvMachine *m, RvHdr *h) {
  if (h->gc & RV_GC_FIN) return RV_OK;
  if (m->nfin == m->cfin) {
    u32 cap = m->cfin ? m->cfin * 2 : 16;
    RvHdr **p = rv_mem_realloc(m, m->fin, m->cfin * sizeof *p, cap * sizeof *p);
    if (!p) return rv_err_memory(m->th);
    m->fin = p;
    m->cfin = cap;
  }
  m->fin[m->nfin++] = h;
  h->gc |= RV_GC_FIN;
  return RV_OK;
}

/* -- Serial numbers: a side table from object to number ------------------------------------ */

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
      !serial_resize(m, m->cserials ? m->cserials * 2 : 64)) {
    rv_err_memory(m->th);
    return 0;
  }
  u32 i = serial_slot(m, h);
  m->serials[i] = (RvSerial){h, ++m->next_serial};
  m->nserials++;
  h->gc |= RV_GC_SERIAL;
  return m->next_serial;
}

/* Forgets the dead, in place: entries are taken out and put back. */
static void serial_sweep(RvMachine *m) {
  u32 dead = 0;
  for (u32 i = 0; i < m->cserials; i++)
    if (m->serials[i].h && !rv_gc_object_marked(m->serials[i].h)) {
      m->serials[i].n = 0;
      dead++;
    }
  if (dead == 0) return;
  /* Numbers are never zero, so a zero marks a hole that closes now. */
  u32 mask = m->cserials - 1;
  for (u32 i = 0; i < m->cserials; i++) {
    while (m->serials[i].h && m->serials[i].n == 0) {
      u32 hole = i, j = i;
      m->serials[hole].h = NULL;
      for (;;) {
        j = (j + 1) & mask;
        if (!m->serials[j].h) break;
        RvSerial e = m->serials[j];
        m->serials[j].h = NULL;
        u32 to = serial_slot(m, e.h);
        m->serials[to] = e;
      }
    }
  }
  m->nserials -= dead;
}

/* -- Protos and images ----------------------------------------------------------------------- */

static void sweep_protos(RvMachine *m) {
  u32 kept = 0;
  for (u32 i = 0; i < m->nprotos; i++) {
    RvProto *p = m->protos[i];
    if (rv_gc_object_marked(&p->h))
      m->protos[kept++] = p;
    else
      rv_feedback_drop(m, p);
  }
  m->nprotos = kept;
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
  m->ngray = 0;
  m->nweak = 0;
  m->mark_bytes = 0;
}

static void mark_all(Gc *gc) {
  clear_marks(gc->m);
  mark_roots(gc);
  drain(gc);
  if (gc->physical) return;
  clear_weak(gc, 0, WEAK_VALUES);
  u32 nweak = gc->m->nweak;
  queue_finalizers(gc);
  drain(gc);
  clear_weak(gc, 0, WEAK_KEYS);
  clear_weak(gc, nweak, WEAK_VALUES);
}

static void reclaim(RvMachine *m) {
  rv_strtab_sweep(m);
  serial_sweep(m);
  rv_feedback_sweep(m);
  sweep_protos(m);
  rv_shape_sweep(m);
  rv_heap_sweep_large(m);
  rv_heap_trim(m);
  rv_heap_restart(m);
}

static void gc_fini(Gc *gc) {
  rv_mem_free(gc->m, gc->wait, gc->cwait * sizeof *gc->wait);
  rv_mem_free(gc->m, gc->bucket, gc->nbucket * sizeof *gc->bucket);
}

static void collect(RvMachine *m, bool physical) {
  Gc gc = {.m = m, .physical = physical};
  if (m->gc_running) return;
  m->gc_running = true;
  m->gc = &gc;
  mark_all(&gc);
  reclaim(m);
  gc_fini(&gc);
  m->gc = NULL;
  m->gc_running = false;
}

/* The budget until the next collection: as much again as is alive, but never
   beyond the limit. */
static void set_budget(RvMachine *m) {
  u64 budget = m->guest_live < GC_MIN_BUDGET ? GC_MIN_BUDGET : m->guest_live;
  u64 room =
      m->guest_limit > m->guest_live ? m->guest_limit - m->guest_live : 0;
  if (budget > room) budget = room;
  m->gc_budget = m->gc_left = (i64)budget;
}

void rv_gc_full(RvMachine *m) {
  if (m->gc_running) return;
  collect(m, false);
  m->stats.collections++;
  m->guest_live = m->mark_bytes;
  set_budget(m);
}

void rv_gc_physical(RvMachine *m) { collect(m, true); }

void rv_gc_limit(RvMachine *m, u64 limit) {
  i64 done = m->gc_budget - m->gc_left;
  m->guest_limit = limit;
  set_budget(m);
  m->gc_left -= done;
}

/* -- Barrier -------------------------------------------------------------------------------------- */

void rv_barrier_slow(RvMachine *m, RvHdr *dst) {
  dst->gc &= (u8)~RV_GC_BLACK;
  if (m->nremembered == m->cremembered)
    m->remembered = list_grow(m, m->remembered, &m->cremembered,
                              sizeof *m->remembered);
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
