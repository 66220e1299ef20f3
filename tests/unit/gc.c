/* SPDX-License-Identifier: MIT */
/* vm/gc.c: what is kept and what is not - weak tables, ephemerons, finalizers,
   keys of tombstones, frames - also when the collector's lists cannot grow; and
   that the validator finds what it is there for. */
#include "tests/tap.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "assembler/asm.h"
#include "vm/call.h"
#include "vm/err.h"
#include "vm/heap_impl.h"
#include "vm/str.h"
#include "vm/table.h"
#include "vm/verify.h"

static RvMachine *m;
static bool starve; /* the collector's lists get no memory, or only */
static u64 slack;   /* so many bytes */

static void open_machine(void) {
  m = rv_machine_new(&(RvConfig){.stress = 0});
  if (!m) bail_out("no machine");
}

static void close_machine(void) {
  rv_gc_check(m);
  rv_machine_free(m);
}

/* A logical collection; starved, with lists that are empty and cannot grow. */
static void collect(void) {
  rv_gc_check(m);
  if (starve) {
    rv_mem_free(m, m->gray, m->cgray * sizeof *m->gray);
    rv_mem_free(m, m->weak, m->cweak * sizeof *m->weak);
    m->gray = m->weak = NULL;
    m->cgray = m->cweak = 0;
    m->host_cap = m->stats.host_bytes + slack;
  }
  rv_gc_full(m);
  m->host_cap = UINT64_MAX;
  if (starve && !slack && (m->cgray || m->cweak)) bail_out("the lists were not starved");
}

static void must(RvStatus st) {
  if (st) bail_out("an operation failed");
}

static RvValue anchored(RvValue v) {
  rv_root_push(m, v);
  return v;
}

static RvTable *table(void) {
  RvTable *t = rv_table_new(m, 0, 0);
  if (!t) bail_out("no table");
  anchored(rv_obj(t, RV_TABLE));
  return t;
}

static RvValue tabv(RvTable *t) { return rv_obj(t, RV_TABLE); }

static RvValue strv(const char *s) {
  return anchored(rv_strv(rv_str_newz(m, s)));
}

static void set(RvTable *t, RvValue k, RvValue v) {
  u32 mark = rv_root_open(m);
  anchored(k);
  anchored(v);
  must(rv_table_set(m, t, k, v));
  rv_root_close(m, mark);
}

static RvValue get(RvTable *t, RvValue k) { return rv_table_get(m, t, k); }

/* t gets a new metatable with one event. */
static void give_event(RvTable *t, RvName e, RvValue v) {
  RvTable *meta = table();
  must(rv_table_set_str(m, meta, m->names[e], v));
  must(rv_table_set_meta(m, t, meta));
}

static RvTable *weak_table(const char *mode) {
  RvTable *t = table();
  give_event(t, RV_EV_MODE, strv(mode));
  return t;
}

static u32 count(RvTable *t) {
  u64 pos = 0;
  u32 n = 0;
  RvValue k, v;
  while (rv_table_iter(m, t, &pos, &k, &v)) n++;
  return n;
}

/* -- Weak tables ----------------------------------------------------------- */

/* Fills t with dead and living keys and values; lets go of the dead ones. Four
   values and two keys are dead. */
static void fill_weak(RvTable *t, RvTable *alive) {
  u32 mark = rv_root_open(m);
  RvTable *dead = table(), *key = table(), *other = table();
  set(t, rv_int(1), tabv(dead));
  set(t, rv_int(2), tabv(alive));
  set(t, rv_int(3), strv("a string of the array part"));
  set(t, rv_int(4), tabv(dead));
  set(t, strv("dead"), tabv(dead));
  set(t, strv("alive"), tabv(alive));
  set(t, strv("string"), strv("a value without identity"));
  set(t, rv_flt(1.5), tabv(dead));
  set(t, tabv(alive), rv_int(2));
  set(t, tabv(key), rv_int(1));
  set(t, tabv(other), tabv(alive));
  rv_root_close(m, mark);
}

static void test_weak_values(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = weak_table("v"), *alive = table();
  fill_weak(t, alive);
  rv_gc_physical(m);
  is_int(count(t), 11, "a physical collection takes nothing out");
  collect();
  ok(get(t, rv_int(1)).t == RV_NIL && get(t, rv_int(2)).t == RV_TABLE &&
         get(t, rv_int(3)).t == RV_STR && get(t, rv_int(4)).t == RV_NIL,
     "weak values: elements");
  ok(get(t, strv("dead")).t == RV_NIL && get(t, strv("alive")).t == RV_TABLE &&
         get(t, strv("string")).t == RV_STR && get(t, rv_flt(1.5)).t == RV_NIL,
     "weak values: fields");
  is_int(count(t), 7, "weak values: keys are strong");
  is_int(t->acount, 3, "weak values: the array part ends with the last");
  collect();
  is_int(count(t), 7, "and stay so");
  rv_root_close(m, mark);
}

static void test_weak_keys(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = weak_table("k"), *alive = table();
  fill_weak(t, alive);
  collect();
  ok(get(t, rv_int(1)).t == RV_TABLE && get(t, rv_flt(1.5)).t == RV_TABLE,
     "weak keys: values of other keys are strong");
  is_int(count(t), 9, "weak keys: entries of dead keys go");
  is_int((i64)get(t, tabv(alive)).p, 2, "weak keys: living keys are found");
  rv_root_close(m, mark);
}

static void test_weak_both(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = weak_table("kv"), *alive = table();
  fill_weak(t, alive);
  collect();
  is_int(count(t), 5, "weak keys and values");
  rv_root_close(m, mark);
}

/* The mode may change, and be anything. */
static void test_modes(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = weak_table("no matter"), *meta = rv_table_meta(m, t);
  set(t, rv_int(1), tabv(rv_table_new(m, 0, 0)));
  collect();
  is_int(count(t), 1, "a mode of other letters");
  set(meta, strv("__mode"), rv_int(1));
  collect();
  is_int(count(t), 1, "a mode that is no string");
  set(meta, strv("__mode"), strv("value"));
  collect();
  is_int(count(t), 0, "a mode in a longer string");
  rv_root_close(m, mark);
}

/* -- Ephemerons ------------------------------------------------------------ */

/* e[k1] = k2, e[k2] = k3, ..., entered forwards or backwards; k1. */
static RvTable *chain(RvTable *e, u32 n, bool backwards) {
  u32 mark = rv_root_open(m);
  RvTable *all = table();
  for (u32 i = 1; i <= n; i++) set(all, rv_int(i), tabv(rv_table_new(m, 0, 0)));
  for (u32 i = 1; i < n; i++) {
    i64 at = backwards ? n - i : i;
    set(e, get(all, rv_int(at)), get(all, rv_int(at + 1)));
  }
  RvTable *first = RV_AS(RvTable, get(all, rv_int(1)));
  rv_root_close(m, mark);
  anchored(tabv(first));
  return first;
}

static double seconds(void) { return (double)clock() / CLOCKS_PER_SEC; }

static void test_chain(u32 n, bool backwards) {
  u32 mark = rv_root_open(m);
  RvTable *e = weak_table("k");
  u32 held = rv_root_open(m);
  chain(e, n, backwards);
  double start = seconds();
  collect();
  double time = seconds() - start;
  ok(count(e) == n - 1 && time < 5, "a chain of %u ephemerons, %s", n,
     backwards ? "backwards" : "forwards");
  rv_root_close(m, held);
  collect();
  is_int(count(e), 0, "goes when its first key goes");
  rv_root_close(m, mark);
}

/* A key that only its own value keeps alive is dead; one that another table's
   value keeps alive is not. */
static void test_ephemerons(void) {
  u32 mark = rv_root_open(m);
  RvTable *a = weak_table("k"), *b = weak_table("k"), *key = table();
  u32 inner = rv_root_open(m);
  RvTable *x = table(), *y = table(), *z = table();
  set(a, tabv(x), tabv(x)); /* a circle through the value */
  set(x, rv_int(1), tabv(x));
  set(a, tabv(key), tabv(y)); /* key -> y -> (in b) z -> (in a) 7 */
  set(b, tabv(y), tabv(z));
  set(a, tabv(z), rv_int(7));
  x = table(), y = table();
  set(a, tabv(x), tabv(y)); /* a circle through two tables */
  set(b, tabv(y), tabv(x));
  rv_root_close(m, inner);
  collect();
  ok(count(a) == 2 && count(b) == 1, "circles die, chains through tables live");
  RvValue v = get(a, tabv(key));
  v = v.t == RV_TABLE ? get(b, v) : v;
  v = v.t == RV_TABLE ? get(a, v) : v;
  is_int((i64)v.p, 7, "and lead where they led");
  rv_root_close(m, mark);
}

/* -- Keys of tombstones ---------------------------------------------------- */

static void test_tombstones(void) {
  u32 mark = rv_root_open(m);
  RvTable *t = table(), *w = weak_table("k");
  u32 inner = rv_root_open(m);
  RvTable *key = table();
  set(t, tabv(key), rv_int(1));
  set(w, tabv(key), rv_int(1));
  set(t, tabv(key), rv_nil());
  rv_root_close(m, inner);
  rv_gc_physical(m);
  is_int(count(w), 1, "physically the key of a tombstone stays");
  collect();
  is_int(count(w), 0, "the key of a tombstone does not keep its object alive");
  set(t, tabv(table()), rv_int(2));
  is_int(count(t), 1, "and the table goes on");
  rv_root_close(m, mark);
}

enum { NEIGHBOURS = 50 };
#ifdef RV_STRESS
/* Each allocation starts at the first hole again; holes that are too small for
   it send it to an empty block, so that it may never come to the one in
   question. */
enum { STRANGERS = 100, MUST_MEET = false };
#else
enum { STRANGERS = 5000, MUST_MEET = true };
#endif

/* One of the tables that `held` gets to hold, with the next two in memory on
   both sides: when it dies it leaves a hole of its own size. */
static RvTable *between_neighbours(RvTable *held) {
  u64 size = rv_round_size(sizeof(RvTable));
  for (i64 i = 1; i <= NEIGHBOURS; i++) {
    u32 mark = rv_root_open(m);
    set(held, rv_int(i), tabv(table()));
    rv_root_close(m, mark);
    u64 a = get(held, rv_int(i - 2)).p, b = get(held, rv_int(i - 1)).p;
    if (i < 3 || b - a != size || get(held, rv_int(i)).p - b != size) continue;
    set(held, rv_int(i - 1), rv_bool(false));
    return (RvTable *)(uintptr_t)b;
  }
  bail_out("no neighbours");
  return NULL;
}

/* Makes new objects until one gets the address `old`, or *again stays false;
   how many of them t knows as a key. `held` keeps them alive, or each might
   take the place of the one before. */
static u32 known_strangers(RvTable *t, RvTable *held, u64 old, bool *again) {
  u32 known = 0;
  *again = false;
  for (i64 i = 1; i <= STRANGERS && !*again; i++) {
    u32 mark = rv_root_open(m);
    RvValue fresh = tabv(table()), k, v;
    set(held, rv_int(NEIGHBOURS + i), fresh);
    rv_root_close(m, mark);
    *again = fresh.p == old;
    known += rv_table_next(m, t, fresh, &k, &v) == RV_OK;
  }
  m->main->err = rv_nil();
  return known;
}

/* A new object at the address of a dead key is not that key. The tombstone
   keeps its place: a traversal goes over it, with and without an index. */
static void test_key_address(int others) {
  u32 mark = rv_root_open(m);
  bool again;
  RvTable *t = table(), *held = table();
  must(rv_table_reserve(m, held, NEIGHBOURS + STRANGERS, 0));
  for (i64 i = 1; i <= NEIGHBOURS; i++) set(held, rv_int(i), rv_bool(true));
  RvValue before = strv("before"), after = strv("after"), k, v;
  RvValue dead = tabv(between_neighbours(held));
  set(t, before, rv_int(1));
  set(t, dead, rv_int(2));
  set(t, after, rv_int(3));
  for (int i = 0; i < others; i++) set(t, rv_flt(i + 0.5), rv_int(4));
  set(t, dead, rv_nil());
  collect();
  is_int(known_strangers(t, held, dead.p, &again), 0,
         "a new object is no old key");
  if (MUST_MEET) ok(again, "not even at the same address");
  must(rv_table_next(m, t, before, &k, &v));
  ok(v.t == RV_INT && v.p == 3, "a traversal goes over the dead key");
  is_int(count(t), 2 + others, "which is all that is gone");
  rv_root_close(m, mark);
}

/* -- Finalizers ------------------------------------------------------------ */

static i64 finalized[100];
static u32 nfinalized;
static bool again; /* finalizers register their objects anew */

static RvStatus finalizer(RvNativeCtx *c) {
  RvTable *t = RV_AS(RvTable, rv_arg(c, 0));
  if (nfinalized < 100)
    finalized[nfinalized++] = (i64)rv_table_get_int(c->m, t, 1).p;
  c->nres = 0;
  return again ? rv_table_set_meta(c->m, t, rv_table_meta(c->m, t)) : RV_OK;
}
static const RvNativeDef finalizer_def = {"finalizer", 1, 0, finalizer};

/* An object that leaves `id` in `finalized`. Its metatable must be kept: a dead
   one's finalizer runs all the same, but the objects share it. */
static RvTable *finalizable(RvTable *meta, i64 id) {
  RvTable *t = table();
  set(t, rv_int(1), rv_int(id));
  must(rv_table_set_meta(m, t, meta));
  return t;
}

static RvTable *final_meta(void) {
  RvTable *meta = table();
  RvValue f = anchored(rv_obj(rv_native_new(m, &finalizer_def), RV_NATIVE));
  must(rv_table_set_str(m, meta, m->names[RV_EV_GC], f));
  return meta;
}

static RvImage *assemble(const char *text) {
  RvAsmDiag ad = {0};
  RvDiag d = {0};
  RvImage *img = rv_asm_text("gc.rasm", text, strlen(text), &ad);
  if (!img) diag("line %u: %s", ad.error[0].line, ad.error[0].text);
  if (!img || !rv_verify_image(img, &d)) {
    diag("%s", d.text);
    bail_out("the program is refused");
  }
  return img;
}

/* Runs the module `name` of an image; *v is its first result. */
static RvRunResult run(RvImage *img, const char *name, RvValue *v) {
  RvClosure *cl = rv_load_image(m, img, name);
  u32 n = 0;
  if (!cl) bail_out("the module does not load");
  rv_slot_set(m->main, 0, rv_obj(cl, RV_CLOSURE));
  RvRunResult r = rv_run_start(m, 0, 0, &n);
  *v = n ? rv_slot(m->main, m->main->call_at) : rv_nil();
  return r;
}

/* Passes enough safepoints for all finalizers to run. */
static void run_finalizers(void) {
  RvValue v;
  RvImage *img = assemble(".func f\n loadi r0, 1\n loadi r1, 500\n"
                          " loadi r2, 1\n forprep r0, done\nbody:\n"
                          " forloop r0, body\ndone:\n ret0\n.end\n"
                          ".module \"f\" f\n");
  nfinalized = 0;
  if (run(img, "f", &v) != RV_RUN_DONE) bail_out("the loop failed");
  rv_image_unref(img);
}

static bool finalized_are(u32 n, i64 first, i64 step) {
  bool good = nfinalized == n;
  for (u32 i = 0; i < n && good; i++)
    good = finalized[i] == first + (i64)i * step;
  if (!good)
    for (u32 i = 0; i < nfinalized; i++)
      diag("finalized %d", (int)finalized[i]);
  return good;
}

static void test_finalizers(void) {
  u32 mark = rv_root_open(m);
  RvTable *meta = final_meta();
  u32 inner = rv_root_open(m);
  for (i64 i = 1; i <= 9; i++) finalizable(meta, i);
  rv_gc_physical(m);
  rv_root_close(m, inner);
  rv_gc_physical(m);
  is_int(m->ntofin, 0, "nothing is due after a physical collection");
  collect();
  is_int(m->ntofin, 9, "nine are due");
  run_finalizers();
  ok(finalized_are(9, 9, -1), "run in reverse order of registration");
  collect();
  run_finalizers();
  ok(finalized_are(0, 0, 0), "and only once");

  for (i64 i = 1; i <= 3; i++) finalizable(meta, 10 - i); /* 9 8 7 */
  rv_root_close(m, inner);
  collect();
  for (i64 i = 4; i <= 6; i++) finalizable(meta, 16 - i); /* 12 11 10 */
  rv_root_close(m, inner);
  collect();
  run_finalizers();
  ok(finalized_are(6, 7, 1), "those due first run first");

  for (i64 i = 1; i <= 8; i++) {
    u32 here = rv_root_open(m);
    RvTable *t = finalizable(meta, i);
    if (i % 2) rv_root_close(m, here);
    (void)t;
  }
  collect();
  run_finalizers();
  ok(finalized_are(4, 7, -2), "the living wait");
  rv_root_close(m, inner);
  collect();
  run_finalizers();
  ok(finalized_are(4, 8, -2), "their turn comes");

  again = true;
  finalizable(meta, 1);
  rv_root_close(m, inner);
  for (u32 i = 0; i < 3; i++) {
    collect();
    run_finalizers();
    ok(finalized_are(1, 1, 0), "registered anew, it is finalized again");
  }
  again = false;
  collect();
  run_finalizers();
  rv_root_close(m, mark);
}

/* Weak values lose a dead object before its finalizer, weak keys keep it until
   it is really gone. */
static void test_resurrection(void) {
  u32 mark = rv_root_open(m);
  RvTable *meta = final_meta(), *values = weak_table("v"),
          *keys = weak_table("k");
  u32 inner = rv_root_open(m);
  RvTable *t = finalizable(meta, 1), *part = table();
  set(values, rv_int(1), tabv(t));
  set(values, rv_int(2), tabv(part));
  set(keys, tabv(t), rv_int(3));
  set(keys, tabv(part), rv_int(4));
  set(t, rv_int(2), tabv(part));
  rv_root_close(m, inner);
  collect();
  is_int(count(values), 0, "weak values are cleared before the finalizer");
  is_int(count(keys), 2, "weak keys are not");
  run_finalizers();
  ok(finalized_are(1, 1, 0), "the finalizer runs");
  collect();
  is_int(count(keys), 0, "afterwards the object dies");
  /* A weak table that only a due object holds is cleared, too. */
  t = finalizable(meta, 2);
  RvTable *w = weak_table("v");
  set(w, rv_int(1), tabv(rv_table_new(m, 0, 0)));
  set(t, rv_int(2), tabv(w));
  rv_root_close(m, inner);
  collect();
  is_int(count(w), 0, "a weak table found by a due object");
  run_finalizers();
  rv_root_close(m, mark);
}

/* -- Serial numbers -------------------------------------------------------- */

static void test_serials(void) {
  u32 mark = rv_root_open(m), bad = 0;
  RvTable *held = table();
  static u64 number[3000];
  u64 last = 0;
  for (u32 round = 0; round < 5; round++) {
    for (u32 i = 0; i < 3000; i++) {
      RvValue v = get(held, rv_int(i + 1));
      if (v.t == RV_TABLE) {
        bad += rv_serial_get(m, RV_AS(RvHdr, v)) != number[i];
        if ((i * 7 + round) % 3) set(held, rv_int(i + 1), rv_bool(false));
        continue;
      }
      u32 inner = rv_root_open(m);
      RvTable *t = table();
      bad += rv_serial_get(m, &t->h) != 0;
      number[i] = rv_serial(m, &t->h);
      bad += number[i] <= last || rv_serial(m, &t->h) != number[i];
      last = number[i];
      set(held, rv_int(i + 1), tabv(t));
      rv_root_close(m, inner);
    }
    if (round % 2) rv_gc_physical(m);
    else collect();
  }
  ok(bad == 0, "serial numbers are kept and never given twice");
  rv_root_close(m, mark);
  collect();
  u32 before = m->cserials;
  for (u32 i = 0; i < 10; i++) collect();
  ok(m->nserials == 0 && (starve || m->cserials <= 64),
     "their table shrinks with time: %u to %u", before, m->cserials);
}

/* -- Shapes ---------------------------------------------------------------- */

static void test_shapes(void) {
  u32 mark = rv_root_open(m), before;
  collect();
  before = m->nshapes;
  u64 bytes = m->guest_live;
  RvTable *class = table();
  for (u32 i = 0; i < 50; i++) {
    u32 inner = rv_root_open(m);
    RvTable *t = table();
    char name[8];
    for (u32 k = 0; k < 10; k++) {
      snprintf(name, sizeof name, "f%u", i * k % 37);
      set(t, strv(name), rv_int(k));
    }
    must(rv_table_set_meta(m, t, class));
    rv_root_close(m, inner);
  }
  ok(m->nshapes > before + 50, "%u shapes", m->nshapes);
  rv_root_close(m, mark);
  collect();
  ok(m->nshapes <= before && m->guest_live == bytes,
     "shapes, keys and a class die together: %u, %llu bytes", m->nshapes,
     (unsigned long long)(m->guest_live - bytes));
}

/* -- Wide and deep --------------------------------------------------------- */

static void test_wide(void) {
  u32 mark = rv_root_open(m), n = 100000;
  RvTable *t = table();
  for (u32 i = 1; i <= n; i++) set(t, rv_int(i), tabv(rv_table_new(m, 0, 0)));
  for (u32 i = 1; i <= n; i++)
    set(t, rv_flt(i + 0.5), tabv(rv_table_new(m, 0, 0)));
  collect();
  is_int(count(t), 2 * n, "200,000 tables in one");
  if (!starve) ok(m->cgray <= 8192, "a short gray list: %u", m->cgray);
  rv_root_close(m, mark);
}

static void test_deep(void) {
  u32 mark = rv_root_open(m), n = 100000;
  RvTable *t = table();
  for (u32 i = 0; i < n; i++) {
    RvTable *up = table();
    set(up, rv_int(1), tabv(t));
    set(up, rv_int(2), tabv(rv_table_new(m, 0, 0)));
    rv_root_close(m, mark);
    anchored(tabv(t = up));
  }
  collect();
  ok(m->guest_live > n * (2 * RV_LSIZE_TABLE + 2 * RV_LSIZE_ENTRY),
     "a list of 100,000");
  u32 found = 0;
  for (RvValue v = tabv(t); v.t == RV_TABLE; found++)
    v = get(RV_AS(RvTable, v), rv_int(1));
  is_int(found, n + 1, "is all there");
  rv_root_close(m, mark);
  collect();
}

/* -- Frames ---------------------------------------------------------------- */

static RvTable *watched; /* weak values */

/* watch(i, v): puts v into the weak table. */
static RvStatus watch(RvNativeCtx *c) {
  c->nres = 0;
  return rv_table_set(c->m, watched, rv_arg(c, 0), rv_arg(c, 1));
}
static RvStatus full(RvNativeCtx *c) {
  rv_gc_check(c->m);
  rv_gc_full(c->m);
  rv_gc_check(c->m);
  c->nres = 0;
  return RV_OK;
}
/* alive(): which of the watched are, as bits. */
static RvStatus alive(RvNativeCtx *c) {
  i64 bits = 0;
  for (i64 i = 1; i <= 20; i++)
    if (rv_table_get_int(c->m, watched, i).t != RV_NIL) bits |= 1ll << i;
  return rv_native_ret(c, rv_int(bits));
}
static const RvNativeDef frame_defs[] = {{"watch", 1, 0, watch},
                                         {"full", 1, 0, full},
                                         {"alive", 1, 0, alive}};

static const char frame_program[] =
    ".func callee params=1\n .upvalue u0\n"
    " getup r1, u0\n getfield r2, r1, \"full\"\n call r2, 0, 0\n"
    " getup r1, u0\n getfield r2, r1, \"alive\"\n call r2, 0, 1\n"
    " ret1 r2\n.end\n"
    ".func object params=1\n .upvalue u0\n"
    " newtable r1, 0, 0\n getup r2, u0\n getfield r3, r2, \"watch\"\n"
    " move r4, r0\n move r5, r1\n call r3, 2, 0\n ret1 r1\n.end\n"
    ".func main\n .upvalue u0\n"
    " closure r0, object\n"
    " move r1, r0\n loadi r2, 1\n call r1, 1, 1\n" /* 1: below the window */
    " move r2, r0\n loadi r3, 2\n call r2, 1, 1\n"
    " move r3, r0\n loadi r4, 3\n call r3, 1, 1\n" /* 3: overwritten */
    " loadnil r3, 1\n loadnil r4, 1\n"
    " move r5, r0\n loadi r6, 5\n call r5, 1, 1\n" /* 5: an argument */
    " move r6, r0\n loadi r7, 4\n call r6, 1, 1\n" /* 4: above the window */
    " closure r4, callee\n call r4, 1, 1\n"
    " ret1 r4\n.end\n"
    ".module \"main\" main\n";

static void test_frames(void) {
  u32 mark = rv_root_open(m);
  RvTable *g = m->globals;
  watched = weak_table("v");
  for (u32 i = 0; i < 3; i++) {
    RvNative *f = rv_native_new(m, &frame_defs[i]);
    set(g, strv(frame_defs[i].name), anchored(rv_obj(f, RV_NATIVE)));
  }
  RvImage *img = assemble(frame_program);
  RvValue v;
  RvRunResult r = run(img, "main", &v);
  if (r != RV_RUN_DONE) {
    char why[200];
    rv_err_text(m, m->main->err, why, sizeof why);
    diag("%d: %s", r, why);
  }
  is_int((i64)v.p, 1 << 1 | 1 << 2 | 1 << 5,
         "a frame keeps what is below its height and its window");
  rv_image_unref(img);
  rv_root_close(m, mark);
}

/* A builtin with values of its own keeps them, and is charged for them. */
static void test_own_values(void) {
  static const RvNativeDef def = {"t.own", 1, 0, NULL};
  u32 mark = rv_root_open(m);
  RvTable *weak = weak_table("v");
  RvValue own[3] = {rv_int(7), rv_obj(rv_table_new(m, 0, 0), RV_TABLE),
                    rv_nil()};
  anchored(own[1]);
  own[2] = anchored(rv_obj(rv_table_new(m, 0, 0), RV_TABLE));
  rv_table_set_int(m, weak, 1, own[1]);
  rv_table_set_int(m, weak, 2, own[2]);
  u64 before = rv_guest_bytes(m);
  RvNative *f = rv_native_bound(m, &def, own, 3);
  is_int((i64)(rv_guest_bytes(m) - before), 16 + 9 * 3,
         "own values are charged");
  rv_root_close(m, mark);
  rv_root_push(m, rv_obj(weak, RV_TABLE));
  u32 kept = rv_root_open(m);
  anchored(rv_obj(f, RV_NATIVE));
  rv_gc_full(m);
  rv_gc_check(m);
  ok(f->own[0] == 7 && rv_native_tags(f)[0] == RV_INT &&
         rv_table_get_int(m, weak, 1).t == RV_TABLE &&
         rv_table_get_int(m, weak, 2).p == own[2].p,
     "a builtin keeps its own values");
  rv_root_close(m, kept);
  rv_gc_full(m);
  ok(rv_table_get_int(m, weak, 1).t == RV_NIL &&
         rv_table_get_int(m, weak, 2).t == RV_NIL,
     "they go with it");
  rv_root_close(m, mark);
}

/* A suspended coroutine keeps what its frames hold, a dead one nothing. */
static const char thread_program[] =
    ".func body\n .upvalue u0\n"
    " newtable r0, 0, 0\n getup r1, u0\n getfield r2, r1, \"watch\"\n"
    " loadi r3, 1\n move r4, r0\n call r2, 2, 0\n"
    " newtable r1, 0, 0\n getup r2, u0\n getfield r3, r2, \"watch\"\n"
    " loadi r4, 2\n move r5, r1\n call r3, 2, 0\n" /* 2 in r1 */
    " loadi r2, 0\n yield r2, 1, 0\n"
    " ret1 r0\n.end\n"
    ".func report\n .upvalue u0\n"
    " getup r0, u0\n getfield r1, r0, \"full\"\n call r1, 0, 0\n"
    " getup r0, u0\n getfield r1, r0, \"alive\"\n call r1, 0, 1\n"
    " ret1 r1\n.end\n"
    ".func main\n .upvalue u0\n"
    " closure r0, body\n conew r0, r0\n"
    " move r1, r0\n resume r1, 0, 1\n"
    " closure r1, report\n call r1, 0, 1\n"
    " mulk r1, r1, 100\n"
    " move r2, r0\n resume r2, 0, 1\n"
    " closure r2, report\n call r2, 0, 1\n"
    " add r1, r1, r2\n"
    " ret1 r1\n.end\n"
    ".module \"main\" main\n";

static void test_threads(void) {
  u32 mark = rv_root_open(m);
  watched = weak_table("v");
  RvImage *img = assemble(thread_program);
  RvValue v;
  if (run(img, "main", &v) != RV_RUN_DONE) bail_out("the coroutine failed");
  is_int((i64)v.p, 100 * (1 << 1 | 1 << 2),
         "a suspended coroutine keeps its registers, a dead one does not");
  rv_image_unref(img);
  rv_root_close(m, mark);
}

/* -- Errors at every point ------------------------------------------------- */

/* Coroutines, closures, cells, texts, keys of all kinds, closing, errors. */
static const char busy_program[] =
    ".func gen params=1 cells=1\n"
    " newcell c0, r0\n loadi r2, 1\n move r3, r0\n loadi r4, 1\n"
    " forprep r2, done\nbody:\n"
    " closure r6, counter\n move r7, r6\n call r7, 0, 1\n"
    " newtable r8, 2, 0\n setidx r8, r5, r7\n yield r8, 1, 1\n"
    " forloop r2, body\ndone:\n loadnil r2, 1\n ret1 r2\n.end\n"
    ".func counter\n .upvalue c0\n"
    " getup r0, u0\n addi r0, r0, 1\n setup u0, r0\n ret1 r0\n.end\n"
    ".func closing params=2\n"
    " getfield r2, r0, \"log\"\n rawlen r3, r2\n addi r3, r3, 1\n"
    " setidx r2, r3, r0\n ret0\n.end\n"
    ".func fails params=2\n"
    " newtable r2, 0, 1\n setfield r2, r0, \"log\"\n"
    " newtable r3, 0, 1\n closure r4, closing\n"
    " setfield r3, r4, \"__close\"\n setmeta r2, r3\n tbc r2\n"
    " jlei r1, 0, bottom\n closure r3, fails\n move r4, r0\n"
    " subi r5, r1, 1\n call r3, 2, 1\n retc r3, 1\n"
    "bottom:\n loadk r3, \"bottom\"\n throw r3\n.end\n"
    ".func main\n"
    " newtable r0, 0, 0\n closure r1, gen\n conew r1, r1\n loadi r2, 0\n"
    "more:\n move r3, r1\n loadi r4, 30\n resume r3, 1, 2\n"
    " jnil r4, drained\n jf r3, drained\n"
    " addi r2, r2, 1\n setidx r0, r2, r4\n"
    " loadk r5, \"a text \"\n move r6, r2\n"
    " loadk r7, \" that is too long to be one of those interned, \"\n"
    " move r8, r2\n concat r5, r5, 4\n setidx r0, r5, r2\n"
    " getidx r6, r0, r2\n setidx r0, r6, r5\n loop more\n"
    "drained:\n newtable r3, 0, 0\n closure r4, fails\n move r5, r3\n"
    " loadi r6, 5\n pcall r4, 2, 2\n rawlen r3, r3\n"
    " add r2, r2, r3\n ret1 r2\n.end\n"
    ".module \"main\" main\n";

typedef struct Host {
  u64 calls, every;
  u64 bytes;
} Host;

static void *host_alloc(void *ud, void *p, size_t osize, size_t nsize,
                        size_t align) {
  Host *h = ud;
  void *q = NULL;
  if (nsize == 0) {
    h->bytes -= osize;
    free(p);
    return NULL;
  }
  if (h->every && ++h->calls % h->every == 0) return NULL;
  if (align > 16) {
    if (posix_memalign(&q, align, nsize)) return NULL;
  } else if (!(q = realloc(p, nsize))) {
    return NULL;
  }
  h->bytes += nsize - (p ? osize : 0);
  return q;
}

/* The error that a machine without memory may end with. */
static bool is_memory_error(void) {
  RvValue v = m->main->err;
  return v.t == RV_STR && (RV_AS(RvString, v) == m->msg_memory ||
                           RV_AS(RvString, v) == m->msg_errerr);
}

static u32 nfailed;

/* Runs the program; it ends well or with a memory error. */
static bool busy(RvImage *img) {
  u32 n = 0;
  RvClosure *cl = rv_load_image(m, img, "main");
  if (!cl) {
    nfailed++;
    return is_memory_error();
  }
  rv_slot_set(m->main, 0, rv_obj(cl, RV_CLOSURE));
  RvRunResult r = rv_run_start(m, 0, 0, &n);
  rv_gc_check(m);
  if (r == RV_RUN_DONE) {
    /* A memory error inside the protected call or the coroutine is no error of
       the program. */
    i64 sum = n ? (i64)rv_slot(m->main, m->main->call_at).p : -1;
    if (sum != 36) nfailed++;
    return sum >= 0 && sum <= 36;
  }
  nfailed++;
  return r == RV_RUN_ERROR && is_memory_error();
}

static bool is_well(RvImage *img) {
  u32 before = nfailed;
  return busy(img) && nfailed == before;
}

static void test_host_errors(RvImage *img) {
  u32 bad = 0, runs = 0;
  nfailed = 0;
  for (u64 every = 1; every < 60; every++) {
    Host h = {0};
    m = rv_machine_new(&(RvConfig){.alloc = host_alloc, .alloc_ud = &h});
    if (!m) bail_out("no machine");
    h.every = every;
    for (u32 i = 0; i < 3; i++, runs++) bad += !busy(img);
    h.every = 0;
    bad += !is_well(img);
    close_machine();
    bad += h.bytes != 0;
  }
  ok(bad == 0, "a host that fails: %u of %u runs met an error", nfailed, runs);
}

static void test_limit_errors(RvImage *img) {
  u32 bad = 0, runs = 0;
  nfailed = 0;
  for (u64 limit = 1500; limit < 40000; limit += 250) {
    m = rv_machine_new(&(RvConfig){.mem = 1 << 20});
    if (!m) bail_out("no machine");
    rv_gc_limit(m, limit);
    for (u32 i = 0; i < 2; i++, runs++) {
      bad += !busy(img);
      bad += rv_guest_bytes(m) > limit;
    }
    rv_gc_limit(m, 1 << 20);
    bad += !is_well(img);
    close_machine();
  }
  ok(bad == 0 && nfailed > 20, "a limit that bites: %u of %u runs met an error",
     nfailed, runs);
}

static void test_errors(void) {
  RvImage *img = assemble(busy_program);
  open_machine();
  ok(is_well(img), "a busy program");
  close_machine();
  test_host_errors(img);
  test_limit_errors(img);
  rv_image_unref(img);
}

/* -- Caches ---------------------------------------------------------------- */

/* A host short of memory takes the caches back under the running function. */
static void test_evicted(void) {
  m = rv_machine_new(&(RvConfig){.host = 600000});
  if (!m) bail_out("no machine");
  RvImage *img = assemble(
      ".func main\n newtable r0, 0, 1\n loadi r1, 1\n"
      " setfield r0, r1, \"x\"\n newtable r1, 0, 0\n"
      " loadi r2, 1\n loadi r3, 30000\n loadi r4, 1\n forprep r2, done\n"
      "body:\n newtable r6, 0, 0\n newtable r6, 0, 0\n newtable r6, 0, 0\n"
      " setidx r1, r5, r6\n getfield r7, r0, \"x\"\n"
      " setfield r0, r7, \"x\"\n forloop r2, body\n"
      "done:\n ret0\n.end\n.module \"main\" main\n");
  RvValue v;
  RvRunResult r = run(img, "main", &v);
  ok(r == RV_RUN_ERROR && m->stats.host_events > 0 &&
         m->main->err.p == RV_PAY(m->msg_memory),
     "caches go while their function runs, then memory is out");
  rv_image_unref(img);
  close_machine();
}

/* -- The validator --------------------------------------------------------- */

#ifdef RV_CHECK
static RvTable *victim;

static void old_victim(void) {
  victim = table();
  set(victim, rv_int(1), tabv(table()));
  set(victim, strv("x"), tabv(table()));
  set(victim, tabv(table()), rv_int(1));
  collect();
}

static void miss_element(void) {
  victim->arr[0] = RV_PAY(rv_table_new(m, 0, 0));
}
static void miss_field(void) {
  victim->props[-1] = RV_PAY(rv_str_newz(m, "a string nobody has"));
  ((u8 *)victim->props)[0] = RV_STR;
}
static void miss_key(void) {
  RvShape *s = m->shapes[victim->h.shape];
  RvTable *t = rv_table_new(m, 0, 0);
  rv_serial(m, &t->h);
  s->key[1] = RV_PAY(t);
}
static void miss_part(void) {
  victim->arr = memcpy(rv_heap_alloc(m, 512, 0), victim->arr, 8);
}
static void wrong_tag(void) { ((u8 *)victim->props)[0] = 7; }
static void wrong_type(void) { ((u8 *)victim->props)[0] = RV_BUFFER; }
static void wrong_count(void) { victim->acount = victim->asize + 1; }
static void wrong_shape(void) { victim->h.shape = m->nshapes + 5; }
static void wrong_holes(void) { victim->h.flags |= RV_TAB_HOLES; }
static void wrong_flag(void) { victim->h.gc |= RV_GC_FIN; }
static void wrong_bytes(void) {
  *(char *)(uintptr_t)rv_str_data(m->names[0]) ^= 1;
}
static void wrong_frame(void) { m->main->frames[0].top = m->main->nslots + 1; }
static void black_new(void) { table()->h.gc |= RV_GC_BLACK; }
static void two_owners(void) { table()->h.shape = victim->h.shape; }
static void dangling(void) {
  m->gc_stopped = true;
  victim->arr[0] = RV_PAY(victim) + 4096 * 8;
}

/* Does the validator abort after `harm`? */
static bool is_found(void (*harm)(void)) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid < 0) bail_out("cannot fork");
  if (pid == 0) {
    signal(SIGABRT, SIG_DFL);
    if (!freopen("/dev/null", "w", stderr)) _exit(3);
    old_victim();
    if (harm) {
      m->stress = 0;
      m->bump_end = m->run_end;
      harm();
    }
    rv_gc_check(m);
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  if (!harm) return !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status));
}

static void test_validator(void) {
  static const struct {
    const char *name;
    void (*harm)(void);
  } harms[] = {{"an element without barrier", miss_element},
               {"a field without barrier", miss_field},
               {"a key without barrier", miss_key},
               {"a part without barrier", miss_part},
               {"a tag out of range", wrong_tag},
               {"a tag of another type", wrong_type},
               {"too many elements", wrong_count},
               {"a shape that is not there", wrong_shape},
               {"holes that are not there", wrong_holes},
               {"a flag without an entry", wrong_flag},
               {"bytes of a string changed", wrong_bytes},
               {"a frame beyond the stack", wrong_frame},
               {"a new object that is black", black_new},
               {"a private shape of two tables", two_owners},
               {"a pointer to nothing", dangling}};
  ok(!is_found(NULL), "the validator accepts a sound heap");
  for (size_t i = 0; i < sizeof harms / sizeof *harms; i++)
    ok(is_found(harms[i].harm), "and finds %s", harms[i].name);
}
#else
static void test_validator(void) {
  skip("the validator", "this build has no asserts");
}
#endif

/* -- All of it ------------------------------------------------------------- */

static void test_all(u32 links) {
  open_machine();
  test_weak_values();
  test_weak_keys();
  test_weak_both();
  test_modes();
  test_ephemerons();
  test_chain(links, false);
  test_chain(links, true);
  test_tombstones();
  test_key_address(0);
  test_key_address(40);
  test_finalizers();
  test_resurrection();
  test_serials();
  test_shapes();
  test_wide();
  test_deep();
  test_frames();
  test_own_values();
  test_threads();
  close_machine();
}

int main(void) {
  open_machine();
  test_validator();
  close_machine();
  test_evicted();
  test_errors();
  test_all(100000);
  starve = true;
  for (slack = 0; slack < 100000; slack = slack * 6 + 600) {
    diag("and with lists that can grow by %d bytes", (int)slack);
    test_all(1000);
  }
  return done_testing();
}
