/* SPDX-License-Identifier: MIT */
/* Strings: the table of interned ones, append buffers, comparison.

   The table of interned strings is open addressing with linear probing over two
   arrays in one piece of host memory: the strings, and behind them one byte for
   each, zero where the slot is free, else seven bits of the hash. A probe reads
   bytes that lie side by side and looks at a string when its byte fits.

     slot[0] .. slot[size-1] | mark[0] .. mark[size-1]

   After each marking the dead go and the rest moves up, in place, so that a
   collection needs no memory.

   Append buffers: the result of a .. b that is long enough is a view of the
   first len bytes of a buffer. A view that ends where its buffer's bytes end is
   the newest one; appending to it writes behind it and makes another view,
   which is the newest one then. Older views keep seeing their own bytes, since
   bytes in use are never written again. Appending to an older view, or to a
   flat string, starts a new buffer. When the bytes move, every view follows,
   because all read through the buffer. */
#include "vm/str.h"

#include "vm/err.h"
#include "vm/hash.h"
#include "vm/num.h"

/* -- Sizes ----------------------------------------------------------------- */

size_t rv_str_size(const RvString *s) {
  if (s->h.flags & RV_STR_VIEW) return sizeof(RvString);
  return RV_STR_FLAT_SIZE(s->len);
}

u64 rv_str_lsize(const RvString *s) {
  return RV_LSIZE_STRING(s->h.flags & RV_STR_VIEW ? 0 : s->len);
}

/* -- Interned strings ------------------------------------------------------ */

#define TABLE_MIN 64u

static size_t table_bytes(u32 size) {
  return (size_t)size * (sizeof(RvString *) + 1);
}
static u8 *table_marks(const RvStrTab *t) { return (u8 *)(t->slot + t->size); }
static u8 mark_of(u32 hash) { return (u8)(hash >> 24 | 1); }

static u32 free_slot(const RvStrTab *t, u32 hash) {
  const u8 *mark = table_marks(t);
  u32 i = hash & (t->size - 1);
  while (mark[i]) i = (i + 1) & (t->size - 1);
  return i;
}

static void table_put(RvStrTab *t, RvString *s) {
  u32 i = free_slot(t, s->h.shape);
  t->slot[i] = s;
  table_marks(t)[i] = mark_of(s->h.shape);
}

static RvString *table_find(const RvStrTab *t, const char *p, size_t len,
                            u32 hash) {
  const u8 *mark = table_marks(t);
  u8 want = mark_of(hash);
  for (u32 i = hash & (t->size - 1); mark[i]; i = (i + 1) & (t->size - 1)) {
    if (mark[i] != want) continue;
    RvString *s = t->slot[i];
    if (s->h.shape == hash && s->len == len &&
        memcmp(rv_str_bytes(s), p, len) == 0)
      return s;
  }
  return NULL;
}

static bool table_resize(RvMachine *m, u32 size) {
  RvStrTab *t = &m->strtab, old = *t;
  RvString **slot = rv_mem_realloc(m, NULL, 0, table_bytes(size));
  if (!slot) return false;
  memset(slot, 0, table_bytes(size));
  *t = (RvStrTab){slot, size, old.used};
  for (u32 i = 0; i < old.size; i++)
    if (old.slot[i]) table_put(t, old.slot[i]);
  rv_mem_free(m, old.slot, table_bytes(old.size));
  return true;
}

/* Room for one more: three quarters full is enough, but a host that is short of
   memory may have fifteen sixteenths. */
static bool table_ensure(RvMachine *m) {
  RvStrTab *t = &m->strtab;
  if (t->used < t->size / 4 * 3) return true;
  if (t->size < 1u << 31 && table_resize(m, t->size * 2)) return true;
  return t->used < t->size / 16 * 15;
}

bool rv_strtab_init(RvMachine *m) {
  m->strtab = (RvStrTab){0};
  return table_resize(m, TABLE_MIN);
}

void rv_strtab_fini(RvMachine *m) {
  rv_mem_free(m, m->strtab.slot, table_bytes(m->strtab.size));
  m->strtab = (RvStrTab){0};
}

/* The memory of an interned string is small, whatever its length: no need to
   look at the string. */
static bool is_alive(const RvString *s) {
  return rv_gc_is_marked(&s->h, sizeof *s);
}

static u32 count_dead(const RvStrTab *t) {
  u32 n = 0;
  for (u32 i = 0; i < t->size; i++) n += t->slot[i] && !is_alive(t->slot[i]);
  return n;
}

static RvString *table_take(RvStrTab *t, u32 i) {
  RvString *s = t->slot[i];
  t->slot[i] = NULL;
  table_marks(t)[i] = 0;
  return s;
}

/* Takes string i out. Those behind it in its probe run are put back one by one;
   none lands before the hole. */
static void table_remove(RvStrTab *t, u32 i) {
  u32 mask = t->size - 1;
  table_take(t, i);
  for (i = (i + 1) & mask; t->slot[i]; i = (i + 1) & mask)
    table_put(t, table_take(t, i));
}

/* Every string is taken out and put back unless it is dead, going round from a
   free slot: what belongs before a string's slot has been put back before it,
   and nothing later can be in its way. */
static void table_rebuild(RvStrTab *t) {
  u32 start = 0, mask = t->size - 1;
  while (t->slot[start]) start++;
  for (u32 n = 1; n <= mask; n++) {
    u32 i = (start + n) & mask;
    if (!t->slot[i]) continue;
    RvString *s = table_take(t, i);
    if (is_alive(s)) table_put(t, s);
  }
}

/* As a rule few strings have died, and the others need not be touched: this is
   a good half of the time of a collection with many strings. */
void rv_strtab_sweep(RvMachine *m) {
  RvStrTab *t = &m->strtab;
  u32 dead = count_dead(t);
  if (dead > t->used / 8)
    table_rebuild(t);
  else
    for (u32 i = 0; dead > 0 && i < t->size; i++)
      while (t->slot[i] && !is_alive(t->slot[i])) table_remove(t, i);
  t->used -= dead;
  u32 size = t->size;
  while (size > TABLE_MIN && t->used < size / 8) size /= 2;
  if (size < t->size) table_resize(m, size); /* or it stays large */
}

/* -- Making strings -------------------------------------------------------- */

static RvString *flat_new(RvMachine *m, size_t len) {
  RvString *s =
      rv_heap_new(m, RV_STR_FLAT_SIZE(len), RV_LSIZE_STRING(len), RV_STR);
  if (!s) return NULL;
  s->len = (u32)len;
  rv_str_bytes(s)[len] = 0;
  return s;
}

RvString *rv_str_intern(RvMachine *m, const char *p, size_t len, u32 hash) {
  RV_ASSERT(len <= RV_INTERN_MAX, "%zu bytes", len);
  RvString *s = table_find(&m->strtab, p, len, hash);
  if (s) return s;
  if (!table_ensure(m)) {
    rv_err_memory(m->th);
    return NULL;
  }
  /* A collection here may shrink the table, but only to one with room. */
  if (!(s = flat_new(m, len))) return NULL;
  memcpy(rv_str_bytes(s), p, len);
  s->h.flags = RV_STR_INTERNED | RV_STR_HASHED;
  s->h.shape = hash;
  table_put(&m->strtab, s);
  m->strtab.used++;
  return s;
}

RvString *rv_str_new(RvMachine *m, const char *p, size_t len) {
  if (len <= RV_INTERN_MAX)
    return rv_str_intern(m, p, len, rv_str_hash(p, len));
  RvString *s = rv_str_raw(m, len);
  if (s) memcpy(rv_str_bytes(s), p, len);
  return s;
}

RvString *rv_str_newz(RvMachine *m, const char *z) {
  return rv_str_new(m, z, strlen(z));
}

static RvString *too_long(RvMachine *m) {
  rv_err(m->th, "string too long");
  return NULL;
}

RvString *rv_str_raw(RvMachine *m, size_t len) {
  RV_ASSERT(len > RV_INTERN_MAX, "%zu bytes", len);
  return len <= RV_MAX_STRING ? flat_new(m, len) : too_long(m);
}

RvString *rv_str_fmt(RvMachine *m, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  RvString *s = rv_str_vfmt(m, fmt, ap);
  va_end(ap);
  return s;
}

RvString *rv_str_vfmt(RvMachine *m, const char *fmt, va_list ap) {
  char buf[501];
  return rv_str_new(m, buf, rv_num_vfmt(buf, sizeof buf, fmt, ap));
}

/* -- Appending ------------------------------------------------------------- */

/* Results below this are flat: not worth a buffer. */
#define VIEW_MIN 128u

static RvString *join_flat(RvMachine *m, const RvString *a, const char *b,
                           size_t blen) {
  char buf[VIEW_MIN];
  size_t len = a->len + blen;
  memcpy(buf, rv_str_data(a), a->len);
  memcpy(buf + a->len, b, blen);
  return rv_str_new(m, buf, len);
}

/* A view of nothing yet: len is set when the bytes are there. */
static RvString *view_new(RvMachine *m, RvStrBuf *buf, u64 logical) {
  RvString *s = rv_heap_new(m, sizeof *s, logical, RV_STR);
  if (!s) return NULL;
  s->h.flags = RV_STR_VIEW;
  s->len = 0;
  s->buf = buf;
  return s;
}

/* The buffer's bytes get a block of cap bytes; an old view's data moves. */
static bool buf_resize(RvMachine *m, RvStrBuf *buf, size_t cap, u64 logical) {
  char *data = rv_heap_regrow(m, buf->data, buf->cap, cap, logical);
  if (!data) return false;
  buf->data = data;
  buf->cap = (u32)cap;
  rv_barrier(m, buf, RV_STRBUF);
  return true;
}

static void buf_put(RvStrBuf *buf, const char *p, size_t n) {
  memcpy(buf->data + buf->used, p, n);
  buf->used += (u32)n;
}

/* Exactly as much as needed: most long strings are never appended to. */
static RvString *append_first(RvMachine *m, const RvString *a, const char *b,
                              size_t blen) {
  size_t len = a->len + blen;
  RvStrBuf *buf = rv_heap_new(m, sizeof *buf, RV_LSIZE_STRBUF(0), RV_STRBUF);
  if (!buf) return NULL;
  buf->used = buf->cap = 0;
  buf->data = NULL;
  rv_root_push(m, rv_obj(buf, RV_STRBUF));
  RvString *s = view_new(m, buf, RV_LSIZE_STRING(0));
  if (!s) return NULL;
  rv_root_push(m, rv_strv(s));
  if (!buf_resize(m, buf, len + 1, len)) return NULL;
  buf_put(buf, rv_str_data(a), a->len);
  buf_put(buf, b, blen);
  return s;
}

/* The charge does not depend on whether the buffer happens to have room: what
   has been learned about a string's growth never shows in the ledger (I6). */
static RvString *append_next(RvMachine *m, RvStrBuf *buf, const char *b,
                             size_t blen) {
  RvString *s = view_new(m, buf, RV_LSIZE_STRING(0) + blen);
  if (!s) return NULL;
  size_t len = buf->used + blen, cap = (size_t)buf->cap * 2;
  if (len < buf->cap) {
    buf_put(buf, b, blen);
    return s;
  }
  rv_root_push(m, rv_strv(s));
  if (cap > RV_MAX_STRING + 1u) cap = RV_MAX_STRING + 1u;
  /* b may be bytes of this very buffer. */
  size_t at = (uintptr_t)b - (uintptr_t)buf->data;
  bool inside = at < buf->used;
  if (!buf_resize(m, buf, cap > len ? cap : len + 1, 0)) return NULL;
  buf_put(buf, inside ? buf->data + at : b, blen);
  return s;
}

RvString *rv_str_append(RvMachine *m, RvString *a, const char *b, size_t blen) {
  if (blen == 0) return a;
  if (blen > RV_MAX_STRING - a->len) return too_long(m);
  if (a->len + blen < VIEW_MIN) return join_flat(m, a, b, blen);
  u32 roots = rv_root_open(m);
  bool newest = (a->h.flags & RV_STR_VIEW) && a->len == a->buf->used;
  RvString *s = newest ? append_next(m, a->buf, b, blen)
                       : append_first(m, a, b, blen);
  rv_root_close(m, roots);
  if (!s) return NULL;
  s->len = s->buf->used;
  s->buf->data[s->len] = 0;
  return s;
}

/* -- Comparison ------------------------------------------------------------ */

bool rv_str_eq_slow(const RvString *a, const RvString *b) {
  if (a->len != b->len) return false;
  if ((a->h.flags & b->h.flags & RV_STR_HASHED) && a->h.shape != b->h.shape)
    return false;
  const char *p = rv_str_data(a), *q = rv_str_data(b);
  return p == q || memcmp(p, q, a->len) == 0;
}

int rv_str_cmp(const RvString *a, const RvString *b) {
  size_t n = a->len < b->len ? a->len : b->len;
  int r = memcmp(rv_str_data(a), rv_str_data(b), n);
  return r != 0 ? r : (a->len > b->len) - (a->len < b->len);
}

u32 rv_str_hash_of(RvString *s) {
  if (!(s->h.flags & RV_STR_HASHED)) {
    s->h.shape = rv_str_hash(rv_str_data(s), s->len);
    s->h.flags |= RV_STR_HASHED;
  }
  return s->h.shape;
}
