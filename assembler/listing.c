/* SPDX-License-Identifier: MIT */
/* The plain listing: every table of an image as it stands in the file, in a
   form that a reader written from isa-spec/assembly.md alone gives too. */
#include "assembler/code.h"
#include "assembler/out.h"
#include "vm/value.h"

static void put_str(const RvImage *img, RvaOut *o, u32 i) {
  rva_put_quoted(o, img->strs[i].p, img->strs[i].len);
}

/* index + 1, or 0 for none */
static void put_opt_str(const RvImage *img, RvaOut *o, u32 i) {
  if (i == 0) {
    rva_putz(o, "-");
  } else {
    put_str(img, o, i - 1);
  }
}

static void put_items(RvaOut *o, const RvSigItem *it, u32 n) {
  rva_putz(o, "(");
  for (u32 i = 0; i < n; i++) {
    if (i > 0) rva_putz(o, ", ");
    rva_putz(o, rva_sig_type_name[it[i].type]);
    if (it[i].type == RV_SIG_BYTES && it[i].size)
      rva_putf(o, "[%u]", it[i].size);
    if (it[i].type == RV_SIG_CALLBACK) rva_putf(o, "@%u", it[i].callback - 1);
    if (it[i].opt) rva_putz(o, "?");
  }
  rva_putz(o, ")");
}

static void put_import(const RvImage *img, RvaOut *o, u32 i) {
  const RvImport *p = &img->imports[i];
  rva_putf(o, "  %u ", i);
  put_str(img, o, p->alias);
  rva_putf(o, " %s ", rva_import_kind[p->kind]);
  if (p->kind != RV_IMPORT_BUILTIN) {
    put_str(img, o, p->module);
    rva_putz(o, " ");
  }
  put_str(img, o, p->name);
  rva_putf(o, " %u\n", p->kind == RV_IMPORT_BUILTIN ? p->version : p->sig);
}

static void put_tables(const RvImage *img, RvaOut *o) {
  rva_putz(o, "name ");
  put_opt_str(img, o, img->name);
  rva_putf(o, "\nfeatures 0x%016llx\n", (unsigned long long)img->features);
  if (img->entry) {
    rva_putf(o, "entry %u\n", img->entry - 1);
  } else {
    rva_putz(o, "entry -\n");
  }
  rva_putf(o, "strings %u\n", img->nstrs);
  for (u32 i = 0; i < img->nstrs; i++) {
    rva_putf(o, "  %u ", i);
    put_str(img, o, i);
    rva_putz(o, "\n");
  }
  rva_putf(o, "signatures %u\n", img->nsigs);
  for (u32 i = 0; i < img->nsigs; i++) {
    rva_putf(o, "  %u ", i);
    put_items(o, img->sigs[i].args, img->sigs[i].nargs);
    rva_putz(o, " ");
    put_items(o, img->sigs[i].res, img->sigs[i].nres);
    rva_putz(o, "\n");
  }
  rva_putf(o, "imports %u\n", img->nimports);
  for (u32 i = 0; i < img->nimports; i++) put_import(img, o, i);
  rva_putf(o, "modules %u\n", img->nmodules);
  for (u32 i = 0; i < img->nmodules; i++) {
    rva_putf(o, "  %u ", i);
    put_str(img, o, img->modules[i].name);
    rva_putf(o, " %u\n", img->modules[i].func);
  }
  rva_putf(o, "functions %u\n", img->nfuncs);
}

static void put_const(const RvImage *img, RvaOut *o, const RvFunc *f, u32 i) {
  const RvConst *k = &f->k[i];
  rva_putf(o, "  const %u ", i);
  if (k->tag == RV_INT) {
    rva_putf(o, "int %lld\n", (long long)k->v);
  } else if (k->tag == RV_FLT) {
    rva_putf(o, "float 0x%016llx\n", (unsigned long long)k->v);
  } else {
    rva_putf(o, "string %u\n", (u32)k->v);
  }
}

static void put_func_tables(const RvImage *img, RvaOut *o, const RvFunc *f) {
  for (u32 i = 0; i < f->nup; i++) {
    rva_putf(o, "  capture %u %s %u ", i,
             f->captures[i].from_cell ? "cell" : "upvalue",
             f->captures[i].index);
    put_opt_str(img, o, f->nupnames ? f->upnames[i] + 1 : 0);
    rva_putz(o, "\n");
  }
  for (u32 i = 0; i < f->nchildren; i++)
    rva_putf(o, "  child %u %u\n", i, f->children[i]);
  for (u32 i = 0; i < f->nk; i++) put_const(img, o, f, i);
  for (u32 i = 0; i < f->ncaches; i++)
    rva_putf(o, "  cache %u %u\n", i, f->cache_key[i]);
  for (u32 i = 0; i < f->nheights; i++) {
    const RvHeight *h = &f->heights[i];
    rva_putf(o, "  height %u %u %u %u\n", h->pc, h->regs, h->cells, h->tbc);
  }
  rva_putz(o, "  source ");
  put_opt_str(img, o, f->source);
  rva_putf(o, "\n  lines %u %u\n", f->line_first, f->line_last);
  for (u32 i = 0; i < f->nlines; i++)
    rva_putf(o, "  line %u %u\n", f->lines[i].pc, f->lines[i].line);
  for (u32 i = 0; i < f->nlocals; i++) {
    const RvLocal *l = &f->locals[i];
    rva_putf(o, "  local %s %u %u %u ", l->is_cell ? "cell" : "reg", l->reg,
             l->from, l->to);
    put_str(img, o, l->name);
    rva_putz(o, "\n");
  }
}

static u32 put_insn(RvaOut *o, const RvFunc *f, u32 pc) {
  const struct RvOpInfo *info = rva_decode(f->code, f->ncode, pc);
  const RvInsn *w = f->code + pc;
  rva_putf(o, "  %05u %08x", pc, w[0]);
  if (!info) {
    rva_putz(o, " ?\n");
    return 1;
  }
  if (info->words == 2) rva_putf(o, " %08x", w[1]);
  rva_putf(o, " %s", info->name);
  for (u32 i = 0; i < info->noperands; i++) {
    rva_putz(o, i > 0 ? ", " : " ");
    if (info->operand[i].field == RV_FIELD_J) {
      rva_putf(o, "->%lld", (long long)rva_jump_target(info, w, pc));
    } else {
      rva_putf(o, "%lld", (long long)rva_operand(info, w, i));
    }
  }
  rva_putz(o, "\n");
  return info->words;
}

void rva_dis_plain(const RvImage *img, RvaOut *o) {
  put_tables(img, o);
  for (u32 i = 0; i < img->nfuncs; i++) {
    const RvFunc *f = &img->funcs[i];
    rva_putf(o, "function %u ", i);
    put_str(img, o, f->name);
    rva_putf(o, " params %u cells %u regs %u flags 0x%02x\n", f->nparams,
             f->ncells, f->nregs, f->flags);
    put_func_tables(img, o, f);
    rva_putf(o, "  code %u\n", f->ncode);
    for (u32 pc = 0; pc < f->ncode;) pc += put_insn(o, f, pc);
  }
}
