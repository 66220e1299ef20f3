/* SPDX-License-Identifier: MIT */
/* Buffered bytes in and out of a descriptor, for console and storage.

   Every wait ends when the machine must stop. What was buffered stays, so an
   operation that stopped is simply done again. */
#ifndef RV_VM_HOST_STREAM_H
#define RV_VM_HOST_STREAM_H

#include "vm/machine.h"

typedef struct RvStream {
  int fd;
  bool regular; /* never makes us wait */
  bool tty;
  bool write_only; /* reading fails at once, and does not wait */
  u8 *in;          /* bytes ipos .. iend are unread */
  u32 ipos, iend, icap;
  u8 *out; /* olen bytes still to be written */
  u32 olen, ocap;
  int owed; /* errno of a flush that no write has been told about, or 0 */
} RvStream;

/* Results besides 0 and errno values. */
#define RV_IO_STOP (-1)   /* return rv_hc_stop */
#define RV_IO_MEMORY (-2) /* raise the memory error */

/* One call moves at most this many bytes in. */
#define RV_IO_MAX (1u << 20)

void rv_stream_init(RvStream *s, int fd);
/* Frees the buffers; neither flushes nor closes. */
void rv_stream_fini(RvMachine *m, RvStream *s);
/* Up to n bytes: n unless the end is near (regular files), what there is (all
   others). *got is 0 at the end. *p stays valid until the next call. */
int rv_stream_read(RvMachine *m, RvStream *s, u64 n, const u8 **p, u32 *got);
/* Is there another byte? Waits for it or the end. */
int rv_stream_more(RvMachine *m, RvStream *s, bool *more);
/* The number that comes next; nil when there is none (numeral.c). *got bytes
   were taken. */
int rv_stream_number(RvMachine *m, RvStream *s, RvValue *v, u32 *got);
/* At least n bytes read ahead if the end does not come first; n <= 256. */
int rv_stream_fill(RvMachine *m, RvStream *s, u32 n);
/* The next line with its newline; *got is 0 at the end. */
int rv_stream_line(RvMachine *m, RvStream *s, const u8 **p, u32 *got);
/* Writes bytes *done .. n-1, advancing *done. A flush in between, before reading
   say, may have failed: the next write tells it. */
int rv_stream_write(RvMachine *m, RvStream *s, const u8 *p, u64 n, u64 *done);
/* `wait` false: gives up where it would have to wait. */
int rv_stream_flush(RvMachine *m, RvStream *s, bool wait);
/* The same at the end of a program: an error of an earlier flush is told, too. */
int rv_stream_finish(RvMachine *m, RvStream *s, bool wait);
/* Forgets what was read ahead, stepping the file back. */
void rv_stream_sync(RvStream *s);

#endif
