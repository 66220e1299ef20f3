/* SPDX-License-Identifier: MIT */
/* The `rove` program: finds the subcommand and calls it. */
#include <fcntl.h>
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
  rv_cli_lua_help(f);
  fputs(
      "\n  An image or assembly as FILE is confined, as with `rove run`.\n\n"
      "usage: rove COMMAND [arguments]\n\n",
      f);
  for (size_t i = 0; i < NCOMMANDS; i++)
    fprintf(f, "  %-8s %s\n", commands[i].name, commands[i].text);
  fputs(
      "  help     tells more about a command: rove help COMMAND\n"
      "  --version\n\n"
      "  A FILE that is called like a command: ./FILE\n",
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

/* A standard descriptor that is closed would become that of the next file. In
   its place comes one that can only be used the wrong way round. */
static void open_standard(void) {
  for (int fd = 0; fd < 3; fd++)
    if (fcntl(fd, F_GETFD) < 0)
      (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* Neither an option nor a file, and nothing that looks like a file's name. */
static bool is_mistyped(const char *name) {
  return *name != '-' && !strpbrk(name, "./") && access(name, F_OK) != 0;
}

int main(int argc, char **argv) {
  open_standard();
  signal(SIGXFSZ, SIG_IGN); /* a file grown too large is an error of write */
  signal(SIGPIPE, SIG_IGN); /* and so is a pipe that nobody reads */
  if (argc < 2) return rv_cli_lua(argc, argv);
  const char *name = argv[1];
  const Command *c = find(name);
  if (c) return c->run(argc - 1, argv + 1);
  if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 ||
      strcmp(name, "-h") == 0)
    return help(argc - 1, argv + 1);
  if (strcmp(name, "--version") == 0) {
    puts("Rove " RV_VERSION);
    return rv_cli_end_stdout(0);
  }
  if (is_mistyped(name)) return no_command(name);
  return rv_cli_lua(argc, argv);
}
