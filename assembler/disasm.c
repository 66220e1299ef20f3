/* SPDX-License-Identifier: MIT */
/* An image as source that assembles to the same image, byte for byte.

   The assembler numbers strings, signatures, constants, cache slots and
   children in the order in which the text uses them. Where a table of the image
   has just that order the text need not show it; where it has not, the text
   states the whole table before its first use, and names what cannot be named
   otherwise by number. For strings the question is settled by a dry run: the
   text is made twice, the first time only to see in which order it uses them. */
#include <string.h>

#include "assembler/code.h"
#include "assembler/mem.h"
#include "assembler/out.h"
#include "assembler/tree.h"
#include "vm/num.h"

typedef struct Dis {
  const RvImage *img;
  RvaOut *o;
  RvaMem mem;
  /* the order of strings */
  u8 *str_seen;
  u32 str_next;
  bool str_natural;
  /* names of functions in the text; where imports have one */
  RvaText *func_name;
  u8 *import_named;
  u32 *maker; /* first function with this one among its children */
  bool sigs_stated;
} Dis;

/* What of a function must be stated. */
typedef struct Plan {
  const RvFunc *f;
  u32 *first_const; /* per constant: the first equal one */
  u32 *first_child;
  u8 *marks;
  bool consts_stated, caches_stated, children_stated, heights_stated,
      lines_stated;
} Plan;

/* A place that needs a label though no jump goes there. */
#define MARK_NAMED 8

/* -- Pieces ---------------------------------------------------------------- */

/* A string that the assembler enters into its table here. */
static void put_str(Dis *d, u32 i) {
  if (!d->str_seen[i]) {
    if (i != d->str_next) d->str_natural = false;
    d->str_seen[i] = 1;
    d->str_next++;
  }
  rva_put_quoted(d->o, d->img->strs[i].p, d->img->strs[i].len);
}

static void use_str(Dis *d, u32 i) {
  RvTextOut fn = d->o->fn;
  d->o->fn = NULL;
  put_str(d, i);
  d->o->fn = fn;
}

static void put_text(Dis *d, RvaText t) { rva_put(d->o, t.p, t.len); }

static void put_const(Dis *d, const RvConst *k) {
  char text[RV_NUM_TEXT];
  if (k->tag == RV_STR) {
    put_str(d, (u32)k->v);
  } else if (k->tag == RV_INT) {
    rva_put(d->o, text, rv_num_texti((i64)k->v, text));
  } else {
    rva_put(d->o, text, rv_num_text17(rv_u2d(k->v), text));
  }
}

static bool str_is_name(const RvImage *img, u32 i) {
  return rva_is_name(img->strs[i].p, img->strs[i].len);
}

/* -- Signatures and imports ------------------------------------------------ */

static void put_sig(Dis *d, const RvSig *s);

static void put_item(Dis *d, const RvSigItem *it) {
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

static void put_items(Dis *d, const RvSigItem *it, u32 n) {
  rva_putz(d->o, "(");
  for (u32 i = 0; i < n; i++) {
    if (i > 0) rva_putz(d->o, ", ");
    put_item(d, &it[i]);
  }
  rva_putz(d->o, ")");
}

static void put_sig(Dis *d, const RvSig *s) {
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
static bool sigs_are_natural(Dis *d) {
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

static void put_import(Dis *d, u32 i) {
  static const char *const kinds[] = {"", "device", "native", "builtin"};
  const RvImport *p = &d->img->imports[i];
  rva_putf(d->o, ".import %s ", kinds[p->kind]);
  if (p->kind != RV_IMPORT_BUILTIN) {
    put_str(d, p->module);
    rva_putz(d->o, " ");
  }
  put_str(d, p->name);
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
    const RvImgStr *s = &d->img->strs[p->alias];
    use_str(d, p->alias);
    rva_put(d->o, s->p, s->len);
  } else {
    put_str(d, p->alias);
  }
  rva_putz(d->o, "\n");
}

/* -- Names ----------------------------------------------------------------- */

/* The first import of a name has it in the text, if it can be written so. */
static void name_imports(Dis *d) {
  const RvImage *img = d->img;
  RvaMap taken = {0};
  for (u32 i = 0; i < img->nimports; i++) {
    const RvImgStr *s = &img->strs[img->imports[i].alias];
    d->import_named[i] =
        rva_map_put(&d->mem, &taken, s->p, s->len, i) == i &&
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
static void name_functions(Dis *d) {
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

static void find_makers(Dis *d) {
  const RvImage *img = d->img;
  for (u32 i = 0; i < img->nfuncs; i++) d->maker[i] = RVA_NONE;
  for (u32 i = 0; i < img->nfuncs; i++)
    for (u32 k = 0; k < img->funcs[i].nchildren; k++) {
      u32 child = img->funcs[i].children[k];
      if (d->maker[child] == RVA_NONE) d->maker[child] = i;
    }
}

/* -- Planning a function --------------------------------------------------- */

/* The instruction at pc if its operands say all that its words hold. */
static const struct RvOpInfo *full_insn(const RvFunc *f, u32 pc) {
  const struct RvOpInfo *info = rva_decode(f->code, f->ncode, pc);
  RvInsn w[2];
  i64 v[4];
  if (!info) return NULL;
  for (u32 i = 0; i < info->noperands; i++)
    v[i] = rva_operand(info, f->code + pc, i);
  rva_encode(info, v, w);
  return memcmp(w, f->code + pc, info->words * sizeof *w) == 0 ? info : NULL;
}

/* Can constant i be written as itself where an operand of that kind stands? */
static bool const_is_literal(const Plan *p, u8 kind, i64 i) {
  const RvFunc *f = p->f;
  if (i < 0 || i >= f->nk || p->first_const[i] != i) return false;
  bool number = f->k[i].tag != RV_STR;
  return kind == RV_KIND_K || (kind == RV_KIND_KN ? number : !number);
}

static bool is_const_kind(u8 kind) {
  return kind == RV_KIND_K || kind == RV_KIND_KN || kind == RV_KIND_KS;
}

static bool is_key_kind(u8 kind) {
  return kind == RV_KIND_CA || kind == RV_KIND_CX;
}

/* One use of entry i of a table that the text fills as it goes. */
static void use_entry(i64 i, u32 *next, bool *stated) {
  if (i > *next) *stated = true;
  if (i == *next) ++*next;
}

static void plan_caches(Plan *p) {
  const RvFunc *f = p->f;
  u32 slot = 0;
  for (u32 pc = 0; pc < f->ncode; pc++) {
    const struct RvOpInfo *info = p->marks[pc] & RVA_START ? full_insn(f, pc)
                                                           : NULL;
    if (!info || !(info->flags & RV_OPF_CACHE)) continue;
    u32 i = info->noperands - 1u;
    bool good = slot < f->ncaches && rva_operand(info, f->code + pc, i) == slot;
    if (good && is_key_kind(info->operand[i].kind))
      good = const_is_literal(p, info->operand[i].kind, f->cache_key[slot]);
    else if (good)
      good = f->cache_key[slot] == 0;
    if (!good) p->caches_stated = true;
    slot++;
  }
  if (slot != f->ncaches) p->caches_stated = true;
}

static void plan_entries(Plan *p) {
  const RvFunc *f = p->f;
  u32 consts = 0, children = 0, slot = 0;
  for (u32 pc = 0; pc < f->ncode; pc++) {
    const struct RvOpInfo *info = p->marks[pc] & RVA_START ? full_insn(f, pc)
                                                           : NULL;
    for (u32 i = 0; info && i < info->noperands; i++) {
      u8 kind = info->operand[i].kind;
      i64 v = rva_operand(info, f->code + pc, i);
      if (is_key_kind(kind) && !p->caches_stated) v = f->cache_key[slot];
      if (is_const_kind(kind) || (is_key_kind(kind) && !p->caches_stated)) {
        if (const_is_literal(p, kind, v))
          use_entry(v, &consts, &p->consts_stated);
      } else if (kind == RV_KIND_PR && v < f->nchildren &&
                 p->first_child[v] == v) {
        use_entry(v, &children, &p->children_stated);
      }
    }
    if (info && info->flags & RV_OPF_CACHE) slot++;
  }
  if (consts != f->nk) p->consts_stated = true;
  if (children != f->nchildren) p->children_stated = true;
}

static void plan_heights(Plan *p) {
  const RvFunc *f = p->f;
  u32 i = 0;
  for (u32 pc = 0; pc < f->ncode; pc++) {
    if (!(p->marks[pc] & RVA_DUE)) continue;
    if (i == f->nheights || f->heights[i].pc != pc) {
      p->heights_stated = true;
      return;
    }
    i++;
  }
  p->heights_stated = i != f->nheights;
}

static void plan_debug(Plan *p) {
  const RvFunc *f = p->f;
  for (u32 i = 0; i < f->nlines; i++)
    if (f->lines[i].pc > f->ncode || !(p->marks[f->lines[i].pc] & RVA_START))
      p->lines_stated = true;
  for (u32 i = 0; i < f->nlocals; i++) {
    const RvLocal *l = &f->locals[i];
    if (l->from <= f->ncode) p->marks[l->from] |= MARK_NAMED;
    if (l->to <= f->ncode) p->marks[l->to] |= MARK_NAMED;
  }
}

/* Per entry of a list, the first that has equal bytes. */
static u32 *find_first(Dis *d, const void *list, u32 n, size_t size) {
  RvaMap map = {0};
  u32 *first = rva_alloc_array(&d->mem, (size_t)n + 1, sizeof *first);
  for (u32 i = 0; first && i < n; i++)
    first[i] = rva_map_put(&d->mem, &map, (const char *)list + i * size, size,
                           i);
  return first;
}

static bool make_plan(Dis *d, Plan *p, const RvFunc *f) {
  u64 *keys = rva_alloc_array(&d->mem, (size_t)f->nk + 1, 16);
  *p = (Plan){.f = f};
  p->marks = rva_alloc_array(&d->mem, (size_t)f->ncode + 1, 1);
  if (!keys || !p->marks) return false;
  for (u32 i = 0; i < f->nk; i++) {
    keys[2 * i] = f->k[i].v;
    keys[2 * i + 1] = f->k[i].tag;
  }
  p->first_const = find_first(d, keys, f->nk, 16);
  p->first_child = find_first(d, f->children, f->nchildren,
                              sizeof *f->children);
  if (d->mem.nomem) return false;
  rva_mark(f->code, f->ncode, p->marks);
  plan_caches(p);
  plan_entries(p);
  plan_heights(p);
  plan_debug(p);
  return true;
}

/* -- A function ------------------------------------------------------------ */

static void put_position(Dis *d, const Plan *p, u32 pc) {
  bool named = pc <= p->f->ncode && p->marks[pc] & RVA_START;
  rva_putf(d->o, named ? "L%u" : "%u", pc);
}

static void put_operand(Dis *d, const Plan *p, const struct RvOpInfo *info,
                        u32 pc, u32 i, u32 slot) {
  const RvFunc *f = p->f;
  u8 kind = info->operand[i].kind;
  i64 v = rva_operand(info, f->code + pc, i);
  switch (kind) {
    case RV_KIND_WR:
    case RV_KIND_RD:
    case RV_KIND_WIN:
      rva_putf(d->o, v < RV_MAX_REGS ? "r%d" : "@%d", (int)v);
      return;
    case RV_KIND_CW:
    case RV_KIND_CR:
      if (v < f->nparams || v >= RV_MAX_REGS) break;
      rva_putf(d->o, "c%d", (int)v - f->nparams);
      return;
    case RV_KIND_UP: rva_putf(d->o, "u%d", (int)v); return;
    case RV_KIND_K:
    case RV_KIND_KN:
    case RV_KIND_KS:
      if (!const_is_literal(p, kind, v)) break;
      put_const(d, &f->k[v]);
      return;
    case RV_KIND_CA:
    case RV_KIND_CX:
      if (p->caches_stated) break;
      put_const(d, &f->k[f->cache_key[slot]]);
      return;
    case RV_KIND_NO:
      if (v == RV_OPEN) {
        rva_putz(d->o, "*");
        return;
      }
      rva_putf(d->o, "%d", (int)v);
      return;
    case RV_KIND_JF:
    case RV_KIND_JB: {
      i64 to = rva_jump_target(info, f->code + pc, pc);
      if (to < 0 || to > f->ncode || !(p->marks[to] & RVA_START)) break;
      rva_putf(d->o, "L%u", (u32)to);
      return;
    }
    case RV_KIND_IM:
    case RV_KIND_IB:
    case RV_KIND_IH: {
      if (v >= d->img->nimports || !d->import_named[v]) break;
      const RvImgStr *s = &d->img->strs[d->img->imports[v].alias];
      rva_put(d->o, s->p, s->len);
      return;
    }
    case RV_KIND_PR:
      if (v >= f->nchildren || p->first_child[v] != v) break;
      put_text(d, d->func_name[f->children[v]]);
      return;
    case RV_KIND_CN: break;
    default: rva_putf(d->o, "%d", (int)v); return;
  }
  rva_putf(d->o, "@%d", (int)v);
}

/* The instruction or word at pc; returns the words it takes. */
static u32 put_insn(Dis *d, const Plan *p, u32 pc, u32 *slot) {
  const RvFunc *f = p->f;
  const struct RvOpInfo *info = full_insn(f, pc);
  if (!info) {
    const struct RvOpInfo *raw = rva_decode(f->code, f->ncode, pc);
    rva_putf(d->o, "  .raw 0x%08x", f->code[pc]);
    if (raw && raw->words == 2) rva_putf(d->o, ", 0x%08x", f->code[pc + 1]);
    rva_putz(d->o, "\n");
    return raw ? raw->words : 1;
  }
  u32 n = info->noperands;
  if (n > 0 && info->operand[n - 1].kind == RV_KIND_CN && !p->caches_stated)
    n--;
  rva_putf(d->o, "  %s", info->name);
  for (u32 i = 0; i < n; i++) {
    rva_putz(d->o, i > 0 ? ", " : " ");
    put_operand(d, p, info, pc, i, *slot);
  }
  rva_putz(d->o, "\n");
  if (info->flags & RV_OPF_CACHE) ++*slot;
  return info->words;
}

/* Label and height in front of pc. */
static void put_marks(Dis *d, const Plan *p, u32 pc, u32 *height) {
  const RvFunc *f = p->f;
  bool label = p->marks[pc] & (RVA_TARGET | MARK_NAMED);
  bool due = p->marks[pc] & RVA_DUE && pc < f->ncode && !p->heights_stated;
  if (label) rva_putf(d->o, "L%u:", pc);
  if (due) {
    const RvHeight *h = &f->heights[(*height)++];
    rva_putf(d->o, "%s[%u, %u, %u]", label ? " " : "", h->regs, h->cells,
             h->tbc);
  }
  if (label || due) rva_putz(d->o, "\n");
}

static void put_code(Dis *d, const Plan *p) {
  const RvFunc *f = p->f;
  u32 height = 0, line = 0, slot = 0;
  for (u32 pc = 0;;) {
    put_marks(d, p, pc, &height);
    if (!p->lines_stated && line < f->nlines && f->lines[line].pc == pc)
      rva_putf(d->o, "  .line %u\n", f->lines[line++].line);
    if (pc == f->ncode) break;
    pc += put_insn(d, p, pc, &slot);
  }
}

static void put_capture(Dis *d, u32 func, u32 i) {
  const RvFunc *f = &d->img->funcs[func];
  const RvCapture *c = &f->captures[i];
  u32 maker = d->maker[func];
  rva_putz(d->o, "  .upvalue ");
  if (f->nupnames) {
    put_str(d, f->upnames[i]);
    rva_putz(d->o, " ");
  }
  if (!c->from_cell) {
    rva_putf(d->o, "u%u\n", c->index);
  } else if (maker != RVA_NONE && c->index >= d->img->funcs[maker].nparams) {
    rva_putf(d->o, "c%u\n", c->index - d->img->funcs[maker].nparams);
  } else {
    rva_putf(d->o, "@%u\n", c->index);
  }
}

static void put_tables(Dis *d, const Plan *p, u32 func) {
  const RvFunc *f = p->f;
  if (f->source) {
    rva_putz(d->o, "  .source ");
    put_str(d, f->source - 1);
    rva_putz(d->o, "\n");
  }
  for (u32 i = 0; i < f->nup; i++) put_capture(d, func, i);
  for (u32 i = 0; p->consts_stated && i < f->nk; i++) {
    rva_putz(d->o, "  .const ");
    put_const(d, &f->k[i]);
    rva_putz(d->o, "\n");
  }
  for (u32 i = 0; p->children_stated && i < f->nchildren; i++) {
    rva_putz(d->o, "  .child ");
    put_text(d, d->func_name[f->children[i]]);
    rva_putz(d->o, "\n");
  }
  for (u32 i = 0; p->caches_stated && i < f->ncaches; i++)
    rva_putf(d->o, "  .cache @%u\n", f->cache_key[i]);
  for (u32 i = 0; p->heights_stated && i < f->nheights; i++) {
    const RvHeight *h = &f->heights[i];
    rva_putf(d->o, "  .height %u %u %u %u\n", h->pc, h->regs, h->cells, h->tbc);
  }
  for (u32 i = 0; p->lines_stated && i < f->nlines; i++)
    rva_putf(d->o, "  .line %u at %u\n", f->lines[i].line, f->lines[i].pc);
}

static void put_local(Dis *d, const Plan *p, const RvLocal *l) {
  rva_putz(d->o, "  .local ");
  if (!l->is_cell) {
    rva_putf(d->o, "r%u ", l->reg);
  } else if (l->reg >= p->f->nparams) {
    rva_putf(d->o, "c%u ", l->reg - p->f->nparams);
  } else {
    rva_putf(d->o, "@%u ", l->reg);
  }
  put_str(d, l->name);
  rva_putz(d->o, " ");
  put_position(d, p, l->from);
  rva_putz(d->o, " ");
  put_position(d, p, l->to);
  rva_putz(d->o, "\n");
}

static void put_header(Dis *d, const Plan *p, u32 func) {
  const RvFunc *f = p->f;
  const RvImgStr *s = &d->img->strs[f->name];
  RvaText name = d->func_name[func];
  rva_putz(d->o, "\n.func ");
  put_text(d, name);
  if (name.len == s->len && memcmp(name.p, s->p, s->len) == 0) {
    use_str(d, f->name);
  } else {
    rva_putz(d->o, " ");
    put_str(d, f->name);
  }
  rva_putf(d->o, " params=%u cells=%u regs=%u", f->nparams, f->ncells,
           f->nregs);
  if (f->flags & ~(RV_FUNC_VARARG | RV_FUNC_NATIVE)) {
    rva_putf(d->o, " flags=%u", f->flags);
  } else {
    if (f->flags & RV_FUNC_VARARG) rva_putz(d->o, " vararg");
    if (f->flags & RV_FUNC_NATIVE) rva_putz(d->o, " native");
  }
  if (p->heights_stated) rva_putz(d->o, " noinfer");
  rva_putz(d->o, "\n");
}

static bool put_func(Dis *d, u32 func) {
  const RvFunc *f = &d->img->funcs[func];
  Plan p;
  if (!make_plan(d, &p, f)) return false;
  put_header(d, &p, func);
  put_tables(d, &p, func);
  put_code(d, &p);
  for (u32 i = 0; i < f->nlocals; i++) put_local(d, &p, &f->locals[i]);
  rva_putz(d->o, ".end\n");
  return true;
}

/* -- The image ------------------------------------------------------------- */

static void put_entry(Dis *d) {
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

static void put_top(Dis *d) {
  const RvImage *img = d->img;
  if (img->name) {
    rva_putz(d->o, ".image ");
    put_str(d, img->name - 1);
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
    put_str(d, img->modules[i].name);
    rva_putz(d->o, " ");
    put_text(d, d->func_name[img->modules[i].func]);
    rva_putz(d->o, "\n");
  }
  put_entry(d);
}

/* Writes everything but the table of strings. */
static bool put_all(Dis *d) {
  put_top(d);
  for (u32 i = 0; i < d->img->nfuncs; i++)
    if (!put_func(d, i)) return false;
  return true;
}

static bool prepare(Dis *d) {
  const RvImage *img = d->img;
  d->str_seen = rva_alloc_array(&d->mem, (size_t)img->nstrs + 1, 1);
  d->func_name = rva_alloc_array(&d->mem, (size_t)img->nfuncs + 1,
                                 sizeof *d->func_name);
  d->import_named = rva_alloc_array(&d->mem, (size_t)img->nimports + 1, 1);
  d->maker = rva_alloc_array(&d->mem, (size_t)img->nfuncs + 1,
                             sizeof *d->maker);
  if (d->mem.nomem) return false;
  name_imports(d);
  name_functions(d);
  find_makers(d);
  d->sigs_stated = !sigs_are_natural(d);
  d->str_natural = true;
  return !d->mem.nomem;
}

bool rva_dis_full(const RvImage *img, RvaOut *o) {
  Dis d = {.img = img, .o = o};
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
