/* SPDX-License-Identifier: MIT */
/* Policy: rules, tests on them, paths confined to granted directories. */
#include "vm/host/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/heap.h"
#include "vm/host/device.h"

#ifndef O_PATH /* not Linux: a directory must then be readable to be passed */
#define O_PATH O_RDONLY
#endif
#define DIR_FLAGS (O_PATH | O_DIRECTORY | O_CLOEXEC)

/* How often one path may lead through symbolic links. */
#define MAX_LINKS 40

enum { NO_VALUE, NAME, PATHNAME };

static const struct {
  const char *word;
  u8 value;
  const char *meta; /* what stands for the object in a flag */
} kinds[RV_NGRANTS] = {
    [RV_GRANT_CONSOLE] = {"console", NO_VALUE, NULL},
    [RV_GRANT_CLOCK] = {"clock", NO_VALUE, NULL},
    [RV_GRANT_ENTROPY] = {"entropy", NO_VALUE, NULL},
    [RV_GRANT_READ] = {"read", PATHNAME, "DIR"},
    [RV_GRANT_WRITE] = {"write", PATHNAME, "DIR"},
    [RV_GRANT_NET] = {"net", NAME, "HOST:PORT"},
    [RV_GRANT_ENV] = {"env", NAME, "NAME"},
    [RV_GRANT_RUN] = {"run", NO_VALUE, NULL},
    [RV_GRANT_NATIVE] = {"native", NAME, "LIB"},
    [RV_GRANT_DEVICE] = {"device", NAME, "NAME"},
};

#define BIT(g) (1u << (g))
#define ALL_KINDS (BIT(RV_GRANT_STORAGE) - BIT(RV_GRANT_CONSOLE))

void rv_policy_init(RvPolicy *p) { memset(p, 0, sizeof *p); }

/* -- Text owned by the policy ---------------------------------------------- */
static char *copy_text(RvMachine *m, const char *s, size_t n) {
  char *p = rv_mem_realloc(m, NULL, 0, n + 1);
  if (p == NULL) return NULL;
  memcpy(p, s, n);
  p[n] = '\0';
  return p;
}

static void drop_text(RvMachine *m, char *s) {
  if (s) rv_mem_free(m, s, strlen(s) + 1);
}

static void drop_rule(RvMachine *m, RvRule *r) {
  drop_text(m, r->value);
  drop_text(m, r->real);
  drop_text(m, r->leaf);
  if (r->fd >= 0) close(r->fd);
}

void rv_policy_fini(RvMachine *m, RvPolicy *p) {
  for (u32 i = 0; i < p->n; i++) drop_rule(m, &p->rules[i]);
  rv_mem_free(m, p->rules, p->cap * sizeof *p->rules);
  drop_text(m, p->cwd);
  memset(p, 0, sizeof *p);
}

/* -- Paths as text --------------------------------------------------------- */
/* Makes an absolute path without `.`, `..` and doubled slashes of base (already
   such a path) and path; the root is "/". False: too long. */
static bool join_path(const char *base, const char *path, size_t len, char *out,
                      size_t size) {
  size_t n = 0;
  if (len == 0 || path[0] != '/') {
    n = strlen(base);
    if (n + 1 > size) return false;
    memcpy(out, base, n);
    if (n == 1) n = 0; /* "/" */
  }
  for (size_t i = 0; i < len;) {
    size_t j = i;
    while (j < len && path[j] != '/') j++;
    size_t part = j - i;
    if (part == 2 && path[i] == '.' && path[i + 1] == '.') {
      while (n > 0 && out[--n] != '/') continue;
    } else if (part > 0 && !(part == 1 && path[i] == '.')) {
      if (n + 1 + part + 1 > size) return false;
      out[n++] = '/';
      memcpy(out + n, path + i, part);
      n += part;
    }
    i = j + 1;
  }
  if (n == 0) out[n++] = '/';
  out[n] = '\0';
  return true;
}

/* What of path lies below dir: "" for dir itself, "a/b"; NULL: not below. */
static const char *below(const char *dir, const char *path) {
  size_t n = strlen(dir);
  if (n == 1) return path + 1;
  if (strncmp(dir, path, n) != 0) return NULL;
  if (path[n] == '\0') return path + n;
  return path[n] == '/' ? path + n + 1 : NULL;
}

/* The machine's working directory, NULL when there is none. */
static const char *working_dir(RvMachine *m, RvPolicy *p) {
  if (p->cwd == NULL) {
    char buf[4096];
    if (getcwd(buf, sizeof buf) == NULL || buf[0] != '/') return NULL;
    p->cwd = copy_text(m, buf, strlen(buf));
  }
  return p->cwd;
}

/* -- Adding rules ---------------------------------------------------------- */
static bool complain(char *err, size_t size, const char *text,
                     const char *why) {
  snprintf(err, size, "'%s': %s", text, why);
  return false;
}

/* Resolves the path of a rule: value, real, and what lies behind it. */
static bool path_rule(RvMachine *m, RvPolicy *p, RvRule *r, const char *path,
                      char *err, size_t size) {
  char full[4096], real[4096], *leaf = NULL;
  const char *cwd = working_dir(m, p);
  if (cwd == NULL && path[0] != '/')
    return complain(err, size, path, "there is no working directory");
  if (!join_path(cwd ? cwd : "/", path, strlen(path), full, sizeof full))
    return complain(err, size, path, strerror(ENAMETOOLONG));
  char *found = realpath(full, NULL);
  if (found == NULL && errno == ENOENT) { /* a file still to be made */
    leaf = strrchr(full, '/');
    *leaf = '\0';
    char *dir = realpath(*full ? full : "/", NULL);
    *leaf = '/';
    if (dir == NULL) return complain(err, size, path, strerror(errno));
    bool fits = join_path(dir, leaf + 1, strlen(leaf + 1), real, sizeof real);
    free(dir);
    if (!fits) return complain(err, size, path, strerror(ENAMETOOLONG));
  } else if (found == NULL) {
    return complain(err, size, path, strerror(errno));
  } else {
    bool fits = strlen(found) < sizeof real;
    if (fits) strcpy(real, found);
    free(found);
    if (!fits) return complain(err, size, path, strerror(ENAMETOOLONG));
  }
  struct stat st;
  bool exists = stat(real, &st) == 0;
  if (exists) {
    r->known = true;
    r->dev = st.st_dev;
    r->ino = st.st_ino;
  }
  r->value = copy_text(m, full, strlen(full));
  r->real = copy_text(m, real, strlen(real));
  if (!r->value || !r->real) return complain(err, size, path, "out of memory");
  if (r->deny) return true;
  if (!exists || !S_ISDIR(st.st_mode)) {
    leaf = strrchr(real, '/');
    r->leaf = copy_text(m, leaf + 1, strlen(leaf + 1));
    if (!r->leaf) return complain(err, size, path, "out of memory");
    *leaf = '\0';
    r->fd = open(*real ? real : "/", DIR_FLAGS);
  } else {
    r->fd = open(real, DIR_FLAGS);
  }
  if (r->fd < 0) return complain(err, size, path, strerror(errno));
  return true;
}

static bool add_rule(RvMachine *m, RvPolicy *p, RvGrant g, bool allow,
                     const char *value, char *err, size_t size) {
  if (p->n == p->cap) {
    u32 cap = p->cap ? 2 * p->cap : 4;
    RvRule *rules = rv_mem_realloc(m, p->rules, p->cap * sizeof *rules,
                                   cap * sizeof *rules);
    if (rules == NULL) return complain(err, size, value, "out of memory");
    p->rules = rules;
    p->cap = cap;
  }
  RvRule *r = &p->rules[p->n];
  *r = (RvRule){.grant = (u8)g, .deny = !allow, .fd = -1};
  bool good;
  if (kinds[g].value == PATHNAME) {
    good = path_rule(m, p, r, value, err, size);
  } else {
    r->value = copy_text(m, value, strlen(value));
    good = r->value || complain(err, size, value, "out of memory");
  }
  if (!good) {
    drop_rule(m, r);
    return false;
  }
  p->n++;
  if (allow) p->some |= BIT(g);
  return true;
}

bool rv_policy_set(RvMachine *m, bool allow, const char *text, char *err,
                   size_t size) {
  RvPolicy *p = &m->host->policy;
  const char *eq = strchr(text, '=');
  size_t n = eq ? (size_t)(eq - text) : strlen(text);
  u32 whole = 0;
  RvGrant g = RV_GRANT_FREE;
  if (n == 3 && memcmp(text, "all", 3) == 0) {
    whole = ALL_KINDS;
  } else {
    for (u32 i = RV_GRANT_CONSOLE; i < RV_GRANT_STORAGE; i++)
      if (strlen(kinds[i].word) == n && memcmp(kinds[i].word, text, n) == 0)
        g = (RvGrant)i;
    if (g == RV_GRANT_FREE)
      return complain(err, size, text, "no such kind of right");
    whole = BIT(g);
  }
  if (eq != NULL) {
    if (g == RV_GRANT_FREE || kinds[g].value == NO_VALUE)
      return complain(err, size, text, "takes no object");
    if (eq[1] == '\0') return complain(err, size, text, "the object is empty");
    if (!add_rule(m, p, g, allow, eq + 1, err, size)) return false;
  } else if (allow) {
    p->allow |= whole;
  } else {
    p->deny |= whole;
  }
  rv_host_regrant(m);
  return true;
}

/* -- Tests ----------------------------------------------------------------- */
bool rv_policy_some(const RvPolicy *p, RvGrant g) {
  if (g == RV_GRANT_FREE) return true;
  if (g == RV_GRANT_STORAGE)
    return rv_policy_some(p, RV_GRANT_READ) ||
           rv_policy_some(p, RV_GRANT_WRITE);
  if (p->deny & BIT(g)) return false;
  return ((p->allow | p->some) & BIT(g)) != 0;
}

bool rv_policy_name(const RvPolicy *p, RvGrant g, const char *name,
                    size_t len) {
  if (p->deny & BIT(g)) return false;
  bool granted = (p->allow & BIT(g)) != 0;
  for (u32 i = 0; i < p->n; i++) {
    const RvRule *r = &p->rules[i];
    if (r->grant != g || strlen(r->value) != len ||
        memcmp(r->value, name, len) != 0)
      continue;
    if (r->deny) return false;
    granted = true;
  }
  return granted;
}

const char *rv_policy_flag(RvGrant g, const char *name, char *out,
                           size_t size) {
  if (g == RV_GRANT_STORAGE)
    snprintf(out, size, "--allow-read=DIR or --allow-write=DIR");
  else if (g == RV_GRANT_FREE || g >= RV_NGRANTS)
    snprintf(out, size, "-A");
  else if (kinds[g].value == NO_VALUE)
    snprintf(out, size, "--allow-%s", kinds[g].word);
  else
    snprintf(out, size, "--allow-%s=%s", kinds[g].word,
             name ? name : kinds[g].meta);
  return out;
}

bool rv_policy_missing(RvMachine *m, RvImage *img, char *out, size_t size) {
  RvPolicy *p = &m->host->policy;
  for (u32 i = 0; i < img->nimports; i++) {
    const RvImport *imp = &img->imports[i];
    if (imp->kind == RV_IMPORT_BUILTIN) continue;
    const RvImgStr *mod = &img->strs[imp->module], *op = &img->strs[imp->name];
    RvGrant g = RV_GRANT_NATIVE;
    const char *object = mod->p;
    if (imp->kind == RV_IMPORT_DEVICE) {
      const RvOpDef *def = NULL;
      RvDevice *d = rv_host_find(m, mod->p, mod->len, op->p, op->len, &def);
      if (d == NULL || def == NULL) continue; /* binding will tell */
      g = (RvGrant)def->grant;
      if (g != RV_GRANT_DEVICE) {
        if (rv_policy_some(p, g)) continue;
        object = NULL;
      }
    }
    if (object && rv_policy_name(p, g, mod->p, mod->len)) continue;
    char flag[300];
    snprintf(out, size, "%.100s.%.100s is not granted: %s", mod->p, op->p,
             rv_policy_flag(g, object, flag, sizeof flag));
    return true;
  }
  return false;
}

/* -- Confined paths -------------------------------------------------------- */
static bool has_denials(const RvPolicy *p, u32 need) {
  for (u32 i = 0; i < p->n; i++) {
    const RvRule *r = &p->rules[i];
    if (r->deny && ((r->grant == RV_GRANT_READ && (need & RV_NEED_READ)) ||
                    (r->grant == RV_GRANT_WRITE && (need & RV_NEED_WRITE))))
      return true;
  }
  return false;
}

/* Does a denial of a needed right cover this canonical path, or this file? */
static bool path_denied(const RvPolicy *p, u32 need, const char *path,
                        const struct stat *st) {
  for (u32 i = 0; i < p->n; i++) {
    const RvRule *r = &p->rules[i];
    if (!r->deny) continue;
    if (!(r->grant == RV_GRANT_READ && (need & RV_NEED_READ)) &&
        !(r->grant == RV_GRANT_WRITE && (need & RV_NEED_WRITE)))
      continue;
    if (path && (below(r->real, path) || below(r->value, path))) return true;
    if (st && r->known && st->st_dev == r->dev && st->st_ino == r->ino)
      return true;
  }
  return false;
}

/* The rule that grants one right for an absolute path; *rest is what remains
   below it. Rules of longer paths come first. NULL: none, or the whole tree
   when *whole. */
static const RvRule *granting(const RvPolicy *p, RvGrant g, const char *path,
                              const char **rest, bool *whole) {
  const RvRule *best = NULL;
  *whole = (p->allow & BIT(g)) != 0;
  if (p->deny & BIT(g)) {
    *whole = false;
    return NULL;
  }
  for (u32 i = 0; i < p->n; i++) {
    const RvRule *r = &p->rules[i];
    if (r->grant != g || r->deny) continue;
    const char *tail = below(r->real, path);
    if (tail == NULL) tail = below(r->value, path);
    if (tail == NULL || (r->leaf && *tail)) continue;
    if (best && strlen(best->real) >= strlen(r->real)) continue;
    best = r;
    *rest = tail;
  }
  return best;
}

/* Is the canonical path of what was reached granted, each right by itself? */
static bool covered(const RvPolicy *p, u32 need, const char *path) {
  for (u32 bit = RV_NEED_READ; bit <= RV_NEED_WRITE; bit <<= 1) {
    if (!(need & bit)) continue;
    RvGrant g = bit == RV_NEED_READ ? RV_GRANT_READ : RV_GRANT_WRITE;
    bool good = (p->allow & BIT(g)) != 0;
    for (u32 i = 0; i < p->n && !good; i++) {
      const RvRule *r = &p->rules[i];
      if (r->grant != g || r->deny) continue;
      const char *tail = below(r->real, path);
      good = tail && !(r->leaf && *tail);
    }
    if (!good) return false;
  }
  return true;
}

void rv_place_close(RvPlace *pl) {
  if (pl->own) close(pl->dir);
  pl->own = false;
}

/* The walk of one path that needs no link: 0 and *out, an errno, -1 denied, or
   -2: a link was met, `next` is the path to try instead. */
static int walk(RvPolicy *p, u32 need, const char *path, bool follow,
                RvPlace *out, char *next, size_t size) {
  const char *rest = NULL, *rest2 = NULL;
  bool whole, whole2 = true;
  RvGrant g = need & RV_NEED_READ ? RV_GRANT_READ : RV_GRANT_WRITE;
  const RvRule *r = granting(p, g, path, &rest, &whole);
  if (r == NULL && !whole) return -1;
  if (need == (RV_NEED_READ | RV_NEED_WRITE)) {
    const RvRule *r2 = granting(p, RV_GRANT_WRITE, path, &rest2, &whole2);
    if (r2 == NULL && !whole2) return -1;
    if (r == NULL) {
      r = r2;
      rest = rest2;
    }
  }
  /* done: canonical path of the directory reached, kept in next */
  bool careful = has_denials(p, need);
  char *done = next;
  int dir;
  if (r == NULL) {
    strcpy(done, "/");
    rest = path + 1;
    dir = open("/", DIR_FLAGS);
  } else {
    size_t n = strlen(r->real);
    if (r->leaf) {
      n -= strlen(r->leaf);
      if (n > 1) n--; /* the slash before it */
      rest = r->leaf;
    }
    memcpy(done, r->real, n);
    done[n] = '\0';
    dir = fcntl(r->fd, F_DUPFD_CLOEXEC, 3);
  }
  if (dir < 0) return errno;
  struct stat st;
  int rc;
  for (;;) {
    size_t n = strcspn(rest, "/"), at = strlen(done);
    if (careful && fstat(dir, &st) == 0 && path_denied(p, need, done, &st)) {
      rc = -1;
      goto fail;
    }
    if (at + 1 + strlen(rest) + 1 > size || n > 255) {
      rc = ENAMETOOLONG;
      goto fail;
    }
    if (n == 0) { /* the granted directory itself */
      out->name = ".";
      break;
    }
    char name[256];
    memcpy(name, rest, n);
    name[n] = '\0';
    bool last = rest[n] == '\0';
    if (!last || follow) {
      char target[4096];
      ssize_t len = readlinkat(dir, name, target, sizeof target - 1);
      if (len >= 0) { /* a link: its target is a path like any other */
        target[len] = '\0';
        size_t tail = strlen(rest + n);
        if ((size_t)len + tail + 1 > sizeof target) {
          rc = ENAMETOOLONG;
          goto fail;
        }
        memcpy(target + len, rest + n, tail + 1);
        char base[4096];
        memcpy(base, done, at + 1);
        if (!join_path(base, target, (size_t)len + tail, next, size))
          rc = ENAMETOOLONG;
        else
          rc = -2;
        goto fail;
      }
    }
    if (at > 1) done[at++] = '/';
    memcpy(done + at, name, n + 1);
    if (last) {
      bool there = careful && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
      if (careful && path_denied(p, need, done, there ? &st : NULL)) {
        rc = -1;
        goto fail;
      }
      memcpy(out->path, name, n + 1);
      out->name = out->path;
      break;
    }
    int sub = openat(dir, name, DIR_FLAGS | O_NOFOLLOW);
    if (sub < 0) {
      rc = errno;
      goto fail;
    }
    close(dir);
    dir = sub;
    rest += n + 1;
  }
  if (!covered(p, need, done)) {
    rc = -1;
    goto fail;
  }
  out->dir = dir;
  out->own = true;
  out->confined = true;
  return 0;

fail:
  close(dir);
  return rc;
}

int rv_policy_place(RvMachine *m, const char *path, size_t len, u32 need,
                    bool follow, RvPlace *out) {
  RvPolicy *p = &m->host->policy;
  out->own = false;
  out->confined = false;
  out->dir = AT_FDCWD;
  out->name = out->path;
  if (len == 0) return ENOENT;
  if (memchr(path, '\0', len)) return EINVAL;
  if (len >= sizeof out->path) return ENAMETOOLONG;
  u32 kinds_needed = (need & RV_NEED_READ ? BIT(RV_GRANT_READ) : 0) |
                     (need & RV_NEED_WRITE ? BIT(RV_GRANT_WRITE) : 0);
  if (p->deny & kinds_needed) return -1;
  const char *cwd = working_dir(m, p);
  if (cwd == NULL && path[0] != '/') return ENOENT;
  if ((p->allow & kinds_needed) == kinds_needed && !has_denials(p, need)) {
    size_t n = 0; /* nothing to confine: as the system would have it */
    if (path[0] != '/') {
      n = strlen(cwd);
      if (n + 1 + len + 1 > sizeof out->path) return ENAMETOOLONG;
      memcpy(out->path, cwd, n);
      out->path[n++] = '/';
    }
    memcpy(out->path + n, path, len);
    out->path[n + len] = '\0';
    return 0;
  }
  char now[4096], next[4096];
  if (!join_path(cwd ? cwd : "/", path, len, now, sizeof now))
    return ENAMETOOLONG;
  for (int i = 0; i < MAX_LINKS; i++) {
    int rc = walk(p, need, now, follow, out, next, sizeof next);
    if (rc != -2) return rc;
    strcpy(now, next);
  }
  return ELOOP;
}
