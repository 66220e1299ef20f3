/* SPDX-License-Identifier: MIT */
/* stdlib/lib_math.c. */
#include "tests/unit/builtins.h"

static void test_math(void) {
  is("3", "math.floor", "d", 3.7);
  is("-4", "math.floor", "d", -3.2);
  is("5", "math.floor", "i", 5);
  is("1e+300", "math.floor", "d", 1e300);
  is("4", "math.ceil", "d", 3.2);
  is("-3", "math.ceil", "s", "-3.7");
  is("3.0", "math.sqrt", "i", 9);
  is("1.0", "math.exp", "i", 0);
  is("0.0", "math.log", "i", 1);
  is("3.0", "math.log", "ii", 8, 2);
  is("2.0", "math.log", "ii", 100, 10);
  is("0.0", "math.sin", "i", 0);
  is("1.0", "math.cos", "i", 0);
  is("0.0", "math.tan", "i", 0);
  is("0.0", "math.asin", "i", 0);
  is("0.0", "math.acos", "i", 1);
  is("0.78539816339745", "math.atan", "i", 1);
  is("3.1415926535898", "math.atan", "ii", 0, -1);
  is("5", "math.abs", "i", -5);
  is("-9223372036854775808", "math.abs", "I", (i64)INT64_MIN);
  is("0.0", "math.abs", "d", -0.0);
  is("-1", "math.fmod", "ii", -7, 3);
  is("0", "math.fmod", "Ii", (i64)INT64_MIN, -1);
  is("-1.5", "math.fmod", "di", -7.5, 3);
  is("3 0.5", "math.modf", "d", 3.5);
  is("-3 -0.5", "math.modf", "d", -3.5);
  is("inf 0.0", "math.modf", "d", 1e308 * 10);
  is("5 0.0", "math.modf", "i", 5);
  is("3 0.5", "math.modf", "s", "3.5");
  is("3.0", "math.abs", "s", "-3");
  is("1.0", "math.fmod", "si", "7", 3);
  is("3", "math.tointeger", "d", 3.0);
  is("nil", "math.tointeger", "d", 3.5);
  is("8", "math.tointeger", "s", "8");
  is("nil", "math.tointeger", "t");
  is("true", "math.ult", "ii", 1, -1);
  is("false", "math.ult", "ii", -1, 1);
  is("3.5", "math.max", "idi", 1, 3.5, 2);
  is("1", "math.min", "idi", 1, 3.5, 2);
  is("9007199254740993", "math.max", "Id", (i64)9007199254740993,
     9007199254740992.0);
  fails("(number expected, got no value)", "math.max", "");
  fails("(zero)", "math.fmod", "ii", 1, 0);
  fails("(number expected, got string)", "math.sin", "s", "x");
  fails("(value expected)", "math.tointeger", "");
}

/* The numbers that PUC Lua 5.4 draws after the same seeds. */
static void test_random(void) {
  call("math.randomseed", "i", 42);
  ok(!strcmp(text, "42 0"), "randomseed gives the seed back");
  call("math.random", "");
  ok(!strcmp(text, "0.93081217803957"), "a float");
  call("math.random", "i", 10);
  ok(!strcmp(text, "2"), "from 1 to 10");
  call("math.random", "ii", 5, 6);
  ok(!strcmp(text, "6"), "from 5 to 6");
  call("math.random", "i", 0);
  ok(!strcmp(text, "-3807604385970496171"), "all bits");
  call("math.randomseed", "ii", 1, 2);
  call("math.random", "i", 1000);
  ok(!strcmp(text, "130"), "another seed");
  call("math.random", "II", (i64)INT64_MIN, (i64)INT64_MAX);
  ok(strlen(text) > 0 && text[0] != '!', "the widest interval");
  fails("bad argument #1 to 'math.random' (interval is empty)", "math.random",
        "ii", 2, 1);
  fails("(number has no integer representation)", "math.random", "d", 1.5);
  fails("wrong number of arguments", "math.random", "iii", 1, 2, 3);
}

int main(void) {
  open_builtins();
  test_math();
  test_random();
  return close_builtins();
}
