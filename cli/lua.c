/* SPDX-License-Identifier: MIT */
/* `rove [options] [FILE [arguments]]`: one's own programs, as `lua` runs them.

   They get every grant and no limits, which is what `lua` gives them. An image
   or assembly may come from anybody, so it is handed to `rove run`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/program.h"
#include "vm/capi/rove_api.h"

static const char usage_text[] =
    "usage: rove [options] [FILE [arguments]]\n"
    "  runs Lua with every grant; without FILE what comes on standard input\n"
    "  -e STAT     executes STAT\n"
    "  -i          goes on with the REPL\n"
    "  -l MOD      global MOD = require(MOD); -l G=MOD: global G\n"
    "  -v          shows the version\n"
    "  -E          ignores LUA_INIT, LUA_PATH and LUA_CPATH\n"
    "  -W          turns warnings on\n"
    "  --          ends the options\n"
    "  -           executes standard input\n";

typedef struct Line {
  RvProgram p;
  int argc;
  char **argv;
  int script;      /* index in argv; 0: none */
  bool e, i, v, E; /* given */
  RvSource source; /* the script, read before anything runs */
} Line;

/* -- Options --------------------------------------------------------------- */
static int bad_option(const char *s) {
  if (s[1] == 'e' || s[1] == 'l') rv_cli_fail(0, "'%s' needs argument", s);
  else rv_cli_fail(0, "unrecognized option '%s'", s);
  fputs(usage_text, stderr);
  return RV_EXIT_USAGE;
}

/* An option at *at, which may take the next word; false: it is none. */
static bool option(Line *l, int *at) {
  const char *s = l->argv[*at];
  switch (s[1]) {
  case 'E': l->E = true; break;
  case 'W': break;
  case 'i': l->i = l->v = true; break;
  case 'v': l->v = true; break;
  case 'e':
  case 'l':
    l->e |= s[1] == 'e';
    if (s[2]) return true;
    ++*at;
    return *at < l->argc && l->argv[*at][0] != '-';
  default: return false;
  }
  return s[2] == '\0';
}

static int parse(Line *l) {
  for (int i = 1; i < l->argc; i++) {
    const char *s = l->argv[i];
    if (s[0] != '-' || s[1] == '\0') {
      l->script = i;
      return 0;
    }
    if (strcmp(s, "--") == 0) {
      l->script = i + 1 < l->argc ? i + 1 : 0;
      return 0;
    }
    if (!option(l, &i)) return bad_option(s);
  }
  return 0;
}

/* After `--` a dash is a file of that name. */
static bool is_stdin(const Line *l, int i) {
  return strcmp(l->argv[i], "-") == 0 && strcmp(l->argv[i - 1], "--") != 0;
}

/* -- Chunks ---------------------------------------------------------------- */
static int run_image(Line *l, RoveImage *img, int argc, char **argv) {
  RoveStatus st = rove_load(l->p.m, img, NULL);
  rove_image_free(img);
  if (st == ROVE_OK) st = rv_program_run(&l->p, NULL, argc, argv);
  return rv_program_report(&l->p, st);
}

static int run_text(Line *l, const char *text, const char *chunk) {
  char error[500];
  RoveImage *img = rove_compile(text, strlen(text), chunk, error, sizeof error);
  if (!img) return rv_cli_fail(1, "%s", error);
  return run_image(l, img, 0, NULL);
}

static int run_source(Line *l, const RvSource *s, int argc, char **argv) {
  int code = 1;
  const char *name = strcmp(s->path, "-") ? s->path : "stdin";
  if (s->kind == RV_SOURCE_NONE)
    return rv_cli_fail(1, "cannot %s %s: %s", s->opened ? "read" : "open", name,
                       strerror(s->error));
  if (s->kind != RV_SOURCE_TEXT)
    return rv_cli_fail(RV_EXIT_IMAGE, "%s: not a text: try `rove run %s`", name,
                       s->path);
  RoveImage *img = rv_source_image(s, &code);
  return img ? run_image(l, img, argc, argv) : code;
}

static int run_file(Line *l, const char *path, int argc, char **argv) {
  RvSource s;
  rv_source_read(&s, path);
  int code = run_source(l, &s, argc, argv);
  rv_source_free(&s);
  return code;
}

/* -- The steps ------------------------------------------------------------- */
static int run_init(Line *l) {
  const char *name = "LUA_INIT_5_4", *text = getenv(name);
  char chunk[20];
  if (!text) text = getenv(name = "LUA_INIT");
  if (!text) return 0;
  if (*text == '@') return run_file(l, text + 1, 0, NULL);
  snprintf(chunk, sizeof chunk, "=%s", name);
  return run_text(l, text, chunk);
}

/* -l: as `lua` has it, MOD up to a `-` names the global. */
static int run_library(Line *l, char *arg) {
  char *module = strchr(arg, '=');
  size_t len = module ? (size_t)(module - arg) : strcspn(arg, "-");
  module = module ? module + 1 : arg;
  RoveStatus st = rv_program_run(&l->p, "require", 1, &module);
  if (st == ROVE_OK) st = rv_api_store_result(l->p.m, arg, len);
  return rv_program_report(&l->p, st);
}

static int run_warnings(Line *l) {
  char on[] = "@on", *args[] = {on};
  return rv_program_report(&l->p, rv_program_run(&l->p, "warn", 1, args));
}

static int run_options(Line *l) {
  int code = 0, end = l->script ? l->script : l->argc;
  for (int i = 1; i < end && code == 0; i++) {
    char *s = l->argv[i], kind = s[1];
    if (kind == 'W') code = run_warnings(l);
    if (kind != 'e' && kind != 'l') continue;
    char *rest = s[2] ? s + 2 : l->argv[++i];
    code = kind == 'e' ? run_text(l, rest, "=(command line)")
                       : run_library(l, rest);
  }
  return code;
}

static int run_script(Line *l) {
  int n = l->argc - l->script - 1;
  char **args = l->argv + l->script + 1;
  if (is_stdin(l, l->script)) return run_file(l, "-", n, args);
  return run_source(l, &l->source, n, args);
}

int rv_cli_print_version(void) {
  puts("Rove " RV_VERSION " (Lua 5.4)");
  return rv_cli_end_stdout(0);
}

static int run_rest(Line *l) {
  int code = l->script ? run_script(l) : 0;
  if (code) return code;
  if (l->i) return rv_repl(&l->p);
  if (l->script || l->e || l->v) return 0;
  if (!isatty(STDIN_FILENO)) return run_file(l, "-", 0, NULL);
  code = rv_cli_print_version();
  return code ? code : rv_repl(&l->p);
}

static RoveStatus prepare(Line *l) {
  RoveMachine *m = l->p.m;
  RoveStatus st = l->E ? rv_api_set_noenv(m) : ROVE_OK;
  if (!rove_allow(m, "all")) return ROVE_ERROR;
  if (st == ROVE_OK) st = rove_open_library(m);
  return st ? st : rv_api_set_arg(m, l->argc, l->argv, l->script);
}

static int run_all(Line *l) {
  l->p.m = rove_machine_new(&l->p.config);
  if (!l->p.m)
    return rv_cli_fail(RV_EXIT_MEMORY, "not enough memory for a machine");
  int first = l->script ? l->script + 1 : l->argc;
  rove_set_args(l->p.m, l->argc - first, l->argv + first);
  int code = l->v ? rv_cli_print_version() : 0;
  if (code == 0) code = rv_program_report(&l->p, prepare(l));
  if (code == 0 && !l->E) code = run_init(l);
  if (code == 0) code = run_options(l);
  if (code == 0) code = run_rest(l);
  code = rv_program_finish(&l->p, code);
  rove_machine_free(l->p.m);
  return code;
}

int rv_cli_lua(int argc, char **argv) {
  Line l;
  memset(&l, 0, sizeof l);
  l.argc = argc;
  l.argv = argv;
  int code = parse(&l);
  if (code) return code;
  if (l.script && !is_stdin(&l, l.script))
    rv_source_read(&l.source, argv[l.script]);
  bool options = l.script > 1 && strcmp(argv[1], "--") != 0;
  if (l.source.kind == RV_SOURCE_IMAGE || l.source.kind == RV_SOURCE_RASM) {
    rv_source_free(&l.source);
    if (options)
      return rv_cli_fail(RV_EXIT_USAGE,
                         "%s: options are for Lua texts (see `rove help run`)",
                         argv[l.script]);
    return rv_cli_run_confined(argc, argv, l.script);
  }
  code = run_all(&l);
  rv_source_free(&l.source);
  return code;
}

void rv_cli_lua_help(FILE *f) { fputs(usage_text, f); }
