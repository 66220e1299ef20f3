/* SPDX-License-Identifier: MIT */
/* Test results in TAP, for C tests. One test program includes this once, states
 * results with ok() and its kin, and returns done_testing() from main.
 *
 * Every line is flushed at once: a crash loses no result. No version line is
 * written, since perl's reader refuses versions it does not know. */
#ifndef RV_TESTS_TAP_H
#define RV_TESTS_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_run, tap_failed, tap_planned;

__attribute__((format(printf, 1, 0), unused))
static void tap_vline(const char *head, const char *fmt, va_list ap) {
  fputs(head, stdout);
  vprintf(fmt, ap);
  putchar('\n');
  fflush(stdout);
}

/* Announces the number of results; without it, done_testing() counts them. */
__attribute__((unused))
static void plan(int n) {
  tap_planned = n;
  printf("1..%d\n", n);
  fflush(stdout);
}

/* A note for the reader of a failure. */
__attribute__((format(printf, 1, 2), unused))
static void diag(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  tap_vline("# ", fmt, ap);
  va_end(ap);
}

/* One result; gives `good` back. */
__attribute__((format(printf, 2, 3), unused))
static int ok(int good, const char *fmt, ...) {
  char head[40];
  va_list ap;
  if (!good) tap_failed++;
  snprintf(head, sizeof head, "%sok %d - ", good ? "" : "not ", ++tap_run);
  va_start(ap, fmt);
  tap_vline(head, fmt, ap);
  va_end(ap);
  return good;
}

__attribute__((unused))
static int is_int(int64_t got, int64_t want, const char *name) {
  if (ok(got == want, "%s", name)) return 1;
  diag("got %" PRId64 ", want %" PRId64, got, want);
  return 0;
}

/* Either may be NULL. */
__attribute__((unused))
static int is_str(const char *got, const char *want, const char *name) {
  if (ok(got == want || (got && want && !strcmp(got, want)), "%s", name))
    return 1;
  diag("got '%s', want '%s'", got ? got : "(null)", want ? want : "(null)");
  return 0;
}

/* A result that cannot be had here. Begin `why` with "missing" when a program
 * or library that ought to be installed is not: CI fails then. */
__attribute__((unused))
static void skip(const char *name, const char *why) {
  printf("ok %d - %s # SKIP %s\n", ++tap_run, name, why);
  fflush(stdout);
}

/* No result at all can be had here: ends the program. */
__attribute__((unused, noreturn))
static void skip_all(const char *why) {
  printf("1..0 # SKIP %s\n", why);
  exit(0);
}

/* Nothing further makes sense, not even in other test programs. */
__attribute__((unused, noreturn))
static void bail_out(const char *why) {
  printf("Bail out! %s\n", why);
  exit(255);
}

/* Writes the plan unless there was one; the exit code of the program. */
__attribute__((unused))
static int done_testing(void) {
  if (!tap_planned) {
    printf("1..%d\n", tap_run);
    fflush(stdout);
  } else if (tap_planned != tap_run) {
    diag("planned %d results, had %d", tap_planned, tap_run);
    return 1;
  }
  return tap_failed || !tap_run;
}

#endif
