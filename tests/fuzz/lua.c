/* SPDX-License-Identifier: MIT */
/* A libFuzzer target: text, compiled as Lua. There is a message, or an image that
   the verifier takes, whose text assembles to the same bytes, and which runs
   (without a library, so not far). `make fuzz`. */
#include "compiler/compile.h"
#include "tests/fuzz/guest.h"
#include "tests/fuzz/trip.h"
#include "vm/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const GuestLimits limits = {.fuel = 20000, .memory = 2 << 20};
  static const char chunk[] = "=fuzz";
  RvlOptions o = {.chunk = chunk, .chunk_len = sizeof chunk - 1};
  RvlDiag ld;
  RvDiag d = {0};
  RvImage *img = rv_image_new();
  if (!img) abort();
  if (!rvl_compile(img, "main", (const char *)data, size, &o, &ld)) {
    if (ld.text[0] == '\0') abort();
  } else {
    img->entry = 1;
    round_trip(img);
    if (!rv_verify_image(img, &d)) abort();
    guest_run(img, NULL, &limits);
  }
  rv_image_unref(img);
  return 0;
}
