/* SPDX-License-Identifier: MIT */
/* stdlib/lib_core.c; and that every builtin is documented. */
#include "tests/unit/builtins.h"

static void test_core(void) {
  is("'nil'", "core.type", "n");
  is("'boolean'", "core.type", "t");
  is("'number'", "core.type", "d", 1.5);
  is("'string'", "core.type", "s", "");
  is("'table'", "core.type", "v", 0u);
  is("'function'", "core.type", "f", "core.type");
  fails("(value expected)", "core.type", "");
  is("'12'", "core.tostring", "i", 12);
  is("'nil'", "core.tostring", "n");
  is("'-0.0'", "core.tostring", "d", -0.0);
  is("'text'", "core.tostring", "s", "text");
  list(1, "ii", 5, 6);
  call("core.serial", "v", 1u);
  i64 serial = atoll(text);
  char want[60];
  snprintf(want, sizeof want, "'table: 0x%08llx'", (long long)serial);
  is(want, "core.tostring", "v", 1u);
  is(want, "core.rawtostring", "v", 1u);
  snprintf(want, sizeof want, "'0x%08llx|0x%08llx  '", (long long)serial,
           (long long)serial);
  is(want, "string.format", "svv", "%p|%-12p", 1u, 1u);
  is("nil", "core.serial", "s", "no object");
  set_event(1, "__tostring", "t.text");
  is("'shown'", "core.tostring", "v", 1u);
  ok(calls == 1, "the event was asked once");
  is("'<shown> <  shown> <sho>'", "string.format", "svvv", "<%s> <%7s> <%.3s>",
     1u, 1u, 1u);
  ok(calls == 3, "each %%s asked once");
  set_event(1, "__tostring", "t.always");
  fails("'__tostring' must return a string", "core.tostring", "v", 1u);
  fails("'__tostring' must return a string", "string.format", "sv", "%s", 1u);
  list(1, "is", 5, "six");
  is("1 5", "core.next", "v", 1u);
  is("2 'six'", "core.next", "vi", 1u, 1);
  is("nil", "core.next", "vi", 1u, 2);
  is("1 5", "core.inext", "vi", 1u, 0);
  is("nil", "core.inext", "vi", 1u, 2);
  fails("(table expected, got number)", "core.next", "i", 1);
  is("''", "core.where", "i", 100);
  call("core.traceback", "s", "why");
  ok(starts_with(text, "'why\nstack traceback:"), "core.traceback");
  call("core.traceback", "i", 12);
  ok(starts_with(text, "'12\nstack traceback:"), "a number is a message");
  is("'why\nstack traceback:'", "core.traceback", "si", "why", 9);
  call("core.collect", "");
  i64 bytes = atoll(text);
  ok(bytes > 0, "core.collect gives the ledger");
  call("core.count", "");
  ok(atoll(text) >= bytes, "core.count");
  call("core.fuel", "");
  i64 fuel = atoll(text);
  call("core.fuel", "");
  ok(atoll(text) >= fuel && (u64)atoll(text) <= rv_fuel_used(m), "core.fuel");
}

static void test_type_metatables(void) {
  RvTable *meta = list(2, "");
  RvString *key = rv_str_newz(m, "__tostring");
  m->main->frames[0].top = WINDOW + 2;
  rv_slot_set(m->main, WINDOW + 1, rv_strv(key));
  rv_slot_set(m->main, WINDOW, function("t.text"));
  if (rv_table_set_str(m, meta, key, rv_slot(m->main, WINDOW)))
    bail_out("no memory");
  is("", "core.settypemeta", "iv", 3, 2u);
  is("'shown'", "core.tostring", "i", 1);
  is("'shown'", "core.tostring", "d", 1.5);
  is("'text'", "core.tostring", "s", "text");
  is("", "core.settypemeta", "in", 3);
  is("'1'", "core.tostring", "i", 1);
  fails("no type whose values", "core.settypemeta", "iv", 5, 2u);
  fails("no type whose values", "core.settypemeta", "iv", 9, 2u);
  fails("(table expected, got boolean)", "core.settypemeta", "it", 3);
}

static void test_user(void) {
  list(1, "");
  list(2, "");
  is("userdata", "user.new", "vi", 1u, 7);
  rv_slot_set(m->main, 3, rv_slot(m->main, WINDOW));
  is("7", "user.get", "vv", 3u, 1u);
  is("nil", "user.get", "vv", 3u, 2u);
  is("nil", "user.get", "vv", 1u, 1u);
  is("nil", "user.get", "nv", 1u);
  is("'userdata'", "core.type", "v", 3u);
  rv_gc_full(m);
  is("7", "user.get", "vv", 3u, 1u);
  is("userdata", "user.new", "vs", 1u, "a content that is an object, and long");
  rv_slot_set(m->main, 3, rv_slot(m->main, WINDOW));
  rv_gc_full(m);
  is("'a content that is an object, and long'", "user.get", "vv", 3u, 1u);
  fails("(table expected, got number)", "user.new", "ii", 1, 2);
  fails("(table expected, got number)", "user.get", "ii", 1, 2);
  fails("(value expected)", "user.new", "v", 1u);
}

/* -- The manual ------------------------------------------------------------ */

static void test_documented(void) {
  static char page[60000];
  FILE *f = fopen("isa-spec/builtins.md", "r");
  if (!f) bail_out("isa-spec/builtins.md is not there");
  page[fread(page, 1, sizeof page - 1, f)] = 0;
  fclose(f);
  int bad = 0, n = 0;
  for (const RvLib *const *lib = rv_libs; *lib; lib++) {
    for (u32 i = 0; i < (*lib)->n; i++, n++) {
      const char *name = (*lib)->defs[i].name;
      const char *short_name = strchr(name, '.') + 1;
      /* buffer.geti16 and the like stand in one line without their group. */
      if (!strstr(page, starts_with(name, "buffer.") ? short_name : name)) {
        diag("%s is not in isa-spec/builtins.md", name);
        bad++;
      }
      u32 version = (*lib)->defs[i].version;
      bad += rv_builtin_find(name, strlen(name), version) !=
             &(*lib)->defs[i];
    }
  }
  is_int(bad, 0, "all builtins are found by name and documented");
  ok(n >= 80, "there are %d", n);
  ok(!rv_builtin_find("string.len", 10, 2) &&
         !rv_builtin_find("string.le", 9, 1) &&
         !rv_builtin_find("string.len", 9, 1) && !rv_builtin_find("", 0, 1),
     "another version or name is not found");
}

int main(void) {
  open_builtins();
  test_core();
  test_type_metatables();
  test_user();
  test_documented();
  return close_builtins();
}
