/* SPDX-License-Identifier: MIT */
/* The file of entries that outlives a session.

   It is Rove's own format, because the libraries' files lose which lines were one
   entry. Entries are appended as they are typed, so sessions side by side do
   not overwrite one another's, and none is lost when one is killed. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/line.h"

/* Entries kept, and how many more may be there before the file is cut. */
#define KEPT 1000
#define SLACK 500

/* The file's name, malloc'd; NULL: no history is wanted or possible. */
static char *history_path(void) {
  const char *given = getenv("ROVE_HISTORY"), *home = getenv("HOME");
  if (given) return *given ? strdup(given) : NULL;
  if (!home || !*home) return NULL;
  size_t n = strlen(home) + sizeof "/.rove_history";
  char *path = malloc(n);
  if (path) snprintf(path, n, "%s/.rove_history", home);
  return path;
}

/* -- Escapes --------------------------------------------------------------- */

/* The entry as a line with its newline, malloc'd. */
static char *escape(const char *text, size_t *len) {
  char *line = malloc(2 * strlen(text) + 2), *p = line;
  if (!line) return NULL;
  for (; *text; text++) {
    if (*text == '\n' || *text == '\\') {
      *p++ = '\\';
      *p++ = *text == '\n' ? 'n' : '\\';
    } else {
      *p++ = *text;
    }
  }
  *p++ = '\n';
  *p = '\0';
  *len = (size_t)(p - line);
  return line;
}

static void unescape(char *line) {
  char *to = line;
  for (const char *p = line; *p; p++) {
    if (*p == '\\' && p[1]) {
      p++;
      *to++ = *p == 'n' ? '\n' : *p;
    } else if (*p != '\n') {
      *to++ = *p;
    }
  }
  *to = '\0';
}

/* -- The file -------------------------------------------------------------- */

/* Writes the last entries, text of which is given, into the file's place. */
static void cut(const char *path, const char *text, size_t len) {
  size_t n = strlen(path) + sizeof ".new";
  char *other = malloc(n);
  if (!other) return;
  snprintf(other, n, "%s.new", path);
  int fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd >= 0) {
    bool good = write(fd, text, len) == (ssize_t)len;
    if (close(fd) != 0 || !good || rename(other, path) != 0) unlink(other);
  }
  free(other);
}

/* The whole file with a terminator, malloc'd, or NULL. */
static char *read_file(const char *path, size_t *len) {
  FILE *f = fopen(path, "re");
  char *text = NULL;
  size_t cap = 0;
  if (!f) return NULL;
  ssize_t n = getdelim(&text, &cap, '\0', f);
  fclose(f);
  if (n > 0) {
    *len = strlen(text);
    return text;
  }
  free(text);
  return NULL;
}

void rv_history_load(void (*entry)(const char *text)) {
  char *path = history_path();
  size_t len = 0, count = 0;
  char *text = path ? read_file(path, &len) : NULL;
  if (text) {
    for (size_t i = 0; i < len; i++) count += text[i] == '\n';
    char *p = text;
    size_t skip = count > KEPT ? count - KEPT : 0;
    for (; skip > 0; skip--) p = strchr(p, '\n') + 1;
    if (count > KEPT + SLACK) cut(path, p, len - (size_t)(p - text));
    for (char *end; (end = strchr(p, '\n')); p = end + 1) {
      *end = '\0';
      unescape(p);
      if (*p) entry(p);
    }
  }
  free(text);
  free(path);
}

void rv_history_add(const char *text) {
  char *path = history_path();
  if (!path) return;
  size_t len;
  char *line = escape(text, &len);
  int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
  int fd = line ? open(path, flags, 0600) : -1;
  if (fd >= 0) {
    ssize_t n = write(fd, line, len); /* at once: entries stay whole */
    (void)n; /* a full disk is no reason to disturb the session */
    close(fd);
  }
  free(line);
  free(path);
}
