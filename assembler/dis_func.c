/* SPDX-License-Identifier: MIT */
/* A function as source: what must be stated is planned, then written. */
#include <string.h>

#include "assembler/code.h"
#include "assembler/dis.h"
#include "vm/num.h"

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
    const struct RvOpInfo *info =
        p->marks[pc] & RVA_START ? full_insn(f, pc) : NULL;
    if (!info || !(info->flags & RV_OPF_CACHE)) continue;
    u32 i = info->noperands - 1u;
    bool good = slot < f->ncaches && rva_operand(info, f->code + pc, i) == slot;
    if (good && is_key_kind(info->operand[i].kind))
      good = const_is_literal(p, info->operand[i].kind, f->cache_key[slot]);
    else if (good) good = f->cache_key[slot] == 0;
    if (!good) p->caches_stated = true;
    slot++;
  }
  if (slot != f->ncaches) p->caches_stated = true;
}

static void plan_entries(Plan *p) {
  const RvFunc *f = p->f;
  u32 consts = 0, children = 0, slot = 0;
  for (u32 pc = 0; pc < f->ncode; pc++) {
    const struct RvOpInfo *info =
        p->marks[pc] & RVA_START ? full_insn(f, pc) : NULL;
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
static u32 *find_first(RvaDis *d, const void *list, u32 n, size_t size) {
  RvaMap map = {0};
  u32 *first = rva_alloc_array(&d->mem, (size_t)n + 1, sizeof *first);
  for (u32 i = 0; first && i < n; i++)
    first[i] =
        rva_map_put(&d->mem, &map, (const char *)list + i * size, size, i);
  return first;
}

static bool make_plan(RvaDis *d, Plan *p, const RvFunc *f) {
  u64 *keys = rva_alloc_array(&d->mem, (size_t)f->nk + 1, 16);
  *p = (Plan){.f = f};
  p->marks = rva_alloc_array(&d->mem, (size_t)f->ncode + 1, 1);
  if (!keys || !p->marks) return false;
  for (u32 i = 0; i < f->nk; i++) {
    keys[2 * i] = f->k[i].v;
    keys[2 * i + 1] = f->k[i].tag;
  }
  p->first_const = find_first(d, keys, f->nk, 16);
  p->first_child =
      find_first(d, f->children, f->nchildren, sizeof *f->children);
  if (d->mem.nomem) return false;
  rva_mark(f->code, f->ncode, p->marks);
  plan_caches(p);
  plan_entries(p);
  plan_heights(p);
  plan_debug(p);
  return true;
}

/* -- Pieces ---------------------------------------------------------------- */

static void put_text(RvaDis *d, RvaText t) { rva_put(d->o, t.p, t.len); }

static void put_const(RvaDis *d, const RvConst *k) {
  char text[RV_NUM_TEXT];
  if (k->tag == RV_STR) {
    rva_dis_str(d, (u32)k->v);
  } else if (k->tag == RV_INT) {
    rva_put(d->o, text, rv_num_texti((i64)k->v, text));
  } else {
    rva_put(d->o, text, rv_num_text17(rv_u2d(k->v), text));
  }
}

/* -- A function ------------------------------------------------------------ */

static void put_position(RvaDis *d, const Plan *p, u32 pc) {
  bool named = pc <= p->f->ncode && p->marks[pc] & RVA_START;
  rva_putf(d->o, named ? "L%u" : "%u", pc);
}

static void put_operand(RvaDis *d, const Plan *p, const struct RvOpInfo *info,
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
static u32 put_insn(RvaDis *d, const Plan *p, u32 pc, u32 *slot) {
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
static void put_marks(RvaDis *d, const Plan *p, u32 pc, u32 *height) {
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

static void put_code(RvaDis *d, const Plan *p) {
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

static void put_capture(RvaDis *d, u32 func, u32 i) {
  const RvFunc *f = &d->img->funcs[func];
  const RvCapture *c = &f->captures[i];
  u32 maker = d->maker[func];
  rva_putz(d->o, "  .upvalue ");
  if (f->nupnames) {
    rva_dis_str(d, f->upnames[i]);
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

static void put_tables(RvaDis *d, const Plan *p, u32 func) {
  const RvFunc *f = p->f;
  if (f->source) {
    rva_putz(d->o, "  .source ");
    rva_dis_str(d, f->source - 1);
    rva_putz(d->o, "\n");
  }
  if (f->line_last)
    rva_putf(d->o, "  .lines %u %u\n", f->line_first, f->line_last);
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

static void put_local(RvaDis *d, const Plan *p, const RvLocal *l) {
  rva_putz(d->o, "  .local ");
  if (!l->is_cell) {
    rva_putf(d->o, "r%u ", l->reg);
  } else if (l->reg >= p->f->nparams) {
    rva_putf(d->o, "c%u ", l->reg - p->f->nparams);
  } else {
    rva_putf(d->o, "@%u ", l->reg);
  }
  rva_dis_str(d, l->name);
  rva_putz(d->o, " ");
  put_position(d, p, l->from);
  rva_putz(d->o, " ");
  put_position(d, p, l->to);
  rva_putz(d->o, "\n");
}

static void put_header(RvaDis *d, const Plan *p, u32 func) {
  const RvFunc *f = p->f;
  const RvImgStr *s = &d->img->strs[f->name];
  RvaText name = d->func_name[func];
  rva_putz(d->o, "\n.func ");
  if (name.len == s->len && memcmp(name.p, s->p, s->len) == 0) {
    rva_dis_name(d, f->name);
  } else {
    put_text(d, name);
    rva_putz(d->o, " ");
    rva_dis_str(d, f->name);
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

bool rva_dis_func(RvaDis *d, u32 func) {
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
