/* SPDX-License-Identifier: MIT */
/* The parts of the REPL: repl.c reads and runs, the others help it. */
#ifndef RV_CLI_REPL_H
#define RV_CLI_REPL_H

#include "cli/line.h"
#include "cli/program.h"
#include "vm/machine.h"

typedef struct RvRepl {
  RvProgram *p;
  bool terminal; /* a person sits there: editor, tables, dot commands */
  bool editor;   /* rv_line_read reads */
  bool over;     /* the session has ended, with this exit code */
  int code;
  char *text; /* the block that is being read */
  size_t len, cap;
} RvRepl;

/* -- repl.c ---------------------------------------------------------------- */
/* Compiles a text as a chunk of that name. NULL: the message is in error. */
RvImage *rv_repl_compile(const char *text, size_t len, const char *chunk,
                         char *error, size_t size, bool *incomplete);
/* Loads the image (which it takes) and runs it, saying how that ended unless it
   ended well. */
RoveStatus rv_repl_run(RvRepl *r, RvImage *img);
/* Prints what the last run returned. */
void rv_repl_print(RvRepl *r);

/* -- complete.c ------------------------------------------------------------ */
/* The names that the text before byte `at` of the line may go on with: globals
   and keywords, fields behind `.`, methods behind `:`. Looks without running
   anything or changing the machine. An RvCompleter; ud is the RvMachine. */
void rv_complete(void *ud, const char *line, size_t at, RvNameOut out,
                 void *to);

/* A field of a value, looked for along tables in __index but no functions. */
RvValue rv_repl_field(RvMachine *m, RvValue v, const char *name, size_t len);
/* Can the bytes be a name in Lua? */
bool rv_repl_is_name(const char *p, size_t n);

/* -- show.c ---------------------------------------------------------------- */
/* The text of a table, one level of it, malloc'd; NULL: no memory. */
char *rv_show_table(RvMachine *m, const RvTable *t, size_t *len);

/* -- dot.c ----------------------------------------------------------------- */
/* Obeys a line that begins with a dot. */
void rv_repl_command(RvRepl *r, const char *line);

#endif
