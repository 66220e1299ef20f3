/* SPDX-License-Identifier: MIT */
/* The host-call layer through rove.h: devices, policy, limits, requests. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "assembler/asm.h"
#include "include/rove.h"
#include "tests/tap.h"
#include "vm/capi/rove_api.h"
#include "vm/host/sig.h"

/* -- Help ------------------------------------------------------------------ */
static RoveImage *assemble(const char *text) {
  static RvAsmDiag d;
  memset(&d, 0, sizeof d);
  RoveImage *img = rv_asm_text("test", text, strlen(text), &d);
  if (img == NULL)
    for (u32 i = 0; i < d.nkept; i++)
      diag("%u:%u: %s", d.error[i].line, d.error[i].column, d.error[i].text);
  return img;
}

/* Module main around some imports and a body. */
static RoveImage *program(const char *imports, const char *body) {
  static char text[8192];
  snprintf(text, sizeof text,
           "%s\n.module \"main\" main\n.entry \"main\"\n"
           ".func main regs=16\n.upvalue u0\n%s\n.end\n",
           imports, body);
  return assemble(text);
}

static RoveStatus load_run(RoveMachine *m, const char *imports,
                           const char *body) {
  RoveImage *img = program(imports, body);
  if (img == NULL) return ROVE_ERROR;
  RoveStatus st = rove_load(m, img, NULL);
  rove_image_free(img);
  if (st == ROVE_OK) st = rove_run(m, NULL, 0);
  if (st != ROVE_OK) diag("status %d: %s", st, rove_error(m));
  return st;
}

static RoveMachine *machine(const char *const *rights) {
  RoveMachine *m = rove_machine_new(NULL);
  for (; m && rights && *rights; rights++)
    if (!rove_allow(m, *rights)) diag("%s", rove_error(m));
  return m;
}

static int64_t int_at(const RoveMachine *m, size_t i) {
  RoveValue v = rove_result(m, i);
  return v.type == ROVE_INT ? v.u.i : INT64_MIN;
}

static const char *text_at(const RoveMachine *m, size_t i) {
  RoveValue v = rove_result(m, i);
  return v.type == ROVE_STRING ? v.u.s : NULL;
}

/* -- Signatures ------------------------------------------------------------ */
static void test_signatures(void) {
  RvTypes t;
  ok(rv_sig_parse("()", &t) && t.nargs == 0 && t.nres == 0, "empty signature");
  ok(rv_sig_parse("(str, int?) (handle?, str?)", &t) && t.nargs == 2 &&
         t.nres == 2 && t.arg[1] == (RV_SIG_INT | RV_SIG_OPT) &&
         t.res[0] == (RV_SIG_HANDLE | RV_SIG_OPT),
     "a signature with everything");
  ok(rv_sig_parse("( any ) bool", &t) && t.res[0] == RV_SIG_BOOL,
     "one result without parentheses");
  static const char *const bad[] = {"",       "(",        "(str",    "(str,)",
                                    "str",    "(u8)",     "() int,", "() (int",
                                    "() int int", "(strr)", "(str) ()x"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ok(!rv_sig_parse(bad[i], &t), "refused: %s", bad[i]);
}

/* -- Binding --------------------------------------------------------------- */
static void binding_fails(const char *import, const char *why) {
  RoveMachine *m = machine(NULL);
  RoveImage *img = program(import, "ret0");
  RoveStatus st = img ? rove_load(m, img, NULL) : ROVE_OK;
  ok(st == ROVE_ERROR && strstr(rove_error(m), why), "binding: %s", why);
  if (st == ROVE_ERROR) diag("%s", rove_error(m));
  rove_image_free(img);
  rove_machine_free(m);
}

static void test_binding(void) {
  binding_fails(".import device \"cnsole\" \"write\" (str)", "no device");
  binding_fails(".import device \"console\" \"wriet\" (str)", "no operation");
  binding_fails(".import device \"console\" \"write\" (int)",
                "other type of argument 1");
  binding_fails(".import device \"console\" \"write\" ()",
                "leaves out argument 1");
  binding_fails(".import device \"console\" \"write\" (str, str)",
                "has no argument 2");
  binding_fails(".import device \"console\" \"write\" (str) int",
                "other type of result 1");
  binding_fails(".import device \"console\" \"write\" (str) "
                "(int?, str?, int?, any)",
                "has no result 4");
  binding_fails(".import builtin \"no.such\" 1", "no builtin 'no.such'");
  binding_fails(".import builtin \"string.rep\" 99", "version 99");
  static const char *const all[] = {"all", NULL};
  RoveMachine *m = machine(all);
  is_int(load_run(m, ".import device \"console\" \"write\" (any) any",
                  "loadk r0, \"\"\n hcall r0, write\n ret1 r0"),
         ROVE_OK, "any stands for every type");
  is_int(int_at(m, 0), 0, "its result");
  rove_machine_free(m);
}

/* -- Arguments and failures ------------------------------------------------ */
#define ENV ".import device \"process\" \"env\" (str) (str?, str?, int?)\n"
#define WRITE ".import device \"console\" \"write\" (any) int?\n"
#define SLEEP ".import device \"clock\" \"sleep\" (any) bool?\n"

static void test_arguments(void) {
  static const char *const rights[] = {"console", "clock", NULL};
  RoveMachine *m = machine(rights);
  is_int(load_run(m, WRITE, "loadnil r0, 1\n hcall r0, write\n ret0"),
         ROVE_ERROR, "nil for a string");
  ok(strstr(rove_error(m),
            "argument 1 of console.write: string expected, got nil") != NULL,
     "names argument, operation and types");
  load_run(m, WRITE, "loadi r0, 5\n hcall r0, write\n ret0");
  ok(strstr(rove_error(m), "string expected, got number") != NULL,
     "a number is no string");
  is_int(load_run(m, SLEEP, "loadf r0, -2\n hcall r0, sleep\n ret1 r0"),
         ROVE_OK, "a float with an integer value is one");
  load_run(m, SLEEP, "loadk r0, 0.5\n hcall r0, sleep\n ret1 r0");
  ok(strstr(rove_error(m), "integer expected, got a float") != NULL,
     "another float is not");
  rove_machine_free(m);
}

static void test_denial(void) {
  const char *body = "loadk r0, \"HOME\"\n hcall r0, env\n ret r0, 3";
  RoveMachine *m = machine(NULL);
  char text[300];
  RoveImage *img = program(ENV, body);
  ok(rove_missing(m, img, text, sizeof text) &&
         strstr(text, "process.env is not granted: --allow-env=NAME"),
     "missing: %s", text);
  rove_allow(m, "env=OTHER");
  ok(!rove_missing(m, img, text, sizeof text), "something is granted");
  rove_image_free(img);
  setenv("HOME", "/home/test", 1);
  is_int(load_run(m, ENV, body), ROVE_OK, "a denied call is no error");
  is_int(rove_result(m, 0).type, ROVE_NIL, "but nil");
  ok(text_at(m, 1) && strstr(text_at(m, 1), "--allow-env=HOME"), "message: %s",
     text_at(m, 1));
  is_int(int_at(m, 2), EACCES, "code");
  rove_allow(m, "env=HOME");
  is_int(rove_run(m, NULL, 0), ROVE_OK, "runs again");
  is_str(text_at(m, 0), "/home/test", "granted at run time");
  rove_deny(m, "env");
  is_int(rove_run(m, NULL, 0), ROVE_OK, "and again");
  is_int(rove_result(m, 0).type, ROVE_NIL, "a denial wins");
  RoveDeviceStats s;
  int found = 0;
  for (size_t i = 0; rove_device_stats(m, i, &s); i++)
    if (strcmp(s.name, "process") == 0) {
      found = 1;
      ok(s.calls == 3 && s.denied == 2 && s.errors == 2, "counted");
    }
  ok(found, "the device is listed");
  ok(!rove_allow(m, "nonsense=1") && strstr(rove_error(m), "no such kind"),
     "an unknown right");
  ok(!rove_allow(m, "read=/no/such/dir/at/all"), "a directory not there");
  rove_machine_free(m);
}

/* -- Storage --------------------------------------------------------------- */
static char top[64];

static const char *path_of(const char *name) {
  static char buf[8][256];
  static int n;
  char *p = buf[n++ % 8];
  snprintf(p, 256, "%s/%s", top, name);
  return p;
}

static void put_file(const char *name, const char *text) {
  FILE *f = fopen(path_of(name), "w");
  if (f == NULL) bail_out("cannot write a test file");
  fputs(text, f);
  fclose(f);
}

#define STORAGE                                                                \
  ".import device \"storage\" \"open\" (str, str) (handle?, str?, int?)\n"     \
  ".import device \"storage\" \"read\" (handle, int) str?\n"                   \
  ".import device \"storage\" \"write\" (handle, str) int?\n"                  \
  ".import device \"storage\" \"line\" (handle, bool?) str?\n"                 \
  ".import device \"storage\" \"seek\" (handle, str, int) int?\n"              \
  ".import device \"storage\" \"size\" (handle) int?\n"                        \
  ".import device \"storage\" \"close\" (handle) bool?\n"                      \
  ".import device \"storage\" \"rename\" (str, str) (bool?, str?, int?)\n"     \
  ".import device \"storage\" \"remove\" (str) (bool?, str?, int?)\n"          \
  ".import device \"storage\" \"list\" (str) (table?, str?, int?)\n"           \
  ".import device \"storage\" \"kind\" (str) str? as kind1\n"                \
  ".import device \"storage\" \"kind\" (str) (str?, str?, int?)\n"

/* Opens a path: the code of the failure, 0 when it worked. */
static int64_t open_code(RoveMachine *m, const char *path, const char *mode) {
  char body[600];
  snprintf(body, sizeof body,
           "loadk r0, \"%s\"\n loadk r1, \"%s\"\n hcall r0, open\n"
           "jnil r0, no\n move r3, r0\n hcall r3, close\n loadi r0, 0\n"
           "ret1 r0\nno:\n ret1 r2",
           path, mode);
  if (load_run(m, STORAGE, body) != ROVE_OK) return -1;
  return int_at(m, 0);
}

static void test_confinement(void) {
  put_file("in/a.txt", "alpha\nbeta\nlast");
  put_file("out/secret", "no");
  if (symlink("../out/secret", path_of("in/link")) != 0 ||
      symlink("../out", path_of("in/dirlink")) != 0 ||
      symlink("a.txt", path_of("in/good")) != 0 ||
      symlink("loop2", path_of("in/loop1")) != 0 ||
      symlink("loop1", path_of("in/loop2")) != 0 ||
      symlink(path_of("out/secret"), path_of("in/absolute")) != 0)
    bail_out("cannot make links");
  char right[300], dots[300];
  RoveMachine *m = machine(NULL);
  snprintf(right, sizeof right, "read=%s", path_of("in"));
  ok(rove_allow(m, right), "grant of a directory");
  is_int(open_code(m, path_of("in/a.txt"), "r"), 0, "a file in it");
  is_int(open_code(m, path_of("in/./sub/..//a.txt"), "r"), 0, "by dots");
  is_int(open_code(m, path_of("in/good"), "r"), 0, "by a link that stays");
  is_int(open_code(m, path_of("in/link"), "r"), EACCES, "a link out");
  is_int(open_code(m, path_of("in/absolute"), "r"), EACCES,
         "an absolute link out");
  is_int(open_code(m, path_of("in/dirlink/secret"), "r"), EACCES,
         "a directory link out");
  is_int(open_code(m, path_of("in/../out/secret"), "r"), EACCES, "dots out");
  snprintf(dots, sizeof dots, "%s/in/sub/../../../../../../../../etc/passwd",
           top);
  is_int(open_code(m, dots, "r"), EACCES, "many dots");
  is_int(open_code(m, "/etc/passwd", "r"), EACCES, "elsewhere");
  is_int(open_code(m, path_of("in/loop1"), "r"), ELOOP, "links in a circle");
  is_int(open_code(m, path_of("in/none"), "r"), ENOENT, "no such file");
  is_int(open_code(m, path_of("in/a.txt/x"), "r"), ENOTDIR, "below a file");
  is_int(open_code(m, path_of("in"), "r"), EISDIR, "the directory itself");
  is_int(open_code(m, path_of("in/a.txt"), "w"), EACCES, "reading only");
  is_int(open_code(m, path_of("in/a.txt"), "r+"), EACCES, "not both");
  char deny[300];
  snprintf(deny, sizeof deny, "read=%s", path_of("in/a.txt"));
  rove_deny(m, deny);
  is_int(open_code(m, path_of("in/a.txt"), "r"), EACCES, "one file denied");
  is_int(open_code(m, path_of("in/good"), "r"), EACCES,
         "also under its other name");
  if (link(path_of("in/a.txt"), path_of("in/hard")) == 0)
    is_int(open_code(m, path_of("in/hard"), "r"), EACCES, "and as a hard link");
  rove_machine_free(m);

  static const char *const all[] = {"all", NULL};
  m = machine(all);
  is_int(open_code(m, path_of("in/link"), "r"), 0, "all: links lead anywhere");
  snprintf(deny, sizeof deny, "read=%s", path_of("out"));
  rove_deny(m, deny);
  is_int(open_code(m, path_of("in/link"), "r"), EACCES, "but not to a denied");
  is_int(open_code(m, path_of("in/a.txt"), "r"), 0, "while others are open");
  rove_machine_free(m);

  m = machine(NULL);
  snprintf(right, sizeof right, "read=%s", path_of("in/a.txt"));
  rove_allow(m, right);
  is_int(open_code(m, path_of("in/a.txt"), "r"), 0, "grant of one file");
  is_int(open_code(m, path_of("in/good"), "r"), EACCES, "covers no other");
  rove_machine_free(m);
}

static void test_files(void) {
  char right[300], body[1500];
  RoveMachine *m = machine(NULL);
  snprintf(right, sizeof right, "read=%s", path_of("w"));
  rove_allow(m, right);
  snprintf(right, sizeof right, "write=%s", path_of("w"));
  rove_allow(m, right);
  snprintf(body, sizeof body,
           "loadk r0, \"%s\"\n loadk r1, \"w+\"\n hcall r0, open\n"
           "move r1, r0\n loadk r2, \"one\\ntwo\\nthree\"\n"
           "hcall r1, write\n"
           "move r2, r0\n hcall r2, size\n"
           "move r3, r0\n loadk r4, \"set\"\n loadi r5, 4\n hcall r3, seek\n"
           "move r4, r0\n loadnil r5, 1\n hcall r4, line\n"
           "move r5, r0\n loadtrue r6\n hcall r5, line\n"
           "move r6, r0\n loadi r7, 9\n hcall r6, read\n"
           "ret r0, 7",
           path_of("w/f"));
  is_int(load_run(m, STORAGE, body), ROVE_OK, "writes and reads a file");
  is_int(int_at(m, 1), 13, "bytes written");
  is_int(int_at(m, 2), 13, "size, with what is kept back");
  is_int(int_at(m, 3), 4, "position");
  is_str(text_at(m, 4), "two", "a line");
  is_str(text_at(m, 5), "three", "the last one, without newline");
  is_str(text_at(m, 6), "", "the end");
  RoveStats s;
  rove_stats(m, &s);
  is_int(s.handles, 1, "one handle is open");

  snprintf(body, sizeof body,
           "loadk r0, \"%s\"\n loadk r1, \"%s\"\n hcall r0, rename\n"
           "loadk r1, \"%s\"\n hcall r1, kind1\n"
           "loadk r2, \"%s\"\n hcall r2, remove\n"
           "loadk r3, \"%s\"\n hcall r3, kind\n"
           "ret r0, 6",
           path_of("w/f"), path_of("w/g"), path_of("w/g"), path_of("w/g"),
           path_of("w/g"));
  is_int(load_run(m, STORAGE, body), ROVE_OK, "names");
  is_int(rove_result(m, 0).u.b, 1, "renamed");
  is_str(text_at(m, 1), "file", "kind");
  is_int(rove_result(m, 2).u.b, 1, "removed");
  is_int(int_at(m, 5), ENOENT, "gone");

  put_file("w/b", "");
  put_file("w/a", "");
  snprintf(body, sizeof body,
           "loadk r0, \"%s\"\n hcall r0, list\n geti r1, r0, 1\n"
           "geti r2, r0, 2\n geti r3, r0, 3\n ret r1, 3",
           path_of("w"));
  is_int(load_run(m, STORAGE, body), ROVE_OK, "list");
  is_str(text_at(m, 0), "a", "in order");
  is_str(text_at(m, 1), "b", "both names");
  is_int(rove_result(m, 2).type, ROVE_NIL, "no more");

  snprintf(body, sizeof body,
           "loadk r0, \"%s\"\n loadk r1, \"r\"\n hcall r0, open\n"
           "move r1, r0\n hcall r1, close\n loadi r1, 1\n"
           "hcall r0, read\n ret0",
           path_of("w/a"));
  is_int(load_run(m, STORAGE, body), ROVE_ERROR, "a closed handle");
  ok(strstr(rove_error(m),
            "argument 1 of storage.read: open handle expected") != NULL,
     "says so: %s", rove_error(m));
  snprintf(body, sizeof body,
           "loadk r0, \"%s\"\n loadk r1, \"q\"\n hcall r0, open\n ret0",
           path_of("w/a"));
  is_int(load_run(m, STORAGE, body), ROVE_ERROR, "a bad mode");
  rove_machine_free(m);

  RoveConfig c = {.handles = 3};
  m = rove_machine_new(&c);
  rove_allow(m, "all");
  snprintf(body, sizeof body,
           "again:\n loadk r0, \"%s\"\n loadk r1, \"r\"\n hcall r0, open\n"
           "loop again",
           path_of("w/a"));
  is_int(load_run(m, STORAGE, body), ROVE_ERROR_HANDLES, "too many handles");
  ok(strstr(rove_error(m), "too many handles (limit 3)") != NULL,
     "names the limit");
  rove_machine_free(m);
}

/* -- Fuel, interrupts, exit ------------------------------------------------ */
static void *interrupt_later(void *arg) {
  struct timespec ts = {0, 30000000};
  nanosleep(&ts, NULL);
  rove_interrupt(arg);
  return NULL;
}

static void test_stopping(void) {
  static const char *const rights[] = {"clock", NULL};
  RoveMachine *m = machine(rights);
  RoveImage *img = program(SLEEP, "loadi r0, 10000\n loadi r1, 30000\n"
                                  "mul r0, r0, r1\n hcall r0, sleep\n ret1 r0");
  pthread_t t;
  struct timespec a, b;
  clock_gettime(CLOCK_MONOTONIC, &a);
  ok(img && rove_load(m, img, NULL) == ROVE_OK, "sleep loads");
  pthread_create(&t, NULL, interrupt_later, m);
  is_int(rove_run(m, NULL, 0), ROVE_INTERRUPTED, "a sleep is interrupted");
  pthread_join(t, NULL);
  is_int(rove_run(m, NULL, 0), ROVE_ERROR, "no second run beside it");
  is_int(rove_resume(m), ROVE_OK, "and goes on");
  clock_gettime(CLOCK_MONOTONIC, &b);
  double s = (double)(b.tv_sec - a.tv_sec) +
             (double)(b.tv_nsec - a.tv_nsec) / 1e9;
  ok(s >= 0.3 && s < 0.5, "until its first end: %.3f s", s);
  is_int(rove_result(m, 0).type, ROVE_BOOL, "its result");
  is_int(rove_resume(m), ROVE_ERROR, "nothing to resume");
  rove_image_free(img);
  rove_interrupt(m);
  is_int(load_run(m, "", "again:\n loop again"), ROVE_INTERRUPTED,
         "a request made before");
  rove_machine_free(m);

  RoveConfig c = {.fuel = 1000};
  m = rove_machine_new(&c);
  is_int(load_run(m, "", "again:\n loop again"), ROVE_FUEL, "out of fuel");
  RoveStats st;
  rove_stats(m, &st);
  is_int((int64_t)st.fuel, 1000, "all of it used");
  rove_add_fuel(m, 500);
  is_int(rove_resume(m), ROVE_FUEL, "and again");
  rove_stats(m, &st);
  is_int((int64_t)st.fuel, 1500, "exactly");
  rove_machine_free(m);

  m = machine(NULL);
  is_int(load_run(m, ".import device \"process\" \"exit\" (int?)\n",
                  "loadi r0, 7\n hcall r0, exit\n ret0"),
         ROVE_EXITED, "process.exit");
  is_int(rove_exit_code(m), 7, "its code");
  is_int(rove_run(m, NULL, 0), ROVE_ERROR, "no way back");
  rove_machine_free(m);
}

/* -- A device of the host -------------------------------------------------- */
static int closed;
static void on_close(void *p) { closed += *(int *)p; }

static void echo(RoveCall *c, void *ud) {
  size_t n;
  const char *s = rove_arg_string(c, 0, &n);
  rove_return_string(c, 0, s, n);
  rove_return_int(c, 1, rove_arg_is_nil(c, 1) ? -1 : rove_arg_int(c, 1));
  rove_return_float(c, 2, rove_arg_float(c, 2) * *(double *)ud);
}
static void make(RoveCall *c, void *ud) { rove_return_handle(c, 0, ud); }
static void drop(RoveCall *c, void *ud) {
  rove_return_bool(c, 0, rove_arg_handle(c, 0) == ud);
  rove_release_handle(c, 0);
}
static void refuse(RoveCall *c, void *ud) { rove_fail(c, 42, "not today"); }
static void raise_it(RoveCall *c, void *ud) { rove_raise(c, "bad idea"); }
static void lie(RoveCall *c, void *ud) { rove_return_int(c, 0, 1); }

static void test_device(void) {
  double factor = 2;
  int weight = 5;
  RoveOperation ops[] = {
      {"echo", "(str, int?, float) (str, int, float)", echo, &factor},
      {"make", "() handle", make, &weight},
      {"drop", "(handle) bool", drop, &weight},
      {"refuse", "() (str?, str?, int?)", refuse, NULL},
      {"raise", "()", raise_it, NULL},
      {"lie", "() str", lie, NULL},
  };
  RoveDevice dev = {"toy", 1, ops, 6, on_close};
  RoveMachine *m = machine(NULL);
  ok(rove_add_device(m, &dev), "a device is added");
  const char *imports =
      ".import device \"toy\" \"echo\" (str, int?, float) (str, int, float)\n"
      ".import device \"toy\" \"make\" () handle\n"
      ".import device \"toy\" \"drop\" (handle) bool\n"
      ".import device \"toy\" \"refuse\" () (str?, str?, int?)\n"
      ".import device \"toy\" \"raise\" ()\n"
      ".import device \"toy\" \"lie\" () str\n";
  is_int(load_run(m, imports,
                  "loadk r0, \"hi\"\n loadnil r1, 1\n loadi r2, 21\n"
                  "hcall r0, echo\n ret r0, 3"),
         ROVE_OK, "called");
  is_str(text_at(m, 0), "hi", "string result");
  is_int(int_at(m, 1), -1, "nil seen");
  ok(rove_result(m, 2).type == ROVE_FLOAT && rove_result(m, 2).u.f == 42.0,
     "integer became float");
  is_int(load_run(m, imports,
                  "hcall r0, make\n hcall r1, make\n hcall r1, drop\n"
                  "hcall r2, refuse\n ret r1, 4"),
         ROVE_OK, "handles");
  is_int(rove_result(m, 0).u.b, 1, "its payload");
  is_str(text_at(m, 2), "not today", "failure");
  is_int(int_at(m, 3), 42, "code");
  is_int(load_run(m, imports, "hcall r0, raise\n ret0"), ROVE_ERROR, "raised");
  is_str(rove_error(m), "bad idea", "its text");
  is_int(load_run(m, imports, "hcall r0, lie\n ret0"), ROVE_ERROR,
         "a result of another type is caught");
  rove_deny(m, "device=toy");
  is_int(load_run(m, imports, "hcall r0, make\n ret0"), ROVE_ERROR_DENIED,
         "denied, and no place for a failure");
  is_int(closed, 0, "nothing closed so far");
  rove_machine_free(m);
  is_int(closed, 5, "the open handle was closed at the end");
  ops[0].signature = "(nonsense)";
  m = machine(NULL);
  ok(!rove_add_device(m, &dev), "a wrong signature is refused");
  rove_machine_free(m);
}

/* -- Calling in ------------------------------------------------------------ */
static void test_calling(void) {
  RoveMachine *m = machine(NULL);
  RoveImage *img = assemble(
      ".module \"main\" main\n.entry \"main\"\n"
      ".func add params=2 regs=3\n add r2, r0, r1\n ret1 r2\n.end\n"
      ".func main regs=3\n newtable r0, 0, 1\n closure r1, add\n"
      "setfield r0, r1, \"add\"\n newtable r2, 0, 1\n"
      "setfield r2, r0, \"math\"\n ret1 r2\n.end\n");
  ok(img && rove_load(m, img, NULL) == ROVE_OK, "a module with functions");
  is_int(rove_image_modules(img), 1, "one module");
  is_str(rove_image_module(img, 0), "main", "its name");
  is_int(rove_run(m, NULL, 0), ROVE_OK, "runs");
  is_int(rove_result(m, 0).type, ROVE_OTHER, "returns a table");
  RoveValue args[2] = {{.type = ROVE_INT, .u.i = 40},
                       {.type = ROVE_FLOAT, .u.f = 2.5}};
  is_int(rove_call(m, "math.add", args, 2), ROVE_OK, "called by name");
  ok(rove_result(m, 0).type == ROVE_FLOAT && rove_result(m, 0).u.f == 42.5,
     "its result");
  is_int(rove_call(m, "math.sub", args, 2), ROVE_ERROR, "no such function");
  args[1] = (RoveValue){.type = ROVE_STRING, .len = 1, .u.s = "x"};
  is_int(rove_call(m, "math.add", args, 2), ROVE_ERROR, "an error inside");
  diag("%s", rove_error(m));
  is_int(rove_call(m, "math.add", args, 1), ROVE_ERROR, "an argument less");
  rove_image_free(img);
  rove_machine_free(m);
  ok(rove_image_load("junk", 4, NULL, 0) == NULL, "junk is no image");
}

/* -- Native imports -------------------------------------------------------- */
#ifndef RV_NO_FFI
static char lib[300];

static RoveStatus native(RoveMachine *m, const char *imports,
                         const char *body) {
  static char text[4096];
  size_t n = 0;
  for (const char *p = imports; *p && n < sizeof text - 300; p++) {
    if (*p != '@') {
      text[n++] = *p;
      continue;
    }
    n += (size_t)snprintf(text + n, 300, ".import native \"%s\"", lib);
  }
  text[n] = '\0';
  return load_run(m, text, body);
}

static int64_t add(RoveMachine *m, const char *type, int64_t a, int64_t b) {
  char imports[200], body[200];
  snprintf(imports, sizeof imports, "@ \"add_%s\" (%s, %s) %s", type, type,
           type, type);
  snprintf(body, sizeof body,
           "loadk r0, %lld\n loadk r1, %lld\n hcall r0, add_%s\n ret1 r0",
           (long long)a, (long long)b, type);
  return native(m, imports, body) == ROVE_OK ? int_at(m, 0) : INT64_MIN;
}

static RoveMachine *trusting(void) {
  RoveMachine *m = machine(NULL);
  char right[400];
  snprintf(right, sizeof right, "native=%s", lib);
  rove_allow(m, right);
  return m;
}

/* main with a helper function that is passed as callback */
static RoveStatus with_callback(RoveMachine *m, const char *imports,
                                const char *helper, const char *body) {
  static char text[4096];
  size_t n = 0;
  for (const char *p = imports; *p && n < sizeof text - 400; p++) {
    if (*p == '@')
      n += (size_t)snprintf(text + n, 300, ".import native \"%s\"", lib);
    else
      text[n++] = *p;
  }
  snprintf(text + n, sizeof text - n,
           "\n.module \"main\" main\n.entry \"main\"\n%s\n"
           ".func main regs=16\n.upvalue u0\n%s\n.end\n",
           helper, body);
  RoveImage *img = assemble(text);
  if (img == NULL) return ROVE_ERROR;
  RoveStatus st = rove_load(m, img, NULL);
  rove_image_free(img);
  if (st == ROVE_OK) st = rove_run(m, NULL, 0);
  if (st != ROVE_OK) diag("status %d: %s", st, rove_error(m));
  return st;
}

static void test_scalars(RoveMachine *m) {
  is_int(add(m, "i8", 100, 100), -56, "i8 wraps in C");
  is_int(add(m, "u8", 200, 100), 44, "u8");
  is_int(add(m, "i16", 32767, 1), -32768, "i16");
  is_int(add(m, "u16", 65535, 2), 1, "u16");
  is_int(add(m, "i32", -5, 3), -2, "i32");
  is_int(add(m, "u32", 4294967295, 2), 1, "u32");
  is_int(add(m, "i64", INT64_MAX, 1), INT64_MIN, "i64");
  is_int(add(m, "u64", -1, -1), -2, "u64 takes the bits");
  is_int(add(m, "i8", 128, 0), INT64_MIN, "128 does not fit i8");
  ok(strstr(rove_error(m), "128 does not fit i8") != NULL, "and it says so");
  is_int(add(m, "u32", -1, 0), INT64_MIN, "-1 does not fit u32");
  native(m, "@ \"add_f32\" (f32, f32) f32",
         "loadk r0, 0.5\n loadi r1, 2\n hcall r0, add_f32\n ret1 r0");
  ok(rove_result(m, 0).u.f == 2.5, "f32");
  native(m, "@ \"add_f64\" (f64, f64) f64",
         "loadk r0, 0.1\n loadk r1, 0.2\n hcall r0, add_f64\n ret1 r0");
  ok(rove_result(m, 0).u.f == 0.1 + 0.2, "f64");
  native(m, "@ \"flip\" (bool) bool", "loadfalse r0\n hcall r0, flip\n ret1 r0");
  ok(rove_result(m, 0).type == ROVE_BOOL && rove_result(m, 0).u.b, "bool");
  native(m, "@ \"mixed\" (i8, f64, u16, f32, i64, f64, u8, f32, i32, u64) f64",
         "loadi r0, -1\n loadk r1, 0.5\n loadi r2, 2\n loadk r3, 0.25\n"
         "loadi r4, 3\n loadi r5, 4\n loadi r6, 5\n loadi r7, 6\n"
         "loadi r8, -7\n loadi r9, 8\n hcall r0, mixed\n ret1 r0");
  ok(rove_result(m, 0).u.f == 20.75, "ten of mixed types");
}

static void test_memory(RoveMachine *m) {
  native(m, "@ \"length\" (bytes?) i64",
         "loadk r0, \"four\"\n hcall r0, length\n loadnil r1, 1\n"
         "hcall r1, length\n ret r0, 2");
  is_int(int_at(m, 0), 4, "bytes of a string");
  is_int(int_at(m, 1), -1, "nil is NULL");
  native(m, "@ \"greeting\" () bytes\n@ \"nothing\" () bytes\n"
            "@ \"greeting\" () bytes[3] as three\n",
         "hcall r0, greeting\n hcall r1, nothing\n hcall r2, three\n ret r0, 3");
  is_str(text_at(m, 0), "hello", "bytes come back");
  is_int(rove_result(m, 1).type, ROVE_NIL, "NULL is nil");
  is_str(text_at(m, 2), "hel", "so many of them");
  native(m, "@ \"box\" (i64) ptr\n@ \"peek\" (ptr) i64\n@ \"unbox\" (ptr)\n",
         "loadi r0, 99\n hcall r0, box\n move r1, r0\n hcall r1, peek\n"
         "move r2, r0\n hcall r2, unbox\n loadnil r2, 1\n hcall r2, peek\n"
         "ret r1, 2");
  is_int(int_at(m, 0), 99, "pointers go round");
  is_int(int_at(m, 1), -1, "nil for a pointer");
}

#define EACH "@ \"each\" (i64, fn(i64) i64) i64\n"

static void test_callbacks(RoveMachine *m) {
  with_callback(m, EACH,
                ".func f params=1 regs=4\n.upvalue u0\n mul r1, r0, r0\n ret1 r1\n.end",
                "loadi r0, 10\n closure r1, f\n hcall r0, each\n ret1 r0");
  is_int(int_at(m, 0), 285, "a callback");
  with_callback(m, "@ \"narrow\" (fn(i8, u16, f32) i8) i32\n",
                ".func f params=3 regs=4\n mul r3, r2, r1\n add r3, r3, r0\n"
                "loadi r3, -100\n jgei r0, 0, x\n jnek r1, 65535, x\n"
                "loadi r3, -101\n x:\n ret1 r3\n.end",
                "closure r0, f\n hcall r0, narrow\n ret1 r0");
  is_int(int_at(m, 0), -101, "narrow types both ways");
  is_int(with_callback(m, EACH,
                       ".func f params=1 regs=4\n.upvalue u0\n jnei r0, 3, go\n"
                       "loadk r1, \"stop here\"\n throw r1\n go:\n"
                       "getupf r1, u0, \"n\"\n addi r1, r1, 1\n"
                       "setupf u0, r1, \"n\"\n ret1 r0\n.end",
                       "loadi r0, 0\n setupf u0, r0, \"n\"\n loadi r0, 10\n"
                       "closure r1, f\n hcall r0, each\n ret1 r0"),
         ROVE_ERROR, "an error in a callback");
  is_str(rove_error(m), "stop here", "is raised after the C function");
  is_int(with_callback(m, EACH,
                       ".func f params=1 regs=4\n.upvalue u0\n loadk r1, \"x\"\n"
                       "ret1 r1\n.end",
                       "loadi r0, 2\n closure r1, f\n hcall r0, each\n ret0"),
         ROVE_ERROR, "a result of another type");
  /* f(n) = 1 + sum of f(0 .. n-1): C frames in C frames; f(0) = 1 */
  with_callback(m, EACH,
                ".func f params=1 regs=4\n.upvalue u0\n jgti r0, 0, deep\n loadi r1, 1\n"
                "ret1 r1\n deep:\n move r1, r0\n getupf r2, u0, \"f\"\n"
                "hcall r1, each\n addi r1, r1, 1\n ret1 r1\n.end",
                "loadi r0, 3\n closure r1, f\n setupf u0, r1, \"f\"\n"
                "hcall r0, each\n ret1 r0");
  is_int(int_at(m, 0), 7, "nested");
  is_int(with_callback(m, EACH,
                       ".func f params=1 regs=4\n.upvalue u0\n loadi r1, 1\n"
                       "getupf r2, u0, \"f\"\n hcall r1, each\n ret1 r1\n.end",
                       "loadi r0, 1\n closure r1, f\n setupf u0, r1, \"f\"\n"
                       "hcall r0, each\n ret1 r0"),
         ROVE_ERROR, "without end");
  ok(strstr(rove_error(m), "nested too deeply") != NULL, "is caught");
}

static i64 some_fuel(void *ud) {
  int *left = ud;
  return (*left)-- > 0 ? 1000 : 0;
}

static void test_foreign_fuel(void) {
  int left = 3;
  RoveConfig c = {.fuel = 100};
  RoveMachine *m = rove_machine_new(&c);
  rove_allow(m, "all");
  rove_on_foreign_fuel(m, some_fuel, &left);
  is_int(with_callback(m, EACH,
                       ".func f params=1 regs=4\n.upvalue u0\n again:\n loop again\n.end",
                       "loadi r0, 1\n closure r1, f\n hcall r0, each\n"
                       "ret1 r0"),
         ROVE_KILLED, "no more fuel inside a foreign frame kills");
  is_int(left, -1, "after the host has been asked");
  rove_machine_free(m);
}

static void test_native(void) {
  const char *build = getenv("ROVE_BUILD");
  snprintf(lib, sizeof lib, "%s/tests/lib/natives.so",
           build ? build : "build/release");
  RoveMachine *m = trusting();
  test_scalars(m);
  test_memory(m);
  test_callbacks(m);
  RoveDeviceStats s = {0};
  size_t i = 0;
  while (rove_device_stats(m, i, &s)) i++;
  ok(strcmp(s.name, "native") == 0 && s.calls > 20, "counted");
  is_int(native(m, "@ \"no_such\" ()", "hcall r0, no_such\n ret0"), ROVE_ERROR,
         "no such symbol");
  is_int(native(m, "@ \"flip\" (table) bool", "ret0"), ROVE_ERROR,
         "a type that cannot cross");
  rove_machine_free(m);
  m = machine(NULL);
  is_int(native(m, "@ \"flip\" (bool) bool",
                "loadfalse r0\n hcall r0, flip\n ret1 r0"),
         ROVE_ERROR_DENIED, "no grant");
  rove_machine_free(m);
  test_foreign_fuel();
}
#else
static void test_native(void) {
  binding_fails(".import native \"libm.so.6\" \"cos\" (f64) f64", "no libffi");
}
#endif

int main(void) {
  strcpy(top, "/tmp/rove-host-XXXXXX");
  if (mkdtemp(top) == NULL) bail_out("no temporary directory");
  mkdir(path_of("in"), 0777);
  mkdir(path_of("in/sub"), 0777);
  mkdir(path_of("out"), 0777);
  mkdir(path_of("w"), 0777);
  test_signatures();
  test_binding();
  test_arguments();
  test_denial();
  test_confinement();
  test_files();
  test_stopping();
  test_device();
  test_calling();
  test_native();
  char cmd[100];
  snprintf(cmd, sizeof cmd, "rm -rf '%s'", top);
  if (system(cmd) != 0) diag("cannot remove %s", top);
  return done_testing();
}
