/* SPDX-License-Identifier: MIT */
/* Builtins near the memory limit. */
#include "tests/unit/builtins.h"

static void test_memory(void) {
  RvMachine *old = m;
  m = rv_machine_new(&(RvConfig){.mem = 2000000});
  if (!m || rv_stack_ensure(m->main, 64)) bail_out("no machine");
  for (u32 i = 0; i < WINDOW; i++) rv_slot_set(m->main, i, rv_nil());
  ok(call("string.rep", "si", "x", 100000000) == RV_RUN_ERROR &&
         strstr(text, "memory"),
     "a string beyond the limit");
  ok(call("buffer.new", "i", 100000000) == RV_RUN_ERROR &&
         strstr(text, "memory"),
     "a buffer beyond the limit");
  call("buffer.new", "i", 100000);
  keep(1);
  ok(call("buffer.resize", "vi", 1u, 100000000) == RV_RUN_ERROR,
     "growth beyond the limit");
  is("100000", "buffer.len", "v", 1u);
  ok(call("table.new", "i", 1000000) == RV_RUN_ERROR || !strcmp(text, "table"),
     "a table hint is no attack");
  random_list(0, 20000, 0, false);
  u64 sum = content(0);
  RvRunResult r = call("table.sort", "v", 0u);
  ok((r == RV_RUN_ERROR && strstr(text, "memory")) || r == RV_RUN_DONE,
     "a sort near the limit");
  ok(content(0) == sum, "loses nothing");
  is("'ok'", "string.lower", "s", "OK");
  rv_machine_free(m);
  m = old;
}

int main(void) {
  open_builtins();
  test_memory();
  return close_builtins();
}
