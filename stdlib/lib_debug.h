/* SPDX-License-Identifier: MIT */
/* What the builtins "debug" share. */
#ifndef RV_STDLIB_LIB_DEBUG_H
#define RV_STDLIB_LIB_DEBUG_H

#include "stdlib/lib.h"
#include "vm/level.h"

/* What the first arguments name: a thread, or the running one, and a function
   or a level of the thread. */
typedef struct RvDebugPlace {
  RvThread *of;
  u32 first;  /* number of the argument behind the thread */
  u32 level;  /* frame; 0: a function was given, or there is no such level */
  RvValue fn; /* nil: no such level */
} RvDebugPlace;

RvStatus rv_debug_level(RvNativeCtx *c, RvDebugPlace *p);
/* Two results; the frame must have two slots. */
RvStatus rv_debug_ret_named(RvNativeCtx *c, const char *name, RvValue v);
void rv_debug_set_cell(RvMachine *m, RvCell *cell, RvValue v);

#endif
