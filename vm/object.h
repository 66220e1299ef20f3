/* SPDX-License-Identifier: MIT */
/* Layouts of the heap objects. */
#ifndef RV_VM_OBJECT_H
#define RV_VM_OBJECT_H

#include "vm/insn.h"
#include "vm/value.h"

typedef struct RvMachine RvMachine;
typedef struct RvThread RvThread;
typedef struct RvFrame RvFrame;
typedef struct RvImage RvImage;
typedef struct RvFunc RvFunc;
typedef struct RvShape RvShape;

/* Header of every object.

     byte 0      1      2       3      4 .. 7
     +--------+------+-------+------+-----------+
     |  type  |  gc  | flags | aux  | shape/hash|
     +--------+------+-------+------+-----------+
   type   an RvTag
   gc     RV_GC_BLACK: scanned in the last marking; a store of a collectable
          value into such an object takes the barrier's slow half
   flags, aux, shape: by type, see below */
typedef struct RvHdr {
  u8 type;
  u8 gc;
  u8 flags;
  u8 aux;
  u32 shape;
} RvHdr;

#define RV_GC_BLACK 0x01u
/* The object has a finalizer and is on the machine's finalizable list. */
#define RV_GC_FIN 0x02u
/* The object carries a serial number in the machine's side table. */
#define RV_GC_SERIAL 0x04u

/* -- Strings ---------------------------------------------------------------
   hdr.shape holds the hash (lazily, RV_STR_HASHED, when not interned).
   Flat:  {hdr, len, bytes..., NUL}
   View:  {hdr, len, -, buf} the first len bytes of an append buffer */
typedef struct RvStrBuf {
  RvHdr h;
  u32 used; /* bytes in use; a view of exactly this length may append */
  u32 cap;
  char *data; /* from the heap, as a headerless block of cap bytes */
} RvStrBuf;

typedef struct RvString {
  RvHdr h;
  u32 len;
  char bytes[4]; /* flat: starts here, runs on; 4 keeps sizeof 16 */
  RvStrBuf *buf; /* view only */
} RvString;

#define RV_STR_INTERNED 0x01u
#define RV_STR_HASHED 0x02u
#define RV_STR_VIEW 0x04u

#define RV_STR_FLAT_BYTES offsetof(RvString, bytes)

RV_INLINE const char *rv_str_data(const RvString *s) {
  return (s->h.flags & RV_STR_VIEW) ? s->buf->data : s->bytes;
}

/* -- Tables ----------------------------------------------------------------
   fields: slot i of the shape has its payload at props[-1-i] and its tag at
   ((u8 *)props)[i], so one pointer and no capacity reach both:

        p[cap-1] ... p[1] p[0] | t[0] t[1] ... t[cap-1]
                               ^ props
   arr: payloads ascending, for MIXED followed by asize tags.
   flags: element kind (2 bits), inline capacity code (3), holes (1).
   aux: capacity of props when the shape is shared. */
typedef struct RvTable {
  RvHdr h;
  u64 *props;
  u64 *arr;
  u32 asize;  /* capacity of arr in elements */
  u32 acount; /* elements in use: keys 1 .. acount; the last one is not nil */
} RvTable;

#define RV_ARR_INT 0u /* every element an integer: no tags */
#define RV_ARR_FLT 1u /* every element a float: no tags */
#define RV_ARR_MIXED 2u
#define RV_ARR_EMPTY 3u
#define RV_TAB_AKIND 0x03u
#define RV_TAB_ICAP_SHIFT 2
#define RV_TAB_ICAP 0x1cu
#define RV_TAB_HOLES 0x20u /* MIXED with a nil below acount */
/* acount went down at some time: a traversal may know keys beyond it. */
#define RV_TAB_SHRUNK 0x40u

RV_INLINE u8 *rv_arr_tags(const RvTable *t) {
  return (u8 *)(t->arr + t->asize);
}

/* -- Functions ------------------------------------------------------------- */
typedef struct RvCell {
  RvHdr h; /* aux: tag of the content */
  u64 p;
} RvCell;

typedef struct RvProto RvProto;

typedef struct RvClosure {
  RvHdr h;
  RvProto *proto;
  RvCell *up[]; /* proto->f->nup of them */
} RvClosure;

/* Inline cache, one per caching instruction (feedback.h explains). */
typedef struct RvCache {
  u32 shape; /* shape id of the receiver; 0 matches nothing */
  u16 slot;
  u8 kind;
  u8 miss;
  union {
    RvTable *holder; /* method found through __index */
    struct RvPoly *poly;
    u32 next_shape; /* store that adds a field */
    u64 raw;
  } u;
} RvCache;

/* A function of an image as one machine runs it. */
struct RvProto {
  RvHdr h;
  const RvInsn *code; /* the shared code, or this machine's private copy */
  u64 *k;   /* constants: payload i at k[-1-i], tag at ((u8 *)k)[i] */
  RvCache *fb; /* feedback vector, or the shared all-misses one */
  const RvFunc *f;
  struct RvImageUse *use; /* the machine's record of the image */
  RvProto **children; /* made on demand; NULL where not yet */
  u32 callcost; /* fuel of one call */
  u8 nparams;
  u8 nregs;
  u8 vararg;
  u8 native; /* code of the library that shows as C */
  u8 hot; /* calls seen before the feedback vector is made */
};

typedef struct RvNativeCtx RvNativeCtx;
typedef RvStatus (*RvNativeFn)(RvNativeCtx *c);

/* Iterators that `gforcall` does by itself (RvNativeDef.flags). */
#define RV_NATIVE_NEXT 0x01u  /* as instruction next */
#define RV_NATIVE_INEXT 0x02u /* key + 1 and the element there, until nil */

/* Flags of builtins, for what they ask for (call.h). */
#define RV_NATIVE_CATCH 0x04u   /* errors stop there once it has called */
#define RV_NATIVE_HANDLER 0x08u /* a handler is in its first slot by then */
#define RV_NATIVE_VALUES 0x10u  /* a resume that goes well gives its values
                                   without status, one that fails enters the
                                   native again, the error being the result */

/* A builtin as the host defines it: immutable, shared by all machines. */
typedef struct RvNativeDef {
  const char *name; /* stable: snapshots and images find it by this */
  u32 version;
  u32 flags;
  RvNativeFn fn;
} RvNativeDef;

/* Most have no values of their own and are one object in each machine
   (rv_native_of). */
typedef struct RvNative {
  RvHdr h; /* aux: number of own values */
  const RvNativeDef *def;
  u64 own[]; /* their payloads, then their tags */
} RvNative;

#define RV_NATIVE_BYTES(nown) (sizeof(RvNative) + 9 * (size_t)(nown))

RV_INLINE u8 *rv_native_tags(const RvNative *n) {
  return (u8 *)(n->own + n->h.aux);
}

/* -- User object -------------------------------------------------------------
   A value of the host's making with a metatable of its own. */
typedef struct RvUser {
  RvHdr h;       /* aux: tag of the content */
  RvTable *meta; /* never changes */
  u64 p;         /* the content, any value: nothing a program could reach */
} RvUser;

/* -- Byte buffer ----------------------------------------------------------- */
typedef struct RvBuffer {
  RvHdr h; /* flags bit 0: exposed to C, may not be resized */
  u8 *data;
  u64 len;
  u64 cap;
} RvBuffer;

#endif
