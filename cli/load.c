/* SPDX-License-Identifier: MIT */
/* Files that hold a program, of whatever kind. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/program.h"
#include "vm/capi/rove_api.h"

static bool ends_with(const char *s, const char *tail) {
  size_t n = strlen(s), k = strlen(tail);
  return n > k && strcmp(s + n - k, tail) == 0;
}

/* Where an image begins: at once or behind a first line such as
   `#!/usr/bin/env rove`; SIZE_MAX: there is none. */
static size_t image_at(const u8 *p, size_t n) {
  if (rv_image_is(p, n)) return 0;
  if (n == 0 || *p != '#') return SIZE_MAX;
  const u8 *end = memchr(p, '\n', n);
  size_t at = end ? (size_t)(end + 1 - p) : n;
  return rv_image_is(p + at, n - at) ? at : SIZE_MAX;
}

void rv_source_read(RvSource *s, const char *path) {
  bool is_stdin = strcmp(path, "-") == 0;
  memset(s, 0, sizeof *s);
  s->path = path;
  int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  s->opened = fd >= 0;
  bool good = s->opened && rv_cli_read_fd(fd, &s->bytes, &s->size);
  s->error = good ? 0 : errno;
  if (s->opened && !is_stdin) close(fd);
  if (!good) {
    s->kind = RV_SOURCE_NONE;
    return;
  }
  s->at = image_at(s->bytes, s->size);
  s->kind = s->at != SIZE_MAX          ? RV_SOURCE_IMAGE
            : ends_with(path, ".rasm") ? RV_SOURCE_RASM
                                       : RV_SOURCE_TEXT;
}

void rv_source_free(RvSource *s) {
  free(s->bytes);
  s->bytes = NULL;
}

static RoveImage *compile(const RvSource *s, int *code) {
  bool is_stdin = strcmp(s->path, "-") == 0;
  char error[500];
  const char *text = (const char *)s->bytes;
  size_t n = s->size;
  char *name = malloc(strlen(s->path) + 7);
  if (!name) return NULL;
  sprintf(name, "%s%s", is_stdin ? "=stdin" : "@", is_stdin ? "" : s->path);
  if (is_stdin && n && *text == '#') /* "@..." chunks see to that themselves */
    for (; n && *text != '\n'; n--) text++;
  RoveImage *img = rove_compile(text, n, name, error, sizeof error);
  free(name);
  *code = 1;
  if (img) return img;
  if (ends_with(s->path, ".rove"))
    *code = rv_cli_fail(RV_EXIT_IMAGE, "%s: not an image, nor a program: %s",
                        s->path, error);
  else rv_cli_fail(1, "%s", error);
  return NULL;
}

static RoveImage *assemble(const RvSource *s, int *code) {
  char error[300];
  RvAsmDiag d = {0};
  RvImage *img = rv_asm_text(s->path, (const char *)s->bytes, s->size, &d);
  *code = RV_EXIT_IMAGE;
  if (!img) {
    rv_cli_print_asm_errors(&d);
  } else if (!rv_api_verify(img, error, sizeof error)) {
    rv_cli_fail(0, "%s: %s", s->path, error);
    rv_image_unref(img);
    img = NULL;
  }
  return img;
}

static RoveImage *read_image(const RvSource *s, int *code) {
  char error[300];
  RoveImage *img =
      rove_image_load(s->bytes + s->at, s->size - s->at, error, sizeof error);
  if (!img) *code = rv_cli_fail(RV_EXIT_IMAGE, "%s: %s", s->path, error);
  return img;
}

RoveImage *rv_source_image(const RvSource *s, int *code) {
  switch (s->kind) {
  case RV_SOURCE_TEXT: return compile(s, code);
  case RV_SOURCE_RASM: return assemble(s, code);
  case RV_SOURCE_IMAGE: return read_image(s, code);
  case RV_SOURCE_NONE: break;
  }
  *code = RV_EXIT_NO_FILE;
  return NULL;
}
