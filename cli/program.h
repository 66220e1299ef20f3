/* SPDX-License-Identifier: MIT */
/* Running programs: what `rove run`, `rove FILE` and the REPL share. */
#ifndef RV_CLI_PROGRAM_H
#define RV_CLI_PROGRAM_H

#include <signal.h>

#include "include/rove.h"
#include "vm/image.h"
#include "vm/value.h"

/* -- Files that hold a program (load.c) ------------------------------------ */
typedef enum RvSourceKind {
  RV_SOURCE_TEXT,  /* Lua */
  RV_SOURCE_RASM,  /* assembly: by name */
  RV_SOURCE_IMAGE, /* by content, perhaps behind a line that begins with `#` */
  RV_SOURCE_NONE   /* could not be read: `error` */
} RvSourceKind;

typedef struct RvSource {
  const char *path; /* "-": standard input */
  RvSourceKind kind;
  u8 *bytes; /* malloc'd; the image begins at `at` */
  size_t size, at;
  int error;    /* errno, */
  bool opened;  /* and whether the file was open by then */
} RvSource;

void rv_source_read(RvSource *s, const char *path);
void rv_source_free(RvSource *s);
/* The image in it, or made of it; NULL and *code after a message. */
RoveImage *rv_source_image(const RvSource *s, int *code);

/* -- A machine under the terminal's signals (exec.c) ------------------------ */
typedef struct RvProgram {
  RoveMachine *m;
  RoveConfig config;
  double timeout;  /* seconds for each run, 0: none */
  uint32_t pieces; /* test switch: stops after so many units, goes on; 0: off */
  bool session;    /* the REPL: rv_program_session */
  bool late;       /* Ctrl-C came when the last run had just ended */
} RvProgram;

/* Runs the loaded module, or the function of that name, with strings as
   arguments. Ctrl-C interrupts the machine, once; the next one kills. */
RoveStatus rv_program_run(RvProgram *p, const char *function, int argc,
                          char **argv);
/* Says on stderr how a run ended, as `lua` does; the exit code. An error object
   with a __tostring is asked for its text. */
int rv_program_report(RvProgram *p, RoveStatus st);
/* The program is over, with this exit code: runs what finalizers there are. The
   exit code: that one, or what became of them. */
int rv_program_finish(RvProgram *p, int code);

/* -- What the REPL runs besides (exec.c) ------------------------------------ */
/* From now on Ctrl-C interrupts what runs every time, and never kills; when
   nothing runs it sets the flag. Errors are reported without "rove: ". */
void rv_program_session(RvProgram *p);
extern volatile sig_atomic_t rv_program_interrupted;
/* Calls f with one argument, or with what the last run returned (NULL). */
RoveStatus rv_program_call(RvProgram *p, RvValue f, const RvValue *arg);
/* A line of standard input with its newline, through the machine's buffer, so
   that the program's own reading goes on behind it. Length 0: the end. Valid
   until the machine is used. */
RoveStatus rv_program_line(RvProgram *p, const char **line, size_t *len);

/* -- The REPL (repl.c) ------------------------------------------------------- */
/* Reads, runs and prints until the end of input, in a machine with the library
   open; the exit code. The version has been printed. */
int rv_repl(RvProgram *p);

#endif
