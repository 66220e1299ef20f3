/* SPDX-License-Identifier: MIT */
/* readline as an editor of lines.

   Its callback interface leaves the waiting to us, and so the signals: they are
   blocked except while we wait, where each only sets a flag. So none can come
   between a look at its flag and the wait, and no handler runs inside the
   library, which is not made for that. */
#define _GNU_SOURCE /* ppoll */
#include "cli/line.h"

#include <dlfcn.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -- The library ----------------------------------------------------------- */

typedef char *Generator(const char *text, int state);
typedef char **Completion(const char *text, int start, int end);

/* What is used of it, declared as the manual has it. X(type, name, rest): a
   pointer to a function or variable, which is called `name` there. */
#define SYMBOLS(X)                                                       \
  X(void, rl_callback_handler_install, (const char *, void (*)(char *))) \
  X(void, rl_callback_read_char, (void))                                 \
  X(void, rl_callback_handler_remove, (void))                            \
  X(void, rl_free_line_state, (void))                                    \
  X(void, rl_cleanup_after_signal, (void))                               \
  X(void, rl_reset_after_signal, (void))                                 \
  X(void, rl_resize_terminal, (void))                                    \
  X(int, rl_forced_update_display, (void))                               \
  X(int, rl_insert_text, (const char *))                                 \
  X(char **, rl_completion_matches, (const char *, Generator *))         \
  X(void, using_history, (void))                                         \
  X(int, add_history, (const char *))                                    \
  X(const char *, rl_readline_name, )                                    \
  X(const char *, rl_completer_word_break_characters, )                  \
  X(const char *, rl_basic_word_break_characters, )                      \
  X(char *, rl_line_buffer, )                                            \
  X(int, rl_catch_signals, )                                             \
  X(int, rl_catch_sigwinch, )                                            \
  X(int, rl_attempted_completion_over, )                                 \
  X(int, rl_completion_append_character, )                               \
  X(Completion *, rl_attempted_completion_function, )

static struct {
#define RV_X(type, name, rest) type(*name) rest;
  SYMBOLS(RV_X)
#undef RV_X
} lib;

static bool find_symbols(void *handle) {
#define RV_X(type, name, rest)                \
  *(void **)&lib.name = dlsym(handle, #name); \
  if (lib.name == NULL) return false;
  SYMBOLS(RV_X)
#undef RV_X
  return true;
}

/* Loads the first library that has everything. */
static bool load(void) {
  const char *wanted = getenv("ROVE_READLINE");
  const char *const known[] = {"libreadline.so.8", "libedit.so.2", NULL};
  const char *const one[] = {wanted, NULL};
  if (wanted && strcmp(wanted, "no") == 0) return false;
  for (const char *const *name = wanted ? one : known; *name; name++) {
    void *handle = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) continue;
    if (find_symbols(handle)) return true;
    dlclose(handle);
  }
  return false;
}

/* -- Completion ------------------------------------------------------------ */

static RvCompleter completer;
static void *completer_ud;
static struct {
  char **name;
  int n, cap, next;
} found;

static void add_name(void *to, const char *name, size_t len) {
  if (found.n == found.cap) {
    int cap = found.cap ? 2 * found.cap : 64;
    char **more = realloc(found.name, (size_t)cap * sizeof *more);
    if (!more) return;
    found.name = more;
    found.cap = cap;
  }
  char *copy = strndup(name, len);
  if (copy) found.name[found.n++] = copy;
}

/* Hands the names over, one a call; the library frees them. */
static char *next_name(const char *text, int state) {
  return found.next < found.n ? found.name[found.next++] : NULL;
}

static char **complete(const char *text, int start, int end) {
  const char *line = *lib.rl_line_buffer;
  /* both are reset for each completion */
  *lib.rl_attempted_completion_over = 1; /* no names of files */
  *lib.rl_completion_append_character = '\0';
  if (strspn(line, " \t") >= (size_t)end) {
    lib.rl_insert_text("  "); /* there is no name yet: it is to be indented */
    return NULL;
  }
  found.n = found.next = 0;
  completer(completer_ud, line, (size_t)end, add_name, NULL);
  if (found.n == 0) return NULL;
  char **matches = lib.rl_completion_matches(text, next_name);
  while (found.next < found.n) free(found.name[found.next++]);
  return matches;
}

/* -- Opening --------------------------------------------------------------- */

static void recall(const char *entry) { lib.add_history(entry); }

bool rv_line_open(RvCompleter complete_names, void *ud) {
  if (!load()) return false;
  setlocale(LC_CTYPE, ""); /* how wide a character is; nothing else asks */
  completer = complete_names;
  completer_ud = ud;
  *lib.rl_readline_name = "rove"; /* `$if rove` in ~/.inputrc */
  *lib.rl_catch_signals = *lib.rl_catch_sigwinch = 0;
  *lib.rl_attempted_completion_function = complete;
  *lib.rl_completer_word_break_characters = /* readline asks this, */
      *lib.rl_basic_word_break_characters = /* libedit that */
      " \t\n\"'`~!@#$%^&*()-+=[]{}\\|;:,.<>/?";
  lib.using_history();
  rv_history_load(recall);
  return true;
}

void rv_line_remember(const char *entry) {
  static char *last;
  if (*entry == '\0' || (last && strcmp(last, entry) == 0)) return;
  free(last);
  last = strdup(entry);
  lib.add_history(entry);
  rv_history_add(entry);
}

/* -- Reading --------------------------------------------------------------- */

static struct {
  bool done;
  char *text; /* NULL: the end of input */
} line;
static volatile sig_atomic_t resized, to_stop;

static void on_line(char *text) {
  lib.rl_callback_handler_remove(); /* the terminal is as it was before */
  line.done = true;
  line.text = text;
}

static void on_resize(int sig) { resized = 1; }
static void on_stop(int sig) { to_stop = 1; }

static void handle(int sig, void (*fn)(int), struct sigaction *old) {
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_handler = fn;
  sigemptyset(&sa.sa_mask);
  sigaction(sig, &sa, old);
}

/* Ctrl-Z: gives the terminal back in order, then stops. */
static void stop(void) {
  struct sigaction old;
  sigset_t set;
  lib.rl_cleanup_after_signal();
  handle(SIGTSTP, SIG_DFL, &old);
  sigemptyset(&set);
  sigaddset(&set, SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  raise(SIGTSTP); /* comes back when the shell says so */
  sigprocmask(SIG_BLOCK, &set, NULL);
  sigaction(SIGTSTP, &old, NULL);
  lib.rl_reset_after_signal();
  lib.rl_forced_update_display();
}

/* Waits with the signals of `mask` let in and does what they ask for. */
static void wait_and_read(const sigset_t *mask) {
  struct pollfd pf = {.fd = STDIN_FILENO, .events = POLLIN};
  if (ppoll(&pf, 1, NULL, mask) > 0) lib.rl_callback_read_char();
  if (resized) lib.rl_resize_terminal();
  if (to_stop && !line.done) stop();
  resized = to_stop = 0;
}

static void give_up_line(void) {
  fputs("^C\n", stdout); /* before the cursor goes to the left */
  fflush(stdout);
  lib.rl_free_line_state();
  lib.rl_cleanup_after_signal();
  lib.rl_callback_handler_remove();
}

RvLineResult rv_line_read(const char *prompt, const volatile int *interrupted,
                          char **text) {
  sigset_t block, mask;
  struct sigaction old_resize, old_stop;
  sigemptyset(&block);
  sigaddset(&block, SIGINT);
  sigaddset(&block, SIGWINCH);
  sigaddset(&block, SIGTSTP);
  sigprocmask(SIG_BLOCK, &block, &mask);
  handle(SIGWINCH, on_resize, &old_resize);
  handle(SIGTSTP, on_stop, &old_stop);
  line.done = false;
  lib.rl_callback_handler_install(prompt, on_line);
  while (!line.done && !*interrupted) wait_and_read(&mask);
  if (!line.done) give_up_line();
  sigaction(SIGWINCH, &old_resize, NULL);
  sigaction(SIGTSTP, &old_stop, NULL);
  sigprocmask(SIG_SETMASK, &mask, NULL);
  if (!line.done) return RV_LINE_INTERRUPTED;
  *text = line.text;
  return line.text ? RV_LINE_TEXT : RV_LINE_END;
}
