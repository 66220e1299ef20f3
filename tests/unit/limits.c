/* SPDX-License-Identifier: MIT */
/* I7: whatever a program does, its own limit stops it, nothing it does prevents
   that, and the next machine in the process notices nothing. */
#include <stdlib.h>

#include "assembler/asm.h"
#include "include/rove.h"
#include "tests/tap.h"
#include "vm/verify.h"

#ifdef RV_STRESS /* there each call moves the whole stack */
enum { FUEL = 30000, STACK = 2000 };
#else
enum { FUEL = 300000, STACK = 50000 };
#endif
enum { MEMORY = 4 << 20 };
enum { HOST = 4 * MEMORY + (16 << 20) }; /* cap of real memory: chapter 13 */

static const char *const text =
    ".import builtin \"table.sort\" 1 as sort\n"
    ".import builtin \"string.rep\" 1 as rep\n"
    /* What others must not disturb: strings, tables, a sort, garbage. */
    ".func less params=2\n"
    "  islt r2, r1, r0\n"
    "  ret1 r2\n"
    ".end\n"
    ".func good\n"
    "  newtable r0, 0, 0\n"
    "  loadi r1, 1\n"
    "  loadi r2, 300\n"
    "  loadi r3, 1\n"
    "  forprep r1, filled\n"
    "fill:\n"
    "  loadk r5, \"item \"\n"
    "  mul r6, r4, r4\n"
    "  loadk r7, 1009\n"
    "  mod r6, r6, r7\n"
    "  concat r5, r5, 2\n"
    "  setidx r0, r4, r5\n"
    "  import r5, rep\n"
    "  loadk r6, \"garbage\"\n"
    "  move r7, r4\n"
    "  call r5, 2, 0\n"
    "  forloop r1, fill\n"
    "filled:\n"
    "  import r1, sort\n"
    "  move r2, r0\n"
    "  closure r3, less\n"
    "  call r1, 2, 0\n"
    "  geti r1, r0, 1\n"
    "  geti r2, r0, 2\n"
    "  geti r3, r0, 255\n"
    "  concat r1, r1, 3\n"
    "  ret1 r1\n"
    ".end\n"
    ".func forever vararg\n"
    "again:\n"
    "  loop again\n"
    ".end\n"
    ".func doubles vararg\n"
    "  loadk r0, \"0123456789abcdef\"\n"
    "again:\n"
    "  move r1, r0\n"
    "  concat r0, r0, 2\n"
    "  loop again\n"
    ".end\n"
    ".func deep vararg\n"
    "  closure r0, deep\n"
    "  call r0, 0, 1\n"
    "  ret1 r0\n"
    ".end\n"
    /* again and again, whatever becomes of it */
    ".func insists params=1\n"
    "again:\n"
    "  move r1, r0\n"
    "  pcall r1, 0, 0\n"
    "  loop again\n"
    ".end\n"
    ".func sorts params=1\n"
    "  import r1, sort\n"
    "  newtable r2, 0, 0\n"
    "  loadi r3, 2\n"
    "  seti r2, 1, r3\n"
    "  seti r2, 2, r3\n"
    "  seti r2, 3, r3\n"
    "  move r3, r0\n"
    "  call r1, 2, 0\n"
    "  ret0\n"
    ".end\n"
    ".func nested vararg\n"
    "  closure r0, sorts\n"
    "  closure r1, nested\n"
    "  call r0, 1, 0\n"
    "  loadtrue r0\n"
    "  ret1 r0\n"
    ".end\n"
    ".func insists_forever\n"
    "  closure r0, insists\n"
    "  closure r1, forever\n"
    "  tailcall r0, 1\n"
    ".end\n"
    ".func insists_doubles\n"
    "  closure r0, insists\n"
    "  closure r1, doubles\n"
    "  tailcall r0, 1\n"
    ".end\n"
    ".func insists_deep\n"
    "  closure r0, insists\n"
    "  closure r1, deep\n"
    "  tailcall r0, 1\n"
    ".end\n"
    ".func sort_forever\n"
    "  closure r0, sorts\n"
    "  closure r1, forever\n"
    "  tailcall r0, 1\n"
    ".end\n"
    ".func sort_doubles\n"
    "  closure r0, sorts\n"
    "  closure r1, doubles\n"
    "  tailcall r0, 1\n"
    ".end\n"
    ".func sort_deep\n"
    "  closure r0, sorts\n"
    "  closure r1, deep\n"
    "  tailcall r0, 1\n"
    ".end\n"
    ".module \"good\" good\n"
    ".module \"forever\" forever\n"
    ".module \"doubles\" doubles\n"
    ".module \"deep\" deep\n"
    ".module \"insists_forever\" insists_forever\n"
    ".module \"insists_doubles\" insists_doubles\n"
    ".module \"insists_deep\" insists_deep\n"
    ".module \"sort_forever\" sort_forever\n"
    ".module \"sort_doubles\" sort_doubles\n"
    ".module \"sort_deep\" sort_deep\n"
    ".module \"nested\" nested\n";

/* qsort of the C library, whose comparator is a function above. */
static const char *const native_text =
    ".import native \"libc.so.6\" \"qsort\" "
    "(buf, u64, u64, fn(bytes[4], bytes[4]) i32) void as qsort\n"
    ".import builtin \"buffer.new\" 1 as buffer\n"
    ".func qsorts params=1\n"
    "  import r1, buffer\n"
    "  loadi r2, 64\n"
    "  call r1, 1, 1\n"
    "  loadi r2, 16\n"
    "  loadi r3, 4\n"
    "  move r4, r0\n"
    "  hcall r1, qsort\n"
    "  ret0\n"
    ".end\n"
    ".func qsort_forever\n"
    "  closure r0, qsorts\n"
    "  closure r1, forever\n"
    "  pcall r0, 1, 0\n"
    "  ret0\n"
    ".end\n"
    ".func qsort_doubles\n"
    "  closure r0, qsorts\n"
    "  closure r1, doubles\n"
    "  tailcall r0, 1\n"
    ".end\n"
    ".func qsort_deep\n"
    "  closure r0, qsorts\n"
    "  closure r1, deep\n"
    "  tailcall r0, 1\n"
    ".end\n"
    ".module \"qsort_forever\" qsort_forever\n"
    ".module \"qsort_doubles\" qsort_doubles\n"
    ".module \"qsort_deep\" qsort_deep\n";

typedef struct Program {
  const char *name;
  RoveStatus ends;
} Program;

static const Program programs[] = {
    {"forever", ROVE_FUEL},          {"doubles", ROVE_ERROR_MEMORY},
    {"deep", ROVE_ERROR_STACK},      {"insists_forever", ROVE_FUEL},
    {"insists_doubles", ROVE_FUEL},  {"insists_deep", ROVE_FUEL},
    {"sort_forever", ROVE_FUEL},     {"sort_doubles", ROVE_ERROR_MEMORY},
    {"sort_deep", ROVE_ERROR_STACK}, {"nested", ROVE_ERROR_STACK},
};

static const Program native_programs[] = {
    {"qsort_forever", ROVE_KILLED},
    {"qsort_doubles", ROVE_ERROR_MEMORY},
    {"qsort_deep", ROVE_ERROR_STACK},
};

/* How the good program ended in a machine of its own. */
typedef struct Outcome {
  char text[100];
  RoveStats stats;
} Outcome;

static RoveImage *program(const char *a, const char *b) {
  static char all[16384];
  static RvAsmDiag ad;
  RvDiag d = {0};
  snprintf(all, sizeof all, "%s%s", a, b);
  RvImage *img = rv_asm_text("limits.rasm", all, strlen(all), &ad);
  if (!img || !rv_verify_image(img, &d)) {
    diag("%s", img ? d.text : ad.error[0].text);
    bail_out("the program is refused");
  }
  return img;
}

static RoveMachine *machine(void) {
  RoveConfig c = {.fuel = FUEL, .memory = MEMORY, .stack = STACK};
  RoveMachine *m = rove_machine_new(&c);
  if (!m || !rove_allow(m, "native=libc.so.6")) bail_out("no machine");
  return m;
}

static RoveStatus run(RoveMachine *m, RoveImage *img, const char *module) {
  RoveStatus st = rove_load(m, img, module);
  return st == ROVE_OK ? rove_run(m, NULL, 0) : st;
}

static bool run_good(RoveMachine *m, RoveImage *img, Outcome *o) {
  if (run(m, img, "good") != ROVE_OK || rove_results(m) != 1) return false;
  RoveValue v = rove_result(m, 0);
  snprintf(o->text, sizeof o->text, "%s", v.type == ROVE_STRING ? v.u.s : "?");
  rove_stats(m, &o->stats);
  return true;
}

/* The same image in a new machine does what it always does. */
static void check_next(RoveImage *img, const Outcome *want, const char *name) {
  Outcome got = {.text = ""};
  RoveMachine *m = machine();
  bool good = run_good(m, img, &got);
  ok(good && strcmp(got.text, want->text) == 0 &&
         got.stats.fuel == want->stats.fuel &&
         got.stats.guest_bytes == want->stats.guest_bytes &&
         got.stats.collections == want->stats.collections,
     "%s: the next machine is unharmed", name);
  rove_machine_free(m);
}

static void check_limits(RoveMachine *m, const Program *p) {
  RoveStats s;
  rove_stats(m, &s);
  /* A last collection may be owed (chapter 12). */
  ok(s.fuel <= FUEL + 33 * (MEMORY >> 12) &&
         (p->ends != ROVE_FUEL || s.fuel >= FUEL),
     "%s: used %llu units", p->name, (unsigned long long)s.fuel);
  ok(s.guest_bytes <= MEMORY && s.host_peak <= HOST,
     "%s: within its memory, %llu bytes at most really", p->name,
     (unsigned long long)s.host_peak);
}

static void try(RoveImage *img, const Program *p, const Outcome *want) {
  RoveMachine *m = machine();
  RoveStatus st = run(m, img, p->name);
  if (!ok(st == p->ends, "%s: stopped by its limit", p->name))
    diag("status %d: %s", (int)st, rove_error(m));
  check_limits(m, p);
  check_next(img, want, p->name);
  if (p->ends >= ROVE_ERROR) { /* such a machine may be used again */
    Outcome got = {.text = ""};
    rove_add_fuel(m, FUEL);
    ok(run_good(m, img, &got) && strcmp(got.text, want->text) == 0,
       "%s: so is the machine itself", p->name);
  }
  rove_machine_free(m);
}

static void try_all(RoveImage *img, const Program *list, size_t n) {
  Outcome want = {.text = ""};
  RoveMachine *m = machine();
  if (!run_good(m, img, &want)) bail_out("the good program fails");
  rove_machine_free(m);
  for (size_t i = 0; i < n; i++) try(img, &list[i], &want);
  rove_image_free(img);
}

/* All at the same time: the good one runs in turn with each of the others. */
static void test_together(RoveImage *img) {
  enum { N = sizeof programs / sizeof *programs };
  RoveMachine *m[N];
  Outcome want = {.text = ""};
  RoveMachine *first = machine();
  if (!run_good(first, img, &want)) bail_out("the good program fails");
  rove_machine_free(first);
  for (size_t i = 0; i < N; i++) m[i] = machine();
  for (size_t i = 0; i < N; i++) {
    run(m[i], img, programs[i].name);
    check_next(img, &want, "beside those that are stopped");
  }
  for (size_t i = 0; i < N; i++) rove_machine_free(m[i]);
  rove_image_free(img);
}

int main(void) {
  try_all(program(text, ""), programs, sizeof programs / sizeof *programs);
  test_together(program(text, ""));
#ifndef RV_NO_FFI
  try_all(program(text, native_text), native_programs,
          sizeof native_programs / sizeof *native_programs);
#else
  (void)native_programs;
  (void)native_text;
#endif
  return done_testing();
}
