/* SPDX-License-Identifier: MIT */
/* The pattern engine.

   A pattern is a row of items without loops or alternatives, so a match walks
   along it once and every item adds at most one choice to the stack: a
   repetition that might be shorter (MOST) or longer (LEAST), an optional item
   that might be left out (MAYBE), a capture to be undone (OPEN, CLOSE). Lua's
   own matcher nests one C call for each of these, 200 at most; the stack here
   has the same limit, counts the same items and fails with the same text, but
   lies in a structure and can be left at any step.

   Patterns are read as they are matched: an error in one shows only when the
   match gets there, as in Lua. What is done ahead is done where it cannot be
   seen: once a match has failed at one place, all that the pattern has before
   its first byte is known to be right, and candidates are looked for byte by
   byte; the same behind a repetition whose first end has been tried.

   Steps: one for each item and each retry, fewer for runs of bytes. */
#include "stdlib/pattern.h"

enum { MOST, LEAST, MAYBE, OPEN, CLOSE };

/* RvPat.first: how a match begins. */
enum { UNKNOWN, ANYHOW, WITH_BYTE, WITH_SET };

/* Runs of bytes are followed so far before the steps are looked at. */
#define CHUNK 1024
/* Sets are tested so often before a bitmap is made. */
#define TESTS 12

/* -- Classes --------------------------------------------------------------
   Bytes 0 to 127 as two words; no class has others. */
typedef struct Class {
  u64 low, high;
} Class;

static const Class alpha = {0, 0x07fffffe07fffffe},
                   cntrl = {0x00000000ffffffff, 0x8000000000000000},
                   digit = {0x03ff000000000000, 0},
                   graph = {0xfffffffe00000000, 0x7fffffffffffffff},
                   lower = {0, 0x07fffffe00000000},
                   punct = {0xfc00fffe00000000, 0x78000001f8000001},
                   space = {0x0000000100003e00, 0},
                   upper = {0, 0x0000000007fffffe},
                   alnum = {0x03ff000000000000, 0x07fffffe07fffffe},
                   xdigit = {0x03ff000000000000, 0x0000007e0000007e},
                   zero = {1, 0};

static const Class *class_of(u8 letter) {
  switch (letter | 0x20) {
  case 'a': return &alpha;
  case 'c': return &cntrl;
  case 'd': return &digit;
  case 'g': return &graph;
  case 'l': return &lower;
  case 'p': return &punct;
  case 's': return &space;
  case 'u': return &upper;
  case 'w': return &alnum;
  case 'x': return &xdigit;
  case 'z': return &zero;
  default: return NULL;
  }
}

/* The letter names a class, not itself. (| 0x20 sends '\x01' to '!'.) */
static bool is_letter(u8 b) { return (u8)((b | 0x20) - 'a') < 26; }
/* A capital letter means the bytes outside. */
static bool is_capital(u8 letter) { return !(letter & 0x20); }

/* Byte c is of what stands behind a %. */
static bool in_class(u8 c, u8 letter) {
  const Class *k = is_letter(letter) ? class_of(letter) : NULL;
  if (!k) return c == letter;
  u64 word = c < 64 ? k->low : c < 128 ? k->high : 0;
  return (word >> (c & 63) & 1) != is_capital(letter);
}

/* -- Sets ----------------------------------------------------------------- */

/* c is in the set from '[' at p to ']' at end. */
static bool in_brackets(u8 c, const u8 *p, const u8 *end) {
  bool found = true;
  if (*++p == '^') {
    found = false;
    p++;
  }
  for (; p < end; p++) {
    if (*p == '%') {
      if (in_class(c, *++p)) return found;
    } else if (p[1] == '-' && p + 2 < end) {
      if (*p <= c && c <= p[2]) return found;
      p += 2;
    } else if (*p == c) {
      return found;
    }
  }
  return !found;
}

RV_INLINE bool has(const RvPatSet *set, u8 c) {
  return set->bits[c >> 6] >> (c & 63) & 1;
}

static void add_byte(RvPatSet *set, u32 c) {
  set->bits[c >> 6] |= 1ull << (c & 63);
}

static void add_range(RvPatSet *set, u32 from, u32 to) {
  for (u32 i = from >> 6; i <= to >> 6 && from <= to; i++) {
    u64 word = ~0ull;
    if (i == from >> 6) word &= ~0ull << (from & 63);
    if (i == to >> 6) word &= ~0ull >> (63 - (to & 63));
    set->bits[i] |= word;
  }
}

static void add_class(RvPatSet *set, u8 letter) {
  const Class *k = is_letter(letter) ? class_of(letter) : NULL;
  if (!k) {
    add_byte(set, letter);
    return;
  }
  u64 flip = is_capital(letter) ? ~0ull : 0;
  set->bits[0] |= k->low ^ flip;
  set->bits[1] |= k->high ^ flip;
  set->bits[2] |= flip;
  set->bits[3] |= flip;
}

static void add_brackets(RvPatSet *set, const u8 *p, const u8 *end) {
  bool flip = *++p == '^';
  if (flip) p++;
  for (; p < end; p++) {
    if (*p == '%') {
      add_class(set, *++p);
    } else if (p[1] == '-' && p + 2 < end) {
      add_range(set, *p, p[2]);
      p += 2;
    } else {
      add_byte(set, *p);
    }
  }
  if (flip)
    for (u32 i = 0; i < 4; i++) set->bits[i] = ~set->bits[i];
}

/* The set of bytes that the item from p to ep, a class or brackets, allows. */
static void make_set(RvPatSet *set, const u8 *p, const u8 *ep) {
  *set = (RvPatSet){.p = p};
  if (*p == '%') add_class(set, p[1]);
  else add_brackets(set, p, ep - 1);
}

/* The same, made once. */
static const RvPatSet *set_of(RvPat *P, const u8 *p, const u8 *ep) {
  u32 n = P->nsets < RV_PAT_SETS ? P->nsets : RV_PAT_SETS;
  for (u32 i = 0; i < n; i++)
    if (P->sets[i].p == p) return &P->sets[i];
  RvPatSet *set = &P->sets[P->nsets++ % RV_PAT_SETS];
  make_set(set, p, ep);
  return set;
}

static bool in_set(RvPat *P, u8 c, const u8 *p, const u8 *ep) {
  if (P->tests > TESTS) return has(set_of(P, p, ep), c);
  P->tests++;
  return in_brackets(c, p, ep - 1);
}

/* -- Items ---------------------------------------------------------------- */

/* End of the item of one byte at p < pat_end; NULL: *error is why not. */
static const u8 *item_end(const RvPat *P, const u8 *p, const char **error) {
  const u8 *end = P->pat_end;
  u8 c = *p++;
  if (c == '%') {
    if (p < end) return p + 1;
    *error = "malformed pattern (ends with '%')";
    return NULL;
  }
  if (c != '[') return p;
  if (p < end && *p == '^') p++;
  do {
    if (p < end && *p++ == '%' && p < end) p++;
    if (p >= end) {
      *error = "malformed pattern (missing ']')";
      return NULL;
    }
  } while (*p != ']');
  return p + 1;
}

/* Byte c fits the item. */
RV_INLINE bool fits(RvPat *P, u8 c, const u8 *p, const u8 *ep) {
  switch (*p) {
  case '.': return true;
  case '%': return in_class(c, p[1]);
  case '[':
    P->left -= (ep - p) >> 6; /* however it is done: see scan */
    return in_set(P, c, p, ep);
  default: return *p == c;
  }
}

RV_INLINE u8 quantifier(const RvPat *P, const u8 *ep) {
  return ep < P->pat_end ? *ep : 0;
}

static bool may_be_missing(u8 q) { return q == '*' || q == '?' || q == '-'; }

/* Where the first item at or behind p begins that takes a byte, if it must take
   one, captures passed over; else NULL. *ep: its end. */
static const u8 *first_item(const RvPat *P, const u8 *p, const u8 **ep) {
  const char *error;
  while (p < P->pat_end && (*p == '(' || *p == ')')) p++;
  if (p == P->pat_end || (*p == '$' && p + 1 == P->pat_end)) return NULL;
  if (*p == '%' && p + 1 < P->pat_end) {
    u8 c = p[1];
    if (c == 'b' || c == 'f' || (c >= '0' && c <= '9')) return NULL;
  }
  *ep = item_end(P, p, &error);
  if (!*ep || may_be_missing(quantifier(P, *ep))) return NULL;
  return p;
}

/* The byte an item stands for, or -1. */
static int only_byte(const u8 *p) {
  if (*p == '.' || *p == '[') return -1;
  if (*p != '%') return *p;
  return is_letter(p[1]) && class_of(p[1]) ? -1 : p[1];
}

static int first_byte(const RvPat *P, const u8 *p) {
  const u8 *ep;
  p = first_item(P, p, &ep);
  return p ? only_byte(p) : -1;
}

/* -- Errors, choices, captures -------------------------------------------- */

static bool fail(RvPat *P, const char *text) {
  P->error = text;
  return false;
}

static RvPatFrame *push(RvPat *P, u8 kind, const u8 *p, const u8 *ep,
                        const u8 *s) {
  if (RV_UNLIKELY(P->depth == RV_PAT_DEPTH)) {
    fail(P, "pattern too complex");
    return NULL;
  }
  RvPatFrame *f = &P->frame[P->depth++];
  f->kind = kind;
  f->p = p;
  f->ep = ep;
  f->s = s;
  f->n = 0;
  f->begin = -2; /* to be found out at the first retry */
  return f;
}

static bool open_capture(RvPat *P, const u8 *p, const u8 *s, i32 len) {
  if (P->level >= RV_PAT_CAPTURES) return fail(P, "too many captures");
  if (!push(P, OPEN, p, p, s)) return false;
  P->cap[P->level++] = (RvPatCapture){(u32)(s - P->src), len};
  return true;
}

static bool close_capture(RvPat *P, const u8 *p, const u8 *s) {
  u32 i = P->level;
  do {
    if (i == 0) return fail(P, "invalid pattern capture");
  } while (P->cap[--i].len != RV_CAP_OPEN);
  RvPatFrame *f = push(P, CLOSE, p, p, s);
  if (!f) return false;
  f->n = i;
  P->cap[i].len = (i32)(s - P->src - P->cap[i].at);
  return true;
}

/* -- Runs of bytes -------------------------------------------------------- */

/* Bytes from s to stop that fit a set of bytes. Where chunks end and what they
   cost must not depend on which way they are tested: what has been learned
   about sets is lost when the state goes through words. */
static const u8 *scan_set(RvPat *P, const RvPatFrame *f, const u8 *s,
                          const u8 *stop) {
  if (*f->p == '[')
    for (; s < stop && P->tests <= TESTS; s++)
      if (!in_set(P, *s, f->p, f->ep)) return s;
  const RvPatSet *set = set_of(P, f->p, f->ep);
  while (s < stop && has(set, *s)) s++;
  return s;
}

/* Counts more repetitions of the item of f, the choice on top. False: out of
   steps. */
static bool scan(RvPat *P, RvPatFrame *f) {
  const u8 *s = f->s + f->n, *end = P->src_end;
  if (*f->p == '.') {
    f->n = (u32)(end - f->s);
    return true;
  }
  int byte = only_byte(f->p);
  for (;;) {
    const u8 *stop = end - s > CHUNK ? s + CHUNK : end, *begin = s;
    if (byte < 0) s = scan_set(P, f, s, stop);
    else
      while (s < stop && *s == byte) s++;
    f->n = (u32)(s - f->s);
    P->left -= (s - begin) >> 2;
    if (s < stop || s == end) return true;
    if (P->left < 0) return false;
  }
}

/* Follows %b at p from s, P->x levels deep: 1 and s behind the last byte, 0:
   no end, -1: out of steps. */
static int nest(RvPat *P, const u8 *p, const u8 **at) {
  const u8 *s = *at, *end = P->src_end;
  u8 in = p[2], out = p[3];
  u32 depth = P->x;
  for (;;) {
    const u8 *stop = end - s > CHUNK ? s + CHUNK : end, *begin = s;
    while (s < stop) {
      u8 c = *s++;
      if (c == out) {
        if (--depth == 0) break;
      } else if (c == in) {
        depth++;
      }
    }
    P->left -= (s - begin) >> 2;
    *at = s;
    P->x = depth;
    if (depth == 0) return 1;
    if (s == end) return 0;
    if (P->left < 0) return -1;
  }
}

/* -- Retries ---------------------------------------------------------------
   Both change s to the place behind the item and return 1; 0: the choice is
   used up; -1: out of steps. */

static int shorter(RvPat *P, RvPatFrame *f, const u8 **s) {
  if (f->n == 0) return 0;
  if (f->begin == -2) f->begin = (i16)first_byte(P, f->ep + 1);
  if (f->begin < 0) {
    *s = f->s + --f->n;
    return 1;
  }
  while (f->n > 0) {
    const u8 *t = f->s + --f->n;
    if (*t == f->begin) {
      *s = t;
      return 1;
    }
    if (--P->left < 0) return -1;
  }
  return 0;
}

/* The same for a "." behind which a known byte must come. */
static int leap(RvPat *P, RvPatFrame *f, const u8 **s) {
  while (P->src_end - f->s > 1) {
    const u8 *from = f->s + 1, *end = P->src_end;
    const u8 *stop = end - from > 16 * CHUNK ? from + 16 * CHUNK : end;
    const u8 *hit = memchr(from, f->begin, (size_t)(stop - from));
    f->s = hit ? hit : stop - 1;
    P->left -= (f->s - from) >> 5;
    if (hit) {
      *s = hit;
      return 1;
    }
    if (P->left < 0) return -1;
  }
  return 0;
}

static int longer(RvPat *P, RvPatFrame *f, const u8 **s) {
  const u8 *end = P->src_end;
  if (f->begin == -2) f->begin = (i16)first_byte(P, f->ep + 1);
  if (f->begin >= 0 && *f->p == '.') return leap(P, f, s);
  while (f->s < end && fits(P, *f->s, f->p, f->ep)) {
    f->s++;
    if (f->begin < 0 || (f->s < end && *f->s == f->begin)) {
      *s = f->s;
      return 1;
    }
    if (--P->left < 0) return -1;
  }
  return 0;
}

/* Goes back to the last choice that has something left: 1, and the match goes
   on at *p, *s; 0: none has; -1: out of steps. */
static int back(RvPat *P, const u8 **p, const u8 **s) {
  while (P->depth > 0) {
    RvPatFrame *f = &P->frame[P->depth - 1];
    int more = 0;
    switch (f->kind) {
    case OPEN: P->level--; break;
    case CLOSE: P->cap[f->n].len = RV_CAP_OPEN; break;
    case MAYBE:
      P->depth--;
      *p = f->ep + 1;
      *s = f->s;
      return 1;
    case MOST: more = shorter(P, f, s); break;
    case LEAST: more = longer(P, f, s); break;
    }
    if (more) {
      *p = f->ep + 1;
      return more;
    }
    P->depth--;
  }
  return 0;
}

/* -- Single items --------------------------------------------------------- */

/* %f at p: 1 and *p behind it, 0: no border here, -1: error. */
static int frontier(RvPat *P, const u8 **p, const u8 *s) {
  const u8 *set = *p + 2;
  if (set >= P->pat_end || *set != '[') {
    fail(P, "missing '[' after '%f' in pattern");
    return -1;
  }
  const u8 *ep = item_end(P, set, &P->error);
  if (!ep) return -1;
  P->left -= (ep - *p) >> 4;
  u8 before = s == P->src ? 0 : s[-1], here = s == P->src_end ? 0 : *s;
  *p = ep;
  return !in_set(P, before, set, ep) && in_set(P, here, set, ep);
}

/* What capture number `letter` holds comes again at s. */
static int again(RvPat *P, u8 letter, const u8 **s) {
  u32 i = (u32)letter - '1';
  if (i >= P->level || P->cap[i].len == RV_CAP_OPEN) {
    P->error_arg = letter - '0';
    fail(P, "invalid capture index %");
    return -1;
  }
  const RvPatCapture *cap = &P->cap[i];
  if (cap->len < 0 || P->src_end - *s < cap->len) return 0;
  P->left -= cap->len >> 4;
  if (memcmp(P->src + cap->at, *s, (u32)cap->len) != 0) return 0;
  *s += cap->len;
  return 1;
}

static bool starts_nest(RvPat *P, const u8 *p) {
  if (P->pat_end - p < 4)
    return fail(P, "malformed pattern (missing arguments to '%b')");
  return true;
}

/* -- The match ------------------------------------------------------------- */

/* Goes on in P->mode until the match at P->start ends. */
static RvPatResult run(RvPat *P) {
  const u8 *p = P->p, *s = P->s, *ep;
  RvPatFrame *f;
  int r;
  switch (P->mode) {
  case RV_PAT_FAIL: goto failed;
  case RV_PAT_SCAN: goto count;
  case RV_PAT_NEST: goto follow;
  default: break;
  }
next:
  if (RV_UNLIKELY(--P->left < 0)) {
    P->mode = RV_PAT_RUN;
    goto pause;
  }
  if (p == P->pat_end) {
    P->end = (u32)(s - P->src);
    return RV_PAT_FOUND;
  }
  switch (*p) {
  case '(':
    r = p + 1 < P->pat_end && p[1] == ')';
    if (!open_capture(P, p, s, r ? RV_CAP_POSITION : RV_CAP_OPEN))
      return RV_PAT_ERROR;
    p += 1 + r;
    goto next;
  case ')':
    if (!close_capture(P, p, s)) return RV_PAT_ERROR;
    p++;
    goto next;
  case '$':
    if (p + 1 != P->pat_end) break;
    if (s != P->src_end) goto failed;
    p++;
    goto next;
  case '%':
    if (p + 1 == P->pat_end) break; /* item_end complains */
    switch (p[1]) {
    case 'b':
      if (!starts_nest(P, p)) return RV_PAT_ERROR;
      if (s == P->src_end || *s != p[2]) goto failed;
      P->x = 1;
      s++;
      goto follow;
    case 'f':
      r = frontier(P, &p, s);
      if (r < 0) return RV_PAT_ERROR;
      if (r) goto next;
      goto failed;
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
      r = again(P, p[1], &s);
      if (r < 0) return RV_PAT_ERROR;
      p += 2;
      if (r) goto next;
      goto failed;
    default: break;
    }
    break;
  default: break;
  }
  ep = item_end(P, p, &P->error);
  if (!ep) return RV_PAT_ERROR;
  P->left -= (ep - p) >> 4;
  u8 q = quantifier(P, ep);
  if (s == P->src_end || !fits(P, *s, p, ep)) {
    if (!may_be_missing(q)) goto failed;
    p = ep + 1;
    goto next;
  }
  switch (q) {
  case '?':
    if (!push(P, MAYBE, p, ep, s)) return RV_PAT_ERROR;
    s++;
    p = ep + 1;
    goto next;
  case '-':
    if (!push(P, LEAST, p, ep, s)) return RV_PAT_ERROR;
    p = ep + 1;
    goto next;
  case '*':
  case '+':
    /* The first byte of a + is no choice. */
    f = push(P, MOST, p, ep, q == '+' ? s + 1 : s);
    if (!f) return RV_PAT_ERROR;
    f->n = q == '*';
    break;
  default:
    s++;
    p = ep;
    goto next;
  }
count:
  f = &P->frame[P->depth - 1];
  if (!scan(P, f)) {
    P->mode = RV_PAT_SCAN;
    goto pause;
  }
  s = f->s + f->n;
  p = f->ep + 1;
  goto next;
follow:
  r = nest(P, p, &s);
  if (r < 0) {
    P->mode = RV_PAT_NEST;
    goto pause;
  }
  if (r == 0) goto failed;
  p += 4;
  goto next;
failed:
  r = back(P, &p, &s);
  if (r > 0) goto next;
  if (r == 0) return RV_PAT_NONE;
  P->mode = RV_PAT_FAIL;
pause:
  P->p = p;
  P->s = s;
  return RV_PAT_PAUSE;
}

/* -- The search ------------------------------------------------------------ */

static void find_first(RvPat *P) {
  const u8 *ep, *p = first_item(P, P->pat, &ep);
  P->first = ANYHOW;
  if (!p || *p == '.') return;
  P->first_byte = (i16)only_byte(p);
  P->first = P->first_byte >= 0 ? WITH_BYTE : WITH_SET;
  if (P->first == WITH_SET) make_set(&P->first_set, p, ep);
}

/* Moves `start` to the next place where a match may begin. RV_PAT_FOUND: there
   it is. */
static RvPatResult skip(RvPat *P) {
  if (P->first == UNKNOWN) find_first(P);
  const u8 *s = P->src + P->start, *end = P->src_end, *hit = s;
  while (P->first != ANYHOW) {
    if (s >= end) return RV_PAT_NONE;
    const u8 *stop = end - s > 16 * CHUNK ? s + 16 * CHUNK : end;
    if (P->first == WITH_BYTE) {
      hit = memchr(s, P->first_byte, (size_t)(stop - s));
      if (!hit) hit = stop;
      P->left -= (hit - s) >> 6;
    } else {
      for (hit = s; hit < stop && !has(&P->first_set, *hit);) hit++;
      P->left -= (hit - s) >> 2;
    }
    P->start = (u32)(hit - P->src);
    if (hit < stop) break;
    s = stop;
    if (P->left < 0) return RV_PAT_PAUSE;
  }
  return RV_PAT_FOUND;
}

RvPatResult rv_pat_search(RvPat *P) {
  for (;;) {
    RvPatResult r;
    if (P->mode == RV_PAT_SKIP) {
      r = skip(P);
      if (r != RV_PAT_FOUND) return r;
      P->mode = RV_PAT_START;
    }
    if (P->mode == RV_PAT_START) {
      P->p = P->pat;
      P->s = P->src + P->start;
      P->level = P->depth = 0;
      P->mode = RV_PAT_RUN;
    }
    r = run(P);
    if (r == RV_PAT_FOUND && (i64)P->end == P->last) r = RV_PAT_NONE;
    if (r != RV_PAT_NONE) return r;
    if (P->anchored || P->src + P->start == P->src_end) return r;
    P->start++;
    P->level = P->depth = 0; /* a match that did not count leaves some */
    P->mode = RV_PAT_SKIP;
  }
}

void rv_pat_init(RvPat *P, const char *src, u32 len, const char *pat,
                 u32 plen) {
  P->src = (const u8 *)src;
  P->src_end = P->src + len;
  P->pat = (const u8 *)pat;
  P->pat_end = P->pat + plen;
  P->start = P->end = 0;
  P->last = -1;
  P->anchored = false;
  P->mode = RV_PAT_START;
  P->first = UNKNOWN;
  P->level = P->depth = 0;
  P->left = 0;
  P->tests = P->nsets = 0;
  P->error = NULL;
  P->error_arg = -1;
}

bool rv_pat_is_plain(const char *pat, u32 len) {
  for (u32 i = 0; i < len; i++) {
    switch (pat[i]) {
    case '^': case '$': case '*': case '+': case '?': case '.': case '(':
    case '[': case '%': case '-': return false;
    default: break;
    }
  }
  return true;
}

/* -- State as words ------------------------------------------------------------
     0  start | mode << 32         3  level | depth << 32
     1  p | s << 32                4  left
     2  x                          then captures: at | len << 32
   then choices, two words each: p | s << 32, n. Places are offsets. */

static u64 pair(u64 low, u64 high) { return low | high << 32; }

u32 rv_pat_words(const RvPat *P) {
  u64 n = (u64)(P->pat_end - P->pat);
  u64 captures = n < RV_PAT_CAPTURES ? n : RV_PAT_CAPTURES;
  u64 choices = n < RV_PAT_DEPTH ? n : RV_PAT_DEPTH;
  return (u32)(5 + captures + 2 * choices);
}

u32 rv_pat_save(const RvPat *P, u64 w[RV_PAT_WORDS]) {
  u32 n = 0;
  w[n++] = pair(P->start, P->mode);
  w[n++] = P->mode <= RV_PAT_SKIP
               ? 0
               : pair((u64)(P->p - P->pat), (u64)(P->s - P->src));
  w[n++] = P->mode == RV_PAT_NEST ? P->x : 0;
  w[n++] = pair(P->level, P->depth);
  w[n++] = (u64)P->left;
  for (u32 i = 0; i < P->level; i++)
    w[n++] = pair(P->cap[i].at, (u32)P->cap[i].len);
  for (u32 i = 0; i < P->depth; i++) {
    const RvPatFrame *f = &P->frame[i];
    w[n++] = pair((u64)(f->p - P->pat), (u64)(f->s - P->src));
    w[n++] = f->n;
  }
  return n;
}

/* Finds out what kind of choice the item makes; false: none. */
static bool load_kind(const RvPat *P, RvPatFrame *f) {
  const char *error;
  f->ep = f->p;
  if (*f->p == '(' || *f->p == ')') {
    f->kind = *f->p == '(' ? OPEN : CLOSE;
    return true;
  }
  f->ep = item_end(P, f->p, &error);
  if (!f->ep) return false;
  switch (quantifier(P, f->ep)) {
  case '*':
  case '+': f->kind = MOST; return true;
  case '-': f->kind = LEAST; return true;
  case '?': f->kind = MAYBE; return true;
  default: return false;
  }
}

static bool load_frame(const RvPat *P, RvPatFrame *f, u64 place, u64 n) {
  u64 len = (u64)(P->src_end - P->src), plen = (u64)(P->pat_end - P->pat);
  if ((u32)place >= plen || place >> 32 > len || n >> 32) return false;
  f->p = P->pat + (u32)place;
  f->s = P->src + (place >> 32);
  f->n = (u32)n;
  f->begin = -2;
  if (!load_kind(P, f)) return false;
  if (f->kind == CLOSE) return n < P->level;
  return n <= len - (place >> 32);
}

static bool load_captures(RvPat *P, const u64 *w) {
  u64 len = (u64)(P->src_end - P->src);
  for (u32 i = 0; i < P->level; i++) {
    RvPatCapture cap = {(u32)w[i], (i32)(w[i] >> 32)};
    if (cap.at > len || cap.len < RV_CAP_POSITION) return false;
    if (cap.len > 0 && (u64)cap.len > len - cap.at) return false;
    P->cap[i] = cap;
  }
  return true;
}

static bool load_place(RvPat *P, u64 place, u64 x) {
  u64 len = (u64)(P->src_end - P->src), plen = (u64)(P->pat_end - P->pat);
  if ((u32)place > plen || place >> 32 > len || x >> 32) return false;
  P->p = P->pat + (u32)place;
  P->s = P->src + (place >> 32);
  P->x = (u32)x;
  return P->mode != RV_PAT_NEST || (P->pat_end - P->p >= 4 && x > 0);
}

bool rv_pat_load(RvPat *P, const u64 *w, u32 n) {
  if (n < 5) return false;
  u64 level = (u32)w[3], depth = w[3] >> 32;
  if (w[0] >> 32 >= RV_PAT_NMODES || level > RV_PAT_CAPTURES ||
      depth > RV_PAT_DEPTH || n < 5 + level + 2 * depth ||
      (u32)w[0] > P->src_end - P->src)
    return false;
  P->start = (u32)w[0];
  P->mode = (u8)(w[0] >> 32);
  P->level = (u32)level;
  P->left = (i64)w[4];
  if (P->left > 1 << 20 || !load_place(P, w[1], w[2]) ||
      !load_captures(P, w + 5))
    return false;
  u32 opened = 0;
  w += 5 + level;
  for (P->depth = 0; P->depth < depth; P->depth++, w += 2) {
    RvPatFrame *f = &P->frame[P->depth];
    if (!load_frame(P, f, w[0], w[1])) return false;
    opened += f->kind == OPEN;
  }
  if (opened != level) return false;
  return P->mode != RV_PAT_SCAN ||
         (depth && P->frame[depth - 1].kind == MOST);
}
