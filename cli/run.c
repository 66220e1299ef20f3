/* SPDX-License-Identifier: MIT */
/* `rove run`: an image or an assembly text in a confined machine. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "cli/cli.h"
#include "include/rove.h"
#include "vm/call.h"
#include "vm/capi/rove_api.h"

#define MAX_RULES 64

typedef struct Options {
  RoveConfig config;
  double timeout; /* seconds, 0: none */
  bool stats;
  uint32_t pieces;      /* test switches, 0: off */
  uint32_t drop_caches;
  struct {
    bool allow;
    const char *right;
  } rule[MAX_RULES];
  int nrules;
  const char *file;
  int argc;
  char **argv;
} Options;

static const char usage_text[] =
    "usage: rove run [flags] FILE [arguments]\n"
    "  FILE is an image (.rove) or assembly (.rasm).\n"
    "  --allow-read=DIR --allow-write=DIR --allow-net=HOST:PORT\n"
    "  --allow-env=NAME --allow-native=LIB --allow-run\n"
    "      grant that; without =... all of the kind; -A grants everything\n"
    "  --deny-KIND[=OBJECT]   denies it, whatever is granted\n"
    "      (console, clock and entropy are granted unless denied)\n"
    "  --fuel N               units of work\n"
    "  --mem SIZE             memory of the program; SIZE may end in K, M, G\n"
    "  --timeout SECONDS      real time\n"
    "  --stack N              registers of all frames\n"
    "  --handles N            open handles\n"
    "  --stats                tells on stderr what was used\n"
    "test switches, which must change nothing:\n"
    "  --pieces N             stop and go on after every N units\n"
    "  --drop-caches N        forget inline caches at every Nth safepoint\n"
    "exit codes: 0, 1 error, 2 usage, 65 bad image, 66 no such file,\n"
    "  77 denied, 120 fuel, 121 memory, 122 stack, 123 handles, 124 timeout, 130 Ctrl-C\n";

static int usage(const char *what, const char *arg) {
  rv_cli_fail(RV_EXIT_USAGE, "%s%s", what, arg);
  fputs(usage_text, stderr);
  return RV_EXIT_USAGE;
}

/* -- Flags ----------------------------------------------------------------- */
static bool parse_size(const char *s, bool suffix, uint64_t *out) {
  char *end;
  if (*s < '0' || *s > '9') return false;
  errno = 0;
  unsigned long long n = strtoull(s, &end, 10);
  int shift = 0;
  if (suffix && *end) {
    shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    if (shift) end++;
  }
  if (errno || *end || n == 0 || n > UINT64_MAX >> shift) return false;
  *out = (uint64_t)n << shift;
  return true;
}

static bool parse_seconds(const char *s, double *out) {
  char *end;
  *out = strtod(s, &end);
  return end != s && *end == '\0' && *out > 0 && *out < 1e9;
}

static bool parse_count(const char *s, uint32_t *out) {
  uint64_t n;
  if (!parse_size(s, false, &n) || n > UINT32_MAX) return false;
  *out = (uint32_t)n;
  return true;
}

/* A flag with a value: 1 taken, 0 another flag, -1 bad value. */
static int value_flag(Options *o, const char *name, const char *v) {
  if (strcmp(name, "fuel") == 0)
    return parse_size(v, false, &o->config.fuel) ? 1 : -1;
  if (strcmp(name, "mem") == 0)
    return parse_size(v, true, &o->config.memory) ? 1 : -1;
  if (strcmp(name, "timeout") == 0)
    return parse_seconds(v, &o->timeout) ? 1 : -1;
  if (strcmp(name, "stack") == 0)
    return parse_count(v, &o->config.stack) ? 1 : -1;
  if (strcmp(name, "handles") == 0)
    return parse_count(v, &o->config.handles) ? 1 : -1;
  if (strcmp(name, "pieces") == 0) return parse_count(v, &o->pieces) ? 1 : -1;
  if (strcmp(name, "drop-caches") == 0)
    return parse_count(v, &o->drop_caches) ? 1 : -1;
  return 0;
}

static bool add_rule(Options *o, bool allow, const char *right) {
  if (o->nrules == MAX_RULES) return false;
  o->rule[o->nrules].allow = allow;
  o->rule[o->nrules++].right = right;
  return true;
}

/* Splits "--name=value" or takes the next argument; steps *i. */
static int long_flag(Options *o, int argc, char **argv, int *i) {
  const char *arg = argv[*i] + 2;
  char name[32];
  size_t n = strcspn(arg, "=");
  if (n >= sizeof name) return usage("no such flag: ", argv[*i]);
  memcpy(name, arg, n);
  name[n] = '\0';
  static const char *const valued[] = {"fuel",    "mem",    "timeout",    "stack",
                                       "handles", "pieces", "drop-caches"};
  for (size_t k = 0; k < sizeof valued / sizeof *valued; k++) {
    if (strcmp(name, valued[k]) != 0) continue;
    const char *v = arg[n] ? arg + n + 1 : NULL;
    if (v == NULL && ++*i < argc) v = argv[*i];
    if (v == NULL) return usage("a value is missing: --", name);
    return value_flag(o, name, v) == 1 ? 0 : usage("bad value: ", v);
  }
  return usage("no such flag: ", argv[*i]);
}

static int parse(Options *o, int argc, char **argv) {
  int i = 1;
  for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
    const char *a = argv[i];
    int rc = 0;
    if (strcmp(a, "--") == 0) {
      i++;
      break;
    }
    if (strcmp(a, "--help") == 0) {
      fputs(usage_text, stdout);
      exit(rv_cli_end_stdout(0));
    }
    if (strcmp(a, "-A") == 0)
      rc = add_rule(o, true, "all") ? 0 : usage("too many rules", "");
    else if (strncmp(a, "--allow-", 8) == 0)
      rc = add_rule(o, true, a + 8) ? 0 : usage("too many rules", "");
    else if (strncmp(a, "--deny-", 7) == 0)
      rc = add_rule(o, false, a + 7) ? 0 : usage("too many rules", "");
    else if (strcmp(a, "--stats") == 0)
      o->stats = true;
    else if (a[1] == '-')
      rc = long_flag(o, argc, argv, &i);
    else
      rc = usage("no such flag: ", a);
    if (rc) return rc;
  }
  if (i >= argc) return usage("a file is missing", "");
  o->file = argv[i];
  o->argc = argc - i - 1;
  o->argv = argv + i + 1;
  return 0;
}

/* -- The file -------------------------------------------------------------- */
static RoveImage *compile(const char *file, const u8 *text, size_t size) {
  char error[500];
  char *name = malloc(strlen(file) + 2);
  if (!name) return NULL;
  sprintf(name, "@%s", file);
  RoveImage *img = rove_compile((const char *)text, size, name, error,
                                sizeof error);
  if (img == NULL) rv_cli_fail(0, "%s", error);
  free(name);
  return img;
}

static RoveImage *load(const char *file, int *rc) {
  size_t size;
  u8 *bytes;
  *rc = rv_cli_read(file, &bytes, &size);
  if (*rc) return NULL;
  size_t n = strlen(file);
  RoveImage *img = NULL;
  *rc = RV_EXIT_IMAGE;
  if (!rv_image_is(bytes, size) && n > 5 &&
      strcmp(file + n - 5, ".rasm") == 0) {
    RvAsmDiag d = {0};
    img = rv_asm_text(file, (const char *)bytes, size, &d);
    if (img == NULL) rv_cli_print_asm_errors(&d);
  } else if (rv_image_is(bytes, size)) {
    char error[300];
    img = rove_image_load(bytes, size, error, sizeof error);
    if (img == NULL) rv_cli_fail(0, "%s: %s", file, error);
  } else {
    img = compile(file, bytes, size);
    *rc = 1;
  }
  free(bytes);
  return img;
}

/* -- Signals --------------------------------------------------------------- */
static RoveMachine *volatile running; /* for the handlers */

static void on_interrupt(int sig) {
  RoveMachine *m = running;
  if (m) rove_interrupt(m);
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

/* -- The run --------------------------------------------------------------- */
static bool grant(RoveMachine *m, const Options *o) {
  bool good = rove_allow(m, "console") && rove_allow(m, "clock") &&
              rove_allow(m, "entropy");
  for (int i = 0; i < o->nrules && good; i++)
    good = o->rule[i].allow ? rove_allow(m, o->rule[i].right)
                            : rove_deny(m, o->rule[i].right);
  return good;
}

static RoveStatus run(RoveMachine *m, const Options *o) {
  RoveValue *args = calloc((size_t)o->argc + 1, sizeof *args);
  if (args == NULL) return ROVE_ERROR_MEMORY;
  for (int i = 0; i < o->argc; i++) {
    args[i].type = ROVE_STRING;
    args[i].u.s = o->argv[i];
    args[i].len = strlen(o->argv[i]);
  }
  running = m;
  set_handler(SIGPIPE, SIG_IGN, 0);
  set_handler(SIGINT, on_interrupt, SA_RESETHAND); /* the second one kills */
  set_handler(SIGALRM, on_alarm, 0);
  if (o->timeout > 0) set_timer(o->timeout);
  RoveStatus st = rove_run(m, args, (size_t)o->argc);
  while (st == ROVE_FUEL && o->pieces > 0) {
    rove_add_fuel(m, o->pieces);
    st = rove_resume(m);
  }
  if (o->timeout > 0) set_timer(0);
  set_handler(SIGINT, SIG_DFL, 0);
  running = NULL;
  free(args);
  return st;
}

static void print_stats(RoveMachine *m) {
  RoveStats s;
  rove_stats(m, &s);
  fprintf(stderr,
          "fuel %llu\nguest-bytes %llu\nhost-bytes %llu\nhost-peak %llu\n"
          "collections %llu\nhost-calls %llu\n",
          (unsigned long long)s.fuel, (unsigned long long)s.guest_bytes,
          (unsigned long long)s.host_bytes, (unsigned long long)s.host_peak,
          (unsigned long long)s.collections, (unsigned long long)s.host_calls);
  RoveDeviceStats d;
  for (size_t i = 0; rove_device_stats(m, i, &d); i++)
    if (d.calls || d.denied)
      fprintf(stderr,
              "device %s: calls %llu bytes %llu errors %llu denied %llu\n",
              d.name, (unsigned long long)d.calls, (unsigned long long)d.bytes,
              (unsigned long long)d.errors, (unsigned long long)d.denied);
}

/* Why a machine was killed inside a foreign function. */
static RoveStatus killed_by(const RoveMachine *m) {
  switch ((RvRunResult)rv_api_machine(m)->stop_reason) {
  case RV_RUN_FUEL: return ROVE_FUEL;
  case RV_RUN_TIMEOUT: return ROVE_TIMEOUT;
  case RV_RUN_INTERRUPTED: return ROVE_INTERRUPTED;
  default: return ROVE_KILLED;
  }
}

static int report(RoveMachine *m, const Options *o, RoveStatus st) {
  const char *text = rove_error(m);
  char limit[80] = "";
  int code = 1;
  if (st == ROVE_KILLED) st = killed_by(m);
  switch (st) {
  case ROVE_OK: return 0;
  case ROVE_EXITED: return rove_exit_code(m);
  case ROVE_FUEL:
    code = RV_EXIT_FUEL;
    snprintf(limit, sizeof limit, " (limit %llu units, --fuel)",
             (unsigned long long)o->config.fuel);
    break;
  case ROVE_TIMEOUT:
    code = RV_EXIT_TIMEOUT;
    snprintf(limit, sizeof limit, " (limit %g s, --timeout)", o->timeout);
    break;
  case ROVE_INTERRUPTED: code = RV_EXIT_INTERRUPT; break;
  case ROVE_ERROR_MEMORY:
    code = RV_EXIT_MEMORY;
    if (o->config.memory)
      snprintf(limit, sizeof limit, " (limit %llu bytes, --mem)",
               (unsigned long long)o->config.memory);
    break;
  case ROVE_ERROR_STACK:
    code = RV_EXIT_STACK;
    snprintf(limit, sizeof limit, " (limit %u registers, --stack)",
             rv_api_machine(m)->max_slots);
    break;
  case ROVE_ERROR_HANDLES: code = RV_EXIT_HANDLES; break;
  case ROVE_ERROR_DENIED: code = RV_EXIT_DENIED; break;
  default: break;
  }
  rv_cli_fail(code, "%s%s", text, limit);
  const char *trace = rove_traceback(m);
  if (*trace) fprintf(stderr, "%s\n", trace);
  return code;
}

static int run_image(Options *o, RoveImage *img) {
  char text[400];
  int code;
  RoveMachine *m = rove_machine_new(&o->config);
  if (m == NULL)
    return rv_cli_fail(RV_EXIT_MEMORY, "not enough memory for a machine");
  rove_set_args(m, o->argc, o->argv);
  rv_api_machine(m)->drop_caches_every = o->drop_caches;
  if (!grant(m, o)) {
    code = rv_cli_fail(RV_EXIT_USAGE, "%s", rove_error(m));
  } else if (rove_missing(m, img, text, sizeof text)) {
    code = rv_cli_fail(RV_EXIT_DENIED, "%s: %s", o->file, text);
  } else if (!img->verified && !rv_api_verify(img, text, sizeof text)) {
    code = rv_cli_fail(RV_EXIT_IMAGE, "%s: %s", o->file, text);
  } else {
    RoveStatus st = rove_load(m, img, NULL);
    if (st == ROVE_OK) st = run(m, o);
    code = report(m, o, st);
  }
  if (o->stats) print_stats(m);
  rove_machine_free(m);
  return code;
}

int rv_cli_run(int argc, char **argv) {
  Options o;
  memset(&o, 0, sizeof o);
  int rc = parse(&o, argc, argv);
  if (rc) return rc;
  if (o.pieces && o.config.fuel)
    return usage("--pieces and --fuel exclude one another", "");
  if (o.pieces) o.config.fuel = o.pieces;
  RoveImage *img = load(o.file, &rc);
  if (img == NULL) return rc;
  rc = run_image(&o, img);
  rove_image_free(img);
  return rc;
}
