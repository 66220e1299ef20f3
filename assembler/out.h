/* SPDX-License-Identifier: MIT */
/* Text on its way out of the disassembler, in pieces of a fixed size. */
#ifndef RV_ASSEMBLER_OUT_H
#define RV_ASSEMBLER_OUT_H

#include "assembler/asm.h"

typedef struct RvaOut {
  RvTextOut fn; /* NULL: a dry run */
  void *ud;
  bool plain;
  u32 n;
  char buf[4000];
} RvaOut;

void rva_put(RvaOut *o, const char *p, size_t n);
void rva_putz(RvaOut *o, const char *z);
/* For short texts: names of any length go through rva_put. */
void rva_putf(RvaOut *o, const char *fmt, ...) RV_PRINTF(2, 3);
/* In quotes; all but printable ASCII as \xHH, in source also as \n, \r, \t. */
void rva_put_quoted(RvaOut *o, const char *p, size_t n);
void rva_flush(RvaOut *o);

/* The two texts. */
bool rva_dis_full(const RvImage *img, RvaOut *o);
bool rva_dis_one(const RvImage *img, u32 func, RvaOut *o);
void rva_dis_plain(const RvImage *img, RvaOut *o);

#endif
