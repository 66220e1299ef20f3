/* SPDX-License-Identifier: MIT */
/* rove.h as a host of Lua programs sees it: library, modules, error objects,
   the end. */
#include <string.h>

#include "include/rove.h"
#include "tests/tap.h"
#include "vm/capi/rove_api.h"
#include "vm/image.h"
#include "vm/verify.h"

static RoveMachine *machine(uint64_t memory) {
  RoveConfig c = {.memory = memory};
  RoveMachine *m = rove_machine_new(&c);
  if (!m || !rove_allow(m, "console")) bail_out("no machine");
  return m;
}

static RoveImage *compile(const char *text) {
  char error[200];
  RoveImage *img = rove_compile(text, strlen(text), "=t", error, sizeof error);
  if (!img) bail_out(error);
  return img;
}

static RoveStatus run(RoveMachine *m, const char *text) {
  RoveImage *img = compile(text);
  RoveStatus st = rove_load(m, img, NULL);
  rove_image_free(img);
  return st ? st : rove_run(m, NULL, 0);
}

static void test_library(void) {
  RoveMachine *m = machine(0);
  RoveValue name = {.type = ROVE_STRING, .len = 6, .u.s = "string"};
  is_int(rove_call(m, "require", &name, 1), ROVE_ERROR, "no library yet");
  is_int(rove_open_library(m), ROVE_OK, "it opens");
  is_int(rove_open_library(m), ROVE_OK, "once");
  is_int(rove_call(m, "require", &name, 1), ROVE_OK, "require is there");
  is_int(rove_result(m, 0).type, ROVE_OTHER, "and gives a module");
  rove_machine_free(m);
  m = machine(50000);
  is_int(rove_open_library(m), ROVE_ERROR_MEMORY, "no room for the library");
  rove_machine_free(m);
}

/* An image with modules "a" (its entry) and "b". */
static RoveImage *two_modules(void) {
  RoveImage *a = compile("return require 'b' + 1");
  RoveImage *b = compile("return 41");
  RvImage *img = rv_image_new();
  RvDiag d = {.rule = 0};
  ok(img && rv_image_append(img, a, &d), "an image appended to none");
  ok(!rv_image_append(img, b, &d), "a module of the same name is refused");
  is_str(d.text, "module 'main' is there already", "by name");
  rv_image_unref(img);
  img = rv_image_new();
  a->modules[0].name = rv_image_str(a, "a", 1);
  b->modules[0].name = rv_image_str(b, "b", 1);
  ok(rv_verify_image(a, &d) && rv_verify_image(b, &d), "renamed");
  ok(rv_image_append(img, a, &d) && rv_image_append(img, b, &d), "both");
  img->entry = 1;
  rove_image_free(a);
  rove_image_free(b);
  return img;
}

static void test_modules(void) {
  RoveMachine *m = machine(0);
  RoveImage *img = two_modules();
  is_int((long)rove_image_modules(img), 2, "two modules");
  is_int(rove_load(m, img, NULL), ROVE_OK, "load");
  rove_image_free(img);
  is_int(rove_run(m, NULL, 0), ROVE_OK, "require finds the other module");
  is_int(rove_result(m, 0).u.i, 42, "which it ran");
  is_int(run(m, "return package.loaded.b, require 'a'"), ROVE_OK,
         "so does a program loaded later");
  is_int(rove_result(m, 0).u.i, 41, "in the same machine");
  is_int(run(m, "require 'main'"), ROVE_ERROR,
         "a program of one module is not found");
  rove_machine_free(m);
}

static void test_error_objects(void) {
  RoveMachine *m = machine(0);
  is_int(rove_error_text(m), ROVE_OK, "nothing to ask");
  is_int(run(m,
             "error(setmetatable({}, {__tostring = function(t)\n"
             "  return 'text of ' .. type(t) end}))"),
         ROVE_ERROR, "an error object");
  is_str(rove_error(m), "(error object is a table value)", "at first");
  ok(*rove_traceback(m) != '\0', "with a traceback");
  is_int(rove_error_text(m), ROVE_OK, "asked");
  is_str(rove_error(m), "text of table", "for its text");
  is_str(rove_traceback(m), "", "the traceback is gone");
  is_int(run(m,
             "error(setmetatable({}, {__tostring = function()\n"
             "  error('no text', 0) end}))"),
         ROVE_ERROR, "another");
  is_int(rove_error_text(m), ROVE_ERROR, "that fails itself");
  is_str(rove_error(m), "no text", "its error");
  is_int(run(m, "error(('x'):rep(5000), 0)"), ROVE_ERROR, "a long message");
  is_int((long)strlen(rove_error(m)), 5000, "is whole");
  ok(*rove_traceback(m) != '\0' && strlen(rove_error(m)) == 5000,
     "also after the traceback was made");
  is_int(run(m, "error(12)"), ROVE_ERROR, "a number");
  is_int(rove_error_text(m), ROVE_OK, "has its text");
  is_str(rove_error(m), "12", "already");
  rove_machine_free(m);
}

static void test_finish(void) {
  RoveMachine *m = machine(0);
  is_int(rove_finish(m), ROVE_OK, "nothing to finish");
  is_int(run(m,
             "n = 0\n"
             "mt = {__gc = function(t) n = n * 10 + t[1] end}\n"
             "a, b = setmetatable({1}, mt), setmetatable({2}, mt)"),
         ROVE_OK, "objects with finalizers");
  is_int(rove_finish(m), ROVE_OK, "finish");
  is_int(run(m, "return n, a[1]"), ROVE_OK, "afterwards");
  is_int(rove_result(m, 0).u.i, 21, "the newest was first");
  is_int(rove_result(m, 1).u.i, 1, "the machine goes on");
  is_int(rove_finish(m), ROVE_OK, "again");
  is_int(run(m, "return n"), ROVE_OK, "no finalizer");
  is_int(rove_result(m, 0).u.i, 21, "runs twice");
  rove_machine_free(m);
}

int main(void) {
  test_library();
  test_modules();
  test_error_objects();
  test_finish();
  return done_testing();
}
