/* SPDX-License-Identifier: MIT */
/* Devices: how an operation is defined, called and reports; handles, waiting.

   A device is a table of operations. An operation gets its arguments checked
   and converted, and answers through the setters below. Two kinds of trouble:

     failure  what the outside world may do to any program (no such file,
              denied): nil, message, code as results (rv_hc_fail)
     error    what only a wrong program does (a closed handle, bad mode), and
              limits: raised, RV_ERROR                                        */
#ifndef RV_VM_HOST_DEVICE_H
#define RV_VM_HOST_DEVICE_H

#include "vm/host/host.h"
#include "vm/host/policy.h"
#include "vm/host/sig.h"
#include "vm/num.h"
#include "vm/str.h"

typedef struct RvHost RvHost;
typedef struct RvDevice RvDevice;
typedef struct RvHostCall RvHostCall;
typedef struct RvForeignCall RvForeignCall;

typedef RvStatus (*RvOpFn)(RvHostCall *c);

/* One operation: immutable while a machine uses it. */
typedef struct RvOpDef {
  const char *name;
  const char *sig; /* rv_sig_parse */
  RvOpFn fn;
  u8 grant; /* RvGrant that must have been given */
  u8 cost;  /* fuel of a call, before the bytes it moves */
  void *ud; /* for fn */
} RvOpDef;

typedef struct RvDevDef {
  const char *name;
  u32 version;
  u32 nops;
  const RvOpDef *ops;
  /* Frees what handle payload `p` stands for. May be NULL. */
  void (*close)(RvMachine *m, RvDevice *d, void *p);
  /* Before the machine ends, after its handles are closed. May be NULL. */
  void (*fini)(RvMachine *m, RvDevice *d);
} RvDevDef;

typedef struct RvDevStats {
  u64 calls;  /* operations started */
  u64 bytes;  /* moved, both ways */
  u64 errors; /* failures, denials included */
  u64 denied;
} RvDevStats;

struct RvDevice {
  const RvDevDef *def;
  RvDevice *next; /* added later first: it hides those before of its name */
  void *state;    /* the device's own, per machine */
  RvDevStats stats;
};

/* -- Handles ------------------------------------------------------------------
   A guest's handle is the slot number plus 1 in the low 20 bits and the slot's
   generation above, so that a stale one is noticed. */
typedef struct RvHandle {
  RvDevice *dev; /* NULL: free */
  void *p;
  u32 gen;
} RvHandle;

/* -- The host layer of one machine ----------------------------------------- */
typedef enum RvFault {
  RV_FAULT_NONE,
  RV_FAULT_DENIED,
  RV_FAULT_HANDLES
} RvFault;

/* An operation that stopped half-way and will be entered again. */
typedef struct RvPending {
  RvThread *th; /* NULL: none */
  RvBound *b;
  u32 fi, at;
  u64 at_work; /* the operation's own: bytes written, deadline, ... */
} RvPending;

typedef struct RvBinding {
  struct RvBinding *next;
  RvImage *img;
  RvBound **list; /* what rv_host_bind returned */
  u32 n;
  size_t size; /* bytes of this block */
} RvBinding;

struct RvHost {
  RvMachine *m;
  RvDevice *devices;
  RvDevice builtin[5];
  RvBinding *bindings;
  RvPolicy policy;
  RvHandle *handles;
  u32 nhandles, chandles, max_handles; /* open, capacity, limit */
  RvPending pending;
  RvHostCall *call;        /* innermost running call */
  RvForeignCall *foreign;  /* innermost foreign call */
  struct RvLibrary *libs;  /* opened native libraries */
  RvDevStats native;       /* counters of all native imports */
  /* the last fault raised as an error, to tell why a program ended */
  RvValue fault_err;
  u8 fault;
  bool exited; /* process.exit was called */
  i32 exit_code;
  int flush_error; /* errno of the last rv_host_flush that failed, */
  bool flush_console; /* and whether the console was it */
  int argc; /* program arguments, for process.args */
  char **argv;
  _Atomic int wake_w; /* write end of the wake pipe + 1; 0: none yet */
  int wake_r;
  u8 *scratch; /* bytes on their way into a string */
  size_t cscratch;
  /* asked for fuel inside a foreign frame; NULL: refuses */
  i64 (*more_fuel)(void *ud);
  void *more_fuel_ud;
  /* values the C API keeps alive (rove_api.c) */
  RvValue kept[4];
};

struct RvBound {
  RvImage *img;
  const RvImport *imp;
  const RvSig *sig; /* as the image declares it; NULL for builtins */
  u8 nres;          /* results it wants: registers, `void` is none */
  u8 kind;
  u8 granted; /* the grant test: one bit, see rv_host_regrant */
  RvDevice *dev;
  const RvOpDef *op;
  RvTypes types; /* as the operation has it */
  const RvNativeDef *builtin;
  struct RvForeign *foreign; /* prepared native import, NULL until first call */
};

struct RvHostCall {
  RvMachine *m;
  RvThread *th;
  RvHost *host;
  RvDevice *dev;
  RvBound *b;
  RvHostCall *outer;
  u32 at;
  bool resumed; /* entered again after RV_STOP */
  bool failed;
  u64 work; /* resumed: what rv_hc_stop kept */
  RvValue arg[RV_SIG_MAX]; /* checked and converted; nil where left out */
  RvValue res[RV_SIG_MAX]; /* nil until set; kept alive by the collector */
};

/* -- For operations -------------------------------------------------------- */
RV_INLINE i64 rv_hc_argi(const RvHostCall *c, u32 i) {
  return (i64)c->arg[i].p;
}
RV_INLINE double rv_hc_argf(const RvHostCall *c, u32 i) {
  return rv_u2d(c->arg[i].p);
}
RV_INLINE const char *rv_hc_args(const RvHostCall *c, u32 i, size_t *len) {
  const RvString *s = RV_AS(RvString, c->arg[i]);
  *len = s->len;
  return rv_str_data(s);
}
RV_INLINE bool rv_hc_isnil(const RvHostCall *c, u32 i) {
  return c->arg[i].t == RV_NIL;
}
RV_INLINE RvStatus rv_hc_int(RvHostCall *c, u32 i, i64 v) {
  c->res[i] = rv_int(v);
  return RV_OK;
}
RV_INLINE RvStatus rv_hc_bool(RvHostCall *c, u32 i, bool v) {
  c->res[i] = rv_bool(v);
  return RV_OK;
}
/* A copy of the bytes as result i. RV_ERROR: memory. */
RvStatus rv_hc_str(RvHostCall *c, u32 i, const char *p, size_t len);
/* The ordinary failure. An operation whose signature does not provide for one
   (results `X?, str?, int?`) raises it as an error instead. */
RvStatus rv_hc_fail(RvHostCall *c, i64 code, const char *fmt, ...)
    RV_PRINTF(3, 4);
/* The failure errno describes, "what: text". */
RvStatus rv_hc_errno(RvHostCall *c, const char *what, int code);
/* The failure of a missing grant; `what` is its object or NULL. */
RvStatus rv_hc_denied(RvHostCall *c, const char *what, RvGrant grant);
/* Stops; `work` comes back in c->work when the operation is entered again. */
RvStatus rv_hc_stop(RvHostCall *c, u64 work);
/* Counts bytes moved and pays for them after the fact (what was read). */
void rv_hc_moved(RvHostCall *c, u64 bytes);
/* Counts bytes only: they were paid for as arguments. */
RV_INLINE void rv_hc_count(RvHostCall *c, u64 bytes) {
  c->dev->stats.bytes += bytes;
}
/* At least n bytes of scratch memory, kept by the machine. NULL: memory. */
u8 *rv_host_scratch(RvMachine *m, size_t n);

/* A new handle as result i. On RV_ERROR (too many handles, memory) the caller
   still owns p. */
RvStatus rv_hc_handle(RvHostCall *c, u32 i, void *p);
/* The payload of handle argument i, already checked to be this device's. */
void *rv_hc_payload(const RvHostCall *c, u32 i);
/* Takes handle argument i out of the table without closing it. */
void rv_hc_release(RvHostCall *c, u32 i);
/* Is the limit of handles reached? Then raises that. */
RvStatus rv_hc_room(RvHostCall *c);

/* -- Waiting ------------------------------------------------------------------
   Waits until fd is ready for `events` (fd -1: for nothing), until the
   monotonic time `until` in ns (-1: for ever) or until a request stops the
   machine.
   RV_OK: ready, or time is over (*ready says which). RV_STOP: stop. */
RvStatus rv_host_wait(RvMachine *m, int fd, short events, i64 until,
                      bool *ready);
/* Does a request wait that must stop the machine? */
bool rv_host_stopping(const RvMachine *m);
i64 rv_host_now(void); /* monotonic ns */

/* -- For embedders and the command line ------------------------------------ */
/* Adds a device; def must live as long as the machine. It hides devices of
   the same name for images bound later. NULL: memory. */
RvDevice *rv_host_add_device(RvMachine *m, const RvDevDef *def);
/* The device of that name, or NULL; *op its operation, or NULL. */
RvDevice *rv_host_find(RvMachine *m, const char *dev, size_t dlen,
                       const char *name, size_t nlen, const RvOpDef **op);
/* Sets request bits and ends any wait; from any thread, any signal handler. */
void rv_host_request(RvMachine *m, u32 bits);
/* Recomputes the grant bits after a change of policy. */
void rv_host_regrant(RvMachine *m);
/* Writes out what devices hold back. `wait`: blocks until done. False: some of
   it could not be written. */
bool rv_host_flush(RvMachine *m, bool wait);
/* Why error v was raised, as far as the host layer raised it. */
RvFault rv_host_fault(const RvMachine *m, RvValue v);
/* Forgets half-done operations: before a new run. */
void rv_host_restart(RvMachine *m);
void rv_host_set_args(RvMachine *m, int argc, char **argv);

/* -- Devices of the house -------------------------------------------------- */
extern const RvDevDef rv_dev_console, rv_dev_storage, rv_dev_clock,
    rv_dev_entropy, rv_dev_process;
/* Writes out; for rv_host_flush. 0, or why not: errno or an RV_IO_ code. */
int rv_console_flush(RvMachine *m, RvDevice *d, bool wait);
int rv_console_line(RvMachine *m, RvDevice *d, const u8 **p, u32 *got);

/* -- Native imports (ffi/native.c) --------------------------------------------
   Checks the signature of a native import; with a grant finds the function at
   once. RV_ERROR: raised. */
RvStatus rv_native_bind(RvMachine *m, RvBound *b);
RvStatus rv_native_call(RvThread *th, u32 at, RvBound *b);
void rv_native_unbind(RvMachine *m, RvBound *b);
void rv_native_fini(RvMachine *m);
void rv_native_roots(RvMachine *m, void (*visit)(RvMachine *m, RvValue v));

#endif
