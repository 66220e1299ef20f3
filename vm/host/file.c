/* SPDX-License-Identifier: MIT */
/* Open files, and pipes to programs, as payload of handles. */
#include "vm/host/file.h"

#include <unistd.h>

RvStatus rv_file_open(RvHostCall *c, int fd, int pid) {
  RvFile *f = rv_mem_realloc(c->m, NULL, 0, sizeof *f);
  if (f == NULL) {
    close(fd);
    return rv_err_memory(c->th);
  }
  rv_stream_init(&f->s, fd);
  f->pid = pid;
  f->prev = NULL;
  f->next = c->dev->state;
  if (f->next) f->next->prev = f;
  c->dev->state = f;
  RvStatus st = rv_hc_handle(c, 0, f);
  if (st) rv_file_free(c->m, c->dev, f);
  return st;
}

void rv_file_free(RvMachine *m, RvDevice *d, RvFile *f) {
  if (f->prev) f->prev->next = f->next;
  else d->state = f->next;
  if (f->next) f->next->prev = f->prev;
  rv_stream_fini(m, &f->s);
  if (f->s.fd >= 0) close(f->s.fd);
  rv_mem_free(m, f, sizeof *f);
}

RvStatus rv_file_trouble(RvHostCall *c, int rc, u64 work) {
  if (rc == RV_IO_STOP) return rv_hc_stop(c, work);
  if (rc == RV_IO_MEMORY) return rv_err_memory(c->th);
  return rv_hc_errno(c, NULL, rc);
}

RvStatus rv_file_close(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  int rc = rv_stream_flush(c->m, &f->s, true);
  if (rc == RV_IO_STOP) return rv_hc_stop(c, 0);
  rv_hc_release(c, 0);
  rv_file_free(c->m, c->dev, f);
  return rc ? rv_file_trouble(c, rc, 0) : rv_hc_bool(c, 0, true);
}

RvStatus rv_file_write(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  size_t len;
  const char *p = rv_hc_args(c, 1, &len);
  u64 done = c->work;
  rv_stream_sync(&f->s);
  int rc = rv_stream_write(c->m, &f->s, (const u8 *)p, len, &done);
  if (rc) return rv_file_trouble(c, rc, done);
  rv_hc_count(c, len);
  return rv_hc_int(c, 0, (i64)len);
}

/* The bytes of a value that can be written, floats as "%.14g"; NULL: none. */
static const char *bytes_of(RvValue v, char text[RV_NUM_TEXT], size_t *len) {
  if (v.t == RV_STR) {
    *len = RV_AS(RvString, v)->len;
    return rv_str_data(RV_AS(RvString, v));
  }
  if (!RV_IS_NUM(v.t)) return NULL;
  size_t n = rv_num_text(v, text);
  if (n > 2 && text[n - 2] == '.' && text[n - 1] == '0') n -= 2;
  *len = n;
  return text;
}

RvStatus rv_file_put_values(RvHostCall *c, RvStream *s, u32 first) {
  i64 n = rv_hc_argi(c, first);
  u64 before = 0; /* bytes of the values in front */
  if (n < 0 || n > RV_PUT_MAX)
    return rv_err(c->th, "%s.put: number of values out of range",
                  c->dev->def->name);
  for (u32 i = 1; i <= n; i++) {
    char text[RV_NUM_TEXT];
    size_t len;
    const char *p = bytes_of(c->arg[first + i], text, &len);
    if (p == NULL) { /* nil and its number, without a message */
      c->res[0] = rv_nil();
      return rv_hc_int(c, 2, i);
    }
    if (c->work < before + len || len == 0) {
      u64 done = c->work > before ? c->work - before : 0;
      int rc = rv_stream_write(c->m, s, (const u8 *)p, len, &done);
      if (rc) return rv_file_trouble(c, rc, before + done);
    }
    before += len;
  }
  rv_hc_moved(c, before);
  return rv_hc_int(c, 0, (i64)before);
}

RvStatus rv_file_put(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  rv_stream_sync(&f->s);
  return rv_file_put_values(c, &f->s, 1);
}

RvStatus rv_file_flush(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  int rc = rv_stream_flush(c->m, &f->s, true);
  return rc ? rv_file_trouble(c, rc, 0) : rv_hc_bool(c, 0, true);
}

RvStatus rv_file_read(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  i64 n = rv_hc_argi(c, 1);
  const u8 *p = NULL;
  u32 got = 0;
  int rc = rv_stream_flush(c->m, &f->s, true);
  if (rc == 0 && n > 0) rc = rv_stream_read(c->m, &f->s, (u64)n, &p, &got);
  if (rc) return rv_file_trouble(c, rc, 0);
  rv_hc_moved(c, got);
  return rv_hc_str(c, 0, (const char *)p, got);
}

RvStatus rv_file_more(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  bool more = false;
  int rc = rv_stream_flush(c->m, &f->s, true);
  if (rc == 0) rc = rv_stream_more(c->m, &f->s, &more);
  return rc ? rv_file_trouble(c, rc, 0) : rv_hc_bool(c, 0, more);
}

RvStatus rv_file_number(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  u32 got = 0;
  int rc = rv_stream_flush(c->m, &f->s, true);
  if (rc == 0) rc = rv_stream_number(c->m, &f->s, &c->res[0], &got);
  if (rc) return rv_file_trouble(c, rc, 0);
  rv_hc_moved(c, got);
  return RV_OK;
}

RvStatus rv_file_line(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  const u8 *p = NULL;
  u32 got = 0;
  int rc = rv_stream_flush(c->m, &f->s, true);
  if (rc == 0) rc = rv_stream_line(c->m, &f->s, &p, &got);
  if (rc) return rv_file_trouble(c, rc, 0);
  if (got == 0) return RV_OK; /* nil alone: the end */
  rv_hc_moved(c, got);
  if (c->arg[1].t != RV_TRUE && p[got - 1] == '\n') got--;
  return rv_hc_str(c, 0, (const char *)p, got);
}

int rv_files_flush(RvMachine *m, RvDevice *d, bool wait) {
  int first = 0;
  for (RvFile *f = d->state; f; f = f->next) {
    int rc = rv_stream_finish(m, &f->s, wait);
    if (first == 0) first = rc;
  }
  return first;
}
