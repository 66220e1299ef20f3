/* SPDX-License-Identifier: MIT */
/* vm/num: arithmetic edges, exact comparison, text both ways, any locale. */
#include "tests/tap.h"

#include <locale.h>
#include <math.h>

#include "vm/num.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static u64 random_state = 88172645463325252ull;
static u64 random64(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  return random_state ^= random_state << 17;
}
/* Any finite double, or one with few digits. */
static double random_double(void) {
  double d;
  switch (random64() % 3) {
  case 0: return (double)(i64)(random64() >> (random64() % 60)) / 1000;
  case 1: return (double)(random64() % 100000) / 64;
  default:
    do d = rv_u2d(random64());
    while (!isfinite(d));
    return d;
  }
}

/* -- Integers and floats --------------------------------------------------- */

static const i64 int_edges[] = {
    INT64_MIN, INT64_MIN + 1, -(1ll << 53) - 1, -(1ll << 53), -7, -3, -2, -1, 0,
    1, 2, 3, 7, (1ll << 53) - 1, 1ll << 53, (1ll << 53) + 1, (1ll << 62) + 1,
    INT64_MAX - 512, INT64_MAX - 511, INT64_MAX - 1, INT64_MAX};

static const double float_edges[] = {
    -INFINITY, -1e300, -0x1p63 - 2048, -0x1p63, -0x1p63 + 1024, -0x1p53 - 2,
    -0x1p53, -3.5, -3, -1, -0.5, -0.0, 0.0, 0x1p-1074, 0.5, 1, 2.5, 3,
    0x1p53 - 1, 0x1p53, 0x1p53 + 2, 0x1p62, 0x1p62 + 1024, 0x1p63 - 1024,
    0x1p63, 0x1p63 + 2048, 0x1p64, 1e300, INFINITY, NAN};

static void test_int_division(void) {
  int bad = 0;
  for (size_t i = 0; i < COUNT(int_edges); i++)
    for (size_t j = 0; j < COUNT(int_edges); j++) {
      i64 a = int_edges[i], b = int_edges[j];
      if (b == 0) continue;
      __int128 q = (__int128)a / b, r = (__int128)a % b;
      if (r != 0 && (r < 0) != (b < 0)) q--, r += b;
      if (rv_num_idivi(a, b) != (i64)(u64)q || rv_num_modi(a, b) != (i64)r) {
        diag("%" PRId64 " // %" PRId64, a, b);
        bad++;
      }
    }
  ok(bad == 0, "floored integer division");
  is_int(rv_num_idivi(INT64_MIN, -1), INT64_MIN, "minint // -1 wraps");
  is_int(rv_num_modi(INT64_MIN, -1), 0, "minint % -1");
  is_int(rv_num_shl(1, 63), INT64_MIN, "1 << 63");
  is_int(rv_num_shl(1, 64), 0, "1 << 64");
  is_int(rv_num_shl(-1, -1), INT64_MAX, "shift left by a negative number");
  is_int(rv_num_shr(-1, 60), 15, "shift right is logical");
  is_int(rv_num_shr(1, INT64_MIN), 0, "shift by minint");
  is_int(rv_num_addi(INT64_MAX, 1), INT64_MIN, "addition wraps");
  is_int(rv_num_muli(INT64_MAX, 2), -2, "multiplication wraps");
}

/* -1, 0, 1 for i < f, i == f, i > f; 2 for NaN; exact in 128 bits. */
static int compare(i64 i, double f) {
  if (isnan(f)) return 2;
  if (f >= 0x1p100) return -1;
  if (f <= -0x1p100) return 1;
  __int128 whole = (__int128)floor(f);
  if (i != whole) return i < whole ? -1 : 1;
  return floor(f) == f ? 0 : -1;
}

static bool compare_agrees(i64 i, double f) {
  int c = compare(i, f);
  if (rv_num_lt_if(i, f) == (c == -1) && rv_num_eq_if(i, f) == (c == 0) &&
      rv_num_le_if(i, f) == (c == -1 || c == 0) &&
      rv_num_lt_fi(f, i) == (c == 1) &&
      rv_num_le_fi(f, i) == (c == 1 || c == 0))
    return true;
  diag("%" PRId64 " and %a", i, f);
  return false;
}

static void test_comparison(void) {
  int bad = 0;
  for (size_t i = 0; i < COUNT(int_edges); i++)
    for (size_t j = 0; j < COUNT(float_edges); j++)
      bad += !compare_agrees(int_edges[i], float_edges[j]);
  for (int n = 0; n < 200000; n++) {
    i64 i = (i64)random64() >> (random64() % 63);
    double f = (double)(i + (i64)(random64() % 5) - 2);
    bad += !compare_agrees(i, f);
    bad += !compare_agrees(i, nextafter(f, INFINITY));
    bad += !compare_agrees(i, random_double());
  }
  ok(bad == 0, "comparison of integers with floats is exact");
}

static void test_rounding(void) {
  i64 i = 7;
  ok(!rv_num_f2i(0x1p63, &i) && !rv_num_f2i(NAN, &i) &&
         !rv_num_f2i(INFINITY, &i) && !rv_num_f2i(0.5, &i) && i == 7,
     "floats without an integer");
  ok(rv_num_f2i(-0x1p63, &i) && i == INT64_MIN, "-2^63 is one");
  ok(rv_num_f2i(-0.0, &i) && i == 0, "-0.0 is 0");
  ok(rv_num_f2i_mode(-2.5, &i, RV_ROUND_FLOOR) && i == -3, "floor");
  ok(rv_num_f2i_mode(-2.5, &i, RV_ROUND_CEIL) && i == -2, "ceiling");
  ok(!rv_num_f2i_mode(-2.5, &i, RV_ROUND_EXACT), "no exact integer");
  ok(!rv_num_f2i_mode(NAN, &i, RV_ROUND_CEIL) &&
         !rv_num_f2i_mode(-INFINITY, &i, RV_ROUND_FLOOR), "nan and inf");
}

static void is_float(double got, double want, const char *name) {
  bool same = isnan(want) ? isnan(got) : rv_d2u(got) == rv_d2u(want);
  if (!ok(same, "%s", name))
    diag("got %a, want %a", got, want);
}

static void test_float_arithmetic(void) {
  is_float(rv_num_modf(5.5, -2), -0.5, "5.5 % -2");
  is_float(rv_num_modf(-5.5, 2), 0.5, "-5.5 % 2");
  is_float(rv_num_modf(-5.5, -2), -1.5, "-5.5 % -2");
  is_float(rv_num_modf(-1, INFINITY), INFINITY, "-1 % inf");
  is_float(rv_num_modf(1, INFINITY), 1, "1 % inf");
  is_float(rv_num_modf(-6, 2), -0.0, "-6.0 % 2");
  is_float(rv_num_modf(1, 0), NAN, "1 % 0.0");
  is_float(rv_num_idivf(-7, 2), -4, "-7.0 // 2");
  is_float(rv_num_idivf(1, 0), INFINITY, "1 // 0.0");
  is_float(rv_num_idivf(-1, INFINITY), -0.0, "-1 // inf");
  is_float(rv_num_powf(2, 10), 1024, "2^10");
  is_float(rv_num_powf(2, 0.5), sqrt(2), "2^0.5");
  is_float(rv_num_fmod(-5.5, 2), -1.5, "fmod");
  is_float(rv_num_atan2(0.0, -1), acos(-1), "atan2");
  is_float(rv_num_math1(RV_MATH_CEIL, -0.5), -0.0, "ceil");
  is_float(rv_num_math1(RV_MATH_LOG2, 8), 3, "log2");
  is_float(rv_num_math1(RV_MATH_FABS, -0.0), 0.0, "fabs");
  ok(rv_num_canon(0xfff8000000000000ull) == RV_NAN_BITS &&
         rv_num_canon(0x7ff0000000000001ull) == RV_NAN_BITS &&
         rv_num_canon(0xfff0000000000000ull) == 0xfff0000000000000ull &&
         rv_num_canon(1) == 1, "one NaN, and nothing else changed");
}

/* -- Text ------------------------------------------------------------------ */

static const struct {
  double d;
  const char *text;
} texts[] = {
    {0.0, "0.0"}, {-0.0, "-0.0"}, {1, "1.0"}, {-1, "-1.0"}, {0.1, "0.1"},
    {1.0 / 3, "0.33333333333333"}, {1e13, "10000000000000.0"}, {1e14, "1e+14"},
    {99999999999999, "99999999999999.0"}, {-99999999999999.5, "-1e+14"},
    {1e15, "1e+15"}, {1e100, "1e+100"}, {1e-5, "1e-05"}, {1e-4, "0.0001"},
    {123456.789e3, "123456789.0"}, {3.14159265358979, "3.1415926535898"},
    {0x1p-1074, "4.9406564584125e-324"}, {INFINITY, "inf"}, {-INFINITY, "-inf"},
    {NAN, "nan"}, {-NAN, "nan"}, {0x1p53, "9.007199254741e+15"},
    {2.5e-10, "2.5e-10"}};

static void test_text(const char *where) {
  char out[RV_NUM_TEXT], name[100];
  for (size_t i = 0; i < COUNT(texts); i++) {
    size_t n = rv_num_text(rv_flt(texts[i].d), out);
    snprintf(name, sizeof name, "%s: text %s", where, texts[i].text);
    is_str(out, texts[i].text, name);
    if (n != strlen(out)) ok(0, "length of %s", out);
  }
  for (size_t i = 0; i < COUNT(int_edges); i++) {
    char want[40];
    sprintf(want, "%" PRId64, int_edges[i]);
    size_t n = rv_num_text(rv_int(int_edges[i]), out);
    if (strcmp(out, want) || n != strlen(want)) ok(0, "integer %s", want);
  }
}

static void test_round_trip(const char *where) {
  int bad = 0;
  for (int i = 0; i < 100000; i++) {
    double d = random_double();
    char out[RV_NUM_TEXT];
    RvValue v;
    size_t n = rv_num_text17(d, out);
    if (n != strlen(out) || !rv_num_parse(out, n, &v) || v.t != RV_FLT ||
        rv_u2d(v.p) != d) {
      if (!bad++) diag("%a gives %s", d, out);
    }
  }
  ok(bad == 0, "%s: 100000 floats survive their text", where);
  char out[RV_NUM_TEXT];
  rv_num_text17(0.1, out);
  is_str(out, "0.1", "the shortest text");
  rv_num_text17(0.1 + 0.2, out);
  is_str(out, "0.30000000000000004", "seventeen digits");
  rv_num_text17(-3, out);
  is_str(out, "-3.0", "a float looks like one");
  rv_num_text17(-NAN, out);
  is_str(out, "nan", "nan has no sign");
}

static const struct {
  const char *spec;
  double d;
  const char *text;
} forms[] = {
    {".3f", 3.14159, "3.142"}, {"10.2f", -1.5, "     -1.50"},
    {"-10.2f", 1.5, "1.50      "}, {"+010.2f", 1.5, "+000001.50"},
    {" g", 1.5, " 1.5"}, {"#.0f", 3, "3."}, {"#g", 1, "1.00000"},
    {"08.2f", -INFINITY, "    -inf"}, {"5g", -NAN, "  nan"}, {"G", NAN, "NAN"},
    {"+g", -NAN, "+nan"}, {"E", 12345.678, "1.234568E+04"},
    {"a", 1.5, "0x1.8p+0"},
    {"012a", -1.5, "-0x0001.8p+0"}, {".2A", 1.5, "0X1.80P+0"}, {".f", 2.5, "2"},
    {".99f", 0, "0.00000000000000000000000000000000000000000000000000000000"
                "0000000000000000000000000000000000000000000"},
    {".20e", 0.1, "1.00000000000000005551e-01"},
    {"20.0e", 1, "               1e+00"}};

static void test_format(const char *where) {
  char out[512], name[100];
  for (size_t i = 0; i < COUNT(forms); i++) {
    int n = rv_num_format(out, sizeof out, forms[i].spec, forms[i].d);
    snprintf(name, sizeof name, "%s: %%%s", where, forms[i].spec);
    is_str(out, forms[i].text, name);
    if (n != (int)strlen(out)) ok(0, "length of %s", out);
  }
  ok(rv_num_format(out, sizeof out, "99.99f", -1.7976931348623157e308) == 410,
     "the longest text");
  ok(rv_num_format(out, 5, ".2f", 10) == -1 &&
         rv_num_format(out, 6, ".2f", 10) == 5, "it fits or it does not");
  static const char *const bad[] = {"", "d", "100f", ".100f", "'f", "5", "fx",
                                    "ls", "*f", "######f", "L", "%"};
  for (size_t i = 0; i < COUNT(bad); i++)
    ok(rv_num_format(out, sizeof out, bad[i], 1) == -1, "no format: '%s'",
       bad[i]);
}

static void test_messages(void) {
  char out[64];
  size_t n = rv_num_fmt(out, sizeof out, "%s|%5s|%-5s|%.2s|%.*s|%c|%%", "a",
                        "b", "c", "defg", 3, "hijk", 'l');
  is_str(out, "a|    b|c    |de|hij|l|%", "texts");
  ok(n == strlen(out), "their length");
  rv_num_fmt(out, sizeof out, "%d %u %i %x %X %02x %05d %3d|%-3d|%*d", -1, ~0u,
             INT32_MIN, 255, 255, 10, -42, 7, 7, 4, 1);
  is_str(out, "-1 4294967295 -2147483648 ff FF 0a -0042   7|7  |   1",
         "32 bits");
  rv_num_fmt(out, sizeof out, "%lld %llu %zu %ld", (long long)INT64_MIN, ~0ull,
             (size_t)12, -5l);
  is_str(out, "-9223372036854775808 18446744073709551615 12 -5", "64 bits");
  n = rv_num_fmt(out, 8, "%s-%d", "abcdef", 123456);
  is_str(out, "abcdef-", "what does not fit is cut off");
  is_int((i64)n, 7, "and not counted");
  is_int((i64)rv_num_fmt(out, 1, "%d", 5), 0, "room for nothing");
}

/* -- Parsing --------------------------------------------------------------- */

typedef struct Parse {
  const char *s;
  RvValue v; /* tag NIL: no number */
} Parse;
#define I(n) {(u64)(n), RV_INT}
#define NO {0, RV_NIL}

static const Parse ints[] = {
    {"0", I(0)}, {"-0", I(0)}, {"+7", I(7)}, {" \t\n\v\f\r42 \n", I(42)},
    {"007", I(7)}, {"9223372036854775807", I(INT64_MAX)},
    {"-9223372036854775808", I(INT64_MIN)}, {"0x10", I(16)}, {"-0x10", I(-16)},
    {"0XfF", I(255)}, {"0xffffffffffffffff", I(-1)},
    {"0x1ffffffffffffffff", I(-1)}, {"-0xffffffffffffffff", I(1)},
    {"0x0000000000000000000000000001", I(1)},
    {"00000000000000000000000000000000000000012", I(12)},
    {"", NO}, {" ", NO}, {"-", NO}, {"+", NO}, {"- 1", NO}, {"--1", NO},
    {"+-1", NO}, {"0x", NO}, {"0X ", NO}, {"-0x", NO}, {"0xg", NO}, {"1 2", NO},
    {"1a", NO}, {"x10", NO}, {"1_0", NO}, {"1,5", NO}, {"0b1", NO}, {"1l", NO},
    {".", NO}, {"e5", NO}, {".e5", NO}, {"5e", NO}, {"5e+", NO}, {"5e-", NO},
    {"5e 1", NO}, {"1.2.3", NO}, {"1e5.", NO}, {"1e5e5", NO}, {"0x.", NO},
    {"0xp1", NO}, {"0x.p1", NO}, {"0x1p", NO}, {"0x1p+", NO}, {"0x1.2.3", NO},
    {"0x1pf", NO}, {"0x1 p1", NO}, {"inf", NO}, {"-inf", NO}, {"nan", NO},
    {"NaN", NO}, {"infinity", NO}, {"nan(1)", NO}, {"1e1f", NO}, {"1p4", NO},
    {"0x-1", NO}, {"\xc2\xa0""1", NO}, {"1\x1f", NO}};

static const struct {
  const char *s;
  double d;
} floats[] = {
    {"9223372036854775808", 0x1p63}, {"-9223372036854775809", -0x1p63},
    {"18446744073709551616", 0x1p64}, {"1.5", 1.5}, {"5.", 5}, {".5", .5},
    {"-.5", -.5}, {" +1e2 ", 100}, {"1E+2", 100}, {"1e-2", .01}, {"-0.0", -0.0},
    {"0e99999999999999999999", 0}, {"1e400", HUGE_VAL}, {"-1e400", -HUGE_VAL},
    {"1e-400", 0}, {"1e99999999999999999999999", HUGE_VAL},
    {"-1e-99999999999999999999999", -0.0}, {"0.1", 0.1}, {"1e22", 1e22},
    {"1e23", 1e23}, {"123456789012345678.0", 123456789012345680.0},
    {"1.7976931348623157e308", 0x1.fffffffffffffp1023},
    {"1.7976931348623158e308", 0x1.fffffffffffffp1023},
    {"1.7976931348623159e308", HUGE_VAL},
    {"4.9406564584124654e-324", 0x1p-1074},
    {"2.4703282292062327e-324", 0}, {"2.4703282292062328e-324", 0x1p-1074},
    {"2.2250738585072011e-308", 0x0.fffffffffffffp-1022},
    {"9007199254740993.0", 0x1p53},
    {"9007199254740993.00000000000000001", 0x1p53 + 2},
    {"0x.8", .5}, {"0x8.", 8}, {"0x1p4", 16}, {"0x1P-1", .5}, {"0xA.8p0", 10.5},
    {"-0x1p+4", -16}, {"-0x0p0", -0.0}, {"0x0p99999999999999999999", 0},
    {"0x1p1024", HUGE_VAL}, {"0x1p99999999999999999999", HUGE_VAL},
    {"0x1p-99999999999999999999", 0}, {"0x1p-1074", 0x1p-1074},
    {"0x1p-1075", 0}, {"0x1.000001p-1075", 0x1p-1074}, {"0x3p-1075", 0x1p-1073},
    {"0x1.fffffffffffff8p1023", HUGE_VAL}, {"0x1.fffffffffffff7p1023",
    0x1.fffffffffffffp1023}, {"0x1.00000000000008p0", 1},
    {"0x1.00000000000018p0", 0x1.0000000000002p0},
    {"0x1.000000000000080000000000000001p0", 0x1.0000000000001p0},
    {"0x1.fffffffffffff8p-1023", 0x1p-1022},
    {"0x1.fffffffffffffp-1023", 0x1p-1022},
    {"0x100000000000000000000p-80", 1}, {"0x0.00000000000000000000001p92", 1}};

static bool same(RvValue a, RvValue b) { return a.t == b.t && a.p == b.p; }

static bool parses_as(const char *s, size_t len, RvValue want) {
  RvValue got = rv_nil();
  bool yes = rv_num_parse(s, len, &got);
  if (yes == (want.t != RV_NIL) && same(got, want)) return true;
  diag("'%.40s': got tag %d, %" PRIx64 " (%g)", s, (int)got.t, got.p,
       rv_u2d(got.p));
  return false;
}

static void test_parse(const char *where) {
  for (size_t i = 0; i < COUNT(ints); i++)
    ok(parses_as(ints[i].s, strlen(ints[i].s), ints[i].v),
       "%s: %s %zu", where, ints[i].v.t == RV_NIL ? "no number" : "integer", i);
  for (size_t i = 0; i < COUNT(floats); i++)
    ok(parses_as(floats[i].s, strlen(floats[i].s), rv_flt(floats[i].d)),
       "%s: parse '%s'", where, floats[i].s);
  ok(parses_as("1\0", 2, rv_nil()) && parses_as("1\0002", 3, rv_nil()) &&
         parses_as("\0001", 2, rv_nil()) && parses_as("1.5\0", 4, rv_nil()),
     "%s: a NUL is not blank", where);
  ok(parses_as("123", 2, rv_int(12)) && parses_as("1e5", 1, rv_int(1)) &&
         parses_as("0x1f", 3, rv_int(1)), "%s: it ends where it ends", where);
}

static void test_parse_long(void) {
  enum { N = 3000 };
  char *s = malloc(N + 20);
  memset(s, '0', N);
  s[0] = '.';
  strcpy(s + N, "1e3000");
  ok(parses_as(s, N + 6, rv_flt(1)), "zeros ahead, exponent behind");
  memset(s, '0', N);
  s[0] = '1';
  strcpy(s + N, "e-2999");
  ok(parses_as(s, N + 6, rv_flt(1)), "zeros behind");
  memset(s, '9', N);
  ok(parses_as(s, N, rv_flt(HUGE_VAL)), "3000 digits");
  /* Exactly halfway between 1 and its successor, then a little more. */
  const char *half = "1.00000000000000011102230246251565404236316680908203125";
  memset(s, '0', N);
  memcpy(s, half, strlen(half));
  ok(parses_as(s, N, rv_flt(1)), "halfway");
  s[N - 1] = '1';
  ok(parses_as(s, N, rv_flt(nextafter(1, 2))), "a little more than halfway");
  memset(s, 'f', N);
  memcpy(s, "0x", 2);
  ok(parses_as(s, N, rv_int(-1)), "3000 hexadecimal digits wrap");
  free(s);
}

/* Two independent conversions, the C library's and ours for hexadecimal. */
static void test_parse_random(void) {
  int bad = 0;
  for (int i = 0; i < 100000; i++) {
    char s[80];
    double d = random_double();
    sprintf(s, "%a", d);
    bad += !parses_as(s, strlen(s), rv_flt(d));
    sprintf(s, "0x%" PRIx64 ".%" PRIx64 "p%d", random64() >> random64() % 64,
            random64(), (int)(random64() % 2300) - 1150);
    bad += !parses_as(s, strlen(s), rv_flt(strtod(s, NULL)));
    sprintf(s, "%" PRIu64 ".%" PRIu64 "e%d", random64() >> random64() % 64,
            random64() >> random64() % 64, (int)(random64() % 80) - 40);
    bad += !parses_as(s, strlen(s), rv_flt(strtod(s, NULL)));
  }
  ok(bad == 0, "300000 random texts parse as by strtod");
}

/* -- The reference --------------------------------------------------------- */

/* Writes one expression a line, reads lua's answers beside ours. */
typedef struct Reference {
  FILE *script;
  char *want;
  size_t nwant;
  FILE *ours;
} Reference;

static char script_name[] = "/tmp/rove-num-XXXXXX";

static bool reference_open(Reference *r) {
  int fd = mkstemp(script_name);
  if (fd < 0 || !(r->script = fdopen(fd, "w"))) return false;
  r->ours = open_memstream(&r->want, &r->nwant);
  fputs("local function p(x) print((tostring(x):gsub('^%-nan$', 'nan'))) end\n"
        "local function t(s) local n = tonumber(s)\n"
        "p(n) if n then print(math.type(n)) end end\n"
        "local function f(...) return string.unpack('<d',\n"
        "string.pack('<i8', ...)) end\n", r->script);
  return r->ours != NULL;
}

static void expect(Reference *r, RvValue v) {
  char out[RV_NUM_TEXT];
  rv_num_text(v, out);
  fprintf(r->ours, "%s\n", out);
}

static void ask_parse(Reference *r, const char *s) {
  RvValue v;
  fputs("t'", r->script);
  for (const char *c = s; *c; c++)
    fprintf(r->script, "\\%03d", (unsigned char)*c);
  fputs("'\n", r->script);
  if (!rv_num_parse(s, strlen(s), &v)) {
    fputs("nil\n", r->ours);
  } else {
    expect(r, v);
    fputs(v.t == RV_INT ? "integer\n" : "float\n", r->ours);
  }
}

static void ask_floats(Reference *r, double a, double b) {
  fprintf(r->script, "a, b = f(%" PRId64 "), f(%" PRId64 ") p(a) p(a %% b) "
          "p(a // b) p(a ^ b)\n", (i64)rv_d2u(a), (i64)rv_d2u(b));
  expect(r, rv_flt(a));
  expect(r, rv_flt(rv_num_modf(a, b)));
  expect(r, rv_flt(rv_num_idivf(a, b)));
  expect(r, rv_flt(rv_num_powf(a, b)));
}

static void ask_ints(Reference *r, i64 a, i64 b) {
  if (b == 0) b = 1;
  fprintf(r->script, "a, b = %" PRId64 " | 0, %" PRId64 " | 0 p(a // b) "
          "p(a %% b) p(a << (b & 127)) p(a >> b) p(a * b)\n", a, b);
  expect(r, rv_int(rv_num_idivi(a, b)));
  expect(r, rv_int(rv_num_modi(a, b)));
  expect(r, rv_int(rv_num_shl(a, b & 127)));
  expect(r, rv_int(rv_num_shr(a, b)));
  expect(r, rv_int(rv_num_muli(a, b)));
}

/* Texts near to numbers: any short sequence of these. */
static void random_text(char *s) {
  static const char set[] = "0123456789..eExXpP+- aAfF0x";
  size_t n = 1 + random64() % 8;
  for (size_t i = 0; i < n; i++) s[i] = set[random64() % (sizeof set - 1)];
  s[n] = 0;
  if (random64() % 3 == 0) memcpy(s, "0x", 2), s[n < 2 ? 2 : n] = 0;
}

static void test_reference(void) {
  Reference r;
  if (system("lua5.4 -v >/dev/null 2>&1") != 0) {
    skip("as lua5.4", "missing lua5.4");
    return;
  }
  if (!reference_open(&r)) bail_out("no temporary file");
  for (size_t i = 0; i < COUNT(ints); i++) ask_parse(&r, ints[i].s);
  for (size_t i = 0; i < COUNT(floats); i++) ask_parse(&r, floats[i].s);
  for (size_t i = 0; i < COUNT(float_edges); i++)
    for (size_t j = 0; j < COUNT(float_edges); j++)
      ask_floats(&r, float_edges[i], float_edges[j]);
  for (int i = 0; i < 5000; i++) {
    char s[16];
    random_text(s);
    ask_parse(&r, s);
    ask_floats(&r, random_double(), random_double());
    ask_ints(&r, (i64)random64() >> random64() % 64,
             (i64)random64() >> random64() % 64);
  }
  fclose(r.script);
  fclose(r.ours);
  char command[100], line[200];
  snprintf(command, sizeof command, "lua5.4 %s", script_name);
  FILE *theirs = popen(command, "r");
  int lines = 0, bad = 0;
  char *ours = r.want;
  while (theirs && fgets(line, sizeof line, theirs)) {
    size_t n = strcspn(ours, "\n");
    line[strcspn(line, "\n")] = 0;
    lines++;
    if ((n != strlen(line) || memcmp(ours, line, n)) && bad++ < 10)
      diag("line %d: lua5.4 %s, we %.*s", lines, line, (int)n, ours);
    ours += n + (ours[n] != 0);
  }
  if (theirs) pclose(theirs);
  ok(bad == 0 && *ours == 0 && lines > 50000, "%d answers as by lua5.4", lines);
  free(r.want);
  remove(script_name);
}

/* A locale with another decimal point, or NULL. */
static const char *comma_locale(void) {
  static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE",
    "fr_FR.UTF-8", "fr_FR", "ru_RU.UTF-8", "es_ES.UTF-8", "ps_AF.UTF-8"};
  for (size_t i = 0; i < COUNT(names); i++)
    if (setlocale(LC_ALL, names[i]) && strcmp(localeconv()->decimal_point, "."))
      return names[i];
  setlocale(LC_ALL, "C");
  return NULL;
}

int main(void) {
  test_int_division();
  test_comparison();
  test_rounding();
  test_float_arithmetic();
  test_messages();
  test_text("C");
  test_round_trip("C");
  test_format("C");
  test_parse("C");
  test_parse_long();
  test_parse_random();
  test_reference();
  const char *locale = comma_locale();
  if (locale) {
    test_text(locale);
    test_round_trip(locale);
    test_format(locale);
    test_parse(locale);
  } else {
    skip("decimal comma", "no locale with one on this host");
  }
  return done_testing();
}
