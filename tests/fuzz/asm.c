/* SPDX-License-Identifier: MIT */
/* A libFuzzer target: text, assembled; what comes out is disassembled and
   assembled again, which must give the same bytes, then verified and run.
   `make fuzz`. */
#include "assembler/asm.h"
#include "tests/fuzz/guest.h"
#include "vm/verify.h"

typedef struct Text {
  char *p;
  size_t n, cap;
} Text;

static void add(void *ud, const char *p, size_t n) {
  Text *t = ud;
  if (t->n + n > t->cap) {
    t->cap = 2 * (t->n + n);
    t->p = realloc(t->p, t->cap);
    if (!t->p) abort();
  }
  memcpy(t->p + t->n, p, n);
  t->n += n;
}

static RvImage *assemble(const char *text, size_t n) {
  RvAsmDiag ad = {0};
  RvImage *img = rv_asm_text("fuzz.rasm", text, n, &ad);
  if (!img && (ad.nerrors == 0 || ad.error[0].text[0] == '\0')) abort();
  return img;
}

/* Text of an image whose tables fit. */
static void round_trip(const RvImage *img) {
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const GuestLimits limits = {.fuel = 20000, .memory = 2 << 20};
  RvDiag d = {0};
  RvImage *img = assemble((const char *)data, size);
  if (!img) return 0;
  if (rv_image_check(img, &d)) round_trip(img);
  if (rv_verify_image(img, &d) && img->entry)
    guest_run(img, NULL, &limits);
  rv_image_unref(img);
  return 0;
}
