/* SPDX-License-Identifier: MIT */
/* Bytes to images. The bytes are a stranger's: nothing is allocated for a count
   that the bytes left could not fill, and every encoding that the writer would
   not have chosen is refused, so that write(read(x)) == x.

   A cursor walks one section. Its first failure is kept, all later reads give
   zero, and loops ask `c->bad` before they go on. */
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "vm/hash.h"
#include "vm/image_file.h"

typedef struct Cursor {
  const u8 *file;
  size_t at, end; /* offsets in the file */
  const char *section;
  RvImage *img;
  RvDiag *d;
  bool bad;
} Cursor;

#define FAIL(c, ...)                                                           \
  do {                                                                         \
    if (!(c)->bad)                                                             \
      rv_diag_at((c)->d, (c)->section, (c)->at, __VA_ARGS__);                  \
    (c)->bad = true;                                                           \
  } while (0)

/* -- Primitives ------------------------------------------------------------ */

static u8 get_u8(Cursor *c) {
  if (c->bad) return 0;
  if (c->at >= c->end) {
    FAIL(c, "the section ends too early");
    return 0;
  }
  return c->file[c->at++];
}

/* Little-endian groups of seven bits, the shortest form only. */
static u64 get_var64(Cursor *c) {
  u64 v = 0;
  for (u32 shift = 0;; shift += 7) {
    u8 b = get_u8(c);
    if (c->bad) return 0;
    if (shift == 63 && b > 1) {
      FAIL(c, "a number of more than 64 bits");
      return 0;
    }
    v |= (u64)(b & 0x7f) << shift;
    if (b & 0x80) continue;
    if (b == 0 && shift > 0) {
      FAIL(c, "a number in more bytes than it needs");
      return 0;
    }
    return v;
  }
}

static u32 get_var(Cursor *c) {
  u64 v = get_var64(c);
  if (v > UINT32_MAX) {
    FAIL(c, "a number of more than 32 bits");
    return 0;
  }
  return (u32)v;
}

static i64 get_zigzag(Cursor *c) {
  u64 v = get_var64(c);
  return (i64)(v >> 1 ^ (0 - (v & 1)));
}

static const u8 *get_bytes(Cursor *c, size_t n) {
  if (c->bad) return NULL;
  if (n > c->end - c->at) {
    FAIL(c, "%zu bytes are announced, %zu are left", n, c->end - c->at);
    return NULL;
  }
  c->at += n;
  return c->file + c->at - n;
}

/* A count of things of at least `least` bytes each. */
static u32 get_count(Cursor *c, size_t least, const char *what) {
  u32 n = get_var(c);
  if (!c->bad && n > (c->end - c->at) / least) {
    FAIL(c, "%u %s are announced, %zu bytes are left", n, what,
         c->end - c->at);
    return 0;
  }
  return n;
}

static bool get_flag(Cursor *c) {
  u8 b = get_u8(c);
  if (b > 1) FAIL(c, "byte %u where only 0 and 1 are allowed", b);
  return b == 1;
}

/* An array of the image's own; NULL for none. */
static void *new_array(Cursor *c, size_t n, size_t size) {
  if (c->bad || n == 0) return NULL;
  void *p = rv_image_alloc(c->img, n * size);
  if (!p) FAIL(c, "out of memory");
  return p;
}

#define NEW_ARRAY(c, T, n) ((T *)new_array(c, n, sizeof(T)))

/* A table that may still grow afterwards, so it is not in the arena. */
static void *new_table(Cursor *c, u32 n, size_t size) {
  if (c->bad || n == 0) return NULL;
  void *p = rv_image_malloc(n * size);
  if (!p) {
    FAIL(c, "out of memory");
    return NULL;
  }
  return memset(p, 0, n * size);
}

/* -- Sections -------------------------------------------------------------- */

static void get_manifest(Cursor *c) {
  c->img->name = get_var(c);
  c->img->entry = get_var(c);
}

static void get_sig_item(Cursor *c, RvSigItem *it) {
  u8 b = get_u8(c);
  it->type = b & 0x7f;
  it->opt = b >> 7;
  if (it->type == RV_SIG_BYTES) it->size = get_var(c);
  if (it->type == RV_SIG_CALLBACK) {
    it->callback = get_var(c);
    if (it->callback >= RV_MAX_SIGS) FAIL(c, "callback signature out of range");
    it->callback++;
  }
}

static void get_sig(Cursor *c, RvSig *s) {
  s->nargs = get_u8(c);
  s->nres = get_u8(c);
  if (s->nargs > RV_SIG_MAX || s->nres > RV_SIG_MAX)
    FAIL(c, "a signature of more than %u items", RV_SIG_MAX);
  for (u32 k = 0; k < s->nargs && !c->bad; k++) get_sig_item(c, &s->args[k]);
  for (u32 k = 0; k < s->nres && !c->bad; k++) get_sig_item(c, &s->res[k]);
}

static void get_import(Cursor *c, RvImport *p) {
  p->kind = get_u8(c);
  if (p->kind < RV_IMPORT_DEVICE || p->kind > RV_IMPORT_BUILTIN)
    FAIL(c, "unknown kind %u of import", p->kind);
  p->alias = get_var(c);
  if (p->kind != RV_IMPORT_BUILTIN) p->module = get_var(c);
  p->name = get_var(c);
  if (p->kind == RV_IMPORT_BUILTIN) p->version = get_var(c);
  else p->sig = get_var(c);
}

static void get_imports(Cursor *c) {
  RvImage *img = c->img;
  u32 n = get_count(c, 2, "signatures");
  if (n > RV_MAX_SIGS) FAIL(c, "more than %u signatures", RV_MAX_SIGS);
  img->sigs = new_table(c, n, sizeof *img->sigs);
  if (!c->bad) img->nsigs = img->csigs = n;
  for (u32 i = 0; i < n && !c->bad; i++) get_sig(c, &img->sigs[i]);
  n = get_count(c, 4, "imports");
  img->imports = new_table(c, n, sizeof *img->imports);
  if (!c->bad) img->nimports = img->cimports = n;
  for (u32 i = 0; i < n && !c->bad; i++) get_import(c, &img->imports[i]);
}

static void get_modules(Cursor *c) {
  RvImage *img = c->img;
  u32 n = get_count(c, 2, "modules");
  img->modules = new_table(c, n, sizeof *img->modules);
  if (!c->bad) img->nmodules = img->cmodules = n;
  for (u32 i = 0; i < n && !c->bad; i++) {
    img->modules[i].name = get_var(c);
    img->modules[i].func = get_var(c);
  }
}

static void get_string(Cursor *c, RvImgStr *s) {
  u32 len = get_var(c);
  if (len > RV_MAX_STRING) FAIL(c, "a string of %u bytes", len);
  const u8 *p = get_bytes(c, len);
  if (!p) return;
  s->p = rv_image_copy(c->img, p, len);
  if (!s->p) {
    FAIL(c, "out of memory");
    return;
  }
  s->len = len;
  s->hash = rv_str_hash(s->p, len);
}

static bool same_string(const RvImgStr *a, const RvImgStr *b) {
  return a->hash == b->hash && a->len == b->len &&
         memcmp(a->p, b->p, a->len) == 0;
}

/* Every string stands once, or there would be two forms of one image. The
   table's hash is keyed by an address, so that no file can be made to collide. */
static void check_strings_differ(Cursor *c) {
  RvImage *img = c->img;
  u64 size = 16;
  while (size < 2 * (u64)img->nstrs) size *= 2;
  u32 *table = rv_image_realloc(NULL, size * sizeof *table);
  if (!table) {
    FAIL(c, "out of memory");
    return;
  }
  memset(table, 0, size * sizeof *table);
  u64 key = (u64)(uintptr_t)table;
  for (u32 i = 0; i < img->nstrs && !c->bad; i++) {
    const RvImgStr *s = &img->strs[i];
    u64 at = XXH3_64bits_withSeed(s->p, s->len, key) & (size - 1);
    while (table[at] && !same_string(&img->strs[table[at] - 1], s))
      at = (at + 1) & (size - 1);
    if (table[at])
      FAIL(c, "string %u is the same as string %u", i, table[at] - 1);
    table[at] = i + 1;
  }
  free(table);
}

static void get_strings(Cursor *c) {
  RvImage *img = c->img;
  u32 n = get_count(c, 1, "strings");
  img->strs = new_table(c, n, sizeof *img->strs);
  if (!c->bad) img->nstrs = img->cstrs = n;
  for (u32 i = 0; i < n && !c->bad; i++) get_string(c, &img->strs[i]);
  if (!c->bad) check_strings_differ(c);
}

static void get_captures(Cursor *c, RvFunc *f) {
  f->nup = get_count(c, 2, "captures");
  f->captures = NEW_ARRAY(c, RvCapture, f->nup);
  for (u32 k = 0; k < f->nup && !c->bad; k++) {
    f->captures[k].from_cell = get_flag(c);
    f->captures[k].index = get_u8(c);
  }
}

static u32 *get_indices(Cursor *c, u32 *n, const char *what) {
  *n = get_count(c, 1, what);
  u32 *list = NEW_ARRAY(c, u32, *n);
  for (u32 k = 0; k < *n && !c->bad; k++) list[k] = get_var(c);
  return list;
}

static void get_functions(Cursor *c) {
  RvImage *img = c->img;
  u32 n = get_count(c, 8, "functions");
  img->funcs = new_table(c, n, sizeof *img->funcs);
  if (!c->bad) img->nfuncs = img->cfuncs = n;
  for (u32 i = 0; i < n && !c->bad; i++) {
    RvFunc *f = &img->funcs[i];
    f->name = get_var(c);
    f->nparams = get_u8(c);
    f->ncells = get_u8(c);
    f->nregs = get_u8(c);
    f->flags = get_u8(c);
    get_captures(c, f);
    f->children = get_indices(c, &f->nchildren, "children");
    f->cache_key = get_indices(c, &f->ncaches, "cache slots");
  }
}

static void get_const(Cursor *c, RvConst *k) {
  k->tag = get_u8(c);
  switch (k->tag) {
  case RV_INT: k->v = (u64)get_zigzag(c); break;
  case RV_FLT: {
    const u8 *p = get_bytes(c, 8);
    if (p) k->v = rv_get_le(p, 8);
    break;
  }
  case RV_STR: k->v = get_var(c); break;
  default: FAIL(c, "unknown tag %u of constant", k->tag);
  }
}

static void get_constants(Cursor *c) {
  for (u32 i = 0; i < c->img->nfuncs && !c->bad; i++) {
    RvFunc *f = &c->img->funcs[i];
    f->nk = get_count(c, 2, "constants");
    f->k = NEW_ARRAY(c, RvConst, f->nk);
    for (u32 k = 0; k < f->nk && !c->bad; k++) get_const(c, &f->k[k]);
  }
}

/* The sum of pc and the next distance. */
static u32 get_pc(Cursor *c, u32 pc) {
  u32 d = get_var(c);
  if (d > UINT32_MAX - pc) FAIL(c, "a pc of more than 32 bits");
  return pc + d;
}

static void get_heights(Cursor *c, RvFunc *f) {
  u32 pc = 0;
  f->nheights = get_count(c, 4, "heights");
  f->heights = NEW_ARRAY(c, RvHeight, f->nheights);
  for (u32 k = 0; k < f->nheights && !c->bad; k++) {
    RvHeight *h = &f->heights[k];
    h->pc = pc = get_pc(c, pc);
    h->regs = get_u8(c);
    h->cells = get_u8(c);
    h->tbc = get_u8(c);
  }
}

static void get_code(Cursor *c) {
  for (u32 i = 0; i < c->img->nfuncs && !c->bad; i++) {
    RvFunc *f = &c->img->funcs[i];
    f->ncode = get_count(c, 4, "words");
    f->code = NEW_ARRAY(c, RvInsn, f->ncode);
    const u8 *p = get_bytes(c, 4 * (size_t)f->ncode);
    for (u32 k = 0; k < f->ncode && !c->bad; k++)
      f->code[k] = (u32)rv_get_le(p + 4 * (size_t)k, 4);
    get_heights(c, f);
  }
}

static void get_lines(Cursor *c, RvFunc *f) {
  u32 pc = 0;
  i64 line = 0;
  f->nlines = get_count(c, 2, "lines");
  f->lines = NEW_ARRAY(c, RvLine, f->nlines);
  for (u32 k = 0; k < f->nlines && !c->bad; k++) {
    f->lines[k].pc = pc = get_pc(c, pc);
    i64 d = get_zigzag(c);
    if (d > (i64)UINT32_MAX || d < -(i64)UINT32_MAX ||
        (line += d) < 1 || line > (i64)UINT32_MAX)
      FAIL(c, "a line number out of range");
    f->lines[k].line = (u32)line;
  }
}

static void get_locals(Cursor *c, RvFunc *f) {
  f->nlocals = get_count(c, 5, "locals");
  f->locals = NEW_ARRAY(c, RvLocal, f->nlocals);
  for (u32 k = 0; k < f->nlocals && !c->bad; k++) {
    RvLocal *l = &f->locals[k];
    l->name = get_var(c);
    l->from = get_var(c);
    l->to = get_pc(c, l->from);
    l->reg = get_u8(c);
    l->is_cell = get_flag(c);
  }
}

static bool get_func_debug(Cursor *c, RvFunc *f) {
  f->source = get_var(c);
  f->line_first = get_var(c);
  f->line_last = get_var(c);
  get_lines(c, f);
  get_locals(c, f);
  if (get_flag(c)) {
    if (f->nup == 0) FAIL(c, "names of upvalues where there are none");
    if (f->nup > c->end - c->at) FAIL(c, "the section ends too early");
    f->upnames = NEW_ARRAY(c, u32, f->nup);
    if (!c->bad) f->nupnames = f->nup;
    for (u32 k = 0; k < f->nupnames; k++) f->upnames[k] = get_var(c);
  }
  return rv_image_has_debug(f);
}

static void get_debug(Cursor *c) {
  bool any = false;
  for (u32 i = 0; i < c->img->nfuncs && !c->bad; i++)
    any |= get_func_debug(c, &c->img->funcs[i]);
  if (!c->bad && !any) FAIL(c, "a section without content");
}

/* -- The whole ------------------------------------------------------------- */

typedef void GetSection(Cursor *c);

static GetSection *const get_section[RV_SECTION_END] = {
    [RV_SECTION_MANIFEST] = get_manifest,
    [RV_SECTION_IMPORTS] = get_imports,
    [RV_SECTION_MODULES] = get_modules,
    [RV_SECTION_STRINGS] = get_strings,
    [RV_SECTION_FUNCTIONS] = get_functions,
    [RV_SECTION_CONSTANTS] = get_constants,
    [RV_SECTION_CODE] = get_code,
    [RV_SECTION_DEBUG] = get_debug,
};

/* The features of the header and the hash of the trailer. */
static bool check_header(const RvImgLayout *l, size_t size, RvDiag *d) {
  if (!l->intact) {
    rv_diag_at(d, "trailer", size - RV_FILE_TRAILER,
               "damaged: the hash of header and section table does not fit");
    return false;
  }
  u32 unknown = l->must & ~RV_FILE_MUST;
  if (unknown) {
    rv_diag_at(d, "header", 16,
               "needs feature %d, which this Rove does not have",
               __builtin_ctz(unknown));
    return false;
  }
  return true;
}

/* A known section of another version counts as unknown. */
static bool is_known(const RvImgSection *s) {
  return s->name && s->version == RV_SECTION_VERSION;
}

static bool check_entry(const RvImgSection *s, u64 at, RvDiag *d) {
  const char *name = s->name ? s->name : "unknown";
  u16 want = s->kind == RV_SECTION_DEBUG ? 0 : RV_SECTION_REQUIRED;
  if (!s->intact)
    rv_diag_at(d, name, s->offset, "section %u is damaged: its hash does not "
               "fit", s->kind);
  else if (is_known(s) ? s->flags != want : s->flags > RV_SECTION_REQUIRED)
    rv_diag_at(d, name, at + 6, "flags %u of section %u", s->flags, s->kind);
  else if (!is_known(s) && s->flags)
    rv_diag_at(d, name, at, "needs section %u in version %u, which this Rove "
               "does not know", s->kind, s->version);
  else
    return true;
  return false;
}

/* Kinds ascend, sections follow each other without a gap, all required ones
   are there; ranges of the known ones go to at[] and end[]. */
static bool check_table(const u8 *bytes, size_t size, u32 n,
                        size_t at[RV_SECTION_END], size_t end[RV_SECTION_END],
                        RvDiag *d) {
  u32 last = 0;
  u64 next = RV_FILE_HEADER + (u64)n * RV_FILE_ENTRY;
  for (u32 i = 0; i < n; i++) {
    RvImgSection s;
    u64 entry = RV_FILE_HEADER + (u64)i * RV_FILE_ENTRY;
    rv_image_section(bytes, size, i, &s);
    if (s.kind <= last || s.offset != next) {
      rv_diag_at(d, "header", entry, "sections are out of order");
      return false;
    }
    if (!check_entry(&s, entry, d)) return false;
    last = s.kind;
    next += s.length;
    if (is_known(&s)) {
      at[s.kind] = s.offset;
      end[s.kind] = next;
    }
  }
  if (next != size - RV_FILE_TRAILER) {
    rv_diag_at(d, "header", 8, "bytes that belong to no section");
    return false;
  }
  for (u32 k = 1; k < RV_SECTION_DEBUG; k++)
    if (!at[k]) {
      rv_diag_at(d, rv_section_name(k), size, "the section is missing");
      return false;
    }
  return true;
}

static bool read_sections(RvImage *img, const u8 *bytes, const size_t *at,
                          const size_t *end, RvDiag *d) {
  for (u32 k = 1; k < RV_SECTION_END; k++) {
    if (!at[k]) continue;
    Cursor c = {bytes, at[k], end[k], rv_section_name(k), img, d, false};
    get_section[k](&c);
    if (!c.bad && c.at != c.end) FAIL(&c, "bytes after the section's content");
    if (c.bad) return false;
  }
  return true;
}

/* rv_image_check knows the section, not where its bytes began. */
static bool check_tables(const RvImage *img, const size_t *at, RvDiag *d) {
  RvDiag why;
  if (rv_image_check(img, &why)) return true;
  for (u32 k = 1; k < RV_SECTION_END; k++)
    if (why.section == rv_section_name(k))
      rv_diag_at(d, why.section, at[k], "%s", why.text);
  return false;
}

RvImage *rv_image_read(const u8 *bytes, size_t size, RvDiag *d) {
  RvImgLayout l;
  size_t at[RV_SECTION_END] = {0}, end[RV_SECTION_END] = {0};
  if (!rv_image_layout(bytes, size, &l, d) || !check_header(&l, size, d) ||
      !check_table(bytes, size, l.nsections, at, end, d))
    return NULL;
  RvImage *img = rv_image_new();
  if (!img) {
    rv_diag(d, "out of memory");
    return NULL;
  }
  img->features = l.must | (u64)l.may << 32;
  if (read_sections(img, bytes, at, end, d) && check_tables(img, at, d))
    return img;
  rv_image_unref(img);
  return NULL;
}
