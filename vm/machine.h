/* SPDX-License-Identifier: MIT */
/* A machine: its heap, its threads, its limits; and one thread's stacks. */
#ifndef RV_VM_MACHINE_H
#define RV_VM_MACHINE_H

#include <stdatomic.h>

#include "vm/image.h"
#include "vm/object.h"

/* -- Frames ----------------------------------------------------------------
   Everything that is under way is a frame in its thread's array; no C frame
   holds guest state at a safepoint (I2). What happens when a frame returns is
   its own kind's business, decided when it was pushed:

     caller's registers            callee's frame
     ... | f | a1 | a2 | a3 | ...
           ^ret  ^base                    (no further arguments)
     ... | f | a1 | a2 | a3 | a1 | a2 | ...   vararg, two parameters:
           ^ret       extra ^base             a3 stays below base           */
typedef enum RvFrameKind {
  RV_FRAME_CALL,    /* bytecode called by a call instruction of bytecode: the
                       loop returns from it by itself */
  RV_FRAME_EVENT,   /* bytecode called for an event, by a native or a marker:
                       returns through rv_call_return */
  RV_FRAME_NATIVE,  /* a native; pc is its state, nextra its argument count.
                       It may do what the markers for pcall and resume do */
  /* Markers: no function; slots base .. top-1 are theirs. */
  RV_FRAME_BOTTOM,  /* frame 0 of every thread */
  RV_FRAME_FOREIGN, /* entry from a foreign C frame */
  RV_FRAME_PCALL,   /* errors stop here; nextra, in all that catch: marks open
                       before */
  RV_FRAME_XPCALL,  /* the same, with a handler in slot base */
  RV_FRAME_HANDLER, /* the handler of an xpcall is running */
  RV_FRAME_CLOSE,   /* values are being closed; pc: marks to keep, nextra: an
                       RvCloseThen */
  RV_FRAME_CONCAT,  /* operands of a concatenation with events */
  RV_FRAME_FINAL,   /* a finalizer is running */
  RV_FRAME_RESUME   /* a coroutine that this thread resumed is running */
} RvFrameKind;

/* What follows when a close marker is done. */
typedef enum RvCloseThen {
  RV_CLOSE_GO_ON,   /* the instruction after close */
  RV_CLOSE_RETURN,  /* return the marker's slots */
  RV_CLOSE_ERROR,   /* the error in slot base goes to what caught it, below */
  RV_CLOSE_THREAD   /* result of coclose; slot base: thread, base+1: error; pc:
                       marks of this thread itself */
} RvCloseThen;

/* What to do with the result of an event (RvFrame.then). */
typedef enum RvThen {
  RV_THEN_STORE,  /* results to `ret`, `want` of them; go on at pc */
  RV_THEN_EVENT,  /* the same for an event: go on behind the instruction, which
                     may have two words */
  RV_THEN_TEST,   /* truth of the first result decides the branch at pc */
  RV_THEN_BOOL,   /* truth of the first result, as boolean, to ret */
  RV_THEN_NATIVE, /* results to ret; re-enter the native below */
  RV_THEN_MARKER, /* results to ret; the marker below decides */
  RV_THEN_PROTECTED, /* true and the results are those of the native below */
  RV_THEN_RETURN  /* the frame below returns them: it ended in a tail call of a
                     C function, which keeps it (level.h) */
} RvThen;

/* In RvFrame.then too: a tail call made this frame. */
#define RV_FRAME_TAILED 0x80u
/* ... and: the truth of an event is the opposite of its result. */
#define RV_FRAME_INVERT 0x40u
/* State of a builtin while a function of the library does its work: the two are
   one level. */
#define RV_STATE_SLOW 0x510c0000u

struct RvFrame {
  void *fn;   /* RvClosure or RvNative; NULL in markers */
  u32 pc;     /* next instruction while the frame is not running; natives and
                 markers: their state */
  u32 base;   /* slot of R[0] */
  u32 ret;    /* slot where results go */
  u32 top;    /* end of open results, natives: end of their slots; else 0 */
  u32 nextra; /* further arguments, just below base */
  i16 want;   /* results wanted, RV_WANT_ALL for all */
  u8 kind;
  u8 then;    /* RvThen, RV_FRAME_TAILED, RV_FRAME_INVERT */
};

/* -- To-be-closed marks ----------------------------------------------------- */
typedef struct RvTbc {
  u64 p;
  u32 frame; /* index of the frame that opened the mark */
  u8 t;
} RvTbc;

/* Logical bytes of one that a thread has room for. */
#define RV_LSIZE_TBC 16u

/* -- Threads ---------------------------------------------------------------- */
typedef enum RvThreadStatus {
  RV_TH_SUSPENDED,
  RV_TH_RUNNING,
  RV_TH_NORMAL,
  RV_TH_DEAD
} RvThreadStatus;

struct RvThread {
  RvHdr h; /* type RV_THREAD */
  RvMachine *m;
  u64 *pay;      /* register payloads, nslots of them, then their tags: one
                    block of RV_STACK_BYTES(nslots) */
  u8 *tag;
  u32 nslots;
  u32 nframes;   /* capacity of frames */
  RvFrame *frames;
  u32 fi;        /* index of the running frame; frame 0 is a marker */
  u32 ntbc, ctbc;
  RvTbc *tbc;
  RvThread *resumer; /* who resumed this thread while it runs */
  RvValue err;   /* error on its way, when a function returned RV_ERROR */
  u64 paid;      /* fuel paid for the operation that is being restarted */
  u32 call_at;   /* where the callee of a native or marker left its results */
  u32 yield_at;  /* where a suspended thread expects values, and how many */
  i16 yield_want;
  u8 status;
  u8 nforeign;   /* foreign C frames active on this thread */
  u8 started;
  u8 failed; /* dead by an error, which is in err */
};

#define RV_STACK_BYTES(slots) (9 * (size_t)(slots))

/* -- Requests: bits other threads may set ------------------------------------ */
#define RV_REQ_INTERRUPT 0x01u /* stop with RV_RUN_INTERRUPTED */
#define RV_REQ_TIMEOUT 0x02u   /* stop with RV_RUN_TIMEOUT */

/* -- Interned strings --------------------------------------------------------- */
typedef struct RvStrTab {
  RvString **slot; /* open addressing, size a power of two; NULL is free */
  u32 size, used;
} RvStrTab;

/* Strings the machine itself needs, always alive. */
typedef enum RvName {
#define RV_EVENTS(X)                                                           \
  X(INDEX, "__index") X(NEWINDEX, "__newindex") X(GC, "__gc")                  \
  X(MODE, "__mode") X(LEN, "__len") X(EQ, "__eq") X(ADD, "__add")              \
  X(SUB, "__sub") X(MUL, "__mul") X(DIV, "__div") X(MOD, "__mod")              \
  X(IDIV, "__idiv") X(POW, "__pow") X(BAND, "__band") X(BOR, "__bor")          \
  X(BXOR, "__bxor") X(SHL, "__shl") X(SHR, "__shr") X(UNM, "__unm")            \
  X(BNOT, "__bnot") X(CONCAT, "__concat") X(LT, "__lt") X(LE, "__le")          \
  X(CALL, "__call") X(CLOSE, "__close") X(NAME, "__name")                      \
  X(TOSTRING, "__tostring") X(METATABLE, "__metatable") X(PAIRS, "__pairs")
#define RV_X(id, text) RV_EV_##id,
  RV_EVENTS(RV_X)
#undef RV_X
  RV_NEVENTS
} RvName;

/* -- Heap -------------------------------------------------------------------- */
typedef struct RvBlock RvBlock;
typedef struct RvLarge RvLarge;

typedef struct RvHeapStats {
  u64 collections;     /* logical ones */
  u64 host_bytes;      /* real memory now */
  u64 host_peak;
  u64 host_events;     /* times host memory, not the limit, failed */
} RvHeapStats;

/* The allocator of a machine: as realloc with sizes and an alignment (a power
   of two). nsize 0 frees and returns NULL. Failure: NULL, ptr untouched. */
typedef void *(*RvAllocFn)(void *ud, void *ptr, size_t osize, size_t nsize,
                           size_t align);

typedef struct RvTransition RvTransition;

/* An image as one machine uses it. */
typedef struct RvImageUse {
  struct RvImageUse *next;
  RvImage *img;
  struct RvBound **bound;
  bool seen; /* by the collector: some proto lives */
  u8 pins;   /* protos being made that nothing refers to yet */
} RvImageUse;

struct RvHost;

/* Called before each instruction while hooks are on: pc and first word.
   RV_ERROR and RV_STOP are obeyed. */
typedef RvStatus (*RvHookFn)(RvMachine *m, void *ud, u32 pc, RvInsn ins);

struct RvMachine {
  /* Allocation and fuel: read and written by every fast path (and later by
     compiled code), so they come first and stay at these offsets. */
  u8 *bump;        /* next free byte of the current free run */
  u8 *bump_end;
  i64 gc_left;     /* logical bytes until a collection (or the limit) is due */
  i32 fuel;        /* units left in this slice; below zero: event */
  i32 slice;       /* units granted for this slice */
  RvThread *th;    /* the running thread */
  const void *const *dispatch; /* the loop's handler table in force */
  _Atomic u32 request;

  /* fuel */
  u64 fuel_done;   /* units of finished slices */
  i64 fuel_left;   /* units not yet granted; negative: without limit */
  bool fuel_limited;
  u64 owed;        /* of the units used: those taken where nothing can stop */
  u64 gc_paid;     /* units paid in time before the last collection, */
  u64 gc_debt;     /* and bytes looked at for too little since then (heap.c) */

  u64 random[4]; /* state of the random numbers (random.h) */

  /* guest ledger */
  i64 gc_budget;   /* what gc_left started from */
  u64 guest_live;  /* logical bytes found alive by the last collection */
  u64 guest_limit; /* UINT64_MAX: none */
  u64 charging;    /* charged for something that is not in its place yet */
  u64 mark_bytes;  /* logical bytes counted by the marking under way */
  void *gc; /* the marking under way */
  bool gc_running;
  bool gc_stopped;
  u8 stress;       /* physical collections: 0 none, 1 every allocation (while
                      the heap is small), n: at each 1/16 of the live heap */
  u64 stress_left;
  u32 stress_count;

  /* physical heap */
  RvAllocFn alloc;
  void *alloc_ud;
  u64 host_cap;
  RvHeapStats stats;
  u8 *run_end; /* true end of the current run (bump_end may hide it) */
  u64 hard_paid; /* as gc_paid, when collections could not find the host memory */
  u32 hard_fails; /* that was wanted, and how often that was since (heap.c) */
  u64 host_goal; /* host bytes from which on memory alone is collected */
  RvBlock *blocks, *spare; /* in use since the last marking; empty ones */
  u32 nblocks, nspare;
  u32 cursor_granule; /* where the search for free runs goes on, in cursor */
  RvBlock *cursor;
  u8 *over_bump, *over_end; /* rest of the overflow run */
  RvLarge **large;
  u32 nlarge, clarge;
  RvHdr **gray;
  u32 ngray, cgray;
  RvHdr **remembered;
  u32 nremembered, cremembered;
  bool remembered_lost; /* the list had no room: all must be marked anew */
  RvHdr **weak;  /* weak tables met by the marking under way */
  u32 nweak, cweak;
  RvHdr **fin;   /* objects with finalizers, oldest first */
  u32 nfin, cfin;
  RvHdr **tofin; /* dead ones whose finalizer is due, next one last */
  u32 ntofin, ctofin;

  /* strings */
  RvStrTab strtab;
  RvString *names[RV_NEVENTS];
  RvString *empty;
  RvString *msg_memory; /* made beforehand: raising it allocates nothing */
  RvString *msg_errerr;
  RvString *trace; /* where the error that ends the run arose, or NULL */

  /* shapes (shape.h) */
  RvShape **shapes; /* by id; id 0 is never used */
  u32 nshapes, cshapes, free_shape;
  RvTransition *trans;
  u32 ntrans, ctrans;
  struct RvKeyCache *keycache;
  RvShape *root_shape;
  u32 nretired;      /* ids given up since the last sweep */
  u32 meta_epoch;    /* raised when a metatable gains or loses an event */
  bool methods_live; /* some cache relies on a chain of tables */
  u64 hash_seed;     /* of tables under attack; shows nowhere */

  /* serial numbers of objects, given on demand */
  u64 next_serial;
  struct RvSerial *serials;
  u32 nserials, cserials;

  /* threads, images */
  RvThread *main;
  RvTable *globals;
  RvTable *registry;
  RvTable *type_meta[RV_STRBUF + 1]; /* metatables of types other than tables */
  RvProto **protos; /* every proto, by its RvFunc: open addressing, NULL is
                       free; one function of an image is one proto */
  u32 nprotos, cprotos;
  RvNative **natives; /* builtins that were imported, each one object */
  u32 nnatives, cnatives;
  RvImageUse *images; /* images with a living proto, each referenced once */
  u32 resume_depth, max_resume_depth;
  u32 max_slots;
  u32 drop_caches_every; /* test switch: drop caches each nth safepoint */
  u32 drop_count;
  u64 flushes; /* method caches flushed */
  u32 next_shape; /* where the last `next` stood: a guess for the next one */
  u32 next_slot;

  /* guarded values: roots a C function holds across a collection */
  RvValue roots[64];
  u32 nroots;

  RvHookFn hook;
  void *hook_ud;

  struct RvHost *host; /* devices, policy: vm/host */
  bool killed;
  bool running; /* between rv_run_start and its end */
  bool in_final; /* finalizers do not nest */
  bool library_open; /* the standard library is in the globals */
  char why[200]; /* text for RV_STOP and RV_KILL */
  u8 stop_reason;
};

/* -- machine.c ---------------------------------------------------------------- */
typedef struct RvConfig {
  RvAllocFn alloc; /* NULL: the C library's */
  void *alloc_ud;
  u64 mem;   /* guest bytes, 0: no limit */
  u64 host;  /* host bytes, 0: 4 x mem + 16 MiB, or none */
  u64 fuel;  /* units to start with; 0 with fuel_limited: none */
  bool fuel_limited;
  u32 stack; /* slots, 0: default */
  u32 depth; /* nested resumes, 0: default */
  u8 stress; /* see RvMachine.stress */
} RvConfig;

RvMachine *rv_machine_new(const RvConfig *c);
void rv_machine_free(RvMachine *m);

/* Switches hooks on (fn) or off (NULL), from the machine's own thread. */
void rv_machine_hook(RvMachine *m, RvHookFn fn, void *ud);
/* Sets request bits; any thread, any signal handler. */
RV_INLINE void rv_machine_request(RvMachine *m, u32 bits) {
  atomic_fetch_or_explicit(&m->request, bits, memory_order_release);
}
/* More fuel; negative takes some away. Only while the machine does not run. */
void rv_machine_refuel(RvMachine *m, i64 units);
/* What is left from now on, whatever there was; negative: no limit. Also from
   inside a host operation: its slice ends. */
void rv_machine_set_fuel(RvMachine *m, i64 units);
/* New limits for memory, as in RvConfig. Also from inside a host operation. */
void rv_machine_set_memory(RvMachine *m, u64 mem, u64 host);
/* Drops a run that has stopped: frames, marks and a finalizer under way go
   without running guest code, the coroutines among them are dead. */
void rv_machine_abandon(RvMachine *m);

/* Opens a root scope: values kept alive until the matching close. */
RV_INLINE u32 rv_root_open(RvMachine *m) { return m->nroots; }
RV_INLINE void rv_root_push(RvMachine *m, RvValue v) {
  RV_ASSERT(m->nroots < 64, "root scope overflow");
  m->roots[m->nroots++] = v;
}
RV_INLINE void rv_root_close(RvMachine *m, u32 mark) { m->nroots = mark; }

/* -- Fuel ------------------------------------------------------------------------ */
/* Pays `cost` units for the operation about to start, remembering in th->paid
   what has been paid when it must stop. RV_OK: fully paid, go ahead. RV_STOP:
   return it; the operation is restarted after refuelling. */
RvStatus rv_fuel_pay_slow(RvThread *th, u64 cost);
RV_INLINE RvStatus rv_fuel_pay(RvThread *th, RvMachine *m, u64 cost) {
  if (RV_LIKELY(th->paid == 0 && cost <= (u64)(m->fuel < 0 ? 0 : m->fuel))) {
    m->fuel -= (i32)cost;
    return RV_OK;
  }
  return rv_fuel_pay_slow(th, cost);
}
/* Pays an operation that learns bit by bit what it costs: `sum` units for all
   of it so far. The last payment is one by rv_fuel_pay with the whole sum; an
   operation that fails before that calls rv_fuel_settle. */
RvStatus rv_fuel_pay_part(RvThread *th, u64 sum);
/* The parts, `sum` units, are an operation of their own from here on. */
void rv_fuel_settle(RvThread *th, u64 sum);
/* One unit for each 4 KiB of n bytes. */
RV_INLINE u64 rv_fuel_bytes(u64 n) { return n >> 12; }
u64 rv_fuel_used(const RvMachine *m);
/* Takes units where the machine cannot stop: the slice may end below zero, and
   the next one begins with the debt. */
RV_INLINE void rv_fuel_owe(RvMachine *m, u32 units) {
  m->fuel -= (i32)units;
  m->owed += units;
}
/* Makes the running slice end at the next back-edge or call: something waits
   there (finalizers). Only the machine's own thread may call it. */
void rv_request_safepoint(RvMachine *m);
/* Frees the record of an image that nothing uses any more. */
void rv_image_use_free(RvMachine *m, RvImageUse *u);

#endif
