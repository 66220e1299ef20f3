/* SPDX-License-Identifier: MIT */
/* Which files become which modules of an image.

   Names do not depend on where one stands: a module's is the path below its
   DIR, or the path as it was given. All but the entry come in the order of their
   names' bytes, so that the same sources give the same image whatever order the
   file system lists them in. */
#include "cli/modules.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"

/* Directories below one another. */
#define MAX_DEPTH 64

static int no_memory(void) { return rv_cli_fail(1, "not enough memory"); }

/* -- Names ----------------------------------------------------------------- */

static bool is_lua(const char *path) {
  size_t n = strlen(path);
  return n > 4 && strcmp(path + n - 4, ".lua") == 0;
}

/* "a/b.lua" -> "a.b", "a/init.lua" -> "a"; malloc'd. */
static char *module_of(const char *path, bool *init) {
  while (strncmp(path, "./", 2) == 0 || *path == '/')
    path += *path == '/' ? 1 : 2;
  size_t n = strlen(path);
  if (is_lua(path)) n -= 4;
  *init = n > 5 && memcmp(path + n - 5, "/init", 5) == 0;
  if (*init) n -= 5;
  char *name = malloc(n + 1);
  if (!name) return NULL;
  for (size_t i = 0; i < n; i++) name[i] = path[i] == '/' ? '.' : path[i];
  name[n] = '\0';
  return name;
}

/* A name with `..` in it would say where one stood. */
static const char *file_name_if_outside(const char *path) {
  const char *slash = strrchr(path, '/');
  bool outside =
      *path == '/' || strncmp(path, "../", 3) == 0 || strstr(path, "/../");
  return outside && slash ? slash + 1 : path;
}

static char *join(const char *dir, const char *name) {
  size_t n = strlen(dir);
  while (n > 1 && dir[n - 1] == '/') n--;
  char *path = malloc(n + strlen(name) + 2);
  if (!path) return NULL;
  memcpy(path, dir, n);
  path[n] = '/';
  strcpy(path + n + 1, name);
  return path;
}

/* -- The list -------------------------------------------------------------- */

/* Takes over path. */
static int add(RvModuleFiles *l, char *path, const char *name) {
  if (l->n == l->cap) {
    u32 cap = l->cap ? 2 * l->cap : 16;
    RvModuleFile *p = realloc(l->file, cap * sizeof *p);
    if (!p) {
      free(path);
      return no_memory();
    }
    l->file = p;
    l->cap = cap;
  }
  RvModuleFile *f = &l->file[l->n];
  f->path = path;
  f->module = path ? module_of(name, &f->init) : NULL;
  if (!f->module) {
    free(path);
    return no_memory();
  }
  l->n++;
  return 0;
}

static void drop(RvModuleFiles *l, u32 i) {
  free(l->file[i].path);
  free(l->file[i].module);
  l->n--;
  memmove(&l->file[i], &l->file[i + 1], (l->n - i) * sizeof *l->file);
}

void rv_modules_free(RvModuleFiles *l) {
  while (l->n) drop(l, l->n - 1);
  free(l->file);
  l->file = NULL;
}

/* -- Directories ----------------------------------------------------------- */

static int add_dir(RvModuleFiles *l, const char *dir, const char *below,
                   int depth);

/* Hidden ones and links to directories are left out. */
static int add_entry(RvModuleFiles *l, const char *dir, const char *below,
                     const char *name, int depth) {
  struct stat st;
  if (name[0] == '.') return 0;
  char *path = join(dir, name), *inner = *below ? join(below, name) : NULL;
  int code = path && (inner || !*below) ? 0 : no_memory();
  const char *rest = inner ? inner : name;
  if (code == 0 && lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
    code = add_dir(l, path, rest, depth + 1);
  } else if (code == 0 && is_lua(name) && stat(path, &st) == 0 &&
             S_ISREG(st.st_mode)) {
    code = add(l, path, rest);
    path = NULL;
  }
  free(path);
  free(inner);
  return code;
}

static int add_dir(RvModuleFiles *l, const char *dir, const char *below,
                   int depth) {
  if (depth > MAX_DEPTH) return rv_cli_fail(1, "%s: directories too deep", dir);
  DIR *d = opendir(dir);
  if (!d) return rv_cli_fail(RV_EXIT_NO_FILE, "%s: %s", dir, strerror(errno));
  struct dirent *e;
  int code = 0;
  while (code == 0 && (e = readdir(d)) != NULL)
    code = add_entry(l, dir, below, e->d_name, depth);
  closedir(d);
  return code;
}

static int add_named(RvModuleFiles *l, const char *name) {
  struct stat st;
  if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
    return add_dir(l, name, "", 0);
  return add(l, strdup(name), file_name_if_outside(name));
}

/* -- Order ----------------------------------------------------------------- */

static const char *plain(const char *path) {
  while (strncmp(path, "./", 2) == 0) path += 2;
  return path;
}

/* By module; a/init.lua behind a.lua. */
static int by_module(const void *a, const void *b) {
  const RvModuleFile *x = a, *y = b;
  int order = strcmp(x->module, y->module);
  if (order == 0) order = (int)x->init - (int)y->init;
  return order ? order : strcmp(x->path, y->path);
}

/* The entry may have been found in a DIR again: then it has its name there. */
static void settle_entry(RvModuleFiles *l) {
  for (u32 i = l->n; i-- > 1;) {
    if (strcmp(plain(l->file[i].path), plain(l->file[0].path)) != 0) continue;
    char *name = l->file[i].module;
    l->file[i].module = l->file[0].module;
    l->file[0].module = name;
    drop(l, i);
  }
}

/* a/init.lua beside a.lua is no module a, as in package.path, but a.init still;
   0 or an exit code. */
static int name_in_full(RvModuleFiles *l, u32 k, u32 i) {
  static const char init[] = ".init";
  const RvModuleFile *x = &l->file[k];
  RvModuleFile *y = &l->file[i];
  if (!y->init || x->init || strcmp(x->module, y->module) != 0) return 0;
  size_t n = strlen(y->module);
  char *name = realloc(y->module, n + sizeof init);
  if (!name) return no_memory();
  memcpy(name + n, init, sizeof init);
  y->module = name;
  y->init = false;
  return 0;
}

static void sort_rest(RvModuleFiles *l) {
  if (l->n > 1) qsort(l->file + 1, l->n - 1, sizeof *l->file, by_module);
}

/* Those of one name follow one another: a file that is no init.lua first. */
static int settle_names(RvModuleFiles *l) {
  sort_rest(l);
  u32 first = 1;
  for (u32 i = 1; i < l->n; i++) {
    if (strcmp(l->file[first].module, l->file[i].module) != 0) first = i;
    int code = name_in_full(l, 0, i);
    if (code == 0) code = name_in_full(l, first, i);
    if (code) return code;
  }
  sort_rest(l);
  return 0;
}

/* Is file i of the same module as file k? It may be the same file. */
typedef enum Clash { NONE, MAY_GO, ERROR } Clash;

static Clash clash(const RvModuleFiles *l, u32 k, u32 i) {
  const RvModuleFile *x = &l->file[k], *y = &l->file[i];
  if (k == i || strcmp(x->module, y->module) != 0) return NONE;
  if (strcmp(plain(x->path), plain(y->path)) == 0) return MAY_GO;
  rv_cli_fail(1, "module '%s' is there twice: %s and %s", x->module, x->path,
              y->path);
  return ERROR;
}

static int settle_rest(RvModuleFiles *l) {
  int code = settle_names(l);
  if (code) return code;
  for (u32 i = 1; i < l->n;) {
    Clash c = clash(l, 0, i);
    if (c == NONE && i > 1) c = clash(l, i - 1, i);
    if (c == ERROR) return 1;
    if (c == MAY_GO) drop(l, i);
    else i++;
  }
  return 0;
}

int rv_modules_find(RvModuleFiles *l, int n, char **names) {
  struct stat st;
  if (stat(names[0], &st) == 0 && S_ISDIR(st.st_mode))
    return rv_cli_fail(RV_EXIT_USAGE, "%s: the first one must be a file",
                       names[0]);
  int code = add(l, strdup(names[0]), file_name_if_outside(names[0]));
  for (int i = 1; i < n && code == 0; i++) code = add_named(l, names[i]);
  if (code) return code;
  settle_entry(l);
  return settle_rest(l);
}
