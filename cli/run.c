/* SPDX-License-Identifier: MIT */
/* `rove run` and `rove repl`: a program, or a person, in a confined machine. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/program.h"
#include "vm/capi/rove_api.h"
#include "vm/host/library.h"

#define MAX_RULES 64

typedef struct Options {
  RvProgram p;
  bool stats;
  uint32_t drop_caches; /* test switch, 0: off */
  struct {
    bool allow;
    const char *right;
  } rule[MAX_RULES];
  int nrules;
  const char *file;
  int argc; /* what follows FILE in argv, */
  char **argv;
  bool repl;   /* there is no FILE */
  int nbefore; /* and how many words stand before it */
} Options;

static const char usage_text[] =
    "usage: rove run [flags] FILE [arguments]\n"
    "       rove repl [flags]      fuel and time are for each block\n"
    "  FILE (`-`: standard input) is an image, assembly (.rasm) or Lua\n"
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
    "  77 denied, 120 fuel, 121 memory, 122 stack, 123 handles, 124 timeout,\n"
    "  130 Ctrl-C, or what the program says\n";

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
    return parse_size(v, false, &o->p.config.fuel) ? 1 : -1;
  if (strcmp(name, "mem") == 0)
    return parse_size(v, true, &o->p.config.memory) ? 1 : -1;
  if (strcmp(name, "timeout") == 0)
    return parse_seconds(v, &o->p.timeout) ? 1 : -1;
  if (strcmp(name, "stack") == 0)
    return parse_count(v, &o->p.config.stack) ? 1 : -1;
  if (strcmp(name, "handles") == 0)
    return parse_count(v, &o->p.config.handles) ? 1 : -1;
  if (strcmp(name, "pieces") == 0) return parse_count(v, &o->p.pieces) ? 1 : -1;
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
  if (o->repl) return i < argc ? usage("one word too many: ", argv[i]) : 0;
  if (i >= argc) return usage("a file is missing", "");
  o->file = argv[i];
  o->argc = argc - i - 1;
  o->argv = argv + i + 1;
  o->nbefore = i + 1; /* argv[-1] is the program, argv[0] `run` */
  return 0;
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

/* Loads and runs it in the machine that is there. */
static int run_loaded(Options *o, RoveImage *img) {
  RoveStatus st = rove_load(o->p.m, img, NULL);
  /* arg[0] is FILE, what the command line had before it has lower numbers */
  if (st == ROVE_OK && rv_library_wanted(img)) {
    char **argv = o->argv - 1 - o->nbefore;
    st = rv_api_set_arg(o->p.m, o->nbefore + 1 + o->argc, argv, o->nbefore);
  }
  if (st == ROVE_OK) st = rv_program_run(&o->p, NULL, o->argc, o->argv);
  return rv_program_finish(&o->p, rv_program_report(&o->p, st));
}

static int run_repl(Options *o) {
  int code = rv_cli_print_version();
  if (code) return code;
  RoveStatus st = rove_open_library(o->p.m);
  return st ? rv_program_report(&o->p, st)
            : rv_program_finish(&o->p, rv_repl(&o->p));
}

/* img NULL: the REPL. */
static int run_image(Options *o, RoveImage *img) {
  char text[400];
  int code;
  RoveMachine *m = o->p.m = rove_machine_new(&o->p.config);
  if (m == NULL)
    return rv_cli_fail(RV_EXIT_MEMORY, "not enough memory for a machine");
  rove_set_args(m, o->argc, o->argv);
  rv_api_machine(m)->drop_caches_every = o->drop_caches;
  if (!grant(m, o))
    code = rv_cli_fail(RV_EXIT_USAGE, "%s", rove_error(m));
  else if (img == NULL)
    code = run_repl(o);
  else if (rove_missing(m, img, text, sizeof text))
    code = rv_cli_fail(RV_EXIT_DENIED, "%s: %s", o->file, text);
  else
    code = run_loaded(o, img);
  if (o->stats) print_stats(m);
  rove_machine_free(m);
  return code;
}

static int run_file(Options *o) {
  RvSource s;
  int code = 1;
  rv_source_read(&s, o->file);
  if (s.kind == RV_SOURCE_NONE)
    return rv_cli_fail(RV_EXIT_NO_FILE, "%s: %s",
                       strcmp(o->file, "-") ? o->file : "standard input",
                       strerror(s.error));
  RoveImage *img = rv_source_image(&s, &code);
  rv_source_free(&s);
  if (img == NULL) return code;
  code = run_image(o, img);
  rove_image_free(img);
  return code;
}

static int run(bool repl, int argc, char **argv) {
  Options o;
  memset(&o, 0, sizeof o);
  o.repl = repl;
  int rc = parse(&o, argc, argv);
  if (rc) return rc;
  if (o.p.pieces && o.p.config.fuel)
    return usage("--pieces and --fuel exclude one another", "");
  if (o.p.pieces) o.p.config.fuel = o.p.pieces;
  return repl ? run_image(&o, NULL) : run_file(&o);
}

int rv_cli_run(int argc, char **argv) { return run(false, argc, argv); }
int rv_cli_repl(int argc, char **argv) { return run(true, argc, argv); }

int rv_cli_run_confined(int argc, char **argv, int file) {
  Options o;
  memset(&o, 0, sizeof o);
  o.file = argv[file];
  o.argc = argc - file - 1;
  o.argv = argv + file + 1;
  o.nbefore = file;
  return run_file(&o);
}
