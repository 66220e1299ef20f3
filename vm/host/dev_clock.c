/* SPDX-License-Identifier: MIT */
/* Device clock: wall time, time that only goes forward, sleep. */
#include <errno.h>
#include <time.h>

#include "vm/host/device.h"

static RvStatus clk_wall(RvHostCall *c) {
  struct timespec ts;
  clock_gettime(CLOCK_REALTIME, &ts);
  return rv_hc_int(c, 0, (i64)ts.tv_sec * 1000000000 + ts.tv_nsec);
}

static RvStatus clk_monotonic(RvHostCall *c) {
  return rv_hc_int(c, 0, rv_host_now());
}

static RvStatus clk_cpu(RvHostCall *c) {
  struct timespec ts;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
  return rv_hc_int(c, 0, (i64)ts.tv_sec * 1000000000 + ts.tv_nsec);
}

static RvStatus clk_zone(RvHostCall *c) {
  time_t at = (time_t)rv_hc_argi(c, 0);
  struct tm tm;
  if (localtime_r(&at, &tm) == NULL) return rv_hc_errno(c, NULL, EOVERFLOW);
  rv_hc_bool(c, 3, tm.tm_isdst > 0);
  rv_hc_int(c, 0, (i64)tm.tm_gmtoff);
  return rv_hc_str(c, 4, tm.tm_zone, strlen(tm.tm_zone));
}

static RvStatus clk_sleep(RvHostCall *c) {
  i64 ns = rv_hc_argi(c, 0), now = rv_host_now(), until;
  if (c->resumed)
    until = (i64)c->work; /* the time to wake up stays what it was */
  else if (ns <= 0) return rv_hc_bool(c, 0, true);
  else if (__builtin_add_overflow(now, ns, &until)) until = INT64_MAX;
  bool ready;
  if (rv_host_wait(c->m, -1, 0, until, &ready))
    return rv_hc_stop(c, (u64)until);
  return rv_hc_bool(c, 0, true);
}

static const RvOpDef ops[] = {
    {"wall", "() (int?, str?, int?)", clk_wall, RV_GRANT_CLOCK, 1, NULL},
    {"monotonic", "() (int?, str?, int?)", clk_monotonic, RV_GRANT_CLOCK, 1,
     NULL},
    {"cpu", "() (int?, str?, int?)", clk_cpu, RV_GRANT_CLOCK, 1, NULL},
    {"zone", "(int) (int?, str?, int?, bool?, str?)", clk_zone, RV_GRANT_CLOCK,
     1, NULL},
    {"sleep", "(int) (bool?, str?, int?)", clk_sleep, RV_GRANT_CLOCK, 1, NULL},
};

const RvDevDef rv_dev_clock = {.name = "clock",
                               .version = 1,
                               .nops = sizeof ops / sizeof *ops,
                               .ops = ops};
