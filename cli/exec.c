/* SPDX-License-Identifier: MIT */
/* A run under the terminal's signals, and what is said about its end. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "cli/cli.h"
#include "cli/program.h"
#include "vm/call.h"
#include "vm/capi/rove_api.h"

/* -- Signals --------------------------------------------------------------- */
static RoveMachine *volatile running; /* for the handlers */
volatile sig_atomic_t rv_program_interrupted;

static void on_interrupt(int sig) {
  RoveMachine *m = running;
  if (m) rove_interrupt(m);
  else rv_program_interrupted = 1;
}

static void on_alarm(int sig) {
  RoveMachine *m = running;
  if (m) rove_timeout(m);
}

static void set_handler(int sig, void (*fn)(int), int flags) {
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_handler = fn;
  sa.sa_flags = flags; /* no SA_RESTART: waits must end */
  sigemptyset(&sa.sa_mask);
  sigaction(sig, &sa, NULL);
}

static void set_timer(double seconds) {
  struct itimerval t;
  memset(&t, 0, sizeof t);
  t.it_value.tv_sec = (time_t)seconds;
  t.it_value.tv_usec = (suseconds_t)((seconds - (double)(time_t)seconds) * 1e6);
  if (seconds > 0 && t.it_value.tv_sec == 0 && t.it_value.tv_usec == 0)
    t.it_value.tv_usec = 1;
  setitimer(ITIMER_REAL, &t, NULL);
}

/* A Ctrl-C that came too late for the run it was meant for. */
static bool forget_interrupt(RoveMachine *m) {
  _Atomic u32 *request = &rv_api_machine(m)->request;
  return atomic_fetch_and(request, ~RV_REQ_INTERRUPT) & RV_REQ_INTERRUPT;
}

static void enter(RvProgram *p) {
  running = p->m;
  set_handler(SIGPIPE, SIG_IGN, 0);
  if (!p->session) { /* the second one kills */
    set_handler(SIGINT, on_interrupt, SA_RESETHAND);
  } else if (rv_program_interrupted) { /* just before there was a run */
    rv_program_interrupted = 0;
    rove_interrupt(p->m);
  }
  set_handler(SIGALRM, on_alarm, 0);
  if (p->timeout > 0) set_timer(p->timeout);
}

static void leave(RvProgram *p) {
  if (p->timeout > 0) set_timer(0);
  running = NULL;
  if (p->session) p->late = forget_interrupt(p->m);
  else set_handler(SIGINT, SIG_DFL, 0);
}

void rv_program_session(RvProgram *p) {
  p->session = true;
  set_handler(SIGINT, on_interrupt, 0);
}

/* -- The run --------------------------------------------------------------- */
static RoveStatus go_on(RvProgram *p, RoveStatus st) {
  while (st == ROVE_FUEL && p->pieces > 0) {
    rove_add_fuel(p->m, p->pieces);
    st = rove_resume(p->m);
  }
  return st;
}

RoveStatus rv_program_run(RvProgram *p, const char *function, int argc,
                          char **argv) {
  RoveValue *args = calloc((size_t)argc + 1, sizeof *args);
  if (args == NULL) return ROVE_ERROR_MEMORY;
  for (int i = 0; i < argc; i++) {
    args[i].type = ROVE_STRING;
    args[i].u.s = argv[i];
    args[i].len = strlen(argv[i]);
  }
  enter(p);
  RoveStatus st =
      go_on(p, function ? rove_call(p->m, function, args, (size_t)argc)
                        : rove_run(p->m, args, (size_t)argc));
  leave(p);
  free(args);
  return st;
}

RoveStatus rv_program_call(RvProgram *p, RvValue f, const RvValue *arg) {
  enter(p);
  RoveStatus st = go_on(p, rv_api_call(p->m, f, arg));
  leave(p);
  return st;
}

RoveStatus rv_program_line(RvProgram *p, const char **line, size_t *len) {
  enter(p);
  RoveStatus st = rv_api_console_line(p->m, line, len);
  leave(p);
  return st;
}

/* -- Its end --------------------------------------------------------------- */
/* Why a machine was killed inside a foreign function. */
static RoveStatus killed_by(const RoveMachine *m) {
  switch ((RvRunResult)rv_api_machine(m)->stop_reason) {
  case RV_RUN_FUEL: return ROVE_FUEL;
  case RV_RUN_TIMEOUT: return ROVE_TIMEOUT;
  case RV_RUN_INTERRUPTED: return ROVE_INTERRUPTED;
  default: return ROVE_KILLED;
  }
}

/* The exit code for a status, and the limit behind it as text. */
static int code_of(const RvProgram *p, RoveStatus st, char *limit, size_t n) {
  switch (st) {
  case ROVE_FUEL:
    snprintf(limit, n, " (limit %llu units, --fuel)",
             (unsigned long long)p->config.fuel);
    return RV_EXIT_FUEL;
  case ROVE_TIMEOUT:
    snprintf(limit, n, " (limit %g s, --timeout)", p->timeout);
    return RV_EXIT_TIMEOUT;
  case ROVE_INTERRUPTED: return RV_EXIT_INTERRUPT;
  case ROVE_ERROR_MEMORY:
    if (p->config.memory)
      snprintf(limit, n, " (limit %llu bytes, --mem)",
               (unsigned long long)p->config.memory);
    return RV_EXIT_MEMORY;
  case ROVE_ERROR_STACK:
    snprintf(limit, n, " (limit %u registers, --stack)",
             rv_api_machine(p->m)->max_slots);
    return RV_EXIT_STACK;
  case ROVE_ERROR_HANDLES: return RV_EXIT_HANDLES;
  case ROVE_ERROR_DENIED: return RV_EXIT_DENIED;
  default: return 1;
  }
}

/* What the error object's __tostring says, which is a run of its own: it may
   fail or be stopped in its turn. */
static RoveStatus ask_object(RvProgram *p) {
  enter(p);
  RoveStatus st = go_on(p, rove_error_text(p->m));
  leave(p);
  return st == ROVE_OK ? ROVE_ERROR : st;
}

int rv_program_report(RvProgram *p, RoveStatus st) {
  char limit[80] = "";
  if (st == ROVE_OK) return 0;
  if (st == ROVE_EXITED) {
    int code = rove_exit_code(p->m);
    const char *lost = rove_error(p->m); /* output, if anything */
    return *lost ? rv_cli_fail(code ? code : 1, "%s", lost) : code;
  }
  if (st == ROVE_KILLED) st = killed_by(p->m);
  if (st == ROVE_ERROR) st = ask_object(p);
  if (st == ROVE_EXITED) return rove_exit_code(p->m);
  int code = code_of(p, st, limit, sizeof limit);
  fflush(stdout);
  fprintf(stderr, "%s%s%s\n", p->session ? "" : "rove: ", rove_error(p->m),
          limit);
  const char *trace = rove_traceback(p->m);
  if (*trace) fprintf(stderr, "%s\n", trace);
  return code;
}

int rv_program_finish(RvProgram *p, int code) {
  const RvMachine *m = rv_api_machine(p->m);
  if (m->running || m->killed) return code;
  enter(p);
  RoveStatus st = go_on(p, rove_finish(p->m));
  leave(p);
  int own = rv_program_report(p, st);
  return code ? code : own;
}
