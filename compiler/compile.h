/* SPDX-License-Identifier: MIT */
/* The Lua front end: source text to an image. README.md shows the mapping. */
#ifndef RV_COMPILER_COMPILE_H
#define RV_COMPILER_COMPILE_H

#include "vm/image.h"

/* Memory of one compilation: as realloc with sizes; nsize 0 frees. */
typedef struct RvlAlloc {
  void *(*fn)(void *ud, void *p, size_t osize, size_t nsize);
  void *ud;
} RvlAlloc;

typedef struct RvlOptions {
  const RvlAlloc *alloc; /* NULL: the C library's */
  const char *chunk;     /* chunk name as Lua's load has it: "@FILE", "=TEXT" or
                            the program itself */
  size_t chunk_len;
  bool library; /* the standard library: `@` names reach machine and host */
  bool program; /* the image says that it wants the library */
  bool strip;   /* no debug information */
} RvlOptions;

typedef struct RvlDiag {
  char text[800];  /* "FILE:LINE: message near 'token'", NUL-terminated */
  u32 line;        /* 0: none */
  bool incomplete; /* the text ends too early: more may make it right */
  bool nomem;
} RvlDiag;

/* Compiles a chunk and adds it to img as module `module`. The image gets
   functions, strings and the module at its end and is complete again when this
   returns true. False: *d says why; img may have grown by strings and
   functions that nothing uses and should be dropped. Not verified. */
bool rvl_compile(RvImage *img, const char *module, const char *text, size_t len,
                 const RvlOptions *o, RvlDiag *d);

#endif
