/* SPDX-License-Identifier: MIT */
/* The tree becomes an image: what emit.c (tables of the image), emit_func.c
   (functions) and emit_insn.c (their instructions) share. Everything is
   numbered in the order of the text. */
#ifndef RV_ASSEMBLER_EMIT_H
#define RV_ASSEMBLER_EMIT_H

#include "assembler/tree.h"

typedef struct RvaEmit {
  RvaAsm *a;
  RvImage *img;
  RvaMap funcs;   /* name -> function index; names need not come first */
  RvaMap imports; /* alias -> import index; likewise */
  RvaMap sigs;    /* content -> signature index */
} RvaEmit;

/* Index of a string in the image; memory errors are noted. */
u32 rva_emit_str(RvaEmit *e, RvaText t);
/* Copy of an arena array in the image; NULL when n is 0. */
void *rva_emit_copy(RvaEmit *e, const void *p, u32 n, size_t size);

/* -- Functions ------------------------------------------------------------- */

/* A jump whose label was not known yet. */
typedef struct RvaFixup {
  u32 word;         /* that holds the distance */
  u32 after;        /* pc behind the instruction */
  const RvaOpd *to; /* NAME */
} RvaFixup;

/* Where the range of a local begins and ends. */
typedef struct RvaRange {
  const RvaOpd *from, *to;
} RvaRange;

typedef struct RvaFn {
  RvaEmit *e;
  RvaAsm *a;
  const RvaFunc *src;
  RvFunc f;
  u32 ccode, ck, ccaches, cheights, cchildren, cup, clines, clocals;
  RvaRange *ranges; /* per local */
  u32 cranges;
  RvaText *upnames;
  u32 cupnames;
  bool named; /* some upvalue has a name */
  RvaFixup *fixups;
  u32 nfixups, cfixups;
  RvaMap labels;   /* name -> pc */
  RvaMap consts;   /* {value, tag} -> index */
  RvaMap children; /* function index -> child index */
  u32 cells;       /* cells used, when not stated */
} RvaFn;

/* Appends to one of the growing arrays; nothing without memory. */
#define RVA_PUSH(fn, array, cap, n, ...)                                 \
  do {                                                                   \
    if (rva_grow(&(fn)->a->mem, &(array), &(cap), (n), sizeof *(array))) \
      (array)[(n)++] = (__VA_ARGS__);                                    \
  } while (0)

/* emit_func.c: entries of the function's tables. */
/* Index of a constant, appended when it is not there or must be new. */
u32 rva_add_const(RvaFn *fn, RvConst k, bool must_be_new);
u32 rva_add_cache(RvaFn *fn, u32 key);
/* Index among the children of the function of that name. */
u32 rva_add_child(RvaFn *fn, RvaLoc loc, RvaText name, bool must_be_new);
RvConst rva_literal(RvaFn *fn, const RvaOpd *o);
/* Register number of cN, 256 or more when there is no such register. */
u32 rva_cell_register(RvaFn *fn, u64 n);
void rva_push_word(RvaFn *fn, RvInsn w);

/* emit_insn.c */
void rva_emit_insn(RvaFn *fn, const RvaStmt *s);
/* Fills in the distance of a jump when all labels are known. */
void rva_patch(RvaFn *fn, const RvaFixup *x);

/* Adds function s (RVA_FUNC) to the image. */
void rva_emit_func(RvaEmit *e, const RvaStmt *s);
/* When all functions are there: what depends on other parts of the image. */
void rva_finish_func(RvaEmit *e, const RvaStmt *s, u32 index, u32 maker);

#endif
