/* SPDX-License-Identifier: MIT */
/* Limits that change while a machine lives, and runs that are given up. */
#include <stdio.h>
#include <string.h>

#include "assembler/asm.h"
#include "include/rove.h"
#include "tests/tap.h"

/* -- The program ------------------------------------------------------------ */

/* Functions become globals: `fill` keeps 100 strings of 10,000 bytes, `drop`
   lets go of them, `waste` makes 100 and keeps none, `one` makes one, `spin`
   loops as often as it is told, `control` asks the host, `guarded` what `pcall`
   makes of that, `work` opens a mark, collects an object with a finalizer and
   runs a coroutine that has a mark too; `grow` makes a list as long as it can,
   `deep` adds to it from so many protected calls, one after the other and without
   any payment between. */
static const char *const program_text =
    ".import builtin \"string.rep\" 1 as rep\n"
    ".import builtin \"core.collect\" 1 as collect\n"
    ".import device \"test\" \"control\" (int) () as control\n"
    ".func one params=1\n"
    "  import r1, rep\n"
    "  loadk r2, \"x\"\n"
    "  loadi r3, 10000\n"
    "  call r1, 2, 1\n"
    "  ret1 r1\n"
    ".end\n"
    ".func waste params=1\n"
    "  loadi r1, 1\n  loadi r2, 100\n  loadi r3, 1\n"
    "  forprep r1, end\n"
    "more:\n"
    "  closure r5, one\n"
    "  call r5, 0, 1\n"
    "  forloop r1, more\n"
    "end:\n"
    "  ret0\n"
    ".end\n"
    ".func fill params=1\n"
    ".upvalue u0\n"
    "  newtable r0, 0, 0\n"
    "  setupf u0, r0, \"kept\"\n"
    "  loadi r1, 1\n  loadi r2, 100\n  loadi r3, 1\n"
    "  forprep r1, end\n"
    "more:\n"
    "  closure r5, one\n"
    "  call r5, 0, 1\n"
    "  setidx r0, r4, r5\n"
    "  forloop r1, more\n"
    "end:\n"
    "  ret0\n"
    ".end\n"
    ".func drop\n"
    ".upvalue u0\n"
    "  loadnil r0, 1\n"
    "  setupf u0, r0, \"kept\"\n"
    "  ret0\n"
    ".end\n"
    ".func spin params=1\n"
    "  loadi r1, 1\n  move r2, r0\n  loadi r3, 1\n"
    "  forprep r1, end\n"
    "more:\n"
    "  forloop r1, more\n"
    "end:\n"
    "  ret0\n"
    ".end\n"
    ".func control params=1\n"
    "  move r1, r0\n"
    "  hcall r1, control\n"
    "  closure r1, waste\n"
    "  call r1, 0, 0\n"
    "  ret0\n"
    ".end\n"
    ".func guarded params=1\n"
    "  closure r1, control\n"
    "  move r2, r0\n"
    "  pcall r1, 1, 2\n"
    "  ret r1, 2\n"
    ".end\n"
    ".func grow\n"
    ".upvalue u0\n"
    "  newtable r0, 0, 0\n"
    "  setupf u0, r0, \"list\"\n"
    "  loadi r1, 1\n"
    "more:\n"
    "  setidx r0, r1, r1\n"
    "  addi r1, r1, 1\n"
    "  loop more\n"
    ".end\n"
    ".func deep params=1\n"
    ".upvalue u0\n"
    "  jlei r0, 0, bottom\n"
    "  getupf r1, u0, \"deep\"\n"
    "  subi r2, r0, 1\n"
    "  pcall r1, 1, 1\n"
    "bottom:\n"
    "  getupf r1, u0, \"list\"\n"
    "  rawlen r2, r1\n"
    "  addi r2, r2, 1\n"
    "  setidx r1, r2, r2\n"
    "  ret0\n"
    ".end\n"
    ".func on_close params=2\n"
    ".upvalue u0\n"
    "  getupf r2, u0, \"closed\"\n"
    "  addi r2, r2, 1\n"
    "  setupf u0, r2, \"closed\"\n"
    "  ret0\n"
    ".end\n"
    ".func finalizer params=1\n"
    "  loadi r1, 1\n  loadi r2, 10\n  loadi r3, 1\n"
    "  forprep r1, end\n"
    "more:\n"
    "  forloop r1, more\n"
    "end:\n"
    "  ret0\n"
    ".end\n"
    ".func generator params=1\n"
    ".upvalue u0\n"
    "  newtable r1, 0, 0\n"
    "  newtable r2, 0, 1\n"
    "  closure r3, on_close\n"
    "  setfield r2, r3, \"__close\"\n"
    "  setmeta r1, r2\n"
    "  tbc r1\n"
    "  loadi r2, 1\n  loadi r3, 40\n  loadi r4, 1\n"
    "  forprep r2, end\n"
    "more:\n"
    "  move r6, r5\n"
    "  yield r6, 1, 1\n"
    "  forloop r2, more\n"
    "end:\n"
    "  loadnil r2, 1\n"
    "  retc r2, 1\n"
    ".end\n"
    ".func work\n"
    ".upvalue u0\n"
    "  newtable r0, 0, 0\n"
    "  newtable r1, 0, 1\n"
    "  closure r2, on_close\n"
    "  setfield r1, r2, \"__close\"\n"
    "  setmeta r0, r1\n"
    "  tbc r0\n"
    "  newtable r1, 0, 0\n"
    "  newtable r2, 0, 1\n"
    "  closure r3, finalizer\n"
    "  setfield r2, r3, \"__gc\"\n"
    "  setmeta r1, r2\n"
    "  import r1, collect\n"
    "  call r1, 0, 0\n"
    "  closure r1, generator\n"
    "  conew r1, r1\n"
    "  setupf u0, r1, \"co\"\n"
    "more:\n"
    "  move r2, r1\n"
    "  loadi r3, 0\n"
    "  resume r2, 1, 2\n"
    "  jnil r3, end\n"
    "  loop more\n"
    "end:\n"
    "  loadk r1, \"done\"\n"
    "  retc r1, 1\n"
    ".end\n"
    /* closed marks; the coroutine's status, 5 when there is none */
    ".func probe\n"
    ".upvalue u0\n"
    "  getupf r0, u0, \"closed\"\n"
    "  getupf r1, u0, \"co\"\n"
    "  jnil r1, none\n"
    "  costatus r1, r1\n"
    "  ret r0, 2\n"
    "none:\n"
    "  loadi r1, 5\n"
    "  ret r0, 2\n"
    ".end\n"
    ".func main\n"
    ".upvalue u0\n"
    "  closure r0, one\n  setupf u0, r0, \"one\"\n"
    "  closure r0, waste\n  setupf u0, r0, \"waste\"\n"
    "  closure r0, fill\n  setupf u0, r0, \"fill\"\n"
    "  closure r0, drop\n  setupf u0, r0, \"drop\"\n"
    "  closure r0, spin\n  setupf u0, r0, \"spin\"\n"
    "  closure r0, control\n  setupf u0, r0, \"control\"\n"
    "  closure r0, guarded\n  setupf u0, r0, \"guarded\"\n"
    "  closure r0, grow\n  setupf u0, r0, \"grow\"\n"
    "  closure r0, deep\n  setupf u0, r0, \"deep\"\n"
    "  newtable r0, 0, 0\n  setupf u0, r0, \"list\"\n"
    "  closure r0, work\n  setupf u0, r0, \"work\"\n"
    "  closure r0, probe\n  setupf u0, r0, \"probe\"\n"
    "  loadi r0, 0\n  setupf u0, r0, \"closed\"\n"
    "  loadnil r0, 1\n  setupf u0, r0, \"co\"\n"
    "  ret0\n"
    ".end\n"
    ".module \"main\" main\n"
    ".entry \"main\"\n";

/* -- Help ------------------------------------------------------------------- */

/* What the operation `control` does. */
typedef struct Control {
  RoveMachine *m;
  uint64_t used; /* fuel when it was called */
  bool fuel;     /* sets the fuel, else the memory limit */
} Control;

static uint64_t fuel_used(const RoveMachine *m) {
  RoveStats s;
  rove_stats(m, &s);
  return s.fuel;
}

static uint64_t guest_bytes(const RoveMachine *m) {
  RoveStats s;
  rove_stats(m, &s);
  return s.guest_bytes;
}

static uint64_t collections(const RoveMachine *m) {
  RoveStats s;
  rove_stats(m, &s);
  return s.collections;
}

static void control(RoveCall *call, void *ud) {
  Control *c = ud;
  uint64_t n = (uint64_t)rove_arg_int(call, 0);
  c->used = fuel_used(c->m);
  if (c->fuel) rove_set_fuel(c->m, n);
  else rove_set_memory(c->m, n, 0);
}

static RoveMachine *machine(Control *c) {
  static RvAsmDiag d;
  RoveMachine *m = rove_machine_new(NULL);
  RoveOperation op = {"control", "(int) ()", control, c};
  RoveDevice dev = {
      .name = "test", .version = 1, .operations = &op, .count = 1};
  if (!m || !rove_add_device(m, &dev)) bail_out("no machine");
  c->m = m;
  memset(&d, 0, sizeof d);
  RoveImage *img =
      rv_asm_text("limits", program_text, strlen(program_text), &d);
  if (!img) {
    diag("line %u: %s", d.error[0].line, d.error[0].text);
    bail_out("the program does not assemble");
  }
  if (rove_load(m, img, NULL) || rove_run(m, NULL, 0)) {
    diag("%s", rove_error(m));
    bail_out("the program does not run");
  }
  rove_image_free(img);
  return m;
}

static RoveStatus call(RoveMachine *m, const char *name, int64_t n) {
  RoveValue arg = {.type = ROVE_INT, .u.i = n};
  return rove_call(m, name, &arg, 1);
}

/* -- Memory ----------------------------------------------------------------- */

static void test_memory(void) {
  Control c = {.used = 0};
  RoveMachine *m = machine(&c);
  is_int(call(m, "fill", 0), ROVE_OK, "without limit");
  ok(guest_bytes(m) > 1000000, "a megabyte is in use");
  uint64_t before = collections(m);
  rove_set_memory(m, 500000, 0);
  is_int((int64_t)collections(m), (int64_t)before, "nothing is collected yet");
  is_int(call(m, "one", 0), ROVE_ERROR_MEMORY, "beyond the new limit");
  ok(collections(m) > before, "not without a collection");
  is_int(call(m, "one", 0), ROVE_ERROR_MEMORY, "and so it stays");
  is_int(call(m, "drop", 0), ROVE_OK, "what makes nothing runs");
  is_int(call(m, "waste", 0), ROVE_OK, "within the limit again");
  ok(guest_bytes(m) <= 500000, "which holds");
  is_int(call(m, "fill", 0), ROVE_ERROR_MEMORY, "too much for it");
  rove_set_memory(m, 3000000, 0);
  is_int(call(m, "fill", 0), ROVE_OK, "not after it was raised");
  rove_set_memory(m, 1050000, 0);
  is_int(call(m, "drop", 0), ROVE_OK, "all is garbage");
  is_int(call(m, "fill", 0), ROVE_OK, "a collection makes room");
  rove_set_memory(m, 0, 0);
  is_int(call(m, "waste", 0), ROVE_OK, "without limit again");
  ok(guest_bytes(m) > 1050000, "it is not felt any more");
  rove_machine_free(m);
}

static void test_memory_inside(void) {
  Control c = {.used = 0};
  RoveMachine *m = machine(&c);
  is_int(call(m, "fill", 0), ROVE_OK, "a megabyte");
  is_int(call(m, "control", 600000), ROVE_ERROR_MEMORY,
         "lowered by an operation");
  rove_set_memory(m, 0, 0);
  is_int(call(m, "guarded", 600000), ROVE_OK, "the program may catch it");
  RoveValue v = rove_result(m, 1);
  ok(!rove_result(m, 0).u.b && v.type == ROVE_STRING &&
         !strcmp(v.u.s, "not enough memory"),
     "as the memory error");
  is_int(call(m, "control", 3000000), ROVE_OK, "raised by an operation");
  rove_machine_free(m);
}

static void test_host_memory(void) {
  Control c = {.used = 0};
  RoveMachine *m = machine(&c);
  RoveStats s;
  rove_stats(m, &s);
  rove_set_memory(m, 0, s.host_bytes + 300000);
  is_int(call(m, "fill", 0), ROVE_ERROR_MEMORY, "a cap on real memory");
  rove_set_memory(m, 0, 0);
  is_int(call(m, "fill", 0), ROVE_OK, "lifted");
  rove_machine_free(m);
}

/* Frames that die one by one because the host has no memory do not collect each
   for itself. */
static void test_dying_frames(void) {
  Control c = {.used = 0};
  RoveMachine *m = machine(&c);
  is_int(call(m, "deep", 2000), ROVE_OK, "the stack has grown");
  RoveStats s;
  rove_stats(m, &s);
  rove_set_memory(m, 0, s.host_bytes + 2000000);
  is_int(call(m, "grow", 0), ROVE_ERROR_MEMORY, "the host has no more");
  uint64_t before = collections(m);
  is_int(call(m, "deep", 2000), ROVE_ERROR_MEMORY, "each frame fails");
  ok(collections(m) - before < 40, "%d collections",
     (int)(collections(m) - before));
  rove_set_memory(m, 0, 0);
  is_int(call(m, "deep", 10), ROVE_OK, "and none any more");
  rove_machine_free(m);
}

/* -- Fuel ------------------------------------------------------------------- */

static void test_fuel(void) {
  Control c = {.fuel = true};
  RoveMachine *m = machine(&c);
  is_int(call(m, "spin", 20000), ROVE_OK, "without limit");
  uint64_t used = fuel_used(m);
  rove_set_fuel(m, 1000);
  is_int(call(m, "spin", 20000), ROVE_FUEL, "1000 units do not do");
  is_int((int64_t)(fuel_used(m) - used), 1000, "and are all that is used");
  rove_add_fuel(m, 10);
  is_int(rove_resume(m), ROVE_FUEL, "nor do ten more");
  is_int((int64_t)(fuel_used(m) - used), 1010, "which are used too");
  rove_set_fuel(m, 5000);
  rove_set_fuel(m, 100);
  is_int(rove_resume(m), ROVE_FUEL, "the last word counts");
  is_int((int64_t)(fuel_used(m) - used), 1110, "not a sum");
  rove_set_fuel(m, UINT64_MAX);
  is_int(rove_resume(m), ROVE_OK, "without limit again");
  is_int((int64_t)(fuel_used(m) - used), 20000, "paid once");
  is_int(call(m, "control", 50), ROVE_FUEL, "set by an operation");
  is_int((int64_t)(fuel_used(m) - c.used), 50, "from there on");
  ok(rove_abandon(m), "given up");
  rove_set_fuel(m, UINT64_MAX - 1);
  is_int(call(m, "spin", 10), ROVE_OK, "more than can be counted");
  rove_set_fuel(m, 0);
  is_int(call(m, "spin", 10), ROVE_FUEL, "none at all");
  rove_machine_free(m);
}

/* -- Abandoning ------------------------------------------------------------- */

static uint64_t work_fuel(RoveMachine *m) {
  uint64_t used = fuel_used(m);
  is_int(call(m, "work", 0), ROVE_OK, "a whole run");
  return fuel_used(m) - used;
}

/* Stops `work` after k units, gives it up, and looks. */
static bool stop_after(RoveMachine *m, uint64_t k, bool early) {
  if (rove_run(m, NULL, 0)) return false;
  rove_set_fuel(m, k);
  if (call(m, "work", 0) != ROVE_FUEL) return false;
  if (call(m, "probe", 0) != ROVE_ERROR) return false;
  if (!rove_abandon(m) || rove_abandon(m)) return false;
  if (rove_resume(m) != ROVE_ERROR) return false;
  rove_set_fuel(m, UINT64_MAX);
  if (call(m, "probe", 0) != ROVE_OK || rove_results(m) != 2) return false;
  int64_t closed = rove_result(m, 0).u.i, status = rove_result(m, 1).u.i;
  if (early && closed != 0) return false;
  /* Dead where it ran, suspended while `work` itself did. */
  return status == 5 || status == 3 || status == 0;
}

static void test_abandon(void) {
  Control c = {.used = 0};
  RoveMachine *m = machine(&c);
  ok(!rove_abandon(m), "nothing to give up");
  uint64_t whole = work_fuel(m), bad = 0;
  for (uint64_t k = 0; k < whole; k++)
    if (!stop_after(m, k, k < whole - 12)) bad++;
  is_int((int64_t)bad, 0, "given up at any point");
  is_int((int64_t)work_fuel(m), (int64_t)whole, "then as if nothing had been");
  RoveValue v = rove_result(m, 0);
  ok(v.type == ROVE_STRING && !strcmp(v.u.s, "done"), "with its result");
  is_int(rove_call(m, "probe", NULL, 0), ROVE_OK, "all was closed");
  is_int(rove_result(m, 1).u.i, 3, "the coroutine ended");
  rove_interrupt(m);
  is_int(call(m, "spin", 10000), ROVE_INTERRUPTED, "an interrupt");
  ok(rove_abandon(m), "is a reason too");
  is_int(call(m, "nothing", 0), ROVE_ERROR, "an error");
  ok(!rove_abandon(m), "is the end anyway");
  rove_machine_free(m);
}

int main(void) {
  test_memory();
  test_memory_inside();
  test_host_memory();
  test_dying_frames();
  test_fuel();
  test_abandon();
  return done_testing();
}
