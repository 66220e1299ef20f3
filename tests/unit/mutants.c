/* SPDX-License-Identifier: MIT */
/* I4: no image, however damaged, makes the machine misbehave.
   modes: release asan

   Every bit flip and every truncation of the small images in tests/fuzz/small,
   and many mutations, of those or of the images given, that know the format.
   All of them are sealed again, so that the hashes do not keep them from the
   verifier; what it lets pass is run. A sanitizer's report, a failed assert, a
   crash or a hang ends the program; it then says which mutant it was, and
   leaves it in the file mutant.rove in $ROVE_BUILD.

   mutants.t [COUNT [FIRST [IMAGE...]]]: that many mutations, from number FIRST
   on, and nothing else when images are given. */
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "assembler/asm.h"
#include "tests/fuzz/guest.h"
#include "tests/fuzz/mutate.h"
#include "tests/tap.h"
#include "vm/verify.h"

enum {
  FUEL = 100000,
  MEMORY = 8 << 20,
  DEBT = 33 * (MEMORY >> 12), /* for collections: machine.md, chapter 13 */
  SECONDS = 30
};

typedef struct Original {
  const char *name;
  u8 *bytes;
  size_t size;
} Original;

typedef struct Counts {
  u64 all, reader, verifier, accepted, ran, compared;
  u64 by_status[ROVE_ERROR_DENIED + 1];
} Counts;

static Counts counts;
static u32 wrong; /* mutants that broke a promise without a crash */

/* -- Which one it was ------------------------------------------------------ */

static struct {
  const char *image, *kind;
  unsigned long long a, b;
  const u8 *bytes;
  size_t size;
} now;

static void save(void) {
  char path[300];
  const char *build = getenv("ROVE_BUILD");
  snprintf(path, sizeof path, "%s/mutant.rove", build ? build : "/tmp");
  FILE *f = now.bytes ? fopen(path, "wb") : NULL;
  if (!f) return;
  fwrite(now.bytes, 1, now.size, f);
  fclose(f);
}

static void tell(const char *what) {
  char text[300];
  int n = snprintf(text, sizeof text, "# %s: %s, %s %llu %llu\n", what,
                   now.image, now.kind, now.a, now.b);
  if (write(STDOUT_FILENO, text, (size_t)n) >= 0) save();
}

static void on_signal(int sig) {
  signal(sig, SIG_DFL);
  tell(sig == SIGVTALRM ? "hangs" : "crashes");
  if (sig == SIGVTALRM) _exit(1);
  raise(sig);
}

static void on_report(void) { tell("reported"); }

void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((weak));

static void watch(void) {
  static const int plain[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  signal(SIGVTALRM, on_signal);
  signal(SIGABRT, on_signal);
  if (__sanitizer_set_death_callback) {
    __sanitizer_set_death_callback(on_report);
    return;
  }
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
    signal(plain[i], on_signal);
}

/* The processor time of one mutant. */
static void set_timer(void) {
  struct itimerval t = {.it_value = {.tv_sec = SECONDS}};
  setitimer(ITIMER_VIRTUAL, &t, NULL);
}

static void complain(const char *what) {
  if (++wrong > 10) return;
  save();
  diag("%s: %s, %s %llu %llu", what, now.image, now.kind, now.a, now.b);
}

/* -- One mutant ------------------------------------------------------------ */

/* The same program under other circumstances must end in the same way. */
static void compare(RoveImage *img, const char *module, const GuestEnd *a) {
  GuestLimits l = {FUEL, MEMORY, .piece = 1 + below(5000),
                   .stress = (u8)(2 + below(3)), .drop = 1 + below(3)};
  GuestEnd b = guest_run(img, module, &l);
  counts.compared++;
  if (a->status == b.status && a->sum == b.sum && a->fuel == b.fuel &&
      a->guest_bytes == b.guest_bytes && !strcmp(a->error, b.error))
    return;
  complain("runs differ");
  diag("status %d %d, fuel %llu %llu, guest %llu %llu, sum %llx %llx",
       a->status, b.status, (unsigned long long)a->fuel,
       (unsigned long long)b.fuel, (unsigned long long)a->guest_bytes,
       (unsigned long long)b.guest_bytes, (unsigned long long)a->sum,
       (unsigned long long)b.sum);
  diag("'%s' '%s'", a->error, b.error);
}

static void run(RoveImage *img) {
  static const GuestLimits limits = {.fuel = FUEL, .memory = MEMORY};
  const char *module = img->entry || !img->nmodules
                           ? NULL
                           : rove_image_module(img, 0);
  GuestEnd e = guest_run(img, module, &limits);
  counts.ran += e.fuel > 0;
  counts.by_status[e.status]++;
  if (e.fuel > FUEL + DEBT) complain("takes more fuel than there is");
  if (e.guest_bytes > MEMORY) complain("takes more memory than it may");
  if (e.host_peak > 4 * MEMORY + (16 << 20)) complain("takes more real memory");
  if (counts.accepted % 16 == 0) compare(img, module, &e);
}

/* An image that the reader took. */
static void judge(RvImage *img) {
  RvDiag d = {0};
  counts.verifier++;
  if (rv_verify_image(img, &d)) {
    counts.accepted++;
    run(img);
  } else if (d.rule == 0 || d.text[0] == '\0') {
    complain("refused without a rule");
  }
}

/* Does the image have sections that a reader skips? */
static bool has_unknown(const u8 *bytes, size_t size) {
  for (u32 i = 0; i < rv_get_le(bytes + 6, 2); i++) {
    RvImgSection s;
    rv_image_section(bytes, size, i, &s);
    if (!s.name || s.version != RV_SECTION_VERSION) return true;
  }
  return false;
}

/* What is read must be what would be written. */
static void check_form(const RvImage *img, const u8 *bytes, size_t size) {
  size_t n;
  u8 *again = rv_image_write(img, &n);
  if (!again) complain("cannot be written");
  else if ((n != size || memcmp(again, bytes, n)) && !has_unknown(bytes, size))
    complain("has a second form");
  free(again);
}

/* A mutant as bytes; sealed here if it can be. */
static void try_bytes(u8 *bytes, size_t size) {
  RvDiag d = {0};
  set_timer();
  now.bytes = bytes;
  now.size = size;
  counts.all++;
  rv_image_seal(bytes, size, &d);
  RvImage *img = rv_image_read(bytes, size, &d);
  if (img) {
    check_form(img, bytes, size);
    judge(img);
    rv_image_unref(img);
  } else {
    counts.reader++;
    if (d.text[0] == '\0') complain("refused without a word");
  }
  now.bytes = NULL;
}

/* -- Every one of a kind --------------------------------------------------- */

/* Unsealed, no damage escapes the hashes. */
static void must_refuse(const u8 *bytes, size_t size) {
  RvImage *img = rv_image_read(bytes, size, NULL);
  if (!img) return;
  complain("damage that the reader does not see");
  rv_image_unref(img);
}

static void flip_bits(const Original *o) {
  u8 *p = malloc(o->size);
  if (!p) abort();
  now.kind = "byte, bit";
  for (size_t at = 0; at < o->size; at++)
    for (u32 bit = 0; bit < 8; bit++) {
      now.a = at;
      now.b = bit;
      memcpy(p, o->bytes, o->size);
      p[at] ^= (u8)(1u << bit);
      must_refuse(p, o->size);
      try_bytes(p, o->size);
    }
  free(p);
}

/* The first n bytes; so that more than the header is read, also with a header
   and a table that say so and a trailer. */
static void cut_file(const Original *o, size_t n) {
  u8 *p = malloc(n + RV_FILE_TRAILER);
  u32 count = (u32)rv_get_le(o->bytes + 6, 2);
  size_t table = RV_FILE_HEADER + count * RV_FILE_ENTRY;
  if (!p) abort();
  memset(p, 0, n + RV_FILE_TRAILER);
  memcpy(p, o->bytes, n);
  now.kind = "cut at";
  now.a = n;
  must_refuse(p, n);
  try_bytes(p, n);
  if (n >= table) {
    now.kind = "cut and mended at";
    rv_put_le(p + 8, n + RV_FILE_TRAILER, 8);
    for (u32 i = 0; i < count; i++) {
      u8 *e = p + RV_FILE_HEADER + i * RV_FILE_ENTRY;
      u64 from = rv_get_le(e + 8, 8), length = rv_get_le(e + 16, 8);
      if (from > n) from = n;
      if (length > n - from) length = n - from;
      rv_put_le(e + 8, from, 8);
      rv_put_le(e + 16, length, 8);
    }
    try_bytes(p, n + RV_FILE_TRAILER);
  }
  free(p);
}

/* Every section cut at every length, the others being whole. */
static void cut_sections(const Original *o) {
  now.kind = "section, cut at";
  for (u32 i = 0; i < rv_get_le(o->bytes + 6, 2); i++) {
    RvImgSection s;
    rv_image_section(o->bytes, o->size, i, &s);
    for (u64 n = 0; n < s.length; n++) {
      size_t size;
      u8 *p = edit_section(o->bytes, o->size, i, n, s.length - n, NULL, 0,
                           &size);
      now.a = i;
      now.b = n;
      try_bytes(p, size);
      free(p);
    }
  }
}

/* -- Mutations ------------------------------------------------------------- */

/* Tables that do not fit each other cannot be written: the verifier must see it
   by itself. */
static void try_broken(RvImage *img) {
  RvDiag d = {0};
  counts.all++;
  counts.reader++;
  if (rv_verify_image(img, &d)) complain("passes with tables that do not fit");
}

static void try_number(const Original *o, u64 number) {
  size_t size;
  u8 *bytes;
  mutate_seed = (number + 1) * 0x9e3779b97f4a7c15ull;
  for (u32 i = 0; i < 4; i++) below(1);
  now.image = o->name;
  now.kind = "mutation";
  now.a = number;
  now.b = 0;
  set_timer();
  if (chance(12)) {
    bytes = mutate_bytes(o->bytes, o->size, &size);
  } else {
    RvImage *img = rv_image_read(o->bytes, o->size, NULL);
    if (!img) abort();
    mutate(img);
    bytes = rv_image_check(img, NULL) ? rv_image_write(img, &size) : NULL;
    if (!bytes) try_broken(img);
    rv_image_unref(img);
  }
  if (bytes) try_bytes(bytes, size);
  free(bytes);
}

/* -- Originals ------------------------------------------------------------- */

static void assemble(Original *o, const char *folder, const char *name) {
  static char path[64], text[16384];
  RvAsmDiag ad = {0};
  snprintf(path, sizeof path, "tests/fuzz/%s/%s.rasm", folder, name);
  FILE *f = fopen(path, "rb");
  if (!f) bail_out("a source is missing; run this from the root of the tree");
  size_t n = fread(text, 1, sizeof text, f);
  fclose(f);
  RvImage *img = rv_asm_text(path, text, n, &ad);
  if (!img) {
    diag("%s:%u: %s", path, ad.error[0].line, ad.error[0].text);
    bail_out("a source does not assemble");
  }
  o->name = name;
  o->bytes = rv_image_write(img, &o->size);
  rv_image_unref(img);
}

static void open_image(Original *o, const char *path) {
  o->name = path;
  o->bytes = rv_api_read_file(path, &o->size);
  if (!o->bytes) bail_out("an image cannot be read");
}

/* An original must do something by itself, or its mutants show nothing. */
static void check_original(const Original *o) {
  u64 before = counts.ran;
  u8 *copy = malloc(o->size);
  if (!copy) abort();
  memcpy(copy, o->bytes, o->size);
  now.image = o->name;
  now.kind = "whole";
  try_bytes(copy, o->size);
  if (counts.ran == before) {
    diag("%s", o->name);
    bail_out("an image does not run");
  }
  free(copy);
}

/* What fuzzing found once. */
static void test_found(void) {
  static const char *const found[] = {"handlers", "marks", "row", "shapes"};
  for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
    Original o;
    assemble(&o, "found", found[i]);
    check_original(&o);
    free(o.bytes);
  }
  ok(wrong == 0, "what was found before is no longer there");
}

static void report(const char *what) {
  static const char *const names[] = {
      "done",   "out of fuel", "interrupted",     "timeout",
      "exited", "killed",      "error",           "memory error",
      "stack error", "handle error", "denied"};
  ok(wrong == 0, "%s: every promise is kept", what);
  diag("%s: %llu mutants: %llu refused by the reader, %llu reached the "
       "verifier, %llu were accepted, %llu ran, %llu of them twice", what,
       (unsigned long long)counts.all, (unsigned long long)counts.reader,
       (unsigned long long)counts.verifier,
       (unsigned long long)counts.accepted, (unsigned long long)counts.ran,
       (unsigned long long)counts.compared);
  for (u32 i = 0; i <= ROVE_ERROR_DENIED; i++)
    if (counts.by_status[i])
      diag("  ended with %s: %llu", names[i],
           (unsigned long long)counts.by_status[i]);
  ok(counts.verifier > 0, "%s: some reached the verifier", what);
  ok(counts.ran > 0 && counts.compared > 0, "%s: some ran", what);
  counts = (Counts){0};
  wrong = 0;
}

static void test_small(const Original *list, u32 n) {
  for (u32 i = 0; i < n; i++) {
    now.image = list[i].name;
    flip_bits(&list[i]);
  }
  report("flipped bits");
  for (u32 i = 0; i < n; i++) {
    now.image = list[i].name;
    for (size_t k = 0; k < list[i].size; k++) cut_file(&list[i], k);
    cut_sections(&list[i]);
  }
  ok(wrong == 0 && counts.all > 0 && counts.reader > 0,
     "%llu truncations, %llu of them refused by the reader",
     (unsigned long long)counts.all, (unsigned long long)counts.reader);
  counts = (Counts){0};
}

int main(int argc, char **argv) {
  static const char *const small[] = {
      "calls",  "cells",   "closing", "coroutines", "debug",
      "events", "imports", "loops",   "strings",    "tables"};
  u32 n = argc > 3 ? (u32)argc - 3 : sizeof small / sizeof *small;
  u64 mutations = argc > 1 ? strtoull(argv[1], NULL, 10) : 3000;
  u64 first = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
  Original *list = calloc(n, sizeof *list);
  if (!list) bail_out("no memory");
  watch();
  if (argc <= 3) test_found();
  for (u32 i = 0; i < n; i++) {
    if (argc > 3) open_image(&list[i], argv[3 + i]);
    else assemble(&list[i], "small", small[i]);
    check_original(&list[i]);
  }
  counts = (Counts){0};
  if (argc <= 3) test_small(list, n);
  for (u64 k = first; k < first + mutations; k++) try_number(&list[k % n], k);
  report("mutations");
  for (u32 i = 0; i < n; i++) free(list[i].bytes);
  free(list);
  return done_testing();
}
