/* SPDX-License-Identifier: MIT */
/* xoshiro256** (David Blackman and Sebastiano Vigna, public domain). */
#include "vm/random.h"

static u64 rotate(u64 x, int n) { return x << n | x >> (64 - n); }

u64 rv_random(RvMachine *m) {
  u64 *s = m->random, t = s[1] << 17, bits = rotate(s[1] * 5, 7) * 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return bits;
}

/* The state must not be all zeros, and similar seeds need a few rounds to come
   apart. */
void rv_random_seed(RvMachine *m, u64 a, u64 b) {
  enum { ROUNDS = 16 };
  m->random[0] = a;
  m->random[1] = 0xff;
  m->random[2] = b;
  m->random[3] = 0;
  for (int i = 0; i < ROUNDS; i++) rv_random(m);
}

u64 rv_random_upto(RvMachine *m, u64 bits, u64 n) {
  /* The mask that just covers n hits it in one of two tries at least. */
  u64 mask = n;
  for (int i = 1; i < 64; i *= 2) mask |= mask >> i;
  while ((bits &= mask) > n) bits = rv_random(m);
  return bits;
}
