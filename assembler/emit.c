/* SPDX-License-Identifier: MIT */
/* The tree becomes an image: the tables outside functions. */
#include "assembler/emit.h"

#include <string.h>

#include "assembler/code.h"

u32 rva_emit_str(RvaEmit *e, RvaText t) {
  u32 i = rv_image_str(e->img, t.p, t.len);
  if (i == UINT32_MAX) e->a->mem.nomem = true;
  return i;
}

void *rva_emit_copy(RvaEmit *e, const void *p, u32 n, size_t size) {
  if (n == 0 || e->a->mem.nomem) return NULL;
  void *q = rv_image_alloc(e->img, n * size);
  if (!q) {
    e->a->mem.nomem = true;
    return NULL;
  }
  return memcpy(q, p, n * size);
}

/* -- Signatures ------------------------------------------------------------ */

static u32 emit_sig(RvaEmit *e, const RvaType *t, bool share, bool callback);

static u32 find_type(RvaText name) {
  for (u32 i = 0; i < RV_SIG_NTYPES; i++)
    if (i != RV_SIG_CALLBACK && strlen(rva_sig_type_name[i]) == name.len &&
        memcmp(rva_sig_type_name[i], name.p, name.len) == 0)
      return i;
  return RVA_NONE;
}

static RvSigItem make_item(RvaEmit *e, const RvaType *t, bool in_callback) {
  RvSigItem it = {.opt = t->opt};
  if (t->name.p) {
    u32 type = find_type(t->name);
    if (type == RVA_NONE)
      rva_error(e->a, t->loc, "expected a type, got `%.*s`", RVA_TEXT(t->name));
    else if (t->size && type != RV_SIG_BYTES)
      rva_error(e->a, t->loc, "only `bytes` has a size");
    else if (t->size > UINT32_MAX) rva_error(e->a, t->loc, "size out of range");
    it.type = (u8)type;
    it.size = (u32)t->size;
  } else {
    it.type = RV_SIG_CALLBACK;
    if (in_callback)
      rva_error(e->a, t->loc, "a callback cannot take or give a callback");
    else it.callback = emit_sig(e, t, true, true) + 1;
  }
  return it;
}

static u8 make_items(RvaEmit *e, const RvaType *t, RvSigItem *out,
                     bool in_callback) {
  u32 n = 0;
  for (; t; t = t->next) {
    if (n == RV_SIG_MAX) {
      rva_error(e->a, t->loc, "more than %u types", RV_SIG_MAX);
      break;
    }
    out[n++] = make_item(e, t, in_callback);
  }
  return (u8)n;
}

/* Index of a signature; one that is equal serves as well when `share`. */
static u32 emit_sig(RvaEmit *e, const RvaType *t, bool share, bool callback) {
  RvaAsm *a = e->a;
  char key[RVA_SIG_KEY];
  RvSig sig = {0};
  if (t->is_ref) {
    if (t->size < RV_MAX_SIGS) return (u32)t->size;
    rva_error(a, t->loc, "signature number out of range");
    return 0;
  }
  sig.nargs = make_items(e, t->args, sig.args, callback);
  sig.nres = make_items(e, t->res, sig.res, callback);
  u32 len = rva_sig_key(&sig, key);
  u32 known = rva_map_get(&e->sigs, key, len);
  if (share && known != RVA_NONE) return known;
  char *kept = rva_alloc(&a->mem, len);
  memcpy(kept, key, len);
  u32 i = rv_image_add_sig(e->img, &sig);
  if (i == UINT32_MAX ||
      rva_map_put(&a->mem, &e->sigs, kept, len, i) == RVA_NONE)
    a->mem.nomem = true;
  return i;
}

/* -- Names ----------------------------------------------------------------- */

/* The name an import goes by. */
static RvaText alias_of(const RvaStmt *s) {
  return s->opd ? s->opd->text : s->text2;
}

/* Numbers functions and imports, so that they may be used before they are
   written. A quoted alias may be a second one of that name, which then can be
   used by number only. */
static void declare(RvaEmit *e) {
  RvaAsm *a = e->a;
  u32 nfuncs = 0, nimports = 0;
  for (const RvaStmt *s = a->first; s; s = s->next) {
    if (s->kind == RVA_FUNC) {
      u32 i = nfuncs++;
      if (rva_map_put(&a->mem, &e->funcs, s->text.p, s->text.len, i) != i)
        rva_error(a, s->loc, "second function `%.*s`", RVA_TEXT(s->text));
    } else if (s->kind == RVA_IMPORT) {
      RvaText alias = alias_of(s);
      u32 i = nimports++;
      bool strict = !s->opd || s->opd->kind == RVA_OPD_NAME;
      if (rva_map_put(&a->mem, &e->imports, alias.p, alias.len, i) != i &&
          strict)
        rva_error(a, s->loc, "second import `%.*s`", RVA_TEXT(alias));
    }
  }
}

/* -- Statements ------------------------------------------------------------ */

static void emit_import(RvaEmit *e, const RvaStmt *s) {
  RvImport imp = {.kind = (u8)s->n[0]};
  bool builtin = imp.kind == RV_IMPORT_BUILTIN;
  if (builtin != !s->type) {
    rva_error(e->a, s->loc,
              builtin ? "expected a name and a version number for a builtin"
                      : "expected two names and a signature");
    return;
  }
  if (s->n[1] > UINT32_MAX) rva_error(e->a, s->loc, "version out of range");
  if (!builtin) imp.module = rva_emit_str(e, s->text);
  imp.name = rva_emit_str(e, s->text2);
  imp.version = (u32)s->n[1];
  if (!builtin) imp.sig = emit_sig(e, s->type, true, false);
  imp.alias = rva_emit_str(e, alias_of(s));
  if (rv_image_add_import(e->img, &imp) == UINT32_MAX) e->a->mem.nomem = true;
}

static void emit_module(RvaEmit *e, const RvaStmt *s) {
  RvModule mod = {.name = rva_emit_str(e, s->text)};
  mod.func = rva_map_get(&e->funcs, s->text2.p, s->text2.len);
  if (mod.func == RVA_NONE)
    rva_error(e->a, s->loc, "no function `%.*s`", RVA_TEXT(s->text2));
  if (rv_image_add_module(e->img, &mod) == UINT32_MAX) e->a->mem.nomem = true;
}

static void emit_entry(RvaEmit *e, const RvaStmt *s) {
  const RvImage *img = e->img;
  const RvaOpd *o = s->opd;
  u32 i = 0;
  if (o->kind == RVA_OPD_INDEX) {
    i = o->v < img->nmodules ? (u32)o->v : img->nmodules;
  } else {
    for (; i < img->nmodules; i++) {
      const RvImgStr *name = &img->strs[img->modules[i].name];
      if (name->len == o->text.len &&
          memcmp(name->p, o->text.p, name->len) == 0)
        break;
    }
  }
  if (i == img->nmodules) {
    rva_error(e->a, o->loc, "expected the name of a module");
  } else {
    e->img->entry = i + 1;
  }
}

static void emit_top(RvaEmit *e, const RvaStmt *s) {
  switch (s->kind) {
  case RVA_IMAGE: e->img->name = rva_emit_str(e, s->text) + 1; break;
  case RVA_FEATURES: e->img->features = s->n[0]; break;
  case RVA_STRING: rva_emit_str(e, s->text); break;
  case RVA_SIG: emit_sig(e, s->type, false, false); break;
  case RVA_IMPORT: emit_import(e, s); break;
  case RVA_MODULE: emit_module(e, s); break;
  case RVA_FUNC: rva_emit_func(e, s); break;
  case RVA_ENTRY: break; /* when all modules are there */
  }
}

/* The first function that lists each one among its children. */
static u32 *find_makers(RvaEmit *e) {
  const RvImage *img = e->img;
  u32 *maker =
      rva_alloc_array(&e->a->mem, (size_t)img->nfuncs + 1, sizeof *maker);
  if (!maker) return NULL;
  for (u32 i = 0; i < img->nfuncs; i++) maker[i] = RVA_NONE;
  for (u32 i = 0; i < img->nfuncs; i++)
    for (u32 k = 0; k < img->funcs[i].nchildren; k++) {
      u32 child = img->funcs[i].children[k];
      if (maker[child] == RVA_NONE) maker[child] = i;
    }
  return maker;
}

static void finish(RvaEmit *e) {
  u32 *maker = find_makers(e), i = 0;
  if (!maker) return;
  for (const RvaStmt *s = e->a->first; s && !e->a->mem.nomem; s = s->next) {
    if (s->kind == RVA_ENTRY) emit_entry(e, s);
    if (s->kind != RVA_FUNC) continue;
    rva_finish_func(e, s, i, maker[i]);
    i++;
  }
}

RvImage *rva_emit(RvaAsm *a) {
  RvaEmit e = {.a = a, .img = rv_image_new()};
  RvDiag d = {0};
  if (!e.img) return NULL;
  declare(&e);
  for (const RvaStmt *s = a->first; s && !a->mem.nomem; s = s->next)
    emit_top(&e, s);
  if (!a->mem.nomem && a->diag->nerrors == 0) finish(&e);
  if (!a->mem.nomem && a->diag->nerrors == 0 && !rv_image_check(e.img, &d))
    rva_error(a, (RvaLoc){0, 0}, "%s", d.text);
  if (!a->mem.nomem && a->diag->nerrors == 0) return e.img;
  rv_image_unref(e.img);
  return NULL;
}
