/* SPDX-License-Identifier: MIT */
/* What a failed assert does. Exists in builds with RV_CHECK alone, which is why
   it may write to the standard error by itself. */
#include "vm/conf.h"

#ifdef RV_CHECK
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm/num.h"

static void say(const char *text) {
  ssize_t n = write(STDERR_FILENO, text, strlen(text));
  (void)n;
}

void rv_assert_fail(const char *file, int line, const char *cond,
                    const char *fmt, ...) {
  char at[32], text[400];
  va_list ap;
  va_start(ap, fmt);
  rv_num_vfmt(text, sizeof text, fmt, ap);
  va_end(ap);
  rv_num_fmt(at, sizeof at, ":%d: ", line);
  say(file);
  say(at);
  say(cond);
  say(": ");
  say(text);
  say("\n");
  abort();
}
#else
/* A file of C has to declare something. */
typedef int RvNoAsserts;
#endif
