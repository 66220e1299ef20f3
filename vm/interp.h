/* SPDX-License-Identifier: MIT */
/* The interpreter loop. */
#ifndef RV_VM_INTERP_H
#define RV_VM_INTERP_H

#include "vm/call.h"

/* Runs m->th from its top frame until the frame at index `floor` of thread
   `bottom` has returned (RV_OK), or an error passes it (RV_ERROR), or the
   machine must stop (RV_STOP, RV_KILL). */
RvStatus rv_interp_run(RvMachine *m, RvThread *bottom, u32 floor);
/* The handler tables for m->dispatch: plain, and with m->hook before each
   instruction. */
const void *const *rv_interp_dispatch(void);
const void *const *rv_interp_dispatch_hooked(void);

#endif
