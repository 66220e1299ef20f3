/* SPDX-License-Identifier: MIT */
/* How the tests of stdlib/ call a builtin: as a program does.

   is(want, name, args, ...) runs a call three times: with fuel for all of it,
   with one unit at a time, and with a collection at every allocation; all three
   must give `want` and use the same fuel. Results are written as text: strings
   in quotes, several results with blanks between, an error behind "! ".

   For one C file of a test program, as tap.h is. It may have functions of its
   own: own_defs. */
#ifndef RV_TESTS_UNIT_BUILTINS_H
#define RV_TESTS_UNIT_BUILTINS_H

#include "tests/tap.h"

#include "stdlib/lib.h"
#include "vm/host/builtin.h"

/* Not every test needs everything. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"

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

static RvStatus always(RvNativeCtx *c) {
  calls++;
  return rv_native_ret(c, rv_bool(true));
}

static RvStatus text_event(RvNativeCtx *c) {
  calls++;
  return rv_lib_retstr(c, "shown", 5);
}

static const RvNativeDef common_defs[] = {
    {"t.always", 1, 0, always},
    {"t.text", 1, 0, text_event},
};

/* Those of the file. */
static const RvNativeDef *own_defs;
static size_t nown;

static const RvNativeDef *find_in(const RvNativeDef *defs, size_t n,
                                  const char *name) {
  for (size_t i = 0; i < n; i++)
    if (!strcmp(defs[i].name, name)) return &defs[i];
  return NULL;
}

static const RvNativeDef *find(const char *name) {
  const RvNativeDef *d = rv_builtin_find(name, strlen(name), 1);
  if (!d)
    d = find_in(common_defs, sizeof common_defs / sizeof *common_defs, name);
  if (!d) d = find_in(own_defs, nown, name);
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

/* -- Values as text -------------------------------------------------------- */

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
    if (s->len < 200)
      snprintf(out, size, "'%.*s'", (int)s->len, rv_str_data(s));
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

/* -- Calling --------------------------------------------------------------- */

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

/* -- Variables ------------------------------------------------------------- */

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

static void is_list(u32 var, const char *want, const char *name) {
  is_str(list_text(var), want, name);
}

static u32 random_state = 12345;
static u32 random32(void) {
  return random_state = random_state * 1664525u + 1013904223u;
}

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

/* Sum of a mixing function over the elements: equal for permutations. */
static u64 content(u32 var) {
  RvTable *t = RV_AS(RvTable, rv_slot(m->main, var));
  u64 sum = 0;
  for (i64 i = 1; i <= rv_table_len(m, t); i++)
    sum += (rv_table_get_int(m, t, i).p + 1) * 0x9e3779b97f4a7c15ull >> 7;
  return sum;
}

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

/* -- A test program -------------------------------------------------------- */

/* A machine whose first and last variables hold tables. */
static void open_builtins(void) {
  m = new_machine(0);
  list(VARS - 1, "");
  list(0, "");
}

static int close_builtins(void) {
  rv_machine_free(m);
  return done_testing();
}

#pragma GCC diagnostic pop

#endif
