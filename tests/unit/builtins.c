/* SPDX-License-Identifier: MIT */
/* Every builtin of stdlib/, called as a program calls it.

   is(want, name, args, ...) runs a call three times: with fuel for all of it,
   with one unit at a time, and with a collection at every allocation; all three
   must give `want` and use the same fuel. Results are written as text: strings
   in quotes, several results with blanks between, an error behind "! ". */
#include "tests/tap.h"

#include "stdlib/lib.h"
#include "vm/host/builtin.h"

/* Slots of the main thread: variables of the tests, then the call window. */
enum { VARS = 16, WINDOW = VARS };

static RvMachine *m;
static char text[4096];
static u64 used; /* fuel of the last call */

static RvMachine *new_machine(u8 stress) {
  RvMachine *new = rv_machine_new(&(RvConfig){.stress = stress});
  if (!new) bail_out("no machine");
  if (rv_stack_ensure(new->main, 64)) bail_out("no stack");
  for (u32 i = 0; i < WINDOW; i++) rv_slot_set(new->main, i, rv_nil());
  return new;
}

/* -- Functions that tests pass to builtins --------------------------------- */

static int calls; /* made to any of these */

static RvStatus descending(RvNativeCtx *c) {
  calls++;
  RvValue a = rv_arg(c, 0), b = rv_arg(c, 1);
  return rv_native_ret(c, rv_bool((i64)a.p > (i64)b.p));
}

/* A comparator that contradicts itself, and charges for it. */
static RvStatus hostile(RvNativeCtx *c) {
  RvStatus st = rv_fuel_pay(c->th, c->m, 1);
  if (st) return st;
  calls++;
  return rv_native_ret(c, rv_bool(calls * 2654435761u >> 16 & 1));
}

static RvStatus always(RvNativeCtx *c) {
  calls++;
  return rv_native_ret(c, rv_bool(true));
}

static RvStatus failing(RvNativeCtx *c) {
  if (++calls < 4) return rv_native_ret(c, rv_bool(calls & 1));
  return rv_err(c->th, "enough");
}

static RvStatus no_answer(RvNativeCtx *c) {
  calls++;
  c->res = c->base;
  c->nres = 0;
  return RV_OK;
}

/* Empties the list that variable 0 holds. */
static RvStatus vandal(RvNativeCtx *c) {
  calls++;
  RvTable *t = RV_AS(RvTable, rv_slot(c->th, 0));
  for (i64 i = rv_table_len(c->m, t); i > 0; i--) {
    RvStatus st = rv_table_set_int(c->m, t, i, rv_nil());
    if (st) return st;
  }
  return rv_native_ret(c, rv_bool(calls & 1));
}

/* Orders pairs {key, rank} by key alone. */
static RvStatus by_first(RvNativeCtx *c) {
  RvValue a = rv_table_get_int(c->m, RV_AS(RvTable, rv_arg(c, 0)), 1);
  RvValue b = rv_table_get_int(c->m, RV_AS(RvTable, rv_arg(c, 1)), 1);
  return rv_native_ret(c, rv_bool((i64)a.p < (i64)b.p));
}

/* Never answers. */
static RvStatus endless(RvNativeCtx *c) {
  for (;;) {
    RvStatus st = rv_fuel_pay(c->th, c->m, 1);
    if (st) return st;
  }
}

static RvStatus text_event(RvNativeCtx *c) {
  calls++;
  return rv_lib_retstr(c, "shown", 5);
}

static const RvNativeDef own[] = {
  {"t.descending", 1, 0, descending}, {"t.hostile", 1, 0, hostile},
  {"t.always", 1, 0, always},         {"t.failing", 1, 0, failing},
  {"t.no_answer", 1, 0, no_answer},   {"t.vandal", 1, 0, vandal},
  {"t.by_first", 1, 0, by_first},     {"t.text", 1, 0, text_event},
  {"t.endless", 1, 0, endless},
};

static const RvNativeDef *find(const char *name) {
  const RvNativeDef *d = rv_builtin_find(name, strlen(name), 1);
  for (size_t i = 0; !d && i < sizeof own / sizeof *own; i++)
    if (!strcmp(own[i].name, name)) d = &own[i];
  if (!d) {
    diag("no builtin %s", name);
    bail_out("unknown builtin");
  }
  return d;
}

static RvValue function(const char *name) {
  RvNative *n = rv_native_new(m, find(name));
  if (!n) bail_out("no memory for a function");
  return rv_obj(n, RV_NATIVE);
}

/* -- Values as text --------------------------------------------------------- */

static void show(char *out, size_t size, RvValue v) {
  char num[RV_NUM_TEXT];
  RvString *s = RV_AS(RvString, v);
  switch (v.t) {
  case RV_INT:
  case RV_FLT:
    rv_num_text(v, num);
    snprintf(out, size, "%s", num);
    break;
  case RV_NIL: snprintf(out, size, "nil"); break;
  case RV_FALSE: snprintf(out, size, "false"); break;
  case RV_TRUE: snprintf(out, size, "true"); break;
  case RV_STR:
    if (s->len < 200) snprintf(out, size, "'%.*s'", (int)s->len, rv_str_data(s));
    else snprintf(out, size, "(%u bytes)", s->len);
    break;
  default: snprintf(out, size, "%s", rv_type_names[rv_type_code(v.t)]);
  }
}

static void show_results(RvRunResult r, u32 nres) {
  text[0] = 0;
  if (r != RV_RUN_DONE) {
    strcpy(text, "! ");
    rv_err_text(m, m->main->err, text + 2, sizeof text - 2);
    return;
  }
  size_t n = 0;
  for (u32 i = 0; i < nres && n < sizeof text - 300; i++) {
    if (i) text[n++] = ' ';
    show(text + n, sizeof text - n, rv_slot(m->main, WINDOW + i));
    n += strlen(text + n);
  }
}

/* -- Calling ------------------------------------------------------------------ */

/* Arguments: i int, I i64, d double, s text, S bytes and length, n nil,
   t true, f name of a function, v number of a variable. */
static u32 put_args(const char *args, va_list ap) {
  u32 n = 0;
  for (; args[n]; n++) {
    RvValue v = rv_nil();
    const char *p;
    RvString *s;
    switch (args[n]) {
    case 'i': v = rv_int(va_arg(ap, int)); break;
    case 'I': v = rv_int(va_arg(ap, i64)); break;
    case 'd': v = rv_flt(va_arg(ap, double)); break;
    case 't': v = rv_bool(true); break;
    case 'f': v = function(va_arg(ap, const char *)); break;
    case 'v': v = rv_slot(m->main, va_arg(ap, u32)); break;
    case 's':
    case 'S':
      p = va_arg(ap, const char *);
      s = rv_str_new(m, p, args[n] == 's' ? strlen(p) : va_arg(ap, size_t));
      if (!s) bail_out("no memory for an argument");
      v = rv_strv(s);
    }
    rv_slot_set(m->main, WINDOW + 1 + n, v);
    m->main->frames[0].top = WINDOW + 2 + n;
  }
  return n;
}

/* Exactly so many units from here on; negative: no limit. */
static void set_fuel(i64 units) {
  rv_machine_refuel(m, 0); /* takes back what is left of the slice */
  m->fuel_limited = units >= 0;
  m->fuel_left = units;
}

/* Runs with at most `step` more units of fuel at a time; 0: no limit. */
static RvRunResult run(u32 nargs, i64 step, u32 *nres) {
  u64 before = rv_fuel_used(m);
  set_fuel(step ? 0 : -1);
  calls = 0;
  RvRunResult r = rv_run_start(m, WINDOW, nargs, nres);
  for (long stops = 0; r == RV_RUN_FUEL; stops++) {
    if (stops > 10000000) bail_out("no progress with fuel");
    rv_machine_refuel(m, step);
    r = rv_run_resume(m, nres);
  }
  set_fuel(-1);
  used = rv_fuel_used(m) - before;
  return r;
}

static RvRunResult vcall(i64 step, const char *name, const char *args,
                         va_list ap) {
  u32 nres = 0;
  m->main->fi = 0;
  m->main->frames[0].top = WINDOW;
  m->th = m->main;
  rv_slot_set(m->main, WINDOW, function(name));
  m->main->frames[0].top = WINDOW + 1;
  u32 nargs = put_args(args, ap);
  RvRunResult r = run(nargs, step, &nres);
  show_results(r, nres);
  return r;
}

/* One call, results in `text`. */
static RvRunResult call(const char *name, const char *args, ...) {
  va_list ap;
  va_start(ap, args);
  RvRunResult r = vcall(0, name, args, ap);
  va_end(ap);
  return r;
}

static RvRunResult call_slowly(const char *name, const char *args, ...) {
  va_list ap;
  va_start(ap, args);
  RvRunResult r = vcall(1, name, args, ap);
  va_end(ap);
  return r;
}

static bool starts_with(const char *s, const char *head) {
  return strncmp(s, head, strlen(head)) == 0;
}

static void is(const char *want, const char *name, const char *args, ...) {
  static const char *const how[] = {"", " (unit by unit)", " (stress)"};
  u64 fuel = 0;
  bool good = true;
  for (int i = 0; i < 3 && good; i++) {
    va_list ap;
    va_start(ap, args);
    m->stress = i == 2;
    vcall(i == 1 ? 1 : 0, name, args, ap);
    va_end(ap);
    if (i == 0) fuel = used;
    good = strcmp(text, want) == 0 && used == fuel;
    if (!good)
      diag("%s%s gave %s, want %s; fuel %" PRIu64 " and %" PRIu64, name, how[i],
           text, want, fuel, used);
  }
  m->stress = 0;
  char label[64];
  snprintf(label, sizeof label, "%s", want);
  for (char *p = label; *p; p++)
    if (*p == '\n') *p = ' ';
  ok(good, "%s(%s) is %s", name, args, label);
}

/* An error text ends so; where the position stands is the loop's business. */
static void fails(const char *want, const char *name, const char *args, ...) {
  for (int i = 0; i < 2; i++) {
    va_list ap;
    va_start(ap, args);
    RvRunResult r = vcall(i, name, args, ap);
    va_end(ap);
    if (!ok(r == RV_RUN_ERROR && strstr(text, want), "%s(%s) fails: %s", name,
            args, want))
      diag("got %s", text);
  }
}

/* -- Variables ------------------------------------------------------------------ */

static RvTable *list(u32 var, const char *args, ...) {
  va_list ap;
  va_start(ap, args);
  m->main->fi = 0;
  m->main->frames[0].top = WINDOW + 1;
  u32 n = put_args(args, ap);
  va_end(ap);
  RvTable *t = rv_table_new(m, 0, 0);
  if (!t) bail_out("no memory for a list");
  rv_slot_set(m->main, var, rv_obj(t, RV_TABLE));
  for (u32 i = 0; i < n; i++)
    if (rv_table_set_int(m, t, i + 1, rv_slot(m->main, WINDOW + 1 + i)))
      bail_out("no memory for an element");
  return t;
}

static const char *list_text(u32 var) {
  static char out[2048];
  RvTable *t = RV_AS(RvTable, rv_slot(m->main, var));
  size_t n = 0;
  out[0] = 0;
  for (i64 i = 1; i <= rv_table_len(m, t) && n < sizeof out - 300; i++) {
    if (i > 1) out[n++] = ' ';
    show(out + n, sizeof out - n, rv_table_get_int(m, t, i));
    n += strlen(out + n);
  }
  return out;
}

/* The first result becomes a variable. */
static void keep(u32 var) {
  rv_slot_set(m->main, var, rv_slot(m->main, WINDOW));
}

static u32 random_state = 12345;
static u32 random32(void) {
  return random_state = random_state * 1664525u + 1013904223u;
}

/* -- string ---------------------------------------------------------------------- */

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
  fails("resulting string too large", "string.rep", "sI", "ab",
        (i64)INT64_MAX);
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

/* -- string.format -------------------------------------------------------------- */

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
  is("'nil true 1 table'", "string.format", "sntis", "%s %s %s %s", 1,
     "table");
  is("'\"a\\\n\\0b\\0001\\\\\\\"\"'", "string.format", "sS", "%q",
     "a\n\0b\0" "1\\\"", (size_t)8);
  is("'1 0x8000000000000000 0x1p-1 1e9999 -1e9999 (0/0) nil true'",
     "string.format", "siIddddnt", "%q %q %q %q %q %q %q %q", 1,
     (i64)INT64_MIN, 0.5, 1e308 * 10, -1e308 * 10, (double)__builtin_nan(""));
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
  fails("invalid conversion '%123d' to 'format'", "string.format", "si",
        "%123d", 1);
  fails("invalid conversion '%.123d' to 'format'", "string.format", "si",
        "%.123d", 1);
  fails("invalid conversion '%#d' to 'format'", "string.format", "si", "%#d", 1);
  fails("invalid conversion '%0s' to 'format'", "string.format", "ss", "%0s",
        "");
  fails("invalid conversion '%.3c' to 'format'", "string.format", "si", "%.3c",
        1);
  fails("invalid format string to 'format'", "string.format", "si",
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

/* -- core ------------------------------------------------------------------------ */

static void set_event(u32 var, const char *event, const char *fn) {
  RvTable *t = RV_AS(RvTable, rv_slot(m->main, var));
  RvTable *meta = list(VARS - 1, "");
  m->main->frames[0].top = WINDOW + 2;
  rv_slot_set(m->main, WINDOW, function(fn));
  RvString *key = rv_str_newz(m, event);
  rv_slot_set(m->main, WINDOW + 1, rv_strv(key));
  if (rv_table_set_str(m, meta, key, rv_slot(m->main, WINDOW)) ||
      rv_table_set_meta(m, t, meta))
    bail_out("no memory for a metatable");
}

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
  is("12", "core.traceback", "i", 12);
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

/* -- table ------------------------------------------------------------------------- */

static void is_list(u32 var, const char *want, const char *name) {
  is_str(list_text(var), want, name);
}

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
  fails("invalid value (at index 6) in table for 'concat'", "table.concat",
        "vsII", 0u, ",", (i64)1, (i64)INT64_MAX);
  list(1, "it", 1);
  fails("invalid value (at index 2) in table for 'concat'", "table.concat", "v",
        1u);
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
  ok(rv_table_get_int(m, t, 2).t == RV_NIL && rv_table_get_int(m, t, 3).t == RV_STR,
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

/* -- table.sort ----------------------------------------------------------------------- */

static RvTable *random_list(u32 var, u32 n, u32 range, bool floats) {
  RvTable *t = list(var, "");
  for (u32 i = 1; i <= n; i++) {
    i64 v = random32() >> 8;
    if (range) v %= range;
    RvValue e = floats ? rv_flt((double)v / 3) : rv_int(v);
    if (rv_table_set_int(m, t, i, e)) bail_out("no memory");
  }
  return t;
}

static bool is_sorted(u32 var, u32 n, bool down) {
  RvTable *t = RV_AS(RvTable, rv_slot(m->main, var));
  if (rv_table_len(m, t) != n) return false;
  for (u32 i = 1; i < n; i++) {
    RvValue a = rv_table_get_int(m, t, down ? i + 1 : i);
    RvValue b = rv_table_get_int(m, t, down ? i : i + 1);
    if (a.t == RV_FLT ? rv_u2d(a.p) > rv_u2d(b.p) : (i64)a.p > (i64)b.p)
      return false;
  }
  return true;
}

/* Sum of a mixing function over the elements: equal for permutations. */
static u64 content(u32 var) {
  RvTable *t = RV_AS(RvTable, rv_slot(m->main, var));
  u64 sum = 0;
  for (i64 i = 1; i <= rv_table_len(m, t); i++)
    sum += (rv_table_get_int(m, t, i).p + 1) * 0x9e3779b97f4a7c15ull >> 7;
  return sum;
}

static void test_sort(void) {
  int bad = 0;
  for (u32 n = 0; n < 70; n++) {
    for (int round = 0; round < 4; round++) {
      random_list(0, n, round == 1 ? 4 : 0, round == 2);
      u64 sum = content(0);
      if (round == 3) call_slowly("table.sort", "v", 0u);
      else call("table.sort", "v", 0u);
      bad += !is_sorted(0, n, false) || content(0) != sum;
    }
  }
  is_int(bad, 0, "lists of 0 to 69 numbers");
  random_list(0, 50000, 0, false);
  u64 sum = content(0);
  call("table.sort", "v", 0u);
  ok(is_sorted(0, 50000, false) && content(0) == sum, "50,000 integers");
  u64 fuel = used;
  ok(fuel > 50000 * 12 / 16, "superlinear fuel: %" PRIu64, fuel);
  random_list(0, 1000, 0, false);
  call_slowly("table.sort", "vf", 0u, "t.descending");
  ok(is_sorted(0, 1000, true), "a comparator, unit by unit");
  ok(calls < 1000 * 10, "n log n comparisons: %d", calls);
  calls = 0;
  call("table.sort", "vf", 0u, "t.descending");
  is_int(calls, 999, "an ordered list needs n - 1 comparisons");
  list(0, "sssss", "pear", "apple", "fig", "Zebra", "");
  call("table.sort", "v", 0u);
  is_list(0, "'' 'Zebra' 'apple' 'fig' 'pear'", "strings");
  list(0, "didid", 2.5, 2, 1e300, -1, 0.25);
  call("table.sort", "v", 0u);
  is_list(0, "-1 0.25 2 2.5 1e+300", "integers and floats");
  m->stress = 1;
  list(0, "sdsds", "x", 1.0, "y", 2.0, "z");
  call("table.sort", "vf", 0u, "t.always");
  m->stress = 0;
  is_int(rv_table_len(m, RV_AS(RvTable, rv_slot(m->main, 0))), 5,
         "under stress");
}

static void test_sort_stable(void) {
  enum { N = 500 };
  RvTable *t = list(0, "");
  for (int i = 1; i <= N; i++) {
    RvTable *pair = list(1, "ii", (int)(random32() >> 8) % 10, i);
    if (rv_table_set_int(m, t, i, rv_obj(pair, RV_TABLE))) bail_out("memory");
  }
  call("table.sort", "vf", 0u, "t.by_first");
  int bad = 0;
  i64 key = -1, rank = 0;
  for (int i = 1; i <= N; i++) {
    RvTable *pair = RV_AS(RvTable, rv_table_get_int(m, t, i));
    i64 k = (i64)rv_table_get_int(m, pair, 1).p;
    i64 r = (i64)rv_table_get_int(m, pair, 2).p;
    bad += k < key || (k == key && r < rank);
    key = k;
    rank = r;
  }
  is_int(bad, 0, "equal elements keep their order");
}

static void test_sort_hostile(void) {
  static const char *const bad_orders[] = {"t.hostile", "t.always",
                                           "t.no_answer"};
  for (int i = 0; i < 3; i++) {
    int bad = 0;
    for (u32 n = 2; n < 200; n += 7) {
      random_list(0, n, 0, false);
      u64 sum = content(0);
      call("table.sort", "vf", 0u, bad_orders[i]);
      bad += content(0) != sum || calls > (int)n * 9;
    }
    is_int(bad, 0, bad_orders[i]);
  }
  random_list(0, 20, 0, false);
  char before[2048];
  strcpy(before, list_text(0));
  ok(call("table.sort", "vf", 0u, "t.failing") == RV_RUN_ERROR &&
         strstr(text, "enough"), "an error of the comparator comes out");
  is_str(list_text(0), before, "and the list is as it was");
  random_list(0, 100, 0, false);
  u64 sum = content(0);
  call("table.sort", "vf", 0u, "t.vandal");
  ok(content(0) == sum, "a comparator that empties the list loses nothing");
  list(0, "isi", 1, "a", 2);
  fails("attempt to compare", "table.sort", "v", 0u);
  fails("(function expected, got boolean)", "table.sort", "vt", 0u);
  fails("(table expected, got nil)", "table.sort", "n");
  list(1, "ii", 1, 2);
  list(2, "ii", 3, 4);
  set_event(1, "__lt", "t.always");
  list(0, "vv", 2u, 1u);
  call("table.sort", "v", 0u);
  ok(calls == 2, "event __lt of an element");
}

/* The state of a stopped sort, spoilt as a bad snapshot might. */
static void test_sort_corrupt(void) {
  int ended = 0, rounds = 0;
  for (u32 slot = 0; slot < 8; slot++) {
    for (int how = 0; how < 4; how++, rounds++) {
      u32 nres;
      random_list(0, 64, 0, false);
      m->main->frames[0].top = WINDOW;
      rv_slot_set(m->main, WINDOW, function("table.sort"));
      rv_slot_set(m->main, WINDOW + 1, rv_slot(m->main, 0));
      set_fuel(12);
      if (rv_run_start(m, WINDOW, 1, &nres) != RV_RUN_FUEL)
        bail_out("the sort did not stop");
      static const u64 odd[] = {0, 0xffffffffu, 1ull << 31, 7};
      rv_slot_set(m->main, WINDOW + 2 + slot,
                  how == 3 ? rv_nil() : rv_int((i64)odd[how]));
      rv_machine_refuel(m, 100000);
      RvRunResult r = rv_run_resume(m, &nres);
      ended += r == RV_RUN_DONE || r == RV_RUN_ERROR || r == RV_RUN_FUEL;
      m->running = false;
      m->main->paid = 0;
      set_fuel(-1);
    }
  }
  is_int(ended, rounds, "spoilt states end or use up their fuel");
}

/* -- math -------------------------------------------------------------------------------- */

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
  is("3.0 0.5", "math.modf", "d", 3.5);
  is("-3.0 -0.5", "math.modf", "d", -3.5);
  is("inf 0.0", "math.modf", "d", 1e308 * 10);
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

/* -- buffer ------------------------------------------------------------------------------ */

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

/* A comparator that never answers ends with the fuel, and the machine can be
   told to do something else. */
static void test_sort_endless(void) {
  u32 nres;
  random_list(0, 10, 0, false);
  char before[2048];
  strcpy(before, list_text(0));
  m->main->frames[0].top = WINDOW;
  rv_slot_set(m->main, WINDOW, function("table.sort"));
  rv_slot_set(m->main, WINDOW + 1, rv_slot(m->main, 0));
  m->main->frames[0].top = WINDOW + 2;
  rv_slot_set(m->main, WINDOW + 2, function("t.endless"));
  set_fuel(100000);
  u64 start = rv_fuel_used(m);
  ok(rv_run_start(m, WINDOW, 2, &nres) == RV_RUN_FUEL, "out of fuel");
  is_int((i64)(rv_fuel_used(m) - start), 100000, "all of it was used");
  m->running = false;
  m->main->paid = 0;
  set_fuel(-1);
  is_str(list_text(0), before, "the list is as it was");
  is("'next'", "string.lower", "s", "NEXT");
}

/* -- Limits --------------------------------------------------------------------------------- */

static void test_memory(void) {
  RvMachine *old = m;
  m = rv_machine_new(&(RvConfig){.mem = 2000000});
  if (!m || rv_stack_ensure(m->main, 64)) bail_out("no machine");
  for (u32 i = 0; i < WINDOW; i++) rv_slot_set(m->main, i, rv_nil());
  ok(call("string.rep", "si", "x", 100000000) == RV_RUN_ERROR &&
         strstr(text, "memory"), "a string beyond the limit");
  ok(call("buffer.new", "i", 100000000) == RV_RUN_ERROR &&
         strstr(text, "memory"), "a buffer beyond the limit");
  call("buffer.new", "i", 100000);
  keep(1);
  ok(call("buffer.resize", "vi", 1u, 100000000) == RV_RUN_ERROR,
     "growth beyond the limit");
  is("100000", "buffer.len", "v", 1u);
  ok(call("table.new", "i", 1000000) == RV_RUN_ERROR ||
         !strcmp(text, "table"), "a table hint is no attack");
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

/* -- The manual -------------------------------------------------------------------------------- */

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
      bad += rv_builtin_find(name, strlen(name), 1) != &(*lib)->defs[i];
    }
  }
  is_int(bad, 0, "all builtins are found by name and documented");
  ok(n >= 80, "there are %d", n);
  ok(!rv_builtin_find("string.len", 10, 2) && !rv_builtin_find("string.le", 9, 1) &&
         !rv_builtin_find("string.len", 9, 1) && !rv_builtin_find("", 0, 1),
     "another version or name is not found");
}

int main(void) {
  m = new_machine(0);
  list(VARS - 1, "");
  list(0, "");
  test_string();
  test_string_errors();
  test_long_search();
  test_format();
  test_format_errors();
  test_core();
  test_type_metatables();
  test_table();
  test_table_random();
  test_sort();
  test_sort_stable();
  test_sort_hostile();
  test_sort_corrupt();
  test_sort_endless();
  test_math();
  test_buffer();
  test_buffer_large();
  test_buffer_errors();
  test_memory();
  test_documented();
  rv_machine_free(m);
  return done_testing();
}
