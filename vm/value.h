/* SPDX-License-Identifier: MIT */
/* Values: a 64-bit payload and an 8-bit tag, kept in separate arrays.

   Register stacks, array parts and field storage hold payloads (u64) and tags
   (u8) apart; C helpers pass the pair by value. `both integers` is then one
   `or` of two tags, and `collectable` one compare. */
#ifndef RV_VM_VALUE_H
#define RV_VM_VALUE_H

#include <string.h>

#include "vm/conf.h"

typedef enum RvTag {
  RV_INT = 0,   /* payload: the int64 */
  RV_FLT = 1,   /* payload: the bits of the double */
  RV_NIL = 2,   /* payload 0, as for FALSE and TRUE */
  RV_FALSE = 3, /* NIL and FALSE are the false values: (tag & ~1) == 2 */
  RV_TRUE = 4,
  RV_PTR = 5, /* light pointer of the host; payload: the address */
  /* collectable from here on; payload: address of the object */
  RV_STR = 8,
  RV_TABLE = 9,
  RV_CLOSURE = 10, /* function with bytecode */
  RV_NATIVE = 11,  /* function of the host */
  RV_USERDATA = 12,
  RV_THREAD = 13,
  RV_BUFFER = 14,
  /* never in a register that ordinary instructions see */
  RV_CELL = 15,
  RV_PROTO = 16,
  RV_SHAPE = 17,
  RV_STRBUF = 18
} RvTag;

#define RV_TAG_GC 8

typedef struct RvValue {
  u64 p;
  u64 t;
} RvValue;

#define RV_IS_GC(tag) ((tag) >= RV_TAG_GC)
#define RV_IS_FALSY(tag) (((tag) & 0xfeu) == RV_NIL)
#define RV_IS_NUM(tag) ((tag) <= RV_FLT)
#define RV_IS_FUNC(tag) ((tag) == RV_CLOSURE || (tag) == RV_NATIVE)

RV_INLINE double rv_u2d(u64 u) {
  double d;
  memcpy(&d, &u, 8);
  return d;
}

RV_INLINE u64 rv_d2u(double d) {
  u64 u;
  memcpy(&u, &d, 8);
  return u;
}

RV_INLINE RvValue rv_value(u64 p, u64 t) { return (RvValue){p, t}; }
RV_INLINE RvValue rv_nil(void) { return (RvValue){0, RV_NIL}; }
RV_INLINE RvValue rv_bool(bool b) {
  return (RvValue){0, b ? RV_TRUE : RV_FALSE};
}
RV_INLINE RvValue rv_int(i64 i) { return (RvValue){(u64)i, RV_INT}; }
RV_INLINE RvValue rv_flt(double d) { return (RvValue){rv_d2u(d), RV_FLT}; }
RV_INLINE RvValue rv_obj(const void *o, RvTag t) {
  return (RvValue){(u64)(uintptr_t)o, t};
}
#define RV_AS(type, v) ((type *)(uintptr_t)(v).p)
#define RV_PAY(o) ((u64)(uintptr_t)(o))

#endif
