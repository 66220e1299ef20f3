/* SPDX-License-Identifier: MIT */
/* A libFuzzer target: bytes, sealed, read, verified and run. `make fuzz`. */
#include "tests/fuzz/guest.h"
#include "tests/fuzz/mutate.h"
#include "vm/verify.h"

size_t LLVMFuzzerMutate(uint8_t *p, size_t size, size_t max);

static void run(RvImage *img) {
  static const GuestLimits limits = {.fuel = 20000, .memory = 2 << 20};
  const char *module =
      img->entry || !img->nmodules ? NULL : rove_image_module(img, 0);
  GuestEnd e = guest_run(img, module, &limits);
  if (e.guest_bytes > limits.memory) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  RvDiag d = {0};
  size_t n;
  u8 *copy = malloc(size + 1);
  if (!copy) abort();
  if (size) memcpy(copy, data, size);
  rv_image_seal(copy, size, &d);
  RvImage *img = rv_image_read(copy, size, &d);
  free(copy);
  if (!img) return 0;
  u8 *again = rv_image_write(img, &n);
  if (!again || n > size) abort();
  free(again);
  if (rv_verify_image(img, &d)) run(img);
  else if (d.rule == 0) abort();
  rv_image_unref(img);
  return 0;
}

/* Half of the mutants stay images. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
                               unsigned seed) {
  size_t n = 0;
  u8 *bytes = NULL;
  mutate_seed = (seed + 1) * 0x9e3779b97f4a7c15ull;
  for (u32 i = 0; i < 4; i++) below(1);
  if (chance(30)) return LLVMFuzzerMutate(data, size, max);
  RvImage *img = rv_image_read(data, size, NULL);
  if (!img) return LLVMFuzzerMutate(data, size, max);
  if (chance(15)) {
    bytes = mutate_bytes(data, size, &n);
  } else {
    mutate(img);
    if (rv_image_check(img, NULL)) bytes = rv_image_write(img, &n);
  }
  rv_image_unref(img);
  if (bytes && n <= max) {
    memcpy(data, bytes, n);
    rv_image_seal(data, n, NULL);
    size = n;
  } else {
    size = LLVMFuzzerMutate(data, size, max);
  }
  free(bytes);
  return size;
}
