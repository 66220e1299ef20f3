/* SPDX-License-Identifier: MIT */
/* Mutations of images that know the format: tables and code of an image in
   memory are changed one fact at a time, most often to values that nearly fit.
   Included by one C file of a program. */
#ifndef RV_TESTS_FUZZ_MUTATE_H
#define RV_TESTS_FUZZ_MUTATE_H

#include "vm/image_file.h"
#include "vm/walk.h"

static u64 mutate_seed = 1;

static u32 below(u32 n) {
  mutate_seed ^= mutate_seed << 13;
  mutate_seed ^= mutate_seed >> 7;
  mutate_seed ^= mutate_seed << 17;
  return n ? (u32)(mutate_seed >> 33) % n : 0;
}

static bool chance(u32 percent) { return below(100) < percent; }

/* A number near v, at an edge, or below n. */
static u32 near(u32 v, u32 n) {
  static const u32 edges[] = {0, 1, 127, 128, 249, 250, 254, 255, 65535,
                              0xffffff, 0x7fffffff, 0xffffffff};
  if (chance(40)) return v + 1 - 2 * below(2);
  if (chance(20)) return v + below(9) - 4;
  if (chance(15)) return edges[below(sizeof edges / sizeof *edges)];
  return below(n + 1);
}

/* A copy with room for one more; the old list stays with the image. */
static void *grown(RvImage *img, const void *old, u32 n, size_t size) {
  u8 *p = rv_image_alloc(img, (n + 1) * size);
  if (!p) abort();
  if (n) memcpy(p, old, n * size);
  return p;
}

/* Adds a copy of an element, or takes one away, or swaps two. */
static void *mutate_list(RvImage *img, void *list, u32 *n, size_t size) {
  u32 i = below(*n), k = below(*n);
  u8 *p = grown(img, list, *n, size);
  if (chance(40) && *n) {
    memmove(p + i * size, p + (i + 1) * size, (*n - i - 1) * size);
    --*n;
  } else if (chance(60)) {
    memmove(p + (i + 1) * size, p + i * size, (*n - i) * size);
    ++*n;
  } else if (*n) {
    memcpy(p + i * size, (u8 *)list + k * size, size);
    memcpy(p + k * size, (u8 *)list + i * size, size);
  }
  return p;
}

/* -- Code ------------------------------------------------------------------ */

static void set_field(RvInsn *at, u8 fmt, u8 field, u32 v) {
  switch (field) {
  case RV_FIELD_A: *at = (*at & ~0xff00u) | (v & 0xff) << 8; break;
  case RV_FIELD_B: *at = (*at & ~0xff0000u) | (v & 0xff) << 16; break;
  case RV_FIELD_C: *at = (*at & ~0xff000000u) | v << 24; break;
  case RV_FIELD_D:
  case RV_FIELD_S: *at = (*at & 0xffff) | v << 16; break;
  case RV_FIELD_E: at[1] = (at[1] & 0xff) | v << 8; break;
  case RV_FIELD_J:
    if (fmt != RV_FMT_J) at++;
    *at = (*at & 0xff) | v << 8;
  }
}

/* The first word of some instruction, or any word where they make no sense. */
static u32 some_pc(const RvFunc *f) {
  u32 want = below(f->ncode), pc = 0;
  while (pc < f->ncode) {
    u32 n = rv_op_info(RV_INSN_OP(f->code[pc]))->words;
    if (!n) n = 1;
    if (pc + n > want) break;
    pc += n;
  }
  return pc < f->ncode ? pc : want;
}

static const struct RvOpInfo *info_at(const RvFunc *f, u32 pc) {
  const struct RvOpInfo *op = rv_op_info(RV_INSN_OP(f->code[pc]));
  return op->name && pc + op->words <= f->ncode ? op : NULL;
}

static void mutate_opcode(RvFunc *f, u32 pc) {
  const struct RvOpInfo *was = info_at(f, pc);
  u32 op = below(256);
  for (u32 i = 0; i < 2000; i++, op = below(256)) {
    const struct RvOpInfo *is = rv_op_info((u8)op);
    if (was && is->name && is->fmt == was->fmt) break;
    if (i > 20 && is->name && is->words == 1 + (was && was->words > 1)) break;
  }
  if (chance(3)) op = below(256);
  f->code[pc] = (f->code[pc] & ~0xffu) | op;
}

static void mutate_operand(RvImage *img, RvFunc *f, u32 pc) {
  const struct RvOpInfo *op = info_at(f, pc);
  if (!op || !op->noperands) {
    f->code[pc] ^= 1u << below(32);
    return;
  }
  const struct RvOperand *o = &op->operand[below(op->noperands)];
  i64 was = rv_insn_field(f->code + pc, op->fmt, o->field);
  u32 n = f->nregs;
  switch (o->kind) {
  case RV_KIND_CW:
  case RV_KIND_CR: n = f->nparams + f->ncells; break;
  case RV_KIND_UP: n = f->nup; break;
  case RV_KIND_K:
  case RV_KIND_KN:
  case RV_KIND_KS: n = f->nk; break;
  case RV_KIND_N:
  case RV_KIND_NO: n = chance(80) ? 6 : 255; break;
  case RV_KIND_JF:
  case RV_KIND_JB: n = f->ncode; break;
  case RV_KIND_CA:
  case RV_KIND_CX:
  case RV_KIND_CN: n = f->ncaches; break;
  case RV_KIND_IM:
  case RV_KIND_IB:
  case RV_KIND_IH: n = img->nimports; break;
  case RV_KIND_PR: n = f->nchildren; break;
  case RV_KIND_I8:
  case RV_KIND_I16:
  case RV_KIND_U8:
  case RV_KIND_U24: n = chance(50) ? 0xffffff : 255; break;
  default: break;
  }
  set_field(f->code + pc, op->fmt, o->field, near((u32)was, n));
}

/* Jumps somewhere else, mostly to where others jump. */
static void mutate_jump(RvFunc *f) {
  for (u32 tries = 0; tries < 30; tries++) {
    u32 pc = some_pc(f);
    const struct RvOpInfo *op = info_at(f, pc);
    if (!op || !(op->flags & RV_OPF_JUMP)) continue;
    u32 next = pc + op->words;
    u32 to = f->nheights && chance(70) ? f->heights[below(f->nheights)].pc
                                       : some_pc(f);
    set_field(f->code + pc, op->fmt, RV_FIELD_J, to - next);
    return;
  }
}

/* Moves what stands from pc on by n words (or takes n words away there): code,
   heights, lines and jumps across. */
static void shift_code(RvImage *img, RvFunc *f, u32 pc, i32 n) {
  u32 end = f->ncode;
  RvInsn *code = rv_image_alloc(img, (end + 4) * sizeof *code);
  if (!code) abort();
  for (u32 at = 0; at < end;) {
    const struct RvOpInfo *op = info_at(f, at);
    u32 words = op ? op->words : 1;
    if (op && op->flags & RV_OPF_JUMP) {
      i64 j = rv_insn_field(f->code + at, op->fmt, RV_FIELD_J);
      i64 to = (i64)at + words + j;
      if (at < pc && to > pc) j += n;
      if (at >= pc && to <= pc) j -= n;
      set_field(f->code + at, op->fmt, RV_FIELD_J, (u32)j);
    }
    at += words;
  }
  u32 skip = n < 0 ? (u32)-n : 0, gap = n > 0 ? (u32)n : 0;
  memcpy(code, f->code, pc * sizeof *code);
  memcpy(code + pc + gap, f->code + pc + skip,
         (end - pc - skip) * sizeof *code);
  f->code = code;
  f->ncode = (u32)((i32)end + n);
  for (u32 i = 0; i < f->nheights; i++)
    if (f->heights[i].pc > pc) f->heights[i].pc += (u32)n;
  for (u32 i = 0; i < f->nlines; i++)
    if (f->lines[i].pc > pc) f->lines[i].pc += (u32)n;
  for (u32 i = 0; i < f->nlocals; i++) {
    if (f->locals[i].from > pc) f->locals[i].from += (u32)n;
    if (f->locals[i].to > pc) f->locals[i].to += (u32)n;
  }
}

static void mutate_words(RvImage *img, RvFunc *f) {
  u32 pc = some_pc(f), from = some_pc(f);
  const struct RvOpInfo *op = info_at(f, from);
  u32 n = op ? op->words : 1;
  RvInsn copy[2] = {f->code[from], from + 1 < f->ncode ? f->code[from + 1] : 0};
  if (chance(50)) {
    shift_code(img, f, pc, (i32)n);
    memcpy(f->code + pc, copy, n * sizeof *copy);
  } else if (chance(60)) {
    op = info_at(f, pc);
    n = op ? op->words : 1;
    if (pc + n < f->ncode) shift_code(img, f, pc, -(i32)n);
  } else if (pc + n <= f->ncode) {
    memcpy(f->code + pc, copy, n * sizeof *copy);
  }
}

static void mutate_height(RvImage *img, RvFunc *f) {
  if (f->nheights == 0 || chance(15)) {
    f->heights = mutate_list(img, f->heights, &f->nheights,
                             sizeof *f->heights);
    return;
  }
  RvHeight *h = &f->heights[below(f->nheights)];
  if (chance(55)) h->regs = (u8)near(h->regs, f->nregs);
  else if (chance(40)) h->cells = (u8)near(h->cells, f->ncells);
  else if (chance(50)) h->tbc = (u8)near(h->tbc, 3);
  else h->pc = near(h->pc, f->ncode);
}

/* -- Tables of a function -------------------------------------------------- */

static void mutate_counts(RvFunc *f) {
  switch (below(5)) {
  case 0: f->nparams = (u8)near(f->nparams, 4); break;
  case 1: f->ncells = (u8)near(f->ncells, 4); break;
  case 2: f->nregs = (u8)near(f->nregs, 250); break;
  case 3: f->flags ^= 1; break;
  default: f->flags = (u8)near(f->flags, 3); break;
  }
}

static void mutate_capture(RvImage *img, RvFunc *f) {
  if (f->nup == 0 || chance(30)) {
    u32 *names = rv_image_alloc(img, (f->nup + 2) * sizeof *names);
    if (!names) abort();
    for (u32 i = 0; i < f->nupnames; i++) names[i] = f->upnames[i];
    f->upnames = names;
    f->captures = mutate_list(img, f->captures, &f->nup, sizeof *f->captures);
    if (f->nupnames) f->nupnames = f->nup;
    return;
  }
  RvCapture *c = &f->captures[below(f->nup)];
  if (chance(40)) c->from_cell ^= 1;
  else c->index = (u8)near(c->index, 5);
}

static void mutate_constant(RvImage *img, RvFunc *f) {
  static const u64 values[] = {
      0, 1, UINT64_MAX, 1ull << 63, (1ull << 63) - 1, 0x7ff0000000000000ull,
      0x7ff8000000000000ull, 0xfff8000000000000ull, 0x3ff0000000000000ull};
  if (f->nk == 0 || chance(20)) {
    f->k = mutate_list(img, f->k, &f->nk, sizeof *f->k);
    return;
  }
  RvConst *k = &f->k[below(f->nk)];
  if (chance(40)) k->tag = (u8)(chance(90) ? (u32[]){RV_INT, RV_FLT, RV_STR}[
                                                 below(3)] : below(256));
  if (k->tag == RV_STR && chance(80)) k->v = below(img->nstrs + 1);
  else if (chance(50)) k->v = values[below(sizeof values / sizeof *values)];
  else k->v ^= 1ull << below(64);
}

static void mutate_index(RvImage *img, u32 **list, u32 *n, u32 limit) {
  if (*n == 0 || chance(25)) *list = mutate_list(img, *list, n, sizeof **list);
  else {
    u32 *p = *list + below(*n);
    *p = near(*p, limit);
  }
}

static void mutate_debug(RvImage *img, RvFunc *f) {
  switch (below(6)) {
  case 0:
    f->source = near(f->source, img->nstrs);
    break;
  case 3:
    if (chance(50)) f->line_first = near(f->line_first, 100);
    else f->line_last = near(f->line_last, 100);
    break;
  case 1:
    if (f->nlines == 0 || chance(30)) {
      f->lines = mutate_list(img, f->lines, &f->nlines, sizeof *f->lines);
    } else {
      RvLine *l = &f->lines[below(f->nlines)];
      if (chance(50)) l->pc = near(l->pc, f->ncode);
      else l->line = near(l->line, 100);
    }
    break;
  case 2:
    f->nupnames = f->nupnames ? 0 : f->nup;
    f->upnames = rv_image_alloc(img, (f->nup + 1) * sizeof *f->upnames);
    if (!f->upnames) abort();
    break;
  default:
    if (f->nlocals == 0 || chance(30)) {
      f->locals = mutate_list(img, f->locals, &f->nlocals, sizeof *f->locals);
    } else {
      RvLocal *l = &f->locals[below(f->nlocals)];
      switch (below(5)) {
      case 0: l->name = near(l->name, img->nstrs); break;
      case 1: l->from = near(l->from, f->ncode); break;
      case 2: l->to = near(l->to, f->ncode); break;
      case 3: l->reg = (u8)near(l->reg, f->nregs); break;
      default: l->is_cell ^= 1;
      }
    }
  }
}

/* -- Tables of the image --------------------------------------------------- */

static void mutate_import(RvImage *img) {
  if (img->nimports == 0) return;
  RvImport *p = &img->imports[below(img->nimports)];
  switch (below(7)) {
  case 0: p->kind = (u8)near(p->kind, 3); break;
  case 1: p->alias = near(p->alias, img->nstrs); break;
  case 2: p->module = near(p->module, img->nstrs); break;
  case 3: p->name = near(p->name, img->nstrs); break;
  case 4: p->version = near(p->version, 3); break;
  case 5: *p = img->imports[below(img->nimports)]; break;
  default: p->sig = near(p->sig, img->nsigs);
  }
}

static void mutate_sig(RvImage *img) {
  if (img->nsigs == 0) return;
  RvSig *s = &img->sigs[below(img->nsigs)];
  if (chance(25)) s->nargs = (u8)near(s->nargs, RV_SIG_MAX);
  else if (chance(25)) s->nres = (u8)near(s->nres, RV_SIG_MAX);
  RvSigItem *i = &(chance(60) ? s->args : s->res)[below(3)];
  switch (below(6)) {
  case 0: i->opt ^= 1; break;
  case 1: i->size = near(i->size, 16); break;
  case 2: i->callback = near(i->callback, img->nsigs); break;
  default: i->type = (u8)near(i->type, RV_SIG_NTYPES);
  }
}

static void mutate_string(RvImage *img) {
  if (img->nstrs == 0) return;
  RvImgStr *s = &img->strs[below(img->nstrs)];
  if (chance(30)) {
    s->len = s->len ? below(s->len) : 0;
  } else if (chance(30)) {
    *s = img->strs[below(img->nstrs)];
  } else if (s->len) {
    char *p = rv_image_copy(img, s->p, s->len);
    if (!p) abort();
    p[below(s->len)] = (char)below(256);
    s->p = p;
  }
}

static void mutate_image(RvImage *img) {
  switch (below(5)) {
  case 0: img->name = near(img->name, img->nstrs); break;
  case 1: img->entry = near(img->entry, img->nmodules); break;
  case 2: img->features ^= 1ull << below(64); break;
  default:
    if (img->nmodules == 0) return;
    RvModule *m = &img->modules[below(img->nmodules)];
    if (chance(30)) m->name = near(m->name, img->nstrs);
    else m->func = near(m->func, img->nfuncs);
  }
}

/* -- Bytes ----------------------------------------------------------------- */

/* The container with bytes at .. at+cut-1 of section i replaced by n others,
   malloc'd, table and length put right, not sealed. */
static u8 *edit_section(const u8 *bytes, size_t size, u32 i, u64 at, u64 cut,
                        const u8 *with, size_t n, size_t *out) {
  RvImgSection s;
  rv_image_section(bytes, size, i, &s);
  size_t from = (size_t)(s.offset + at);
  size_t count = (size_t)rv_get_le(bytes + 6, 2);
  *out = size - (size_t)cut + n;
  u8 *p = malloc(*out);
  if (!p) abort();
  memcpy(p, bytes, from);
  if (n) memcpy(p + from, with, n);
  memcpy(p + from + n, bytes + from + cut, size - from - (size_t)cut);
  rv_put_le(p + 8, *out, 8);
  for (size_t k = i; k < count; k++) {
    u8 *e = p + RV_FILE_HEADER + k * RV_FILE_ENTRY;
    if (k == i) rv_put_le(e + 16, s.length - cut + n, 8);
    else rv_put_le(e + 8, rv_get_le(e + 8, 8) - cut + n, 8);
  }
  return p;
}

/* Changes, adds or takes away some bytes in one section; malloc'd. */
__attribute__((unused))
static u8 *mutate_bytes(const u8 *bytes, size_t size, size_t *out) {
  u8 with[8];
  RvImgSection s;
  u32 i = below((u32)rv_get_le(bytes + 6, 2));
  rv_image_section(bytes, size, i, &s);
  u32 length = (u32)s.length, at = below(length + 1);
  u32 cut = chance(60) ? 1 : below(5), n = chance(60) ? 1 : below(5);
  if (cut > length - at) cut = length - at;
  for (u32 k = 0; k < n; k++)
    with[k] = (u8)(chance(50) ? below(256) : near(bytes[s.offset + at], 4));
  return edit_section(bytes, size, i, at, cut, with, n, out);
}

/* -- All together ---------------------------------------------------------- */

/* One change. Indices may end up outside of their tables, nothing else may: the
   image is still one that rv_image_check can be asked about. */
static void mutate_once(RvImage *img) {
  RvFunc *f = &img->funcs[below(img->nfuncs)];
  u32 x = below(100);
  if (img->nfuncs == 0 || f->ncode == 0 || x < 2) mutate_image(img);
  else if (x < 4) mutate_import(img);
  else if (x < 6) mutate_sig(img);
  else if (x < 8) mutate_string(img);
  else if (x < 11) mutate_debug(img, f);
  else if (x < 14) mutate_counts(f);
  else if (x < 17) mutate_capture(img, f);
  else if (x < 22) mutate_constant(img, f);
  else if (x < 24)
    mutate_index(img, &f->cache_key, &f->ncaches, f->nk);
  else if (x < 26)
    mutate_index(img, &f->children, &f->nchildren, img->nfuncs);
  else if (x < 33) mutate_height(img, f);
  else if (x < 40) mutate_jump(f);
  else if (x < 52) mutate_words(img, f);
  else if (x < 67) mutate_opcode(f, some_pc(f));
  else mutate_operand(img, f, some_pc(f));
}

__attribute__((unused))
static void mutate(RvImage *img) {
  do mutate_once(img);
  while (chance(30));
}

#endif
