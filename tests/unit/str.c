/* SPDX-License-Identifier: MIT */
/* vm/str and vm/strops: identity of interned strings, append buffers and the
   ledger, with collections of both kinds in between. */
#include "tests/tap.h"

#include "vm/hash.h"
#include "vm/num.h"
#include "vm/str.h"
#include "vm/strops.h"
#include "vm/table.h"

static RvMachine *m;
static RvTable *kept; /* what it holds stays alive */
static i64 nkept;

static u64 random_state = 88172645463325252ull;
static u64 random64(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  return random_state ^= random_state << 17;
}

static RvString *keep(RvString *s) {
  u32 roots = rv_root_open(m);
  rv_root_push(m, rv_strv(s));
  if (rv_table_set(m, kept, rv_int(++nkept), rv_strv(s)) != RV_OK)
    bail_out("no memory for a table entry");
  rv_root_close(m, roots);
  return s;
}

/* Forgets everything kept so far. */
static void keep_anew(void) {
  rv_root_close(m, 0);
  kept = rv_table_new(m, 0, 0);
  nkept = 0;
  rv_root_push(m, rv_obj(kept, RV_TABLE));
}

static bool is_bytes(const RvString *s, const char *p, size_t len) {
  return s && s->len == len && memcmp(rv_str_data(s), p, len) == 0;
}

/* -- Interned strings ------------------------------------------------------ */

static void test_identity(void) {
  char buf[64];
  int bad = 0;
  for (size_t i = 0; i < sizeof buf; i++) buf[i] = (char)(i * 37);
  for (size_t len = 0; len <= RV_INTERN_MAX; len++) {
    RvString *a = keep(rv_str_new(m, buf, len));
    RvString *b = rv_str_new(m, buf, len);
    bad += a != b || !is_bytes(a, buf, len) || rv_str_data(a)[len] != 0 ||
           rv_str_hash_of(a) != rv_str_hash(buf, len);
  }
  ok(bad == 0, "equal short strings are one object");
  RvString *a = keep(rv_str_new(m, buf, 41)), *b = rv_str_new(m, buf, 41);
  ok(a != b && rv_str_eq(a, b) && rv_str_data(a)[41] == 0,
     "long ones are equal by their bytes");
  ok(rv_str_newz(m, "") == m->empty, "the empty string is the machine's");
  ok(rv_str_new(m, "a\0b", 3) != rv_str_new(m, "a\0c", 3) &&
         rv_str_new(m, "a\0b", 3)->len == 3, "a NUL is a byte like others");
  ok(rv_str_char(m, 'q') == rv_str_newz(m, "q") &&
         rv_str_byte(rv_str_char(m, 255), 1) == 255 &&
         rv_str_char(m, 0)->len == 1, "strings of one byte");
}

static RvString *numbered(i64 i) {
  char buf[RV_NUM_TEXT + 1] = "k";
  return rv_str_new(m, buf, 1 + rv_num_texti(i, buf + 1));
}

/* Some of n strings are kept, the others die; the table must find the first
   where they were, and no other. */
static bool sweep_round(int n, unsigned part) {
  keep_anew();
  rv_gc_full(m);
  u32 before = m->strtab.used, count = 0;
  RvString **slot = calloc((size_t)n, sizeof *slot);
  for (int i = 0; i < n; i++) {
    RvString *s = numbered(i);
    if (random64() % 100 >= part) continue;
    slot[i] = keep(s);
    count++;
  }
  rv_gc_full(m);
  bool good = m->strtab.used == before + count &&
              m->strtab.used <= m->strtab.size / 4 * 3;
  for (int i = 0; i < n; i++) {
    u64 bytes = rv_guest_bytes(m), collections = m->stats.collections;
    RvString *s = numbered(i);
    if (slot[i] && s != slot[i]) good = false;
    if (m->stats.collections != collections) continue;
    u64 charge = slot[i] ? 0 : RV_LSIZE_STRING(s->len);
    if (rv_guest_bytes(m) - bytes != charge) good = false;
  }
  for (int i = 0; i < n; i++)
    if (slot[i] && numbered(i) != slot[i]) good = false;
  free(slot);
  return good;
}

static void test_sweep(int n) {
  for (unsigned part = 0; part <= 100; part += 20)
    ok(sweep_round(n, part), "%d strings, %u of 100 survive", n, part);
  keep_anew();
  rv_gc_full(m);
  ok(m->strtab.size <= 1024, "the table shrinks with its content");
  RvString *s = keep(rv_str_newz(m, "survivor"));
  u64 bytes = rv_guest_bytes(m);
  rv_gc_physical(m);
  ok(rv_str_newz(m, "survivor") == s && rv_guest_bytes(m) == bytes,
     "a physical collection changes nothing");
}

/* -- Append buffers -------------------------------------------------------- */

static char text[1 << 21];

static RvString *append(RvString *a, const char *b, size_t blen) {
  u32 roots = rv_root_open(m);
  rv_root_push(m, rv_strv(a));
  RvString *s = rv_str_append(m, a, b, blen);
  rv_root_close(m, roots);
  return s;
}

static void test_lengths(void) {
  int bad = 0;
  for (size_t a = 0; a < 300; a += a < 140 ? 3 : 31)
    for (size_t b = 0; b < 300; b += b < 140 ? 1 : 17) {
      RvString *s = append(rv_str_new(m, text, a), text + a, b);
      bool view = s && (s->h.flags & RV_STR_VIEW);
      bad += !is_bytes(s, text, a + b) || rv_str_data(s)[a + b] != 0 ||
             view != (b > 0 && a + b >= 128) ||
             !(s->h.flags & RV_STR_INTERNED) != (a + b > RV_INTERN_MAX);
    }
  ok(bad == 0, "lengths around the limits of interning and views");
}

static void test_accumulation(size_t end) {
  keep_anew();
  RvString *s = m->empty, *old[64];
  size_t at[64], nold = 0, len = 0;
  bool good = true;
  while (len < end) {
    size_t n = 1 + random64() % 60;
    s = append(s, text + len, n);
    len += n;
    rv_root_close(m, 1);
    rv_root_push(m, rv_strv(s));
    good = good && is_bytes(s, text, len) && rv_str_data(s)[len] == 0;
    if (nold < 64 && random64() % 200 == 0) {
      old[nold] = keep(s);
      at[nold++] = len;
    }
    if (random64() % 3000 == 0) rv_gc_full(m);
  }
  keep(s);
  rv_gc_full(m);
  ok(good && is_bytes(s, text, len), "%zu bytes by appending", len);
  for (size_t i = 0; i < nold; i++)
    good = good && is_bytes(old[i], text, at[i]);
  ok(good, "%zu older views are what they were", nold);
}

static void test_aliasing(void) {
  keep_anew();
  RvString *a = keep(append(rv_str_new(m, text, 200), text + 200, 100));
  RvString *b = keep(append(a, "one", 3)), *c = keep(append(a, "two!", 4));
  RvString *d = keep(append(b, "three", 5)), *e = keep(append(c, "four", 4));
  char want[320];
  memcpy(want, text, 300);
  memcpy(want + 300, "onethree", 8);
  bool good = is_bytes(a, want, 300) && is_bytes(b, want, 303) &&
              is_bytes(d, want, 308);
  memcpy(want + 300, "two!four", 8);
  good = good && is_bytes(c, want, 304) && is_bytes(e, want, 308);
  ok(good, "two strings grown from one do not meet");
  ok(a->buf == b->buf && b->buf == d->buf && c->buf != b->buf &&
         c->buf == e->buf, "the first goes on in place, the second copies");
  rv_gc_full(m);
  ok(is_bytes(a, want, 300) && is_bytes(e, want, 308),
     "nor after a collection");
}

static void test_self_append(void) {
  keep_anew();
  RvString *s = rv_str_new(m, text, 100);
  bool good = true;
  for (size_t len = 100; len < sizeof text / 2; len *= 2) {
    s = append(s, rv_str_data(s), len);
    memcpy(text + len, text, len);
    good = good && is_bytes(s, text, 2 * len);
  }
  ok(good, "s .. s doubles");
  size_t len = s->len;
  for (int i = 0; i < 50; i++) {
    size_t from = random64() % len, n = random64() % (len - from) % 5000;
    s = append(s, rv_str_data(s) + from, n);
    memcpy(text + len, text + from, n);
    len += n;
  }
  ok(is_bytes(s, text, len), "parts of itself");
}

/* Room learned by growing must not show: each append costs the same. */
static void test_charges(void) {
  keep_anew();
  rv_gc_full(m);
  RvString *s = keep(rv_str_new(m, text, 100));
  u64 bytes = rv_guest_bytes(m);
  s = append(s, text, 100);
  is_int((i64)(rv_guest_bytes(m) - bytes), 16 + 24 + 200, "first append");
  int bad = 0;
  for (int i = 0; i < 500; i++) {
    bytes = rv_guest_bytes(m);
    s = append(s, text, 7);
    bad += rv_guest_bytes(m) - bytes != 16 + 7;
  }
  ok(bad == 0, "each further append: the view and the bytes");
  keep_anew();
  rv_gc_full(m);
  u64 rest = rv_guest_bytes(m);
  s = append(rv_str_new(m, text, 100), text, 100);
  s = append(s, text, 100);
  rv_root_push(m, rv_strv(s));
  rv_gc_full(m);
  is_int((i64)(rv_guest_bytes(m) - rest), 16 + 24 + 300,
         "alive: the view and the bytes in use");
}

static bool error_is(const char *part) {
  RvValue e = m->th->err;
  m->th->err = rv_nil();
  if (e.t != RV_STR) return false;
  RvString *s = RV_AS(RvString, e);
  return rv_mem_find(rv_str_data(s), s->len, part, strlen(part)) != NULL;
}

static void test_limits(void) {
  keep_anew();
  RvString *a = keep(rv_str_newz(m, "abc"));
  ok(!append(a, text, RV_MAX_STRING - 2) && error_is("string too long"),
     "append beyond the longest string");
  ok(!rv_str_raw(m, RV_MAX_STRING + 1ul) && error_is("string too long"),
     "a string beyond it");
  rv_gc_full(m);
  u64 limit = m->guest_limit;
  rv_gc_limit(m, rv_guest_bytes(m) + 20000);
  RvString *s = rv_str_new(m, text, 100), *next;
  size_t len = 100;
  while ((next = append(s, text + len, 50))) {
    s = next;
    len += 50;
    rv_root_close(m, 1);
    rv_root_push(m, rv_strv(s));
  }
  ok(m->th->err.p == RV_PAY(m->msg_memory) && len > 18000 && len < 20000,
     "the memory limit ends it (%zu bytes)", len);
  ok(is_bytes(s, text, len), "and leaves the string as it was");
  m->th->err = rv_nil();
  rv_gc_limit(m, limit);
  s = append(s, text + len, 50);
  ok(is_bytes(s, text, len + 50), "with more memory it goes on");
}

/* -- Comparison and parts -------------------------------------------------- */

static int sign(int n) { return (n > 0) - (n < 0); }

static void test_comparison(void) {
  keep_anew();
  RvString *flat = keep(rv_str_new(m, text, 300));
  RvString *view = keep(append(rv_str_new(m, text, 200), text + 200, 100));
  RvString *prefix = keep(append(rv_str_new(m, text, 150), text + 150, 149));
  ok(rv_str_eq(flat, view) && rv_str_cmp(flat, view) == 0, "flat equals view");
  ok(rv_str_hash_of(flat) == rv_str_hash_of(view) && rv_str_eq(flat, view) &&
         rv_str_hash_of(view) == rv_str_hash(text, 300), "and has its hash");
  ok(!rv_str_eq(prefix, view) && rv_str_cmp(prefix, view) < 0 &&
         rv_str_cmp(view, prefix) > 0, "a prefix is less");
  static const struct {
    const char *a, *b;
    size_t na, nb;
    int want;
  } order[] = {
      {"", "", 0, 0, 0}, {"", "a", 0, 1, -1}, {"a", "b", 1, 1, -1},
      {"a\xff", "b", 2, 1, -1}, {"a", "\xe4", 1, 1, -1},
      {"a\0b", "a\0a", 3, 3, 1},
      {"a", "a\0", 1, 2, -1}, {"Z", "a", 1, 1, -1}};
  for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
    RvString *a = keep(rv_str_new(m, order[i].a, order[i].na));
    RvString *b = keep(rv_str_new(m, order[i].b, order[i].nb));
    ok(sign(rv_str_cmp(a, b)) == order[i].want &&
           sign(rv_str_cmp(b, a)) == -order[i].want, "order %zu", i);
  }
}

/* The positions p of the string with i <= p <= j, by looking at each. */
static bool sub_agrees(RvString *s, i64 i, i64 j) {
  char want[300];
  size_t n = 0;
  i64 len = s->len;
  i64 from = i < 0 && i >= -len ? len + 1 + i : i;
  i64 to = j < 0 && j >= -len ? len + 1 + j : j;
  for (i64 p = 1; p <= len; p++)
    if (from <= p && p <= to) want[n++] = rv_str_data(s)[p - 1];
  RvString *r = rv_str_sub(m, s, i, j);
  int byte = from >= 1 && from <= len ? (u8)rv_str_data(s)[from - 1] : -1;
  if (is_bytes(r, want, n) && rv_str_byte(s, i) == byte) return true;
  diag("sub of %d bytes, %" PRId64 " to %" PRId64, (int)len, i, j);
  return false;
}

static void test_parts(void) {
  static const i64 far[] = {INT64_MIN, INT64_MIN + 1, -1000, 1000, INT64_MAX};
  int bad = 0;
  keep_anew();
  RvString *s[] = {m->empty, keep(rv_str_newz(m, "abcdefg")),
                   keep(append(rv_str_new(m, text, 200), text + 200, 60))};
  for (size_t k = 0; k < 3; k++) {
    i64 n = s[k]->len + 3, step = n > 20 ? 13 : 1;
    for (i64 i = -n; i <= n; i += step)
      for (i64 j = -n; j <= n; j += step) bad += !sub_agrees(s[k], i, j);
    for (size_t i = 0; i < 5; i++)
      for (size_t j = 0; j < 5; j++)
        bad += !sub_agrees(s[k], far[i], far[j]) + !sub_agrees(s[k], 2, far[j]);
  }
  ok(bad == 0, "parts of strings");
  ok(rv_str_sub(m, s[2], 1, -1) == s[2], "all of a string is the string");
}

static const char *find_slowly(const char *h, size_t hn, const char *n,
                               size_t nn) {
  for (size_t i = 0; i + nn <= hn; i++)
    if (memcmp(h + i, n, nn) == 0) return h + i;
  return NULL;
}

static void test_find(void) {
  char hay[80], needle[8];
  int bad = 0;
  for (int round = 0; round < 20000; round++) {
    size_t hn = random64() % sizeof hay, nn = random64() % sizeof needle;
    for (size_t i = 0; i < hn; i++) hay[i] = (char)(random64() % 3);
    for (size_t i = 0; i < nn; i++) needle[i] = (char)(random64() % 3);
    bad += rv_mem_find(hay, hn, needle, nn) != find_slowly(hay, hn, needle, nn);
  }
  ok(bad == 0, "searching");
}

static void test_format(void) {
  RvString *s = rv_str_fmt(m, "%s has %d of %lld%c", "it", -3, 1ll << 40, '!');
  ok(is_bytes(s, "it has -3 of 1099511627776!", 27), "formatted");
  char big[700];
  memset(big, 'y', sizeof big);
  s = rv_str_fmt(m, "%.*s", (int)sizeof big, big);
  ok(is_bytes(s, big, 500), "cut at 500 bytes");
}

/* -- The host runs out of memory ------------------------------------------- */

static bool host_fails;

static void *host_alloc(void *ud, void *p, size_t osize, size_t nsize,
                        size_t align) {
  if (nsize == 0) {
    free(p);
    return NULL;
  }
  if (host_fails && nsize > osize) return NULL;
  if (align <= 16) return realloc(p, nsize);
  return posix_memalign(&p, align, nsize) == 0 ? p : NULL;
}

static void test_host_failure(void) {
  keep_anew();
  rv_gc_full(m);
  /* The table as full as it gets: the next growth fails, yet some go in. */
  i64 i = 0;
  while (m->strtab.used < m->strtab.size / 4 * 3) keep(numbered(i++));
  u32 size = m->strtab.size;
  host_fails = true;
  RvString *s = numbered(i);
  ok(s && m->strtab.size == size && numbered(i) == s,
     "a table that cannot grow takes a little more");
  RvString *a = append(rv_str_new(m, text, 100), text + 100, 100), *b = a;
  for (; a; a = append(a, text + a->len, 200)) {
    b = a;
    rv_root_close(m, 1);
    rv_root_push(m, rv_strv(b));
  }
  ok(m->th->err.p == RV_PAY(m->msg_memory) && is_bytes(b, text, b->len),
     "appending ends with the memory error");
  host_fails = false;
  m->th->err = rv_nil();
  size_t len = b->len;
  b = append(b, text + len, 200);
  ok(is_bytes(b, text, len + 200), "and goes on when there is memory");
}

static void run(u8 stress) {
  int n = stress ? 300 : 5000;
  m = rv_machine_new(&(RvConfig){.alloc = host_alloc, .stress = stress});
  if (!m) bail_out("no machine");
  for (size_t i = 0; i < sizeof text; i++) text[i] = (char)random64();
  diag("%s", stress ? "a physical collection at each allocation" : "no stress");
  keep_anew();
  test_identity();
  test_sweep(n);
  test_lengths();
  test_accumulation(stress ? 20000 : 1000000);
  test_aliasing();
  test_self_append();
  test_charges();
  test_limits();
  test_comparison();
  test_parts();
  test_find();
  test_format();
  if (!stress) test_host_failure();
  rv_machine_free(m);
}

int main(void) {
  run(0);
  run(1);
  return done_testing();
}
