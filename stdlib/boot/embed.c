/* SPDX-License-Identifier: MIT */
/* Host tool: the library's Lua sources to an image, as constant C data.

     embed OUT.c stdlib/base.lua stdlib/string.lua ...

   Each file becomes a module named as the file. The image is verified here, at
   build time, and never again: it is the one exception to copy-and-verify. Its
   structures are what rv_image_read would have made, immortal and never
   written to. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/compile.h"
#include "vm/verify.h"

static FILE *out;

static void die(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  fputs("embed: ", stderr);
  vfprintf(stderr, fmt, ap);
  fputc('\n', stderr);
  va_end(ap);
  exit(1);
}

/* -- In ------------------------------------------------------------------------- */

static char *read_file(const char *path, size_t *n) {
  FILE *f = fopen(path, "rb");
  size_t cap = 1 << 20;
  char *p = malloc(cap);
  if (!f || !p) die("%s: cannot be read", path);
  *n = fread(p, 1, cap, f);
  if (*n == cap) die("%s: longer than %zu bytes", path, cap);
  fclose(f);
  return p;
}

/* "stdlib/string.lua" is module "string", its chunk "=string". */
static void add_module(RvImage *img, const char *path) {
  const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
  size_t n, len = strcspn(base, ".");
  char name[64];
  char *text = read_file(path, &n);
  snprintf(name, sizeof name, "=%.*s", (int)len, base);
  RvlOptions o = {
      .chunk = name, .chunk_len = len + 1, .library = true, .strip = true};
  RvlDiag d;
  if (!rvl_compile(img, name + 1, text, n, &o, &d)) die("%s: %s", path, d.text);
  free(text);
}

/* -- Out ------------------------------------------------------------------------- */

static void put_text(const char *p, size_t n) {
  putc('"', out);
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)p[i];
    if (c < 32 || c > 126 || c == '"' || c == '\\' || c == '?')
      fprintf(out, "\\%03o", c);
    else putc(c, out);
  }
  putc('"', out);
}

static void put_strings(const RvImage *img) {
  fprintf(out, "static const RvImgStr strs[] = {\n");
  for (u32 i = 0; i < img->nstrs; i++) {
    fputs("  {", out);
    put_text(img->strs[i].p, img->strs[i].len);
    fprintf(out, ", %u, 0x%xu},\n", img->strs[i].len, img->strs[i].hash);
  }
  fputs("};\n\n", out);
}

static void put_words(const char *name, u32 f, const u32 *w, u32 n) {
  if (n == 0) return;
  fprintf(out, "static const u32 %s%u[] = {", name, f);
  for (u32 i = 0; i < n; i++)
    fprintf(out, "%s0x%x,", i % 8 ? " " : "\n  ", w[i]);
  fputs("\n};\n", out);
}

static void put_heights(const char *name, u32 f, const RvHeight *h, u32 n) {
  if (n == 0) return;
  fprintf(out, "static const RvHeight %s%u[] = {", name, f);
  for (u32 i = 0; i < n; i++)
    fprintf(out, "%s{%u, %u, %u, %u},", i % 4 ? " " : "\n  ", h[i].pc,
            h[i].regs, h[i].cells, h[i].tbc);
  fputs("\n};\n", out);
}

static void put_constants(u32 f, const RvConst *k, u32 n) {
  if (n == 0) return;
  fprintf(out, "static const RvConst k%u[] = {", f);
  for (u32 i = 0; i < n; i++)
    fprintf(out, "%s{0x%llxu, %u},", i % 4 ? " " : "\n  ",
            (unsigned long long)k[i].v, k[i].tag);
  fputs("\n};\n", out);
}

static void put_captures(u32 f, const RvCapture *c, u32 n) {
  if (n == 0) return;
  fprintf(out, "static const RvCapture captures%u[] = {", f);
  for (u32 i = 0; i < n; i++)
    fprintf(out, "%s{%u, %u},", i % 8 ? " " : "\n  ", c[i].from_cell,
            c[i].index);
  fputs("\n};\n", out);
}

static void put_arrays(u32 i, const RvFunc *f) {
  put_words("code", i, f->code, f->ncode);
  put_words("caches", i, f->cache_key, f->ncaches);
  put_words("children", i, f->children, f->nchildren);
  put_heights("heights", i, f->heights, f->nheights);
  put_heights("marks", i, f->marks, f->nmarks);
  put_constants(i, f->k, f->nk);
  put_captures(i, f->captures, f->nup);
}

static void put_pointer(const char *field, const char *type, const char *name,
                        u32 i, u32 n) {
  if (n) fprintf(out, ", .%s = (%s *)%s%u", field, type, name, i);
}

static void put_function(u32 i, const RvFunc *f) {
  fprintf(out,
          "  {.name = %u, .nparams = %u, .ncells = %u, .nregs = %u,\n"
          "   .flags = %u, .ncode = %u, .nk = %u, .ncaches = %u,\n"
          "   .nheights = %u, .nchildren = %u, .nup = %u, .nmarks = %u",
          f->name, f->nparams, f->ncells, f->nregs, f->flags, f->ncode, f->nk,
          f->ncaches, f->nheights, f->nchildren, f->nup, f->nmarks);
  put_pointer("code", "RvInsn", "code", i, f->ncode);
  put_pointer("k", "RvConst", "k", i, f->nk);
  put_pointer("cache_key", "u32", "caches", i, f->ncaches);
  put_pointer("heights", "RvHeight", "heights", i, f->nheights);
  put_pointer("children", "u32", "children", i, f->nchildren);
  put_pointer("captures", "RvCapture", "captures", i, f->nup);
  put_pointer("marks", "RvHeight", "marks", i, f->nmarks);
  fputs("},\n", out);
}

static void put_items(const char *field, const RvSigItem *it, u32 n) {
  fprintf(out, ", .%s = {", field);
  for (u32 i = 0; i < n; i++)
    fprintf(out, "{%u, %u, %u, %u}, ", it[i].type, it[i].opt, it[i].size,
            it[i].callback);
  fputs("}", out);
}

static void put_imports(const RvImage *img) {
  if (img->nsigs) fputs("static const RvSig sigs[] = {\n", out);
  for (u32 i = 0; i < img->nsigs; i++) {
    const RvSig *s = &img->sigs[i];
    fprintf(out, "  {.nargs = %u, .nres = %u", s->nargs, s->nres);
    if (s->nargs) put_items("args", s->args, s->nargs);
    if (s->nres) put_items("res", s->res, s->nres);
    fputs("},\n", out);
  }
  if (img->nsigs) fputs("};\n", out);
  if (img->nimports) fputs("static const RvImport imports[] = {\n", out);
  for (u32 i = 0; i < img->nimports; i++) {
    const RvImport *m = &img->imports[i];
    fprintf(out, "  {%u, %u, %u, %u, %u, %u},\n", m->kind, m->alias, m->module,
            m->name, m->version, m->sig);
  }
  if (img->nimports) fputs("};\n", out);
}

static void put_image(const RvImage *img) {
  fputs("static const RvModule modules[] = {\n", out);
  for (u32 i = 0; i < img->nmodules; i++)
    fprintf(out, "  {%u, %u},\n", img->modules[i].name, img->modules[i].func);
  fprintf(out,
          "};\n\nconst RvImage rv_library_image = {\n"
          "  .immortal = 1, .verified = 1,\n"
          "  .nstrs = %u, .nfuncs = %u, .nsigs = %u, .nimports = %u,\n"
          "  .nmodules = %u, .strs = (RvImgStr *)strs,\n"
          "  .funcs = (RvFunc *)funcs,%s%s\n"
          "  .modules = (RvModule *)modules};\n",
          img->nstrs, img->nfuncs, img->nsigs, img->nimports, img->nmodules,
          img->nsigs ? " .sigs = (RvSig *)sigs," : "",
          img->nimports ? " .imports = (RvImport *)imports," : "");
}

int main(int argc, char **argv) {
  RvImage *img = rv_image_new();
  RvDiag d;
  memset(&d, 0, sizeof d);
  if (argc < 3 || !img) die("usage: embed OUT.c FILE.lua ...");
  for (int i = 2; i < argc; i++) add_module(img, argv[i]);
  if (!rv_verify_library(img, &d)) die("%s", d.text);
  out = fopen(argv[1], "w");
  if (!out) die("%s: cannot be written", argv[1]);
  fputs(
      "/* The library image. Made by embed from stdlib's Lua files. */\n"
      "#include \"vm/host/library.h\"\n\n",
      out);
  put_strings(img);
  for (u32 i = 0; i < img->nfuncs; i++) put_arrays(i, &img->funcs[i]);
  fputs("static const RvFunc funcs[] = {\n", out);
  for (u32 i = 0; i < img->nfuncs; i++) put_function(i, &img->funcs[i]);
  fputs("};\n\n", out);
  put_imports(img);
  put_image(img);
  if (fclose(out) != 0) die("%s: cannot be written", argv[1]);
  return 0;
}
