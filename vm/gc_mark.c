/* SPDX-License-Identifier: MIT */
/* Marking: mark bits, sizes, what each type refers to, ephemerons. */
#include "vm/gc_mark.h"

#include <string.h>

#include "vm/array.h"
#include "vm/dict.h"
#include "vm/str.h"
#include "vm/table.h"
#include "vm/verify.h"

#include "opcodes.h"

/* Entries of one table scanned in one go. The rest waits on the gray list,
   below what these entries put there: so the list stays short for wide
   tables. */
#define SCAN_CHUNK 1024u
/* Capacity of lists that are kept between collections. */
#define LIST_KEEP 8192u

/* -- Lists ----------------------------------------------------------------- */

bool rv_gc_list_grow(RvMachine *m, RvHdr ***list, u32 *cap) {
  u32 n = *cap ? *cap * 2 : 64;
  RvHdr **p = rv_mem_realloc(m, *list, *cap * sizeof *p, n * sizeof *p);
  if (!p) return false;
  *list = p;
  *cap = n;
  return true;
}

void rv_gc_list_trim(RvMachine *m, RvHdr ***list, u32 *cap) {
  if (*cap <= LIST_KEEP) return;
  rv_mem_free(m, *list, *cap * sizeof **list);
  *list = NULL;
  *cap = 0;
}

/* -- Mark bits ------------------------------------------------------------- */

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

/* -- Sizes by type --------------------------------------------------------- */

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
  case RV_USERDATA: return sizeof(RvUser);
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
           RV_LSIZE_FRAME * (u64)th->nframes + RV_LSIZE_TBC * (u64)th->ctbc;
  }
  case RV_USERDATA: return RV_LSIZE_USER;
  case RV_BUFFER: return RV_LSIZE_BUFFER(((const RvBuffer *)h)->cap);
  case RV_STRBUF: return rv_strbuf_lsize((const RvStrBuf *)h);
  default: RV_UNREACHABLE();
  }
  return 0;
}

bool rv_gc_object_marked(const RvHdr *h) {
  return rv_gc_is_marked(h, rv_gc_object_size(h));
}

/* -- Marking --------------------------------------------------------------- */

static bool gray_grow(RvGc *gc) {
  RvMachine *m = gc->m;
  return m->gray != gc->reserve && rv_gc_list_grow(m, &m->gray, &m->cgray);
}

static void gray_open(RvGc *gc) {
  RvMachine *m = gc->m;
  if (m->cgray || gray_grow(gc)) return;
  m->gray = gc->reserve;
  m->cgray = RV_GRAY_RESERVE;
}

static void gray_close(RvGc *gc) {
  RvMachine *m = gc->m;
  if (m->gray != gc->reserve) {
    rv_gc_list_trim(m, &m->gray, &m->cgray);
    return;
  }
  m->gray = NULL;
  m->cgray = 0;
}

static void gray_push(RvGc *gc, RvHdr *h) {
  RvMachine *m = gc->m;
  if (RV_UNLIKELY(m->ngray == m->cgray) && !gray_grow(gc))
    gc->gray_lost = true;
  else
    m->gray[m->ngray++] = h;
}

void rv_mark_object(RvGc *gc, RvHdr *h) {
  if (!mark_memory(h, rv_round_size(rv_gc_object_size(h)), true)) return;
  gc->m->mark_bytes += rv_gc_logical_size(gc->m, h);
  if (h->type == RV_STR) {
    RvString *s = (RvString *)h;
    if (s->h.flags & RV_STR_VIEW) rv_mark_object(gc, &s->buf->h);
    return;
  }
  h->gc &= (u8)~RV_GC_BLACK;
  gray_push(gc, h);
}

static void mark_value(RvGc *gc, u64 p, u64 tag) {
  if (RV_IS_GC(tag)) rv_mark_object(gc, (RvHdr *)(uintptr_t)p);
}

static void mark_opt(RvGc *gc, void *h) {
  if (h) rv_mark_object(gc, h);
}

static void visit_marked_block(RvBlock *b, RvObjectFn fn, void *ctx) {
  for (u32 i = 0; i < RV_BLOCK_WORDS; i++)
    for (u64 w = b->start[i]; w; w &= w - 1)
      fn(ctx, (RvHdr *)rv_block_granule(b, i * 64 + (u32)__builtin_ctzll(w)));
}

void rv_mark_visit(RvMachine *m, RvObjectFn fn, void *ctx) {
  for (RvBlock *b = m->blocks; b; b = b->next) visit_marked_block(b, fn, ctx);
  for (u32 i = 0; i < m->nlarge; i++)
    if (m->large[i]->mark && m->large[i]->object)
      fn(ctx, (RvHdr *)(m->large[i] + 1));
}

/* -- Ephemerons ------------------------------------------------------------ */
/* Entries wait for their keys, so that chains take linear time (Barros &
   Ierusalimschy 2008 describe the semantics). */

static u32 wait_hash(const RvGc *gc, const RvHdr *key) {
  return (u32)(((uintptr_t)key >> 3) * 0x9e3779b97f4a7c15ull >> 32) &
         (gc->nbucket - 1);
}

static void wait_link(RvGc *gc, u32 i) {
  u32 b = wait_hash(gc, gc->wait[i].key);
  gc->wait[i].next = gc->bucket[b];
  gc->bucket[b] = i + 1;
}

/* More buckets; without memory the chains get longer. */
static bool wait_rehash(RvGc *gc, u32 n) {
  u32 *p = rv_mem_realloc(gc->m, NULL, 0, n * sizeof *p);
  if (!p) return gc->nbucket > 0;
  rv_mem_free(gc->m, gc->bucket, gc->nbucket * sizeof *p);
  gc->bucket = p;
  gc->nbucket = n;
  memset(p, 0, n * sizeof *p);
  for (u32 i = 0; i < gc->nwait; i++) wait_link(gc, i);
  return true;
}

static bool wait_grow(RvGc *gc) {
  u32 n = gc->cwait ? gc->cwait * 2 : 64;
  RvWaiting *p = rv_mem_realloc(gc->m, gc->wait, gc->cwait * sizeof *p,
                              n * sizeof *p);
  if (!p) return false;
  gc->wait = p;
  gc->cwait = n;
  return true;
}

static void wait_for(RvGc *gc, RvHdr *key, u64 p, u8 t) {
  if ((gc->nwait == gc->cwait && !wait_grow(gc)) ||
      (gc->nwait >= gc->nbucket && !wait_rehash(gc, gc->cwait))) {
    gc->wait_lost = true;
    return;
  }
  gc->wait[gc->nwait] = (RvWaiting){.key = key, .p = p, .t = t};
  wait_link(gc, gc->nwait++);
}

/* The key has been reached: so are the values that waited for it. Marking only
   pushes, so the chain does not change under the walk. */
static void wake_waiting(RvGc *gc, const RvHdr *key) {
  for (u32 i = gc->bucket[wait_hash(gc, key)]; i; i = gc->wait[i - 1].next) {
    RvWaiting *w = &gc->wait[i - 1];
    if (w->key != key || w->t == RV_NIL) continue;
    u8 t = w->t;
    w->t = RV_NIL;
    mark_value(gc, w->p, t);
  }
}

/* -- Tables ---------------------------------------------------------------- */
/* Keys belong to the shape. A shared one has strings alone and is an object
   like others. A private one is looked at together with its table, because what
   its keys are worth depends on the values beside them: the key of a tombstone,
   and in a weak-key table any key, does not keep its object alive. */

int rv_mark_weak_mode(RvGc *gc, const RvTable *t) {
  if (gc->physical || !rv_table_meta(gc->m, t)) return 0;
  RvValue mode = rv_table_event(gc->m, t, RV_EV_MODE);
  if (mode.t != RV_STR) return 0;
  const RvString *s = RV_AS(RvString, mode);
  const char *p = rv_str_data(s);
  int r = 0;
  if (memchr(p, 'k', s->len)) r |= RV_WEAK_KEYS;
  if (memchr(p, 'v', s->len)) r |= RV_WEAK_VALUES;
  return r;
}

/* The table is to be cleared when marking is done. */
static void weak_push(RvGc *gc, RvTable *t) {
  RvMachine *m = gc->m;
  if (m->nweak == m->cweak && !rv_gc_list_grow(m, &m->weak, &m->cweak))
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
static void scan_shape(RvGc *gc, RvShape *s) {
  mark_shape_parts(s);
  mark_opt(gc, s->parent);
  if (gc->physical) mark_opt(gc, s->meta);
  const u8 *kt = rv_shape_tags(s);
  for (u32 i = 0; i < s->nkeys; i++)
    if (kt[i] != RV_KEY_DEAD) mark_value(gc, s->key[i], kt[i]);
}

static bool shape_is_weighed(const RvGc *gc, const RvShape *s) {
  return rv_shape_is_private(s) && !gc->physical;
}

static void mark_table_shape(RvGc *gc, RvShape *s) {
  if (!shape_is_weighed(gc, s)) {
    rv_mark_object(gc, &s->h);
    return;
  }
  if (!mark_memory(s, rv_round_size(sizeof *s), true)) return;
  gc->m->mark_bytes += RV_LSIZE_SHAPE;
  mark_shape_parts(s);
  s->h.gc |= RV_GC_BLACK;
}

static void scan_shared_fields(RvGc *gc, RvTable *t, int weak, u32 from,
                               u32 to) {
  const u8 *vt = (const u8 *)t->props;
  for (u32 i = from; i < to; i++)
    if (!(weak & RV_WEAK_VALUES) || vt[i] == RV_STR)
      mark_value(gc, t->props[-1 - (i64)i], vt[i]);
}

/* One entry of a weighed shape. Strings count as values, as keys and as values
   of weak tables. */
static void scan_entry(RvGc *gc, RvTable *t, RvShape *s, int weak, u32 i) {
  RvHdr *key = (RvHdr *)(uintptr_t)s->key[i];
  u8 kt = rv_shape_tags(s)[i], vt = ((const u8 *)t->props)[i];
  u64 v = t->props[-1 - (i64)i];
  if (kt == RV_KEY_DEAD) return;
  bool key_weak =
      rv_mark_removable(kt) && (vt == RV_NIL || (weak & RV_WEAK_KEYS));
  if (!key_weak) mark_value(gc, s->key[i], kt);
  if (!RV_IS_GC(vt)) return;
  if (weak & RV_WEAK_VALUES) {
    if (vt == RV_STR) mark_value(gc, v, vt);
  } else if (!key_weak || rv_gc_object_marked(key)) {
    mark_value(gc, v, vt);
  } else {
    wait_for(gc, key, v, vt);
  }
}

static void scan_fields(RvGc *gc, RvTable *t, RvShape *s, int weak, u32 from,
                        u32 to) {
  if (!shape_is_weighed(gc, s)) {
    scan_shared_fields(gc, t, weak, from, to);
    return;
  }
  for (u32 i = from; i < to; i++) scan_entry(gc, t, s, weak, i);
}

static void scan_array(RvGc *gc, RvTable *t, int weak, u32 from, u32 to) {
  const u8 *tags = rv_arr_tags(t);
  for (u32 i = from; i < to; i++)
    if (!(weak & RV_WEAK_VALUES) || tags[i] == RV_STR)
      mark_value(gc, t->arr[i], tags[i]);
}

/* The list remembers where a table goes on: its address and, above it, twice
   the position plus one. */
static bool push_rest(RvGc *gc, RvTable *t, u32 at) {
  RvMachine *m = gc->m;
  if (m->cgray - m->ngray < 2 && !gray_grow(gc)) return false;
  m->gray[m->ngray++] = &t->h;
  m->gray[m->ngray++] = (RvHdr *)((uintptr_t)at * 2 + 1);
  return true;
}

static u32 at_least(u32 a, u32 b) { return a > b ? a : b; }
static u32 at_most(u32 a, u32 b) { return a < b ? a : b; }

/* Elements are entries 0 .. n-1, fields follow. True at the end. */
static bool scan_entries(RvGc *gc, RvTable *t, RvShape *s, int weak, u32 from) {
  u32 n = rv_array_kind(t) == RV_ARR_MIXED ? t->acount : 0;
  u32 end = n + s->nkeys, stop = end;
  if (end - from > SCAN_CHUNK && push_rest(gc, t, from + SCAN_CHUNK))
    stop = from + SCAN_CHUNK;
  if (from < n) scan_array(gc, t, weak, from, at_most(stop, n));
  if (stop > n) scan_fields(gc, t, s, weak, at_least(from, n) - n, stop - n);
  return stop == end;
}

/* A table keeps its shape's metatable alive, the shape does not. */
static bool scan_table(RvGc *gc, RvTable *t, u32 from) {
  RvShape *s = rv_shape_of(gc->m, t);
  int weak = rv_mark_weak_mode(gc, t);
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

/* -- Scanning by type ------------------------------------------------------ */

static void scan_closure(RvGc *gc, RvClosure *c) {
  rv_mark_object(gc, &c->proto->h);
  for (u32 i = 0; i < c->proto->f->nup; i++) mark_opt(gc, c->up[i]);
}

static void scan_user(RvGc *gc, RvUser *u) {
  mark_opt(gc, u->meta);
  mark_value(gc, u->p, u->h.aux);
}

static void scan_proto(RvGc *gc, RvProto *p) {
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

static void scan_thread(RvGc *gc, RvThread *th) {
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
static bool scan_object(RvGc *gc, RvHdr *h, u32 from) {
  switch (h->type) {
  case RV_TABLE: return scan_table(gc, (RvTable *)h, from);
  case RV_CLOSURE: scan_closure(gc, (RvClosure *)h); break;
  case RV_CELL: mark_value(gc, ((RvCell *)h)->p, h->aux); break;
  case RV_PROTO: scan_proto(gc, (RvProto *)h); break;
  case RV_SHAPE: scan_shape(gc, (RvShape *)h); break;
  case RV_THREAD: scan_thread(gc, (RvThread *)h); break;
  case RV_USERDATA: scan_user(gc, (RvUser *)h); break;
  case RV_BUFFER: mark_part(((RvBuffer *)h)->data, ((RvBuffer *)h)->cap); break;
  case RV_NATIVE: break;
  case RV_STRBUF: mark_part(((RvStrBuf *)h)->data, ((RvStrBuf *)h)->cap); break;
  default: RV_UNREACHABLE();
  }
  return true;
}

static void scan_gray(RvGc *gc, RvHdr *h, u32 from) {
  if (scan_object(gc, h, from) && h->type != RV_THREAD) h->gc |= RV_GC_BLACK;
  if (gc->nbucket) wake_waiting(gc, h);
}

static void empty_gray(RvGc *gc) {
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

/* -- When lists had no room ------------------------------------------------ */

static void rescan(void *ctx, RvHdr *h) {
  if (h->type == RV_STR || (h->gc & RV_GC_BLACK)) return;
  scan_gray(ctx, h, 0);
  empty_gray(ctx);
}

/* The values of the weak-key entries whose keys are marked by now. */
static void rescan_weak(void *ctx, RvHdr *h) {
  RvTable *t = (RvTable *)h;
  if (h->type != RV_TABLE || rv_mark_weak_mode(ctx, t) != RV_WEAK_KEYS) return;
  scan_entries(ctx, t, rv_shape_of(((RvGc *)ctx)->m, t), RV_WEAK_KEYS, 0);
  empty_gray(ctx);
}

void rv_mark_drain(RvGc *gc) {
  RvMachine *m = gc->m;
  empty_gray(gc);
  for (u64 before = m->mark_bytes - 1; gc->gray_lost || gc->wait_lost;) {
    if (gc->gray_lost) {
      gc->gray_lost = false;
      rv_mark_visit(m, rescan, gc);
    } else if (before != m->mark_bytes) {
      before = m->mark_bytes;
      rv_mark_visit(m, rescan_weak, gc);
    } else {
      return;
    }
  }
}

/* -- Beginning and end ----------------------------------------------------- */

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

void rv_mark_open(RvGc *gc) {
  clear_marks(gc->m);
  gray_open(gc);
}

void rv_mark_close(RvGc *gc) {
  RvMachine *m = gc->m;
  rv_mem_free(m, gc->wait, gc->cwait * sizeof *gc->wait);
  rv_mem_free(m, gc->bucket, gc->nbucket * sizeof *gc->bucket);
  gray_close(gc);
  rv_gc_list_trim(m, &m->weak, &m->cweak);
}
