/* SPDX-License-Identifier: MIT */
/* The `rove` program: finds the subcommand and calls it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

typedef struct Command {
  const char *name, *text;
  int (*run)(int argc, char **argv);
} Command;

static const Command commands[] = {
#define RV_X(name, text) {#name, text, rv_cli_##name},
    RV_COMMANDS(RV_X)
#undef RV_X
};
enum { NCOMMANDS = sizeof commands / sizeof *commands };

static const Command *find(const char *name) {
  for (size_t i = 0; i < NCOMMANDS; i++)
    if (strcmp(commands[i].name, name) == 0) return &commands[i];
  return NULL;
}

static void print_help(FILE *f) {
  fputs(
      "usage: rove COMMAND [arguments]\n"
      "       rove FILE [arguments]     as `rove run FILE [arguments]`\n\n",
      f);
  for (size_t i = 0; i < NCOMMANDS; i++)
    fprintf(f, "  %-8s %s\n", commands[i].name, commands[i].text);
  fputs(
      "  help     tells more about a command: rove help COMMAND\n"
      "  --version\n",
      f);
}

static int no_command(const char *name) {
  return rv_cli_fail(RV_EXIT_USAGE, "no such command: %s (try `rove help`)",
                     name);
}

static int help(int argc, char **argv) {
  if (argc < 2) {
    print_help(stdout);
    return rv_cli_end_stdout(0);
  }
  const Command *c = find(argv[1]);
  if (!c) return no_command(argv[1]);
  char flag[] = "--help";
  char *args[] = {argv[1], flag, NULL};
  return c->run(2, args);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    print_help(stderr);
    return RV_EXIT_USAGE;
  }
  signal(SIGXFSZ, SIG_IGN); /* a file grown too large is an error of write */
  const char *name = argv[1];
  const Command *c = find(name), *run = find("run");
  if (c) return c->run(argc - 1, argv + 1);
  if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 ||
      strcmp(name, "-h") == 0)
    return help(argc - 1, argv + 1);
  if (strcmp(name, "--version") == 0) {
    puts("Rove " RV_VERSION);
    return rv_cli_end_stdout(0);
  }
  if (run && name[0] != '-' && access(name, F_OK) == 0)
    return run->run(argc, argv);
  return no_command(name);
}
