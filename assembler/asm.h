/* SPDX-License-Identifier: MIT */
/* The assembler: text to image and back. isa-spec/assembly.md is the grammar.

   Neither direction does any input or output, keeps state between calls or
   judges whether an image is safe to run: the assembler refuses only what it
   cannot encode, and the verifier does the rest. */
#ifndef RV_ASSEMBLER_ASM_H
#define RV_ASSEMBLER_ASM_H

#include "vm/image.h"

/* Errors kept of one file; further ones are only counted. */
#define RV_ASM_MAX_ERRORS 20u

typedef struct RvAsmError {
  u32 line, column; /* from 1; columns count bytes. 0: no place */
  char text[200];
} RvAsmError;

typedef struct RvAsmDiag {
  const char *file; /* as given to rv_asm_text, not copied */
  u32 nerrors;      /* all that were found */
  u32 nkept;        /* those in `error`, in the order of discovery */
  RvAsmError error[RV_ASM_MAX_ERRORS];
} RvAsmDiag;

/* Assembles len bytes of text into a new image with one reference, not yet
   verified. NULL on failure, with at least one error in *d. `file` is used in
   messages only. */
RvImage *rv_asm_text(const char *file, const char *text, size_t len,
                     RvAsmDiag *d);

/* Receives a piece of text. */
typedef void (*RvTextOut)(void *ud, const char *p, size_t n);

/* Writes img as text: as source that assembles to the same image byte for byte,
   or, when plain, as the fixed listing of assembly.md. img must pass
   rv_image_check and need not be verified. False when memory is out. */
bool rv_dis(const RvImage *img, bool plain, RvTextOut out, void *ud);
/* One function of it as source, for reading. */
bool rv_dis_func(const RvImage *img, u32 func, RvTextOut out, void *ud);

#endif
