/* SPDX-License-Identifier: MIT */
/* The subcommands of the `rove` program and what they share. */
#ifndef RV_CLI_CLI_H
#define RV_CLI_CLI_H

#include <stdio.h>

#include "assembler/asm.h"

#define RV_VERSION "0.1.0"

/* X(name, what it does). Each has a function rv_cli_NAME, which gets the
   command's name as argv[0] and returns the exit code. */
#define RV_COMMANDS(X)                                    \
  X(run, "runs an image or a text in a confined machine") \
  X(compile, "compiles Lua into one image")               \
  X(link, "makes one image of several")                   \
  X(repl, "the REPL in a confined machine")               \
  X(asm, "assembles a text into an image")                \
  X(dis, "writes an image as text")                       \
  X(verify, "checks whether images are safe to run")      \
  X(info, "tells what is in an image")                    \
  X(seal, "recomputes the hashes of an edited image")

#define RV_X(name, text) int rv_cli_##name(int argc, char **argv);
RV_COMMANDS(RV_X)
#undef RV_X

/* `rove [options] [FILE [arguments]]`: argv is the whole command line. */
int rv_cli_lua(int argc, char **argv);
void rv_cli_lua_help(FILE *f);
int rv_cli_print_version(void);
/* As `rove run argv[file] ...`. */
int rv_cli_run_confined(int argc, char **argv, int file);

/* Exit codes besides 0 and 1. */
enum {
  RV_EXIT_USAGE = 2,
  RV_EXIT_IMAGE = 65,   /* not an image, damaged, or refused by the verifier */
  RV_EXIT_NO_FILE = 66, /* cannot be read */
  RV_EXIT_DENIED = 77,
  RV_EXIT_FUEL = 120,
  RV_EXIT_MEMORY = 121,
  RV_EXIT_STACK = 122,
  RV_EXIT_HANDLES = 123,
  RV_EXIT_TIMEOUT = 124,
  RV_EXIT_INTERRUPT = 130
};

/* Says "rove: ..." on stderr and returns code. */
int rv_cli_fail(int code, const char *fmt, ...) RV_PRINTF(2, 3);

/* A usage error: what and arg, then the command's usage. RV_EXIT_USAGE. */
int rv_cli_usage(const char *text, const char *what, const char *arg);

typedef struct RvArgs {
  const char *out; /* of -o, or NULL */
  bool flag;       /* the command's own flag was there */
  int nfiles;
  char **files; /* at the front of argv */
} RvArgs;

/* Takes up to `most` files, at least one, `flag` (or NULL) and, when has_out,
   -o FILE out of argv. RV_GO_ON, or the exit code after help or an error. */
enum { RV_GO_ON = -1 };
int rv_cli_parse(RvArgs *a, int most, int argc, char **argv, const char *text,
                 const char *flag, bool has_out);

/* Reads a whole file ("-": stdin); *bytes is malloc'd. The exit code, 0 or
   after a message. */
int rv_cli_read(const char *path, u8 **bytes, size_t *size);
/* The same from a descriptor, without a message: false, and errno. */
bool rv_cli_read_fd(int fd, u8 **bytes, size_t *size);
/* Writes a whole file ("-": stdout). It appears under its name only when all of
   it is on the disk; when it cannot be written nothing is left. */
int rv_cli_write(const char *path, const void *bytes, size_t size);
/* Ends output on stdout: code, or 1 after a message when it was lost. */
int rv_cli_end_stdout(int code);

/* Prints errors as FILE:LINE:COLUMN: TEXT on stderr. */
void rv_cli_print_asm_errors(const RvAsmDiag *d);

#endif
