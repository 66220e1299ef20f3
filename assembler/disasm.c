/* SPDX-License-Identifier: MIT */
/* An image as source that assembles to the same image, byte for byte.

   The assembler numbers strings, signatures, constants, cache slots and
   children in the order in which the text uses them. Where a table of the image
   has just that order the text need not show it; where it has not, the text
   states the whole table before its first use, and names what cannot be named
   otherwise by number. For strings the question is settled by a dry run: the text
   is made twice, the first time only to see in which order it uses them. */
#include <string.h>

#include "assembler/code.h"
#include "assembler/dis.h"
#include "vm/num.h"

/* -- Pieces ---------------------------------------------------------------- */

/* Notes the order in which the text uses strings. */
static void use_str(RvaDis *d, u32 i) {
  if (d->str_seen[i]) return;
  if (i != d->str_next) d->str_natural = false;
  d->str_seen[i] = 1;
  d->str_next++;
}

void rva_dis_str(RvaDis *d, u32 i) {
  use_str(d, i);
  rva_put_quoted(d->o, d->img->strs[i].p, d->img->strs[i].len);
}

void rva_dis_name(RvaDis *d, u32 i) {
  use_str(d, i);
  rva_put(d->o, d->img->strs[i].p, d->img->strs[i].len);
}

static bool str_is_name(const RvImage *img, u32 i) {
  return rva_is_name(img->strs[i].p, img->strs[i].len);
}

/* -- Signatures and imports ------------------------------------------------ */

static void put_sig(RvaDis *d, const RvSig *s);

static void put_item(RvaDis *d, const RvSigItem *it) {
  rva_putz(d->o, rva_sig_type_name[it->type]);
  if (it->type == RV_SIG_CALLBACK) {
    if (it->opt) rva_putz(d->o, "?");
    if (d->sigs_stated) {
      rva_putf(d->o, " @%u", it->callback - 1);
    } else {
      put_sig(d, &d->img->sigs[it->callback - 1]);
    }
    return;
  }
  if (it->size) rva_putf(d->o, "[%u]", it->size);
  if (it->opt) rva_putz(d->o, "?");
}

static void put_items(RvaDis *d, const RvSigItem *it, u32 n) {
  rva_putz(d->o, "(");
  for (u32 i = 0; i < n; i++) {
    if (i > 0) rva_putz(d->o, ", ");
    put_item(d, &it[i]);
  }
  rva_putz(d->o, ")");
}

static void put_sig(RvaDis *d, const RvSig *s) {
  put_items(d, s->args, s->nargs);
  if (s->nres == 0) return;
  rva_putz(d->o, " ");
  if (s->nres == 1) {
    put_item(d, s->res);
  } else {
    put_items(d, s->res, s->nres);
  }
}

/* Does signature i come up next, or has it come up? Callbacks come before the
   signature that has them. */
static bool next_sig(const RvImage *img, const u32 *first, u32 i, u32 *next) {
  const RvSig *s = &img->sigs[i];
  if (first[i] != i) return false;
  if (i < *next) return true;
  for (u32 k = 0; k < s->nargs; k++)
    if (s->args[k].callback &&
        (s->args[k].callback > i ||
         !next_sig(img, first, s->args[k].callback - 1, next)))
      return false;
  for (u32 k = 0; k < s->nres; k++)
    if (s->res[k].callback &&
        (s->res[k].callback > i ||
         !next_sig(img, first, s->res[k].callback - 1, next)))
      return false;
  return i == (*next)++;
}

/* Do the imports need the signatures in the order of the table, and all? */
static bool sigs_are_natural(RvaDis *d) {
  const RvImage *img = d->img;
  RvaMap map = {0};
  u32 next = 0;
  u32 *first = rva_alloc_array(&d->mem, (size_t)img->nsigs + 1, sizeof *first);
  if (!first) return false;
  for (u32 i = 0; i < img->nsigs; i++) {
    char key[RVA_SIG_KEY];
    u32 len = rva_sig_key(&img->sigs[i], key);
    char *kept = rva_alloc(&d->mem, len);
    memcpy(kept, key, len);
    first[i] = rva_map_put(&d->mem, &map, kept, len, i);
  }
  for (u32 i = 0; i < img->nimports; i++)
    if (img->imports[i].kind != RV_IMPORT_BUILTIN &&
        !next_sig(img, first, img->imports[i].sig, &next))
      return false;
  return next == img->nsigs;
}

static void put_import(RvaDis *d, u32 i) {
  const RvImport *p = &d->img->imports[i];
  rva_putf(d->o, ".import %s ", rva_import_kind[p->kind]);
  if (p->kind != RV_IMPORT_BUILTIN) {
    rva_dis_str(d, p->module);
    rva_putz(d->o, " ");
  }
  rva_dis_str(d, p->name);
  rva_putz(d->o, " ");
  if (p->kind == RV_IMPORT_BUILTIN) {
    rva_putf(d->o, "%u", p->version);
  } else if (d->sigs_stated) {
    rva_putf(d->o, "@%u", p->sig);
  } else {
    put_sig(d, &d->img->sigs[p->sig]);
  }
  rva_putz(d->o, " as ");
  if (d->import_named[i]) {
    rva_dis_name(d, p->alias);
  } else {
    rva_dis_str(d, p->alias);
  }
  rva_putz(d->o, "\n");
}

/* -- Names ----------------------------------------------------------------- */

/* The first import of a name has it in the text, if it can be written so. */
static void name_imports(RvaDis *d) {
  const RvImage *img = d->img;
  RvaMap taken = {0};
  for (u32 i = 0; i < img->nimports; i++) {
    const RvImgStr *s = &img->strs[img->imports[i].alias];
    d->import_named[i] = rva_map_put(&d->mem, &taken, s->p, s->len, i) == i &&
                         str_is_name(img, img->imports[i].alias);
  }
}

/* Names made up here are f, underscores and the function's number. Is this one
   such, then how many underscores? Else RVA_NONE. */
static u32 made_up(const RvImgStr *s) {
  u32 i = 1, underscores;
  if (s->p[0] != 'f') return RVA_NONE;
  while (s->p[i] == '_') i++;
  underscores = i - 1;
  if (i == s->len) return RVA_NONE;
  while (s->p[i] >= '0' && s->p[i] <= '9') i++;
  return i == s->len ? underscores : RVA_NONE;
}

/* The first function of a name gets it, if it can be written so; the others get
   names with as many underscores as no name in the image has. */
static void name_functions(RvaDis *d) {
  const RvImage *img = d->img;
  RvaMap taken = {0};
  bool used[256] = {false}; /* a name has at most 200 bytes */
  u32 bars = 0;
  for (u32 i = 0; i < img->nfuncs; i++) {
    const RvImgStr *s = &img->strs[img->funcs[i].name];
    if (!str_is_name(img, img->funcs[i].name) ||
        rva_map_put(&d->mem, &taken, s->p, s->len, i) != i)
      continue;
    d->func_name[i] = (RvaText){s->p, s->len};
    u32 n = made_up(s);
    if (n != RVA_NONE) used[n] = true;
  }
  while (used[bars]) bars++;
  for (u32 i = 0; i < img->nfuncs; i++) {
    if (d->func_name[i].p) continue;
    char *p = rva_alloc(&d->mem, 1 + bars + RV_NUM_TEXT);
    p[0] = 'f';
    memset(p + 1, '_', bars);
    u32 n = 1 + bars;
    n += (u32)rv_num_texti(i, p + n);
    d->func_name[i] = (RvaText){p, n};
  }
}

static void find_makers(RvaDis *d) {
  const RvImage *img = d->img;
  for (u32 i = 0; i < img->nfuncs; i++) d->maker[i] = RVA_NONE;
  for (u32 i = 0; i < img->nfuncs; i++)
    for (u32 k = 0; k < img->funcs[i].nchildren; k++) {
      u32 child = img->funcs[i].children[k];
      if (d->maker[child] == RVA_NONE) d->maker[child] = i;
    }
}

/* -- The image ------------------------------------------------------------- */

static void put_entry(RvaDis *d) {
  const RvImage *img = d->img;
  u32 i, entry = img->entry - 1;
  if (img->entry == 0) return;
  for (i = 0; img->modules[i].name != img->modules[entry].name;) i++;
  if (i == entry) {
    const RvImgStr *s = &img->strs[img->modules[i].name];
    rva_putz(d->o, ".entry ");
    rva_put_quoted(d->o, s->p, s->len);
    rva_putz(d->o, "\n");
  } else {
    rva_putf(d->o, ".entry @%u\n", entry);
  }
}

static void put_top(RvaDis *d) {
  const RvImage *img = d->img;
  if (img->name) {
    rva_putz(d->o, ".image ");
    rva_dis_str(d, img->name - 1);
    rva_putz(d->o, "\n");
  }
  if (img->features)
    rva_putf(d->o, ".features 0x%llx\n", (unsigned long long)img->features);
  for (u32 i = 0; d->sigs_stated && i < img->nsigs; i++) {
    rva_putz(d->o, ".sig ");
    put_sig(d, &img->sigs[i]);
    rva_putz(d->o, "\n");
  }
  for (u32 i = 0; i < img->nimports; i++) put_import(d, i);
  for (u32 i = 0; i < img->nmodules; i++) {
    rva_putz(d->o, ".module ");
    rva_dis_str(d, img->modules[i].name);
    rva_putz(d->o, " ");
    RvaText name = d->func_name[img->modules[i].func];
    rva_put(d->o, name.p, name.len);
    rva_putz(d->o, "\n");
  }
  put_entry(d);
}

/* Writes everything but the table of strings. */
static bool put_all(RvaDis *d) {
  put_top(d);
  for (u32 i = 0; i < d->img->nfuncs; i++)
    if (!rva_dis_func(d, i)) return false;
  return true;
}

static bool prepare(RvaDis *d) {
  const RvImage *img = d->img;
  d->str_seen = rva_alloc_array(&d->mem, (size_t)img->nstrs + 1, 1);
  d->func_name =
      rva_alloc_array(&d->mem, (size_t)img->nfuncs + 1, sizeof *d->func_name);
  d->import_named = rva_alloc_array(&d->mem, (size_t)img->nimports + 1, 1);
  d->maker =
      rva_alloc_array(&d->mem, (size_t)img->nfuncs + 1, sizeof *d->maker);
  if (d->mem.nomem) return false;
  name_imports(d);
  name_functions(d);
  find_makers(d);
  d->sigs_stated = !sigs_are_natural(d);
  d->str_natural = true;
  return !d->mem.nomem;
}

bool rva_dis_full(const RvImage *img, RvaOut *o) {
  RvaDis d = {.img = img, .o = o};
  RvTextOut fn = o->fn;
  bool good = prepare(&d);
  o->fn = NULL;
  good = good && put_all(&d);
  o->fn = fn;
  if (good && (!d.str_natural || d.str_next != img->nstrs))
    for (u32 i = 0; i < img->nstrs; i++) {
      rva_putz(o, ".string ");
      rva_put_quoted(o, img->strs[i].p, img->strs[i].len);
      rva_putz(o, "\n");
    }
  good = good && put_all(&d);
  rva_free_all(&d.mem);
  return good;
}

bool rva_dis_one(const RvImage *img, u32 func, RvaOut *o) {
  RvaDis d = {.img = img, .o = o};
  bool good = prepare(&d) && rva_dis_func(&d, func);
  rva_free_all(&d.mem);
  return good;
}
