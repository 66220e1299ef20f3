/* SPDX-License-Identifier: MIT */
/* The standard library and the compiler as vm/capi, cli and natives see them.
   stdlib/ and compiler/ stand above vm/ and implement what is declared here. */
#ifndef RV_VM_HOST_LIBRARY_H
#define RV_VM_HOST_LIBRARY_H

#include "vm/machine.h"

/* The library, compiled and verified when Rove was built (build/gen). */
extern const RvImage rv_library_image;

/* The builtin that an image imports to say that its modules want the library. */
#define RV_LIBRARY_IMPORT "lua.library"
bool rv_library_wanted(const RvImage *img);
/* Runs the library's modules in the idle machine, once; they put their functions
   into its globals. Takes memory, and fuel that is counted but not limited.
   RV_ERROR: the error is in m->main. */
RvStatus rv_library_open(RvMachine *m);

/* `require` will find the modules of the image that this main function is from.
   An image of one module, its entry, has nothing to find and is left out. */
RvStatus rv_library_add_image(RvMachine *m, RvClosure *main);
/* The library's paths will not come from the environment (as `lua -E`). Before
   it is opened. */
RvStatus rv_library_set_noenv(RvMachine *m);

typedef struct RvLuaText {
  const char *text;
  size_t len;
  const char *chunk; /* chunk name: "@FILE", "=TEXT" or the program itself */
  size_t chunk_len;
  const char *module; /* name of the module in the image */
  bool program;       /* it imports the library; chunks of `load` do not */
  bool strip;
  /* Memory of the compilation, as realloc with sizes; NULL: the C library's. */
  void *(*alloc)(void *ud, void *p, size_t osize, size_t nsize);
  void *ud;
} RvLuaText;

/* Compiles a chunk into img (rvl_compile). On failure writes the message and
   says whether the text only ended too early. */
bool rv_lua_compile(RvImage *img, const RvLuaText *t, char *error, size_t size,
                    bool *incomplete);

#endif
