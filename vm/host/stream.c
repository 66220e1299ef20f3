/* SPDX-License-Identifier: MIT */
/* Buffered bytes in and out of a descriptor, for console and storage. */
#include "vm/host/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/heap.h"
#include "vm/host/device.h"

#define IN_BYTES 32768u
#define OUT_BYTES 8192u
/* A pipe that poll calls writable takes this much without blocking. */
#define PIPE_BYTES 4096u

void rv_stream_init(RvStream *s, int fd) {
  struct stat st;
  memset(s, 0, sizeof *s);
  s->fd = fd;
  s->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
  s->tty = !s->regular && isatty(fd);
  int flags = fcntl(fd, F_GETFL);
  s->write_only = flags >= 0 && (flags & O_ACCMODE) == O_WRONLY;
}

void rv_stream_fini(RvMachine *m, RvStream *s) {
  rv_mem_free(m, s->in, s->icap);
  rv_mem_free(m, s->out, s->ocap);
  s->in = s->out = NULL;
  s->icap = s->ocap = s->ipos = s->iend = s->olen = 0;
}

/* Waits until the descriptor is ready; mostly it is, and nothing is set up. */
static int await(RvMachine *m, RvStream *s, short events, bool wait) {
  if (s->regular) return 0;
  struct pollfd pf = {.fd = s->fd, .events = events};
  if (poll(&pf, 1, 0) > 0) return 0;
  if (!wait) return EAGAIN;
  bool ready;
  return rv_host_wait(m, s->fd, events, -1, &ready) ? RV_IO_STOP : 0;
}

/* read(2) until it says something; *got 0 at the end. */
static int read_some(RvMachine *m, RvStream *s, u8 *p, size_t n, u32 *got) {
  if (s->write_only) return EBADF;
  for (;;) {
    int rc = await(m, s, POLLIN, true);
    if (rc) return rc;
    ssize_t k = read(s->fd, p, n);
    if (k >= 0) {
      *got = (u32)k;
      return 0;
    }
    if (errno != EINTR && errno != EAGAIN) return errno;
    if (rv_host_stopping(m)) return RV_IO_STOP;
  }
}

static int make_room(RvMachine *m, RvStream *s);

/* Reads ahead until n bytes are there, or the end is. What there is stays when
   it fails. */
int rv_stream_fill(RvMachine *m, RvStream *s, u32 n) {
  while (s->iend - s->ipos < n) {
    u32 k;
    int rc = s->icap == 0 || s->icap - s->ipos < n ? make_room(m, s) : 0;
    if (rc == 0) rc = read_some(m, s, s->in + s->iend, s->icap - s->iend, &k);
    if (rc) return rc;
    if (k == 0) return 0;
    s->iend += k;
  }
  return 0;
}

int rv_stream_more(RvMachine *m, RvStream *s, bool *more) {
  int rc = rv_stream_fill(m, s, 1);
  *more = s->iend > s->ipos;
  return rc;
}

int rv_stream_read(RvMachine *m, RvStream *s, u64 n, const u8 **p, u32 *got) {
  if (n > RV_IO_MAX) n = RV_IO_MAX;
  *got = 0;
  if (n <= IN_BYTES / 2 && s->iend - s->ipos < n) { /* small: read ahead */
    int rc = rv_stream_fill(m, s, s->regular ? (u32)n : 1);
    if (rc && (rc == RV_IO_STOP || s->iend == s->ipos)) return rc;
  }
  u32 have = s->iend - s->ipos;
  *p = s->in + s->ipos;
  if (have >= n || n <= IN_BYTES / 2 || (have > 0 && !s->regular)) {
    *got = have < n ? have : (u32)n;
    s->ipos += *got;
    return 0;
  }
  u8 *buf = rv_host_scratch(m, n);
  if (buf == NULL) return RV_IO_MEMORY;
  u32 at = have, k;
  if (have) memcpy(buf, s->in + s->ipos, have);
  do {
    int rc = read_some(m, s, buf + at, n - at, &k);
    if (rc && at == have) return rc; /* nothing lost: it stays buffered */
    if (rc) break;
    at += k;
  } while (k > 0 && at < n && s->regular);
  s->ipos = s->iend = 0;
  *p = buf;
  *got = at;
  return 0;
}

/* Room for more input: moves what is unread to the front, then grows as far
   as the guest's memory could hold the line at all. */
static int make_room(RvMachine *m, RvStream *s) {
  u32 have = s->iend - s->ipos;
  if (s->ipos > 0) {
    memmove(s->in, s->in + s->ipos, have);
    s->ipos = 0;
    s->iend = have;
  }
  if (have < s->icap) return 0;
  if (have >= RV_MAX_STRING / 2 || have > m->guest_limit) return RV_IO_MEMORY;
  u32 cap = s->icap ? 2 * s->icap : IN_BYTES;
  u8 *in = rv_mem_realloc(m, s->in, s->icap, cap);
  if (in == NULL) return RV_IO_MEMORY;
  s->in = in;
  s->icap = cap;
  return 0;
}

int rv_stream_line(RvMachine *m, RvStream *s, const u8 **p, u32 *got) {
  u32 seen = 0; /* unread bytes that hold no newline */
  *got = 0;
  for (;;) {
    u32 have = s->iend - s->ipos, k = 0;
    u8 *from = s->in + s->ipos;
    u8 *nl = have > seen ? memchr(from + seen, '\n', have - seen) : NULL;
    if (nl == NULL) {
      seen = have;
      int rc = have == s->icap || s->ipos > 0 ? make_room(m, s) : 0;
      if (rc == 0) rc = read_some(m, s, s->in + s->iend, s->icap - s->iend, &k);
      if (rc) return rc;
      s->iend += k;
      if (k > 0) continue;
      from = s->in + s->ipos; /* the end: what is left is the last line */
    }
    *p = from;
    *got = nl ? (u32)(nl + 1 - from) : have;
    s->ipos += *got;
    return 0;
  }
}

static int write_some(RvMachine *m, RvStream *s, const u8 *p, size_t n,
                      bool wait, size_t *done) {
  for (;;) {
    int rc = await(m, s, POLLOUT, wait);
    if (rc) return rc;
    ssize_t k = write(s->fd, p, s->regular || n < PIPE_BYTES ? n : PIPE_BYTES);
    if (k >= 0) {
      *done = (size_t)k;
      return 0;
    }
    if (errno != EINTR && errno != EAGAIN) return errno;
    if (rv_host_stopping(m)) return RV_IO_STOP;
  }
}

int rv_stream_flush(RvMachine *m, RvStream *s, bool wait) {
  u32 at = 0;
  int rc = 0;
  while (at < s->olen) {
    size_t k = 0;
    rc = write_some(m, s, s->out + at, s->olen - at, wait, &k);
    if (rc) break;
    at += (u32)k;
  }
  if (at > 0) memmove(s->out, s->out + at, s->olen - at);
  s->olen -= at;
  if (rc > 0 && rc != EAGAIN) {
    s->olen = 0; /* told once, not for ever */
    s->owed = rc;
  }
  return rc;
}

int rv_stream_finish(RvMachine *m, RvStream *s, bool wait) {
  int rc = rv_stream_flush(m, s, wait);
  if (rc == 0) rc = s->owed;
  if (rc >= 0) s->owed = 0;
  return rc;
}

static int write_all(RvMachine *m, RvStream *s, const u8 *p, u64 n, u64 *done) {
  int rc;
  if (s->out == NULL) {
    s->out = rv_mem_realloc(m, NULL, 0, OUT_BYTES);
    if (s->out == NULL) return RV_IO_MEMORY;
    s->ocap = OUT_BYTES;
  }
  if (n - *done > s->ocap - s->olen && (rc = rv_stream_flush(m, s, true)))
    return rc;
  while (n - *done > s->ocap) {
    size_t k = 0;
    rc = write_some(m, s, p + *done, n - *done, true, &k);
    if (rc) return rc;
    *done += k;
  }
  if (n > *done) {
    memcpy(s->out + s->olen, p + *done, n - *done);
    s->olen += (u32)(n - *done);
  }
  bool line = s->tty && n > 0 && memchr(p, '\n', n) != NULL;
  *done = n;
  return line ? rv_stream_flush(m, s, true) : 0;
}

int rv_stream_write(RvMachine *m, RvStream *s, const u8 *p, u64 n, u64 *done) {
  int rc = s->owed ? s->owed : write_all(m, s, p, n, done);
  if (rc >= 0) s->owed = 0;
  return rc;
}

void rv_stream_sync(RvStream *s) {
  if (s->iend > s->ipos)
    (void)lseek(s->fd, -(off_t)(s->iend - s->ipos), SEEK_CUR);
  s->ipos = s->iend = 0;
}
