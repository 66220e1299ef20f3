/* SPDX-License-Identifier: MIT */
/* `rove compile` and `rove link`: images of several modules. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/modules.h"
#include "vm/host/library.h"
#include "vm/verify.h"

/* -- Arguments ------------------------------------------------------------- */
typedef struct Options {
  const char *out;
  bool parse, strip;
  int nfiles;
  char **files; /* at the front of argv */
} Options;

/* One letter for each flag of the command, `o` with a value. */
static int parse(Options *o, int argc, char **argv, const char *letters,
                 const char *text) {
  bool flags = true;
  memset(o, 0, sizeof *o);
  o->files = argv;
  for (int i = 1; i < argc; i++) {
    const char *s = argv[i];
    if (!flags || s[0] != '-') {
      o->files[o->nfiles++] = argv[i];
    } else if (strcmp(s, "--") == 0) {
      flags = false;
    } else if (strcmp(s, "--help") == 0 || strcmp(s, "-h") == 0) {
      fputs(text, stdout);
      return rv_cli_end_stdout(0);
    } else if (s[1] == 'o') {
      o->out = s[2] ? s + 2 : i + 1 < argc ? argv[++i] : NULL;
      if (!o->out) return rv_cli_usage(text, "a file is missing after ", s);
    } else if (s[1] && strchr(letters, s[1]) && !s[2]) {
      o->parse |= s[1] == 'p';
      o->strip |= s[1] == 's';
    } else {
      return rv_cli_usage(text, "no such flag: ", s);
    }
  }
  if (o->nfiles == 0) return rv_cli_usage(text, "a file is missing", "");
  return RV_GO_ON;
}

static int save(const char *path, RvImage *img) {
  RvDiag d = {.rule = 0};
  size_t size;
  if (!rv_verify_image(img, &d))
    return rv_cli_fail(RV_EXIT_IMAGE, "%s: %s", path, d.text);
  u8 *bytes = rv_image_write(img, &size);
  if (!bytes) return rv_cli_fail(1, "not enough memory");
  int code = rv_cli_write(path, bytes, size);
  free(bytes);
  return code;
}

/* -- compile --------------------------------------------------------------- */
static const char compile_usage[] =
    "usage: rove compile [-o IMAGE] [-s] [-p] MAIN.lua [FILE.lua | DIR]...\n"
    "  compiles Lua into one image: MAIN is its entry, the others are modules\n"
    "  that `require` finds in it. DIR/a/b.lua and a/b.lua are module a.b,\n"
    "  DIR/a/init.lua is module a, or a.init beside a.lua. Without -o, a.lua\n"
    "  becomes a.rove\n"
    "  -p   parses only\n"
    "  -s   leaves debug information out: lines, names of variables\n"
    "exit codes: 0, 1 errors in a text, 2 usage, 66 no such file\n";

/* Adds a text to img as a module; 0 or an exit code, after a message. */
static int compile_module(RvImage *img, const RvModuleFile *f,
                          const Options *o) {
  char error[500];
  u8 *text;
  size_t size;
  int code = rv_cli_read(f->path, &text, &size);
  if (code) return code;
  char *chunk = malloc(strlen(f->path) + 2);
  if (chunk) {
    sprintf(chunk, "@%s", f->path);
    RvLuaText t = {.text = (const char *)text,
                   .len = size,
                   .chunk = chunk,
                   .chunk_len = strlen(chunk),
                   .module = f->module,
                   .program = true,
                   .strip = o->strip};
    if (!rv_lua_compile(img, &t, error, sizeof error, NULL))
      code = rv_cli_fail(1, "%s", error);
  } else {
    code = rv_cli_fail(1, "not enough memory");
  }
  free(chunk);
  free(text);
  return code;
}

/* a.lua -> a.rove; malloc'd. */
static char *default_out(const char *file) {
  size_t n = strlen(file);
  if (n > 4 && strcmp(file + n - 4, ".lua") == 0) n -= 4;
  char *out = malloc(n + 6);
  if (!out) return NULL;
  memcpy(out, file, n);
  memcpy(out + n, ".rove", 6);
  return out;
}

static int compile_all(const RvModuleFiles *l, const Options *o,
                       const char *out) {
  int code = 0;
  RvImage *img = rv_image_new();
  for (u32 i = 0; img && i < l->n; i++) {
    int one = compile_module(img, &l->file[i], o);
    if (code == 0) code = one;
  }
  if (!img) code = rv_cli_fail(1, "not enough memory");
  if (code == 0 && !o->parse) {
    img->entry = 1;
    code = save(out, img);
  }
  rv_image_unref(img);
  return code;
}

int rv_cli_compile(int argc, char **argv) {
  Options o;
  RvModuleFiles l = {0};
  char *out = NULL;
  int code = parse(&o, argc, argv, "ps", compile_usage);
  if (code != RV_GO_ON) return code;
  if (!o.out && !o.parse) {
    if (strcmp(o.files[0], "-") == 0)
      return rv_cli_usage(compile_usage, "standard input needs -o", "");
    out = default_out(o.files[0]);
    if (!out) return rv_cli_fail(1, "not enough memory");
  }
  code = rv_modules_find(&l, o.nfiles, o.files);
  if (code == 0) code = compile_all(&l, &o, o.out ? o.out : out);
  rv_modules_free(&l);
  free(out);
  return code;
}

/* -- link ------------------------------------------------------------------ */
static const char link_usage[] =
    "usage: rove link -o IMAGE IMAGE...\n"
    "  makes one image of several: the first one's name and entry, the "
    "modules\n"
    "  of all. No two modules may have the same name\n"
    "exit codes: 0, 1 module found twice, 2 usage, 65 bad image,\n"
    "  66 no such file\n";

static int append(RvImage *img, const char *path, bool first) {
  RvDiag d = {.rule = 0};
  u8 *bytes;
  size_t size;
  u32 name, nmodules = img->nmodules;
  int code = rv_cli_read(path, &bytes, &size);
  if (code) return code;
  RvImage *from = rv_image_read(bytes, size, &d);
  free(bytes);
  if (!from || !rv_verify_image(from, &d)) {
    code = rv_cli_fail(RV_EXIT_IMAGE, "%s: %s", path, d.text);
  } else if (!rv_image_append(img, from, &d)) {
    code = rv_cli_fail(1, "%s: %s", path, d.text);
  } else if (first) {
    if (from->entry) img->entry = nmodules + from->entry;
    if (from->name) {
      const RvImgStr *s = &from->strs[from->name - 1];
      name = rv_image_str(img, s->p, s->len);
      if (name != UINT32_MAX) img->name = name + 1;
    }
  }
  rv_image_unref(from);
  return code;
}

int rv_cli_link(int argc, char **argv) {
  Options o;
  int code = parse(&o, argc, argv, "", link_usage);
  if (code != RV_GO_ON) return code;
  if (!o.out) return rv_cli_usage(link_usage, "-o is missing", "");
  RvImage *img = rv_image_new();
  code = img ? 0 : rv_cli_fail(1, "not enough memory");
  for (int i = 0; i < o.nfiles && code == 0; i++)
    code = append(img, o.files[i], i == 0);
  if (code == 0) code = save(o.out, img);
  rv_image_unref(img);
  return code;
}
