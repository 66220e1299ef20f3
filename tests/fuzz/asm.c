/* SPDX-License-Identifier: MIT */
/* A libFuzzer target: text, assembled; what comes out is disassembled and
   assembled again, which must give the same bytes, then verified and run.
   `make fuzz`. */
#include "tests/fuzz/guest.h"
#include "tests/fuzz/trip.h"
#include "vm/verify.h"

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
