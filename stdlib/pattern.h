/* SPDX-License-Identifier: MIT */
/* Matching of Lua patterns: an engine that knows nothing of machines.

   A search runs until it has an answer or has used up its steps; then it can be
   given more and called again, or its state be taken out as a list of words and
   put back later, in another process and on another kind of CPU. */
#ifndef RV_STDLIB_PATTERN_H
#define RV_STDLIB_PATTERN_H

#include "vm/value.h"

#define RV_PAT_CAPTURES 32u
/* Choices that may be open at a time: with the match itself as many levels as
   Lua allows ("pattern too complex"). */
#define RV_PAT_DEPTH 199u

/* Lengths of captures that are no lengths. */
#define RV_CAP_OPEN (-1)
#define RV_CAP_POSITION (-2)

typedef struct RvPatCapture {
  u32 at;
  i32 len;
} RvPatCapture;

typedef enum RvPatResult {
  RV_PAT_FOUND, /* match is bytes start .. end-1 */
  RV_PAT_NONE,
  RV_PAT_PAUSE, /* out of steps: `left` is negative */
  RV_PAT_ERROR  /* `error` says why */
} RvPatResult;

/* What a search does next. */
typedef enum RvPatMode {
  RV_PAT_START, /* try a match at `start` */
  RV_PAT_SKIP,  /* none begins before `start`: look for the next candidate */
  RV_PAT_RUN,   /* go on at pattern p, subject s */
  RV_PAT_FAIL,  /* go back to the last choice */
  RV_PAT_SCAN,  /* count more repetitions for the choice on top */
  RV_PAT_NEST,  /* p is a %b, which has been followed to s, x levels deep */
  RV_PAT_NMODES
} RvPatMode;

/* A choice that is open, or a capture to undo. */
typedef struct RvPatFrame {
  const u8 *p, *ep; /* the item and its quantifier */
  const u8 *s;
  u32 n;     /* repetitions in use; capture closed */
  i16 begin; /* byte that must come behind the item; -1: not known */
  u8 kind;
} RvPatFrame;

/* A set of bytes. */
typedef struct RvPatSet {
  const u8 *p; /* the item it was made from */
  u64 bits[4];
} RvPatSet;

#define RV_PAT_SETS 4u

typedef struct RvPat {
  const u8 *src, *src_end, *pat, *pat_end;
  u32 start, end;
  i64 last;      /* a match that ends here does not count; -1: all count */
  bool anchored; /* at `start` only */
  u8 mode;
  u8 first;      /* how a match must begin: see pattern.c */
  i16 first_byte;
  u32 level;     /* captures */
  u32 depth;     /* choices */
  i64 left;      /* steps that may still be made */
  const u8 *p, *s;
  u32 x;
  u32 tests; /* of sets, before it pays to make bitmaps of them */
  u32 nsets;
  const char *error;
  int error_arg; /* number to be put behind the text, or -1 */
  RvPatSet first_set;
  RvPatSet sets[RV_PAT_SETS];
  RvPatCapture cap[RV_PAT_CAPTURES];
  RvPatFrame frame[RV_PAT_DEPTH];
} RvPat;

/* Both strings must stay where they are while the engine runs. */
void rv_pat_init(RvPat *P, const char *src, u32 len, const char *pat,
                 u32 plen);
/* Makes ready for a search from offset `at` on. */
RV_INLINE void rv_pat_from(RvPat *P, u32 at) {
  P->start = at;
  P->mode = RV_PAT_START;
}
RvPatResult rv_pat_search(RvPat *P);

/* The pattern means itself: every byte of it. */
bool rv_pat_is_plain(const char *pat, u32 len);

/* -- State as words ----------------------------------------------------------
   As many words as any state of this pattern may need. */
u32 rv_pat_words(const RvPat *P);
#define RV_PAT_WORDS (5u + RV_PAT_CAPTURES + 2 * RV_PAT_DEPTH)
/* Returns how many of `w` it filled. */
u32 rv_pat_save(const RvPat *P, u64 w[RV_PAT_WORDS]);
/* After rv_pat_init with the same strings. False: no state of a search in them;
   whatever passes is safe to go on with. */
bool rv_pat_load(RvPat *P, const u64 *w, u32 n);

#endif
