/* SPDX-License-Identifier: MIT */
/* C functions that the tests import: one for each type that can cross. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int8_t add_i8(int8_t a, int8_t b) { return (int8_t)(a + b); }
uint8_t add_u8(uint8_t a, uint8_t b) { return (uint8_t)(a + b); }
int16_t add_i16(int16_t a, int16_t b) { return (int16_t)(a + b); }
uint16_t add_u16(uint16_t a, uint16_t b) { return (uint16_t)(a + b); }
int32_t add_i32(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a + (uint32_t)b);
}
uint32_t add_u32(uint32_t a, uint32_t b) { return a + b; }
int64_t add_i64(int64_t a, int64_t b) {
  return (int64_t)((uint64_t)a + (uint64_t)b);
}
uint64_t add_u64(uint64_t a, uint64_t b) { return a + b; }
float add_f32(float a, float b) { return a + b; }
double add_f64(double a, double b) { return a + b; }
bool flip(bool b) { return !b; }

/* Ten arguments of mixed types: some of them go to the stack everywhere. */
double mixed(int8_t a, double b, uint16_t c, float d, int64_t e, double f,
             uint8_t g, float h, int32_t i, uint64_t j) {
  return a + b + c + (double)d + (double)e + f + g + (double)h + i + (double)j;
}

int64_t length(const char *s) { return s ? (int64_t)strlen(s) : -1; }
int64_t sum_bytes(const uint8_t *p, uint32_t n) {
  int64_t sum = 0;
  for (uint32_t i = 0; i < n; i++) sum += p[i];
  return sum;
}
void fill(uint8_t *p, uint8_t v, uint32_t n) { memset(p, v, n); }
const char *greeting(void) { return "hello"; }
const char *nothing(void) { return NULL; }

void *box(int64_t v) {
  int64_t *p = malloc(sizeof *p);
  if (p) *p = v;
  return p;
}
int64_t peek(const void *p) { return p ? *(const int64_t *)p : -1; }
void unbox(void *p) { free(p); }

/* Calls back n times with 0 .. n-1 and adds up what comes back. */
int64_t each(int64_t n, int64_t (*fn)(int64_t)) {
  int64_t sum = 0;
  for (int64_t i = 0; i < n; i++) sum += fn(i);
  return sum;
}
int32_t narrow(int8_t (*fn)(int8_t, uint16_t, float)) {
  return fn(-3, 65535, 0.5f);
}
void call_void(void (*fn)(void)) { if (fn) fn(); }
void sort4(void *base, uint32_t n, int32_t (*cmp)(const void *, const void *)) {
  qsort(base, n, 4, cmp);
}
