/* SPDX-License-Identifier: MIT */
/* Which files become which modules of an image (`rove compile`). */
#ifndef RV_CLI_MODULES_H
#define RV_CLI_MODULES_H

#include "vm/conf.h"

typedef struct RvModuleFile {
  char *path;   /* to read it, and for its chunk name */
  char *module; /* "a.b" */
  bool init;    /* found as DIR/a/init.lua */
} RvModuleFile;

typedef struct RvModuleFiles {
  RvModuleFile *file; /* the entry first, the others by name of module */
  u32 n, cap;
} RvModuleFiles;

/* Finds the modules of MAIN and of the files and directories behind it; an exit
   code, after a message. What was found is to be freed in any case. */
int rv_modules_find(RvModuleFiles *l, int n, char **names);
void rv_modules_free(RvModuleFiles *l);

#endif
