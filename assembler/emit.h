/* SPDX-License-Identifier: MIT */
/* The tree becomes an image: what emit.c (tables) and emit_func.c (functions)
   share. Everything is numbered in the order of the text. */
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

/* Adds function s (RVA_FUNC) to the image. */
void rva_emit_func(RvaEmit *e, const RvaStmt *s);
/* When all functions are there: what depends on other parts of the image. */
void rva_finish_func(RvaEmit *e, const RvaStmt *s, u32 index, u32 maker);

#endif
