/* SPDX-License-Identifier: MIT */
/* Open files, and pipes to programs, as payload of handles: what storage and
   process share. The device's state is the list of them. */
#ifndef RV_VM_HOST_FILE_H
#define RV_VM_HOST_FILE_H

#include "vm/host/device.h"
#include "vm/host/stream.h"

typedef struct RvFile {
  RvStream s;
  int pid; /* the program at the other end of a pipe; -1: none */
  struct RvFile *prev, *next;
} RvFile;

/* A new handle for descriptor fd, which it owns even on RV_ERROR, as result
   0. */
RvStatus rv_file_open(RvHostCall *c, int fd, int pid);
/* Closes the descriptor; nothing is flushed. */
void rv_file_free(RvMachine *m, RvDevice *d, RvFile *f);
/* What the result of a stream means for the operation. */
RvStatus rv_file_trouble(RvHostCall *c, int rc, u64 work);
/* Writes out all files of a device. */
bool rv_files_flush(RvMachine *m, RvDevice *d, bool wait);

/* Operation put: argument `first` says how many values behind it are written. A
   value that is no string or number: nil, nil and which one it is. */
#define RV_PUT_MAX 4
#define RV_PUT_TYPES "int, any?, any?, any?, any?"
RvStatus rv_file_put_values(RvHostCall *c, RvStream *s, u32 first);

/* Operations whose first argument is the handle. */
RvStatus rv_file_close(RvHostCall *c);
RvStatus rv_file_write(RvHostCall *c);
RvStatus rv_file_flush(RvHostCall *c);
RvStatus rv_file_read(RvHostCall *c);
RvStatus rv_file_more(RvHostCall *c);
RvStatus rv_file_number(RvHostCall *c);
RvStatus rv_file_put(RvHostCall *c);
RvStatus rv_file_line(RvHostCall *c);

#endif
