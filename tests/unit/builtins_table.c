/* SPDX-License-Identifier: MIT */
/* stdlib/lib_table.c, without sort. */
#include "tests/unit/builtins.h"

static void test_table(void) {
  is("table", "table.new", "ii", 10, 10);
  fails("out of range", "table.new", "i", -1);
  list(0, "iii", 1, 2, 3);
  is("3", "table.len", "v", 0u);
  call("table.insert", "vs", 0u, "end");
  is_list(0, "1 2 3 'end'", "insert at the end");
  call_slowly("table.insert", "vid", 0u, 1, 0.5);
  is_list(0, "0.5 1 2 3 'end'", "insert at the front");
  call("table.insert", "vii", 0u, 6, 9);
  is_list(0, "0.5 1 2 3 'end' 9", "insert behind the end");
  fails("position out of bounds", "table.insert", "vii", 0u, 8, 1);
  fails("position out of bounds", "table.insert", "vii", 0u, 0, 1);
  fails("wrong number of arguments", "table.insert", "v", 0u);
  call("table.remove", "v", 0u);
  is_str(text, "9", "remove gives the last");
  call_slowly("table.remove", "vi", 0u, 1);
  is_str(text, "0.5", "remove gives the first");
  is_list(0, "1 2 3 'end'", "and closes the gap");
  call("table.remove", "vi", 0u, 5);
  is_str(text, "nil", "remove behind the end");
  fails("position out of bounds", "table.remove", "vi", 0u, 6);
  list(0, "");
  is("nil", "table.remove", "v", 0u);
  is("nil", "table.remove", "vi", 0u, 0);
  list(0, "iii", 1, 2, 3);
  call("table.insert", "vis", 0u, 2, "x");
  is_list(0, "1 'x' 2 3", "another kind of value in the middle of integers");
  list(0, "iiiii", 1, 2, 3, 4, 5);
  call_slowly("table.move", "viii", 0u, 2, 5, 1);
  is_list(0, "2 3 4 5 5", "move down");
  call_slowly("table.move", "viii", 0u, 1, 4, 2);
  is_list(0, "2 2 3 4 5", "move up");
  list(1, "");
  call("table.move", "viiiv", 0u, 1, 3, 1, 1u);
  is_list(1, "2 2 3", "move to another");
  fails("too many elements", "table.move", "vIIi", 0u, (i64)INT64_MIN,
        (i64)INT64_MAX, 1);
  fails("wrap around", "table.move", "viiI", 0u, 1, 5, (i64)INT64_MAX);
  is("'2, 2, 3, 4, 5'", "table.concat", "vs", 0u, ", ");
  is("'23'", "table.concat", "vsii", 0u, "", 2, 3);
  is("''", "table.concat", "vsii", 0u, ", ", 3, 2);
  list(1, "sdS", "a", 1.5, "b\0c", (size_t)3);
  call("table.concat", "vs", 1u, "-");
  ok(RV_AS(RvString, rv_slot(m->main, WINDOW))->len == 9, "concat of bytes");
  fails("invalid value (nil) at index 6 in table for 'concat'", "table.concat",
        "vsII", 0u, ",", (i64)1, (i64)INT64_MAX);
  list(1, "it", 1);
  fails("invalid value (boolean) at index 2 in table for 'concat'",
        "table.concat", "v", 1u);
  is("2 2 3 4 5", "table.unpack", "v", 0u);
  is("3 4", "table.unpack", "vii", 0u, 3, 4);
  is("", "table.unpack", "vii", 0u, 3, 2);
  is("5 nil nil", "table.unpack", "vii", 0u, 5, 7);
  fails("too many results", "table.unpack", "vII", 0u, (i64)INT64_MIN,
        (i64)INT64_MAX);
  fails("too many results", "table.unpack", "vii", 0u, 1, 2000000);
  call("table.pack", "ins", 1, "x");
  keep(1);
  RvTable *t = RV_AS(RvTable, rv_slot(m->main, 1));
  is_int((i64)rv_table_get_str(m, t, rv_str_newz(m, "n")).p, 3, "pack counts");
  ok(rv_table_get_int(m, t, 2).t == RV_NIL &&
         rv_table_get_int(m, t, 3).t == RV_STR,
     "pack keeps a nil");
}

/* Random inserts and removals against a plain array. */
static void test_table_random(void) {
  static i64 model[300];
  u32 n = 0;
  int bad = 0;
  list(0, "");
  for (int i = 0; i < 3000; i++) {
    if (n == 0 || (n < 290 && random32() >> 31)) {
      u32 pos = random32() % (n + 1);
      memmove(model + pos + 1, model + pos, (n - pos) * sizeof *model);
      model[pos] = i;
      n++;
      call("table.insert", "vii", 0u, (int)pos + 1, i);
    } else {
      u32 pos = random32() % n;
      call("table.remove", "vi", 0u, (int)pos + 1);
      bad += atoll(text) != model[pos];
      n--;
      memmove(model + pos, model + pos + 1, (n - pos) * sizeof *model);
    }
  }
  RvTable *t = RV_AS(RvTable, rv_slot(m->main, 0));
  bad += rv_table_len(m, t) != n;
  for (u32 i = 0; i < n; i++)
    bad += (i64)rv_table_get_int(m, t, i + 1).p != model[i];
  is_int(bad, 0, "3,000 random inserts and removals");
}

int main(void) {
  open_builtins();
  test_table();
  test_table_random();
  return close_builtins();
}
