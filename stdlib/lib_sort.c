/* SPDX-License-Identifier: MIT */
/* Builtin table.sort: a merge sort that can be left at every comparison.

   The list is copied into a work table, sorted there, and copied back at the
   end, so a comparator may do to the list what it likes, and one that fails
   leaves the list as it was. Every step of a merge copies an element of one of
   two runs to the next place: whatever a comparator answers, each element
   arrives once and the number of steps is bounded. The sort is stable.

   At level L there are 2^L runs (n or more at first), and run number r goes
   from element r*n/2^L to (r+1)*n/2^L, so that neighbours differ in length by
   one at most. Neighbours are merged, then the level goes down by one. To
   merge, the left run is copied to a spare table and the result grows from
   where it began:

     work   ... [ merged ... k )      [ j ... right run hi ) ...
     spare            [ i ... left run nl )

   All of this is in kept slots, the phase in c->state. What a snapshot might
   put there can at worst spoil the order: every access is checked by the table
   functions, and every loop is paid. */
#include "stdlib/lib.h"

/* Kept slots. */
enum { WORK, SPARE, COUNT, LEVEL, PAIR, LEFT, RIGHT, NEXT, UNPAID,
       WINDOW };
enum { NKEPT = WINDOW + 3 };

typedef enum Phase {
  START,   /* nothing done */
  LOAD,    /* the list is to be copied to the work table */
  PICK,    /* the next pair of runs is to be looked at */
  ORDERED, /* waits for: last of the left run > first of the right one? */
  SPLIT,   /* the left run is to be copied to the spare table */
  MERGE,   /* a comparison decides the next element */
  ANSWER,  /* waits for that comparison */
  STORE    /* the work table is to be copied back */
} Phase;

typedef struct Sort {
  RvNativeCtx *c;
  RvMachine *m;
  RvTable *work, *spare;
  u64 n, level, pair, i, j, k;
  u64 lo, mid, hi; /* of the pair, elements from 0 */
  u32 unpaid;      /* comparisons made here and not yet paid */
} Sort;

/* Comparisons that one unit of fuel pays; events and comparators are calls and
   pay for themselves. */
#define COMPARES 16u
/* Elements that one unit pays when they are copied. */
#define COPIES 64u

/* -- Elements, counted from 0 --------------------------------------------- */

RV_INLINE RvValue get(Sort *s, const RvTable *t, u64 i) {
  u64 p;
  u8 tag;
  if (RV_LIKELY(rv_table_geti_fast(t, i + 1, &p, &tag)))
    return rv_value(p, tag);
  return rv_table_get_int(s->m, t, (i64)(i + 1));
}

RV_INLINE RvStatus set(Sort *s, RvTable *t, u64 i, RvValue v) {
  if (RV_LIKELY(rv_table_seti_fast(s->m, t, i + 1, v.p, (u8)v.t)))
    return RV_OK;
  return rv_table_set_int(s->m, t, (i64)(i + 1), v);
}

static RvStatus copy(Sort *s, RvTable *to, u64 at, RvTable *from, u64 first,
                     u64 n) {
  RvStatus st;
  for (u64 x = 0; x < n; x++)
    if ((st = set(s, to, at + x, get(s, from, first + x)))) return st;
  return RV_OK;
}

/* -- State in slots ------------------------------------------------------- */

static void put_int(Sort *s, u32 slot, u64 v) {
  rv_lib_put(s->c, slot, rv_int((i64)v));
}

static void save(Sort *s, Phase phase) {
  s->c->state = phase;
  put_int(s, COUNT, s->n);
  put_int(s, LEVEL, s->level);
  put_int(s, PAIR, s->pair);
  put_int(s, LEFT, s->i);
  put_int(s, RIGHT, s->j);
  put_int(s, NEXT, s->k);
  put_int(s, UNPAID, s->unpaid);
}

static void find_pair(Sort *s) {
  u64 end = 2 * s->pair * s->n;
  s->lo = end >> s->level;
  s->mid = (end + s->n) >> s->level;
  s->hi = (end + 2 * s->n) >> s->level;
}

/* False: the slots are not those of a sort. */
static bool load(Sort *s) {
  RvNativeCtx *c = s->c;
  u64 v[WINDOW];
  for (u32 slot = COUNT; slot < WINDOW; slot++) {
    RvValue x = rv_lib_kept(c, slot);
    if (x.t != RV_INT || x.p >> 32) return false;
    v[slot] = x.p;
  }
  RvValue work = rv_lib_kept(c, WORK), spare = rv_lib_kept(c, SPARE);
  if (work.t != RV_TABLE || spare.t != RV_TABLE) return false;
  s->work = RV_AS(RvTable, work);
  s->spare = RV_AS(RvTable, spare);
  s->n = v[COUNT];
  s->level = v[LEVEL];
  s->pair = v[PAIR];
  s->i = v[LEFT];
  s->j = v[RIGHT];
  s->k = v[NEXT];
  s->unpaid = (u32)v[UNPAID];
  if (s->level > 31) return false;
  find_pair(s);
  return true;
}

/* Pays; when that stops the sort, its state is in the slots. */
static RvStatus pay(Sort *s, Phase phase, u64 cost) {
  RvStatus st = rv_fuel_pay(s->c->th, s->m, cost);
  if (RV_UNLIKELY(st)) save(s, phase);
  return st;
}

/* -- Comparing ------------------------------------------------------------ */

/* Asks a function whether a comes before b; `phase` awaits the answer. */
static RvStatus ask(Sort *s, RvValue f, RvValue a, RvValue b, Phase phase) {
  save(s, phase);
  rv_lib_put(s->c, WINDOW, f);
  rv_lib_put(s->c, WINDOW + 1, a);
  rv_lib_put(s->c, WINDOW + 2, b);
  s->c->call = rv_lib_at(s->c, WINDOW);
  s->c->ncall = 2;
  return RV_CALL;
}

/* Numbers and strings; false: another kind. */
RV_INLINE bool compare_plain(RvValue a, RvValue b, bool *less) {
  if ((a.t | b.t) == RV_INT)
    *less = (i64)a.p < (i64)b.p;
  else if ((a.t & b.t) == RV_FLT && (a.t | b.t) == RV_FLT)
    *less = rv_u2d(a.p) < rv_u2d(b.p);
  else if (a.t == RV_INT && b.t == RV_FLT)
    *less = rv_num_lt_if((i64)a.p, rv_u2d(b.p));
  else if (a.t == RV_FLT && b.t == RV_INT)
    *less = rv_num_lt_fi(rv_u2d(a.p), (i64)b.p);
  else if (a.t == RV_STR && b.t == RV_STR)
    *less = rv_str_cmp(RV_AS(RvString, a), RV_AS(RvString, b)) < 0;
  else
    return false;
  return true;
}

/* One more small step, of which a unit pays `many`, and `cost` units that are due
   at once. When this stops, the step has not been counted. */
static RvStatus count(Sort *s, Phase again, u32 many, u64 cost) {
  u32 n = s->unpaid + 1;
  if (n >= many || cost) {
    RvStatus st = pay(s, again, 1 + cost);
    if (st) return st;
    n = 0;
  }
  s->unpaid = n;
  return RV_OK;
}

/* Whether a comes before b: RV_OK and *less, or RV_CALL with the answer awaited
   in phase `wait`, or a stop that makes the comparison again in `again`. */
static RvStatus compare(Sort *s, RvValue a, RvValue b, Phase again, Phase wait,
                        bool *less) {
  RvValue f = rv_arg(s->c, 1);
  if (f.t != RV_NIL) return ask(s, f, a, b, wait);
  u64 cost = rv_compare_cost(a, b, false);
  RvStatus st = count(s, again, COMPARES, cost);
  if (st) return st;
  if (RV_LIKELY(compare_plain(a, b, less))) return RV_OK;
  f = rv_event(s->m, a, RV_EV_LT);
  if (f.t == RV_NIL) f = rv_event(s->m, b, RV_EV_LT);
  if (f.t == RV_NIL) return rv_err_compare(s->c->th, a, b);
  return ask(s, f, a, b, wait);
}

/* The answer of the function asked; no result at all has become nil. */
static bool answer(Sort *s) {
  return !RV_IS_FALSY(rv_lib_kept(s->c, WINDOW).t);
}

/* -- Steps: each does the work of one phase and names the next ------------ */

static RvStatus start(Sort *s, RvTable *list, Phase *next) {
  i64 n = rv_table_len(s->m, list);
  if (n >= INT32_MAX) return rv_lib_argerr(s->c, 0, "array too big");
  s->n = n < 0 ? 0 : (u64)n;
  if (s->n < 2) {
    *next = STORE;
    return RV_OK;
  }
  s->level = 1;
  while (1ull << s->level < s->n) s->level++;
  RvTable *t = rv_table_new(s->m, (u32)s->n, 0);
  if (!t) return RV_ERROR;
  rv_lib_put(s->c, WORK, rv_obj(t, RV_TABLE));
  s->work = t;
  t = rv_table_new(s->m, (u32)(s->n + 1) / 2, 0);
  if (!t) return RV_ERROR;
  rv_lib_put(s->c, SPARE, rv_obj(t, RV_TABLE));
  s->spare = t;
  *next = LOAD;
  return RV_OK;
}

static RvStatus load_list(Sort *s, RvTable *list, Phase *next) {
  RvStatus st = pay(s, LOAD, s->n / COPIES);
  *next = PICK;
  return st ? st : copy(s, s->work, 0, list, 0, s->n);
}

static void next_pair(Sort *s) {
  if (++s->pair < 1ull << s->level >> 1) return;
  s->pair = 0;
  if (s->level) s->level--;
}

static RvStatus pick(Sort *s, Phase *next) {
  if (s->level == 0) {
    *next = STORE;
    return RV_OK;
  }
  find_pair(s);
  RvStatus st;
  *next = PICK;
  if (s->lo == s->mid || s->mid == s->hi) {
    if ((st = count(s, PICK, COPIES, 0))) return st;
    next_pair(s);
    return RV_OK;
  }
  bool less;
  st = compare(s, get(s, s->work, s->mid), get(s, s->work, s->mid - 1), PICK,
               ORDERED, &less);
  if (st) return st;
  if (less) *next = SPLIT;
  else next_pair(s);
  return RV_OK;
}

static RvStatus split(Sort *s, Phase *next) {
  RvStatus st = pay(s, SPLIT, (s->mid - s->lo) / COPIES);
  if (st) return st;
  s->i = 0;
  s->j = s->mid;
  s->k = s->lo;
  *next = MERGE;
  return copy(s, s->spare, 0, s->work, s->lo, s->mid - s->lo);
}

/* The next element comes from the right run or from the left one. */
RV_INLINE RvStatus take(Sort *s, bool right) {
  RvValue v = right ? get(s, s->work, s->j) : get(s, s->spare, s->i);
  if (right) s->j++;
  else s->i++;
  return set(s, s->work, s->k++, v);
}

static RvStatus merge(Sort *s, Phase *next) {
  u64 nl = s->mid - s->lo;
  RvStatus st;
  while (s->i < nl && s->j < s->hi) {
    bool right;
    if ((st = compare(s, get(s, s->work, s->j), get(s, s->spare, s->i), MERGE,
                      ANSWER, &right)) ||
        (st = take(s, right)))
      return st;
  }
  /* What is left of the right run is in place already. */
  if (s->i < nl) {
    if ((st = pay(s, MERGE, (nl - s->i) / COPIES)) ||
        (st = copy(s, s->work, s->k, s->spare, s->i, nl - s->i)))
      return st;
  }
  next_pair(s);
  *next = PICK;
  return RV_OK;
}

static RvStatus store(Sort *s, RvTable *list) {
  RvStatus st = pay(s, STORE, s->n / COPIES);
  return st ? st : copy(s, list, 0, s->work, 0, s->n);
}

static RvStatus step(Sort *s, RvTable *list, Phase *phase) {
  switch (*phase) {
  case START: return start(s, list, phase);
  case LOAD: return load_list(s, list, phase);
  case PICK: return pick(s, phase);
  case ORDERED:
    if (answer(s)) {
      *phase = SPLIT;
    } else {
      next_pair(s);
      *phase = PICK;
    }
    return RV_OK;
  case SPLIT: return split(s, phase);
  case ANSWER:
    *phase = MERGE;
    return take(s, answer(s));
  case MERGE: return merge(s, phase);
  default: return rv_lib_corrupt(s->c);
  }
}

/* sort(list, before = <) */
RvStatus rv_tab_sort(RvNativeCtx *c) {
  RvTable *list;
  RvStatus st = rv_arg_table(c, 0, &list);
  if (st) return st;
  if (rv_arg(c, 1).t != RV_NIL && !RV_IS_FUNC(rv_arg(c, 1).t))
    return rv_native_badarg(c, 1, "function");
  if ((st = rv_lib_keep(c, NKEPT))) return st;
  Sort s = {.c = c, .m = c->m};
  Phase phase = (Phase)c->state;
  if (phase != START && !load(&s)) return rv_lib_corrupt(c);
  while (phase != STORE)
    if ((st = step(&s, list, &phase))) return st;
  if (s.n > 1 && (st = store(&s, list))) return st;
  c->res = c->base;
  c->nres = 0;
  return RV_OK;
}

static const RvNativeDef defs[] = {
  {"table.sort", 1, 0, rv_tab_sort},
};
const RvLib rv_lib_sort = {defs, sizeof defs / sizeof *defs};
