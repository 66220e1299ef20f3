/* SPDX-License-Identifier: MIT */
/* Whole files in and out, and messages. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

int rv_cli_fail(int code, const char *fmt, ...) {
  va_list ap;
  fflush(stdout);
  fputs("rove: ", stderr);
  va_start(ap, fmt);
  vfprintf(stderr, fmt, ap);
  va_end(ap);
  fputc('\n', stderr);
  return code;
}

void rv_cli_print_asm_errors(const RvAsmDiag *d) {
  for (u32 i = 0; i < d->nkept; i++) {
    const RvAsmError *e = &d->error[i];
    if (e->line) {
      fprintf(stderr, "%s:%u:%u: %s\n", d->file, e->line, e->column, e->text);
    } else {
      fprintf(stderr, "%s: %s\n", d->file, e->text);
    }
  }
  if (d->nerrors > d->nkept)
    fprintf(stderr, "%s: %u more errors\n", d->file, d->nerrors - d->nkept);
}

/* -- Reading --------------------------------------------------------------- */

bool rv_cli_read_fd(int fd, u8 **bytes, size_t *size) {
  size_t n = 0, cap = 65536;
  u8 *p = malloc(cap);
  while (p) {
    ssize_t got = read(fd, p + n, cap - n);
    if (got == 0) {
      *bytes = p;
      *size = n;
      return true;
    }
    if (got < 0) {
      if (errno == EINTR) continue;
      break;
    }
    n += (size_t)got;
    if (n < cap) continue;
    u8 *more = realloc(p, cap *= 2);
    if (!more) break;
    p = more;
  }
  int error = p ? errno : ENOMEM;
  free(p);
  errno = error;
  return false;
}

int rv_cli_read(const char *path, u8 **bytes, size_t *size) {
  bool is_stdin = strcmp(path, "-") == 0;
  int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  bool good = fd >= 0 && rv_cli_read_fd(fd, bytes, size);
  int error = errno;
  if (fd >= 0 && !is_stdin) close(fd);
  if (good) return 0;
  return rv_cli_fail(RV_EXIT_NO_FILE, "%s: %s",
                     is_stdin ? "standard input" : path, strerror(error));
}

/* -- Writing --------------------------------------------------------------- */

static bool write_all(int fd, const void *bytes, size_t size) {
  const u8 *p = bytes;
  while (size > 0) {
    ssize_t n = write(fd, p, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    p += n;
    size -= (size_t)n;
  }
  return true;
}

/* Devices and pipes cannot be replaced: they are written as they are. */
static int write_in_place(int fd, const void *bytes, size_t size) {
  bool good = fd >= 0 && write_all(fd, bytes, size);
  int error = good ? 0 : errno;
  if (fd > STDERR_FILENO && close(fd) != 0 && good) error = errno;
  return error;
}

/* The mode of the file that is replaced, or what a new file gets. */
static mode_t mode_for(const struct stat *old) {
  if (old) return old->st_mode & 07777;
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

/* Fills the temporary file at fd; 0 or the error. */
static int fill(int fd, const void *bytes, size_t size, mode_t mode) {
  int error = 0;
  if (!write_all(fd, bytes, size) || fchmod(fd, mode) != 0 || fsync(fd) != 0)
    error = errno;
  if (close(fd) != 0 && error == 0) error = errno;
  return error;
}

static int replace(const char *path, const struct stat *old, const void *bytes,
                   size_t size) {
  char *real = old ? realpath(path, NULL) : NULL; /* through symbolic links */
  const char *target = real ? real : path;
  size_t n = strlen(target);
  char *temp = malloc(n + 12);
  int error = ENOMEM;
  if (temp) {
    memcpy(temp, target, n);
    memcpy(temp + n, ".tmp-XXXXXX", 12);
    int fd = mkstemp(temp);
    error = fd < 0 ? errno : fill(fd, bytes, size, mode_for(old));
    if (error == 0 && rename(temp, target) != 0) error = errno;
    if (error && fd >= 0) unlink(temp);
  }
  free(temp);
  free(real);
  return error;
}

int rv_cli_write(const char *path, const void *bytes, size_t size) {
  struct stat st;
  bool exists = stat(path, &st) == 0;
  int error;
  if (strcmp(path, "-") == 0) {
    fflush(stdout);
    error = write_in_place(STDOUT_FILENO, bytes, size);
  } else if (exists && !S_ISREG(st.st_mode)) {
    error = write_in_place(open(path, O_WRONLY | O_CLOEXEC), bytes, size);
  } else {
    error = replace(path, exists ? &st : NULL, bytes, size);
  }
  if (error == 0) return 0;
  return rv_cli_fail(1, "%s: %s", strcmp(path, "-") ? path : "standard output",
                     strerror(error));
}

int rv_cli_end_stdout(int code) {
  bool lost = ferror(stdout);
  if (fflush(stdout) != 0 || lost)
    return rv_cli_fail(1, "standard output: %s", strerror(errno));
  return code;
}
