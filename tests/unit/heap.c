/* SPDX-License-Identifier: MIT */
/* vm/heap.c: memory against a model, growth of blocks, the ledger, limits,
   hosts that run out of memory, many machines. */
#include "tests/tap.h"

#include <time.h>

#include "vm/call.h"
#include "vm/err.h"
#include "vm/hash.h"
#include "vm/heap_impl.h"
#include "vm/str.h"
#include "vm/table.h"

static RvMachine *m;

static u64 random_state;
static u64 random64(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  return random_state ^= random_state << 17;
}
static u32 below(u32 n) { return (u32)(random64() >> 32) % n; }

static RvMachine *machine(RvConfig c) {
  RvMachine *x = rv_machine_new(&c);
  if (!x) bail_out("no machine");
  random_state = 88172645463325252ull;
  return x;
}

/* -- Buffers: objects with a headerless part of any size ------------------- */

static void pattern(RvBuffer *b, u8 seed) {
  for (u64 i = 0; i < b->len; i++) b->data[i] = (u8)(seed + i * 7);
}

static bool has_pattern(const RvBuffer *b, u64 n, u8 seed) {
  for (u64 i = 0; i < n; i++)
    if (b->data[i] != (u8)(seed + i * 7)) return false;
  return true;
}

static bool resize(RvBuffer *b, u64 n) {
  u64 more = n > b->cap ? n - b->cap : 0;
  u8 *p = rv_heap_regrow(m, b->data, b->cap, n, more);
  if (!p) return false;
  b->data = p;
  b->cap = b->len = n;
  rv_barrier(m, b, RV_BUFFER);
  return true;
}

/* A buffer of n bytes, on the roots. */
static RvBuffer *buffer(u64 n, u8 seed) {
  RvBuffer *b = rv_heap_new(m, sizeof *b, RV_LSIZE_BUFFER(0), RV_BUFFER);
  if (!b) return NULL;
  b->data = NULL;
  b->len = b->cap = 0;
  rv_root_push(m, rv_obj(b, RV_BUFFER));
  if (n && !resize(b, n)) return NULL;
  pattern(b, seed);
  return b;
}

enum { HELD = 500 };

static u64 a_size(void) {
  switch (below(10)) {
  case 0: return 2040 + below(20); /* around the limit of small objects */
  case 1: return 1 + below(100000);
  case 2: return 256 + below(1800);
  default: return 1 + below(200);
  }
}

/* Random requests; what is held must keep its bytes whatever is collected. */
static void test_model(void) {
  m = machine((RvConfig){.stress = 0});
  RvTable *held = rv_table_new(m, 0, 0);
  u8 seed[HELD] = {0};
  u64 size[HELD] = {0};
  u32 bad = 0, mark;
  rv_root_push(m, rv_obj(held, RV_TABLE));
  for (u32 step = 0; step < 20000; step++) {
    u32 i = below(HELD);
    RvValue v = rv_table_get_int(m, held, i + 1);
    if (v.t == RV_BUFFER) {
      bad += !has_pattern(RV_AS(RvBuffer, v), size[i], seed[i]);
      if (below(2)) {
        u64 n = a_size();
        u64 kept = n < size[i] ? n : size[i];
        bad += !resize(RV_AS(RvBuffer, v), n) ||
               !has_pattern(RV_AS(RvBuffer, v), kept, seed[i]);
        size[i] = n;
        pattern(RV_AS(RvBuffer, v), seed[i]);
        continue;
      }
    }
    mark = rv_root_open(m);
    size[i] = a_size();
    seed[i] = (u8)random64();
    RvBuffer *b = buffer(size[i], seed[i]);
    bad += !b || rv_table_set_int(m, held, i + 1, rv_obj(b, RV_BUFFER));
    rv_root_close(m, mark);
    if (step % 1000 == 0) rv_gc_physical(m);
    if (step % 1000 == 500) rv_gc_full(m);
    if (step % 500 == 0) rv_gc_check(m);
  }
  ok(bad == 0, "20,000 requests of all sizes keep their bytes");
  rv_root_close(m, 0);
  rv_gc_full(m);
  rv_gc_full(m);
  ok(m->nlarge == 0 && m->stats.host_bytes < 1 << 20,
     "and all goes back to the host: %llu bytes left, %llu at the peak",
     (unsigned long long)m->stats.host_bytes,
     (unsigned long long)m->stats.host_peak);
  rv_machine_free(m);
}

/* Keeps one of `every` objects of n bytes, then lets the collector find the
   gaps. */
static void fragment(RvTable *held, u32 count, u32 n, u32 every) {
  m->gc_stopped = true;
  m->host_goal = UINT64_MAX;
  for (u32 i = 0, k = 0; i < count; i++) {
    u32 mark = rv_root_open(m);
    RvBuffer *b = buffer(n, 1);
    if (b && i % every == 0)
      rv_table_set_int(m, held, ++k, rv_obj(b, RV_BUFFER));
    rv_root_close(m, mark);
  }
  m->gc_stopped = false;
  rv_gc_full(m);
}

static void test_fragments(void) {
  m = machine((RvConfig){.stress = 0});
  RvTable *held = rv_table_new(m, 0, 0);
  rv_root_push(m, rv_obj(held, RV_TABLE));
  fragment(held, 40000, 48, 2);
  u64 before = m->stats.host_bytes;
  u32 n = m->nblocks;
  /* Each gap takes one such pair again. */
  for (u32 i = 0; i < 15000; i++) {
    u32 mark = rv_root_open(m);
    buffer(48, 2);
    rv_root_close(m, mark);
  }
  ok(m->nblocks <= n + 1, "gaps are filled before blocks are taken: %u, %u", n,
     m->nblocks);
  rv_gc_full(m);
  /* One large request now and then must not run over all the gaps. */
  n = m->nblocks;
  for (u32 i = 0; i < 15000; i++) {
    u32 mark = rv_root_open(m);
    buffer(i % 100 ? 48 : 2000, 2);
    rv_root_close(m, mark);
  }
  u64 used = 150 * 2048;
  ok(m->nblocks <= n + 2 * (u32)(used / RV_BLOCK_BYTES + 1),
     "nor do long requests waste them: %u, %u", n, m->nblocks);
  rv_gc_full(m);
  ok(m->stats.host_bytes <= before + (4 << 20), "%llu, %llu host bytes",
     (unsigned long long)before, (unsigned long long)m->stats.host_bytes);
  rv_machine_free(m);
}

/* Garbage that the ledger does not see must not pile up. */
static void test_outgrown(void) {
  m = machine((RvConfig){.stress = 0});
  u64 peak = 0;
  for (u32 i = 0; i < 20000; i++) {
    RvTable *t = rv_table_new(m, 250, 0); /* logically 32 bytes, really 2,264 */
    if (!t) bail_out("no table");
    if (m->stats.host_bytes > peak) peak = m->stats.host_bytes;
  }
  ok(peak < 8 << 20, "45 MB of hidden garbage fit in %llu bytes",
     (unsigned long long)peak);
  rv_machine_free(m);
}

/* -- The ledger ------------------------------------------------------------ */

enum { STEPS = 6000 };

typedef struct Ledger {
  u64 bytes[STEPS];
  u64 collections;
} Ledger;

static RvStatus nothing(RvNativeCtx *c) {
  c->nres = 0;
  return RV_OK;
}
static const RvNativeDef nothing_def = {"nothing", 1, 0, nothing};

static RvString *text(u32 i, u32 len) {
  char buf[300];
  for (u32 k = 0; k < len; k++) buf[k] = (char)('a' + (i >> k % 8 * 4 & 15));
  return rv_str_new(m, buf, len);
}

/* A metatable with one event; on the roots. */
static RvTable *meta_with(RvName e, RvValue v) {
  rv_root_push(m, v);
  RvTable *t = rv_table_new(m, 0, 0);
  rv_root_push(m, rv_obj(t, RV_TABLE));
  if (rv_table_set_str(m, t, m->names[e], v)) bail_out("no entry");
  return t;
}

/* One step of a program that uses everything the ledger knows. */
static RvStatus a_step(RvTable *all, RvTable **metas, u32 step) {
  RvValue k = rv_int(1 + below(300)), v = rv_int(step);
  RvTable *t;
  u32 mark = rv_root_open(m);
  RvValue old = rv_table_get(m, all, k);
  RvStatus st = RV_OK;
  switch (below(8)) {
  case 0:
  case 1:
    v = rv_strv(text(step, 1 + below(100)));
    break;
  case 2:
    if (old.t == RV_STR && RV_AS(RvString, old)->len < 5000) {
      RvString *s = rv_str_append(m, RV_AS(RvString, old),
                                  "some more of this text", 22);
      if (!s) return RV_ERROR;
      v = rv_strv(s);
    }
    break;
  case 3:
  case 4:
    if (!(t = rv_table_new(m, below(4), below(5)))) return RV_ERROR;
    v = rv_obj(t, RV_TABLE);
    rv_root_push(m, v);
    if (below(2)) st = rv_table_set_meta(m, t, metas[below(4)]);
    break;
  case 5: v = rv_nil(); break;
  case 6:
    if (old.t == RV_TABLE) { /* as key of a weak or ordinary table */
      RvValue to = rv_table_get(m, all, rv_int(1 + below(300)));
      if (to.t == RV_TABLE)
        st = rv_table_set(m, RV_AS(RvTable, to), old, rv_int(1));
    }
    break;
  default: break;
  }
  if (v.t == RV_STR && !v.p) return RV_ERROR;
  rv_root_push(m, v);
  if (st == RV_OK && old.t == RV_TABLE && below(3)) {
    t = RV_AS(RvTable, old);
    RvString *name = text(below(40), 4);
    if (!name) return RV_ERROR;
    rv_root_push(m, rv_strv(name));
    st = below(2) ? rv_table_set_str(m, t, name, v)
                  : rv_table_set_int(m, t, 1 + below(10), v);
  } else if (st == RV_OK) {
    st = rv_table_set(m, all, k, v);
  }
  rv_root_close(m, mark);
  return st;
}

static bool make_metas(RvTable **metas) {
  metas[0] = meta_with(RV_EV_MODE, rv_strv(rv_str_newz(m, "k")));
  metas[1] = meta_with(RV_EV_MODE, rv_strv(rv_str_newz(m, "v")));
  RvNative *f = rv_native_new(m, &nothing_def);
  metas[2] = meta_with(RV_EV_GC, rv_obj(f, RV_NATIVE));
  metas[3] = meta_with(RV_EV_NAME, rv_strv(rv_str_newz(m, "plain")));
  return true;
}

static void run_ledger(u8 stress, u64 mem, Ledger *l) {
  RvTable *metas[4];
  m = machine((RvConfig){.stress = stress, .mem = mem});
  RvTable *all = rv_table_new(m, 0, 0);
  rv_root_push(m, rv_obj(all, RV_TABLE));
  make_metas(metas);
  rv_gc_full(m); /* from now on the budget is small */
  for (u32 i = 0; i < STEPS; i++) {
    u32 mark = rv_root_open(m);
    if (a_step(all, metas, i)) m->main->err = rv_nil();
    rv_root_close(m, mark);
    m->ntofin = 0; /* nobody runs them */
    l->bytes[i] = rv_guest_bytes(m);
  }
  l->collections = m->stats.collections;
  rv_gc_check(m);
  rv_machine_free(m);
}

static void test_ledger(u64 mem) {
  static Ledger plain, other;
  run_ledger(0, mem, &plain);
  ok(plain.collections > 1, "%llu collections in %u steps",
     (unsigned long long)plain.collections, STEPS);
  for (u8 stress = 1; stress <= 2; stress++) {
    run_ledger(stress, mem, &other);
    u32 i = 0;
    while (i < STEPS && plain.bytes[i] == other.bytes[i]) i++;
    ok(i == STEPS && plain.collections == other.collections,
       "stress %u: the ledger is the same at each step", stress);
    if (i < STEPS)
      diag("step %u: %llu, not %llu", i, (unsigned long long)other.bytes[i],
           (unsigned long long)plain.bytes[i]);
  }
}

/* -- Limits ---------------------------------------------------------------- */

static bool is_memory_error(void) {
  RvValue v = m->main->err;
  bool good = v.t == RV_STR && RV_AS(RvString, v) == m->msg_memory;
  m->main->err = rv_nil();
  return good;
}

/* Fills table t until memory is out; the number of entries. */
static u32 fill(RvTable *t) {
  u32 n = 0;
  while (n < 10000000) {
    u32 mark = rv_root_open(m);
    RvString *s = text(n, 100);
    if (s) rv_root_push(m, rv_strv(s));
    RvStatus st = s ? rv_table_set_int(m, t, n + 1, rv_strv(s)) : RV_ERROR;
    rv_root_close(m, mark);
    if (st) break;
    n++;
  }
  return n;
}

static void test_limits(void) {
  m = machine((RvConfig){.mem = 1 << 20});
  u32 first = 0;
  for (u32 round = 0; round < 3; round++) {
    RvTable *t = rv_table_new(m, 0, 0);
    rv_root_push(m, rv_obj(t, RV_TABLE));
    u32 n = fill(t);
    if (!first) first = n;
    ok(n > 6000 && n < 9000 && is_memory_error() &&
           rv_guest_bytes(m) <= m->guest_limit,
       "the limit is reached with %u strings and %llu bytes", n,
       (unsigned long long)rv_guest_bytes(m));
    rv_gc_check(m);
    rv_root_close(m, 0);
  }
  RvTable *t = rv_table_new(m, 0, 0);
  rv_root_push(m, rv_obj(t, RV_TABLE));
  rv_gc_limit(m, 2 << 20);
  u32 n = fill(t);
  ok(n > first * 3 / 2 && is_memory_error(), "twice the limit: %u strings", n);
  rv_gc_limit(m, 1 << 19);
  ok(!rv_str_newz(m, "not to be had") && is_memory_error(),
     "a limit below what is in use holds at once");
  rv_gc_limit(m, UINT64_MAX);
  ok(rv_str_newz(m, "to be had") != NULL, "no limit");
  rv_gc_limit(m, 3 << 20);
  ok(!rv_heap_alloc(m, 1 << 20, (u64)1 << 40) && is_memory_error() &&
         !rv_heap_regrow(m, NULL, 0, SIZE_MAX - 3, 0) && is_memory_error() &&
         rv_heap_charge(m, (u64)1 << 60) && is_memory_error(),
     "absurd requests");
  rv_machine_free(m);
  m = machine((RvConfig){.mem = 1 << 20});
  ok(rv_heap_alloc(m, 700000, 700000) != NULL, "one request over the budget");
  ok(!rv_heap_alloc(m, 2 << 20, 2 << 20) && is_memory_error(), "or too large");
  rv_machine_free(m);
  m = rv_machine_new(&(RvConfig){.mem = 500});
  ok(!m, "a limit that is too small for a machine");
}

static void test_stopped(void) {
  m = machine((RvConfig){.mem = 2 << 20});
  m->gc_stopped = true;
  u64 before = m->stats.collections;
  while (rv_guest_bytes(m) < 1900000) text((u32)random64(), 80);
  ok(m->stats.collections == before, "a stopped collector does not collect");
  u32 n = 0;
  for (u32 i = 0; i < 10000; i++) n += text((u32)random64(), 80) == NULL;
  ok(n == 0 && m->stats.collections > before, "but at the limit");
  rv_machine_free(m);
}

/* -- Hosts without memory -------------------------------------------------- */

typedef struct Host {
  u64 calls, fail_at, every; /* fail_at 0: never; every 0: only then */
  u64 bytes;
  u64 failed;
} Host;

static void *host_alloc(void *ud, void *p, size_t osize, size_t nsize,
                        size_t align) {
  Host *h = ud;
  if (nsize == 0) {
    h->bytes -= osize;
    free(p);
    return NULL;
  }
  h->calls++;
  if (h->fail_at && (h->calls == h->fail_at ||
                     (h->calls > h->fail_at && h->every &&
                      (h->calls - h->fail_at) % h->every == 0))) {
    h->failed++;
    return NULL;
  }
  void *q = NULL;
  if (align > 16) {
    if (posix_memalign(&q, align, nsize)) return NULL;
  } else if (!(q = realloc(p, nsize))) {
    return NULL;
  }
  h->bytes += nsize - (p ? osize : 0);
  return q;
}

/* One step that needs the host: large parts, serial numbers, finalizers, all
   kinds of lists; also collections. */
static RvStatus a_hard_step(RvTable *all, RvTable **metas, u32 step) {
  u32 mark = rv_root_open(m);
  RvBuffer *b;
  RvTable *t;
  RvStatus st = RV_OK;
  switch (below(6)) {
  case 0:
  case 1:
    if (!(b = buffer(a_size(), 1))) st = RV_ERROR;
    else st = rv_table_set_int(m, all, 1 + below(300), rv_obj(b, RV_BUFFER));
    break;
  case 2:
    if (!(t = rv_table_new(m, 0, 0))) return RV_ERROR;
    rv_root_push(m, rv_obj(t, RV_TABLE));
    st = rv_table_set(m, metas[below(4)], rv_obj(t, RV_TABLE), rv_int(1));
    if (!st) st = rv_gc_finalizable(m, &t->h);
    break;
  case 3:
    if (below(10) == 0) rv_gc_full(m);
    m->ntofin = 0;
    break;
  default: st = a_step(all, metas, step);
  }
  rv_root_close(m, mark);
  return st;
}

static u32 hard_steps(u32 n) {
  RvTable *metas[4];
  u32 failed = 0;
  for (u32 i = 0; i < 4; i++) {
    if (!(metas[i] = rv_table_new(m, 0, 0))) return 1;
    rv_root_push(m, rv_obj(metas[i], RV_TABLE));
  }
  RvTable *all = rv_table_new(m, 0, 0);
  if (!all) return 1;
  rv_root_push(m, rv_obj(all, RV_TABLE));
  RvString *k = rv_str_newz(m, "k");
  failed += !k || rv_table_set_str(m, metas[0], m->names[RV_EV_MODE],
                                   rv_strv(k));
  for (u32 i = 0; i < n; i++) failed += a_hard_step(all, metas, i) != RV_OK;
  return failed;
}

static void test_failing(void) {
  u32 bad = 0, refused = 0, made = 0, errors = 0;
  u64 failed = 0;
  for (u64 at = 1; at < 100; at++) {
    Host h = {.fail_at = at / 3 + 1, .every = at % 3 ? 1 + at % 5 : 0};
    m = rv_machine_new(&(RvConfig){.alloc = host_alloc, .alloc_ud = &h});
    if (!m) {
      refused++;
      bad += h.bytes != 0;
      continue;
    }
    made++;
    random_state = 88172645463325252ull + at;
    errors += hard_steps(600);
    rv_gc_check(m);
    failed += h.failed;
    h.fail_at = 0;
    rv_root_close(m, 0);
    m->main->err = rv_nil();
    bad += hard_steps(50) != 0;
    rv_gc_full(m);
    rv_gc_check(m);
    rv_machine_free(m);
    bad += h.bytes != 0;
  }
  ok(bad == 0 && refused > 3 && made > 50 && errors > 100,
     "%u machines refused, %u survive %llu failures of the host, %u errors",
     refused, made, (unsigned long long)failed, errors);
}

/* A cap on host memory: caches go, then garbage, then an error is raised. */
static void test_cap(void) {
  m = machine((RvConfig){.host = 3 << 20});
  RvTable *t = rv_table_new(m, 0, 0);
  rv_root_push(m, rv_obj(t, RV_TABLE));
  u32 n = fill(t);
  ok(n > 8000 && is_memory_error() && m->stats.host_events > 0 &&
         m->stats.host_peak <= 3 << 20,
     "the host's cap: %u strings, %llu bytes", n,
     (unsigned long long)m->stats.host_peak);
  rv_gc_check(m);
  u64 events = m->stats.host_events;
  rv_root_close(m, 0);
  for (u32 i = 0; i < 3000; i++)
    if (!text((u32)random64(), 100)) bail_out("no string");
  ok(m->stats.host_events == events, "afterwards the machine is usable");
  rv_machine_free(m);
}

/* Collections between two payments end when the debt exceeds 32 times the
   limit, not before. */
static void test_debt(void) {
  const u64 limit = 1 << 20;
  m = machine((RvConfig){.mem = limit});
  for (u64 over = 0; over < 2; over++) {
    m->gc_paid = rv_fuel_used(m) - m->owed;
    m->gc_debt = 32 * limit + over;
    u64 before = m->stats.collections;
    ok(rv_heap_charge(m, (u64)m->gc_left + 1) == RV_OK &&
           m->stats.collections == before + 1 - over,
       "debt of 32 limits and %u: %s", (u32)over,
       over ? "no collection" : "a collection");
  }
  rv_machine_free(m);
}

/* -- Many machines --------------------------------------------------------- */

static void test_many(void) {
#ifdef RV_STRESS
  enum { MANY = 1000, ALIVE = 100 };
#else
  enum { MANY = 10000, ALIVE = 1000 };
#endif
  static RvMachine *alive[ALIVE];
  Host h = {0};
  clock_t start = clock();
  for (u32 i = 0; i < MANY; i++) {
    rv_machine_free(alive[i % ALIVE]);
    alive[i % ALIVE] =
        rv_machine_new(&(RvConfig){.alloc = host_alloc, .alloc_ud = &h});
    if (!alive[i % ALIVE]) bail_out("no machine");
  }
  double us = (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC / MANY;
  u64 each = h.bytes / ALIVE;
  for (u32 i = 0; i < ALIVE; i++) rv_machine_free(alive[i]);
  ok(h.bytes == 0, "%u machines come and go", (u32)MANY);
  diag("%.1f microseconds and %llu host bytes each", us,
       (unsigned long long)each);
}

int main(void) {
  test_model();
  test_fragments();
  test_outgrown();
  test_ledger(0);
  test_ledger(300000);
  test_limits();
  test_stopped();
  test_failing();
  test_cap();
  test_debt();
  test_many();
  return done_testing();
}
