/* SPDX-License-Identifier: MIT */
/* Flags and files of the simple subcommands. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

int rv_cli_usage(const char *text, const char *what, const char *arg) {
  fprintf(stderr, "rove: %s%s\n%s", what, arg, text);
  return RV_EXIT_USAGE;
}

int rv_cli_parse(RvArgs *a, int most, int argc, char **argv, const char *text,
                 const char *flag, bool has_out) {
  bool flags = true;
  memset(a, 0, sizeof *a);
  a->files = argv;
  for (int i = 1; i < argc; i++) {
    const char *s = argv[i];
    if (!flags || s[0] != '-' || !s[1]) {
      if (a->nfiles == most)
        return rv_cli_usage(text, "one file too many: ", s);
      a->files[a->nfiles++] = argv[i];
    } else if (strcmp(s, "--") == 0) {
      flags = false;
    } else if (strcmp(s, "--help") == 0 || strcmp(s, "-h") == 0) {
      fputs(text, stdout);
      return rv_cli_end_stdout(0);
    } else if (flag && strcmp(s, flag) == 0) {
      a->flag = true;
    } else if (has_out && s[1] == 'o') {
      a->out = s[2] ? s + 2 : i + 1 < argc ? argv[++i] : NULL;
      if (!a->out) return rv_cli_usage(text, "a file is missing after ", s);
    } else {
      return rv_cli_usage(text, "no such flag: ", s);
    }
  }
  if (a->nfiles == 0) return rv_cli_usage(text, "a file is missing", "");
  return RV_GO_ON;
}
