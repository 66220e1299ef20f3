/* SPDX-License-Identifier: MIT */
/* Images made of others: one appended to another, or some of its functions taken
   out. Every index in them moves. */
#include <stdlib.h>
#include <string.h>

#include "vm/image_file.h"
#include "vm/walk.h"

/* Where the strings, signatures, imports and functions of `from` are in `to`. */
typedef struct Link {
  RvImage *to;
  const RvImage *from;
  RvDiag *d;
  u32 *str, *sig, *func;
  u32 *import; /* NULL: none is taken along */
} Link;

#define ABSENT UINT32_MAX

static bool no_memory(Link *l) {
  rv_diag(l->d, "not enough memory");
  return false;
}

/* -- Tables ---------------------------------------------------------------- */

static bool link_strings(Link *l) {
  for (u32 i = 0; i < l->from->nstrs; i++) {
    const RvImgStr *s = &l->from->strs[i];
    l->str[i] = rv_image_str(l->to, s->p, s->len);
    if (l->str[i] == UINT32_MAX) return no_memory(l);
  }
  return true;
}

static bool items_equal(const RvSigItem *a, const RvSigItem *b, u32 n) {
  for (u32 i = 0; i < n; i++)
    if (a[i].type != b[i].type || a[i].opt != b[i].opt ||
        a[i].size != b[i].size || a[i].callback != b[i].callback)
      return false;
  return true;
}

static bool sigs_equal(const RvSig *a, const RvSig *b) {
  return a->nargs == b->nargs && a->nres == b->nres &&
         items_equal(a->args, b->args, a->nargs) &&
         items_equal(a->res, b->res, a->nres);
}

/* The number of callbacks in it, which are moved. */
static u32 move_callbacks(const Link *l, RvSigItem *item, u32 n) {
  u32 found = 0;
  for (u32 i = 0; i < n; i++)
    if (item[i].callback) {
      item[i].callback = l->sig[item[i].callback - 1] + 1;
      found++;
    }
  return found;
}

static bool link_sig(Link *l, u32 i, bool callbacks) {
  RvSig s = l->from->sigs[i];
  u32 found = move_callbacks(l, s.args, s.nargs);
  found += move_callbacks(l, s.res, s.nres);
  if ((found > 0) != callbacks) return true;
  for (u32 k = 0; k < l->to->nsigs; k++)
    if (sigs_equal(&l->to->sigs[k], &s)) {
      l->sig[i] = k;
      return true;
    }
  l->sig[i] = rv_image_add_sig(l->to, &s);
  return l->sig[i] != UINT32_MAX || no_memory(l);
}

/* Those that name others as callbacks come last: a callback names none. */
static bool link_sigs(Link *l) {
  for (u32 pass = 0; pass < 2; pass++)
    for (u32 i = 0; i < l->from->nsigs; i++)
      if (!link_sig(l, i, pass == 1)) return false;
  return true;
}

static bool link_imports(Link *l) {
  for (u32 i = 0; i < l->from->nimports; i++) {
    RvImport p = l->from->imports[i];
    u32 k = 0;
    p.alias = l->str[p.alias];
    p.name = l->str[p.name];
    if (p.kind != RV_IMPORT_BUILTIN) {
      p.module = l->str[p.module];
      p.sig = l->sig[p.sig];
    }
    for (; k < l->to->nimports; k++) {
      const RvImport *o = &l->to->imports[k];
      if (o->kind == p.kind && o->module == p.module && o->name == p.name &&
          o->version == p.version && o->sig == p.sig)
        break;
    }
    l->import[i] = k < l->to->nimports ? k : rv_image_add_import(l->to, &p);
    if (l->import[i] == UINT32_MAX) return no_memory(l);
  }
  if (l->to->nimports <= RV_MAX_IMPORTS) return true;
  rv_diag(l->d, "more than %u imports", RV_MAX_IMPORTS);
  return false;
}

/* -- Functions ------------------------------------------------------------- */

static void *copy(Link *l, const void *p, size_t n) {
  void *q = n ? rv_image_alloc(l->to, n) : NULL;
  if (q) memcpy(q, p, n);
  return q;
}

/* Instructions that name imports get their new numbers. */
static bool link_code(const Link *l, RvFunc *f) {
  for (u32 pc = 0; pc < f->ncode;) {
    RvInsn *w = &f->code[pc];
    const struct RvOpInfo *op = rv_op_info(RV_INSN_OP(*w));
    for (u32 i = 0; i < op->noperands; i++) {
      u8 kind = op->operand[i].kind;
      if (kind != RV_KIND_IM && kind != RV_KIND_IB && kind != RV_KIND_IH)
        continue;
      if (!l->import) {
        rv_diag(l->d, "the function has imports");
        return false;
      }
      *w = (*w & 0xffffu) | l->import[RV_INSN_D(*w)] << 16;
    }
    pc += op->words;
  }
  return true;
}

static void link_debug(const Link *l, RvFunc *f) {
  if (f->source) f->source = l->str[f->source - 1] + 1;
  for (u32 i = 0; i < f->nlocals; i++)
    f->locals[i].name = l->str[f->locals[i].name];
  for (u32 i = 0; i < f->nupnames; i++) f->upnames[i] = l->str[f->upnames[i]];
}

#define COPY(l, f, list, n)                                          \
  do {                                                               \
    (f)->list = copy(l, (f)->list, (size_t)(n) * sizeof *(f)->list); \
    if ((n) && !(f)->list) return no_memory(l);                      \
  } while (0)

static bool link_func(Link *l, RvFunc f) {
  f.nmarks = 0;
  f.marks = NULL;
  f.name = l->str[f.name];
  COPY(l, &f, code, f.ncode);
  COPY(l, &f, k, f.nk);
  COPY(l, &f, cache_key, f.ncaches);
  COPY(l, &f, heights, f.nheights);
  COPY(l, &f, children, f.nchildren);
  COPY(l, &f, captures, f.nup);
  COPY(l, &f, lines, f.nlines);
  COPY(l, &f, locals, f.nlocals);
  COPY(l, &f, upnames, f.nupnames);
  for (u32 i = 0; i < f.nk; i++)
    if (f.k[i].tag == RV_STR) f.k[i].v = l->str[f.k[i].v];
  for (u32 i = 0; i < f.nchildren; i++) f.children[i] = l->func[f.children[i]];
  if (!link_code(l, &f)) return false;
  link_debug(l, &f);
  return rv_image_add_func(l->to, &f) != UINT32_MAX || no_memory(l);
}
#undef COPY

/* -- Modules --------------------------------------------------------------- */

static bool link_module(Link *l, const RvModule *from) {
  RvModule m = {l->str[from->name], l->func[from->func]};
  for (u32 i = 0; i < l->to->nmodules; i++)
    if (l->to->modules[i].name == m.name) {
      rv_diag(l->d, "module '%.100s' is there already", l->to->strs[m.name].p);
      return false;
    }
  return rv_image_add_module(l->to, &m) != UINT32_MAX || no_memory(l);
}

static bool link_all(Link *l) {
  if (!link_strings(l) || !link_sigs(l) || !link_imports(l)) return false;
  for (u32 i = 0; i < l->from->nfuncs; i++)
    if (!link_func(l, l->from->funcs[i])) return false;
  for (u32 i = 0; i < l->from->nmodules; i++)
    if (!link_module(l, &l->from->modules[i])) return false;
  l->to->features |= l->from->features;
  return true;
}

bool rv_image_append(RvImage *to, const RvImage *from, RvDiag *d) {
  RV_ASSERT(from->verified, "image not verified");
  Link l = {.to = to, .from = from, .d = d};
  size_t n = (size_t)from->nstrs + from->nsigs + from->nimports + from->nfuncs;
  u32 *map = calloc(n + 1, sizeof *map);
  if (!map) return no_memory(&l);
  l.str = map;
  l.sig = map + from->nstrs;
  l.import = l.sig + from->nsigs;
  l.func = l.import + from->nimports;
  for (u32 i = 0; i < from->nfuncs; i++) l.func[i] = to->nfuncs + i;
  bool good = link_all(&l);
  free(map);
  return good;
}

/* -- One function alone ---------------------------------------------------- */

/* Its debug information but the lines where its text begins and ends. */
static void strip(RvFunc *f) {
  f->source = f->nlines = f->nlocals = f->nupnames = 0;
}

static bool take_string(Link *l, u32 i) {
  const RvImgStr *s = &l->from->strs[i];
  if (l->str[i] == ABSENT) l->str[i] = rv_image_str(l->to, s->p, s->len);
  return l->str[i] != ABSENT || no_memory(l);
}

static bool take_strings(Link *l, const RvFunc *f) {
  if (!take_string(l, f->name)) return false;
  for (u32 i = 0; i < f->nk; i++)
    if (f->k[i].tag == RV_STR && !take_string(l, (u32)f->k[i].v)) return false;
  if (f->source && !take_string(l, f->source - 1)) return false;
  for (u32 i = 0; i < f->nlocals; i++)
    if (!take_string(l, f->locals[i].name)) return false;
  for (u32 i = 0; i < f->nupnames; i++)
    if (!take_string(l, f->upnames[i])) return false;
  return true;
}

/* Numbers the functions that those in `list` make closures of, each once, and
   puts them behind it. Returns how many there are in all. */
static u32 find_children(Link *l, u32 *list) {
  u32 n = 1;
  l->func[list[0]] = 0;
  for (u32 i = 0; i < n; i++) {
    const RvFunc *f = &l->from->funcs[list[i]];
    for (u32 k = 0; k < f->nchildren; k++) {
      u32 child = f->children[k];
      if (l->func[child] != ABSENT) continue;
      l->func[child] = n;
      list[n++] = child;
    }
  }
  return n;
}

static bool extract(Link *l, u32 *list, bool stripped) {
  u32 n = find_children(l, list);
  for (u32 i = 0; i < n; i++) {
    RvFunc f = l->from->funcs[list[i]];
    if (stripped) strip(&f);
    if (!take_strings(l, &f) || !link_func(l, f)) return false;
  }
  u32 name = rv_image_str(l->to, "main", 4);
  if (name == ABSENT) return no_memory(l);
  u32 module = rv_image_add_module(l->to, &(RvModule){name, 0});
  l->to->entry = module + 1;
  l->to->features = l->from->features;
  return module != ABSENT || no_memory(l);
}

RvImage *rv_image_extract(const RvImage *from, u32 func, bool stripped,
                          RvDiag *d) {
  RV_ASSERT(from->verified, "image not verified");
  Link l = {.to = rv_image_new(), .from = from, .d = d};
  size_t n = (size_t)from->nstrs + 2 * (size_t)from->nfuncs;
  u32 *map = malloc(n * sizeof *map);
  bool good = false;
  if (map && l.to) {
    memset(map, 0xff, n * sizeof *map);
    l.str = map;
    l.func = map + from->nstrs;
    u32 *list = l.func + from->nfuncs;
    list[0] = func;
    good = extract(&l, list, stripped);
  } else {
    no_memory(&l);
  }
  free(map);
  if (good) return l.to;
  rv_image_unref(l.to);
  return NULL;
}
