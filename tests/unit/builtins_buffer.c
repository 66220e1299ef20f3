/* SPDX-License-Identifier: MIT */
/* stdlib/lib_buffer.c. */
#include "tests/unit/builtins.h"

static void test_buffer(void) {
  call("buffer.new", "i", 16);
  keep(0);
  is("16", "buffer.len", "v", 0u);
  call("buffer.setu32", "viI", 0u, 1, (i64)0x1234abcd9);
  is("592100569", "buffer.getu32", "vi", 0u, 1);
  is("217", "buffer.getu8", "vi", 0u, 1);
  is("-39", "buffer.geti8", "vi", 0u, 1);
  is("48345", "buffer.getu16", "vi", 0u, 1);
  is("-17191", "buffer.geti16", "vi", 0u, 1);
  call("buffer.seti32", "vii", 0u, 4, -2);
  is("-2", "buffer.geti32", "vi", 0u, 4);
  is("4294967294", "buffer.getu32", "vi", 0u, 4);
  call("buffer.setu64", "vii", 0u, 8, -3);
  is("-3", "buffer.getu64", "vi", 0u, 8);
  is("-3", "buffer.geti64", "vi", 0u, 8);
  call("buffer.setf64", "vid", 0u, 0, 0.1);
  is("0.1", "buffer.getf64", "vi", 0u, 0);
  is("154", "buffer.getu8", "vi", 0u, 0);
  call("buffer.setf32", "vid", 0u, 8, 1.5);
  is("1.5", "buffer.getf32", "vi", 0u, 8);
  call("buffer.setf64", "vid", 0u, 0, -__builtin_nan(""));
  is("9221120237041090560", "buffer.getu64", "vi", 0u, 0);
  call("buffer.setu32", "viI", 0u, 0, (i64)0xffffffff);
  is("nan", "buffer.getf32", "vi", 0u, 0);
  call("buffer.setf32", "vid", 0u, 0, 1e300);
  is("inf", "buffer.getf32", "vi", 0u, 0);
  call("buffer.fill", "vi", 0u, 'x');
  call("buffer.fill", "viii", 0u, 'y', 2, 3);
  is("'xxyyyxxxxxxxxxxx'", "buffer.tostring", "v", 0u);
  call("buffer.copy", "vis", 0u, 5, "hello");
  call("buffer.copy", "visii", 0u, 0, "abcdef", 2, 3);
  is("'cdeyyhelloxxxxxx'", "buffer.tostring", "v", 0u);
  call("buffer.copy", "vivii", 0u, 2, 0u, 0, 14);
  is("'cdcdeyyhelloxxxx'", "buffer.tostring", "v", 0u);
  call("buffer.copy", "vivii", 0u, 0, 0u, 2, 14);
  is("'cdeyyhelloxxxxxx'", "buffer.tostring", "vii", 0u, 0, 16);
  is("'llo'", "buffer.tostring", "vii", 0u, 7, 3);
  is("''", "buffer.tostring", "vi", 0u, 16);
  call("buffer.resize", "vi", 0u, 3);
  is("'cde'", "buffer.tostring", "v", 0u);
  call("buffer.resize", "vi", 0u, 100);
  is("0", "buffer.getu8", "vi", 0u, 99);
  is("(200 bytes)", "string.rep", "si", "ab", 100);
  call("buffer.resize", "vi", 0u, 0);
  is("''", "buffer.tostring", "v", 0u);
  call("buffer.fromstring", "S", "a\0b", (size_t)3);
  keep(0);
  is("3", "buffer.len", "v", 0u);
  is("98", "buffer.getu8", "vi", 0u, 2);
}

static void test_buffer_large(void) {
  call_slowly("buffer.new", "i", 1000000);
  keep(0);
  call_slowly("buffer.fill", "vi", 0u, 7);
  is("7", "buffer.getu8", "vi", 0u, 999999);
  call("buffer.setu8", "vii", 0u, 0, 1);
  call_slowly("buffer.copy", "vivii", 0u, 1, 0u, 0, 999999);
  is("1", "buffer.getu8", "vi", 0u, 1);
  is("7", "buffer.getu8", "vi", 0u, 2);
  call_slowly("buffer.copy", "vivii", 0u, 0, 0u, 1, 999999);
  is("1", "buffer.getu8", "vi", 0u, 0);
  is("7", "buffer.getu8", "vi", 0u, 1);
  u64 live = rv_guest_bytes(m);
  for (int i = 0; i < 2000; i++) call("buffer.resize", "vi", 0u, 1000000 + i);
  ok(rv_guest_bytes(m) < live + 3000000, "growing by bytes is linear");
  is("0", "buffer.getu8", "vi", 0u, 1001998);
  is("7", "buffer.getu8", "vi", 0u, 999998);
}

static void test_buffer_errors(void) {
  call("buffer.new", "i", 10);
  keep(0);
  fails("out of bounds (offset 8, 4 bytes, length 10)", "buffer.getu32", "vi",
        0u, 8);
  fails("out of bounds (offset -1, 1 bytes, length 10)", "buffer.getu8", "vi",
        0u, -1);
  fails("out of bounds (offset 10, 1 bytes, length 10)", "buffer.setu8", "vii",
        0u, 10, 1);
  fails("out of bounds", "buffer.getu64", "vI", 0u, (i64)INT64_MAX);
  fails("out of bounds", "buffer.fill", "viii", 0u, 1, 8, 3);
  fails("out of bounds", "buffer.fill", "viiI", 0u, 1, 8, (i64)-1);
  fails("out of bounds", "buffer.copy", "vis", 0u, 8, "abc");
  fails("out of bounds", "buffer.copy", "visi", 0u, 0, "abc", 4);
  fails("out of bounds", "buffer.tostring", "vi", 0u, 11);
  fails("(buffer expected, got table)", "buffer.len", "v", VARS - 1u);
  fails("length out of range", "buffer.new", "i", -1);
  fails("length out of range", "buffer.resize", "vI", 0u, (i64)1 << 41);
  fails("(buffer or string expected", "buffer.copy", "vii", 0u, 0, 1);
  fails("(number expected, got nil)", "buffer.setf64", "vin", 0u, 0);
}

int main(void) {
  open_builtins();
  test_buffer();
  test_buffer_large();
  test_buffer_errors();
  return close_builtins();
}
