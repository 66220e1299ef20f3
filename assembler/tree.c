/* SPDX-License-Identifier: MIT */
/* What the parser makes of a text: messages and builders. */
#include "assembler/tree.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "assembler/code.h"
#include "vm/num.h"

void rva_error(RvaAsm *a, RvaLoc loc, const char *fmt, ...) {
  RvAsmDiag *d = a->diag;
  if (a->mem.nomem) return; /* what follows from that is no error of the text */
  d->nerrors++;
  if (d->nkept == RV_ASM_MAX_ERRORS) return;
  RvAsmError *e = &d->error[d->nkept++];
  va_list ap;
  e->line = loc.line;
  e->column = loc.column;
  va_start(ap, fmt);
  rv_num_vfmt(e->text, sizeof e->text, fmt, ap);
  va_end(ap);
  for (char *p = e->text; *p; p++) /* names may hold what a terminal obeys */
    if ((u8)*p < ' ' || *p == 0x7f) *p = '?';
}

/* -- Builders -------------------------------------------------------------- */

RvaOpd *rva_opd(RvaAsm *a, RvaLoc loc, RvaOpdKind kind, u64 v, RvaText text) {
  RvaOpd *o = rva_alloc(&a->mem, sizeof *o);
  o->loc = loc;
  o->kind = kind;
  o->v = v;
  o->text = text;
  return o;
}

RvaOpd *rva_opd_join(RvaOpd *list, RvaOpd *last) {
  last->next = list ? list->next : last;
  if (list) list->next = last;
  return last;
}

RvaOpd *rva_opd_first(RvaOpd *list) {
  if (!list) return NULL;
  RvaOpd *first = list->next;
  list->next = NULL;
  return first;
}

static RvaType *first_type(RvaType *list) {
  if (!list) return NULL;
  RvaType *first = list->next;
  list->next = NULL;
  return first;
}

RvaType *rva_type_join(RvaType *list, RvaType *last) {
  last->next = list ? list->next : last;
  if (list) list->next = last;
  return last;
}

RvaType *rva_type(RvaAsm *a, RvaLoc loc, RvaText name, bool opt, u64 size) {
  RvaType *t = rva_alloc(&a->mem, sizeof *t);
  t->loc = loc;
  t->name = name;
  t->opt = opt;
  t->size = size;
  return t;
}

RvaType *rva_type_unsigned(RvaAsm *a, RvaLoc loc, u64 bits, bool opt) {
  char *text = rva_alloc(&a->mem, 1 + RV_NUM_TEXT);
  text[0] = 'u';
  u32 n = 1 + (u32)rv_num_texti((i64)bits, text + 1);
  return rva_type(a, loc, (RvaText){text, n}, opt, 0);
}

RvaType *rva_type_func(RvaAsm *a, RvaLoc loc, RvaType *args, RvaType *res) {
  RvaType *t = rva_type(a, loc, (RvaText){0}, false, 0);
  t->args = first_type(args);
  t->res = first_type(res);
  return t;
}

RvaType *rva_type_ref(RvaAsm *a, RvaLoc loc, u64 index) {
  RvaType *t = rva_type(a, loc, (RvaText){0}, false, index);
  t->is_ref = 1;
  return t;
}

RvaStmt *rva_stmt(RvaAsm *a, RvaLoc loc, RvaStmtKind kind) {
  RvaStmt *s = rva_alloc(&a->mem, sizeof *s);
  bool inside = kind > RVA_FUNC;
  s->loc = loc;
  s->kind = kind;
  if (a->mem.nomem) return s;
  if (inside && !a->func) {
    rva_error(a, loc, "expected `.func` before this");
  } else if (!inside && a->func) {
    rva_error(a, loc, "expected `.end` of function `%.*s` before this",
              RVA_TEXT(a->func->text));
  } else {
    RvaStmt ***tail = inside ? &a->func->func->tail : &a->tail;
    **tail = s;
    *tail = &s->next;
  }
  return s;
}

static bool text_is(RvaText t, const char *z) {
  return t.len == strlen(z) && memcmp(t.p, z, t.len) == 0;
}

RvaStmt *rva_import(RvaAsm *a, RvaLoc loc, RvaText kind, RvaOpd *alias) {
  RvaStmt *s = rva_stmt(a, loc, RVA_IMPORT);
  s->opd = alias;
  for (u32 k = RV_IMPORT_DEVICE; k <= RV_IMPORT_BUILTIN; k++)
    if (text_is(kind, rva_import_kind[k])) s->n[0] = k;
  if (s->n[0] == 0)
    rva_error(a, loc, "expected `device`, `native` or `builtin`, got `%.*s`",
              RVA_TEXT(kind));
  return s;
}

void rva_func_begin(RvaAsm *a, RvaLoc loc, RvaText name, RvaText debug_name) {
  RvaStmt *s = rva_stmt(a, loc, RVA_FUNC);
  RvaFunc *f = rva_alloc(&a->mem, sizeof *f);
  if (a->mem.nomem) return;
  s->func = f;
  s->text = name;
  s->text2 = debug_name;
  f->tail = &f->first;
  f->params = f->cells = f->regs = -1;
  a->func = s;
}

void rva_func_end(RvaAsm *a, RvaLoc loc) {
  if (!a->func) {
    rva_error(a, loc, "`.end` without `.func`");
  } else {
    a->func = NULL;
  }
}

static void set_count(RvaAsm *a, RvaLoc loc, RvaText name, i32 *field, u64 v) {
  if (v > 255) {
    rva_error(a, loc, "expected %.*s=0 to 255", RVA_TEXT(name));
  } else {
    *field = (i32)v;
  }
}

void rva_func_attr(RvaAsm *a, RvaLoc loc, RvaText name, bool has_value,
                   u64 value) {
  RvaFunc *f = a->func ? a->func->func : NULL;
  if (!f || a->mem.nomem) return;
  if (has_value && text_is(name, "params")) {
    set_count(a, loc, name, &f->params, value);
  } else if (has_value && text_is(name, "cells")) {
    set_count(a, loc, name, &f->cells, value);
  } else if (has_value && text_is(name, "regs")) {
    set_count(a, loc, name, &f->regs, value);
  } else if (has_value && text_is(name, "flags")) {
    set_count(a, loc, name, &f->flags, value);
  } else if (!has_value && text_is(name, "vararg")) {
    f->flags |= RV_FUNC_VARARG;
  } else if (!has_value && text_is(name, "native")) {
    f->flags |= RV_FUNC_NATIVE;
  } else if (!has_value && text_is(name, "noinfer")) {
    f->no_infer = true;
  } else {
    rva_error(a, loc,
              "expected params=N, cells=N, regs=N, vararg, native, noinfer or "
              "flags=N, got `%.*s`",
              RVA_TEXT(name));
  }
}

/* -- Assembly -------------------------------------------------------------- */

RvImage *rv_asm_text(const char *file, const char *text, size_t len,
                     RvAsmDiag *d) {
  RvImage *img = NULL;
  memset(d, 0, sizeof *d);
  d->file = file;
  RvaAsm *a = calloc(1, sizeof *a);
  char *buf =
      a && len < INT32_MAX ? rva_alloc_array(&a->mem, len + 2, 1) : NULL;
  if (buf) {
    if (len) memcpy(buf, text, len);
    a->diag = d;
    a->tail = &a->first;
    rva_parse(a, buf, len);
    if (d->nerrors == 0 && !a->mem.nomem) img = rva_emit(a);
  }
  if (!img && d->nerrors == 0) {
    const char *why = len < INT32_MAX ? "out of memory" : "text too long";
    d->nerrors = d->nkept = 1;
    memcpy(d->error[0].text, why, strlen(why) + 1);
  }
  if (a) rva_free_all(&a->mem);
  free(a);
  return img;
}
