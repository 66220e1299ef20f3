/* SPDX-License-Identifier: MIT */
/* Storage and named pipes: every wait ends on a request from another thread, and
   goes on afterwards as if nothing had been. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "assembler/asm.h"
#include "include/rove.h"
#include "tests/tap.h"

static const char *const imports =
    ".import device \"storage\" \"open\" (str, str) (handle?, str?, int?)\n"
    ".import device \"storage\" \"line\" (handle, bool?) str?\n"
    ".import device \"storage\" \"write\" (handle, str) int?\n"
    ".import device \"storage\" \"close\" (handle) bool?\n"
    ".import builtin \"string.rep\" 1 as rep\n";

static char top[] = "/tmp/rove-pipe-XXXXXX";
static char path[64];

/* A machine with module main of this body; `%s` in it is the pipe's path. */
static RoveMachine *load(const char *body) {
  static RvAsmDiag d;
  char text[2000], filled[1000];
  snprintf(filled, sizeof filled, body, path);
  snprintf(text, sizeof text,
           "%s.module \"main\" main\n.entry \"main\"\n"
           ".func main regs=16\n%s\n.end\n",
           imports, filled);
  memset(&d, 0, sizeof d);
  RoveImage *img = rv_asm_text("pipes", text, strlen(text), &d);
  if (!img) {
    diag("line %u: %s", d.error[0].line, d.error[0].text);
    bail_out("the program does not assemble");
  }
  RoveMachine *m = rove_machine_new(NULL);
  if (!m || !rove_allow(m, "all") || rove_load(m, img, NULL))
    bail_out("the program does not load");
  rove_image_free(img);
  return m;
}

static void pause_ms(long ms) {
  struct timespec ts = {0, ms * 1000000};
  nanosleep(&ts, NULL);
}

static void *interrupt_later(void *arg) {
  pause_ms(60);
  rove_interrupt(arg);
  return NULL;
}

/* Runs or resumes while another thread interrupts. */
static RoveStatus interrupted(RoveMachine *m, bool resume) {
  pthread_t t;
  if (pthread_create(&t, NULL, interrupt_later, m)) bail_out("no thread");
  RoveStatus st = resume ? rove_resume(m) : rove_run(m, NULL, 0);
  pthread_join(t, NULL);
  return st;
}

/* -- The other end ---------------------------------------------------------- */

static void *write_later(void *arg) {
  (void)arg;
  pause_ms(60);
  int fd = open(path, O_WRONLY);
  if (fd < 0 || write(fd, "hello\n", 6) != 6) bail_out("cannot write");
  close(fd);
  return NULL;
}

static void *read_later(void *arg) {
  char *out = arg;
  pause_ms(60);
  int fd = open(path, O_RDONLY);
  ssize_t n, at = 0;
  while (fd >= 0 && at < 31 && (n = read(fd, out + at, (size_t)(31 - at))) > 0)
    at += n;
  close(fd);
  return NULL;
}

/* -- Tests ------------------------------------------------------------------ */

static void test_reading(void) {
  RoveMachine *m = load(
      "loadk r0, \"%s\"\n loadk r1, \"r\"\n"
      "hcall r0, open\n move r1, r0\n hcall r1, line\n"
      "move r2, r0\n loadnil r3, 1\n hcall r2, line\n"
      "move r3, r0\n hcall r3, close\n ret r1, 2");
  is_int(interrupted(m, false), ROVE_INTERRUPTED, "nobody writes");
  is_int(interrupted(m, true), ROVE_INTERRUPTED, "still nobody");
  pthread_t t;
  if (pthread_create(&t, NULL, write_later, NULL)) bail_out("no thread");
  is_int(rove_resume(m), ROVE_OK, "somebody writes");
  pthread_join(t, NULL);
  RoveValue v = rove_result(m, 0);
  ok(v.type == ROVE_STRING && !strcmp(v.u.s, "hello"), "a line");
  is_int(rove_result(m, 1).type, ROVE_NIL, "and the end");
  rove_machine_free(m);
}

static void test_writing(void) {
  char got[32] = "";
  RoveMachine *m = load(
      "loadk r0, \"%s\"\n loadk r1, \"w\"\n"
      "hcall r0, open\n move r1, r0\n loadk r2, \"hello\"\n"
      "hcall r1, write\n move r2, r0\n hcall r2, close\n"
      "ret r1, 1");
  is_int(interrupted(m, false), ROVE_INTERRUPTED, "nobody reads");
  is_int(interrupted(m, true), ROVE_INTERRUPTED, "still nobody");
  pthread_t t;
  if (pthread_create(&t, NULL, read_later, got)) bail_out("no thread");
  is_int(rove_resume(m), ROVE_OK, "somebody reads");
  pthread_join(t, NULL);
  is_str(got, "hello", "what was written");
  rove_machine_free(m);
}

/* The reader is there and takes nothing. */
static void test_full(void) {
  int fd = open(path, O_RDONLY | O_NONBLOCK);
  RoveMachine *m = load(
      "loadk r0, \"%s\"\n loadk r1, \"w\"\n"
      "hcall r0, open\n import r1, rep\n loadk r2, \"x\"\n"
      "loadk r3, 1000000\n call r1, 2, 1\n move r2, r1\n"
      "move r1, r0\n hcall r1, write\n ret r1, 1");
  is_int(interrupted(m, false), ROVE_INTERRUPTED, "a full pipe");
  is_int(interrupted(m, true), ROVE_INTERRUPTED, "stays full");
  ok(rove_abandon(m), "given up");
  rove_machine_free(m);
  close(fd);
}

/* As before, but all is written and the machine waits to flush. */
static void test_kept_back(void) {
  int fd = open(path, O_RDONLY | O_NONBLOCK);
  int other = open(path, O_WRONLY | O_NONBLOCK);
  char page[4096] = "";
  while (write(other, page, sizeof page) > 0) continue;
  RoveMachine *m = load(
      "loadk r0, \"%s\"\n loadk r1, \"w\"\n"
      "hcall r0, open\n move r1, r0\n loadk r2, \"hello\"\n"
      "hcall r1, write\nagain:\n loop again");
  is_int(interrupted(m, false), ROVE_INTERRUPTED, "something is kept back");
  ok(rove_abandon(m), "given up");
  rove_machine_free(m);
  close(other);
  close(fd);
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  alarm(120); /* a wait without end must not hang the tests */
  if (!mkdtemp(top)) bail_out("no temporary directory");
  snprintf(path, sizeof path, "%s/pipe", top);
  if (mkfifo(path, 0600)) bail_out("no named pipe");
  test_reading();
  test_writing();
  test_full();
  test_kept_back();
  unlink(path);
  rmdir(top);
  return done_testing();
}
