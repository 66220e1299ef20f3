/* SPDX-License-Identifier: MIT */
/* stdlib/lib_sort.c: table.sort, with comparators of all sorts. */
#include "tests/unit/builtins.h"

/* -- Comparators ----------------------------------------------------------- */

static RvStatus descending(RvNativeCtx *c) {
  calls++;
  RvValue a = rv_arg(c, 0), b = rv_arg(c, 1);
  return rv_native_ret(c, rv_bool((i64)a.p > (i64)b.p));
}

/* A comparator that contradicts itself, and charges for it. */
static RvStatus hostile(RvNativeCtx *c) {
  RvStatus st = rv_fuel_pay(c->th, c->m, 1);
  if (st) return st;
  calls++;
  return rv_native_ret(c, rv_bool(calls * 2654435761u >> 16 & 1));
}

static RvStatus failing(RvNativeCtx *c) {
  if (++calls < 4) return rv_native_ret(c, rv_bool(calls & 1));
  return rv_err(c->th, "enough");
}

static RvStatus no_answer(RvNativeCtx *c) {
  calls++;
  c->res = c->base;
  c->nres = 0;
  return RV_OK;
}

/* Empties the list that variable 0 holds. */
static RvStatus vandal(RvNativeCtx *c) {
  calls++;
  RvTable *t = RV_AS(RvTable, rv_slot(c->th, 0));
  for (i64 i = rv_table_len(c->m, t); i > 0; i--) {
    RvStatus st = rv_table_set_int(c->m, t, i, rv_nil());
    if (st) return st;
  }
  return rv_native_ret(c, rv_bool(calls & 1));
}

/* Orders pairs {key, rank} by key alone. */
static RvStatus by_first(RvNativeCtx *c) {
  RvValue a = rv_table_get_int(c->m, RV_AS(RvTable, rv_arg(c, 0)), 1);
  RvValue b = rv_table_get_int(c->m, RV_AS(RvTable, rv_arg(c, 1)), 1);
  return rv_native_ret(c, rv_bool((i64)a.p < (i64)b.p));
}

/* Never answers. */
static RvStatus endless(RvNativeCtx *c) {
  for (;;) {
    RvStatus st = rv_fuel_pay(c->th, c->m, 1);
    if (st) return st;
  }
}

static const RvNativeDef sort_defs[] = {
    {"t.descending", 1, 0, descending}, {"t.hostile", 1, 0, hostile},
    {"t.failing", 1, 0, failing},       {"t.no_answer", 1, 0, no_answer},
    {"t.vandal", 1, 0, vandal},         {"t.by_first", 1, 0, by_first},
    {"t.endless", 1, 0, endless},
};

/* -- Sorting --------------------------------------------------------------- */

static bool is_sorted(u32 var, u32 n, bool down) {
  RvTable *t = RV_AS(RvTable, rv_slot(m->main, var));
  if (rv_table_len(m, t) != n) return false;
  for (u32 i = 1; i < n; i++) {
    RvValue a = rv_table_get_int(m, t, down ? i + 1 : i);
    RvValue b = rv_table_get_int(m, t, down ? i : i + 1);
    if (a.t == RV_FLT ? rv_u2d(a.p) > rv_u2d(b.p) : (i64)a.p > (i64)b.p)
      return false;
  }
  return true;
}

static void test_sort(void) {
  int bad = 0;
  for (u32 n = 0; n < 70; n++) {
    for (int round = 0; round < 4; round++) {
      random_list(0, n, round == 1 ? 4 : 0, round == 2);
      u64 sum = content(0);
      if (round == 3) call_slowly("table.sort", "v", 0u);
      else call("table.sort", "v", 0u);
      bad += !is_sorted(0, n, false) || content(0) != sum;
    }
  }
  is_int(bad, 0, "lists of 0 to 69 numbers");
  random_list(0, 50000, 0, false);
  u64 sum = content(0);
  call("table.sort", "v", 0u);
  ok(is_sorted(0, 50000, false) && content(0) == sum, "50,000 integers");
  u64 fuel = used;
  ok(fuel > 50000 * 12 / 16, "superlinear fuel: %" PRIu64, fuel);
  random_list(0, 1000, 0, false);
  call_slowly("table.sort", "vf", 0u, "t.descending");
  ok(is_sorted(0, 1000, true), "a comparator, unit by unit");
  ok(calls < 1000 * 10, "n log n comparisons: %d", calls);
  calls = 0;
  call("table.sort", "vf", 0u, "t.descending");
  is_int(calls, 999, "an ordered list needs n - 1 comparisons");
  list(0, "sssss", "pear", "apple", "fig", "Zebra", "");
  call("table.sort", "v", 0u);
  is_list(0, "'' 'Zebra' 'apple' 'fig' 'pear'", "strings");
  list(0, "didid", 2.5, 2, 1e300, -1, 0.25);
  call("table.sort", "v", 0u);
  is_list(0, "-1 0.25 2 2.5 1e+300", "integers and floats");
  m->stress = 1;
  list(0, "sdsds", "x", 1.0, "y", 2.0, "z");
  call("table.sort", "vf", 0u, "t.always");
  m->stress = 0;
  is_int(rv_table_len(m, RV_AS(RvTable, rv_slot(m->main, 0))), 5,
         "under stress");
}

static void test_sort_stable(void) {
  enum { N = 500 };
  RvTable *t = list(0, "");
  for (int i = 1; i <= N; i++) {
    RvTable *pair = list(1, "ii", (int)(random32() >> 8) % 10, i);
    if (rv_table_set_int(m, t, i, rv_obj(pair, RV_TABLE))) bail_out("memory");
  }
  call("table.sort", "vf", 0u, "t.by_first");
  int bad = 0;
  i64 key = -1, rank = 0;
  for (int i = 1; i <= N; i++) {
    RvTable *pair = RV_AS(RvTable, rv_table_get_int(m, t, i));
    i64 k = (i64)rv_table_get_int(m, pair, 1).p;
    i64 r = (i64)rv_table_get_int(m, pair, 2).p;
    bad += k < key || (k == key && r < rank);
    key = k;
    rank = r;
  }
  is_int(bad, 0, "equal elements keep their order");
}

static void test_sort_hostile(void) {
  static const char *const bad_orders[] = {"t.hostile", "t.always",
                                           "t.no_answer"};
  for (int i = 0; i < 3; i++) {
    int bad = 0;
    for (u32 n = 2; n < 200; n += 7) {
      random_list(0, n, 0, false);
      u64 sum = content(0);
      call("table.sort", "vf", 0u, bad_orders[i]);
      bad += content(0) != sum || calls > (int)n * 9;
    }
    is_int(bad, 0, bad_orders[i]);
  }
  random_list(0, 20, 0, false);
  char before[2048];
  strcpy(before, list_text(0));
  ok(call("table.sort", "vf", 0u, "t.failing") == RV_RUN_ERROR &&
         strstr(text, "enough"),
     "an error of the comparator comes out");
  is_str(list_text(0), before, "and the list is as it was");
  random_list(0, 100, 0, false);
  u64 sum = content(0);
  call("table.sort", "vf", 0u, "t.vandal");
  ok(content(0) == sum, "a comparator that empties the list loses nothing");
  list(0, "isi", 1, "a", 2);
  fails("attempt to compare", "table.sort", "v", 0u);
  fails("(function expected, got boolean)", "table.sort", "vt", 0u);
  fails("(table expected, got nil)", "table.sort", "n");
  list(1, "ii", 1, 2);
  list(2, "ii", 3, 4);
  set_event(1, "__lt", "t.always");
  list(0, "vv", 2u, 1u);
  call("table.sort", "v", 0u);
  ok(calls == 2, "event __lt of an element");
}

/* The state of a stopped sort, spoilt as a bad snapshot might. */
static void test_sort_corrupt(void) {
  int ended = 0, rounds = 0;
  for (u32 slot = 0; slot < 8; slot++) {
    for (int how = 0; how < 4; how++, rounds++) {
      u32 nres;
      random_list(0, 64, 0, false);
      m->main->frames[0].top = WINDOW;
      rv_slot_set(m->main, WINDOW, function("table.sort"));
      rv_slot_set(m->main, WINDOW + 1, rv_slot(m->main, 0));
      set_fuel(12);
      if (rv_run_start(m, WINDOW, 1, &nres) != RV_RUN_FUEL)
        bail_out("the sort did not stop");
      static const u64 odd[] = {0, 0xffffffffu, 1ull << 31, 7};
      rv_slot_set(m->main, WINDOW + 2 + slot,
                  how == 3 ? rv_nil() : rv_int((i64)odd[how]));
      rv_machine_refuel(m, 100000);
      RvRunResult r = rv_run_resume(m, &nres);
      ended += r == RV_RUN_DONE || r == RV_RUN_ERROR || r == RV_RUN_FUEL;
      m->running = false;
      m->main->paid = 0;
      set_fuel(-1);
    }
  }
  is_int(ended, rounds, "spoilt states end or use up their fuel");
}

/* A comparator that never answers ends with the fuel, and the machine can be
   told to do something else. */
static void test_sort_endless(void) {
  u32 nres;
  random_list(0, 10, 0, false);
  char before[2048];
  strcpy(before, list_text(0));
  m->main->frames[0].top = WINDOW;
  rv_slot_set(m->main, WINDOW, function("table.sort"));
  rv_slot_set(m->main, WINDOW + 1, rv_slot(m->main, 0));
  m->main->frames[0].top = WINDOW + 2;
  rv_slot_set(m->main, WINDOW + 2, function("t.endless"));
  set_fuel(100000);
  u64 start = rv_fuel_used(m);
  ok(rv_run_start(m, WINDOW, 2, &nres) == RV_RUN_FUEL, "out of fuel");
  is_int((i64)(rv_fuel_used(m) - start), 100000, "all of it was used");
  m->running = false;
  m->main->paid = 0;
  set_fuel(-1);
  is_str(list_text(0), before, "the list is as it was");
  is("'next'", "string.lower", "s", "NEXT");
}

int main(void) {
  own_defs = sort_defs;
  nown = sizeof sort_defs / sizeof *sort_defs;
  open_builtins();
  test_sort();
  test_sort_stable();
  test_sort_hostile();
  test_sort_corrupt();
  test_sort_endless();
  return close_builtins();
}
