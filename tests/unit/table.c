/* SPDX-License-Identifier: MIT */
/* vm/table, vm/array, vm/dict: random operations against a model that states
   order, place and charge in the plainest way; length, draining, flooding, weak
   tables, collections at every allocation. */
#include <time.h>

#include "tests/tap.h"

#include "vm/err.h"
#include "vm/hash.h"
#include "vm/num.h"
#include "vm/table.h"

static RvMachine *m;

/* Builds that collect at every allocation do less of everything. */
#ifdef RV_STRESS
#define SOME(n, few) (few)
#else
#define SOME(n, few) (n)
#endif

static u64 random_state;
static u32 below(u32 n) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (u32)(random_state >> 20) % n;
}

static RvTable *rooted_table(void) {
  RvTable *t = rv_table_new(m, 0, 0);
  rv_root_push(m, rv_obj(t, RV_TABLE));
  return t;
}

static RvValue str(const char *fmt, ...) {
  char buf[100];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(buf, sizeof buf, fmt, ap);
  va_end(ap);
  return rv_strv(rv_str_newz(m, buf));
}

/* Stores with key and value anchored, as callers must. */
static RvStatus put(RvTable *t, RvValue k, RvValue v) {
  u32 mark = rv_root_open(m);
  rv_root_push(m, k);
  rv_root_push(m, v);
  RvStatus st = rv_table_set(m, t, k, v);
  rv_root_close(m, mark);
  return st;
}

static bool equal(RvValue a, RvValue b) {
  if (a.t == RV_STR && b.t == RV_STR)
    return rv_str_eq(RV_AS(RvString, a), RV_AS(RvString, b));
  return a.t == b.t && a.p == b.p;
}

/* -- The model ------------------------------------------------------------- */

#define MODEL_MAX 4096

typedef struct Model {
  RvValue a[MODEL_MAX];
  u32 na;
  struct {
    RvValue k, v;
  } f[MODEL_MAX];
  u32 nf;
  u32 dynamic;
  bool private;
} Model;

static i32 model_find(const Model *o, RvValue k) {
  for (u32 i = 0; i < o->nf; i++)
    if (equal(o->f[i].k, k)) return (i32)i;
  return -1;
}

static RvValue model_get(const Model *o, RvValue k) {
  if (k.t == RV_INT && k.p - 1 < o->na) return o->a[k.p - 1];
  i32 i = model_find(o, k);
  return i < 0 ? rv_nil() : o->f[i].v;
}

static u32 model_live(const Model *o) {
  u32 n = 0;
  for (u32 i = 0; i < o->nf; i++) n += o->f[i].v.t != RV_NIL;
  return n;
}

static void model_compact(Model *o) {
  u32 n = 0;
  for (u32 i = 0; i < o->nf; i++)
    if (o->f[i].v.t != RV_NIL) o->f[n++] = o->f[i];
  o->nf = n;
}

static void model_leave(Model *o) {
  if (!o->private) model_compact(o);
  o->private = true;
}

static void model_push(Model *o, RvValue k, RvValue v) {
  o->f[o->nf].k = k;
  o->f[o->nf++].v = v;
}

static bool power_of_two(u32 n) { return n && !(n & (n - 1)); }

static void model_field(Model *o, RvValue k, RvValue v) {
  i32 i = model_find(o, k);
  if (i >= 0) {
    o->f[i].v = v;
    return;
  }
  if (v.t == RV_NIL) return;
  bool short_string = k.t == RV_STR && RV_AS(RvString, k)->len <= RV_INTERN_MAX;
  if (!o->private && short_string && o->nf < 64 && o->dynamic < 16) {
    o->dynamic++;
    model_push(o, k, v);
    return;
  }
  model_leave(o);
  if (o->nf >= 8 && power_of_two(o->nf) &&
      model_live(o) <= o->nf - o->nf / 4)
    model_compact(o);
  model_push(o, k, v);
}

static u32 model_nils(const Model *o) {
  u32 n = 0;
  for (u32 i = 0; i < o->na; i++) n += o->a[i].t == RV_NIL;
  return n;
}

static void model_append(Model *o, RvValue v) {
  o->a[o->na++] = v;
  u32 moved = 0;
  for (;; moved++) {
    i32 i = model_find(o, rv_int((i64)o->na + 1));
    if (i < 0 || o->f[i].v.t == RV_NIL) break;
    o->a[o->na++] = o->f[i].v;
    o->f[i].v = rv_nil();
  }
  if (moved >= 8 && moved >= o->nf / 2) model_compact(o);
}

static void model_spill(Model *o) {
  model_leave(o);
  for (u32 i = 0; i < o->na; i++) {
    if (o->a[i].t == RV_NIL) continue;
    i32 f = model_find(o, rv_int((i64)i + 1));
    if (f >= 0)
      o->f[f].v = o->a[i];
    else
      model_push(o, rv_int((i64)i + 1), o->a[i]);
  }
  o->na = 0;
}

static void model_set(Model *o, RvValue k, RvValue v) {
  if (k.t == RV_INT && k.p - 1 < o->na) {
    o->a[k.p - 1] = v;
    while (o->na > 0 && o->a[o->na - 1].t == RV_NIL) o->na--;
    return;
  }
  if (k.t != RV_INT || k.p - 1 != o->na || v.t == RV_NIL) {
    model_field(o, k, v);
    return;
  }
  if (o->na >= 64 && power_of_two(o->na) && model_nils(o) > 0 &&
      o->na - model_nils(o) < o->na / 4) {
    model_spill(o);
    model_field(o, k, v);
    return;
  }
  model_append(o, v);
}

/* The border, straight from its definition. */
static i64 model_len(const Model *o) {
  i64 n = 0, p = 0;
  for (u32 i = 0; i < o->na; i++) n += o->a[i].t != RV_NIL;
  for (u32 i = 0; i < o->nf; i++)
    n += o->f[i].k.t == RV_INT && (i64)o->f[i].k.p > 0 &&
         o->f[i].v.t != RV_NIL;
  i64 tries[21] = {0};
  for (int i = 0; i <= 16; i++) tries[i] = n + i;
  for (int i = 17; i < 21; i++) tries[i] = n << (i - 16);
  for (int i = 0; i < 21 && !p; i++)
    if (tries[i] >= 1 && model_get(o, rv_int(tries[i])).t != RV_NIL)
      p = tries[i];
  i64 lo = p, hi = n;
  if (!p) {
    if (n == 0 || model_get(o, rv_int(1)).t == RV_NIL) return 0;
    lo = 1;
  } else {
    for (i64 step = 1;; step *= 2) {
      hi = step > INT64_MAX - p ? INT64_MAX : p + step;
      if (model_get(o, rv_int(hi)).t == RV_NIL) break;
      lo = hi;
    }
  }
  while (hi - lo > 1) {
    i64 mid = lo + (hi - lo) / 2;
    if (model_get(o, rv_int(mid)).t != RV_NIL)
      lo = mid;
    else
      hi = mid;
  }
  return lo;
}

/* Does traversal give what the model has, in its order? */
static bool same_order(const RvTable *t, const Model *o) {
  RvValue k = rv_nil(), v;
  for (u32 i = 0; i < o->na + o->nf; i++) {
    RvValue wk = i < o->na ? rv_int((i64)i + 1) : o->f[i - o->na].k;
    RvValue wv = i < o->na ? o->a[i] : o->f[i - o->na].v;
    if (wv.t == RV_NIL) continue;
    if (rv_table_next(m, t, k, &k, &v) || !equal(k, wk) || !equal(v, wv))
      return false;
  }
  return !rv_table_next(m, t, k, &k, &v) && k.t == RV_NIL;
}

static bool same_size(const RvTable *t, const Model *o) {
  return rv_table_lsize(m, t) == 32 + 16 * ((u64)o->na + o->nf);
}

/* -- Random operations ----------------------------------------------------- */

typedef struct Mix {
  const char *name;
  u32 ints, span; /* weight of integer keys, and their range */
  u32 strings;    /* weight and range of short strings */
  u32 others;     /* weight of other keys */
  u32 nils;       /* percent of stores that are nil */
  u32 steps;
} Mix;

static RvTable *objects; /* values and keys with identity */

static RvValue random_key(const Mix *x, u32 round) {
  u32 w = below(x->ints + x->strings + x->others);
  if (w < x->ints) {
    if (below(50) == 0) return rv_int((i64)below(1000) - 500);
    if (below(200) == 0) return rv_int((i64)(1ull << below(63)));
    return rv_int((i64)below(x->span) + 1);
  }
  if (w < x->ints + x->strings) return str("k%u.%u", round, below(x->strings));
  switch (below(5)) {
  case 0: return rv_bool(below(2));
  case 1: return rv_flt(below(40) + 0.5);
  case 2: return str("a string that is too long to be interned %u", below(20));
  case 3: return rv_value(16 * below(20), RV_PTR);
  default: return rv_table_get_int(m, objects, 1 + below(30));
  }
}

static RvValue random_value(u32 nils) {
  if (below(100) < nils) return rv_nil();
  switch (below(8)) {
  case 0: return rv_flt(below(100) / 8.0);
  case 1: return rv_bool(true);
  case 2: return rv_table_get_int(m, objects, 1 + below(30));
  default: return rv_int(below(1000));
  }
}

static bool check_all(RvTable *t, const Model *o) {
  return same_order(t, o) && same_size(t, o) &&
         rv_table_len(m, t) == model_len(o);
}

static void random_round(const Mix *x, u32 round) {
  static Model o;
  u32 mark = rv_root_open(m);
  RvTable *t = rooted_table();
  /* Hints are memory only. */
  if (round & 1) rv_table_reserve(m, t, below(300), below(100));
  memset(&o, 0, sizeof o);
  random_state = 88172645463325252ull + round;
  bool mono = round % 3 == 0;
  const char *bad = NULL;
  u32 step = 0;
  u32 steps = SOME(x->steps, x->steps / 20 + 60);
  for (; step < steps && !bad && o.na + o.nf < MODEL_MAX / 2; step++) {
    u32 nils = (step / 500) & 1 ? x->nils * 2 : x->nils;
    RvValue k = random_key(x, round), v = random_value(nils);
    if (below(8) == 0 && o.na + 1 < MODEL_MAX) k = rv_int((i64)o.na + 1);
    if (mono && v.t != RV_NIL) v = rv_int((i64)step);
    u32 inner = rv_root_open(m);
    rv_root_push(m, k);
    rv_root_push(m, v);
    RvValue stored = k;
    if (k.t == RV_INT && below(4) == 0 && (i64)k.p < 1000)
      stored = rv_flt((double)(i64)k.p);
    if (!equal(rv_table_get(m, t, stored), model_get(&o, k))) bad = "get";
    if (rv_table_set(m, t, stored, v)) bad = "set";
    model_set(&o, k, v);
    if (!equal(rv_table_get(m, t, stored), v)) bad = "get what was set";
    rv_root_close(m, inner);
    if (below(50) == 0 && !check_all(t, &o)) bad = "order, size or length";
    if (below(2000) == 0) rv_gc_full(m);
  }
  if (!bad && !check_all(t, &o)) bad = "order, size or length at the end";
  ok(!bad, "%s, round %u", x->name, round);
  if (bad) diag("%s wrong after %u steps", bad, step);
  rv_root_close(m, mark);
}

static const Mix mixes[] = {
    {"small integers", 100, 40, 0, 0, 20, 3000},
    {"an array with holes", 100, 300, 0, 0, 30, 6000},
    {"sparse integers", 100, 3000, 0, 0, 10, 2500},
    {"few strings", 0, 1, 12, 0, 25, 2000},
    {"many strings", 0, 1, 300, 0, 30, 6000},
    {"all kinds", 40, 60, 40, 40, 25, 6000},
    {"mostly nil", 50, 200, 30, 20, 45, 8000},
};

static void test_model(void) {
  u32 round = 0;
  for (u32 i = 0; i < sizeof mixes / sizeof *mixes; i++)
    for (u32 k = 0; k < SOME(6, 1); k++) random_round(&mixes[i], ++round);
}

static void make_objects(void) {
  objects = rooted_table();
  for (i64 i = 1; i <= 30; i++) {
    u32 mark = rv_root_open(m);
    rv_table_set_int(m, objects, i, rv_obj(rooted_table(), RV_TABLE));
    rv_root_close(m, mark);
  }
}

/* Physical collections at every allocation change nothing that shows. */
static void test_stress(void) {
  RvMachine *keep = m;
  RvTable *keep_objects = objects;
  u64 bytes[2];
  for (int i = 0; i < 2; i++) {
    m = rv_machine_new(&(RvConfig){.stress = (u8)i});
    make_objects();
    for (u32 k = 0; k < sizeof mixes / sizeof *mixes; k++) {
      Mix x = mixes[k];
      x.steps = SOME(400, 100);
      random_round(&x, 50 + k);
    }
    bytes[i] = rv_guest_bytes(m);
    rv_machine_free(m);
  }
  m = keep;
  objects = keep_objects;
  is_int((i64)bytes[1], (i64)bytes[0], "the ledger is the same under stress");
}

/* -- Places ---------------------------------------------------------------- */

static void set_int(RvTable *t, i64 k, RvValue v) {
  if (rv_table_set_int(m, t, k, v)) bail_out("no memory");
}

/* A queue: appended behind, taken in front; memory must stay bounded. */
static void test_queue(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = rooted_table();
  static Model o;
  memset(&o, 0, sizeof o);
  i64 head = 1, tail = 0;
  bool good = true;
  for (u32 i = 0; i < SOME(3000, 800); i++) {
    RvValue v = rv_int((i64)i);
    set_int(t, ++tail, v);
    model_set(&o, rv_int(tail), v);
    if (tail - head < 10) continue;
    good &= equal(rv_table_get_int(m, t, head), model_get(&o, rv_int(head)));
    set_int(t, head, rv_nil());
    model_set(&o, rv_int(head++), rv_nil());
    good &= same_size(t, &o);
  }
  ok(good && check_all(t, &o), "a queue agrees with the model");
  for (u32 i = 0; i < SOME(300000, 2000); i++) {
    set_int(t, ++tail, rv_int(1));
    set_int(t, head++, rv_nil());
  }
  ok(rv_table_lsize(m, t) < 32 + 16 * 64 && rv_table_arr_bytes(t) < 4096 &&
         rv_table_props_cap(m, t) < 256,
     "a long-lived queue stays small");
  rv_root_close(m, mark);
}

static void test_kinds(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = rooted_table();
  for (i64 i = 1; i <= 100; i++) set_int(t, i, rv_int(i));
  ok((t->h.flags & RV_TAB_AKIND) == RV_ARR_INT &&
         rv_table_arr_bytes(t) == 8 * (size_t)t->asize,
     "integers have no tags");
  set_int(t, 50, rv_flt(0.5));
  ok((t->h.flags & RV_TAB_AKIND) == RV_ARR_MIXED &&
         rv_table_get_int(m, t, 50).t == RV_FLT &&
         rv_table_get_int(m, t, 49).t == RV_INT,
     "a float among them changes the kind");
  set_int(t, 99, rv_nil());
  ok((t->h.flags & RV_TAB_HOLES) && rv_table_len(m, t) == 100,
     "a nil in the middle makes a hole");
  set_int(t, 100, rv_nil());
  ok(t->acount == 98 && !(t->h.flags & RV_TAB_HOLES) &&
         rv_table_len(m, t) == 98,
     "a nil at the end takes the trailing ones along");
  for (i64 i = 98; i >= 1; i--) set_int(t, i, rv_nil());
  ok(t->acount == 0 && (t->h.flags & RV_TAB_AKIND) == RV_ARR_EMPTY,
     "an empty part has no kind");
  set_int(t, 1, rv_flt(1.5));
  ok((t->h.flags & RV_TAB_AKIND) == RV_ARR_FLT, "and may get another");
  rv_root_close(m, mark);
}

static void test_fast_halves(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = rooted_table(), *u = rooted_table();
  u64 before = rv_guest_bytes(m), slow;
  for (i64 i = 1; i <= 1000; i++) set_int(t, i, rv_int(i));
  slow = rv_guest_bytes(m) - before;
  before = rv_guest_bytes(m);
  u32 fast = 0;
  for (u64 i = 1; i <= 1000; i++) {
    if (rv_table_seti_fast(m, u, i, i, RV_INT))
      fast++;
    else
      set_int(u, (i64)i, rv_int((i64)i));
  }
  ok(fast > 900, "%u of 1000 appends were fast", fast);
  is_int((i64)(rv_guest_bytes(m) - before), (i64)slow, "charged alike");
  set_int(u, 1002, rv_int(7));
  ok(!rv_table_seti_fast(m, u, 1001, 1, RV_INT),
     "no fast append over a field that would join");
  set_int(u, 1001, rv_int(6));
  u64 p;
  u8 tag;
  ok(u->acount == 1002 && rv_table_geti_fast(u, 1002, &p, &tag) && p == 7 &&
         tag == RV_INT,
     "it joined");
  rv_root_close(m, mark);
}

static void test_backwards(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = rooted_table();
  for (i64 i = SOME(5000, 500); i >= 1; i--) set_int(t, i, rv_int(i));
  ok(t->acount == SOME(5000, 500) &&
         rv_table_lsize(m, t) == 32 + 16 * t->acount,
     "an array filled from the end is an array");
  rv_root_close(m, mark);
}

/* -- Keys that are refused ------------------------------------------------- */

static bool raised(RvStatus st, const char *text) {
  if (st != RV_ERROR || m->th->err.t != RV_STR) return false;
  return strstr(rv_str_data(RV_AS(RvString, m->th->err)), text) != NULL;
}

static void test_keys(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = rooted_table();
  RvValue k, v, nan = rv_flt(__builtin_nan(""));
  ok(raised(rv_table_set(m, t, rv_nil(), rv_int(1)), "table index is nil"),
     "nil is no key");
  ok(raised(rv_table_set(m, t, nan, rv_int(1)), "table index is NaN"),
     "NaN is no key");
  ok(rv_table_get(m, t, rv_nil()).t == RV_NIL &&
         rv_table_get(m, t, nan).t == RV_NIL,
     "but both may be asked for");
  rv_table_set(m, t, rv_flt(-0.0), rv_int(5));
  ok(rv_table_get(m, t, rv_int(0)).p == 5, "-0.0 is 0");
  rv_table_set(m, t, rv_flt(1.0), rv_int(6));
  ok(t->acount == 1, "1.0 is 1");
  ok(raised(rv_table_next(m, t, str("absent"), &k, &v),
            "invalid key to 'next'"),
     "a key that was never there has no successor");
  ok(raised(rv_table_next(m, t, rv_int(7), &k, &v), "invalid key to 'next'"),
     "nor has an integer beyond the array part");
  rv_table_set(m, t, rv_int(1), rv_nil());
  ok(rv_table_next(m, t, rv_int(1), &k, &v) == RV_OK && k.p == 0,
     "but when that got shorter, come the fields");
  rv_root_close(m, mark);
}

/* -- Traversal that deletes ------------------------------------------------ */

static void fill_mixed(RvTable *t, u32 n) {
  for (u32 i = 0; i < n; i++) {
    set_int(t, (i64)i + 1, rv_int((i64)i));
    put(t, str("f%u", i), rv_int((i64)i));
  }
}

static void test_delete_in_traversal(void) {
  u32 mark = rv_root_open(m), seen = 0;
  RvTable *t = rooted_table();
  fill_mixed(t, 200);
  RvValue k = rv_nil(), v;
  while (!rv_table_next(m, t, k, &k, &v) && k.t != RV_NIL) {
    u32 inner = rv_root_open(m);
    rv_root_push(m, k);
    if (seen % 3) rv_table_set(m, t, k, rv_nil());
    if (seen % 50 == 0) rv_gc_full(m);
    rv_root_close(m, inner);
    seen++;
  }
  is_int(seen, 400, "every entry is visited once while some are deleted");
  seen = 0;
  k = rv_nil();
  while (!rv_table_next(m, t, k, &k, &v) && k.t != RV_NIL) seen++;
  is_int(seen, 134, "the others are left");
  rv_root_close(m, mark);
}

/* Becoming a metatable must not disturb a traversal. */
static void test_meta_in_traversal(void) {
  u32 mark = rv_root_open(m), seen = 0;
  RvTable *t = rooted_table(), *u = rooted_table();
  for (u32 i = 0; i < 10; i++) put(t, str("m%u", i), rv_int(1));
  RvValue k = rv_nil(), v;
  while (!rv_table_next(m, t, k, &k, &v) && k.t != RV_NIL) {
    rv_table_set(m, t, k, rv_nil());
    if (++seen == 5) rv_table_set_meta(m, u, t);
  }
  is_int(seen, 10, "tombstones outlive the change to a private shape");
  rv_root_close(m, mark);
}

static u64 milliseconds(void) {
  return (u64)clock() * 1000 / CLOCKS_PER_SEC;
}

static void drain(const char *what, bool strings) {
  u32 mark = rv_root_open(m), n = SOME(100000, 500);
  RvTable *t = rooted_table();
  for (u32 i = 0; i < n; i++) {
    if (strings)
      put(t, str("drain%u", i), rv_int((i64)i));
    else
      set_int(t, (i64)i + 1, rv_int((i64)i));
  }
  u64 start = milliseconds();
  RvValue k, v;
  u32 got = 0;
  while (!rv_table_next(m, t, rv_nil(), &k, &v) && k.t != RV_NIL) {
    if (v.p != got++) break;
    rv_table_set(m, t, k, rv_nil());
    (void)rv_table_len(m, t);
  }
  ok(got == n && milliseconds() - start < 5000,
     "%u %s are drained in order and in time", n, what);
  rv_root_close(m, mark);
}

/* -- Many and hostile keys ------------------------------------------------- */

static void test_many(void) {
  u32 mark = rv_root_open(m), bad = 0, n = SOME(100000, 1000);
  RvTable *t = rooted_table();
  for (u32 i = 0; i < n; i++)
    rv_table_set(m, t, rv_flt(i + 0.25), rv_int((i64)i));
  rv_gc_full(m);
  for (u32 i = 0; i < n; i++)
    bad += rv_table_get(m, t, rv_flt(i + 0.25)).p != i;
  ok(bad == 0 && rv_table_get(m, t, rv_flt(0.125)).t == RV_NIL,
     "%u float keys", n);
  RvShape *s = rv_shape_of(m, t);
  ok(!(s->h.flags & RV_SHAPE_KEYED), "honest keys are no attack");
  rv_root_close(m, mark);
}

/* Integers whose hashes agree in all the bits an index looks at. */
static i64 colliding_int(u32 i) {
  u64 inverse = 0x9e3779b97f4a7c15ull; /* Newton: five steps give 64 bits */
  for (int k = 0; k < 6; k++) inverse *= 2 - 0x9e3779b97f4a7c15ull * inverse;
  u64 x = ((u64)77 << 32 | (u64)i * 2654435761u % 0xffffffffu) * inverse;
  return (i64)(x ^ x >> 32);
}

static void test_flood(void) {
  u32 mark = rv_root_open(m), bad = 0, n = SOME(20000, 1000);
  RvTable *t = rooted_table();
  u64 start = milliseconds();
  for (u32 i = 0; i < n; i++)
    rv_table_set(m, t, rv_int(colliding_int(i)), rv_int((i64)i));
  ok(rv_shape_of(m, t)->h.flags & RV_SHAPE_KEYED, "crafted integers are seen");
  for (u32 i = 0; i < n; i++)
    bad += rv_table_get(m, t, rv_int(colliding_int(i))).p != i;
  ok(bad == 0 && milliseconds() - start < 3000, "and are stored in time");

  t = rooted_table();
  start = milliseconds();
  u32 got = 0;
  for (u32 i = 0; got < 400; i++) {
    char buf[16];
    int len = snprintf(buf, sizeof buf, "%u", i);
    if (rv_str_hash(buf, (size_t)len) & 0xfff) continue;
    put(t, str("%s", buf), rv_int((i64)++got));
  }
  ok(rv_shape_of(m, t)->h.flags & RV_SHAPE_KEYED, "crafted strings are seen");
  bad = 0;
  for (u32 i = 0, k = 0; k < got; i++) {
    char buf[16];
    int len = snprintf(buf, sizeof buf, "%u", i);
    if (rv_str_hash(buf, (size_t)len) & 0xfff) continue;
    bad += rv_table_get(m, t, str("%s", buf)).p != ++k;
  }
  ok(bad == 0, "and found again");
  rv_root_close(m, mark);
}

/* -- Lists, hints, the limit ----------------------------------------------- */

static void test_set_list(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = rooted_table();
  u64 pay[6] = {1, 2, 3, 0, 5, 6};
  u8 tag[6] = {RV_INT, RV_INT, RV_INT, RV_NIL, RV_INT, RV_INT};
  RvThread fake = {.m = m, .pay = pay, .tag = tag};
  ok(rv_table_set_list(&fake, t, 1, 0, 6) == RV_OK && t->acount == 3 &&
         rv_table_get_int(m, t, 6).p == 6 && rv_table_len(m, t) == 6,
     "a list with a gap");
  t = rooted_table();
  tag[3] = RV_TRUE;
  rv_table_set_list(&fake, t, 1, 0, 3);
  rv_table_set_list(&fake, t, 4, 3, 3);
  ok(t->acount == 6 && rv_table_get_int(m, t, 4).t == RV_TRUE &&
         rv_table_get_int(m, t, 6).p == 6,
     "a list in two parts, of mixed values");
  rv_root_close(m, mark);
}

static void test_hints(void) {
  u32 mark = rv_root_open(m);
  bool good = true;
  for (u32 n = 0; n < 80; n += SOME(1, 13)) {
    u32 inner = rv_root_open(m);
    RvTable *t = rv_table_new(m, n, n);
    rv_root_push(m, rv_obj(t, RV_TABLE));
    good &= t->h.aux >= (n < 64 ? n : 64) && t->asize >= n;
    good &= rv_table_props_inline(t) == (n > 0 && n <= 24);
    for (u32 i = 0; i < 80; i++) {
      put(t, str("h%u", i), rv_int((i64)i));
      set_int(t, (i64)i + 1, rv_bool(true));
    }
    for (u32 i = 0; i < 80; i++)
      good &= rv_table_get(m, t, str("h%u", i)).p == i;
    good &= rv_table_lsize(m, t) == 32 + 16 * 160;
    rv_root_close(m, inner);
  }
  ok(good, "hints change memory only");
  rv_root_close(m, mark);
}

static void test_limit(void) {
  RvMachine *keep = m;
  m = rv_machine_new(&(RvConfig){.mem = 400000});
  RvTable *t = rooted_table();
  i64 i = 1;
  while (i < 100000 && !rv_table_set_int(m, t, i, rv_int(i))) i++;
  ok(i > 10000 && i < 25000, "the limit stops an array (at %d)", (int)i);
  ok(t->acount == (u64)i - 1 && rv_table_get_int(m, t, i).t == RV_NIL,
     "nothing half done is left");
  RvTable *u = rooted_table();
  u32 n = 0;
  if (u)
    while (n < 100000 && !rv_table_set(m, u, rv_flt(n + 0.5), rv_int(1))) n++;
  ok(n < 20000, "and fields");
  rv_machine_free(m);
  m = keep;
}

/* -- Weak tables ----------------------------------------------------------- */

static void test_weak(void) {
  u32 mark = rv_root_open(m);
  RvTable *values = rooted_table(), *keys = rooted_table();
  RvTable *mv = rooted_table(), *mk = rooted_table();
  put(mv, str("__mode"), str("v"));
  put(mk, str("__mode"), str("k"));
  rv_table_set_meta(m, values, mv);
  rv_table_set_meta(m, keys, mk);
  for (i64 i = 1; i <= 100; i++) {
    u32 inner = rv_root_open(m);
    RvValue o = rv_obj(rooted_table(), RV_TABLE);
    if (i % 10 == 0) rv_table_set_int(m, objects, 1000 + i, o);
    rv_table_set_int(m, values, i, o);
    put(values, str("w%d", (int)i), o);
    rv_table_set(m, keys, o, rv_int(i));
    rv_root_close(m, inner);
  }
  rv_gc_full(m);
  RvValue k = rv_nil(), v;
  u32 n = 0, fields = 0;
  while (!rv_table_next(m, values, k, &k, &v) && k.t != RV_NIL)
    k.t == RV_INT ? n++ : fields++;
  ok(n == 10 && fields == 10 && values->acount == 100,
     "weak values: the dead are gone");
  rv_table_set_int(m, objects, 1100, rv_nil());
  put(values, str("w100"), rv_nil());
  rv_gc_full(m);
  is_int(values->acount, 90, "a weak array gets shorter");
  n = 0;
  k = rv_nil();
  while (!rv_table_next(m, keys, k, &k, &v) && k.t != RV_NIL) n++;
  is_int(n, 9, "weak keys: the dead are gone");
  u64 size = rv_table_lsize(m, keys);
  ok(size == 32 + 16 * 100, "their places stay until an insertion compacts");
  for (i64 i = 0; i < 40; i++)
    rv_table_set(m, keys, rv_flt(i + 0.5), rv_int(1));
  ok(rv_table_lsize(m, keys) < size, "which it does");
  rv_root_close(m, mark);
}

int main(void) {
  m = rv_machine_new(&(RvConfig){0});
  if (!m) bail_out("no machine");
  make_objects();
  test_model();
  test_stress();
  test_queue();
  test_kinds();
  test_fast_halves();
  test_backwards();
  test_keys();
  test_delete_in_traversal();
  test_meta_in_traversal();
  drain("elements", false);
  drain("strings", true);
  test_many();
  test_flood();
  test_set_list();
  test_hints();
  test_limit();
  test_weak();
  rv_machine_free(m);
  return done_testing();
}
