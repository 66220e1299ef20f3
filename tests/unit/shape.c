/* SPDX-License-Identifier: MIT */
/* vm/shape, vm/table_cache, vm/feedback: which shape a table has, what a
   collection leaves of shapes, and cached accesses against plain lookups. */
#include "tests/tap.h"

#include "vm/call.h"
#include "vm/feedback.h"
#include "vm/table.h"

static RvMachine *m;

/* Builds that collect at every allocation do less of everything. */
#ifdef RV_STRESS
#define SOME(n, few) (few)
#else
#define SOME(n, few) (n)
#endif

static u64 random_state = 88172645463325252ull;
static u32 below(u32 n) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (u32)(random_state >> 20) % n;
}

static RvTable *rooted_table(void) {
  RvTable *t = rv_table_new(m, 0, 0);
  if (!t) bail_out("no memory");
  rv_root_push(m, rv_obj(t, RV_TABLE));
  return t;
}

/* With inline room, so that adding fields can be fast. */
static RvTable *roomy_table(void) {
  RvTable *t = rv_table_new(m, 0, 4);
  if (!t) bail_out("no memory");
  rv_root_push(m, rv_obj(t, RV_TABLE));
  return t;
}

static RvString *name(const char *fmt, ...) {
  char buf[100];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(buf, sizeof buf, fmt, ap);
  va_end(ap);
  return rv_str_newz(m, buf);
}

/* Stores with the key anchored, as callers must. */
static void put(RvTable *t, RvString *k, RvValue v) {
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_strv(k));
  if (rv_table_set_str(m, t, k, v)) bail_out("no memory");
  rv_root_close(m, mark);
}

static void set(RvTable *t, const char *k, RvValue v) {
  u32 mark = rv_root_open(m);
  rv_root_push(m, v);
  put(t, name("%s", k), v);
  rv_root_close(m, mark);
}

static RvValue get(const RvTable *t, const char *k) {
  return rv_table_get_str(m, t, name("%s", k));
}

static bool is_private(const RvTable *t) {
  return rv_shape_is_private(rv_shape_of(m, t));
}

/* -- A function with caches, as the loop would use them -------------------- */

#define SITES 64
static RvFunc funcs[64]; /* one function is one proto */
static u32 nfuncs;
static RvImageUse use;

static RvProto *new_proto(bool vector) {
  RvFunc *func;
  RvProto *p = rv_heap_new(m, sizeof *p, 0, RV_PROTO);
  RvHdr h = p->h;
  memset(p, 0, sizeof *p);
  p->h = h;
  func = &funcs[nfuncs++ % 64];
  func->ncaches = SITES;
  p->f = func;
  p->use = &use;
  p->fb = (RvCache *)rv_no_feedback;
  rv_root_push(m, rv_obj(p, RV_PROTO));
  if (!rv_proto_list(m, p)) bail_out("no memory");
  if (vector) rv_feedback_make(m, p);
  return p;
}

static u32 hits; /* accesses that the fast half served */

static RvValue slot_of(const RvTable *t, u32 slot) {
  return rv_value(t->props[-1 - (i64)slot], ((u8 *)t->props)[slot]);
}

static bool site_get(RvProto *p, u32 site, RvTable *t, RvString *key,
                     RvValue *v) {
  RvCache *c = &p->fb[site];
  RvTable *holder;
  if (c->shape == t->h.shape) {
    const RvTable *at = c->kind == RV_CACHE_METHOD ? c->u.holder : t;
    *v = slot_of(at, c->slot);
    hits++;
    if (v->t != RV_NIL) return true;
    hits--;
  }
  return rv_cache_get(m, p, c, t, key, v, &holder);
}

static bool site_set(RvProto *p, u32 site, RvTable *t, RvString *key,
                     RvValue val) {
  RvCache *c = &p->fb[site];
  bool done;
  RvValue v;
  if (c->shape == t->h.shape) {
    hits++;
    if (c->kind == RV_CACHE_ADD) {
      if (rv_table_add_fast(m, t, c->slot, c->u.next_shape, val.p, (u8)val.t))
        return true;
    } else if (slot_of(t, c->slot).t != RV_NIL) {
      t->props[-1 - (i64)c->slot] = val.p;
      ((u8 *)t->props)[c->slot] = (u8)val.t;
      rv_barrier(m, t, val.t);
      return true;
    }
    hits--;
  }
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_strv(key));
  if (rv_cache_set(m, p, c, t, key, val, &done, &v)) bail_out("no memory");
  rv_root_close(m, mark);
  return done;
}

/* The same by plain lookups. */
static RvValue raw(const RvTable *t, RvString *key) {
  return rv_table_get_str(m, t, key);
}

static bool plain_get(const RvTable *t, RvString *key, RvValue *v) {
  for (;;) {
    *v = raw(t, key);
    if (v->t != RV_NIL) return true;
    RvTable *meta = rv_table_meta(m, t);
    *v = meta ? raw(meta, m->names[RV_EV_INDEX]) : rv_nil();
    if (v->t == RV_NIL) return true;
    if (v->t != RV_TABLE) return false;
    t = RV_AS(RvTable, *v);
  }
}

/* -- Shared shapes --------------------------------------------------------- */

static void test_sharing(void) {
  u32 mark = rv_root_open(m);
  RvTable *a = rooted_table(), *b = rooted_table();
  set(a, "x", rv_int(1));
  set(a, "y", rv_int(2));
  set(b, "x", rv_int(3));
  ok(a->h.shape != b->h.shape, "other keys, other shape");
  set(b, "y", rv_int(4));
  ok(a->h.shape == b->h.shape, "the same history, the same shape");
  ok(get(a, "y").p == 2 && get(b, "x").p == 3, "values are their own");
  u32 id = a->h.shape;
  set(a, "x", rv_nil());
  ok(a->h.shape == id && get(a, "x").t == RV_NIL, "nil keeps the shape");
  RvTable *mt = rooted_table(), *mu = rooted_table();
  rv_table_set_meta(m, a, mt);
  ok(a->h.shape != id && rv_table_meta(m, a) == mt && get(a, "y").p == 2,
     "a metatable changes it");
  u32 with = a->h.shape;
  rv_table_set_meta(m, b, mt);
  ok(b->h.shape == with, "to the same for both");
  u32 n = m->nshapes;
  for (int i = 0; i < 100; i++) {
    rv_table_set_meta(m, a, mu);
    rv_table_set_meta(m, a, mt);
  }
  ok(a->h.shape == with && m->nshapes <= n + 2,
     "changing metatables to and fro makes no chain of shapes");
  rv_table_set_meta(m, a, NULL);
  ok(a->h.shape == id, "taking it away leads back");
  ok(is_private(mt) && !is_private(a), "a metatable is private");
  RvTable *own = rooted_table();
  set(own, "z", rv_int(9));
  rv_table_set_meta(m, own, own);
  ok(rv_table_meta(m, own) == own && get(own, "z").p == 9,
     "a table may be its own metatable");
  rv_root_close(m, mark);
}

static void test_leaving(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = rooted_table();
  RvProto *p = new_proto(true);
  u32 i = 0;
  for (; !is_private(t) && i < 100; i++)
    site_set(p, i % SITES, t, name("leave%u", i), rv_int((i64)i));
  is_int(i, 65, "the 65th field leaves shared shapes");
  t = rooted_table();
  for (i = 0; !is_private(t) && i < 100; i++)
    put(t, name("dyn%u", i), rv_int((i64)i));
  is_int(i, 17, "so does the 17th dynamic one");
  t = rooted_table();
  rv_table_set(m, t, rv_bool(true), rv_int(1));
  ok(is_private(t), "so does a key that is no short string");
  RvTable *keep = rooted_table();
  for (i = 0; i < 200; i++) {
    t = rooted_table();
    rv_table_set_int(m, keep, (i64)i + 1, rv_obj(t, RV_TABLE));
    set(t, "fan", rv_int(1));
    put(t, name("out%u", i), rv_int(1));
    m->nroots--;
    if (is_private(t)) break;
  }
  is_int(i, 128, "so does the 129th different continuation");
  rv_root_close(m, mark);
  rv_gc_full(m);
  mark = rv_root_open(m);
  t = rooted_table();
  set(t, "fan", rv_int(1));
  set(t, "outside", rv_int(1));
  ok(!is_private(t), "the dead do not count");
  rv_root_close(m, mark);
}

/* -- Collections ----------------------------------------------------------- */

static u32 count_shapes(void) {
  u32 n = 0;
  for (u32 i = 1; i < m->nshapes; i++) n += m->shapes[i] != NULL;
  return n;
}

static void test_sweep(void) {
  rv_gc_full(m);
  u32 before = count_shapes(), mark = rv_root_open(m);
  RvTable *keep = rooted_table();
  for (u32 i = 0; i < 100; i++) {
    u32 inner = rv_root_open(m);
    RvTable *t = rooted_table();
    for (u32 k = 0; k < 10; k++)
      put(t, name("s%u.%u", i, k), rv_int((i64)k));
    if (i % 10 == 0)
      rv_table_set_int(m, keep, (i64)i / 10 + 1, rv_obj(t, RV_TABLE));
    rv_root_close(m, inner);
  }
  u32 full = count_shapes();
  rv_gc_full(m);
  ok(full >= before + 1000 && count_shapes() == before + 100,
     "shapes die with their tables, not with their children");
  bool good = true;
  for (i64 i = 0; i < 10; i++) {
    RvTable *t = RV_AS(RvTable, rv_table_get_int(m, keep, i + 1));
    for (u32 k = 0; k < 10; k++)
      good &= raw(t, name("s%u.%u", (u32)i * 10, k)).p == k;
  }
  ok(good, "the living are whole");
  RvTable *t = RV_AS(RvTable, rv_table_get_int(m, keep, 3));
  RvTable *u = rooted_table();
  for (u32 k = 0; k < 10; k++)
    put(u, name("s20.%u", k), rv_int(1));
  ok(u->h.shape == t->h.shape, "and found again by transitions");
  rv_root_close(m, mark);
  rv_gc_full(m);
  is_int(count_shapes(), before, "nothing stays");
}

/* An object that has changed its class does not keep the old one alive, though
   its shape has the old one's as parent. */
static void test_class_dies(void) {
  u32 mark = rv_root_open(m);
  RvTable *o = rooted_table(), *b = rooted_table();
  RvTable *weak = rooted_table(), *mode = rooted_table();
  set(mode, "__mode", rv_strv(name("v")));
  rv_table_set_meta(m, weak, mode);
  u32 inner = rv_root_open(m);
  RvTable *a = rooted_table();
  set(weak, "a", rv_obj(a, RV_TABLE));
  rv_table_set_meta(m, o, a);
  set(o, "x", rv_int(1));
  rv_table_set_meta(m, o, b);
  rv_root_close(m, inner);
  rv_gc_full(m);
  ok(get(weak, "a").t == RV_NIL, "a class left behind dies");
  for (u32 i = 0; i < 100; i++) {
    rv_table_set_meta(m, o, rooted_table());
    m->nroots--;
  }
  rv_table_set_meta(m, o, NULL);
  ok(!rv_table_meta(m, o) && get(o, "x").p == 1, "and leaves a sound shape");
  rv_root_close(m, mark);
}

/* -- Caches ---------------------------------------------------------------- */

static void test_states(void) {
  u32 mark = rv_root_open(m);
  RvProto *p = new_proto(true);
  RvString *x = name("x");
  rv_root_push(m, rv_strv(x));
  RvValue v;
  RvTable *t[8];
  for (u32 i = 0; i < 8; i++) {
    t[i] = rooted_table();
    for (u32 k = 0; k < i; k++)
      put(t[i], name("p%u", k), rv_int(1));
    set(t[i], "x", rv_int((i64)i));
  }
  bool good = site_get(p, 0, t[0], x, &v) && v.p == 0;
  hits = 0;
  good &= site_get(p, 0, t[0], x, &v) && v.p == 0;
  ok(good && hits == 1 && p->fb[0].kind == RV_CACHE_OWN, "one shape");
  for (u32 i = 0; i < 4; i++)
    good &= site_get(p, 0, t[i], x, &v) && v.p == i;
  ok(good && p->fb[0].kind == RV_CACHE_POLY && p->fb[0].u.poly->n == 4,
     "up to four shapes");
  for (u32 i = 0; i < 8; i++)
    good &= site_get(p, 0, t[i], x, &v) && v.p == i;
  ok(good && p->fb[0].kind == RV_CACHE_MEGA && p->fb[0].shape == 0,
     "more of them");
  for (u32 i = 0; i < 8; i++)
    good &= site_get(p, 0, t[i], x, &v) && v.p == i;
  ok(good, "and still the right values");

  hits = 0;
  for (u32 i = 0; i < 100; i++) {
    RvTable *o = roomy_table();
    site_set(p, 1, o, name("first"), rv_int(1));
    site_set(p, 2, o, name("second"), rv_int(2));
    good &= get(o, "first").p == 1 && get(o, "second").p == 2;
    m->nroots--;
  }
  ok(good && p->fb[1].kind == RV_CACHE_ADD && hits == 198,
     "adding fields is cached");
  rv_gc_full(m);
  ok(p->fb[1].kind == RV_CACHE_NONE, "a dead shape leaves the caches");
  ok(p->fb[0].kind == RV_CACHE_MEGA, "a mega cache stays so");
  rv_root_close(m, mark);
}

static RvTable *new_class(RvTable *base) {
  RvTable *c = rooted_table();
  set(c, "__index", rv_obj(c, RV_TABLE));
  if (base) rv_table_set_meta(m, c, base);
  return c;
}

static void test_methods(void) {
  u32 mark = rv_root_open(m);
  RvProto *p = new_proto(true);
  RvString *f = name("method");
  rv_root_push(m, rv_strv(f));
  RvTable *base = new_class(NULL), *mid = new_class(base);
  RvTable *o = rooted_table(), *q = rooted_table();
  set(base, "method", rv_int(1));
  rv_table_set_meta(m, o, mid);
  rv_table_set_meta(m, q, mid);
  RvValue v;
  bool good = site_get(p, 0, o, f, &v) && v.p == 1;
  hits = 0;
  good &= site_get(p, 0, q, f, &v) && v.p == 1;
  ok(good && hits == 1 && p->fb[0].kind == RV_CACHE_METHOD,
     "a method is cached for all objects of the shape");
  set(base, "method", rv_int(2));
  ok(site_get(p, 0, o, f, &v) && v.p == 2 && hits == 2,
     "another value shows at once");
  set(mid, "method", rv_int(3));
  ok(site_get(p, 0, o, f, &v) && v.p == 3, "a table between may get the key");
  set(mid, "method", rv_nil());
  ok(site_get(p, 0, o, f, &v) && v.p == 2, "and lose it");
  ok(site_get(p, 0, o, f, &v) && v.p == 2 &&
         p->fb[0].kind == RV_CACHE_METHOD,
     "this is cached again");
  set(mid, "method", rv_int(4));
  ok(site_get(p, 0, o, f, &v) && v.p == 4, "and get it again in its old place");
  set(mid, "method", rv_nil());
  site_get(p, 0, o, f, &v);
  RvTable *other = new_class(NULL);
  set(other, "method", rv_int(5));
  set(mid, "__index", rv_obj(other, RV_TABLE));
  ok(site_get(p, 0, o, f, &v) && v.p == 5, "__index may change");
  ok(is_private(other), "and makes its table private");
  set(mid, "__index", rv_obj(mid, RV_TABLE));
  site_get(p, 0, o, f, &v);
  rv_table_set_meta(m, mid, other);
  ok(site_get(p, 0, o, f, &v) && v.p == 5, "so may a metatable between");
  set(o, "method", rv_int(6));
  ok(site_get(p, 0, o, f, &v) && v.p == 6 && site_get(p, 0, q, f, &v) &&
         v.p == 5,
     "an object may have its own");
  set(o, "method", rv_nil());
  good = site_get(p, 0, o, f, &v) && v.p == 5;
  set(o, "method", rv_int(7));
  ok(good && site_get(p, 0, o, f, &v) && v.p == 7,
     "lose it, and have it again in its old place");
  u64 flushes = m->flushes;
  RvTable *junk = rooted_table();
  set(junk, "unrelated", rv_int(1));
  set(q, "unrelated", rv_int(1));
  ok(m->flushes == flushes, "what is in no chain flushes nothing");
  rv_root_close(m, mark);
}

static void test_newindex(void) {
  u32 mark = rv_root_open(m);
  RvProto *p = new_proto(true);
  RvString *k = name("field");
  rv_root_push(m, rv_strv(k));
  RvTable *meta = rooted_table();
  set(meta, "unrelated", rv_int(1));
  for (u32 i = 0; i < 3; i++) {
    RvTable *o = roomy_table();
    rv_table_set_meta(m, o, meta);
    site_set(p, 0, o, k, rv_int(1));
  }
  ok(p->fb[0].kind == RV_CACHE_ADD, "adding to an object of a class is cached");
  set(meta, "__newindex", rv_bool(true));
  RvTable *o = roomy_table();
  rv_table_set_meta(m, o, meta);
  ok(!site_set(p, 0, o, k, rv_int(1)) && get(o, "field").t == RV_NIL,
     "until there is a __newindex");
  set(meta, "__newindex", rv_nil());
  ok(site_set(p, 0, o, k, rv_int(1)) && get(o, "field").p == 1,
     "and again without it");
  set(meta, "__newindex", rv_bool(true));
  ok(site_set(p, 0, o, k, rv_nil()) && get(o, "field").t == RV_NIL &&
         !site_set(p, 0, o, k, rv_int(2)),
     "a field set to nil is absent to __newindex");
  rv_root_close(m, mark);
}

/* Caches from the time before a table was a metatable must not serve stores of
   events. */
static void test_late_meta(void) {
  u32 mark = rv_root_open(m);
  RvProto *p = new_proto(true);
  RvString *f = name("method"), *index = m->names[RV_EV_INDEX];
  rv_root_push(m, rv_strv(f));
  RvTable *late = rooted_table(), *o = rooted_table();
  RvTable *a = rooted_table(), *b = rooted_table();
  set(a, "method", rv_int(1));
  set(b, "method", rv_int(2));
  rv_table_set(m, late, rv_bool(true), rv_int(1));
  for (int i = 0; i < 3; i++)
    site_set(p, 1, late, index, rv_obj(a, RV_TABLE));
  rv_table_set_meta(m, o, late);
  RvValue v;
  site_get(p, 0, o, f, &v);
  ok(site_get(p, 0, o, f, &v) && v.p == 1, "a method of the first table");
  site_set(p, 1, late, index, rv_obj(b, RV_TABLE));
  ok(site_get(p, 0, o, f, &v) && v.p == 2, "a method of the second");
  RvString *tostring = m->names[RV_EV_TOSTRING];
  ok(rv_table_event(m, o, RV_EV_TOSTRING).t == RV_NIL, "an event is absent");
  site_set(p, 2, late, tostring, rv_int(2));
  ok(rv_table_event(m, o, RV_EV_TOSTRING).p == 2, "and there when it is set");
  rv_root_close(m, mark);
}

static void test_giving_up(void) {
  u32 mark = rv_root_open(m);
  RvProto *p = new_proto(true);
  RvString *f = name("method");
  rv_root_push(m, rv_strv(f));
  RvTable *c = new_class(NULL), *o = rooted_table();
  set(c, "method", rv_int(1));
  rv_table_set_meta(m, o, c);
  RvValue v;
  bool good = true;
  for (u32 i = 0; i < 12000; i++) {
    good &= site_get(p, 0, o, f, &v) && v.p == 1;
    set(c, "toggle", i & 1 ? rv_nil() : rv_int(1));
    set(c, "__index", rv_obj(c, RV_TABLE));
  }
  ok(good && m->flushes == 10000 && p->fb[0].kind == RV_CACHE_NONE,
     "a machine that keeps flushing stops caching methods");
  m->flushes = 0;
  rv_root_close(m, mark);
}

/* -- Cached and plain accesses agree --------------------------------------- */

#define CLASSES 6
#define OBJECTS 24
#define KEYS 10

typedef struct World {
  RvTable *t[CLASSES + OBJECTS]; /* classes first */
  RvString *key[KEYS];
  RvProto *p;
} World;

static void new_world(World *w, bool vector) {
  for (u32 i = 0; i < CLASSES + OBJECTS; i++) {
    w->t[i] = rooted_table();
    if (i < CLASSES) set(w->t[i], "__index", rv_obj(w->t[i], RV_TABLE));
  }
  for (u32 i = 0; i < KEYS; i++) {
    w->key[i] = name("key%u", i);
    rv_root_push(m, rv_strv(w->key[i]));
  }
  w->p = new_proto(vector);
}

/* Chains must not loop: a class has its metatable among those before it. */
static void change_world(World *w) {
  u32 c = below(CLASSES), o = below(CLASSES + OBJECTS);
  RvTable *meta = o > 0 ? w->t[below(o < CLASSES ? o : CLASSES)] : NULL;
  switch (below(12)) {
  case 0:
    rv_table_set_meta(m, w->t[o], below(4) ? meta : NULL);
    break;
  case 1:
    rv_table_set_str(m, w->t[c], m->names[RV_EV_INDEX],
                     below(3) ? rv_obj(w->t[c], RV_TABLE)
                     : below(2) && c ? rv_obj(w->t[below(c)], RV_TABLE)
                                     : rv_nil());
    break;
  case 2:
    rv_table_set_str(m, w->t[c], m->names[RV_EV_NEWINDEX],
                     below(8) ? rv_nil() : rv_bool(true));
    break;
  case 3:
    rv_table_set_str(m, w->t[c], w->key[below(KEYS)],
                     below(3) ? rv_int(below(1000)) : rv_nil());
    break;
  case 4:
    rv_table_set(m, w->t[o], rv_flt(below(20) + 0.5),
                 below(2) ? rv_nil() : rv_int(1));
    break;
  case 5: /* objects come and go */
    if (o < CLASSES || below(4)) break;
    w->t[o] = rv_table_new(m, below(3), below(5));
    m->roots[o] = rv_obj(w->t[o], RV_TABLE);
    break;
  }
}

static bool access_world(World *w, bool compare) {
  RvTable *t = w->t[below(CLASSES + OBJECTS)];
  /* Each site is for one key, some see few tables, some many. */
  u32 site = below(SITES);
  RvString *key = w->key[site % KEYS];
  if (site < SITES / 2) t = w->t[CLASSES + site % 5 + below(2)];
  RvValue a, b;
  if (site & 1) {
    RvValue val = below(4) ? rv_int(below(1000)) : rv_nil();
    RvValue was = raw(t, key);
    bool event = was.t == RV_NIL &&
                 rv_table_event(m, t, RV_EV_NEWINDEX).t != RV_NIL;
    bool done = site_set(w->p, site, t, key, val);
    RvValue now = raw(t, key);
    return done != event &&
           (event ? now.t == RV_NIL : now.p == val.p && now.t == val.t);
  }
  bool found = site_get(w->p, site, t, key, &a);
  return !compare || (found == plain_get(t, key, &b) && a.p == b.p &&
                      a.t == b.t);
}

/* A number that follows from everything a program could see. */
static u64 digest(const World *w) {
  u64 d = rv_guest_bytes(m) * 31 + m->stats.collections;
  for (u32 i = 0; i < CLASSES + OBJECTS; i++) {
    RvValue k = rv_nil(), v;
    while (!rv_table_next(m, w->t[i], k, &k, &v) && k.t != RV_NIL) {
      u64 kh = k.t == RV_STR ? rv_str_hash_of(RV_AS(RvString, k)) : k.p;
      d = d * 1099511628211u + kh;
      d = d * 1099511628211u + (v.t == RV_TABLE ? 7 : v.p);
    }
    d = d * 31 + rv_table_lsize(m, w->t[i]);
  }
  return d;
}

static u64 run_world(u64 seed, bool vector, u8 stress, u32 steps, bool *good) {
  RvMachine *keep = m;
  World w;
  m = rv_machine_new(&(RvConfig){.stress = stress});
  random_state = seed;
  m->nroots = 0;
  new_world(&w, vector);
  u64 d = 0;
  for (u32 i = 0; i < steps && *good; i++) {
    change_world(&w);
    for (u32 k = 0; k < 30; k++) *good &= access_world(&w, true);
    if (vector && below(25) == 0) rv_feedback_drop(m, w.p);
    else if (vector) rv_feedback_make(m, w.p);
    else below(25);
    if (i % 64 == 0) d = d * 31 + digest(&w);
    if (i % 1000 == 0) rv_gc_full(m);
  }
  if (!*good) diag("seed %d", (int)seed);
  rv_machine_free(m);
  m = keep;
  return d;
}

static void test_worlds(void) {
  bool good = true, same = true;
  hits = 0;
  for (u64 seed = 1; seed <= SOME(8, 2); seed++) {
    u64 with = run_world(seed, true, 0, SOME(3000, 150), &good);
    same &= with == run_world(seed, false, 0, SOME(3000, 150), &good);
  }
  ok(good, "cached accesses agree with plain ones");
  ok(hits > SOME(10000, 100), "and caches are used (%u times)", hits);
  ok(same, "order and ledger are the same with caches and without");
  u64 plain = run_world(99, true, 0, SOME(300, 100), &good);
  ok(plain == run_world(99, true, 1, SOME(300, 100), &good) && good,
     "and with a physical collection at every allocation");
}

/* -- Ids ------------------------------------------------------------------- */

static void test_ids(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = rooted_table(), *a = rooted_table(), *b = rooted_table();
  rv_table_set(m, t, rv_bool(true), rv_int(1));
  for (u32 i = 0; i < 100000; i++) rv_table_set_meta(m, t, i & 1 ? a : b);
  ok(m->nshapes < 20000, "ids that were given up are used again (%u)",
     m->nshapes);
  rv_root_close(m, mark);
}

int main(void) {
  m = rv_machine_new(&(RvConfig){0});
  if (!m) bail_out("no machine");
  test_sharing();
  test_leaving();
  test_sweep();
  test_class_dies();
  test_states();
  test_methods();
  test_newindex();
  test_late_meta();
  test_giving_up();
  test_worlds();
  test_ids();
  rv_machine_free(m);
  return done_testing();
}
