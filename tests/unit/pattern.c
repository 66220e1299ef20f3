/* SPDX-License-Identifier: MIT */
/* The pattern engine by itself: stopped at every step and taken through words,
   and made to go on from words that are none of its own. What matches what is
   the business of tests/diff/strings.py. */
#include "tests/tap.h"

#include "stdlib/pattern.h"

static const struct Case {
  const char *subject, *pattern;
} cases[] = {
  {"hello world", "(o)(.)"},
  {"  key = value  ", "^%s*(%S+)%s*=%s*(.-)%s*$"},
  {"aaaaaaaaaaaaaaaaaaaaaaaaaaaa", ".-.-b$"},
  {"aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a*a*a?a-b"},
  {"aaaaaaaaaaaabaaaaaaaaaabcaaa", "(a*(.)%w(%s*))b()c"},
  {"x(a(b)c)y((", "%b()()"},
  {"((((((((((((((", "%b()"},
  {"THE (quick) fox", "%f[%a]%a+%f[%A]"},
  {"abcabcabc", "(abc)%1%1$"},
  {"0123456789abcdef", "[%d-][^%a]-([a-f]+)$"},
  {"aaaaaaaab", "((a-)(a*))(b?)$"},
  {"ab", "(((((((((.?)))))))))"},
};
enum { NCASES = sizeof cases / sizeof *cases };

static RvPat P, Q;
static u64 words[RV_PAT_WORDS];

static void begin(RvPat *p, const struct Case *c) {
  rv_pat_init(p, c->subject, (u32)strlen(c->subject), c->pattern,
              (u32)strlen(c->pattern));
}

static bool same(RvPatResult a, RvPatResult b) {
  if (a != b) return false;
  if (a != RV_PAT_FOUND) return true;
  return P.start == Q.start && P.end == Q.end && P.level == Q.level &&
         !memcmp(P.cap, Q.cap, P.level * sizeof *P.cap);
}

/* Runs with so many steps at a time, each time from words alone. */
static RvPatResult run_in_pieces(const struct Case *c, i64 steps, i64 *used) {
  begin(&Q, c);
  Q.left = steps;
  *used = steps;
  RvPatResult r;
  while ((r = rv_pat_search(&Q)) == RV_PAT_PAUSE) {
    u32 n = rv_pat_save(&Q, words);
    if (n > rv_pat_words(&Q)) return RV_PAT_ERROR;
    memset(&Q, 0xee, sizeof Q);
    begin(&Q, c);
    if (!rv_pat_load(&Q, words, n)) return RV_PAT_ERROR;
    do {
      Q.left += steps;
      *used += steps;
    } while (Q.left <= 0);
  }
  return r;
}

static void test_pieces(void) {
  for (int i = 0; i < NCASES; i++) {
    begin(&P, &cases[i]);
    P.left = 1 << 20;
    RvPatResult whole = rv_pat_search(&P);
    i64 used;
    int bad = 0;
    for (i64 steps = 1; steps < 40; steps++)
      bad += !same(whole, run_in_pieces(&cases[i], steps, &used));
    ok(whole != RV_PAT_PAUSE && bad == 0, "'%s' on '%s' in pieces",
       cases[i].pattern, cases[i].subject);
  }
}

static u32 seed = 99;
static u32 random32(void) {
  seed = seed * 1664525u + 1013904223u;
  return seed >> 8 ^ seed << 16;
}

static u64 spoil(u64 w) {
  switch (random32() % 6) {
  case 0: return w + 1;
  case 1: return w ^ 1ull << random32() % 64;
  case 2: return w ^ (u64)(random32() % 8) << 32;
  case 3: return random32() % 32 | (u64)(random32() % 32) << 32;
  case 4: return ~0ull;
  default: return (u64)random32() << 32 | random32();
  }
}

/* Whatever is let pass must run to an end (asan watches where it reads). */
static void test_spoilt(void) {
  int passed = 0, endless = 0;
  for (int round = 0; round < 60000; round++) {
    const struct Case *c = &cases[random32() % NCASES];
    begin(&P, c);
    P.left = random32() % 60;
    if (rv_pat_search(&P) != RV_PAT_PAUSE) continue;
    u32 n = rv_pat_save(&P, words);
    for (u32 k = 1 + random32() % 3; k; k--) {
      u32 i = random32() % n;
      words[i] = spoil(words[i]);
    }
    begin(&Q, c);
    if (!rv_pat_load(&Q, words, n)) continue;
    passed++;
    Q.left = 200000;
    endless += rv_pat_search(&Q) == RV_PAT_PAUSE;
    if (Q.level > RV_PAT_CAPTURES || Q.depth > RV_PAT_DEPTH) endless++;
  }
  ok(passed > 1000, "%d spoilt states were let pass", passed);
  is_int(endless, 0, "and came to an end");
  begin(&Q, &cases[0]);
  memset(words, 0, sizeof words);
  ok(!rv_pat_load(&Q, words, 4), "too few words");
  words[3] = 1ull << 32 | 1;
  ok(!rv_pat_load(&Q, words, 6), "words for a choice are missing");
}

/* Backtracking goes on as long as it is paid, and no longer. */
static void test_bomb(void) {
  static char a[10001];
  memset(a, 'a', 10000);
  struct Case c = {a, ".-.-.-.-b$"};
  begin(&P, &c);
  P.left = 1000000;
  ok(rv_pat_search(&P) == RV_PAT_PAUSE, "a bomb uses up its steps");
  ok(P.left < 0 && P.left > -2000, "and stops in time");
  ok(P.depth < 5, "with few choices open");
  a[300] = 0;
  i64 used;
  c.pattern = ".-.-b$";
  ok(run_in_pieces(&c, 1000, &used) == RV_PAT_NONE,
     "a smaller one ends in pieces");
  ok(used > 300 * 300 / 2, "after work enough: %" PRId64, used);
}

int main(void) {
  test_pieces();
  test_spoilt();
  test_bomb();
  return done_testing();
}
