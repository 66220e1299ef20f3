/* SPDX-License-Identifier: MIT */
/* The REPL: reads a block, runs it, prints what it returned.

   Through a pipe it does what `lua -i` does (the one that is not linked with
   readline, which would repeat its input). To a person it shows tables, takes
   an expression that goes on in the next line, and obeys dot commands. */
#include "cli/repl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "vm/capi/rove_api.h"
#include "vm/host/library.h"
#include "vm/meta.h"
#include "vm/num.h"
#include "vm/str.h"

/* -- Running --------------------------------------------------------------- */

RvImage *rv_repl_compile(const char *text, size_t len, const char *chunk,
                         char *error, size_t size, bool *incomplete) {
  RvImage *img = rv_image_new();
  RvLuaText t = {.text = text,
                 .len = len,
                 .chunk = chunk,
                 .chunk_len = strlen(chunk),
                 .module = "main"};
  *incomplete = false;
  if (!img) {
    snprintf(error, size, "not enough memory");
    return NULL;
  }
  if (rv_lua_compile(img, &t, error, size, incomplete)) {
    img->entry = 1;
    return img;
  }
  rv_image_unref(img);
  return NULL;
}

/* Says how a run ended that did not end well, and makes the machine ready for the
   next one if there can be one. */
static void report(RvRepl *r, RoveStatus st) {
  int code = rv_program_report(r->p, st);
  if (st == ROVE_EXITED || rv_api_machine(r->p->m)->killed) {
    r->over = true;
    r->code = code;
  }
  rove_abandon(r->p->m); /* if it only stopped */
}

/* A program that has used up its memory must still be told to let some go, so
   loading may use a little more than running. */
#define RESERVE 65536u

static RoveStatus load(const RvProgram *p, RvImage *img) {
  const RoveConfig *c = &p->config;
  if (c->memory) rove_set_memory(p->m, c->memory + RESERVE, c->host_memory);
  RoveStatus st = rove_load(p->m, img, NULL);
  if (c->memory) rove_set_memory(p->m, c->memory, c->host_memory);
  return st;
}

RoveStatus rv_repl_run(RvRepl *r, RvImage *img) {
  RvProgram *p = r->p;
  if (p->config.fuel && !p->pieces) /* each block has its own */
    rove_set_fuel(p->m, p->config.fuel);
  RoveStatus st = load(p, img);
  rove_image_free(img);
  if (st == ROVE_OK) st = rv_program_run(p, NULL, 0, NULL);
  if (st != ROVE_OK) {
    report(r, st);
  } else if (p->late) { /* who pressed Ctrl-C does not wait for results */
    fputs("interrupted\n", stderr);
    st = ROVE_INTERRUPTED;
  }
  return st;
}

/* -- Printing -------------------------------------------------------------- */

/* A global variable, without running anything. */
static RvValue global(RvRepl *r, const char *name) {
  RvMachine *m = rv_api_machine(r->p->m);
  return rv_repl_field(m, rv_obj(m->globals, RV_TABLE), name, strlen(name));
}

static bool is_from_library(RvValue f) {
  return f.t == RV_CLOSURE &&
         RV_AS(RvClosure, f)->proto->use->img == &rv_library_image;
}

/* Tables that say nothing of how they print become their contents. */
static void show_tables(RvRepl *r) {
  RoveMachine *rm = r->p->m;
  RvMachine *m = rv_api_machine(rm);
  for (size_t i = 0; i < rove_results(rm); i++) {
    RvValue v = rv_api_result(rm, i);
    size_t len;
    if (v.t != RV_TABLE || rv_event(m, v, RV_EV_TOSTRING).t != RV_NIL ||
        rv_event(m, v, RV_EV_NAME).t != RV_NIL)
      continue;
    char *text = rv_show_table(m, RV_AS(RvTable, v), &len);
    RvString *s = text ? rv_str_new(m, text, len) : NULL;
    if (s) rv_api_set_result(rm, i, rv_strv(s));
    free(text);
  }
}

void rv_repl_print(RvRepl *r) {
  if (rove_results(r->p->m) == 0) return;
  RvValue print = global(r, "print");
  if (r->terminal && is_from_library(print)) show_tables(r);
  RoveStatus st = rv_program_call(r->p, print, NULL);
  if (st == ROVE_ERROR) {
    fprintf(stderr, "error calling 'print' (%s)\n", rove_error(r->p->m));
  } else if (st != ROVE_OK) {
    report(r, st);
  }
}

/* -- Reading --------------------------------------------------------------- */

/* _PROMPT or _PROMPT2, malloc'd; an object's __tostring is asked each time. */
static char *prompt_text(RvRepl *r, bool first) {
  RvMachine *m = rv_api_machine(r->p->m);
  RvValue v = global(r, first ? "_PROMPT" : "_PROMPT2");
  RvValue event = rv_event(m, v, RV_EV_TOSTRING);
  char number[RV_NUM_TEXT];
  if (v.t == RV_STR)
    return strndup(rv_str_data(RV_AS(RvString, v)), RV_AS(RvString, v)->len);
  if (RV_IS_NUM(v.t)) {
    rv_num_text(v, number);
    return strdup(number);
  }
  if (v.t != RV_NIL && event.t != RV_NIL) {
    RoveStatus st = rv_program_call(r->p, event, &v);
    if (st != ROVE_OK) report(r, st);
    RoveValue text = rove_result(r->p->m, 0);
    if (st == ROVE_OK && text.type == ROVE_STRING) return strdup(text.u.s);
  }
  return strdup(first ? "> " : ">> ");
}

static bool append(RvRepl *r, const char *text, size_t len) {
  if (len + 2 > r->cap - r->len) {
    size_t cap = 2 * (r->len + len) + 100;
    char *more = realloc(r->text, cap);
    if (!more) return false;
    r->text = more;
    r->cap = cap;
  }
  memcpy(r->text + r->len, text, len);
  r->len += len;
  r->text[r->len] = '\0';
  return true;
}

static RvLineResult read_plain(RvRepl *r, const char *prompt) {
  const char *text;
  size_t len;
  fputs(prompt, stdout);
  fflush(stdout);
  RoveStatus st = rv_program_line(r->p, &text, &len);
  if (st == ROVE_INTERRUPTED) {
    fputs("\n", stdout);
    return RV_LINE_INTERRUPTED;
  }
  if (st != ROVE_OK) {
    rv_cli_fail(1, "%s", rove_error(r->p->m));
    return RV_LINE_ERROR;
  }
  if (len == 0) return RV_LINE_END;
  if (text[len - 1] == '\n') len--;
  return append(r, text, len) ? RV_LINE_TEXT : RV_LINE_ERROR;
}

static RvLineResult read_edited(RvRepl *r, const char *prompt) {
  char *text;
  RvLineResult got = rv_line_read(prompt, &rv_program_interrupted, &text);
  if (got != RV_LINE_TEXT) return got;
  if (!append(r, text, strlen(text))) got = RV_LINE_ERROR;
  free(text);
  return got;
}

/* Adds a line to the block. */
static RvLineResult read_line(RvRepl *r, bool first) {
  char *prompt = prompt_text(r, first);
  RvLineResult got = RV_LINE_ERROR;
  if (first) r->len = 0;
  rv_program_interrupted = 0;
  if (prompt && !r->over && (first || append(r, "\n", 1)))
    got = r->editor ? read_edited(r, prompt) : read_plain(r, prompt);
  free(prompt);
  /* behind a whole line it is meant for what is going to run */
  if (got != RV_LINE_TEXT) rv_program_interrupted = 0;
  return got;
}

/* -- Blocks ---------------------------------------------------------------- */

static const char chunk_name[] = "=stdin";

/* What is tried next of the two that a block may be. */
typedef struct Try {
  char error[800];
  bool incomplete;
} Try;

static RvImage *as_expression(const RvRepl *r, Try *t) {
  size_t len = r->len + 7;
  char *text = malloc(len + 1);
  if (!text) return NULL;
  memcpy(text, "return ", 7);
  memcpy(text + 7, r->text, r->len + 1);
  RvImage *img = rv_repl_compile(text, len, chunk_name, t->error,
                                 sizeof t->error, &t->incomplete);
  free(text);
  return img;
}

/* The block as an image, or as far as it goes; NULL: *error if it can become
   nothing, else more is needed. A pipe is `lua`'s: only a first line may be an
   expression. To a person `{1,` is one that goes on. */
static RvImage *compile_block(const RvRepl *r, bool first, Try *out) {
  Try expression = {.incomplete = false};
  RvImage *img = NULL;
  if (first || r->terminal) img = as_expression(r, &expression);
  if (!img)
    img = rv_repl_compile(r->text, r->len, chunk_name, out->error,
                          sizeof out->error, &out->incomplete);
  if (!img && !out->incomplete && r->terminal && expression.incomplete)
    *out = expression;
  return img;
}

/* Reads on until the block is whole. NULL: there is nothing to run. */
static RvImage *finish_block(RvRepl *r) {
  Try t = {.incomplete = false};
  RvImage *img = compile_block(r, true, &t);
  while (!img && t.incomplete) {
    RvLineResult got = read_line(r, false);
    if (got == RV_LINE_INTERRUPTED) return NULL;
    if (got != RV_LINE_TEXT) break;
    img = compile_block(r, false, &t);
  }
  if (r->editor) rv_line_remember(r->text);
  if (!img) {
    fflush(stdout);
    fprintf(stderr, "%s\n", t.error);
  }
  return img;
}

/* `=x` means `return x`. */
static bool expand_equals(RvRepl *r) {
  char *rest = strdup(r->text + 1);
  r->len = 0;
  bool good = rest && append(r, "return ", 7) && append(r, rest, strlen(rest));
  free(rest);
  return good;
}

static void run_block(RvRepl *r) {
  if (r->terminal && r->text[0] == '.') { /* nothing in Lua begins so */
    if (r->editor) rv_line_remember(r->text);
    rv_repl_command(r, r->text);
    return;
  }
  if (r->text[0] == '=' && !expand_equals(r)) return;
  RvImage *img = finish_block(r);
  if (img && rv_repl_run(r, img) == ROVE_OK) rv_repl_print(r);
}

int rv_repl(RvProgram *p) {
  RvRepl r = {.p = p};
  RvLineResult got;
  r.terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
  r.editor = r.terminal && rv_line_open(rv_complete, rv_api_machine(p->m));
  rv_program_session(p);
  if (r.terminal) puts("Type .help for help.");
  while (!r.over && (got = read_line(&r, true)) != RV_LINE_END) {
    if (got == RV_LINE_TEXT) run_block(&r);
    if (got == RV_LINE_ERROR) r.over = true, r.code = 1;
  }
  if (!r.over) puts("");
  free(r.text);
  int code = rv_cli_end_stdout(0);
  return r.code ? r.code : code;
}
