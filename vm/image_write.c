/* SPDX-License-Identifier: MIT */
/* Images to bytes. The order of everything is fixed, no byte depends on the
   host, and no content has two encodings: equal images give equal bytes. */
#include <stdlib.h>

#include "vm/image_file.h"

typedef struct Buf {
  u8 *p;
  size_t n, cap;
  bool oom;
} Buf;

static u8 *extend(Buf *b, size_t n) {
  if (b->cap - b->n < n) {
    size_t cap = b->cap ? 2 * b->cap : 256;
    while (cap - b->n < n && cap < SIZE_MAX / 2) cap *= 2;
    u8 *p = b->oom || cap - b->n < n ? NULL : rv_image_realloc(b->p, cap);
    if (!p) {
      b->oom = true;
      return NULL;
    }
    b->p = p;
    b->cap = cap;
  }
  b->n += n;
  return b->p + b->n - n;
}

static void put_bytes(Buf *b, const void *p, size_t n) {
  u8 *q = extend(b, n);
  if (q && n) memcpy(q, p, n);
}

static void put_zeros(Buf *b, size_t n) {
  u8 *q = extend(b, n);
  if (q) memset(q, 0, n);
}

static void put_u8(Buf *b, u8 v) { put_bytes(b, &v, 1); }

static void put_fixed(Buf *b, u64 v, u32 bytes) {
  u8 *q = extend(b, bytes);
  if (q) rv_put_le(q, v, bytes);
}

static void put_var(Buf *b, u64 v) {
  for (; v >= 0x80; v >>= 7) put_u8(b, (u8)(v | 0x80));
  put_u8(b, (u8)v);
}

static void put_zigzag(Buf *b, i64 v) {
  put_var(b, (u64)v << 1 ^ (v < 0 ? UINT64_MAX : 0));
}

/* -- Sections -------------------------------------------------------------- */

static void put_manifest(Buf *b, const RvImage *img) {
  put_var(b, img->name);
  put_var(b, img->entry);
}

static void put_sig_item(Buf *b, const RvSigItem *it) {
  put_u8(b, (u8)(it->type | (it->opt ? 0x80 : 0)));
  if (it->type == RV_SIG_BYTES) put_var(b, it->size);
  if (it->type == RV_SIG_CALLBACK) put_var(b, it->callback - 1);
}

static void put_import(Buf *b, const RvImport *p) {
  put_u8(b, p->kind);
  put_var(b, p->alias);
  if (p->kind != RV_IMPORT_BUILTIN) put_var(b, p->module);
  put_var(b, p->name);
  put_var(b, p->kind == RV_IMPORT_BUILTIN ? p->version : p->sig);
}

static void put_imports(Buf *b, const RvImage *img) {
  put_var(b, img->nsigs);
  for (u32 i = 0; i < img->nsigs; i++) {
    const RvSig *s = &img->sigs[i];
    put_u8(b, s->nargs);
    put_u8(b, s->nres);
    for (u32 k = 0; k < s->nargs; k++) put_sig_item(b, &s->args[k]);
    for (u32 k = 0; k < s->nres; k++) put_sig_item(b, &s->res[k]);
  }
  put_var(b, img->nimports);
  for (u32 i = 0; i < img->nimports; i++) put_import(b, &img->imports[i]);
}

static void put_modules(Buf *b, const RvImage *img) {
  put_var(b, img->nmodules);
  for (u32 i = 0; i < img->nmodules; i++) {
    put_var(b, img->modules[i].name);
    put_var(b, img->modules[i].func);
  }
}

static void put_strings(Buf *b, const RvImage *img) {
  put_var(b, img->nstrs);
  for (u32 i = 0; i < img->nstrs; i++) {
    put_var(b, img->strs[i].len);
    put_bytes(b, img->strs[i].p, img->strs[i].len);
  }
}

static void put_functions(Buf *b, const RvImage *img) {
  put_var(b, img->nfuncs);
  for (u32 i = 0; i < img->nfuncs; i++) {
    const RvFunc *f = &img->funcs[i];
    put_var(b, f->name);
    put_u8(b, f->nparams);
    put_u8(b, f->ncells);
    put_u8(b, f->nregs);
    put_u8(b, f->flags);
    put_var(b, f->nup);
    for (u32 k = 0; k < f->nup; k++) {
      put_u8(b, f->captures[k].from_cell);
      put_u8(b, f->captures[k].index);
    }
    put_var(b, f->nchildren);
    for (u32 k = 0; k < f->nchildren; k++) put_var(b, f->children[k]);
    put_var(b, f->ncaches);
    for (u32 k = 0; k < f->ncaches; k++) put_var(b, f->cache_key[k]);
  }
}

static void put_constants(Buf *b, const RvImage *img) {
  for (u32 i = 0; i < img->nfuncs; i++) {
    const RvFunc *f = &img->funcs[i];
    put_var(b, f->nk);
    for (u32 j = 0; j < f->nk; j++) {
      const RvConst *k = &f->k[j];
      put_u8(b, k->tag);
      if (k->tag == RV_INT) put_zigzag(b, (i64)k->v);
      else if (k->tag == RV_FLT) put_fixed(b, k->v, 8);
      else put_var(b, k->v);
    }
  }
}

static void put_code(Buf *b, const RvImage *img) {
  for (u32 i = 0; i < img->nfuncs; i++) {
    const RvFunc *f = &img->funcs[i];
    put_var(b, f->ncode);
    for (u32 k = 0; k < f->ncode; k++) put_fixed(b, f->code[k], 4);
    put_var(b, f->nheights);
    u32 pc = 0;
    for (u32 k = 0; k < f->nheights; k++) {
      const RvHeight *h = &f->heights[k];
      put_var(b, h->pc - pc);
      put_u8(b, h->regs);
      put_u8(b, h->cells);
      put_u8(b, h->tbc);
      pc = h->pc;
    }
  }
}

static void put_func_debug(Buf *b, const RvFunc *f) {
  u32 pc = 0, line = 0;
  put_var(b, f->source);
  put_var(b, f->line_first);
  put_var(b, f->line_last);
  put_var(b, f->nlines);
  for (u32 k = 0; k < f->nlines; k++) {
    put_var(b, f->lines[k].pc - pc);
    put_zigzag(b, (i64)f->lines[k].line - line);
    pc = f->lines[k].pc;
    line = f->lines[k].line;
  }
  put_var(b, f->nlocals);
  for (u32 k = 0; k < f->nlocals; k++) {
    const RvLocal *l = &f->locals[k];
    put_var(b, l->name);
    put_var(b, l->from);
    put_var(b, l->to - l->from);
    put_u8(b, l->reg);
    put_u8(b, l->is_cell);
  }
  put_u8(b, f->nupnames != 0);
  for (u32 k = 0; k < f->nupnames; k++) put_var(b, f->upnames[k]);
}

static void put_debug(Buf *b, const RvImage *img) {
  for (u32 i = 0; i < img->nfuncs; i++) put_func_debug(b, &img->funcs[i]);
}

static bool has_debug(const RvImage *img) {
  for (u32 i = 0; i < img->nfuncs; i++)
    if (rv_image_has_debug(&img->funcs[i])) return true;
  return false;
}

/* -- The whole ------------------------------------------------------------- */

typedef void PutSection(Buf *b, const RvImage *img);

static PutSection *const put_section[RV_SECTION_END] = {
    [RV_SECTION_MANIFEST] = put_manifest,
    [RV_SECTION_IMPORTS] = put_imports,
    [RV_SECTION_MODULES] = put_modules,
    [RV_SECTION_STRINGS] = put_strings,
    [RV_SECTION_FUNCTIONS] = put_functions,
    [RV_SECTION_CONSTANTS] = put_constants,
    [RV_SECTION_CODE] = put_code,
    [RV_SECTION_DEBUG] = put_debug,
};

static void put_header(Buf *b, const RvImage *img, u32 nsections) {
  put_bytes(b, RV_IMAGE_MAGIC, 5);
  put_u8(b, RV_FILE_VERSION);
  put_fixed(b, nsections, 2);
  put_zeros(b, 8); /* length: when it is known */
  put_fixed(b, img->features, 8);
  put_zeros(b, nsections * RV_FILE_ENTRY);
}

static void put_sections(Buf *b, const RvImage *img, u32 nsections) {
  for (u32 i = 0; i < nsections; i++) {
    u32 kind = i + 1;
    size_t start = b->n;
    put_section[kind](b, img);
    if (b->oom) return;
    u8 *e = b->p + RV_FILE_HEADER + i * RV_FILE_ENTRY;
    rv_put_le(e, kind, 4);
    rv_put_le(e + 4, RV_SECTION_VERSION, 2);
    rv_put_le(e + 6, kind == RV_SECTION_DEBUG ? 0 : RV_SECTION_REQUIRED, 2);
    rv_put_le(e + 8, start, 8);
    rv_put_le(e + 16, b->n - start, 8);
  }
}

u8 *rv_image_write(const RvImage *img, size_t *size) {
  Buf b = {0};
  u32 nsections = RV_SECTION_DEBUG - !has_debug(img);
  *size = 0;
  if (!rv_image_check(img, NULL)) return NULL;
  put_header(&b, img, nsections);
  put_sections(&b, img, nsections);
  put_zeros(&b, RV_FILE_TRAILER);
  if (b.oom) {
    free(b.p);
    return NULL;
  }
  rv_put_le(b.p + 8, b.n, 8);
  rv_file_hash(b.p, b.n);
  *size = b.n;
  return b.p;
}
