/* SPDX-License-Identifier: MIT */
/* Where the REPL goes. */
#include "cli/cli.h"
#include "cli/program.h"

int rv_cli_repl(RvProgram *p, int argc, char **argv) {
  return rv_cli_fail(RV_EXIT_USAGE, "this Rove has no REPL yet");
}
