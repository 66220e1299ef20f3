/* SPDX-License-Identifier: MIT */
/* Image to text and back: the same bytes, or the program ends. */
#ifndef RV_TESTS_FUZZ_TRIP_H
#define RV_TESTS_FUZZ_TRIP_H

#include <stdlib.h>
#include <string.h>

#include "assembler/asm.h"

typedef struct Text {
  char *p;
  size_t n, cap;
} Text;

static inline void add(void *ud, const char *p, size_t n) {
  Text *t = ud;
  if (t->n + n > t->cap) {
    t->cap = 2 * (t->n + n);
    t->p = realloc(t->p, t->cap);
    if (!t->p) abort();
  }
  memcpy(t->p + t->n, p, n);
  t->n += n;
}

static inline RvImage *assemble(const char *text, size_t n) {
  RvAsmDiag ad = {0};
  RvImage *img = rv_asm_text("fuzz.rasm", text, n, &ad);
  if (!img && (ad.nerrors == 0 || ad.error[0].text[0] == '\0')) abort();
  return img;
}

/* Text of an image whose tables fit. */
static inline void round_trip(const RvImage *img) {
  Text t = {0}, plain = {0};
  size_t n, n2;
  u8 *bytes = rv_image_write(img, &n);
  if (!bytes || !rv_dis(img, true, add, &plain) || !rv_dis(img, false, add, &t))
    abort();
  RvImage *again = assemble(t.p, t.n);
  u8 *bytes2 = again ? rv_image_write(again, &n2) : NULL;
  if (!bytes2 || n != n2 || memcmp(bytes, bytes2, n)) abort();
  rv_image_unref(again);
  again = rv_image_read(bytes, n, NULL);
  if (!again && !(u32)img->features) abort(); /* or it needs the unknown */
  if (again) rv_image_unref(again);
  free(bytes);
  free(bytes2);
  free(t.p);
  free(plain.p);
}

#endif
