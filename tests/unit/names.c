/* SPDX-License-Identifier: MIT */
/* Messages, levels and tracebacks of Lua programs: every expectation that does
   not say otherwise is what PUC's Lua 5.4.4 prints for the same program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/compile.h"
#include "tests/tap.h"
#include "vm/call.h"
#include "vm/str.h"
#include "vm/verify.h"

/* As much of a library as the programs need, with its modules listed. */
static const char library[] =
    "string = {rep = @'string.rep', format = @'string.format',\n"
    "  upper = @'string.upper', char = @'string.char'}\n"
    "table = {insert = @'table.insert', sort = @'table.sort'}\n"
    "debug = {traceback = @'core.traceback', getinfo = @'debug.getinfo',\n"
    "  getlocal = @'debug.getlocal', setlocal = @'debug.setlocal',\n"
    "  getupvalue = @'debug.getupvalue', setupvalue = @'debug.setupvalue',\n"
    "  upvalueid = @'debug.upvalueid', upvaluejoin = @'debug.upvaluejoin',\n"
    "  getmetatable = @'debug.getmetatable',\n"
    "  setmetatable = @'debug.setmetatable',\n"
    "  getregistry = @'debug.getregistry',\n"
    "  getuservalue = @'debug.getuservalue',\n"
    "  setuservalue = @'debug.setuservalue'}\n"
    "coroutine = {}\n"
    "function coroutine.create(f) return (@conew(f)) end\n"
    "function coroutine.resume(co, ...) return @resume(co, ...) end\n"
    "function coroutine.yield(...) return @yield(...) end\n"
    "function pcall(f, ...) return @pcall(f, ...) end\n"
    "function xpcall(f, h, ...) return @xpcall(h, f, ...) end\n"
    "function error(v, level)\n"
    "  if @type(v) == 4 and level ~= 0 then\n"
    "    v = @'core.where'(level or 1) .. v\n"
    "  end\n"
    "  @throw(v)\n"
    "end\n"
    "function setmetatable(t, m)\n"
    "  if @type(t) ~= 5 then @'lua.typeerror'(1, 'table', t) end\n"
    "  @setmeta(t, m)\n"
    "  return t\n"
    "end\n"
    "function assert(v, m, ...)\n"
    "  if not v then @throw(m) end\n"
    "  return v, m, ...\n"
    "end\n"
    "tostring = @'core.tostring' next = @'core.next' print = next\n"
    "string.tail = function(s, n) return @'string.rep'(s, n) end\n"
    "string.nested = function(s, n)\n"
    "  local r = @'string.rep'(s, n)\n"
    "  return r\n"
    "end\n"
    "string.refuse = function(x) @'lua.argerror'(1, 'no good') end\n"
    "local function helper(x) return (@'core.where'(1)) end\n"
    "string.here = function() local s = helper() return s end\n"
    "string.applytail = function(f, ...) return f(...) end\n"
    "string.apply = function(f, ...) local r = f(...) return r end\n"
    "string.nothing = function(x) return x + 1 end\n"
    "@'lua.setslow'('table.concat', function(t)\n"
    "  @'lua.argerror'(1, @'core.where'(1)) end)\n"
    "table.concat = @'list.concat'\n"
    "@'core.settypemeta'(4, {__index = string})\n"
    "@'debug.getregistry'()._LOADED = {_G = _ENV, string = string,\n"
    "  table = table, debug = debug, coroutine = coroutine}\n";

static RvMachine *m;
static char out[16384];

static RvImage *compile(const char *text, const char *chunk, bool lib,
                        bool strip) {
  RvImage *img = rv_image_new();
  RvlOptions o = {.chunk = chunk, .chunk_len = strlen(chunk), .library = lib,
                  .strip = strip};
  RvlDiag d = {{0}, 0, false, false};
  RvDiag vd = {{0}, NULL, 0, 0};
  if (!img || !rvl_compile(img, "main", text, strlen(text), &o, &d)) {
    diag("%s", d.text);
    bail_out("a program does not compile");
  }
  img->entry = 1;
  if (!(lib ? rv_verify_library : rv_verify_image)(img, &vd)) {
    diag("%s", vd.text);
    bail_out("a program is refused");
  }
  return img;
}

/* Runs the image; out: its first result, or "! " and the error, as text. */
static void run(RvImage *img) {
  u32 nres = 0;
  m->main->fi = 0;
  m->main->frames[0].top = 0;
  RvClosure *cl = rv_load_image(m, img, NULL);
  if (!cl) bail_out("a program does not load");
  rv_slot_set(m->main, 0, rv_obj(cl, RV_CLOSURE));
  RvRunResult r = rv_run_start(m, 0, 0, &nres);
  out[0] = 0;
  if (r == RV_RUN_ERROR) {
    strcpy(out, "! ");
    rv_err_text(m, m->main->err, out + 2, sizeof out - 2);
  } else if (nres > 0) {
    rv_err_text(m, rv_slot(m->main, m->main->call_at), out, sizeof out);
  }
  rv_image_unref(img);
}

static void is_out(const char *text, const char *want) {
  if (ok(strcmp(out, want) == 0, "%.*s", (int)strcspn(text, "\n"), text))
    return;
  diag("got  %s", out);
  diag("want %s", want);
}

static void says(const char *text, const char *want) {
  run(compile(text, "=t", false, false));
  is_out(text, want);
}

/* -- Values ---------------------------------------------------------------- */

static void test_values(void) {
  says("local a; a.x = 1", "! t:1: attempt to index a nil value (local 'a')");
  says("a.b.c = 1", "! t:1: attempt to index a nil value (global 'a')");
  says("a = {} a.b.c.d = 1",
       "! t:1: attempt to index a nil value (field 'b')");
  says("a = {} a:m()", "! t:1: attempt to call a nil value (method 'm')");
  says("local a = {} a.x:m()",
       "! t:1: attempt to index a nil value (field 'x')");
  says("local t = {} t[1].x = 1",
       "! t:1: attempt to index a nil value (field 'integer index')");
  says("local t, k = {}, 'z' local x = t[k].x",
       "! t:1: attempt to index a nil value (field '?')");
  says("local t = {} local x = t['s' .. 't'].x",
       "! t:1: attempt to index a nil value (field '?')");
  says("local s = 'x'; s()",
       "! t:1: attempt to call a string value (local 's')");
  says("('x')()", "! t:1: attempt to call a string value (constant 'x')");
  says("(1)()", "! t:1: attempt to call a number value");
  says("local up; local function f() return up.x end f()",
       "! t:1: attempt to index a nil value (upvalue 'up')");
  says("local up; local function f() return up() end f()",
       "! t:1: attempt to call a nil value (upvalue 'up')");
  says("local up; local g = function() up = 1 end; return up.x",
       "! t:1: attempt to index a nil value (local 'up')");
  says("local a; return a + 1",
       "! t:1: attempt to perform arithmetic on a nil value (local 'a')");
  says("local a = {}; return 1 + a.b",
       "! t:1: attempt to perform arithmetic on a nil value (field 'b')");
  says("return x + 1",
       "! t:1: attempt to perform arithmetic on a nil value (global 'x')");
  says("return -{}",
       "! t:1: attempt to perform arithmetic on a table value");
  says("local a = 1.5; return a | 1",
       "! t:1: number (local 'a') has no integer representation");
  says("local a, b = 1, 2.5; return a | b",
       "! t:1: number (local 'b') has no integer representation");
  says("return 1 | {}",
       "! t:1: attempt to perform bitwise operation on a table value");
  says("return #x", "! t:1: attempt to get length of a nil value (global 'x')");
  says("local a, b = 'x' return b .. a",
       "! t:1: attempt to concatenate a nil value (local 'b')");
  says("return 'x' .. y .. 'z'",
       "! t:1: attempt to concatenate a nil value (global 'y')");
  says("local t = {} return 'x' .. t.y .. 'z'",
       "! t:1: attempt to concatenate a nil value (field 'y')");
  says("return {} < {}", "! t:1: attempt to compare two table values");
  says("return 1 < 'x'", "! t:1: attempt to compare number with string");
  says("for x in nil do end",
       "! t:1: attempt to call a nil value (for iterator 'for iterator')");
  says("local a = nil; local b = a; return b.x.y",
       "! t:1: attempt to index a nil value (local 'b')");
  says("local a = ...; return (a or b).x",
       "! t:1: attempt to index a nil value");
  says("local a = ...; if a then x = a end return x.y",
       "! t:1: attempt to index a nil value (global 'x')");
  says("local _ENV = {}; foo()",
       "! t:1: attempt to call a nil value (global 'foo')");
  says("local _ENV = {}; local function f() foo() end f()",
       "! t:1: attempt to call a nil value (global 'foo')");
  says("return (function() end)().x", "! t:1: attempt to index a nil value");
  says("while true do local a = b.c end",
       "! t:1: attempt to index a nil value (global 'b')");
  says("for i = 1, 2 do local a = i.x.y end",
       "! t:1: attempt to index a number value (local 'i')");
  says("for k, v in function(_, i) return not i end do v() end",
       "! t:1: attempt to call a nil value (local 'v')");
  says("local function f(...) return (...)() end f()",
       "! t:1: attempt to call a nil value");
  says("goto x; do local y end ::x:: local z; z.k = 1",
       "! t:1: attempt to index a nil value (local 'z')");
  says("local t = setmetatable({}, {__name = 'My'}) return t + 1",
       "! t:1: attempt to perform arithmetic on a My value (local 't')");
  says("local x <close> = 5",
       "! t:1: variable 'x' got a non-closable value");
  says("local x <close> = {} return function() return x end",
       "! t:1: variable 'x' got a non-closable value");
  says("for k in next, {}, nil, 5 do end",
       "! t:1: variable '(for state)' got a non-closable value");
  says("local m = {__close = print}\n"
       "do local x <close> = setmetatable({}, m) m.__close = nil end",
       "! t:2: attempt to call a nil value (metamethod 'close')");
  says("local t = {} t[nil] = 1", "! t:1: table index is nil");
  says("local t = {} t[0/0] = 1", "! t:1: table index is NaN");
  says("return 1 // 0", "! t:1: attempt to divide by zero");
  says("return 1 % 0", "! t:1: attempt to perform 'n%0'");
}

static void test_events(void) {
  says("local t = setmetatable({}, {__index = 5}) return t.x",
       "! t:1: attempt to index a number value");
  says("local t = setmetatable({}, {__add = 5}) return t + 1",
       "! t:1: attempt to call a number value (metamethod 'add')");
  says("local t = setmetatable({}, {__lt = 5}) return t < 1",
       "! t:1: attempt to call a number value (metamethod 'lt')");
  says("local t = setmetatable({}, {__lt = 5}) if t > 1 then end",
       "! t:1: attempt to call a number value (metamethod 'lt')");
  says("local t = setmetatable({}, {__eq = 5})\n"
       "return t == setmetatable({}, {__eq = 5})",
       "! t:2: attempt to call a number value (metamethod 'eq')");
  says("local t = setmetatable({}, {__concat = 5}) return t .. 'x'",
       "! t:1: attempt to call a number value (metamethod 'concat')");
  says("local t = setmetatable({}, {__call = 5}) return (t())",
       "! t:1: attempt to call a number value (local 't')");
  says("local t = setmetatable({}, {__call = {}}) return (t())",
       "! t:1: attempt to call a table value (local 't')");
  says("local t = setmetatable({}, {__index = string.rep}) return t.x",
       "! t:1: bad argument #1 to 'index' (string expected, got table)");
  says("local t = setmetatable({}, {__add = string.rep}) return t + 1",
       "! t:1: bad argument #1 to 'add' (string expected, got table)");
  says("for x in string.rep do end",
       "! t:1: bad argument #1 to 'for iterator' (string expected, got nil)");
}

static void test_stripped(void) {
  run(compile("local a; local function f() a.x = 1 end f()", "=t", false,
              true));
  is_out("stripped: upvalues have no name",
         "! ?:-1: attempt to index a nil value");
  run(compile("local function f() local t = {} t.x.y = 1 end f()", "=t", false,
              true));
  is_out("stripped: fields keep theirs",
         "! ?:-1: attempt to index a nil value (field 'x')");
}

/* -- Functions ------------------------------------------------------------- */

static void test_arguments(void) {
  says("string.rep()",
       "! t:1: bad argument #1 to 'rep' (string expected, got no value)");
  says("local r = string.rep; r()",
       "! t:1: bad argument #1 to 'r' (string expected, got no value)");
  says("local s = string; s.rep('x', {})",
       "! t:1: bad argument #2 to 'rep' (number expected, got table)");
  says("('x'):rep({})",
       "! t:1: bad argument #1 to 'rep' (number expected, got table)");
  says("('x').rep()",
       "! t:1: bad argument #1 to 'rep' (string expected, got no value)");
  says("local t = {f = string.rep} t:f()",
       "! t:1: calling 'f' on bad self (string expected, got table)");
  says("string.rep('x', nil)",
       "! t:1: bad argument #2 to 'rep' (number expected, got nil)");
  says("string.rep('x', 1.5)",
       "! t:1: bad argument #2 to 'rep' (number has no integer "
       "representation)");
  says("string.rep('x', '1.5')",
       "! t:1: bad argument #2 to 'rep' (number has no integer "
       "representation)");
  says("string.rep('x')",
       "! t:1: bad argument #2 to 'rep' (number expected, got no value)");
  says("table.insert(1, 2)",
       "! t:1: bad argument #1 to 'insert' (table expected, got number)");
  says("local ok, e = pcall(string.rep) return e",
       "bad argument #1 to 'string.rep' (string expected, got no value)");
  says("return (function() return string.rep() end)()",
       "! t:1: bad argument #1 to 'rep' (string expected, got no value)");
  says("local function f() return error('x') end\nf()", "! t:1: x");
  says("local function f() return error('x', 2) end\nf()", "! t:2: x");
  says("local ok, e = pcall(table.sort, {1, 'x'}) return e",
       "attempt to compare string with number");
  says("table.sort({1, 'x'})", "! attempt to compare string with number");
  says("string.char(-1)",
       "! t:1: bad argument #1 to 'char' (value out of range)");
  says("setmetatable(1, {})",
       "! t:1: bad argument #1 to 'setmetatable' (table expected, got number)");
  says("setmetatable()",
       "! t:1: bad argument #1 to 'setmetatable' (table expected, got no "
       "value)");
  says("setmetatable(nil)",
       "! t:1: bad argument #1 to 'setmetatable' (table expected, got nil)");
  says("local f = {} function f.g() string.rep() end\n f.g()",
       "! t:1: bad argument #1 to 'rep' (string expected, got no value)");
}

static void test_native_functions(void) { /* nothing like them in PUC's */
  says("string.nested()",
       "! t:1: bad argument #1 to 'nested' (string expected, got no value)");
  says("local s = string.nested('x', nil)",
       "! t:1: bad argument #2 to 'nested' (number expected, got nil)");
  says("local s = string.nested('x')",
       "! t:1: bad argument #2 to 'nested' (number expected, got no value)");
  says("('x'):nested({})",
       "! t:1: bad argument #1 to 'nested' (number expected, got table)");
  says("string.tail()",
       "! t:1: bad argument #1 to 'tail' (string expected, got no value)");
  says("return string.tail('x', {})",
       "! t:1: bad argument #2 to 'tail' (number expected, got table)");
  says("local r = string.applytail(function() return (debug.traceback()) end)\n"
       "return r",
       "stack traceback:\n"
       "\tt:1: in function <t:1>\n"
       "\t[C]: in function 'string.applytail'\n"
       "\tt:1: in main chunk\n\t[C]: in ?");
  says("local t = {tail = string.tail} t:tail()",
       "! t:1: calling 'tail' on bad self (string expected, got table)");
  says("local t = {cat = table.concat} t.cat(1)",
       "! t:1: bad argument #1 to 'cat' (t:1: )");
  says("string.refuse(1)", "! t:1: bad argument #1 to 'refuse' (no good)");
  says("local s = string.here() return s", "t:1: ");
  says("local s = string.apply(string.rep) return s",
       "! bad argument #1 to 'string.rep' (string expected, got no value)");
  says("string.nothing()", "! attempt to perform arithmetic on a nil value");
  says("error('x')", "! t:1: x");
  says("error('x', 2)", "! x");
  says("local function f() error('x', 2) end\nf()", "! t:2: x");
  says("local function f() error('x') end\nf()", "! t:1: x");
}

/* -- Tracebacks ------------------------------------------------------------ */

static void test_traceback(void) {
  says("local function r(n) if n == 0 then error('x') end r(n - 1)\n"
       "  return 1 end\n"
       "local ok, tb = xpcall(r, debug.traceback, 1)\n"
       "return tb",
       "t:1: x\nstack traceback:\n"
       "\t[C]: in function 'error'\n"
       "\tt:1: in upvalue 'r'\n"
       "\tt:1: in function <t:1>\n"
       "\t[C]: in function 'xpcall'\n"
       "\tt:3: in main chunk\n\t[C]: in ?");
  says("function gl() local x = nil; x() end\n"
       "local ok, tb = xpcall(gl, debug.traceback) return tb",
       "t:1: attempt to call a nil value (local 'x')\nstack traceback:\n"
       "\tt:1: in function 'gl'\n"
       "\t[C]: in function 'xpcall'\n"
       "\tt:2: in main chunk\n\t[C]: in ?");
  says("local t = {} function t.f() return (debug.traceback('m', 0)) end\n"
       "function t:m() local s = t.f() return s end\n"
       "local s = t:m() return s",
       "m\nstack traceback:\n"
       "\t[C]: in function 'debug.traceback'\n"
       "\tt:1: in field 'f'\n"
       "\tt:2: in method 'm'\n"
       "\tt:3: in main chunk\n\t[C]: in ?");
  says("local t = {} function t.f() local s = debug.traceback() return s end\n"
       "local function tail() return t.f() end\n"
       "local s = tail() return s",
       "stack traceback:\n"
       "\tt:1: in function <t:1>\n"
       "\t(...tail calls...)\n"
       "\tt:3: in main chunk\n\t[C]: in ?");
  says("local t = setmetatable({}, {__index = function(t, k)\n"
       "  local s = debug.traceback() return s end})\n"
       "local s = t.x return s",
       "stack traceback:\n"
       "\tt:2: in metamethod 'index'\n"
       "\tt:3: in main chunk\n\t[C]: in ?");
  says("local t = setmetatable({}, {__concat = function(t, k)\n"
       "  local s = debug.traceback() return s end})\n"
       "local s = t .. 'x' return s",
       "stack traceback:\n"
       "\tt:2: in metamethod 'concat'\n"
       "\tt:3: in main chunk\n\t[C]: in ?");
  says("local s do local c <close> = setmetatable({}, {__close = function() "
       "s = debug.traceback() end}) end return s",
       "stack traceback:\n"
       "\tt:1: in metamethod 'close'\n"
       "\tt:1: in main chunk\n\t[C]: in ?");
  says("local function f() return debug.traceback('tail', 0) end\n"
       "local s = f() return s",
       "tail\nstack traceback:\n"
       "\t[C]: in function 'debug.traceback'\n"
       "\tt:1: in local 'f'\n"
       "\tt:2: in main chunk\n\t[C]: in ?");
  says("local s for k in function() s = debug.traceback('it') end do end\n"
       "return s",
       "it\nstack traceback:\n"
       "\tt:1: in for iterator 'for iterator'\n"
       "\tt:1: in main chunk\n\t[C]: in ?");
  says("local s\ntable.sort({1, 2}, function(a, b)\n"
       "  s = debug.traceback('cmp') return a < b end)\nreturn s",
       "cmp\nstack traceback:\n"
       "\tt:3: in function <t:2>\n"
       "\t[C]: in function 'table.sort'\n"
       "\tt:2: in main chunk\n\t[C]: in ?");
  says("local ok, tb = xpcall(string.rep, debug.traceback) return tb",
       "bad argument #1 to 'string.rep' (string expected, got no value)\n"
       "stack traceback:\n"
       "\t[C]: in function 'string.rep'\n"
       "\t[C]: in function 'xpcall'\n"
       "\tt:1: in main chunk\n\t[C]: in ?");
  says("return (debug.traceback('hi', 0))",
       "hi\nstack traceback:\n"
       "\t[C]: in function 'debug.traceback'\n"
       "\tt:1: in main chunk\n\t[C]: in ?");
  says("return (debug.traceback('hi', 9))", "hi\nstack traceback:");
}

static void test_traceback_thread(void) {
  static const char head[] =
      "local co = coroutine.create(function()\n"
      "  local x = coroutine.yield() error('oops') end)\n";
  char text[600];
  static const struct {
    const char *rest, *want;
  } cases[] = {
    {"return (debug.traceback(co))", "stack traceback:"},
    {"coroutine.resume(co) return (debug.traceback(co))",
     "stack traceback:\n\t[C]: in function 'coroutine.yield'\n"
     "\tt:2: in function <t:1>"},
    {"coroutine.resume(co) return (debug.traceback(co, 'msg', 1))",
     "msg\nstack traceback:\n\tt:2: in function <t:1>"},
    {"coroutine.resume(co) coroutine.resume(co)\n"
     "return (debug.traceback(co))",
     "stack traceback:\n\t[C]: in function 'error'\n"
     "\tt:2: in function <t:1>"},
  };
  for (u32 i = 0; i < sizeof cases / sizeof *cases; i++) {
    snprintf(text, sizeof text, "%s%s", head, cases[i].rest);
    says(text, cases[i].want);
  }
}

/* A recursion so deep that the traceback has n levels; how many it says it
   left out, and how many lines it has. */
static void skipped(int depth, const char *want, int lines) {
  char text[300];
  snprintf(text, sizeof text,
           "local function r(n) if n == 0 then\n"
           "  return (debug.traceback()) end\n"
           "  local s = r(n - 1) return s end\n"
           "local s = r(%d) return s",
           depth);
  run(compile(text, "=t", false, false));
  int n = 0;
  for (const char *p = out; *p; p++) n += *p == '\n';
  const char *at = strstr(out, "(skipping");
  ok(want ? at && !strncmp(at, want, strlen(want)) : !at, "%d deep: %s", depth,
     want ? want : "all");
  is_int(n, lines, "lines");
}

static void test_long_traceback(void) {
  /* depth + 1 calls of r, the main chunk and who called that */
  skipped(18, NULL, 21);
  skipped(19, NULL, 22);
  skipped(20, "(skipping 1 levels)", 22);
  skipped(100, "(skipping 81 levels)", 22);
}

static void test_chunks(void) {
  static const struct {
    const char *chunk, *want;
  } cases[] = {
    {"=name", "name:1:"},
    {"@dir/file.lua", "dir/file.lua:1:"},
    {"some\ntext", "[string \"some...\"]:1:"},
    {"some long text that is really longer than sixty characters, I think",
     "[string \"some long text that is really longer than six...\"]:1:"},
    {"@some long text that is really longer than sixty characters, I think",
     "...ext that is really longer than sixty characters, I think:1:"},
    {"=some long text that is really longer than sixty characters, I think",
     "some long text that is really longer than sixty characters,:1:"},
    {"01234567890123456789012345678901234567890123",
     "[string \"01234567890123456789012345678901234567890123\"]:1:"},
    {"012345678901234567890123456789012345678901234",
     "[string \"012345678901234567890123456789012345678901234...\"]:1:"},
    {"@01234567890123456789012345678901234567890123456789012345678",
     "01234567890123456789012345678901234567890123456789012345678:1:"},
    {"@012345678901234567890123456789012345678901234567890123456789",
     "...45678901234567890123456789012345678901234567890123456789:1:"},
  };
  char want[200];
  for (u32 i = 0; i < sizeof cases / sizeof *cases; i++) {
    run(compile("error('e')", cases[i].chunk, false, false));
    snprintf(want, sizeof want, "! %s e", cases[i].want);
    is_out(cases[i].chunk, want);
  }
}

/* -- debug ----------------------------------------------------------------- */

static void test_getinfo(void) {
  says("local i = debug.getinfo(1, 'Sl') return i.source .. i.short_src ..\n"
       "  i.what .. i.currentline .. i.linedefined .. i.lastlinedefined",
       "=ttmain100");
  says("local function f(a, ...)\n"
       "  local i = debug.getinfo(1)\n"
       "  return i.name .. i.namewhat .. i.what .. i.nparams .. i.nups ..\n"
       "    tostring(i.isvararg) .. tostring(i.istailcall) ..\n"
       "    tostring(i.func == f) .. i.linedefined .. i.lastlinedefined ..\n"
       "    i.currentline .. tostring(i.activelines)\n"
       "end\nlocal s = f() return s",
       "flocalLua12truefalsetrue172nil");
  says("local i = debug.getinfo(string.rep) return i.source .. i.short_src ..\n"
       "  i.what .. i.currentline .. i.linedefined .. i.lastlinedefined ..\n"
       "  i.nups .. i.nparams .. tostring(i.isvararg) .. tostring(i.name)",
       "=[C][C]C-1-1-100truenil");
  says("local i = debug.getinfo(pcall, 'S') return i.what", "C");
  says("local i = debug.getinfo(0, 'n') return i.name", "getinfo");
  says("return tostring(debug.getinfo(50))", "nil");
  says("return tostring(debug.getinfo(-1))", "nil");
  says("local i = debug.getinfo(1, '>')",
       "! t:1: bad argument #2 to 'getinfo' (invalid option '>')");
  says("local i = debug.getinfo({})",
       "! t:1: bad argument #1 to 'getinfo' (number expected, got table)");
  says("local function f()\n\n  local x = 1\n  return x end\n"
       "local i, s = debug.getinfo(f, 'L').activelines, ''\n"
       "for n = 1, 6 do s = s .. tostring(i[n]) end return s",
       "nilniltruetruenilnil");
  says("local t = {} function t:m() return (debug.getinfo(1, 'n')) end\n"
       "local i = t:m() return i.namewhat .. i.name", "methodm");
  says("local function g() return debug.getinfo(1, 't') end\n"
       "local function f() local i = g() return i end\n"
       "local function h() return f() end\n"
       "return tostring(f().istailcall)", "false");
  says("local function g() local i = debug.getinfo(1, 'nt') return i end\n"
       "local function h() return g() end\n"
       "local i = h() return tostring(i.istailcall) .. i.namewhat ..\n"
       "  tostring(i.name)", "truenil");
  says("local co = coroutine.create(function() coroutine.yield() end)\n"
       "coroutine.resume(co)\n"
       "return debug.getinfo(co, 1, 'l').currentline ..\n"
       "  debug.getinfo(co, 0, 'S').what", "1C");
}

static void test_locals(void) {
  says("local a, b = 1, 2; do local c = 3 end\n"
       "local n, v = debug.getlocal(1, 2) return n .. v", "b2");
  says("local a = 1; local function f() return a end\n"
       "local s = debug.setlocal(1, 1, 7) return s .. a .. f()", "a77");
  says("local a = 1; debug.setlocal(1, 1, 'x') return a", "x");
  says("local function f(...)\n"
       "  debug.setlocal(1, -2, 'q')\n"
       "  local n, v = debug.getlocal(1, -2)\n"
       "  local o, w = debug.getlocal(1, -3)\n"
       "  return n .. v .. tostring(o) .. tostring(w) .. (...)\n"
       "end local s = f(1, 2) return s", "(vararg)qnilnil1");
  says("local function f(a, b) end\n"
       "return debug.getlocal(f, 1) .. debug.getlocal(f, 2) ..\n"
       "  tostring(debug.getlocal(f, 3))", "abnil");
  says("local function f(a, b) return function() return a end end\n"
       "return debug.getlocal(f, 1) .. debug.getlocal(f, 2)", "ab");
  says("return debug.getlocal(9, 1)",
       "! t:1: bad argument #1 to 'getlocal' (level out of range)");
  says("local n = debug.getlocal(1, 100) return tostring(n)", "nil");
  says("local s = debug.getlocal(1, 1) return tostring(s)", "nil");
  says("local function f() return debug.getlocal(2, 1) end\n"
       "local n = nil return (1 .. (f()))", "1f");
  says("local function g() local n, v = debug.getlocal(2, 2) return n .. v end\n"
       "return 'x' .. g()", "x(temporary)x");
  says("local co = coroutine.create(function(x) coroutine.yield() return x\n"
       "end) coroutine.resume(co, 5)\n"
       "local n, v = debug.getlocal(co, 1, 1)\n"
       "local s = debug.setlocal(co, 1, 1, 6)\n"
       "local ok, r = coroutine.resume(co) return n .. v .. s .. r", "x5x6");
  /* Not PUC's, which would write them. */
  says("local n = 0\n"
       "for i = 1, 3 do\n"
       "  for k = 1, 20 do\n"
       "    local name = debug.getlocal(1, k)\n"
       "    if name and name ~= 'i' and name ~= 'n' and name ~= 'k' then\n"
       "      debug.setlocal(1, k, 'bad')\n"
       "    end\n"
       "  end\n"
       "  n = n + 1\n"
       "end return n", "3");
}

static void test_upvalues(void) {
  says("local a, b = 1, 2; local function f() return a, b end\n"
       "local n, v = debug.getupvalue(f, 2)\n"
       "local s = debug.setupvalue(f, 1, 9)\n"
       "return n .. v .. s .. a .. tostring((debug.getupvalue(f, 3)))", "b2a9nil");
  says("local a, b = 1, 2\n"
       "local function f() return a end local function g() return b, a end\n"
       "local s = tostring(debug.upvalueid(f, 1) == debug.upvalueid(g, 2)) ..\n"
       "  tostring(debug.upvalueid(f, 1) == debug.upvalueid(g, 1)) ..\n"
       "  tostring(debug.upvalueid(f, 2))\n"
       "debug.upvaluejoin(f, 1, g, 1) b = 5\n"
       "return s .. f()", "truefalsenil5");
  says("debug.upvaluejoin(string.rep, 1, string.rep, 1)",
       "! t:1: bad argument #2 to 'upvaluejoin' (invalid upvalue index)");
  says("return tostring((debug.getupvalue(pcall, 1)))", "nil");
  run(compile("local a; local function f() return a end\n"
              "return (debug.getupvalue(f, 1))", "=t", false, true));
  is_out("stripped: an upvalue without name", "(no name)");
}

static void test_metatables(void) {
  says("local t = setmetatable({}, {__metatable = 1})\n"
       "local m = debug.getmetatable(t)\n"
       "debug.setmetatable(t, nil)\n"
       "return m.__metatable .. tostring(debug.getmetatable(t))", "1nil");
  says("debug.setmetatable(1, {__index = function(a, k) return k .. a end})\n"
       "local s = (5).x debug.setmetatable(1, nil) return s", "x5");
  says("debug.setmetatable(nil, {__call = function() return 'nil called' end})\n"
       "local n local s = n() debug.setmetatable(nil, nil) return s",
       "nil called");
  says("debug.setmetatable({}, 1)",
       "! t:1: bad argument #2 to 'setmetatable' (nil or table expected, got "
       "number)");
  says("return tostring(debug.getregistry()._LOADED.string == string)", "true");
  says("return tostring(debug.getuservalue({}))", "nil");
  says("debug.setuservalue({}, 1)",
       "! t:1: bad argument #1 to 'setuservalue' (userdata expected, got "
       "table)");
}

int main(void) {
  RvConfig c = {.mem = 64u << 20};
#ifdef RV_STRESS
  c.stress = 1;
#endif
  m = rv_machine_new(&c);
  if (!m) bail_out("no machine");
  run(compile(library, "=lib", true, false));
  if (out[0]) bail_out(out);
  test_values();
  test_events();
  test_stripped();
  test_arguments();
  test_native_functions();
  test_traceback();
  test_traceback_thread();
  test_long_traceback();
  test_chunks();
  test_getinfo();
  test_locals();
  test_upvalues();
  test_metatables();
  rv_machine_free(m);
  return done_testing();
}
