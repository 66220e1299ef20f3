/* SPDX-License-Identifier: MIT */
/* Rove's own C interface: machines, images, policy, limits, devices.

   A machine is a complete, isolated interpreter: it has memory and fuel of its
   own and reaches the world outside only through devices, each use of which its
   policy must grant. Any number of machines may exist in one process.

   Threads. A machine belongs to one thread at a time: all calls on it must be
   made one after the other, by whichever thread. Two machines share nothing
   and may run in two threads at once. rove_interrupt and rove_timeout alone may
   be called from any thread and any signal handler, at any moment between
   rove_machine_new and rove_machine_free. Images are immutable and may be
   shared by machines in all threads.

   Signals. The library installs no signal handler. A host that grants console
   or storage should ignore SIGPIPE, so that a broken pipe reaches the program
   as an error. */
#ifndef ROVE_H
#define ROVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ROVE_API __attribute__((visibility("default")))
#else
#define ROVE_API
#endif

typedef struct RoveMachine RoveMachine;
typedef struct RvImage RoveImage;

/* What became of a call. Those from ROVE_FUEL to ROVE_TIMEOUT leave the program
   where it is: rove_resume goes on, rove_abandon gives it up. After the errors the machine may be used
   again; after ROVE_EXITED and ROVE_KILLED only statistics, rove_error and
   rove_machine_free remain. */
typedef enum RoveStatus {
  ROVE_OK = 0,
  ROVE_FUEL,        /* out of fuel; add some with rove_add_fuel */
  ROVE_INTERRUPTED, /* rove_interrupt was called */
  ROVE_TIMEOUT,     /* rove_timeout was called */
  ROVE_EXITED,      /* the program ended itself: rove_exit_code */
  ROVE_KILLED,      /* stopped inside a foreign C function: all is unwound */
  ROVE_ERROR,       /* an error nobody caught, or a call that cannot be made */
  ROVE_ERROR_MEMORY,  /* the same, because of the memory limit */
  ROVE_ERROR_STACK,   /* the stack limit */
  ROVE_ERROR_HANDLES, /* the limit of open handles */
  ROVE_ERROR_DENIED   /* a missing grant */
} RoveStatus;

/* -- Machines -------------------------------------------------------------- */

/* Works as realloc with the sizes told: nsize 0 frees and returns NULL. The
   result must be aligned to `align`, a power of two; blocks with an alignment
   above 16 are never resized. On failure it returns NULL and leaves ptr as it
   is. Called by the thread that uses the machine. */
typedef void *(*RoveAlloc)(void *ud, void *ptr, size_t osize, size_t nsize,
                           size_t align);

/* Everything 0 is a machine without limits on memory and fuel. Those on memory
   and fuel can be changed later: rove_set_memory, rove_set_fuel. */
typedef struct RoveConfig {
  uint64_t memory;      /* bytes the program may use; 0: no limit */
  uint64_t host_memory; /* real bytes, caches included; 0: 4 x memory + 16 MiB,
                           or no limit when memory is 0 */
  uint64_t fuel;        /* units of work to start with; 0: no limit */
  uint32_t stack;       /* registers of all frames; 0: 1,000,000 */
  uint32_t depth;       /* coroutines resumed in one another; 0: 10,000 */
  uint32_t handles;     /* open handles; 0: 1,024 */
  RoveAlloc alloc;      /* NULL: the C library's */
  void *alloc_ud;
} RoveConfig;

/* Makes a machine with no grants. `config` is only read; NULL is the same as
   all zero. Returns NULL when memory is out. */
ROVE_API RoveMachine *rove_machine_new(const RoveConfig *config);

/* Ends the machine: closes its handles, frees everything it owns, runs no guest
   code. `m` may be NULL. Not from inside a host function of the machine. */
ROVE_API void rove_machine_free(RoveMachine *m);

/* Text about the last call on m that did not return ROVE_OK or true. Never
   NULL; valid until the next call on m other than rove_traceback. Of an error
   that is no string it tells the type: see rove_error_text. */
ROVE_API const char *rove_error(const RoveMachine *m);

/* The stack as it was when the last error was raised, one line a frame, as far
   as it is still known; "" otherwise. Valid until the next call on m. */
ROVE_API const char *rove_traceback(RoveMachine *m);

/* If the last run ended with an error object that has a __tostring, calls it, as
   the program `lua` does before it prints the error: rove_error is the text
   then, and the traceback is gone. ROVE_OK, also when there is nothing to ask;
   otherwise what became of the event, which runs as rove_call does. */
ROVE_API RoveStatus rove_error_text(RoveMachine *m);

/* -- Policy ---------------------------------------------------------------- */

/* Grants or denies a right: "console", "clock", "entropy", "run",
   "read=DIR", "write=DIR", "net=HOST:PORT", "env=NAME", "native=LIBRARY",
   "device=NAME", or "all". Without "=..." all objects of the kind are meant. A
   denial wins over every grant. Takes effect at the next host call, also of
   programs under way. False: unknown kind, or a directory that is not there. */
ROVE_API bool rove_allow(RoveMachine *m, const char *right);
ROVE_API bool rove_deny(RoveMachine *m, const char *right);

/* The arguments that the program's process.args returns. Both the array and the
   texts must live as long as the machine. */
ROVE_API void rove_set_args(RoveMachine *m, int argc, char **argv);

/* -- Images ---------------------------------------------------------------- */

/* Reads and verifies an image in memory; the bytes are copied. The caller owns
   the result. On failure returns NULL and writes why, with a terminator, to
   error (at most error_size bytes; error may be NULL). */
ROVE_API RoveImage *rove_image_load(const void *bytes, size_t size,
                                    char *error, size_t error_size);

/* The same with a file of the host. No policy is asked: it is the host who
   reads. errno is nonzero afterwards when the file could not be read. */
ROVE_API RoveImage *rove_image_open(const char *path, char *error,
                                    size_t error_size);

/* Compiles a Lua program. `name` is its chunk name: "@FILE", "=TEXT", or the
   program itself. The caller owns the result. On failure returns NULL and
   writes why, as rove_image_load does. */
ROVE_API RoveImage *rove_compile(const char *text, size_t len, const char *name,
                                 char *error, size_t error_size);

/* Gives up the caller's reference. Machines that loaded it keep theirs. */
ROVE_API void rove_image_free(RoveImage *image);

/* The modules of an image: their number, and the name of one. */
ROVE_API size_t rove_image_modules(const RoveImage *image);
ROVE_API const char *rove_image_module(const RoveImage *image, size_t i);

/* Opens Lua's library in the machine, once; rove_load does so by itself for
   images that want it, as those of rove_compile do. The library reads LUA_PATH
   and LUA_CPATH when it is opened and "env" is granted. */
ROVE_API RoveStatus rove_open_library(RoveMachine *m);

/* What the image imports and the policy of m does not grant: true, and `text`
   says what with the right that would grant it. False: nothing is missing. */
ROVE_API bool rove_missing(RoveMachine *m, RoveImage *image, char *text,
                           size_t size);

/* Binds the imports of the image and makes a module the one rove_run runs; NULL
   names the image's entry. ROVE_ERROR: an import or the module is not there.
   When Lua's library is open, `require` finds the modules of all images loaded
   so far; so an image with more modules than its entry stays with the machine. */
ROVE_API RoveStatus rove_load(RoveMachine *m, RoveImage *image,
                              const char *module);

/* -- Values ---------------------------------------------------------------- */

typedef enum RoveType {
  ROVE_NIL,
  ROVE_BOOL,
  ROVE_INT,
  ROVE_FLOAT,
  ROVE_STRING,
  ROVE_POINTER,
  ROVE_OTHER /* a table, function, ...: stays inside, only its kind is told */
} RoveType;

typedef struct RoveValue {
  RoveType type;
  size_t len; /* strings: bytes, without the terminator */
  union {
    bool b;
    int64_t i;
    double f;
    const char *s; /* strings, NUL-terminated; OTHER: the kind's name */
    void *p;
  } u;
} RoveValue;

/* -- Running --------------------------------------------------------------- */

/* Runs the loaded module from its beginning with nargs arguments (at most
   1,000,000, as far as the stack has room; strings are copied) until it ends or must stop. ROVE_ERROR at once when
   nothing is loaded or a program is still under way. */
ROVE_API RoveStatus rove_run(RoveMachine *m, const RoveValue *args,
                             size_t nargs);

/* Calls a function by name: a field of the table that the loaded module
   returned when it ran, or else a global variable; "a.b" is field b of a. Apart
   from that as rove_run. */
ROVE_API RoveStatus rove_call(RoveMachine *m, const char *name,
                              const RoveValue *args, size_t nargs);

/* The program is over: runs the finalizer of every object that has one, as
   lua_close does, in a machine with Lua's library open. Errors in them are
   ignored. ROVE_OK at once when there is nothing to run. */
ROVE_API RoveStatus rove_finish(RoveMachine *m);

/* Goes on after ROVE_FUEL, ROVE_INTERRUPTED or ROVE_TIMEOUT. The other way out
   is rove_abandon. */
ROVE_API RoveStatus rove_resume(RoveMachine *m);

/* What the last rove_run, rove_call or rove_resume that gave ROVE_OK returned.
   A result that does not exist is nil. Strings stay valid until the next call
   that runs the machine. */
ROVE_API size_t rove_results(const RoveMachine *m);
ROVE_API RoveValue rove_result(const RoveMachine *m, size_t i);

/* After ROVE_EXITED. */
ROVE_API int rove_exit_code(const RoveMachine *m);

/* Gives the machine more fuel (one that had no limit gets one: what it is given
   from now on). Any time it is not running. */
ROVE_API void rove_add_fuel(RoveMachine *m, uint64_t units);

/* From now on the machine may use `units` more, whatever it was allowed before;
   with UINT64_MAX the limit is gone. Units used so far stay counted. While the
   machine runs this may be called by an operation of a device (RoveFunction);
   the program then stops at its next payment beyond the units. */
ROVE_API void rove_set_fuel(RoveMachine *m, uint64_t units);

/* Changes the limits that `memory` and `host_memory` of RoveConfig set, with the
   same meaning of 0, upwards or downwards. Nothing is collected or freed at
   once. When the program holds more than it may now, its next allocation
   collects all garbage first; if it still holds too much, that allocation and
   every later one fails with the memory error, which the program may catch,
   until it has let go of enough or the limit is raised. While the machine runs
   this may be called by an operation of a device. */
ROVE_API void rove_set_memory(RoveMachine *m, uint64_t memory,
                              uint64_t host_memory);

/* Gives up a run that returned ROVE_FUEL, ROVE_INTERRUPTED or ROVE_TIMEOUT, so
   that the machine can run something else. All calls under way are dropped
   without running any code of the program: errors are not raised, values that
   are to be closed are not closed, and the coroutines that were running or had
   resumed a running one are dead. A finalizer under way is not run again. What
   the program stored in tables, its open handles, suspended coroutines, the
   loaded image and the fuel used remain. False: nothing has stopped there, and
   nothing is done. Not from inside a host function of the machine. */
ROVE_API bool rove_abandon(RoveMachine *m);

/* Asks the machine to stop soon: within 4,096 units of fuel, at once when it
   waits for a device. The request stays until it has been obeyed. Foreign C
   functions are not cut short. From any thread, any signal handler. */
ROVE_API void rove_interrupt(RoveMachine *m);
/* The same, reported as ROVE_TIMEOUT. */
ROVE_API void rove_timeout(RoveMachine *m);

/* Asked on the machine's thread when fuel runs out below a foreign C function
   that called back: returns units to go on with, 0 to give up, which kills the
   machine. Without such a function it is always killed; and so it is when an
   interrupt or a timeout comes there. */
typedef int64_t (*RoveMoreFuel)(void *ud);
ROVE_API void rove_on_foreign_fuel(RoveMachine *m, RoveMoreFuel fn, void *ud);

/* -- Statistics ------------------------------------------------------------ */

typedef struct RoveStats {
  uint64_t fuel;        /* units used so far */
  uint64_t guest_bytes; /* the program's memory: the same on every host */
  uint64_t host_bytes;  /* real memory */
  uint64_t host_peak;
  uint64_t collections;
  uint64_t host_calls;  /* of all devices and native imports */
  uint32_t handles;     /* open now */
} RoveStats;

ROVE_API void rove_stats(const RoveMachine *m, RoveStats *out);

typedef struct RoveDeviceStats {
  const char *name;
  uint64_t calls;
  uint64_t bytes;  /* moved, both ways */
  uint64_t errors; /* calls that failed, denied ones included */
  uint64_t denied;
} RoveDeviceStats;

/* Device i from 0 on; the last one, "native", stands for all native imports.
   False: there are not so many. */
ROVE_API bool rove_device_stats(const RoveMachine *m, size_t i,
                                RoveDeviceStats *out);

/* -- Devices of the host --------------------------------------------------- */

typedef struct RoveCall RoveCall;

/* One operation. Its arguments have been checked against the signature before;
   it answers with the rove_return functions, results it does not set are nil.
   It must not call the machine it is called from, except for rove_interrupt,
   rove_timeout, rove_allow, rove_deny, rove_set_fuel and rove_set_memory. */
typedef void (*RoveFunction)(RoveCall *call, void *ud);

typedef struct RoveOperation {
  const char *name;
  /* "(str, int?) (str?, str?, int?)": any bool int float str buf table func
     handle; `?` allows nil. One that may fail gives X?, str?, int?. */
  const char *signature;
  RoveFunction fn;
  void *ud;
} RoveOperation;

typedef struct RoveDevice {
  const char *name;
  uint32_t version;
  const RoveOperation *operations;
  size_t count;
  /* Called for each handle that is still open when the machine ends. May be
     NULL. */
  void (*close)(void *handle);
} RoveDevice;

/* Adds a device, grants it ("device=NAME") and hides an earlier one of that
   name from images loaded afterwards. Everything is copied. False: a signature
   is wrong, or memory is out. */
ROVE_API bool rove_add_device(RoveMachine *m, const RoveDevice *device);

/* Argument i, from 0, of the type the signature names. Bytes of strings and
   buffers are valid until the operation returns. */
ROVE_API bool rove_arg_is_nil(RoveCall *call, unsigned i);
ROVE_API bool rove_arg_bool(RoveCall *call, unsigned i);
ROVE_API int64_t rove_arg_int(RoveCall *call, unsigned i);
ROVE_API double rove_arg_float(RoveCall *call, unsigned i);
ROVE_API const char *rove_arg_string(RoveCall *call, unsigned i, size_t *len);
ROVE_API void *rove_arg_buffer(RoveCall *call, unsigned i, size_t *len);
ROVE_API void *rove_arg_handle(RoveCall *call, unsigned i);

/* Sets result i, from 0; a result that the signature has not is ignored. */
ROVE_API void rove_return_bool(RoveCall *call, unsigned i, bool v);
ROVE_API void rove_return_int(RoveCall *call, unsigned i, int64_t v);
ROVE_API void rove_return_float(RoveCall *call, unsigned i, double v);
ROVE_API void rove_return_string(RoveCall *call, unsigned i, const char *s,
                                 size_t len);
/* A new handle for p. False when the machine may have no more, which becomes
   the error of the call: p then still belongs to the operation. */
ROVE_API bool rove_return_handle(RoveCall *call, unsigned i, void *p);
/* The handle argument i is closed: its number means nothing any more. */
ROVE_API void rove_release_handle(RoveCall *call, unsigned i);
/* The operation failed: its results are nil, message, code. */
ROVE_API void rove_fail(RoveCall *call, int64_t code, const char *message);
/* Raises an error in the program. */
ROVE_API void rove_raise(RoveCall *call, const char *message);

#ifdef __cplusplus
}
#endif

#endif
