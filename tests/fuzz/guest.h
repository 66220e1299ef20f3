/* SPDX-License-Identifier: MIT */
/* Runs an image that nobody trusts, for the test of mutants and the fuzzers:
   nothing is granted but a console that only counts, and fuel and memory are
   short. Included by one C file of a program. */
#ifndef RV_TESTS_FUZZ_GUEST_H
#define RV_TESTS_FUZZ_GUEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rove.h"
#include "vm/capi/rove_api.h"

typedef struct GuestLimits {
  u64 fuel, memory;
  u64 piece;  /* run in pieces of this much fuel; 0: in one */
  u8 stress;  /* as RvMachine.stress */
  u32 drop;   /* drop caches at each nth safepoint; 0: never */
} GuestLimits;

/* What a run shows of itself. */
typedef struct GuestEnd {
  RoveStatus status;
  u64 sum; /* of all that was written */
  u64 fuel, guest_bytes, host_peak;
  char error[200];
} GuestEnd;

static void guest_write(RoveCall *call, void *ud) {
  size_t len;
  const u8 *s = (const u8 *)rove_arg_string(call, 0, &len);
  u64 *sum = ud;
  for (size_t i = 0; i < len; i++) *sum = (*sum ^ s[i]) * 0x100000001b3ull;
  rove_return_int(call, 0, (i64)len);
}

static RoveMachine *guest_machine(const GuestLimits *l, u64 *sum) {
  RoveConfig c = {.memory = l->memory, .fuel = l->piece ? l->piece : l->fuel};
  RoveMachine *m = rove_machine_new(&c);
  if (!m) abort();
  RoveOperation op = {"write", "(str) int?", guest_write, sum};
  RoveDevice console = {"console", 1, &op, 1, NULL};
  if (!rove_add_device(m, &console)) abort();
  rv_api_machine(m)->stress = l->stress;
  rv_api_machine(m)->drop_caches_every = l->drop;
  return m;
}

/* Goes on in pieces while the program wants more and there is some. */
static RoveStatus guest_resume(RoveMachine *m, const GuestLimits *l,
                               RoveStatus st) {
  u64 given = l->piece;
  while (st == ROVE_FUEL && l->piece && given < l->fuel) {
    u64 n = l->fuel - given < l->piece ? l->fuel - given : l->piece;
    rove_add_fuel(m, n);
    given += n;
    st = rove_resume(m);
  }
  return st;
}

/* Whatever a host may ask about afterwards must have an answer. */
static void guest_ask(RoveMachine *m) {
  for (size_t i = 0; i < rove_results(m); i++) {
    RoveValue v = rove_result(m, i);
    if (v.type == ROVE_STRING && v.u.s[v.len] != '\0') abort();
  }
  if (strlen(rove_traceback(m)) > (64u << 20)) abort();
}

/* Runs `module` (NULL: the entry) of a verified image. */
__attribute__((unused))
static GuestEnd guest_run(RoveImage *img, const char *module,
                          const GuestLimits *l) {
  GuestEnd e = {.status = ROVE_OK, .sum = 0xcbf29ce484222325ull};
  RoveStats stats;
  RoveMachine *m = guest_machine(l, &e.sum);
  e.status = rove_load(m, img, module);
  if (e.status == ROVE_OK)
    e.status = guest_resume(m, l, rove_run(m, NULL, 0));
  snprintf(e.error, sizeof e.error, "%s", rove_error(m));
  rove_stats(m, &stats);
  e.fuel = stats.fuel;
  e.guest_bytes = stats.guest_bytes;
  guest_ask(m);
  rove_stats(m, &stats);
  e.host_peak = stats.host_peak;
  rove_machine_free(m);
  return e;
}

#endif
