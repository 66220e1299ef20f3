/* SPDX-License-Identifier: MIT */
/* Device process: arguments, environment, the end of the program. */
#include <stdlib.h>

#include "vm/host/spawn.h"
#include "vm/table.h"

static RvStatus pro_args(RvHostCall *c) {
  RvHost *h = c->host;
  RvTable *t = rv_table_new(c->m, (u32)h->argc, 0);
  if (t == NULL) return RV_ERROR;
  c->res[0] = rv_obj(t, RV_TABLE);
  u64 bytes = 0;
  for (int i = 0; i < h->argc; i++) {
    size_t len = strlen(h->argv[i]);
    RvStatus st = rv_hc_str(c, 1, h->argv[i], len);
    if (st == RV_OK) st = rv_table_set_int(c->m, t, i + 1, c->res[1]);
    if (st) return st;
    bytes += len;
  }
  c->res[1] = rv_nil();
  rv_hc_moved(c, bytes);
  return RV_OK;
}

static RvStatus pro_env(RvHostCall *c) {
  size_t len;
  const char *name = rv_hc_args(c, 0, &len);
  if (!rv_policy_name(&c->host->policy, RV_GRANT_ENV, name, len))
    return rv_hc_denied(c, name, RV_GRANT_ENV);
  const char *v = strlen(name) == len ? getenv(name) : NULL;
  if (v == NULL) return RV_OK; /* nil alone: not set */
  rv_hc_moved(c, strlen(v));
  return rv_hc_str(c, 0, v, strlen(v));
}

/* Unwinds everything without running guest code; the run ends with the code. */
static RvStatus pro_exit(RvHostCall *c) {
  c->host->exited = true;
  c->host->exit_code = (i32)(rv_hc_isnil(c, 0) ? 0 : rv_hc_argi(c, 0) & 255);
  c->m->killed = true;
  return RV_KILL;
}

#define RUN(name, sig, fn) \
  { name, sig, fn, RV_GRANT_RUN, 1, NULL }
static const RvOpDef ops[] = {
    {"args", "() (table?, str?, int?)", pro_args, RV_GRANT_FREE, 1, NULL},
    {"env", "(str) (str?, str?, int?)", pro_env, RV_GRANT_ENV, 1, NULL},
    {"exit", "(int?)", pro_exit, RV_GRANT_FREE, 1, NULL},
    RUN("run", "(str?) (int?, str?, int?)", rv_spawn_run),
    RUN("start", "(str, str) (handle?, str?, int?)", rv_spawn_start),
    {"close", "(handle) (int?, str?, int?)", rv_spawn_close, RV_GRANT_FREE, 1,
     NULL},
    RUN("read", "(handle, int) (str?, str?, int?)", rv_file_read),
    RUN("more", "(handle) (bool?, str?, int?)", rv_file_more),
    RUN("number", "(handle) (any?, str?, int?)", rv_file_number),
    RUN("put", "(handle, " RV_PUT_TYPES ") (int?, str?, int?)", rv_file_put),
    RUN("line", "(handle, bool?) (str?, str?, int?)", rv_file_line),
    RUN("write", "(handle, str) (int?, str?, int?)", rv_file_write),
    RUN("flush", "(handle) (bool?, str?, int?)", rv_file_flush),
};

const RvDevDef rv_dev_process = {.name = "process",
                                 .version = 1,
                                 .nops = sizeof ops / sizeof *ops,
                                 .ops = ops,
                                 .close = rv_spawn_drop};
