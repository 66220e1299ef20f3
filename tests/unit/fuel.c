/* SPDX-License-Identifier: MIT */
/* Fuel for long strings (I7): instructions with constants pay by length alone,
   with caches and without, in one piece and in many. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembler/asm.h"
#include "tests/tap.h"
#include "vm/call.h"
#include "vm/verify.h"

/* LONG stands for a literal of 8192 bytes: 2 units. The body runs 100 times,
   which is 100 units more. */
static const char *const frame_text =
    ".import builtin \"table.sort\" 1 as sort\n"
    ".import builtin \"core.next\" 1 as next\n"
    ".import builtin \"string.compare\" 1 as compare\n"
    ".func body params=3\n"
    ".upvalue c0\n"
    "%s"
    "  ret0\n"
    ".end\n"
    ".func main cells=1\n"
    "  newtable r1, 0, 0\n"
    "  newcell c0, r1\n"
    "  loadk r2, LONG\n"
    "  loadi r3, 7\n"
    "  setfield r1, r3, LONG\n"
    "  loadi r4, 1\n"
    "  loadi r5, 100\n"
    "  loadi r6, 1\n"
    "  forprep r4, done\n"
    "again:\n"
    "  closure r8, body\n"
    "  move r9, r1\n"
    "  move r10, r2\n"
    "  move r11, r3\n"
    "  call r8, 3, 0\n"
    "  forloop r4, again\n"
    "done:\n"
    "  ret1 r3\n"
    ".end\n"
    ".module \"main\" main\n"
    ".entry main\n";

typedef struct Case {
  const char *name, *body;
  u32 units;
} Case;

static const Case cases[] = {
    {"nothing", "", 0},
    {"getfield", "  getfield r3, r0, LONG\n", 2},
    {"getfield without result", "  getfield r3, r0, LONGER\n", 2},
    {"setfield", "  setfield r0, r2, LONG\n", 2},
    {"getupf", "  getupf r3, u0, LONG\n", 2},
    {"setupf", "  setupf u0, r2, LONG\n", 2},
    {"self", "  self r3, r0, LONG\n", 2},
    {"jeqk", "  jeqk r1, LONG, end\nend:\n", 2},
    {"jeqk, other length", "  jeqk r1, LONGER, end\nend:\n", 0},
    {"jeqk, other kind", "  jeqk r0, LONG, end\nend:\n", 0},
    {"jnek", "  jnek r1, LONG, end\nend:\n", 2},
    {"jeq of one object", "  jeq r1, r1, end\nend:\n", 2},
    {"core.next",
     "  import r3, next\n  move r4, r0\n  move r5, r1\n"
     "  call r3, 2, 0\n",
     3},
    {"string.compare",
     "  import r3, compare\n  move r4, r1\n  move r5, r1\n"
     "  call r3, 2, 0\n",
     3},
    /* a call, three comparisons, one unit with each */
    {"table.sort",
     "  import r3, sort\n  newtable r4, 0, 0\n  move r5, r1\n"
     "  move r6, r1\n  move r7, r1\n  setlist r4, 3, 0\n"
     "  call r3, 1, 0\n",
     7},
};

/* A copy of text with the long literals in place. */
static char *expand(const char *text) {
  enum { N = 8192 };
  char *out = malloc(strlen(text) + 8 * (N + 64)), *p = out;
  if (!out) bail_out("no memory");
  while (*text) {
    if (strncmp(text, "LONG", 4)) {
      *p++ = *text++;
      continue;
    }
    text += 4;
    *p++ = '"';
    memset(p, 'k', N);
    p += N;
    if (!strncmp(text, "ER", 2)) {
      text += 2;
      *p++ = 'k';
    }
    *p++ = '"';
  }
  *p = 0;
  return out;
}

static RvImage *image(const char *body) {
  RvAsmDiag ad = {0};
  RvDiag d = {0};
  char frame[4000];
  snprintf(frame, sizeof frame, frame_text, body);
  char *text = expand(frame);
  RvImage *img = rv_asm_text("fuel.rasm", text, strlen(text), &ad);
  if (!img) {
    diag("line %u: %s", ad.error[0].line, ad.error[0].text);
    bail_out("the program does not assemble");
  }
  free(text);
  if (!rv_verify_image(img, &d)) {
    diag("%s", d.text);
    bail_out("the program is refused");
  }
  return img;
}

static u64 fuel_of(RvImage *img, u64 piece, u32 drop) {
  u32 nres = 0, stops = 0;
  RvMachine *m = rv_machine_new(&(RvConfig){.fuel = piece});
  if (!m) bail_out("no machine");
  m->drop_caches_every = drop;
  RvClosure *cl = rv_load_image(m, img, NULL);
  if (!cl) bail_out("the module does not load");
  rv_slot_set(m->main, 0, rv_obj(cl, RV_CLOSURE));
  RvRunResult r = rv_run_start(m, 0, 0, &nres);
  while (r == RV_RUN_FUEL && stops++ < 100000) {
    rv_machine_refuel(m, (i64)piece);
    r = rv_run_resume(m, &nres);
  }
  if (r != RV_RUN_DONE) bail_out("the program fails");
  u64 used = rv_fuel_used(m);
  rv_machine_free(m);
  return used;
}

static void same(u64 got, u64 want, const char *name, const char *what) {
  ok(got == want, "%s: %s", name, what);
  if (got != want)
    diag("%llu units, not %llu", (unsigned long long)got,
         (unsigned long long)want);
}

static void test_case(const Case *c, u64 base) {
  RvImage *img = image(c->body);
  u64 whole = fuel_of(img, 0, 0);
  same(whole, base + 100 * c->units, c->name, "what it costs");
  same(fuel_of(img, 1, 0), whole, c->name, "in pieces of 1");
  same(fuel_of(img, 3, 1), whole, c->name, "in pieces of 3, without caches");
  rv_image_unref(img);
}

/* Comparisons that the sort makes itself are paid 16 at a time, however often
   it is stopped between them. */
static void test_sort(void) {
  RvImage *img = image(
      "  import r3, sort\n  newtable r4, 0, 0\n  loadi r5, 1\n  loadi r6, 40\n "
      " loadi r7, 1\n"
      "  forprep r5, end\n"
      "more:\n  mulk r9, r8, 7\n  modk r9, r9, 41\n  setidx r4, r8, r9\n"
      "  forloop r5, more\n"
      "end:\n  call r3, 1, 0\n");
  u64 whole = fuel_of(img, 0, 0);
  same(fuel_of(img, 1, 0), whole, "a sort", "in pieces of 1");
  same(fuel_of(img, 7, 0), whole, "a sort", "in pieces of 7");
  rv_image_unref(img);
}

int main(void) {
  RvImage *img = image("");
  u64 base = fuel_of(img, 0, 0);
  rv_image_unref(img);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    test_case(&cases[i], base);
  test_sort();
  return done_testing();
}
