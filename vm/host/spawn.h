/* SPDX-License-Identifier: MIT */
/* Operations of device process that start programs. */
#ifndef RV_VM_HOST_SPAWN_H
#define RV_VM_HOST_SPAWN_H

#include "vm/host/file.h"

RvStatus rv_spawn_run(RvHostCall *c);
RvStatus rv_spawn_start(RvHostCall *c);
RvStatus rv_spawn_close(RvHostCall *c);
/* The machine ends with the handle still open: it does not wait. */
void rv_spawn_drop(RvMachine *m, RvDevice *d, void *p);

#endif
