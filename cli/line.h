/* SPDX-License-Identifier: MIT */
/* Lines that a person types, or that come through a pipe. One reader in a
   process, because the libraries behind it have one state. */
#ifndef RV_CLI_LINE_H
#define RV_CLI_LINE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum RvLineResult {
  RV_LINE_TEXT,
  RV_LINE_END,         /* nothing more will come */
  RV_LINE_INTERRUPTED, /* Ctrl-C: what was typed is gone */
  RV_LINE_ERROR        /* no memory, or the line is too long */
} RvLineResult;

/* Gives each completion of the name that ends at byte `at` of the line. */
typedef void (*RvNameOut)(void *out, const char *name, size_t len);
typedef void (*RvCompleter)(void *ud, const char *line, size_t at,
                            RvNameOut out, void *to);

/* -- An editor (line.c) ----------------------------------------------------
   readline, or libedit as readline, is loaded when the program runs: it is GPL,
   and only a person at a terminal needs it. ROVE_READLINE names another library;
   `no` none. False: there is none, and rv_line_read must not be called. */
bool rv_line_open(RvCompleter complete, void *ud);
/* The line without its newline, malloc'd. A line that was pasted or recalled may
   have newlines within. *interrupted is what the handler of SIGINT sets. */
RvLineResult rv_line_read(const char *prompt, const volatile int *interrupted,
                          char **line);
/* Adds an entry to what the arrow keys bring back. */
void rv_line_remember(const char *entry);

/* -- Entries of earlier sessions (history.c) --------------------------------
   In ROVE_HISTORY or ~/.rove_history, one entry a line, in which `\n` stands for
   a newline and `\\` for a backslash. */
void rv_history_load(void (*entry)(const char *text));
void rv_history_add(const char *text);

#endif
