/* SPDX-License-Identifier: MIT */
/* Where a failed assert ends. Only in builds with RV_CHECK. */
#include "vm/conf.h"

#ifdef RV_CHECK

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "vm/num.h"

void rv_assert_fail(const char *file, int line, const char *cond,
                    const char *fmt, ...) {
  char buf[600];
  va_list ap;
  size_t n = rv_num_fmt(buf, sizeof buf, "%s:%d: assert(%s): ", file, line,
                        cond);
  va_start(ap, fmt);
  n += rv_num_vfmt(buf + n, sizeof buf - n - 1, fmt, ap);
  va_end(ap);
  buf[n++] = '\n';
  if (write(STDERR_FILENO, buf, n) < 0) abort();
  abort();
}

#else

typedef int rv_check_is_off;

#endif
