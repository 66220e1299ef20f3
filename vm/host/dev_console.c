/* SPDX-License-Identifier: MIT */
/* Device console: standard input, output and error of the process. */
#include <errno.h>
#include <unistd.h>

#include "vm/host/file.h"

typedef struct Console {
  RvStream in, out, err;
} Console;

static Console *console_of(RvMachine *m, RvDevice *d) {
  Console *con = d->state;
  if (con == NULL) {
    con = rv_mem_realloc(m, NULL, 0, sizeof *con);
    if (con == NULL) return NULL;
    rv_stream_init(&con->in, STDIN_FILENO);
    rv_stream_init(&con->out, STDOUT_FILENO);
    rv_stream_init(&con->err, STDERR_FILENO);
    d->state = con;
  }
  return con;
}

static Console *console(RvHostCall *c) { return console_of(c->m, c->dev); }

/* What an unhappy stream means for the operation. */
static RvStatus trouble(RvHostCall *c, int rc, u64 work) {
  if (rc == RV_IO_STOP) return rv_hc_stop(c, work);
  if (rc == RV_IO_MEMORY) return rv_err_memory(c->th);
  return rv_hc_errno(c, NULL, rc);
}

static RvStatus put(RvHostCall *c, RvStream *s, bool flush) {
  size_t len;
  const char *p = rv_hc_args(c, 0, &len);
  u64 done = c->work;
  int rc = rv_stream_write(c->m, s, (const u8 *)p, len, &done);
  if (rc == 0 && flush) rc = rv_stream_flush(c->m, s, true);
  if (rc) return trouble(c, rc, done);
  rv_hc_count(c, len);
  return rv_hc_int(c, 0, (i64)len);
}

static RvStatus con_write(RvHostCall *c) {
  Console *con = console(c);
  if (con == NULL) return rv_err_memory(c->th);
  return put(c, &con->out, false);
}

static RvStatus con_put(RvHostCall *c) {
  Console *con = console(c);
  if (con == NULL) return rv_err_memory(c->th);
  return rv_file_put_values(c, &con->out, 0);
}

static RvStatus con_error(RvHostCall *c) {
  Console *con = console(c);
  if (con == NULL) return rv_err_memory(c->th);
  /* in the order in which they were written, where both go to one place */
  if (rv_stream_flush(c->m, &con->out, true) == RV_IO_STOP)
    return rv_hc_stop(c, c->work);
  return put(c, &con->err, true);
}

static RvStatus con_flush(RvHostCall *c) {
  Console *con = console(c);
  if (con == NULL) return rv_err_memory(c->th);
  int rc = rv_stream_flush(c->m, &con->out, true);
  return rc ? trouble(c, rc, 0) : rv_hc_bool(c, 0, true);
}

/* Whoever reads has seen what was written before. */
static int before_reading(RvHostCall *c, Console *con) {
  return rv_stream_flush(c->m, &con->out, true) == RV_IO_STOP ? RV_IO_STOP : 0;
}

static RvStatus con_read(RvHostCall *c) {
  Console *con = console(c);
  if (con == NULL) return rv_err_memory(c->th);
  i64 n = rv_hc_argi(c, 0);
  const u8 *p = NULL;
  u32 got = 0;
  int rc = before_reading(c, con);
  if (rc == 0 && n > 0) rc = rv_stream_read(c->m, &con->in, (u64)n, &p, &got);
  if (rc) return trouble(c, rc, 0);
  rv_hc_moved(c, got);
  return rv_hc_str(c, 0, (const char *)p, got);
}

int rv_console_line(RvMachine *m, RvDevice *d, const u8 **p, u32 *got) {
  Console *con = console_of(m, d);
  if (con == NULL) return RV_IO_MEMORY;
  if (rv_stream_flush(m, &con->out, true) == RV_IO_STOP) return RV_IO_STOP;
  return rv_stream_line(m, &con->in, p, got);
}

static RvStatus con_more(RvHostCall *c) {
  Console *con = console(c);
  if (con == NULL) return rv_err_memory(c->th);
  bool more = false;
  int rc = before_reading(c, con);
  if (rc == 0) rc = rv_stream_more(c->m, &con->in, &more);
  return rc ? trouble(c, rc, 0) : rv_hc_bool(c, 0, more);
}

static RvStatus con_number(RvHostCall *c) {
  Console *con = console(c);
  if (con == NULL) return rv_err_memory(c->th);
  u32 got = 0;
  int rc = before_reading(c, con);
  if (rc == 0) rc = rv_stream_number(c->m, &con->in, &c->res[0], &got);
  if (rc) return trouble(c, rc, 0);
  rv_hc_moved(c, got);
  return RV_OK;
}

static RvStatus con_line(RvHostCall *c) {
  Console *con = console(c);
  if (con == NULL) return rv_err_memory(c->th);
  const u8 *p = NULL;
  u32 got = 0;
  int rc = before_reading(c, con);
  if (rc == 0) rc = rv_stream_line(c->m, &con->in, &p, &got);
  if (rc) return trouble(c, rc, 0);
  if (got == 0) return RV_OK; /* nil alone: the end */
  rv_hc_moved(c, got);
  if (c->arg[0].t != RV_TRUE && p[got - 1] == '\n') got--;
  return rv_hc_str(c, 0, (const char *)p, got);
}

int rv_console_flush(RvMachine *m, RvDevice *d, bool wait) {
  Console *con = d->state;
  return con ? rv_stream_finish(m, &con->out, wait) : 0;
}

static void con_fini(RvMachine *m, RvDevice *d) {
  Console *con = d->state;
  if (con == NULL) return;
  rv_stream_fini(m, &con->in);
  rv_stream_fini(m, &con->out);
  rv_stream_fini(m, &con->err);
  rv_mem_free(m, con, sizeof *con);
}

static const RvOpDef ops[] = {
    {"write", "(str) (int?, str?, int?)", con_write, RV_GRANT_CONSOLE, 1, NULL},
    {"put", "(" RV_PUT_TYPES ") (int?, str?, int?)", con_put, RV_GRANT_CONSOLE,
     1, NULL},
    {"error", "(str) (int?, str?, int?)", con_error, RV_GRANT_CONSOLE, 1, NULL},
    {"flush", "() (bool?, str?, int?)", con_flush, RV_GRANT_CONSOLE, 1, NULL},
    {"read", "(int) (str?, str?, int?)", con_read, RV_GRANT_CONSOLE, 1, NULL},
    {"more", "() (bool?, str?, int?)", con_more, RV_GRANT_CONSOLE, 1, NULL},
    {"number", "() (any?, str?, int?)", con_number, RV_GRANT_CONSOLE, 1, NULL},
    {"line", "(bool?) (str?, str?, int?)", con_line, RV_GRANT_CONSOLE, 1, NULL},
};

const RvDevDef rv_dev_console = {.name = "console",
                                 .version = 1,
                                 .nops = sizeof ops / sizeof *ops,
                                 .ops = ops,
                                 .fini = con_fini};
