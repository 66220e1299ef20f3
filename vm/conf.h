/* SPDX-License-Identifier: MIT */
/* Limits, switches, attributes and the assert family. Includes nothing of ours. */
#ifndef RV_VM_CONF_H
#define RV_VM_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;

/* Registers of one frame; an 8-bit operand names any of them. */
#define RV_MAX_REGS 250
/* Results wanted from a call: all of them, left open. */
#define RV_WANT_ALL (-1)
/* Default limits; every one is an option of a machine. */
#define RV_DEFAULT_STACK_SLOTS 1000000u
#define RV_DEFAULT_RESUME_DEPTH 10000u
#define RV_DEFAULT_HANDLES 1024u
/* A machine runs in slices of at most this many fuel units. */
#define RV_SLICE 4096
/* Longest string, in bytes; lengths are kept in 32 bits. */
#define RV_MAX_STRING 0x7fffff00u
/* Strings up to this many bytes are interned. */
#define RV_INTERN_MAX 40u

#define RV_LIKELY(x) __builtin_expect(!!(x), 1)
#define RV_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define RV_COLD __attribute__((noinline, cold))
#define RV_NOINLINE __attribute__((noinline))
#define RV_INLINE static inline __attribute__((always_inline))
#define RV_EXPORT __attribute__((visibility("default")))
#define RV_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Asserts catch our own bugs and exist where RV_CHECK is defined (debug,
   asan, stress). Input from outside is never checked by an assert. */
#ifdef RV_CHECK
void rv_assert_fail(const char *file, int line, const char *cond,
                    const char *fmt, ...) RV_PRINTF(4, 5)
    __attribute__((noreturn));
#define RV_ASSERT(cond, ...)                                                   \
  ((cond) ? (void)0 : rv_assert_fail(__FILE__, __LINE__, #cond, __VA_ARGS__))
#define RV_UNREACHABLE() rv_assert_fail(__FILE__, __LINE__, "unreachable", "-")
#else
#define RV_ASSERT(cond, ...) ((void)0)
#define RV_UNREACHABLE() __builtin_unreachable()
#endif

#if defined(__SANITIZE_ADDRESS__)
#define RV_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RV_ASAN 1
#endif
#endif

/* What nearly every internal function returns. Zero is success; anything else
   unwinds to the interpreter loop, which knows what to do. */
typedef enum RvStatus {
  RV_OK = 0,
  RV_ERROR,  /* an error value waits in th->err */
  RV_STOP,   /* out of fuel, interrupted or asked to save: resumable */
  RV_KILL,   /* the machine is being torn down; nothing catches this */
  /* What natives ask for (call.h). */
  RV_CALL,    /* call a function, then enter the native again */
  RV_AGAIN,   /* enter it again: a frame was pushed above */
  RV_PCALL,   /* protected call, whose results are the native's */
  RV_RESUME,  /* of a coroutine, the same */
  RV_YIELD,   /* the same */
  RV_COCLOSE  /* close a coroutine, then enter the native again */
} RvStatus;

#endif
