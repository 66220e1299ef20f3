/* SPDX-License-Identifier: MIT */
/* Device entropy: unpredictable bytes from the system. */
#include <errno.h>
#include <unistd.h>

#include "vm/host/device.h"

#define MAX_BYTES 65536

static bool fill(void *to, size_t n) {
  u8 *p = to;
  while (n > 0) {
    size_t k = n < 256 ? n : 256; /* the most one call gives */
    if (getentropy(p, k) != 0) return false;
    p += k;
    n -= k;
  }
  return true;
}

static RvStatus ent_u64(RvHostCall *c) {
  u64 v;
  if (!fill(&v, sizeof v)) return rv_hc_errno(c, NULL, errno);
  return rv_hc_int(c, 0, (i64)v);
}

static RvStatus ent_bytes(RvHostCall *c) {
  i64 n = rv_hc_argi(c, 0);
  if (n < 0 || n > MAX_BYTES)
    return rv_err(c->th, "argument 1 of entropy.bytes: 0 to %d expected",
                  MAX_BYTES);
  u8 *p = rv_host_scratch(c->m, (size_t)n + 1);
  if (p == NULL) return rv_err_memory(c->th);
  if (!fill(p, (size_t)n)) return rv_hc_errno(c, NULL, errno);
  rv_hc_moved(c, (u64)n);
  RvStatus st = rv_hc_str(c, 0, (const char *)p, (size_t)n);
  memset(p, 0, (size_t)n);
  return st;
}

static const RvOpDef ops[] = {
    {"u64", "() (int?, str?, int?)", ent_u64, RV_GRANT_ENTROPY, 1, NULL},
    {"bytes", "(int) (str?, str?, int?)", ent_bytes, RV_GRANT_ENTROPY, 1, NULL},
};

const RvDevDef rv_dev_entropy = {.name = "entropy",
                                 .version = 1,
                                 .nops = sizeof ops / sizeof *ops,
                                 .ops = ops};
