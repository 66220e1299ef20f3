/* SPDX-License-Identifier: MIT */
/* Builtins over Lua patterns: find, match, gmatch, gsub, and pnext for
   iterators of other kinds.

   The engine (pattern.c) works on the C stack. When it pauses its work is paid
   for; before the first payment slots for its state are made, so that the
   ledger does not depend on whether a payment stops the builtin, and when one
   does the state goes there.

   gsub collects its result in a small buffer on the C stack, and in a byte
   buffer of the machine from the first payment or call on, or when the small one
   is full. Text of the subject is copied when something is put behind it: what a
   call leaves as it was costs nothing. */
#include "stdlib/lib.h"
#include "stdlib/pattern.h"

/* Steps between payments, and steps that one unit of fuel pays. */
#define BATCH 1024
#define STEPS 64

/* c->state */
enum { FRESH, SEARCHING, CALLED };

/* -- Payment -------------------------------------------------------------- */

static void save_words(RvNativeCtx *c, const RvPat *P, u32 slot) {
  u64 w[RV_PAT_WORDS];
  u32 n = rv_pat_save(P, w);
  for (u32 i = 0; i < n; i++) rv_lib_put(c, slot + i, rv_int((i64)w[i]));
}

static RvStatus load_words(RvNativeCtx *c, RvPat *P, u32 slot) {
  u64 w[RV_PAT_WORDS];
  u32 n = 0, most = rv_pat_words(P);
  RvStatus st = rv_lib_keep(c, slot + most);
  if (st) return st;
  for (; n < most && rv_lib_kept(c, slot + n).t == RV_INT; n++)
    w[n] = rv_lib_kept(c, slot + n).p;
  return rv_pat_load(P, w, n) ? RV_OK : rv_lib_corrupt(c);
}

/* Pays for the steps made; when that stops the builtin, the engine's state is in
   kept slots from `slot` on. */
static RvStatus pay(RvNativeCtx *c, RvPat *P, u32 slot) {
  u64 units = (u64)(BATCH - P->left) / STEPS;
  RvStatus st = rv_lib_keep(c, slot + rv_pat_words(P));
  if (st) return st;
  if (RV_UNLIKELY(st = rv_fuel_pay(c->th, c->m, units))) {
    save_words(c, P, slot);
    c->state = SEARCHING;
    return st;
  }
  P->left += (i64)(units * STEPS);
  c->state = FRESH;
  return RV_OK;
}

/* The engine's first or next answer: a builtin that was stopped while paying
   still has to pay. */
static RvPatResult go_on(RvNativeCtx *c, RvPat *P) {
  return c->state == SEARCHING ? RV_PAT_PAUSE : rv_pat_search(P);
}

/* At the end: pays what has been used beyond the steps given. */
static void settle(RvNativeCtx *c, const RvPat *P) {
  if (P->left >= 0) return;
  u64 units = (u64)(BATCH - P->left) / STEPS;
  rv_fuel_owe(c->m, units < 1u << 28 ? (u32)units : 1u << 28);
}

static RvStatus pattern_error(RvNativeCtx *c, const RvPat *P) {
  if (P->error_arg < 0) return rv_err(c->th, "%s", P->error);
  return rv_err(c->th, "%s%d", P->error, P->error_arg);
}

/* Searches to the end: *found tells whether there is a match. */
static RvStatus search(RvNativeCtx *c, RvPat *P, bool *found) {
  RvPatResult r;
  while ((r = go_on(c, P)) == RV_PAT_PAUSE) {
    RvStatus st = pay(c, P, 0);
    if (st) return st;
  }
  *found = r == RV_PAT_FOUND;
  return r == RV_PAT_ERROR ? pattern_error(c, P) : RV_OK;
}

/* -- Captures ------------------------------------------------------------- */

/* Bytes of the subject become the value of a kept slot. */
static RvStatus put_part(RvNativeCtx *c, RvPat *P, RvString *s, u32 at,
                         u32 len, u32 slot) {
  P->left -= len >> 4;
  RvString *part =
      len == s->len ? s : rv_str_new(c->m, (const char *)P->src + at, len);
  if (!part) return RV_ERROR;
  rv_lib_put(c, slot, rv_strv(part));
  return RV_OK;
}

/* Capture i, or the match when there are no captures. */
static RvStatus put_capture(RvNativeCtx *c, RvPat *P, RvString *s, u32 i,
                            u32 slot) {
  if (P->level == 0) return put_part(c, P, s, P->start, P->end - P->start, slot);
  RvPatCapture cap = P->cap[i];
  if (cap.len == RV_CAP_OPEN) return rv_err(c->th, "unfinished capture");
  if (cap.len != RV_CAP_POSITION)
    return put_part(c, P, s, cap.at, (u32)cap.len, slot);
  rv_lib_put(c, slot, rv_int((i64)cap.at + 1));
  return RV_OK;
}

/* The results: `head` values, which the caller puts in slots 0 and up, and n
   captures. */
static RvStatus results(RvNativeCtx *c, RvPat *P, RvString *s, u32 head,
                        u32 n) {
  RvStatus st = rv_lib_keep(c, head + n);
  if (st) return st;
  for (u32 i = 0; i < n; i++)
    if ((st = put_capture(c, P, s, i, head + i))) return st;
  if (head) {
    rv_lib_put(c, 0, rv_int((i64)P->start + 1));
    rv_lib_put(c, 1, rv_int((i64)P->end));
  }
  settle(c, P);
  c->res = rv_lib_at(c, 0);
  c->nres = head + n;
  return RV_OK;
}

static RvStatus no_match(RvNativeCtx *c, const RvPat *P) {
  settle(c, P);
  return rv_native_ret(c, rv_nil());
}

/* -- find, match, pnext --------------------------------------------------- */

/* Ready to search from byte `from` on, or where the builtin was stopped. */
static RvStatus prepare(RvNativeCtx *c, RvPat *P, const RvString *s,
                        const RvString *p, u64 from, bool anchors) {
  const char *pat = rv_str_data(p);
  bool anchored = anchors && p->len > 0 && *pat == '^';
  rv_pat_init(P, rv_str_data(s), s->len, pat + anchored, p->len - anchored);
  P->anchored = anchored;
  P->left = BATCH;
  rv_pat_from(P, (u32)from);
  return c->state == SEARCHING ? load_words(c, P, 0) : RV_OK;
}

static RvStatus arg_strings(RvNativeCtx *c, RvString **s, RvString **p) {
  RvStatus st = rv_lib_str(c, 0, s);
  return st ? st : rv_lib_str(c, 1, p);
}

/* find(s, pattern, init = 1, plain = false) */
static RvStatus str_find(RvNativeCtx *c) {
  RvString *s, *p;
  i64 init;
  RvPat P;
  bool found;
  RvStatus st;
  if ((st = arg_strings(c, &s, &p)) || (st = rv_lib_optint(c, 2, 1, &init)))
    return st;
  if (!RV_IS_FALSY(rv_arg(c, 3).t)) return rv_lib_find_plain(c);
  if (c->state == FRESH && p->len > 4095) rv_fuel_owe(c->m, p->len >> 12);
  if (rv_pat_is_plain(rv_str_data(p), p->len)) return rv_lib_find_plain(c);
  u64 from = rv_lib_first(init, s->len) - 1;
  if (from > s->len) return rv_native_ret(c, rv_nil());
  if ((st = prepare(c, &P, s, p, from, true)) || (st = search(c, &P, &found)))
    return st;
  return found ? results(c, &P, s, 2, P.level) : no_match(c, &P);
}

/* match(s, pattern, init = 1) */
static RvStatus str_match(RvNativeCtx *c) {
  RvString *s, *p;
  i64 init;
  RvPat P;
  bool found;
  RvStatus st;
  if ((st = arg_strings(c, &s, &p)) || (st = rv_lib_optint(c, 2, 1, &init)))
    return st;
  u64 from = rv_lib_first(init, s->len) - 1;
  if (from > s->len) return rv_native_ret(c, rv_nil());
  if ((st = prepare(c, &P, s, p, from, true)) || (st = search(c, &P, &found)))
    return st;
  return found ? results(c, &P, s, 0, P.level ? P.level : 1)
               : no_match(c, &P);
}

/* pnext(s, pattern, init = 1, last = nil, anchors = false): the next match for
   an iterator, which does not end where the one before did. */
static RvStatus str_pnext(RvNativeCtx *c) {
  RvString *s, *p;
  i64 init, last;
  RvPat P;
  bool found;
  RvStatus st;
  if ((st = arg_strings(c, &s, &p)) || (st = rv_lib_optint(c, 2, 1, &init)) ||
      (st = rv_lib_optint(c, 3, -1, &last)))
    return st;
  u64 from = rv_lib_first(init, s->len) - 1;
  if (from > s->len) return rv_native_ret(c, rv_nil());
  bool anchors = !RV_IS_FALSY(rv_arg(c, 4).t);
  if ((st = prepare(c, &P, s, p, from, anchors))) return st;
  P.last = last;
  if ((st = search(c, &P, &found))) return st;
  return found ? results(c, &P, s, 2, P.level ? P.level : 1)
               : no_match(c, &P);
}

/* -- gmatch --------------------------------------------------------------- */

/* What its iterator has of its own: subject, pattern, where to go on, and where
   the match before ended (-1: none). */
enum { SUBJECT, PATTERN, FROM, LAST, OWN };

/* The next match, without anchors; nothing when there is none. */
static RvStatus gmatch_next(RvNativeCtx *c) {
  RvNative *self = c->th->frames[c->th->fi].fn;
  RvString *s = (RvString *)(uintptr_t)self->own[SUBJECT];
  const RvString *p = (RvString *)(uintptr_t)self->own[PATTERN];
  u64 from = self->own[FROM];
  RvPat P;
  bool found = false;
  RvStatus st;
  if (from <= s->len) {
    if ((st = prepare(c, &P, s, p, from, false))) return st;
    P.last = (i64)self->own[LAST];
    if ((st = search(c, &P, &found))) return st;
    if (!found) settle(c, &P);
  }
  if (found) {
    self->own[FROM] = self->own[LAST] = P.end; /* integers: no barrier */
    return results(c, &P, s, 0, P.level ? P.level : 1);
  }
  c->res = c->base;
  c->nres = 0;
  return RV_OK;
}

static const RvNativeDef gmatch_next_def = {"string.gmatch.next", 1, 0,
                                            gmatch_next};

/* gmatch(s, pattern, init = 1) */
static RvStatus str_gmatch(RvNativeCtx *c) {
  RvString *s, *p;
  i64 init;
  RvStatus st;
  if ((st = arg_strings(c, &s, &p)) || (st = rv_lib_optint(c, 2, 1, &init)))
    return st;
  RvValue own[OWN] = {
    [SUBJECT] = rv_strv(s),
    [PATTERN] = rv_strv(p),
    [FROM] = rv_int((i64)rv_lib_first(init, s->len) - 1),
    [LAST] = rv_int(-1),
  };
  RvNative *f = rv_native_bound(c->m, &gmatch_next_def, own, OWN);
  return f ? rv_native_ret(c, rv_obj(f, RV_NATIVE)) : RV_ERROR;
}

/* -- gsub ------------------------------------------------------------------- */

/* Kept slots. From WINDOW on: the call of a replacement and its result, or the
   engine's words. */
enum { OUT, COUNT, COPIED, PLACE, LEFT, WINDOW };

typedef struct Gsub {
  RvNativeCtx *c;
  RvString *s;
  RvString *repl; /* NULL: function or table */
  u64 n, max;     /* matches replaced */
  u32 copied;     /* bytes of the subject that are in the result */
  bool changed;
  RvBuffer *buf;  /* NULL while the result is in `small` */
  char *out;
  u64 len, cap;
  RvPat P;
  char small[1000];
} Gsub;

static RvStatus grow(Gsub *g, u64 cap) {
  RvNativeCtx *c = g->c;
  RvStatus st;
  if (!g->buf) {
    if ((st = rv_lib_keep(c, WINDOW)) ||
        (st = rv_lib_buf_make(c, cap, &g->buf)))
      return st;
    memcpy(g->buf->data, g->small, g->len);
  } else {
    g->buf->len = g->len;
    if ((st = rv_lib_buf_cap(c->m, g->buf, cap))) return st;
  }
  g->out = (char *)g->buf->data;
  g->cap = cap;
  return RV_OK;
}

static RvStatus add(Gsub *g, const char *p, u64 n) {
  if (RV_UNLIKELY(n > g->cap - g->len)) {
    u64 cap = g->len + n > 2 * g->cap ? g->len + n : 2 * g->cap;
    if (g->len + n > RV_MAX_STRING)
      return rv_err(g->c->th, "resulting string too large");
    RvStatus st = grow(g, cap);
    if (st) return st;
  }
  memcpy(g->out + g->len, p, n);
  g->len += n;
  g->P.left -= (i64)(n >> 4);
  return RV_OK;
}

/* The result goes to the heap, as it must before anything can stop. */
static RvStatus move_out(Gsub *g) {
  return g->len && !g->buf ? grow(g, 2 * sizeof g->small) : RV_OK;
}

static u64 pair(u64 low, u64 high) { return low | high << 32; }

static void save(Gsub *g) {
  RvNativeCtx *c = g->c;
  if (g->buf) g->buf->len = g->len;
  rv_lib_put(c, COUNT, rv_int((i64)g->n));
  rv_lib_put(c, COPIED, rv_int((i64)pair(g->copied, g->changed)));
  rv_lib_put(c, PLACE, rv_int((i64)pair(g->P.start, g->P.end)));
  rv_lib_put(c, LEFT, rv_int(g->P.left));
}

static RvStatus load(Gsub *g) {
  RvNativeCtx *c = g->c;
  RvStatus st = rv_lib_keep(c, WINDOW + 1);
  if (st) return st;
  RvValue v = rv_lib_kept(c, OUT);
  if (v.t == RV_BUFFER) {
    g->buf = RV_AS(RvBuffer, v);
    g->out = (char *)g->buf->data;
    g->len = g->buf->len;
    g->cap = g->buf->cap;
  } else if (v.t != RV_NIL) {
    return rv_lib_corrupt(c);
  }
  for (u32 i = COUNT; i < WINDOW; i++)
    if (rv_lib_kept(c, i).t != RV_INT) return rv_lib_corrupt(c);
  g->n = rv_lib_kept(c, COUNT).p;
  u64 copied = rv_lib_kept(c, COPIED).p, place = rv_lib_kept(c, PLACE).p;
  g->copied = (u32)copied;
  g->changed = copied >> 32;
  g->P.left = (i64)rv_lib_kept(c, LEFT).p;
  u32 start = (u32)place, end = (u32)(place >> 32);
  if (end > g->s->len || g->P.left > BATCH) return rv_lib_corrupt(c);
  if (c->state == SEARCHING) {
    g->P.last = end; /* of the match before; see advance */
    if (g->n == 0) g->P.last = -1;
    if ((st = load_words(c, &g->P, WINDOW))) return st;
    start = g->P.start;
  }
  g->P.end = end;
  g->P.start = start;
  return g->copied <= start && (c->state == SEARCHING || start <= end)
             ? RV_OK
             : rv_lib_corrupt(c);
}

/* -- What comes in place of a match */

/* `text` does, with what stands before the match. */
static RvStatus put_before(Gsub *g) {
  RvStatus st = add(g, (const char *)g->P.src + g->copied,
                    g->P.start - g->copied);
  g->copied = g->P.end;
  g->changed = true;
  return st;
}

static RvStatus add_capture(Gsub *g, u32 i) {
  RvPat *P = &g->P;
  char text[RV_NUM_TEXT];
  if (i >= P->level) {
    if (i > 0)
      return rv_err(g->c->th, "invalid capture index %%%d", (int)i + 1);
    return add(g, (const char *)P->src + P->start, P->end - P->start);
  }
  RvPatCapture cap = P->cap[i];
  if (cap.len == RV_CAP_OPEN) return rv_err(g->c->th, "unfinished capture");
  if (cap.len == RV_CAP_POSITION)
    return add(g, text, rv_num_texti((i64)cap.at + 1, text));
  return add(g, (const char *)P->src + cap.at, (u32)cap.len);
}

/* The replacement string, with captures where it says so. */
static RvStatus add_repl(Gsub *g) {
  const char *p = rv_str_data(g->repl), *end = p + g->repl->len, *q;
  RvStatus st = put_before(g);
  if (st) return st;
  while ((q = memchr(p, '%', (size_t)(end - p)))) {
    char b = q + 1 < end ? q[1] : 0;
    if ((st = add(g, p, (u64)(q - p)))) return st;
    if (b == '%') st = add(g, q, 1);
    else if (b == '0')
      st = add(g, (const char *)g->P.src + g->P.start, g->P.end - g->P.start);
    else if (b > '0' && b <= '9') st = add_capture(g, (u32)(b - '1'));
    else
      return rv_err(g->c->th, "invalid use of '%%' in replacement string");
    if (st) return st;
    p = q + 2;
  }
  return add(g, p, (u64)(end - p));
}

/* The value that function or table gave, which is in a slot. */
static RvStatus add_value(Gsub *g, RvValue v) {
  char text[RV_NUM_TEXT];
  RvStatus st;
  if (RV_IS_FALSY(v.t)) return RV_OK;
  if (v.t != RV_STR && !RV_IS_NUM(v.t))
    return rv_err(g->c->th, "invalid replacement value (a %s)",
                  rv_err_typename(g->c->m, v));
  if ((st = put_before(g))) return st;
  if (RV_IS_NUM(v.t)) return add(g, text, rv_num_text(v, text));
  RvString *s = RV_AS(RvString, v);
  return add(g, rv_str_data(s), s->len);
}

/* Calls what is in the window. */
static RvStatus call(Gsub *g, u32 nargs) {
  save(g);
  g->c->state = CALLED;
  g->c->call = rv_lib_at(g->c, WINDOW);
  g->c->ncall = nargs;
  return RV_CALL;
}

static RvStatus ask_function(Gsub *g) {
  RvNativeCtx *c = g->c;
  u32 n = g->P.level ? g->P.level : 1;
  RvStatus st = move_out(g);
  if (st || (st = rv_lib_keep(c, WINDOW + 1 + n))) return st;
  rv_lib_put(c, WINDOW, rv_arg(c, 2));
  for (u32 i = 0; i < n; i++)
    if ((st = put_capture(c, &g->P, g->s, i, WINDOW + 1 + i))) return st;
  return call(g, n);
}

/* The field of the table that the first capture names, by events if need be. */
static RvStatus ask_table(Gsub *g) {
  RvNativeCtx *c = g->c;
  RvStatus st = rv_lib_keep(c, WINDOW + 3);
  if (st || (st = put_capture(c, &g->P, g->s, 0, WINDOW + 2))) return st;
  RvValue key = rv_lib_kept(c, WINDOW + 2), o = rv_arg(c, 2);
  for (u32 i = 0; i < RV_MAX_CHAIN; i++, g->P.left--) {
    RvValue v = rv_nil();
    if (o.t == RV_TABLE) v = rv_table_get(c->m, RV_AS(RvTable, o), key);
    if (v.t != RV_NIL) {
      rv_lib_put(c, WINDOW, v);
      return add_value(g, v);
    }
    RvValue event = rv_event(c->m, o, RV_EV_INDEX);
    if (event.t == RV_NIL)
      return o.t == RV_TABLE ? RV_OK : rv_err_index(c->th, o, false);
    if (RV_IS_FUNC(event.t)) {
      rv_lib_put(c, WINDOW, event);
      rv_lib_put(c, WINDOW + 1, o);
      if ((st = move_out(g))) return st;
      return call(g, 2);
    }
    o = event;
  }
  return rv_err(c->th, "'__index' chain too long; possible loop");
}

static RvStatus replace(Gsub *g) {
  if (g->repl) return add_repl(g);
  return rv_arg(g->c, 2).t == RV_TABLE ? ask_table(g) : ask_function(g);
}

/* -- The loop */

/* False: no more matches are wanted. */
static bool advance(Gsub *g) {
  g->n++;
  g->P.last = g->P.end;
  rv_pat_from(&g->P, g->P.end);
  return !g->P.anchored && g->n < g->max;
}

/* As search, with the result so far in safety while paying. `end` stays that
   of the match before until there is another. */
static RvStatus gsub_search(Gsub *g, bool *found) {
  RvPatResult r;
  RvStatus st;
  while ((r = go_on(g->c, &g->P)) == RV_PAT_PAUSE) {
    if ((st = move_out(g))) return st;
    if ((st = pay(g->c, &g->P, WINDOW))) {
      save(g);
      return st;
    }
  }
  *found = r == RV_PAT_FOUND;
  return r == RV_PAT_ERROR ? pattern_error(g->c, &g->P) : RV_OK;
}

static RvStatus gsub_end(Gsub *g) {
  RvNativeCtx *c = g->c;
  RvString *s = g->s;
  RvStatus st;
  if (g->changed) {
    if ((st = add(g, (const char *)g->P.src + g->copied, s->len - g->copied)))
      return st;
    s = rv_str_new(c->m, g->out, g->len);
    if (!s) return RV_ERROR;
  }
  settle(c, &g->P);
  /* The buffer in OUT has done its work. */
  rv_slot_set(c->th, c->base, rv_strv(s));
  rv_slot_set(c->th, c->base + 1, rv_int((i64)g->n));
  c->res = c->base;
  c->nres = 2;
  return RV_OK;
}

static RvStatus gsub_args(Gsub *g) {
  RvNativeCtx *c = g->c;
  RvString *p;
  i64 max;
  RvStatus st;
  if ((st = arg_strings(c, &g->s, &p)) ||
      (st = rv_lib_optint(c, 3, (i64)g->s->len + 1, &max)))
    return st;
  RvValue v = rv_arg(c, 2);
  if (v.t == RV_STR || RV_IS_NUM(v.t)) {
    if ((st = rv_lib_str(c, 2, &g->repl))) return st;
  } else if (v.t != RV_TABLE && !RV_IS_FUNC(v.t)) {
    return rv_native_badarg(c, 2, "string/function/table");
  }
  const char *pat = rv_str_data(p);
  bool anchored = p->len > 0 && *pat == '^';
  rv_pat_init(&g->P, rv_str_data(g->s), g->s->len, pat + anchored,
              p->len - anchored);
  g->P.anchored = anchored;
  g->P.left = BATCH;
  g->max = max > 0 ? (u64)max : 0;
  return RV_OK;
}

/* gsub(s, pattern, replacement, max = all) */
static RvStatus str_gsub(RvNativeCtx *c) {
  Gsub g;
  bool more, found;
  g.c = c;
  g.repl = NULL;
  g.n = g.len = 0;
  g.copied = 0;
  g.changed = false;
  g.buf = NULL;
  g.out = g.small;
  g.cap = sizeof g.small;
  RvStatus st = gsub_args(&g);
  if (st || (c->state != FRESH && (st = load(&g)))) return st;
  more = g.n < g.max;
  if (c->state == CALLED) {
    if ((st = add_value(&g, rv_lib_kept(c, WINDOW)))) return st;
    more = advance(&g);
  }
  while (more) {
    if ((st = gsub_search(&g, &found))) return st;
    if (!found) break;
    if ((st = replace(&g))) return st;
    more = advance(&g);
  }
  return gsub_end(&g);
}

static const RvNativeDef defs[] = {
  {"string.find", 2, 0, str_find},
  {"string.match", 1, 0, str_match},
  {"string.pnext", 1, 0, str_pnext},
  {"string.gmatch", 1, 0, str_gmatch},
  {"string.gsub", 1, 0, str_gsub},
};
const RvLib rv_lib_pattern = {defs, sizeof defs / sizeof *defs};
