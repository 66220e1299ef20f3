/* SPDX-License-Identifier: MIT */
/* The REPL's dot commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "assembler/asm.h"
#include "cli/cli.h"
#include "cli/repl.h"
#include "vm/capi/rove_api.h"
#include "vm/host/device.h"
#include "vm/num.h"

/* X(name, argument, what it does) */
#define COMMANDS(X)                                         \
  X(help, "", "says this")                                  \
  X(load, "FILE", "runs a file: Lua, assembly or an image") \
  X(time, "EXPR", "evaluates, then says what it took")      \
  X(dis, "EXPR", "shows the code of a function")            \
  X(limits, "", "says what is used and what may be used")   \
  X(quit, "", "leaves, as Ctrl-D does")

typedef void Command(RvRepl *r, const char *arg);

/* -- Files ----------------------------------------------------------------- */

static void do_load(RvRepl *r, const char *file) {
  RvSource s;
  int code = 0;
  rv_source_read(&s, file);
  RoveImage *img = rv_source_image(&s, &code);
  if (s.kind == RV_SOURCE_NONE)
    rv_cli_fail(0, "%s: %s", file, strerror(s.error));
  rv_source_free(&s);
  if (img) rv_repl_run(r, img);
}

/* -- Expressions ----------------------------------------------------------- */

/* Runs `return EXPR`. */
static RoveStatus evaluate(RvRepl *r, const char *expr) {
  char error[800];
  bool incomplete;
  size_t n = strlen(expr) + 8;
  char *text = malloc(n);
  if (!text) return ROVE_ERROR_MEMORY;
  snprintf(text, n, "return %s", expr);
  RvImage *img =
      rv_repl_compile(text, n - 1, "=stdin", error, sizeof error, &incomplete);
  free(text);
  if (img) return rv_repl_run(r, img);
  fprintf(stderr, "%s\n", error);
  return ROVE_ERROR;
}

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void do_time(RvRepl *r, const char *expr) {
  RoveStats before, after;
  rove_stats(r->p->m, &before);
  double wall = seconds(CLOCK_MONOTONIC);
  double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  RoveStatus st = evaluate(r, expr);
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  wall = seconds(CLOCK_MONOTONIC) - wall;
  rove_stats(r->p->m, &after);
  if (st == ROVE_OK) rv_repl_print(r);
  if (r->over) return;
  printf("%.6f s, %.6f s of CPU, %llu units of fuel, %llu collections\n", wall,
         cpu, (unsigned long long)(after.fuel - before.fuel),
         (unsigned long long)(after.collections - before.collections));
}

static void to_stdout(void *ud, const char *p, size_t n) {
  fwrite(p, 1, n, stdout);
}

static void do_dis(RvRepl *r, const char *expr) {
  if (evaluate(r, expr) != ROVE_OK) return;
  RvValue f = rv_api_result(r->p->m, 0);
  if (f.t == RV_NATIVE) {
    printf("builtin %s\n", RV_AS(RvNative, f)->def->name);
  } else if (f.t == RV_CLOSURE) {
    const RvProto *p = RV_AS(RvClosure, f)->proto;
    const RvImage *img = p->use->img;
    if (!rv_dis_func(img, (u32)(p->f - img->funcs), to_stdout, NULL))
      rv_cli_fail(0, "not enough memory");
  } else {
    fputs("that is no function\n", stderr);
  }
}

/* -- Limits ---------------------------------------------------------------- */

static void say_limit(const char *what, u64 used, u64 limit, const char *unit) {
  printf("  %-8s %12llu", what, (unsigned long long)used);
  if (limit) printf(" of %llu", (unsigned long long)limit);
  printf(" %s%s\n", unit, limit ? "" : ", no limit");
}

static void do_limits(RvRepl *r, const char *arg) {
  const RoveConfig *c = &r->p->config;
  RvMachine *m = rv_api_machine(r->p->m);
  RoveStats s;
  rove_stats(r->p->m, &s);
  say_limit("memory", s.guest_bytes, c->memory, "bytes");
  say_limit("handles", s.handles, m->host->max_handles, "open");
  printf("  %-8s %12s of %u registers\n", "stack", "", m->max_slots);
  if (r->p->timeout > 0)
    printf("  %-8s %12s of %g s for each block\n", "time", "", r->p->timeout);
  printf("  %-8s %12llu units so far", "fuel", (unsigned long long)s.fuel);
  if (c->fuel) printf(", %llu for each block\n", (unsigned long long)c->fuel);
  else puts(", no limit");
}

/* -- Finding --------------------------------------------------------------- */

static void do_quit(RvRepl *r, const char *arg) { r->over = true; }

static void do_help(RvRepl *r, const char *arg) {
  fputs(
      "Lua is run as it is typed; what an expression returns is printed, "
      "tables\n"
      "with their contents. A local variable lives until the end of its line "
      "or\n"
      "block: what is to stay must be global. Tab completes names, the arrow\n"
      "keys bring back earlier blocks, Ctrl-C stops what runs or drops what "
      "was\n"
      "typed, Ctrl-D leaves. Blocks are kept in ~/.rove_history; ROVE_HISTORY\n"
      "names another file, or is empty for none. ROVE_READLINE=no: plain "
      "lines.\n",
      stdout);
#define RV_X(name, arg, text) printf("  .%-6s %-5s %s\n", #name, arg, text);
  COMMANDS(RV_X)
#undef RV_X
}

void rv_repl_command(RvRepl *r, const char *line) {
  static const struct {
    const char *name;
    bool wants;
    Command *run;
  } commands[] = {
#define RV_X(name, arg, text) {#name, sizeof arg > 1, do_##name},
      COMMANDS(RV_X)
#undef RV_X
  };
  size_t n = strcspn(++line, " \t\n");
  const char *arg = line + n + strspn(line + n, " \t\n");
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    const char *name = commands[i].name;
    if (strlen(name) != n || memcmp(name, line, n) != 0) continue;
    if (commands[i].wants && !*arg)
      fprintf(stderr, ".%s needs an argument (try .help)\n", name);
    else commands[i].run(r, arg);
    fflush(stdout);
    return;
  }
  fprintf(stderr, "no such command: .%.*s (try .help)\n", (int)n, line);
}
