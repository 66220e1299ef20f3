/* SPDX-License-Identifier: MIT */
/* I5: a thousand machines, alive at the same time in four threads, share images
   and nothing else. Every machine runs in slices, in turn with the others of
   its thread, and must print what the same image printed alone.

   threads.t [IMAGE...]: without arguments it assembles a program of its own;
   tests/isa/threads.py gives it the conformance set. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "assembler/asm.h"
#include "rove.h"
#include "tests/tap.h"
#include "vm/verify.h"

enum { THREADS = 4, MACHINES = 1000, SLICE = 700 };
/* Bytes and units above which only one machine of a thread runs an image. */
enum { HEAVY = 4 << 20, LONG = 100000 };

static const char *const own_program =
    ".import device \"console\" \"write\" (str) int? as write\n"
    ".func count params=1\n"
    "  loadi r1, 1\n"
    "  move r2, r0\n"
    "  loadi r3, 1\n"
    "  forprep r1, done\n"
    "body:\n"
    "  loadk r5, \"key\"\n"
    "  move r6, r4\n"
    "  concat r5, r5, 2\n"
    "  newtable r6, 0, 1\n"
    "  setidx r6, r5, r4\n"
    "  getidx r5, r6, r5\n"
    "  yield r5, 1, 0\n"
    "  forloop r1, body\n"
    "done:\n"
    "  ret0\n"
    ".end\n"
    ".func main\n"
    "  closure r0, count\n"
    "  conew r0, r0\n"
    "again:\n"
    "  move r1, r0\n"
    "  loadk r2, 200\n"
    "  resume r1, 1, 2\n"
    "  jnil r2, done\n"
    "  tostr r1, r2\n"
    "  loadk r2, \"\\n\"\n"
    "  concat r1, r1, 2\n"
    "  hcall r1, write\n"
    "  loop again\n"
    "done:\n"
    "  ret0\n"
    ".end\n"
    ".module \"main\" main\n"
    ".entry \"main\"\n";

/* What a machine printed. */
typedef struct Text {
  char *p;
  size_t n, cap;
} Text;

typedef struct Job {
  RoveImage *image;
  Text expected;
  uint64_t fuel;
  bool heavy; /* needs much memory: not for all machines at a time */
} Job;

typedef struct Runner {
  RoveMachine *m;
  const Job *job;
  Text out;
  bool started, done;
} Runner;

typedef struct Share {
  Runner *runners;
  size_t n;
  u32 failed;
} Share;

static void write_op(RoveCall *call, void *ud) {
  Text *t = ud;
  size_t len;
  const char *s = rove_arg_string(call, 0, &len);
  if (t->n + len > t->cap) {
    t->cap = 2 * (t->n + len);
    t->p = realloc(t->p, t->cap);
    if (!t->p) abort();
  }
  memcpy(t->p + t->n, s, len);
  t->n += len;
  rove_return_int(call, 0, (int64_t)len);
}

static RoveMachine *machine(const Job *job, Text *out, uint64_t fuel) {
  RoveMachine *m = rove_machine_new(&(RoveConfig){.fuel = fuel});
  RoveOperation write = {"write", "(str) (int?)", write_op, out};
  RoveDevice console = {.name = "console", .operations = &write, .count = 1};
  if (!m || !rove_add_device(m, &console) ||
      rove_load(m, job->image, NULL) != ROVE_OK) {
    diag("%s", m ? rove_error(m) : "no machine");
    abort();
  }
  return m;
}

/* One slice; true while there is more to do. */
static bool step(Runner *r) {
  RoveStatus st = r->started ? rove_resume(r->m) : rove_run(r->m, NULL, 0);
  r->started = true;
  if (st == ROVE_FUEL) {
    rove_add_fuel(r->m, SLICE);
    return true;
  }
  RoveStats stats;
  rove_stats(r->m, &stats);
  r->done = st == ROVE_OK && r->out.n == r->job->expected.n &&
            memcmp(r->out.p, r->job->expected.p, r->out.n) == 0 &&
            stats.fuel == r->job->fuel;
  return false;
}

static void *run_share(void *arg) {
  Share *s = arg;
  for (size_t i = 0; i < s->n; i++)
    s->runners[i].m = machine(s->runners[i].job, &s->runners[i].out, SLICE);
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < s->n; i++) {
      Runner *r = &s->runners[i];
      if (!r->m) continue;
      if (step(r)) {
        more = true;
        continue;
      }
      s->failed += !r->done;
      rove_machine_free(r->m);
      free(r->out.p);
      r->m = NULL;
    }
  }
  return NULL;
}

static void run_alone(Job *job) {
  RoveMachine *m = machine(job, &job->expected, 0);
  RoveStats stats;
  RoveStatus st = rove_run(m, NULL, 0);
  ok(st == ROVE_OK && job->expected.n > 0, "alone: %d bytes",
     (int)job->expected.n);
  rove_stats(m, &stats);
  job->fuel = stats.fuel;
  job->heavy = stats.host_peak > HEAVY || stats.fuel > LONG;
  rove_machine_free(m);
}

static void run_all(const Job *jobs, size_t njobs) {
  static Runner runners[MACHINES];
  Share shares[THREADS];
  pthread_t threads[THREADS];
  u32 failed = 0;
  for (size_t i = 0, next = 0; i < MACHINES; i++) {
    bool early = i % (MACHINES / THREADS) < njobs;
    while (!early && jobs[next % njobs].heavy) next++;
    runners[i] = (Runner){.job = &jobs[next++ % njobs]};
  }
  for (size_t i = 0; i < THREADS; i++) {
    size_t per = MACHINES / THREADS;
    shares[i] = (Share){.runners = runners + i * per, .n = per};
    if (pthread_create(&threads[i], NULL, run_share, &shares[i]))
      bail_out("no thread");
  }
  for (size_t i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    failed += shares[i].failed;
  }
  ok(failed == 0, "%d machines in %d threads, %u of them differ", MACHINES,
     THREADS, failed);
}

static RoveImage *own_image(void) {
  RvAsmDiag ad = {0};
  RvDiag d = {0};
  RvImage *img =
      rv_asm_text("threads.rasm", own_program, strlen(own_program), &ad);
  if (!img || !rv_verify_image(img, &d)) {
    diag("%s", img ? d.text : ad.error[0].text);
    bail_out("the program is refused");
  }
  return img;
}

int main(int argc, char **argv) {
  size_t n = argc > 1 ? (size_t)argc - 1 : 1;
  Job *jobs = calloc(n, sizeof *jobs);
  size_t light = 0;
  if (!jobs) bail_out("no memory");
  for (size_t i = 0; i < n; i++) {
    char why[200] = "";
    jobs[i].image =
        argc > 1 ? rove_image_open(argv[i + 1], why, sizeof why) : own_image();
    if (!jobs[i].image) {
      diag("%s: %s", argv[i + 1], why);
      bail_out("an image does not load");
    }
    run_alone(&jobs[i]);
    light += !jobs[i].heavy;
  }
  ok(light > 0, "%d of %d images for many machines", (int)light, (int)n);
  if (light == 0) return done_testing();
  run_all(jobs, n);
  for (size_t i = 0; i < n; i++) {
    rove_image_free(jobs[i].image);
    free(jobs[i].expected.p);
  }
  free(jobs);
  return done_testing();
}
