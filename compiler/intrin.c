/* SPDX-License-Identifier: MIT */
/* What the library says with `@`: instructions, builtins, host calls.

     @"string.find:2"                        a builtin, as a function value
     @type(v), @rawset(t, k, v)              an instruction
     @pcall(f, ...)                          ... with open arguments and results
     @host("console", "write", "(str) int?", s)   a host call

   Only library sources may say it; README.md tells why. */
#include <string.h>

#include "compiler/gen.h"
#include "vm/host/sig.h"

typedef enum Form {
  FORM_VALUE,  /* A := op B, C */
  FORM_EFFECT, /* op A, B, C: registers read */
  FORM_OPEN,   /* window in A, counts in B and C, either may be open */
  FORM_FIXED,  /* results from the window's A on, as many as `results` */
  FORM_SUBSTR, /* A := op B, window of two in C */
  FORM_CLOSE,  /* window in A, results counted in B */
  FORM_HOST
} Form;

typedef struct Intrinsic {
  const char *name;
  u8 op, form;
  u8 args;    /* OPEN: those in front of the counted ones */
  u8 results; /* FIXED */
} Intrinsic;

static const Intrinsic list[] = {
    {"type", RV_OP_TYPE, FORM_VALUE, 1, 1},
    {"numtype", RV_OP_NUMTYPE, FORM_VALUE, 1, 1},
    {"tostr", RV_OP_TOSTR, FORM_VALUE, 1, 1},
    {"tonum", RV_OP_TONUM, FORM_VALUE, 1, 1},
    {"toint", RV_OP_TOINT, FORM_VALUE, 1, 1},
    {"tofloat", RV_OP_TOFLOAT, FORM_VALUE, 1, 1},
    {"rawget", RV_OP_RAWGET, FORM_VALUE, 2, 1},
    {"rawlen", RV_OP_RAWLEN, FORM_VALUE, 1, 1},
    {"rawequal", RV_OP_ISRAWEQ, FORM_VALUE, 2, 1},
    {"getmeta", RV_OP_GETMETA, FORM_VALUE, 1, 1},
    {"strbyte", RV_OP_STRBYTE, FORM_VALUE, 2, 1},
    {"strchar", RV_OP_STRCHAR, FORM_VALUE, 1, 1},
    {"conew", RV_OP_CONEW, FORM_VALUE, 1, 1},
    {"costatus", RV_OP_COSTATUS, FORM_VALUE, 1, 1},
    {"coyieldable", RV_OP_COYIELDABLE, FORM_VALUE, 0, 1},
    {"varargn", RV_OP_VARARGN, FORM_VALUE, 0, 1},
    {"varargi", RV_OP_VARARGI, FORM_VALUE, 1, 1},
    {"substr", RV_OP_SUBSTR, FORM_SUBSTR, 3, 1},
    {"rawset", RV_OP_RAWSET, FORM_EFFECT, 3, 0},
    {"setmeta", RV_OP_SETMETA, FORM_EFFECT, 2, 0},
    {"throw", RV_OP_THROW, FORM_EFFECT, 1, 0},
    {"next", RV_OP_NEXT, FORM_FIXED, 2, 2},
    {"corunning", RV_OP_CORUNNING, FORM_FIXED, 0, 2},
    {"coclose", RV_OP_COCLOSE, FORM_CLOSE, 1, 2},
    {"pcall", RV_OP_PCALL, FORM_OPEN, 1, 0},
    {"xpcall", RV_OP_XPCALL, FORM_OPEN, 2, 0},
    {"resume", RV_OP_RESUME, FORM_OPEN, 1, 0},
    {"yield", RV_OP_YIELD, FORM_OPEN, 0, 0},
    {"host", RV_OP_HCALL, FORM_HOST, 0, 0},
};

static const Intrinsic *named(const RvlName *name) {
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    if (strcmp(list[i].name, name->p) == 0) return &list[i];
  return NULL;
}

bool rvl_intrinsic_many(const RvlName *name) {
  const Intrinsic *in = named(name);
  return in && in->form != FORM_VALUE && in->form != FORM_SUBSTR;
}

static const Intrinsic *find(RvlGen *g, const RvlExpr *e) {
  const Intrinsic *in = named(e->r->name);
  if (in) return in;
  rvl_error(g->p, e->line, NULL, 0, "no instruction for '@%s'", e->r->name->p);
  return NULL;
}

static u32 count(const RvlExpr *e) {
  u32 n = 0;
  for (; e; e = e->next) n++;
  return n;
}

static void wrong(RvlGen *g, const RvlExpr *e, const char *what) {
  rvl_error(g->p, e->line, NULL, 0, "'@%s': %s", e->r->name->p, what);
}

/* -- Imports ------------------------------------------------------------------ */

u32 rvl_add_import(RvlParser *p, RvImport im) {
  RvImage *img = p->img;
  for (u32 i = 0; i < img->nimports; i++) {
    const RvImport *o = &img->imports[i];
    if (o->kind == im.kind && o->name == im.name && o->module == im.module &&
        o->version == im.version && o->sig == im.sig)
      return i;
  }
  u32 i = rv_image_add_import(img, &im);
  if (i == UINT32_MAX) p->mem.nomem = true;
  return i;
}

/* "string.find" is version 1, "string.find:2" version 2. */
void rvl_import(RvlGen *g, RvlName *name, u32 t) {
  const char *colon = strchr(name->p, ':');
  u32 version = colon ? (u32)(colon[1] - '0') : 1;
  RvlName *plain =
      colon ? rvl_name(g->p, name->p, (size_t)(colon - name->p)) : name;
  if (!plain) return;
  u32 s = rvl_image_str(g->p, plain);
  RvImport im = {
      .kind = RV_IMPORT_BUILTIN, .alias = s, .name = s, .version = version};
  rvl_ad(g, RV_OP_IMPORT, t, rvl_add_import(g->p, im));
}

static u32 add_sig(RvlGen *g, const RvTypes *t) {
  RvImage *img = g->p->img;
  RvSig s;
  memset(&s, 0, sizeof s);
  s.nargs = t->nargs;
  s.nres = t->nres;
  for (u32 i = 0; i < t->nargs; i++) {
    s.args[i].type = RV_SIG_TYPE(t->arg[i]);
    s.args[i].opt = (t->arg[i] & RV_SIG_OPT) != 0;
  }
  for (u32 i = 0; i < t->nres; i++) {
    s.res[i].type = RV_SIG_TYPE(t->res[i]);
    s.res[i].opt = (t->res[i] & RV_SIG_OPT) != 0;
  }
  for (u32 i = 0; i < img->nsigs; i++)
    if (memcmp(&img->sigs[i], &s, sizeof s) == 0) return i;
  u32 i = rv_image_add_sig(img, &s);
  if (i == UINT32_MAX) g->p->mem.nomem = true;
  return i;
}

/* -- Forms ---------------------------------------------------------------------- */

/* `have` values lie from `free` on; n are wanted. */
static void adjust(RvlGen *g, RvlExpr *e, u32 have, u32 n) {
  if (n == RVL_OPEN) wrong(g, e, "its results cannot be left open");
  else if (n > have) rvl_load_nil(g, g->free + have, n - have);
}

static void host(RvlGen *g, RvlExpr *e, u32 n) {
  RvlExpr *device = e->r->next, *op = device ? device->next : NULL;
  RvlExpr *sig = op ? op->next : NULL;
  u32 base = g->free;
  RvTypes t;
  if (!sig || device->kind != RVL_STR || op->kind != RVL_STR ||
      sig->kind != RVL_STR || !rv_sig_parse(sig->name->p, &t)) {
    wrong(g, e, "device, operation and signature expected");
    return;
  }
  if (count(sig->next) != t.nargs) {
    wrong(g, e, "wrong number of arguments");
    return;
  }
  RvImport im = {.kind = RV_IMPORT_DEVICE,
                 .alias = rvl_image_str(g->p, op->name),
                 .module = rvl_image_str(g->p, device->name),
                 .name = rvl_image_str(g->p, op->name),
                 .sig = add_sig(g, &t)};
  u32 import = rvl_add_import(g->p, im);
  rvl_push_list(g, sig->next, false);
  g->free = base;
  g->line = e->line;
  rvl_need(g, base + t.nres);
  rvl_ad(g, RV_OP_HCALL, base, import);
  adjust(g, e, t.nres, n);
}

static void open_form(RvlGen *g, const Intrinsic *in, RvlExpr *e, u32 n) {
  u32 base = g->free;
  bool open = rvl_push_list(g, e->r->next, true);
  u32 args = open ? RVL_OPEN : g->free - base - in->args;
  g->free = base;
  g->line = e->line;
  rvl_need(g, base + (n == RVL_OPEN ? 1 : n));
  rvl_abc(g, in->op, base, args, n);
}

/* Arguments in registers of their own or of variables. */
static void operands(RvlGen *g, RvlExpr *e, u32 r[3]) {
  u32 i = 0;
  for (RvlExpr *x = e->r->next; x && i < 3; x = x->next) r[i++] = rvl_any(g, x);
  g->line = e->line;
}

static void value_to(RvlGen *g, const Intrinsic *in, RvlExpr *e, u32 t) {
  u32 base = g->free, r[3] = {0};
  if (in->form == FORM_SUBSTR) {
    r[0] = rvl_any(g, e->r->next);
    r[1] = g->free;
    rvl_push_list(g, e->r->next->next, false);
    g->line = e->line;
  } else {
    operands(g, e, r);
  }
  rvl_abc(g, in->op, t, r[0], r[1]);
  g->free = base;
}

void rvl_intrinsic(RvlGen *g, RvlExpr *e, u32 n) {
  const Intrinsic *in = find(g, e);
  u32 base = g->free, r[3] = {0};
  if (!in) return;
  if (in->form != FORM_OPEN && in->form != FORM_HOST &&
      count(e->r->next) != in->args) {
    wrong(g, e, "wrong number of arguments");
    return;
  }
  switch ((Form)in->form) {
  case FORM_VALUE:
  case FORM_SUBSTR:
    rvl_need(g, base + 1);
    value_to(g, in, e, base);
    adjust(g, e, 1, n);
    break;
  case FORM_EFFECT:
    operands(g, e, r);
    rvl_abc(g, in->op, r[0], r[1], r[2]);
    g->free = base;
    adjust(g, e, 0, n);
    break;
  case FORM_OPEN: open_form(g, in, e, n); break;
  case FORM_FIXED:
    operands(g, e, r);
    g->free = base;
    rvl_need(g, base + in->results);
    rvl_abc(g, in->op, base, r[0], r[1]);
    adjust(g, e, in->results, n);
    break;
  case FORM_CLOSE:
    rvl_push_list(g, e->r->next, false);
    g->free = base;
    rvl_need(g, base + 2);
    rvl_abc(g, in->op, base, n == RVL_OPEN ? 2 : n, 0);
    if (n == RVL_OPEN) adjust(g, e, 2, n);
    break;
  case FORM_HOST: host(g, e, n); break;
  }
}

void rvl_intrinsic_to(RvlGen *g, RvlExpr *e, u32 t) {
  const Intrinsic *in = find(g, e);
  u32 base = g->free;
  if (!in) return;
  if ((in->form == FORM_VALUE || in->form == FORM_SUBSTR) &&
      count(e->r->next) == in->args) {
    value_to(g, in, e, t);
    return;
  }
  rvl_intrinsic(g, e, 1);
  rvl_move(g, t, base);
}
