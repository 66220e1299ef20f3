/* SPDX-License-Identifier: MIT */
/* Messages of the boundaries: reader, verifier, assembler. */
#include "vm/image.h"

#include <stdarg.h>

#include "vm/num.h"

/* Appends to d->text. Control bytes of names that came from a file must not
   reach a terminal. */
static void append(RvDiag *d, const char *fmt, va_list ap) {
  size_t n = strlen(d->text);
  rv_num_vfmt(d->text + n, sizeof d->text - n, fmt, ap);
  for (char *p = d->text + n; *p; p++)
    if ((u8)*p < 0x20 || *p == 0x7f) *p = '?';
}

void rv_diag(RvDiag *d, const char *fmt, ...) {
  if (!d) return;
  *d = (RvDiag){0};
  va_list ap;
  va_start(ap, fmt);
  append(d, fmt, ap);
  va_end(ap);
}

void rv_diag_at(RvDiag *d, const char *section, u64 offset, const char *fmt,
                ...) {
  if (!d) return;
  rv_diag(d, "%s, offset %llu: ", section, (unsigned long long)offset);
  va_list ap;
  va_start(ap, fmt);
  append(d, fmt, ap);
  va_end(ap);
  d->section = section;
  d->offset = offset;
}
