/* SPDX-License-Identifier: MIT */
/* Running: the same program in pieces of fuel, under stress, without caches and
   hooked gives the same results, fuel and guest memory (I6, I7); interrupts from
   another thread all arrive. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembler/asm.h"
#include "tests/tap.h"
#include "vm/call.h"
#include "vm/verify.h"

/* Everything that can stop in the middle: loops, calls, events, coroutines,
   closing, protected calls, long concatenations. Returns one string. */
static const char *const program_text =
    ".image \"run\"\n"
    ".func lt_event params=2\n"
    "  getfield r2, r0, \"v\"\n"
    "  getfield r3, r1, \"v\"\n"
    "  islt r2, r2, r3\n"
    "  ret1 r2\n"
    ".end\n"
    ".func add_event params=2\n"
    "  newtable r2, 0, 1\n"
    "  getfield r3, r0, \"v\"\n"
    "  getfield r4, r1, \"v\"\n"
    "  add r3, r3, r4\n"
    "  setfield r2, r3, \"v\"\n"
    "  getmeta r3, r0\n"
    "  setmeta r2, r3\n"
    "  ret1 r2\n"
    ".end\n"
    ".func close_event params=2\n"
    "  getfield r2, r0, \"log\"\n"
    "  rawlen r3, r2\n"
    "  addi r3, r3, 1\n"
    "  getfield r4, r0, \"v\"\n"
    "  setidx r2, r3, r4\n"
    "  ret0\n"
    ".end\n"
    ".func generator params=1\n"
    "  loadi r1, 1\n"
    "  move r2, r0\n"
    "  loadi r3, 1\n"
    "  forprep r1, done\n"
    "body:\n"
    "  mul r5, r4, r4\n"
    "  yield r5, 1, 1\n"
    "  forloop r1, body\n"
    "done:\n"
    "  loadnil r1, 1\n"
    "  ret1 r1\n"
    ".end\n"
    ".func fails params=2\n" /* log, depth: closes on the way out */
    "  newtable r2, 0, 2\n"
    "  setfield r2, r0, \"log\"\n"
    "  setfield r2, r1, \"v\"\n"
    "  newtable r3, 0, 1\n"
    "  closure r4, close_event\n"
    "  setfield r3, r4, \"__close\"\n"
    "  setmeta r2, r3\n"
    "  tbc r2\n"
    "  jlei r1, 0, bottom\n"
    "  closure r3, fails\n"
    "  move r4, r0\n"
    "  subi r5, r1, 1\n"
    "  call r3, 2, 1\n"
    "  retc r3, 1\n"
    "bottom:\n"
    "  loadk r3, \"bottom\"\n"
    "  throw r3\n"
    ".end\n"
    ".func main\n"
    /* a loop with events in comparison and addition */
    "  newtable r0, 0, 2\n"
    "  closure r1, lt_event\n"
    "  setfield r0, r1, \"__lt\"\n"
    "  closure r1, add_event\n"
    "  setfield r0, r1, \"__add\"\n"
    "  newtable r1, 0, 1\n"
    "  loadi r2, 0\n"
    "  setfield r1, r2, \"v\"\n"
    "  setmeta r1, r0\n"
    "  newtable r2, 0, 1\n"
    "  loadi r3, 1\n"
    "  setfield r2, r3, \"v\"\n"
    "  setmeta r2, r0\n"
    "  newtable r3, 0, 1\n"
    "  loadi r4, 60\n"
    "  setfield r3, r4, \"v\"\n"
    "  setmeta r3, r0\n"
    "again:\n"
    "  jnlt r1, r3, summed\n"
    "  add r1, r1, r2\n"
    "  loop again\n"
    "summed:\n"
    "  getfield r1, r1, \"v\"\n"
    /* a coroutine */
    "  closure r2, generator\n"
    "  conew r2, r2\n"
    "  loadi r3, 0\n"
    "more:\n"
    "  move r4, r2\n"
    "  loadi r5, 40\n"
    "  resume r4, 1, 2\n"
    "  jnil r5, drained\n"
    "  add r3, r3, r5\n"
    "  loop more\n"
    "drained:\n"
    /* errors through 30 frames with marks */
    "  newtable r4, 0, 0\n"
    "  closure r5, fails\n"
    "  move r6, r4\n"
    "  loadi r7, 30\n"
    "  pcall r5, 2, 2\n"
    "  rawlen r5, r4\n"
    /* a text that doubles */
    "  loadk r7, \"0123456789\"\n"
    "  loadi r8, 1\n"
    "  loadi r9, 12\n"
    "  loadi r10, 1\n"
    "  forprep r8, built\n"
    "double:\n"
    "  move r12, r7\n"
    "  move r13, r7\n"
    "  concat r7, r12, 2\n"
    "  forloop r8, double\n"
    "built:\n"
    "  len r7, r7\n"
    "  move r8, r1\n"
    "  loadk r9, \" \"\n"
    "  move r10, r3\n"
    "  loadk r11, \" \"\n"
    "  move r12, r5\n"
    "  move r13, r6\n"
    "  move r14, r7\n"
    "  concat r8, r8, 7\n"
    "  ret1 r8\n"
    ".end\n"
    ".func spin\n"
    "top:\n"
    "  loop top\n"
    ".end\n"
    ".module \"main\" main\n"
    ".module \"spin\" spin\n"
    ".entry main\n";

static const char *const expected = "60 22140 31bottom40960";

static RvImage *program(void) {
  RvAsmDiag ad = {0};
  RvDiag d = {0};
  RvImage *img =
      rv_asm_text("run.rasm", program_text, strlen(program_text), &ad);
  if (!img) {
    diag("line %u: %s", ad.error[0].line, ad.error[0].text);
    bail_out("the program does not assemble");
  }
  if (!rv_verify_image(img, &d)) {
    diag("%s", d.text);
    bail_out("the program is refused");
  }
  return img;
}

typedef struct Outcome {
  char text[200];
  u64 fuel, guest, collections;
  u32 stops;
} Outcome;

static RvMachine *machine(const RvConfig *c) {
  RvMachine *m = rv_machine_new(c);
  if (!m) bail_out("no machine");
  return m;
}

static RvRunResult start(RvMachine *m, RvImage *img, const char *module,
                         u32 *nres) {
  RvClosure *cl = rv_load_image(m, img, module);
  if (!cl) bail_out("the module does not load");
  rv_slot_set(m->main, 0, rv_obj(cl, RV_CLOSURE));
  return rv_run_start(m, 0, 0, nres);
}

/* Runs main, refuelling by `piece` units whenever it stops (0: no limit). */
static Outcome run(RvImage *img, const RvConfig *c, i64 piece, u32 drop) {
  Outcome o = {.stops = 0};
  u32 nres = 0;
  RvMachine *m = machine(c);
  m->drop_caches_every = drop;
  RvRunResult r = start(m, img, NULL, &nres);
  while (r == RV_RUN_FUEL && o.stops < 1000000) {
    o.stops++;
    rv_machine_refuel(m, piece);
    r = rv_run_resume(m, &nres);
  }
  RvValue v = r == RV_RUN_DONE && nres == 1 ? rv_slot(m->main, m->main->call_at)
                                            : m->main->err;
  rv_err_text(m, v, o.text, sizeof o.text);
  o.fuel = rv_fuel_used(m);
  o.guest = rv_guest_bytes(m);
  o.collections = m->stats.collections;
  rv_machine_free(m);
  return o;
}

static void same(const Outcome *a, const Outcome *b, const char *what) {
  ok(strcmp(a->text, b->text) == 0 && a->fuel == b->fuel &&
         a->guest == b->guest && a->collections == b->collections,
     "%s: same result, fuel, guest memory and collections", what);
  if (strcmp(a->text, b->text) != 0)
    diag("'%s' against '%s'", a->text, b->text);
  if (a->fuel != b->fuel || a->guest != b->guest)
    diag("fuel %llu %llu, guest %llu %llu, collections %llu %llu",
         (unsigned long long)a->fuel, (unsigned long long)b->fuel,
         (unsigned long long)a->guest, (unsigned long long)b->guest,
         (unsigned long long)a->collections,
         (unsigned long long)b->collections);
}

static void test_pieces(RvImage *img, const Outcome *whole) {
  static const i64 pieces[] = {1, 2, 3, 7, 50, 333};
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    char what[60];
    RvConfig c = {.fuel = (u64)pieces[i]};
    Outcome o = run(img, &c, pieces[i], 0);
    snprintf(what, sizeof what, "in pieces of %d units", (int)pieces[i]);
    same(whole, &o, what);
    ok(o.stops + 1 >= whole->fuel / (u64)pieces[i], "%s: it stopped %u times",
       what, o.stops);
  }
}

static void test_stress(RvImage *img, const Outcome *whole) {
  for (u8 stress = 1; stress <= 2; stress++) {
    RvConfig c = {.stress = stress};
    Outcome o = run(img, &c, 0, 0);
    same(whole, &o,
         stress == 1 ? "collecting at each allocation"
                     : "collecting now and then");
    RvConfig p = {.stress = stress, .fuel = 5};
    o = run(img, &p, 5, 1);
    same(whole, &o, "and in pieces, without caches");
  }
}

static void test_caches(RvImage *img, const Outcome *whole) {
  for (u32 n = 1; n <= 3; n++) {
    RvConfig c = {.fuel = 3};
    Outcome o = run(img, &c, 3, n);
    same(whole, &o, "caches dropped at every nth safepoint");
  }
}

/* -- Hooks ---------------------------------------------------------------------- */

typedef struct Count {
  u64 n, limit;
} Count;

static RvStatus count_hook(RvMachine *m, void *ud, u32 pc, RvInsn ins) {
  Count *c = ud;
  (void)m, (void)pc, (void)ins;
  return ++c->n == c->limit ? rv_err(m->th, "hooked") : RV_OK;
}

static void test_hooks(RvImage *img, const Outcome *whole) {
  u32 nres = 0;
  Count c = {0, 0};
  RvMachine *m = machine(&(RvConfig){0});
  rv_machine_hook(m, count_hook, &c);
  ok(start(m, img, NULL, &nres) == RV_RUN_DONE && nres == 1,
     "a hooked program runs");
  ok(c.n > 1000 && rv_fuel_used(m) == whole->fuel,
     "each of %llu instructions seen, fuel the same", (unsigned long long)c.n);
  c.limit = c.n + 100;
  ok(start(m, img, NULL, &nres) == RV_RUN_ERROR, "a hook's error is raised");
  rv_machine_hook(m, NULL, NULL);
  u64 seen = c.n;
  ok(start(m, img, NULL, &nres) == RV_RUN_DONE && c.n == seen,
     "and without hooks nothing is seen");
  rv_machine_free(m);
}

/* -- Interrupts ------------------------------------------------------------------- */

enum { INTERRUPTS = 10000 };

typedef struct Sender {
  RvMachine *m;
  _Atomic u32 answered; /* by the machine's thread */
} Sender;

static void *send_all(void *arg) {
  Sender *s = arg;
  for (u32 i = 0; i < INTERRUPTS; i++) {
    rv_machine_request(s->m, RV_REQ_INTERRUPT);
    while (atomic_load(&s->answered) <= i) sched_yield();
  }
  return NULL;
}

static void test_interrupts(RvImage *img) {
  RvMachine *m = machine(&(RvConfig){0});
  Sender s = {.m = m};
  pthread_t t;
  u32 nres, n = 0;
  if (pthread_create(&t, NULL, send_all, &s)) bail_out("no thread");
  RvRunResult r = start(m, img, "spin", &nres);
  while (r == RV_RUN_INTERRUPTED) {
    atomic_store(&s.answered, ++n);
    if (n == INTERRUPTS) break;
    r = rv_run_resume(m, &nres);
  }
  pthread_join(t, NULL);
  ok(n == INTERRUPTS, "%u of %u interrupts arrived", n, INTERRUPTS);
  rv_machine_free(m);
}

int main(void) {
  RvImage *img = program();
  RvConfig plain = {0};
  Outcome whole = run(img, &plain, 0, 0);
  is_str(whole.text, expected, "the program gives its result");
  test_pieces(img, &whole);
  test_stress(img, &whole);
  test_caches(img, &whole);
  test_hooks(img, &whole);
  test_interrupts(img);
  rv_image_unref(img);
  return done_testing();
}
