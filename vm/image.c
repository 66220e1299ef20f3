/* SPDX-License-Identifier: MIT */
/* Images: memory, building, and the check of the tables against each other. */
#include "vm/image.h"

#include <stdlib.h>

#include "vm/hash.h"
#include "vm/image_file.h"
#include "vm/num.h"

/* -- Memory -------------------------------------------------------------------
   An image owns a chain of chunks (rv_image_alloc) and five growing tables.
   Nothing is given back before the image goes. */

#ifdef RV_CHECK
i64 rv_image_fail_at = -1;

static bool fails(void) {
  return rv_image_fail_at >= 0 && rv_image_fail_at-- == 0;
}
#else
#define fails() false
#endif

void *rv_image_malloc(size_t n) { return fails() ? NULL : malloc(n); }

void *rv_image_realloc(void *p, size_t n) {
  return fails() ? NULL : realloc(p, n);
}

typedef struct Chunk {
  struct Chunk *next;
  size_t used, size; /* of data */
  _Alignas(16) u8 data[];
} Chunk;

#define CHUNK_FIRST 512u
#define CHUNK_MAX 65536u

static Chunk *chunk_new(size_t size) {
  if (size > SIZE_MAX / 2) return NULL;
  Chunk *c = rv_image_malloc(sizeof(Chunk) + size);
  if (!c) return NULL;
  c->next = NULL;
  c->used = 0;
  c->size = size;
  memset(c->data, 0, size);
  return c;
}

void *rv_image_alloc(RvImage *img, size_t bytes) {
  Chunk *c = img->arena;
  if (bytes > SIZE_MAX / 4) return NULL;
  bytes = (bytes + 15) & ~(size_t)15;
  if (!c || c->size - c->used < bytes) {
    size_t size = !c ? CHUNK_FIRST
                  : c->size < CHUNK_MAX / 2 ? 2 * c->size
                                            : CHUNK_MAX;
    Chunk *n = chunk_new(bytes > size ? bytes : size);
    if (!n) return NULL;
    n->next = c;
    img->arena = c = n;
  }
  void *p = c->data + c->used;
  c->used += bytes;
  return p;
}

RvImage *rv_image_new(void) {
  RvImage *img = rv_image_malloc(sizeof *img);
  if (!img) return NULL;
  memset(img, 0, sizeof *img);
  img->refs = 1;
  return img;
}

void rv_image_ref(RvImage *img) {
  if (img->immortal) return;
  __atomic_add_fetch(&img->refs, 1, __ATOMIC_RELAXED);
}

void rv_image_unref(RvImage *img) {
  if (!img || img->immortal || __atomic_sub_fetch(&img->refs, 1, __ATOMIC_ACQ_REL)) return;
  for (Chunk *c = img->arena, *next; c; c = next) {
    next = c->next;
    free(c);
  }
  free(img->strs);
  free(img->funcs);
  free(img->sigs);
  free(img->imports);
  free(img->modules);
  free(img->index);
  free(img);
}

/* -- Building -------------------------------------------------------------- */

/* Room for one more of n elements; the table doubles. */
static bool ensure(void **table, u32 n, u32 *cap, size_t element) {
  if (n < *cap) return true;
  if (n >= UINT32_MAX / 2) return false;
  u32 c = n ? 2 * n : 4;
  void *p = rv_image_realloc(*table, c * element);
  if (!p) return false;
  *table = p;
  *cap = c;
  return true;
}

#define ADD(img, what, count, cap, value)                                      \
  do {                                                                         \
    if (!ensure((void **)&(img)->what, (img)->count, &(img)->cap,              \
                sizeof *(img)->what))                                          \
      return UINT32_MAX;                                                       \
    (img)->what[(img)->count] = (value);                                       \
    (img)->verified = 0;                                                       \
    return (img)->count++;                                                     \
  } while (0)

u32 rv_image_add_func(RvImage *img, const RvFunc *f) {
  ADD(img, funcs, nfuncs, cfuncs, *f);
}

u32 rv_image_add_sig(RvImage *img, const RvSig *s) {
  ADD(img, sigs, nsigs, csigs, *s);
}

u32 rv_image_add_import(RvImage *img, const RvImport *i) {
  ADD(img, imports, nimports, cimports, *i);
}

u32 rv_image_add_module(RvImage *img, const RvModule *mod) {
  ADD(img, modules, nmodules, cmodules, *mod);
}

static u32 add_str(RvImage *img, const char *p, u32 len, u32 hash) {
  ADD(img, strs, nstrs, cstrs, ((RvImgStr){p, len, hash}));
}
#undef ADD

char *rv_image_copy(RvImage *img, const void *p, size_t len) {
  char *q = rv_image_alloc(img, len + 1);
  if (q && len) memcpy(q, p, len);
  return q;
}

/* The index is an open table of string index + 1, at most half full. Its hash
   is seeded by an address: a compiler that is fed strings made to collide must
   not crawl. The order of the strings does not depend on it. */
static u32 *find_str(const RvImage *img, const char *p, size_t len) {
  u64 h = rv_image_hash_seeded(p, len, (u64)(uintptr_t)img);
  u32 i = (u32)h & (img->cindex - 1);
  for (;; i = (i + 1) & (img->cindex - 1)) {
    u32 *e = &img->index[i];
    if (!*e) return e;
    const RvImgStr *s = &img->strs[*e - 1];
    if (s->len == len && (len == 0 || !memcmp(s->p, p, len))) return e;
  }
}

static bool grow_index(RvImage *img) {
  u32 cap = img->cindex ? img->cindex : 16;
  while (cap / 2 <= img->nstrs) {
    if (cap > UINT32_MAX / 2) return false;
    cap *= 2;
  }
  u32 *index = rv_image_malloc(cap * sizeof *index);
  if (!index) return false;
  memset(index, 0, cap * sizeof *index);
  free(img->index);
  img->index = index;
  img->cindex = cap;
  for (u32 i = 0; i < img->nstrs; i++) {
    u32 *e = find_str(img, img->strs[i].p, img->strs[i].len);
    if (!*e) *e = i + 1;
  }
  return true;
}

u32 rv_image_str(RvImage *img, const char *p, size_t len) {
  if (len > RV_MAX_STRING) return UINT32_MAX;
  if (img->cindex / 2 <= img->nstrs && !grow_index(img)) return UINT32_MAX;
  u32 *e = find_str(img, p, len);
  if (*e) return *e - 1;
  char *q = rv_image_copy(img, p, len);
  if (!q) return UINT32_MAX;
  u32 i = add_str(img, q, (u32)len, rv_str_hash(q, len));
  if (i != UINT32_MAX) *e = i + 1;
  return i;
}

/* -- Checking -------------------------------------------------------------- */

typedef struct Check {
  const RvImage *img;
  RvDiag *d;
  u32 section; /* RvSectionKind of what is looked at */
  bool bad;
} Check;

#define REQUIRE(c, cond, ...)                                                  \
  do {                                                                         \
    if (!(cond)) {                                                             \
      rv_diag((c)->d, __VA_ARGS__);                                            \
      if ((c)->d) (c)->d->section = rv_section_name((c)->section);             \
      (c)->bad = true;                                                         \
      return;                                                                  \
    }                                                                          \
  } while (0)

static bool is_c_type(u8 type) { return type >= RV_SIG_I8; }

static void check_item(Check *c, u32 sig, const RvSigItem *it, bool callback) {
  REQUIRE(c, it->type < RV_SIG_NTYPES && it->opt <= 1,
          "signature %u: unknown type %u", sig, it->type);
  REQUIRE(c, it->size == 0 || it->type == RV_SIG_BYTES,
          "signature %u: a size on a type without one", sig);
  REQUIRE(c, (it->callback != 0) == (it->type == RV_SIG_CALLBACK),
          "signature %u: callback without a signature", sig);
  REQUIRE(c, it->callback <= c->img->nsigs,
          "signature %u: callback of missing signature %u", sig,
          it->callback - 1);
  REQUIRE(c, !callback || it->type != RV_SIG_CALLBACK,
          "signature %u: a callback that takes a callback", sig);
}

/* callback: the signature belongs to one. */
static void check_sig_items(Check *c, u32 i, bool callback) {
  const RvSig *s = &c->img->sigs[i];
  REQUIRE(c, s->nargs <= RV_SIG_MAX && s->nres <= RV_SIG_MAX,
          "signature %u: more than %u items", i, RV_SIG_MAX);
  for (u32 k = 0; k < s->nargs && !c->bad; k++) {
    check_item(c, i, &s->args[k], callback);
    REQUIRE(c, c->bad || s->args[k].type != RV_SIG_VOID,
            "signature %u: void argument", i);
  }
  for (u32 k = 0; k < s->nres && !c->bad; k++) {
    check_item(c, i, &s->res[k], callback);
    REQUIRE(c, c->bad || s->res[k].type != RV_SIG_VOID || s->nres == 1,
            "signature %u: void beside other results", i);
  }
}

static void check_sigs(Check *c) {
  const RvImage *img = c->img;
  c->section = RV_SECTION_IMPORTS;
  REQUIRE(c, img->nsigs <= RV_MAX_SIGS, "%u signatures, at most %u fit",
          img->nsigs, RV_MAX_SIGS);
  REQUIRE(c, img->nimports <= RV_MAX_IMPORTS, "%u imports, at most %u fit",
          img->nimports, RV_MAX_IMPORTS);
  for (u32 i = 0; i < img->nsigs && !c->bad; i++) check_sig_items(c, i, false);
  /* a second look at those that callbacks name, now known to exist */
  for (u32 i = 0; i < img->nsigs && !c->bad; i++) {
    const RvSig *s = &img->sigs[i];
    for (u32 k = 0; k < s->nargs && !c->bad; k++)
      if (s->args[k].callback)
        check_sig_items(c, s->args[k].callback - 1, true);
    for (u32 k = 0; k < s->nres && !c->bad; k++)
      if (s->res[k].callback) check_sig_items(c, s->res[k].callback - 1, true);
  }
}

static void check_device_sig(Check *c, u32 import, const RvSig *s) {
  for (u32 k = 0; k < s->nargs; k++)
    REQUIRE(c, !is_c_type(s->args[k].type),
            "import %u: a device does not take C types", import);
  for (u32 k = 0; k < s->nres; k++)
    REQUIRE(c, !is_c_type(s->res[k].type) && s->res[k].type != RV_SIG_VOID,
            "import %u: a device does not give C types", import);
}

static void check_import(Check *c, u32 i) {
  const RvImage *img = c->img;
  const RvImport *p = &img->imports[i];
  REQUIRE(c, p->kind >= RV_IMPORT_DEVICE && p->kind <= RV_IMPORT_BUILTIN,
          "import %u: unknown kind %u", i, p->kind);
  REQUIRE(c, p->alias < img->nstrs && p->name < img->nstrs,
          "import %u: its name is missing", i);
  if (p->kind == RV_IMPORT_BUILTIN) {
    REQUIRE(c, p->module == 0 && p->sig == 0,
            "import %u: a builtin has neither module nor signature", i);
    return;
  }
  REQUIRE(c, p->version == 0, "import %u: only builtins have a version", i);
  REQUIRE(c, p->module < img->nstrs, "import %u: its module is missing", i);
  REQUIRE(c, p->sig < img->nsigs, "import %u: signature %u is missing", i,
          p->sig);
  if (p->kind == RV_IMPORT_DEVICE) check_device_sig(c, i, &img->sigs[p->sig]);
}

static void check_const(Check *c, u32 fi, u32 i) {
  const RvConst *k = &c->img->funcs[fi].k[i];
  switch (k->tag) {
  case RV_INT: break;
  case RV_FLT:
    REQUIRE(c, k->v == rv_num_canon(k->v),
            "function %u: constant %u is a NaN other than the canonical one",
            fi, i);
    break;
  case RV_STR:
    REQUIRE(c, k->v < c->img->nstrs,
            "function %u: string of constant %u is missing", fi, i);
    break;
  default:
    REQUIRE(c, false, "function %u: constant %u has unknown tag %u", fi, i,
            k->tag);
  }
}

static void check_func_lists(Check *c, u32 fi) {
  const RvImage *img = c->img;
  const RvFunc *f = &img->funcs[fi];
  c->section = RV_SECTION_FUNCTIONS;
  REQUIRE(c, f->name < img->nstrs, "function %u: its name is missing", fi);
  for (u32 i = 0; i < f->nup; i++)
    REQUIRE(c, f->captures[i].from_cell <= 1,
            "function %u: capture %u is of no kind", fi, i);
  for (u32 i = 0; i < f->nchildren; i++)
    REQUIRE(c, f->children[i] < img->nfuncs,
            "function %u: child %u, function %u, is missing", fi, i,
            f->children[i]);
  c->section = RV_SECTION_CODE;
  for (u32 i = 1; i < f->nheights; i++)
    REQUIRE(c, f->heights[i].pc > f->heights[i - 1].pc,
            "function %u: heights are not in ascending order", fi);
  c->section = RV_SECTION_CONSTANTS;
  for (u32 i = 0; i < f->nk && !c->bad; i++) check_const(c, fi, i);
}

static void check_func_debug(Check *c, u32 fi) {
  const RvImage *img = c->img;
  const RvFunc *f = &img->funcs[fi];
  c->section = RV_SECTION_DEBUG;
  REQUIRE(c, f->source <= img->nstrs, "function %u: source name is missing",
          fi);
  REQUIRE(c, f->line_first <= f->line_last,
          "function %u: ends at line %u, before line %u", fi, f->line_last,
          f->line_first);
  for (u32 i = 0; i < f->nlines; i++) {
    REQUIRE(c, i == 0 || f->lines[i].pc > f->lines[i - 1].pc,
            "function %u: lines are not in ascending order", fi);
    REQUIRE(c, f->lines[i].line > 0, "function %u: line 0", fi);
  }
  for (u32 i = 0; i < f->nlocals; i++) {
    const RvLocal *l = &f->locals[i];
    REQUIRE(c, l->name < img->nstrs && l->from <= l->to && l->is_cell <= 1,
            "function %u: local %u is malformed", fi, i);
  }
  REQUIRE(c, f->nupnames == 0 || f->nupnames == f->nup,
          "function %u: %u upvalue names for %u upvalues", fi, f->nupnames,
          f->nup);
  for (u32 i = 0; i < f->nupnames; i++)
    REQUIRE(c, f->upnames[i] < img->nstrs,
            "function %u: name of upvalue %u is missing", fi, i);
}

static void check_funcs(Check *c) {
  for (u32 i = 0; i < c->img->nfuncs && !c->bad; i++) {
    check_func_lists(c, i);
    if (!c->bad) check_func_debug(c, i);
  }
}

static void check_manifest(Check *c) {
  const RvImage *img = c->img;
  c->section = RV_SECTION_MANIFEST;
  REQUIRE(c, img->name <= img->nstrs, "the image's name is missing");
  REQUIRE(c, img->entry <= img->nmodules, "entry module %u is missing",
          img->entry - 1);
  c->section = RV_SECTION_MODULES;
  for (u32 i = 0; i < img->nmodules; i++)
    REQUIRE(c,
            img->modules[i].name < img->nstrs &&
                img->modules[i].func < img->nfuncs,
            "module %u: its name or function is missing", i);
}

bool rv_image_check(const RvImage *img, RvDiag *d) {
  Check c = {img, d, RV_SECTION_MANIFEST, false};
  check_manifest(&c);
  if (!c.bad) check_sigs(&c);
  for (u32 i = 0; i < img->nimports && !c.bad; i++) check_import(&c, i);
  if (!c.bad) check_funcs(&c);
  return !c.bad;
}
