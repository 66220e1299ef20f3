/* SPDX-License-Identifier: MIT */
/* Operations of device process that start programs, through the system's
   shell. What they may do is not the machine's to confine. */
#include "vm/host/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define SHELL "/bin/sh"

/* How often a program is asked whether it has ended: at first, at last. */
#define FIRST_WAIT 100000 /* nanoseconds */
#define LONGEST_WAIT 10000000

/* Starts the command with descriptor `from` (-1: none) as its `to`. 0 or an
   errno. */
static int spawn(const char *command, int from, int to, int *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attr;
  sigset_t usual, none;
  char *argv[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
  pid_t child;
  sigemptyset(&none);
  sigemptyset(&usual); /* what the host may handle or ignore for itself */
  sigaddset(&usual, SIGINT);
  sigaddset(&usual, SIGQUIT);
  sigaddset(&usual, SIGPIPE);
  sigaddset(&usual, SIGALRM);
  int rc = posix_spawn_file_actions_init(&actions);
  if (rc) return rc;
  rc = posix_spawnattr_init(&attr);
  if (rc == 0) {
    posix_spawnattr_setsigdefault(&attr, &usual);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setflags(&attr,
                             POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (from >= 0) rc = posix_spawn_file_actions_adddup2(&actions, from, to);
    if (rc == 0)
      rc = posix_spawn(&child, SHELL, &actions, &attr, argv, environ);
    if (rc == 0) *pid = (int)child;
    posix_spawnattr_destroy(&attr);
  }
  posix_spawn_file_actions_destroy(&actions);
  return rc;
}

/* The exit code, or 256 and the signal that ended it. */
static i64 code_of(int status) {
  return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Waits for the end of the program and gives its code as result 0. RV_STOP: to
   be entered again with c->work the program's number. */
static RvStatus await_end(RvHostCall *c, int pid) {
  i64 pause = FIRST_WAIT;
  for (;;) {
    int status;
    pid_t rc = waitpid(pid, &status, WNOHANG);
    if (rc == pid) return rv_hc_int(c, 0, code_of(status));
    if (rc < 0 && errno != EINTR) return rv_hc_errno(c, NULL, errno);
    bool ready;
    if (rv_host_wait(c->m, -1, 0, rv_host_now() + pause, &ready))
      return rv_hc_stop(c, (u64)pid);
    if (pause < LONGEST_WAIT) pause *= 2;
  }
}

static const char *command_of(RvHostCall *c) {
  size_t len;
  const char *s = rv_hc_args(c, 0, &len);
  return strlen(s) == len ? s : NULL;
}

RvStatus rv_spawn_run(RvHostCall *c) {
  int pid = (int)c->work;
  if (pid == 0) {
    if (rv_hc_isnil(c, 0)) /* is there a shell at all? */
      return rv_hc_int(c, 0, access(SHELL, X_OK) == 0);
    const char *command = command_of(c);
    rv_host_flush(c->m, true);
    int rc = command ? spawn(command, -1, -1, &pid) : EINVAL;
    if (rc) return rv_hc_errno(c, NULL, rc);
  }
  return await_end(c, pid);
}

/* A pipe whose ends no other program inherits. */
static int open_pipe(int fds[2]) {
  if (pipe(fds) != 0) return errno;
  for (int i = 0; i < 2; i++) fcntl(fds[i], F_SETFD, FD_CLOEXEC);
  return 0;
}

RvStatus rv_spawn_start(RvHostCall *c) {
  size_t len;
  int fds[2], pid;
  const char *mode = rv_hc_args(c, 1, &len), *command = command_of(c);
  bool reads = len == 1 && mode[0] == 'r';
  if (!reads && !(len == 1 && mode[0] == 'w'))
    return rv_err(c->th, "argument 2 of process.start: no such mode: '%.20s'",
                  mode);
  RvStatus st = rv_hc_room(c);
  if (st) return st;
  rv_host_flush(c->m, true);
  int rc = command ? open_pipe(fds) : EINVAL;
  if (rc) return rv_hc_errno(c, NULL, rc);
  int theirs = reads ? fds[1] : fds[0], ours = reads ? fds[0] : fds[1];
  rc = spawn(command, theirs, reads ? STDOUT_FILENO : STDIN_FILENO, &pid);
  close(theirs);
  if (rc) {
    close(ours);
    return rv_hc_errno(c, NULL, rc);
  }
  return rv_file_open(c, ours, pid);
}

RvStatus rv_spawn_close(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  if (f->s.fd >= 0) {
    if (rv_stream_flush(c->m, &f->s, true) == RV_IO_STOP)
      return rv_hc_stop(c, 0);
    close(f->s.fd); /* a program that reads to the end, ends */
    f->s.fd = -1;
  }
  RvStatus st = await_end(c, f->pid);
  if (st == RV_STOP) return st;
  rv_hc_release(c, 0);
  rv_file_free(c->m, c->dev, f);
  return st;
}

void rv_spawn_drop(RvMachine *m, RvDevice *d, void *p) {
  RvFile *f = p;
  int pid = f->pid;
  rv_file_free(m, d, f);
  waitpid(pid, NULL, WNOHANG);
}
