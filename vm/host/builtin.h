/* SPDX-License-Identifier: MIT */
/* Builtins: natives that an image imports by name and version (stdlib/). */
#ifndef RV_VM_HOST_BUILTIN_H
#define RV_VM_HOST_BUILTIN_H

#include "vm/object.h"

/* The definition of builtin `name` in the version asked for; NULL when there
   is none. Definitions are immutable and live as long as the process. */
const RvNativeDef *rv_builtin_find(const char *name, size_t len, u32 version);

#endif
