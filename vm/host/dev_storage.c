/* SPDX-License-Identifier: MIT */
/* Device storage: files of the host below granted directories. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/host/device.h"
#include "vm/host/file.h"
#include "vm/table.h"

/* Where new files of no particular name are made. */
#define TEMP_PREFIX "/tmp/rove_"
#define TEMP_TRIES 100

/* -- Places ---------------------------------------------------------------- */
/* Finds what a path names. RV_OK with !*good: the failure is already
   the answer. */
static RvStatus place_text(RvHostCall *c, const char *path, size_t len,
                           u32 need, bool follow, RvPlace *pl, bool *good) {
  int rc = rv_policy_place(c->m, path, len, need, follow, pl);
  *good = rc == 0;
  if (rc == 0) return RV_OK;
  char text[200];
  snprintf(text, sizeof text, "%.190s", path);
  if (rc > 0) return rv_hc_errno(c, text, rc);
  RvGrant g = RV_GRANT_WRITE;
  RvPlace probe;
  if (need & RV_NEED_READ) { /* name the right that lacks */
    if (rv_policy_place(c->m, path, len, RV_NEED_READ, follow, &probe) != 0)
      g = RV_GRANT_READ;
    else rv_place_close(&probe);
  }
  return rv_hc_denied(c, text, g);
}

/* The same for path argument i. */
static RvStatus place(RvHostCall *c, u32 i, u32 need, bool follow, RvPlace *pl,
                      bool *good) {
  size_t len;
  const char *path = rv_hc_args(c, i, &len);
  return place_text(c, path, len, need, follow, pl, good);
}

static RvStatus path_errno(RvHostCall *c, u32 i, int code) {
  size_t len;
  return rv_hc_errno(c, rv_hc_args(c, i, &len), code);
}

/* -- Opening and closing --------------------------------------------------- */
static bool parse_mode(const char *mode, size_t len, int *flags, u32 *need) {
  if (len == 0) return false;
  size_t i = 1;
  bool plus = i < len && mode[i] == '+';
  if (plus) i++;
  if (i < len && mode[i] == 'b') i++;
  if (i < len) return false;
  int access = plus ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
  *need = plus             ? RV_NEED_READ | RV_NEED_WRITE
          : mode[0] == 'r' ? RV_NEED_READ
                           : RV_NEED_WRITE;
  switch (mode[0]) {
  case 'r': *flags = access; return true;
  case 'w': *flags = access | O_CREAT | O_TRUNC; return true;
  case 'a': *flags = access | O_CREAT | O_APPEND; return true;
  default: return false;
  }
}

/* How often a pipe is looked at that nobody reads yet: there is nothing to poll
   for before it is open. */
#define PIPE_WAIT 20000000 /* nanoseconds */

static bool is_pipe(const RvPlace *pl, int flags) {
  struct stat sb;
  int follow = flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0;
  return fstatat(pl->dir, pl->name, &sb, follow) == 0 && S_ISFIFO(sb.st_mode);
}

/* Opens without ever blocking in the kernel, where no request would be seen. A
   named pipe for reading is open at once, and the first read waits; one for
   writing waits here for a reader. A descriptor; or -1 and errno, EINTR when
   the machine is to stop. */
static int open_place(RvMachine *m, const RvPlace *pl, int flags) {
  flags |= O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  for (;;) {
    int fd = openat(pl->dir, pl->name, flags, 0666);
    if (fd >= 0) return fd;
    if (errno == EINTR) {
      if (!rv_host_stopping(m)) continue;
      return -1;
    }
    if (errno != ENXIO) return -1;
    if (!is_pipe(pl, flags)) {
      errno = ENXIO;
      return -1;
    }
    bool ready;
    if (rv_host_wait(m, -1, 0, rv_host_now() + PIPE_WAIT, &ready)) {
      errno = EINTR;
      return -1;
    }
  }
}

static RvStatus sto_open(RvHostCall *c) {
  size_t len;
  int flags;
  u32 need;
  const char *mode = rv_hc_args(c, 1, &len);
  if (!parse_mode(mode, len, &flags, &need))
    return rv_err(c->th, "argument 2 of storage.open: no such mode: '%.20s'",
                  mode);
  RvStatus st = rv_hc_room(c);
  if (st) return st;
  RvPlace pl;
  bool good;
  st = place(c, 0, need, true, &pl, &good);
  if (!good) return st;
  if (pl.confined) flags |= O_NOFOLLOW;
  int fd = open_place(c->m, &pl, flags);
  int code = errno;
  rv_place_close(&pl);
  if (fd < 0 && code == EINTR) return rv_hc_stop(c, 0);
  if (fd < 0) return path_errno(c, 0, code);
  struct stat sb;
  if (fstat(fd, &sb) == 0 && S_ISDIR(sb.st_mode)) {
    close(fd);
    return path_errno(c, 0, EISDIR);
  }
  return rv_file_open(c, fd, -1);
}

/* The machine ends with the handle still open. */
static void sto_drop(RvMachine *m, RvDevice *d, void *p) {
  rv_file_free(m, d, p);
}

/* -- Bytes ----------------------------------------------------------------- */
static RvStatus sto_seek(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  size_t len;
  const char *whence = rv_hc_args(c, 1, &len);
  int from;
  if (len == 3 && memcmp(whence, "set", 3) == 0) from = SEEK_SET;
  else if (len == 3 && memcmp(whence, "cur", 3) == 0) from = SEEK_CUR;
  else if (len == 3 && memcmp(whence, "end", 3) == 0) from = SEEK_END;
  else
    return rv_err(c->th,
                  "argument 2 of storage.seek: set, cur or end expected");
  int rc = rv_stream_flush(c->m, &f->s, true);
  if (rc) return rv_file_trouble(c, rc, 0);
  rv_stream_sync(&f->s);
  off_t at = lseek(f->s.fd, (off_t)rv_hc_argi(c, 2), from);
  if (at < 0) return rv_hc_errno(c, NULL, errno);
  return rv_hc_int(c, 0, (i64)at);
}

static RvStatus sto_size(RvHostCall *c) {
  RvFile *f = rv_hc_payload(c, 0);
  int rc = rv_stream_flush(c->m, &f->s, true);
  if (rc) return rv_file_trouble(c, rc, 0);
  struct stat sb;
  if (fstat(f->s.fd, &sb) != 0) return rv_hc_errno(c, NULL, errno);
  return rv_hc_int(c, 0, (i64)sb.st_size);
}

/* -- Names ----------------------------------------------------------------- */
static RvStatus sto_remove(RvHostCall *c) {
  RvPlace pl;
  bool good;
  RvStatus st = place(c, 0, RV_NEED_WRITE, false, &pl, &good);
  if (!good) return st;
  int rc = unlinkat(pl.dir, pl.name, 0);
  if (rc != 0 && (errno == EISDIR || errno == EPERM))
    rc = unlinkat(pl.dir, pl.name, AT_REMOVEDIR);
  int code = errno;
  rv_place_close(&pl);
  return rc ? path_errno(c, 0, code) : rv_hc_bool(c, 0, true);
}

static bool readable(RvHostCall *c, u32 i) {
  RvPlace pl;
  size_t len;
  const char *path = rv_hc_args(c, i, &len);
  int rc = rv_policy_place(c->m, path, len, RV_NEED_READ, false, &pl);
  if (rc == 0) rv_place_close(&pl);
  return rc == 0;
}

/* Six letters and digits that are not easily guessed. */
static bool random_name(char *out) {
  static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  u8 bits[6];
  if (getentropy(bits, sizeof bits) != 0) return false;
  for (int i = 0; i < 6; i++) out[i] = set[bits[i] % (sizeof set - 1)];
  return true;
}

static RvStatus sto_temp(RvHostCall *c) {
  char path[] = TEMP_PREFIX "xxxxxx";
  for (int i = 0; i < TEMP_TRIES; i++) {
    if (!random_name(path + sizeof TEMP_PREFIX - 1))
      return rv_hc_errno(c, NULL, errno);
    RvPlace pl;
    bool good;
    RvStatus st =
        place_text(c, path, sizeof path - 1, RV_NEED_WRITE, false, &pl, &good);
    if (!good) return st;
    int fd = openat(pl.dir, pl.name,
                    O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    int code = errno;
    rv_place_close(&pl);
    if (fd >= 0) {
      close(fd);
      return rv_hc_str(c, 0, path, sizeof path - 1);
    }
    if (code != EEXIST) return rv_hc_errno(c, path, code);
  }
  return rv_hc_errno(c, NULL, EEXIST);
}

static RvStatus sto_rename(RvHostCall *c) {
  RvPlace from, to;
  bool good;
  /* A name that may not be read must not become one that may. */
  u32 need = RV_NEED_WRITE | (readable(c, 1) ? RV_NEED_READ : 0);
  RvStatus st = place(c, 0, need, false, &from, &good);
  if (!good) return st;
  st = place(c, 1, RV_NEED_WRITE, false, &to, &good);
  if (!good) {
    rv_place_close(&from);
    return st;
  }
  int rc = renameat(from.dir, from.name, to.dir, to.name), code = errno;
  rv_place_close(&from);
  rv_place_close(&to);
  return rc ? path_errno(c, 0, code) : rv_hc_bool(c, 0, true);
}

static RvStatus sto_mkdir(RvHostCall *c) {
  RvPlace pl;
  bool good;
  RvStatus st = place(c, 0, RV_NEED_WRITE, false, &pl, &good);
  if (!good) return st;
  int rc = mkdirat(pl.dir, pl.name, 0777), code = errno;
  rv_place_close(&pl);
  return rc ? path_errno(c, 0, code) : rv_hc_bool(c, 0, true);
}

static RvStatus sto_kind(RvHostCall *c) {
  RvPlace pl;
  bool good;
  RvStatus st = place(c, 0, RV_NEED_READ, true, &pl, &good);
  if (!good) return st;
  struct stat sb;
  int rc = fstatat(pl.dir, pl.name, &sb, pl.confined ? AT_SYMLINK_NOFOLLOW : 0);
  int code = errno;
  rv_place_close(&pl);
  if (rc != 0) return path_errno(c, 0, code);
  const char *kind = S_ISREG(sb.st_mode)   ? "file"
                     : S_ISDIR(sb.st_mode) ? "directory"
                                           : "other";
  return rv_hc_str(c, 0, kind, strlen(kind));
}

typedef struct Names {
  char **name;
  u32 n, cap;
} Names;

static void names_free(RvMachine *m, Names *l) {
  for (u32 i = 0; i < l->n; i++)
    rv_mem_free(m, l->name[i], strlen(l->name[i]) + 1);
  rv_mem_free(m, l->name, l->cap * sizeof *l->name);
}

static bool names_add(RvMachine *m, Names *l, const char *name) {
  if (l->n == l->cap) {
    u32 cap = l->cap ? 2 * l->cap : 32;
    char **list =
        rv_mem_realloc(m, l->name, l->cap * sizeof *list, cap * sizeof *list);
    if (list == NULL) return false;
    l->name = list;
    l->cap = cap;
  }
  size_t size = strlen(name) + 1;
  char *copy = rv_mem_realloc(m, NULL, 0, size);
  if (copy == NULL) return false;
  memcpy(copy, name, size);
  l->name[l->n++] = copy;
  return true;
}

static int by_bytes(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static RvStatus names_table(RvHostCall *c, const Names *l) {
  RvTable *t = rv_table_new(c->m, l->n, 0);
  if (t == NULL) return RV_ERROR;
  c->res[0] = rv_obj(t, RV_TABLE);
  u64 bytes = 0;
  for (u32 i = 0; i < l->n; i++) {
    RvStatus st = rv_hc_str(c, 1, l->name[i], strlen(l->name[i]));
    if (st == RV_OK) st = rv_table_set_int(c->m, t, (i64)i + 1, c->res[1]);
    if (st) return st;
    bytes += strlen(l->name[i]);
  }
  c->res[1] = rv_nil();
  rv_hc_moved(c, bytes);
  return RV_OK;
}

static RvStatus sto_list(RvHostCall *c) {
  RvPlace pl;
  bool good;
  RvStatus st = place(c, 0, RV_NEED_READ, true, &pl, &good);
  if (!good) return st;
  int fd = openat(
      pl.dir, pl.name,
      O_RDONLY | O_DIRECTORY | O_CLOEXEC | (pl.confined ? O_NOFOLLOW : 0));
  int code = errno;
  rv_place_close(&pl);
  DIR *d = fd < 0 ? NULL : fdopendir(fd);
  if (d == NULL) {
    if (fd >= 0) close(fd);
    return path_errno(c, 0, code);
  }
  Names names = {0};
  bool room = true;
  struct dirent *e;
  while (room && (e = readdir(d)) != NULL)
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
      room = names_add(c->m, &names, e->d_name);
  closedir(d);
  if (room) {
    if (names.n) qsort(names.name, names.n, sizeof *names.name, by_bytes);
    st = names_table(c, &names);
  } else {
    st = rv_err_memory(c->th);
  }
  names_free(c->m, &names);
  return st;
}

#define OP(name, sig, fn, grant) \
  { name, sig, fn, grant, 1, NULL }
static const RvOpDef ops[] = {
    OP("open", "(str, str) (handle?, str?, int?)", sto_open, RV_GRANT_STORAGE),
    OP("close", "(handle) (bool?, str?, int?)", rv_file_close, RV_GRANT_FREE),
    OP("read", "(handle, int) (str?, str?, int?)", rv_file_read,
       RV_GRANT_STORAGE),
    OP("more", "(handle) (bool?, str?, int?)", rv_file_more, RV_GRANT_STORAGE),
    OP("number", "(handle) (any?, str?, int?)", rv_file_number,
       RV_GRANT_STORAGE),
    OP("put", "(handle, " RV_PUT_TYPES ") (int?, str?, int?)", rv_file_put,
       RV_GRANT_WRITE),
    OP("line", "(handle, bool?) (str?, str?, int?)", rv_file_line,
       RV_GRANT_STORAGE),
    OP("write", "(handle, str) (int?, str?, int?)", rv_file_write,
       RV_GRANT_WRITE),
    OP("flush", "(handle) (bool?, str?, int?)", rv_file_flush, RV_GRANT_WRITE),
    OP("seek", "(handle, str, int) (int?, str?, int?)", sto_seek,
       RV_GRANT_STORAGE),
    OP("size", "(handle) (int?, str?, int?)", sto_size, RV_GRANT_STORAGE),
    OP("remove", "(str) (bool?, str?, int?)", sto_remove, RV_GRANT_WRITE),
    OP("rename", "(str, str) (bool?, str?, int?)", sto_rename, RV_GRANT_WRITE),
    OP("temp", "() (str?, str?, int?)", sto_temp, RV_GRANT_WRITE),
    OP("mkdir", "(str) (bool?, str?, int?)", sto_mkdir, RV_GRANT_WRITE),
    OP("kind", "(str) (str?, str?, int?)", sto_kind, RV_GRANT_READ),
    OP("list", "(str) (table?, str?, int?)", sto_list, RV_GRANT_READ),
};

const RvDevDef rv_dev_storage = {.name = "storage",
                                 .version = 1,
                                 .nops = sizeof ops / sizeof *ops,
                                 .ops = ops,
                                 .close = sto_drop};
