/* SPDX-License-Identifier: MIT */
/* One compilation, from text to module. */
#include "compiler/compile.h"

#include <string.h>

#include "compiler/gen.h"

/* A byte order mark, and a first line that begins with `#`, are no program. */
static size_t skip_head(const char *s, size_t n) {
  size_t at = 0;
  if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) at = 3;
  if (at < n && s[at] == '#')
    while (at < n && s[at] != '\n') at++;
  return at;
}

/* The text as the scanner wants it: its own, with two NULs behind. */
static bool take_text(RvlParser *p, const char *s, size_t n) {
  size_t at = p->o->chunk_len && *p->o->chunk == '@' ? skip_head(s, n) : 0;
  p->text_len = (u32)(n - at);
  p->text = rvl_resize(&p->mem, NULL, 0, p->text_len + 2);
  if (!p->text) return false;
  memcpy(p->text, s + at, p->text_len);
  p->text[p->text_len] = p->text[p->text_len + 1] = '\0';
  p->line = 1;
  return true;
}

static void free_names(RvlParser *p) {
  for (u32 i = 0; i < p->cnames; i++)
    for (RvlName *n = p->names[i], *next; n; n = next) {
      next = n->chain;
      rvl_resize(&p->mem, n, sizeof *n + n->len + 1, 0);
    }
  rvl_resize(&p->mem, p->names, p->cnames * sizeof *p->names, 0);
}

static bool begin(RvlParser *p, const char *text, size_t len) {
  p->gen = rvl_gen_new(p);
  return p->gen && rvl_names_init(p) && take_text(p, text, len) &&
         rvl_open_main(p);
}

static void end(RvlParser *p) {
  rvl_drop_funcs(p);
  if (p->gen) rvl_gen_free(p->gen);
  free_names(p);
  rvl_resize(&p->mem, p->open, p->copen * sizeof *p->open, 0);
  rvl_resize(&p->mem, p->buf, p->cbuf, 0);
  if (p->text) rvl_resize(&p->mem, p->text, p->text_len + 2, 0);
  rvl_mem_fini(&p->mem);
}

static bool add_module(RvlParser *p, const char *name) {
  u32 s = rv_image_str(p->img, name, strlen(name));
  RvModule m = {s, p->main};
  if (s != UINT32_MAX && rv_image_add_module(p->img, &m) != UINT32_MAX)
    return true;
  p->mem.nomem = true;
  return false;
}

/* Says that the library must be open (vm/host/library.h). */
static void want_library(RvlParser *p) {
  static const char name[] = "lua.library";
  u32 s = rv_image_str(p->img, name, sizeof name - 1);
  RvImport im = {
      .kind = RV_IMPORT_BUILTIN, .alias = s, .name = s, .version = 1};
  if (s == UINT32_MAX) p->mem.nomem = true;
  else rvl_add_import(p, im);
}

bool rvl_compile(RvImage *img, const char *module, const char *text, size_t len,
                 const RvlOptions *o, RvlDiag *d) {
  RvlParser p;
  memset(&p, 0, sizeof p);
  memset(d, 0, sizeof *d);
  p.img = img;
  p.o = o;
  p.d = d;
  rvl_mem_init(&p.mem, o->alloc);
  if (len > INT32_MAX - 16) {
    rvl_error(&p, 0, NULL, 0, "the text is too long");
  } else if (begin(&p, text, len)) {
    rvl_parse(&p);
    if (!p.failed && o->program) want_library(&p);
    if (!p.failed && !p.mem.nomem) add_module(&p, module);
  }
  bool nomem = p.mem.nomem;
  end(&p);
  if (nomem && !p.failed) {
    d->nomem = true;
    strcpy(d->text, "not enough memory");
  }
  return !p.failed && !nomem;
}
