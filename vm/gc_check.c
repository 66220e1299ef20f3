/* SPDX-License-Identifier: MIT */
/* The heap validator: restates the invariants of heap and collector as asserts.

   It walks everything that a physical collection would keep, with a picture of
   its own of which granules are in use, and so finds what the collector would
   trip over later: an object whose size is not what was allocated, two things
   in one place, a reference to memory that was not handed out since the last
   marking and not marked by it, a black object that the barrier missed.

   Reached memory may be unmarked only where allocation has been since the last
   marking: behind the cursor, or in a large block. Right after a marking that
   is nowhere, so the same rule checks the marking itself. */
#include "vm/heap_impl.h"

#ifdef RV_CHECK
#include <stdlib.h>
#include <string.h>

#include "vm/array.h"
#include "vm/call.h"
#include "vm/dict.h"
#include "vm/hash.h"
#include "vm/str.h"
#include "vm/table.h"

/* Reached granules of one block. */
typedef struct Picture {
  u64 used[RV_BLOCK_WORDS];
  u64 start[RV_BLOCK_WORDS];
} Picture;

/* A piece of host memory: a block or a large object. */
typedef struct Place {
  uintptr_t at; /* 0: free entry */
  Picture *pic; /* blocks; NULL in spare ones */
  u32 ahead;    /* first granule the cursor has not come to */
  bool large, seen;
} Place;

typedef struct Check {
  RvMachine *m;
  Place *place; /* open addressing */
  u32 nplace;   /* power of two */
  Picture *pic;
  RvHdr **work;
  size_t nwork, cwork;
  bool full; /* out of memory: this check is void */
  u8 *owned; /* by shape id: a table has it */
  RvHdr *owner; /* whose references are being looked at; NULL: roots */
  bool black;
  u64 logical;
  u32 objects, fin, interned, protos;
} Check;

#define ADDR(p) ((unsigned long long)(uintptr_t)(p))

/* -- Places ---------------------------------------------------------------- */

static Place *find_place(const Check *c, const void *p) {
  uintptr_t at = (uintptr_t)p;
  u32 i = (u32)rv_mix64(at) & (c->nplace - 1);
  while (c->place[i].at && c->place[i].at != at) i = (i + 1) & (c->nplace - 1);
  return &c->place[i];
}

static Place *add_place(Check *c, const void *p) {
  Place *x = find_place(c, p);
  RV_ASSERT(!x->at, "block 0x%llx is listed twice", ADDR(p));
  x->at = (uintptr_t)p;
  return x;
}

static void check_bits(const RvBlock *b, bool spare) {
  for (u32 i = 0; i < RV_BLOCK_WORDS; i++) {
    RV_ASSERT(!(b->start[i] & ~b->mark[i]), "start without mark in 0x%llx",
              ADDR(b));
    RV_ASSERT(!spare || !b->mark[i], "marks in spare block 0x%llx", ADDR(b));
  }
}

/* The cursor comes to the blocks from its own on; those before it in the list
   are done, or were taken whole. */
static void add_blocks(Check *c) {
  RvMachine *m = c->m;
  u32 n = 0, spare = 0;
  bool ahead = false;
  for (RvBlock *b = m->blocks; b; b = b->next) {
    Place *x = add_place(c, b);
    x->pic = &c->pic[n++];
    x->ahead = ahead ? RV_BLOCK_FIRST : RV_BLOCK_GRANULES;
    if (b == m->cursor) ahead = true, x->ahead = m->cursor_granule;
    check_bits(b, false);
  }
  RV_ASSERT(ahead == (m->cursor != NULL), "the cursor is in no block");
  for (RvBlock *b = m->spare; b; b = b->next, spare++) {
    add_place(c, b);
    check_bits(b, true);
  }
  RV_ASSERT(n == m->nblocks && spare == m->nspare,
            "%u + %u blocks, counted %u + %u", m->nblocks, m->nspare, n, spare);
}

static void add_large(Check *c) {
  const RvMachine *m = c->m;
  RV_ASSERT(m->nlarge <= m->clarge, "%u of %u large", m->nlarge, m->clarge);
  for (u32 i = 0; i < m->nlarge; i++) {
    const RvLarge *l = m->large[i];
    add_place(c, l)->large = true;
    RV_ASSERT(l->index == i && l->size > RV_SMALL_MAX, "large %u: %u, %zu", i,
              l->index, l->size);
  }
}

static bool in_run(const u8 *p, const u8 *from, const u8 *to) {
  return p >= from && p < to;
}

static void check_run(const Check *c, const u8 *from, const u8 *to) {
  if (from == to) return;
  const Place *x = find_place(c, rv_block_of(from));
  RV_ASSERT(from < to && x->pic && rv_block_of(to - 1) == rv_block_of(from),
            "run 0x%llx .. 0x%llx", ADDR(from), ADDR(to));
  const RvBlock *b = rv_block_of(from);
  for (u32 g = rv_granule_of(from); g <= rv_granule_of(to - 1); g++)
    RV_ASSERT(!(b->mark[g >> 6] >> (g & 63) & 1), "a run over marked 0x%llx",
              ADDR(b) + g * RV_GRANULE);
}

static void check_runs(const Check *c) {
  const RvMachine *m = c->m;
  RV_ASSERT(m->bump_end == m->run_end || (m->stress && m->bump_end == m->bump),
            "bump_end is neither run_end nor hidden");
  check_run(c, m->bump, m->run_end);
  check_run(c, m->over_bump, m->over_end);
}

/* -- Claims: each reached piece of memory, once ---------------------------- */

static bool bit(const u64 *bits, u32 g) { return bits[g >> 6] >> (g & 63) & 1; }

static bool claim_large(Check *c, const void *p, size_t size) {
  Place *x = find_place(c, rv_large_of(p));
  RV_ASSERT(x->at && x->large, "0x%llx, %zu bytes, is no large block", ADDR(p),
            size);
  const RvLarge *l = rv_large_of(p);
  RV_ASSERT(size <= l->size, "0x%llx: %zu bytes in %zu", ADDR(p), size,
            l->size);
  RV_ASSERT(!c->black || l->mark, "black 0x%llx (type %u) has unmarked 0x%llx",
            ADDR(c->owner), c->owner->type, ADDR(p));
  bool first = !x->seen;
  x->seen = true;
  return first;
}

static void check_room(const Check *c, const Place *x, u32 g, u32 n) {
  const RvMachine *m = c->m;
  const u8 *p = (const u8 *)x->at + g * RV_GRANULE;
  RV_ASSERT(g >= RV_BLOCK_FIRST && g + n <= RV_BLOCK_GRANULES,
            "0x%llx, %u granules, leaves its block", ADDR(p), n);
  RV_ASSERT(!in_run(p, m->bump, m->run_end) &&
                !in_run(p, m->over_bump, m->over_end),
            "0x%llx lies in a free run (owner 0x%llx)", ADDR(p),
            ADDR(c->owner));
}

static void check_marks(const Check *c, const Place *x, u32 g, u32 n) {
  const RvBlock *b = (const RvBlock *)x->at;
  bool marked = bit(b->mark, g);
  unsigned long long p = ADDR(b) + g * RV_GRANULE;
  RV_ASSERT(!c->black || marked, "black 0x%llx (type %u) has unmarked 0x%llx",
            ADDR(c->owner), c->owner->type, p);
  RV_ASSERT(marked || g < x->ahead, "0x%llx is free (owner 0x%llx)", p,
            ADDR(c->owner));
  for (u32 i = g + 1; i < g + n; i++)
    RV_ASSERT(bit(b->mark, i) == marked,
              "0x%llx is marked in part, at %u of %u", p, i - g, n);
}

static bool claim_small(Check *c, const void *p, size_t size) {
  Place *x = find_place(c, rv_block_of(p));
  RV_ASSERT(x->at && x->pic, "0x%llx, %zu bytes, is in no block (owner 0x%llx)",
            ADDR(p), size, ADDR(c->owner));
  u32 g = rv_granule_of(p), n = (u32)(size / RV_GRANULE);
  check_room(c, x, g, n);
  check_marks(c, x, g, n);
  bool again = bit(x->pic->start, g);
  for (u32 i = g; i < g + n; i++) {
    RV_ASSERT(bit(x->pic->used, i) == again &&
                  (i == g || !bit(x->pic->start, i)),
              "0x%llx, %zu bytes, overlaps another", ADDR(p), size);
    x->pic->used[i >> 6] |= 1ull << (i & 63);
  }
  x->pic->start[g >> 6] |= 1ull << (g & 63);
  u32 end = g + n;
  RV_ASSERT(!again || end == RV_BLOCK_GRANULES || !bit(x->pic->used, end) ||
                bit(x->pic->start, end),
            "0x%llx has two sizes, one is %zu", ADDR(p), size);
  return !again;
}

/* Memory of an object or a part; true when it was not reached before. */
static bool claim(Check *c, const void *p, size_t size) {
  RV_ASSERT(p && size > 0 && (uintptr_t)p % RV_GRANULE == 0,
            "0x%llx, %zu bytes (owner 0x%llx)", ADDR(p), size, ADDR(c->owner));
  size = rv_round_size(size);
  return size > RV_SMALL_MAX ? claim_large(c, p, size)
                             : claim_small(c, p, size);
}

static void part(Check *c, const void *p, size_t size) {
  if (size > 0) claim(c, p, size);
}

/* -- References ------------------------------------------------------------ */

static bool is_object_type(u8 type) {
  return type >= RV_STR && type <= RV_STRBUF;
}

static void push_work(Check *c, RvHdr *h) {
  if (c->nwork == c->cwork) {
    size_t n = c->cwork ? c->cwork * 2 : 256;
    RvHdr **p = realloc(c->work, n * sizeof *p);
    if (!p) {
      c->full = true;
      return;
    }
    c->work = p;
    c->cwork = n;
  }
  c->work[c->nwork++] = h;
}

/* Reading the header of what is no object would tell nothing. */
static void check_address(const Check *c, const RvHdr *h) {
  const Place *x = find_place(c, rv_block_of(h));
  bool small = x->at && x->pic;
  RV_ASSERT((uintptr_t)h % RV_GRANULE == 0 &&
                (small || find_place(c, rv_large_of(h))->at),
            "0x%llx is in no block (owner 0x%llx, type %u)", ADDR(h),
            ADDR(c->owner), c->owner ? c->owner->type : 0);
}

static void object(Check *c, RvHdr *h, u64 type) {
  check_address(c, h);
  RV_ASSERT(h->type == type && is_object_type(h->type),
            "0x%llx has type %u, want %u (owner 0x%llx, type %u)", ADDR(h),
            h->type, (u32)type, ADDR(c->owner), c->owner ? c->owner->type : 0);
  if (claim(c, h, rv_gc_object_size(h))) push_work(c, h);
}

static void opt(Check *c, void *h, u64 type) {
  if (h) object(c, h, type);
}

static void value(Check *c, u64 p, u64 t) {
  if (RV_IS_GC(t)) {
    object(c, (RvHdr *)(uintptr_t)p, t);
    return;
  }
  RV_ASSERT(t <= RV_PTR, "tag %u in 0x%llx", (u32)t, ADDR(c->owner));
  RV_ASSERT((t != RV_NIL && t != RV_FALSE && t != RV_TRUE) || p == 0,
            "payload of tag %u in 0x%llx", (u32)t, ADDR(c->owner));
}

static void root(void *ctx, RvHdr *h) {
  Check *c = ctx;
  check_address(c, h);
  object(c, h, h->type);
}

/* -- By type --------------------------------------------------------------- */

static void check_string(Check *c, RvString *s) {
  RV_ASSERT(!(s->h.gc & RV_GC_BLACK), "a black string");
  const char *p = rv_str_data(s);
  if (s->h.flags & RV_STR_VIEW) {
    object(c, &s->buf->h, RV_STRBUF);
    RV_ASSERT(s->len <= s->buf->used, "a view of %u in %u", s->len,
              s->buf->used);
  } else {
    RV_ASSERT(p[s->len] == 0, "no NUL behind %u bytes", s->len);
  }
  if (s->h.flags & RV_STR_HASHED)
    RV_ASSERT(s->h.shape == rv_str_hash(p, s->len), "hash of '%.40s'", p);
  bool interned = s->h.flags & RV_STR_INTERNED;
  RV_ASSERT((s->h.flags & RV_STR_VIEW) || interned == (s->len <= RV_INTERN_MAX),
            "%u bytes, interned: %d", s->len, interned);
  if (!interned) return;
  c->interned++;
  RV_ASSERT((s->h.flags & RV_STR_HASHED) &&
                rv_str_intern(c->m, p, s->len, s->h.shape) == s,
            "'%s' is not found in the string table", p);
}

static void check_strbuf(Check *c, const RvStrBuf *b) {
  RV_ASSERT(b->used <= b->cap, "%u of %u bytes", b->used, b->cap);
  part(c, b->data, b->cap);
}

static void check_key(Check *c, RvShape *s, u32 i) {
  RvMachine *m = c->m;
  RvValue key = rv_value(s->key[i], rv_shape_tags(s)[i]);
  bool private = rv_shape_is_private(s);
  if (key.t == RV_KEY_DEAD) {
    RV_ASSERT(private, "a dead key in a shared shape");
    return;
  }
  RV_ASSERT(key.t != RV_NIL, "a nil key");
  value(c, key.p, key.t);
  i32 at = -1;
  if (private) {
    at = rv_dict_find(m, s, key);
    if (RV_IS_GC(key.t) && key.t != RV_STR)
      RV_ASSERT(s->h.flags & RV_SHAPE_OBJECTS,
                "an object as key is not flagged");
  } else {
    RvString *str = RV_AS(RvString, key);
    RV_ASSERT(key.t == RV_STR && (str->h.flags & RV_STR_INTERNED),
              "a shared shape has a key of tag %u", (u32)key.t);
    at = rv_shape_find_str(m, s, str);
  }
  RV_ASSERT(at == (i32)i, "key %u of shape %u is found at %d", i, s->h.shape,
            at);
}

static void check_shape(Check *c, RvShape *s) {
  RvMachine *m = c->m;
  part(c, s->key, rv_shape_key_bytes(s));
  part(c, s->index, rv_shape_index_bytes(s));
  opt(c, s->parent, RV_SHAPE);
  opt(c, s->meta, RV_TABLE);
  u32 id = s->h.shape;
  if (id == 0) { /* being made */
    RV_ASSERT(s->nkeys == 0 || !rv_shape_is_private(s), "keys before the id");
    return;
  }
  RV_ASSERT(id < m->nshapes && m->shapes[id] == s, "shape %u is not listed",
            id);
  RV_ASSERT(s->nkeys <= s->cap, "shape %u: %u keys of %u", id, s->nkeys,
            s->cap);
  RV_ASSERT(!s->parent || (!rv_shape_is_private(s) &&
                           !rv_shape_is_private(s->parent) &&
                           s->parent->nkeys <= s->nkeys),
            "shape %u: parent %u", id, s->parent->h.shape);
  if (s->meta && s->meta->h.shape) {
    const RvShape *of = rv_shape_of(m, s->meta);
    RV_ASSERT(rv_shape_is_private(of) && (of->h.flags & RV_SHAPE_META),
              "shape %u: its metatable has a shape with flags %x", id,
              of->h.flags);
  }
  for (u32 i = 0; i < s->nkeys; i++) check_key(c, s, i);
}

static u32 count_nils(const RvTable *t) {
  u32 n = 0;
  for (u32 i = 0; i < t->acount; i++) n += rv_arr_tags(t)[i] == RV_NIL;
  return n;
}

static void check_array(Check *c, RvTable *t) {
  u32 kind = rv_array_kind(t);
  part(c, t->arr, rv_table_arr_bytes(t));
  RV_ASSERT(t->acount <= t->asize, "%u of %u elements", t->acount, t->asize);
  RV_ASSERT(kind != RV_ARR_EMPTY || t->acount == 0,
            "%u elements in an empty part", t->acount);
  bool holes = t->h.flags & RV_TAB_HOLES;
  if (kind != RV_ARR_MIXED) {
    RV_ASSERT(!holes, "holes in kind %u", kind);
    return;
  }
  u32 nils = count_nils(t);
  RV_ASSERT(holes ? nils > 0 && nils == rv_array_holes(t)->count : nils == 0,
            "%u nils, flag %d", nils, holes);
  RV_ASSERT(t->acount == 0 || rv_arr_tags(t)[t->acount - 1] != RV_NIL,
            "the last of %u elements is nil", t->acount);
  for (u32 i = 0; holes && i < rv_array_holes(t)->first && i < t->acount; i++)
    RV_ASSERT(rv_arr_tags(t)[i] == RV_NIL, "element %u below the first", i);
  for (u32 i = 0; i < t->acount; i++) value(c, t->arr[i], rv_arr_tags(t)[i]);
}

static void check_dictionary(Check *c, const RvTable *t, RvShape *s) {
  u32 id = s->h.shape, posints = 0;
  RV_ASSERT(!c->owned[id], "shape %u has two tables", id);
  c->owned[id] = 1;
  for (u32 i = 0; i < s->nkeys; i++) {
    u8 kt = rv_shape_tags(s)[i], vt = ((const u8 *)t->props)[i];
    posints += vt != RV_NIL && kt == RV_INT && (i64)s->key[i] > 0;
    RV_ASSERT(vt == RV_NIL || kt != RV_KEY_DEAD, "a dead key with a value");
    RV_ASSERT(vt == RV_NIL || i >= s->first, "entry %u below the first, %u", i,
              s->first);
  }
  RV_ASSERT(posints == s->posints, "%u positive integers, not %u", posints,
            s->posints);
}

static void check_fields(Check *c, RvTable *t) {
  RvMachine *m = c->m;
  u32 id = t->h.shape;
  RV_ASSERT(id > 0 && id < m->nshapes && m->shapes[id], "shape id %u", id);
  RvShape *s = rv_shape_of(m, t);
  object(c, &s->h, RV_SHAPE);
  RV_ASSERT(s->h.shape == id, "a table with the given-up shape id %u", id);
  bool inside = rv_table_props_inline(t);
  size_t cap = rv_table_props_cap(m, t);
  if (cap > 0) part(c, (u8 *)t->props - 8 * cap, 9 * cap);
  u32 room = inside ? rv_table_inline_cap(t) : (u32)cap;
  RV_ASSERT(s->nkeys <= room, "%u fields, room for %u", s->nkeys, room);
  if (!rv_shape_is_private(s))
    RV_ASSERT(t->h.aux <= room, "aux %u, room for %u", t->h.aux, room);
  else
    check_dictionary(c, t, s);
  for (u32 i = 0; i < s->nkeys; i++) {
    RvValue v = rv_props_get(t, i);
    value(c, v.p, v.t);
  }
}

static void check_closure(Check *c, RvClosure *cl) {
  object(c, &cl->proto->h, RV_PROTO);
  for (u32 i = 0; i < cl->proto->f->nup; i++) opt(c, cl->up[i], RV_CELL);
}

static bool is_in_use(const RvMachine *m, const RvImageUse *use) {
  const RvImageUse *u = m->images;
  while (u && u != use) u = u->next;
  return u != NULL;
}

static void check_proto(Check *c, RvProto *p) {
  u32 nk = p->f->nk, n = p->f->nchildren;
  c->protos++;
  /* Unit tests make functions without an image. */
  RV_ASSERT(!p->use->img || is_in_use(c->m, p->use),
            "a function of an image that is not in use");
  if (p->k) {
    part(c, (u8 *)p->k - 8 * (size_t)nk, 9 * (size_t)nk);
    for (u32 i = 0; i < nk; i++)
      value(c, p->k[-1 - (i64)i], ((const u8 *)p->k)[i]);
  }
  if (p->children) part(c, p->children, n * sizeof *p->children);
  for (u32 i = 0; p->children && i < n; i++) opt(c, p->children[i], RV_PROTO);
}

static void check_slots(void *ctx, const RvThread *th, u32 from, u32 to) {
  RV_ASSERT(to <= th->nslots, "slots up to %u of %u", to, th->nslots);
  for (u32 i = from; i < to; i++) value(ctx, th->pay[i], th->tag[i]);
}

static void check_frame(Check *c, RvThread *th, u32 i) {
  const RvFrame *fr = &th->frames[i];
  RV_ASSERT(fr->base <= th->nslots && fr->top <= th->nslots,
            "frame %u: base %u, top %u of %u", i, fr->base, fr->top,
            th->nslots);
  if (fr->kind == RV_FRAME_NATIVE) {
    object(c, fr->fn, RV_NATIVE);
  } else if (fr->kind > RV_FRAME_NATIVE) {
    RV_ASSERT(!fr->fn, "frame %u: a marker with a function", i);
  } else {
    object(c, fr->fn, RV_CLOSURE);
    const RvProto *p = ((const RvClosure *)fr->fn)->proto;
    RV_ASSERT(fr->base >= fr->nextra && fr->base + p->nregs <= th->nslots &&
                  fr->pc <= p->f->ncode,
              "frame %u: base %u, %u further, %u registers, pc %u", i, fr->base,
              fr->nextra, p->nregs, fr->pc);
  }
  rv_gc_frame_slots(th, i, check_slots, c);
}

static void check_thread(Check *c, RvThread *th) {
  RV_ASSERT(!(th->h.gc & RV_GC_BLACK), "a black thread");
  part(c, th->pay, RV_STACK_BYTES(th->nslots));
  RV_ASSERT(!th->nslots || th->tag == (u8 *)(th->pay + th->nslots), "tags");
  part(c, th->frames, th->nframes * sizeof *th->frames);
  part(c, th->tbc, th->ctbc * sizeof *th->tbc);
  opt(c, th->resumer, RV_THREAD);
  value(c, th->err.p, th->err.t);
  RV_ASSERT(th->ntbc <= th->ctbc && th->status <= RV_TH_DEAD, "%u of %u marks",
            th->ntbc, th->ctbc);
  for (u32 i = 0; i < th->ntbc; i++) value(c, th->tbc[i].p, th->tbc[i].t);
  if (!th->started && th->status == RV_TH_SUSPENDED) check_slots(c, th, 0, 1);
  RV_ASSERT(th->fi == 0 || th->fi < th->nframes, "frame %u of %u", th->fi,
            th->nframes);
  for (u32 i = 0; th->frames && i <= th->fi; i++) check_frame(c, th, i);
}

static void check_buffer(Check *c, const RvBuffer *b) {
  RV_ASSERT(b->len <= b->cap, "%llu of %llu bytes", (unsigned long long)b->len,
            (unsigned long long)b->cap);
  part(c, b->data, b->cap);
}

static void check_header(Check *c, RvHdr *h) {
  RvMachine *m = c->m;
  RV_ASSERT(!(h->gc & ~(RV_GC_BLACK | RV_GC_FIN | RV_GC_SERIAL)), "bits %x",
            h->gc);
  RV_ASSERT(!c->black || rv_gc_object_marked(h), "black 0x%llx is not marked",
            ADDR(h));
  if (h->gc & RV_GC_FIN) c->fin++;
  if (!(h->gc & RV_GC_SERIAL)) return;
  u64 n = rv_serial_get(m, h);
  RV_ASSERT(n > 0 && n <= m->next_serial, "serial number %llu of %llu",
            (unsigned long long)n, (unsigned long long)m->next_serial);
}

static void check_object(Check *c, RvHdr *h) {
  c->owner = h;
  c->black = h->gc & RV_GC_BLACK;
  c->objects++;
  check_header(c, h);
  switch (h->type) {
  case RV_STR: check_string(c, (RvString *)h); break;
  case RV_STRBUF: check_strbuf(c, (RvStrBuf *)h); break;
  case RV_TABLE:
    check_fields(c, (RvTable *)h);
    check_array(c, (RvTable *)h);
    break;
  case RV_SHAPE: check_shape(c, (RvShape *)h); break;
  case RV_CLOSURE: check_closure(c, (RvClosure *)h); break;
  case RV_CELL: value(c, ((RvCell *)h)->p, h->aux); break;
  case RV_PROTO: check_proto(c, (RvProto *)h); break;
  case RV_THREAD: check_thread(c, (RvThread *)h); break;
  case RV_USERDATA:
    opt(c, ((RvUser *)h)->meta, RV_TABLE);
    value(c, ((RvUser *)h)->p, h->aux);
    break;
  case RV_BUFFER: check_buffer(c, (RvBuffer *)h); break;
  default: break;
  }
  c->logical += rv_gc_logical_size(c->m, h);
}

/* -- Lists of the machine -------------------------------------------------- */

static void check_strtab(const Check *c) {
  const RvStrTab *t = &c->m->strtab;
  u32 n = 0;
  for (u32 i = 0; i < t->size; i++) n += t->slot[i] != NULL;
  RV_ASSERT(n == t->used && n == c->interned,
            "%u interned strings, %u counted, %u reached", t->used, n,
            c->interned);
}

static bool is_reached(const Check *c, const RvHdr *h) {
  const Place *x = find_place(c, rv_block_of(h));
  if (x->at && x->pic) return bit(x->pic->start, rv_granule_of(h));
  x = find_place(c, rv_large_of(h));
  return x->at && x->seen;
}

static void check_protos(const Check *c) {
  const RvMachine *m = c->m;
  u32 n = 0;
  for (u32 i = 0; i < m->cprotos; i++)
    n += m->protos[i] && is_reached(c, &m->protos[i]->h);
  RV_ASSERT(n == c->protos, "%u functions reached, %u of them listed",
            c->protos, n);
}

static void check_lists(const Check *c) {
  const RvMachine *m = c->m;
  check_strtab(c);
  check_protos(c);
  RV_ASSERT(m->nfin == c->fin && m->nfin + m->ntofin <= m->ctofin,
            "%u objects with finalizers, %u flagged; %u due, room for %u",
            m->nfin, c->fin, m->ntofin, m->ctofin);
  RV_ASSERT(m->nserials * 2 <= m->cserials, "%u serials of %u", m->nserials,
            m->cserials);
  for (u32 i = 0; i < m->nremembered; i++)
    RV_ASSERT(!(m->remembered[i]->gc & RV_GC_BLACK), "remembered and black");
  RV_ASSERT(m->gc_left <= m->gc_budget && m->nroots <= 64, "ledger or roots");
}

/* -- The walk -------------------------------------------------------------- */

static bool check_open(Check *c, RvMachine *m) {
  *c = (Check){.m = m, .nplace = 64};
  while (c->nplace < (m->nblocks + m->nspare + m->nlarge) * 2) c->nplace *= 2;
  c->place = calloc(c->nplace, sizeof *c->place);
  c->pic = calloc(m->nblocks + 1, sizeof *c->pic);
  c->owned = calloc(m->nshapes + 1, 1);
  return c->place && c->pic && c->owned;
}

static void check_close(Check *c) {
  free(c->place);
  free(c->pic);
  free(c->owned);
  free(c->work);
}

static void walk(Check *c) {
  add_blocks(c);
  add_large(c);
  check_runs(c);
  rv_gc_roots(c->m, true, root, c);
  while (c->nwork > 0 && !c->full) check_object(c, c->work[--c->nwork]);
}

/* Nothing may be allocated by what is called here. */
static bool check_begin(Check *c, RvMachine *m) {
  if (m->gc_running || !m->main) return false;
  m->gc_running = true;
  if (!check_open(c, m)) c->full = true;
  else walk(c);
  m->gc_running = false;
  return !c->full;
}

void rv_gc_check(RvMachine *m) {
  Check c = {0};
  if (check_begin(&c, m)) check_lists(&c);
  check_close(&c);
}

static u32 count_marked(const RvMachine *m) {
  u32 n = 0;
  for (const RvBlock *b = m->blocks; b; b = b->next)
    for (u32 i = 0; i < RV_BLOCK_WORDS; i++)
      n += (u32)__builtin_popcountll(b->start[i]);
  for (u32 i = 0; i < m->nlarge; i++)
    n += m->large[i]->mark && m->large[i]->object;
  return n;
}

void rv_gc_check_ledger(RvMachine *m) {
  Check c = {0};
  if (check_begin(&c, m)) {
    check_lists(&c);
    RV_ASSERT(c.objects == count_marked(m), "%u objects reached, %u marked",
              c.objects, count_marked(m));
    c.logical += m->charging;
    RV_ASSERT(c.logical == m->guest_live, "%llu logical bytes, ledger %llu",
              (unsigned long long)c.logical, (unsigned long long)m->guest_live);
  }
  check_close(&c);
}

#else
void rv_gc_check(RvMachine *m) { (void)m; }
void rv_gc_check_ledger(RvMachine *m) { (void)m; }
#endif
