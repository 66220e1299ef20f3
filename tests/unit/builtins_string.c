/* SPDX-License-Identifier: MIT */
/* stdlib/lib_string.c: strings and their formatting. */
#include "tests/unit/builtins.h"

/* -- string ---------------------------------------------------------------- */

static void test_string(void) {
  is("5", "string.len", "s", "hello");
  is("2", "string.len", "i", 42);
  is("104", "string.byte", "s", "hello");
  is("101 108 108", "string.byte", "sii", "hello", 2, 4);
  is("111", "string.byte", "si", "hello", -1);
  is("", "string.byte", "si", "hello", 9);
  is("", "string.byte", "sii", "hello", 4, 2);
  is("'abc'", "string.char", "iii", 97, 98, 99);
  is("''", "string.char", "");
  is("'ell'", "string.sub", "sii", "hello", 2, 4);
  is("'llo'", "string.sub", "si", "hello", -3);
  is("'hello'", "string.sub", "sII", "hello", (i64)INT64_MIN, (i64)INT64_MAX);
  is("''", "string.sub", "sii", "hello", 4, 3);
  is("''", "string.sub", "si", "", 1);
  is("'hello'", "string.sub", "si", "hello", 0);
  is("3 4", "string.find", "ss", "hello", "ll");
  is("nil", "string.find", "ss", "hello", "x");
  is("nil", "string.find", "ssi", "hello", "l", 5);
  is("4 4", "string.find", "ssi", "hello", "l", -2);
  is("1 0", "string.find", "ss", "hello", "");
  is("6 5", "string.find", "ssi", "hello", "", 6);
  is("nil", "string.find", "ssi", "hello", "", 7);
  is("4", "string.span", "ss", "aabXab", "ab");
  is("7", "string.span", "ssi", "aabXab", "ab", 5);
  is("4", "string.cspan", "ss", "aab cd", " \t");
  is("7", "string.cspan", "ssi", "aab cd", " ", 5);
  is("1", "string.span", "ss", "", "");
  is("3", "string.cspan", "ssi", "ab", "", 99);
  is("'ababab'", "string.rep", "si", "ab", 3);
  is("'ab, ab, ab'", "string.rep", "sis", "ab", 3, ", ");
  is("''", "string.rep", "si", "ab", -1);
  is("'----'", "string.rep", "sis", "", 5, "-");
  is("''", "string.rep", "sI", "", (i64)INT64_MAX);
  fails("resulting string too large", "string.rep", "sI", "ab", (i64)INT64_MAX);
  is("(300000 bytes)", "string.rep", "si", "abc", 100000);
  is("'olleh'", "string.reverse", "s", "hello");
  is("'HELLO {[`@'", "string.upper", "s", "Hello {[`@");
  is("'hello {[`@'", "string.lower", "s", "Hello {[`@");
  is("-1", "string.compare", "ss", "a", "b");
  is("0", "string.compare", "ss", "ab", "ab");
  is("1", "string.compare", "SS", "a\0b", (size_t)3, "a\0a", (size_t)3);
  is("1", "string.compare", "ss", "\xff", "a");
  is("12.5", "string.tonumber", "s", " 12.5 ");
  is("7", "string.tonumber", "i", 7);
  is("nil", "string.tonumber", "s", "7x");
  is("nil", "string.tonumber", "t");
  is("255", "string.tonumber", "si", "ff", 16);
  is("-255", "string.tonumber", "si", " -FF\n", 16);
  is("35", "string.tonumber", "si", "z", 36);
  is("nil", "string.tonumber", "si", "9", 8);
  is("nil", "string.tonumber", "si", "", 8);
  is("nil", "string.tonumber", "si", "-", 8);
  is("-1", "string.tonumber", "si", "ffffffffffffffff", 16);
}

static void test_string_errors(void) {
  fails("string expected, got no value", "string.len", "");
  fails("(string expected, got table)", "string.upper", "v", 0u);
  fails("(value out of range)", "string.char", "ii", 65, 256);
  fails("(value out of range)", "string.char", "i", -1);
  fails("(number has no integer representation)", "string.char", "d", 1.5);
  fails("(number expected, got string)", "string.sub", "ss", "a", "x");
  fails("(base out of range)", "string.tonumber", "si", "1", 37);
  fails("(string expected, got number)", "string.tonumber", "ii", 1, 10);
  fails("resulting string too large", "string.rep", "sii", "abc", 1 << 30);
  fails("(value expected)", "string.tonumber", "");
}

/* Long searches: steps, and their fuel. */
static void test_long_search(void) {
  enum { N = 1000000 };
  char *p = malloc(N + 1);
  memset(p, 'a', N);
  p[N - 1] = 'b';
  is("1000000 1000000", "string.find", "Ss", p, (size_t)N, "b");
  ok(used >= N / 4096 - 20 && used < N / 4096 + 20,
     "a search of a million bytes costs %d units or so", N / 4096);
  is("999999 1000000", "string.find", "Ss", p, (size_t)N, "ab");
  is("nil", "string.find", "Ss", p, (size_t)N, "bb");
  is("1000000", "string.span", "Ss", p, (size_t)N, "a");
  is("1000000", "string.cspan", "Ss", p, (size_t)N, "b");
  is("900001 1000000", "string.find", "SS", p, (size_t)N, p + N - 100000,
     (size_t)100000);
  is("1 100000", "string.find", "SS", p, (size_t)N, p, (size_t)100000);
  is("1 1", "string.find", "Ss", p, (size_t)N, "a");
  ok(used <= 1, "a hit at once costs nothing but the call");
  /* Every position of a needle across the border of the first steps. */
  int bad = 0;
  for (u32 at = 4090; at < 4100; at++) {
    p[at] = p[at + 1] = 'x';
    call("string.find", "Ss", p, (size_t)N, "xx");
    char want[40];
    snprintf(want, sizeof want, "%u %u", at + 1, at + 2);
    bad += strcmp(want, text) != 0;
    p[at] = p[at + 1] = 'a';
  }
  ok(bad == 0, "a text across a border of steps is found");
  is("-1", "string.compare", "SS", p, (size_t)(N - 1), p, (size_t)N);
  free(p);
}

/* -- string.format --------------------------------------------------------- */

static void test_format(void) {
  is("'plain 100%'", "string.format", "s", "plain 100%%");
  is("''", "string.format", "s", "");
  is("'<   42|42   |00042|+42| 42>'", "string.format", "siiiii",
     "<%5d|%-5i|%05d|%+d|% d>", 42, 42, 42, 42, 42);
  is("'-007|  -7|-'", "string.format", "sii", "%04d|%4.1d|-", -7, -7);
  is("'|   003|'", "string.format", "si", "|%6.3d|", 3);
  is("'||'", "string.format", "si", "|%.0d|", 0);
  is("'-9223372036854775808'", "string.format", "sI", "%d", (i64)INT64_MIN);
  is("'18446744073709551615'", "string.format", "si", "%u", -1);
  is("'ff FF 0xff 017 0 377'", "string.format", "siiiiii",
     "%x %X %#x %#o %#x %o", 255, 255, 255, 15, 0, 255);
  is("'A|  B|C  |'", "string.format", "siii", "%c|%3c|%-3c|", 65, 66, 67);
  is("'1.500000 1.5e+00 1.5 0x1.8p+0'", "string.format", "sdddd",
     "%f %.1e %g %a", 1.5, 1.5, 1.5, 1.5);
  is("'3 003.14 inf nan'", "string.format", "sdddd", "%.0f %06.2f %f %g", 3.14,
     3.14, 1e308 * 10, (double)__builtin_nan(""));
  is("'12.0|3'", "string.format", "sds", "%s|%d", 12.0, "3");
  is("'abc|  abc|abc  |ab'", "string.format", "sssss", "%s|%5s|%-5s|%.2s",
     "abc", "abc", "abc", "abc");
  is("'nil true 1 table'", "string.format", "sntis", "%s %s %s %s", 1, "table");
  is("'\"a\\\n\\0b\\0001\\\\\\\"\"'", "string.format", "sS", "%q",
     "a\n\0b\0"
     "1\\\"",
     (size_t)8);
  is("'1 0x8000000000000000 0x1p-1 1e9999 -1e9999 (0/0) nil true'",
     "string.format", "siIddddnt", "%q %q %q %q %q %q %q %q", 1, (i64)INT64_MIN,
     0.5, 1e308 * 10, -1e308 * 10, (double)__builtin_nan(""));
  is("'(null)'", "string.format", "si", "%p", 1);
  char big[5000];
  memset(big, 'z', sizeof big);
  is("(15002 bytes)", "string.format", "sSSS", "%s-%s-%s", big, sizeof big, big,
     sizeof big, big, sizeof big);
  is("(5004 bytes)", "string.format", "siS", "[%2d]%s", 7, big, sizeof big);
}

static void test_format_errors(void) {
  fails("invalid conversion '%y' to 'format'", "string.format", "si", "%y", 1);
  fails("invalid conversion '%' to 'format'", "string.format", "si", "%", 1);
  fails("invalid conversion specification: '%123d'", "string.format", "si",
        "%123d", 1);
  fails("invalid conversion specification: '%.123d'", "string.format", "si",
        "%.123d", 1);
  fails("invalid conversion specification: '%#d'", "string.format", "si", "%#d",
        1);
  fails("invalid conversion specification: '%0s'", "string.format", "ss", "%0s",
        "");
  fails("invalid conversion specification: '%.3c'", "string.format", "si",
        "%.3c", 1);
  fails("invalid format (too long)", "string.format", "si",
        "%-------------------------d", 1);
  fails("specifier '%q' cannot have modifiers", "string.format", "ss", "%5q",
        "");
  fails("value has no literal form", "string.format", "sv", "%q", 0u);
  fails("no value", "string.format", "ss", "%s %s", "a");
  fails("string contains zeros", "string.format", "sS", "%5s", "a\0b",
        (size_t)3);
  fails("number has no integer representation", "string.format", "sd", "%d",
        1.5);
}

int main(void) {
  open_builtins();
  test_string();
  test_string_errors();
  test_long_search();
  test_format();
  test_format_errors();
  return close_builtins();
}
