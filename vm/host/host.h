/* SPDX-License-Identifier: MIT */
/* The host-call layer as the machine sees it: all vm/ includes of vm/host. */
#ifndef RV_VM_HOST_HOST_H
#define RV_VM_HOST_HOST_H

#include "vm/call.h"

/* An import of an image as one machine has resolved it. */
typedef struct RvBound RvBound;

/* Devices, policy and counters of a machine; called by rv_machine_new/free. */
bool rv_host_init(RvMachine *m);
void rv_host_fini(RvMachine *m);

/* Resolves every import of img for this machine: an array of img->nimports
   entries owned by the host layer and kept as long as the image is. NULL: no
   memory, or an import that cannot exist (unknown device, operation or builtin,
   signature that does not fit): error raised in m->th. Missing grants are no
   error here: they are tested at each call. */
RvBound **rv_host_bind(RvMachine *m, RvImage *img);

/* HCALL: arguments from slot `at` on, as many as the signature has; results
   arrive from `at` on. May return RV_STOP to be restarted. */
RvStatus rv_host_call(RvThread *th, u32 at, RvBound *b);

/* The builtin that import b names. */
const RvNativeDef *rv_host_builtin(RvBound *b);

/* Asked when fuel runs out inside a foreign C frame: units granted or 0. */
i64 rv_host_more_fuel(RvMachine *m);

/* Does the policy show anything of the environment? */
bool rv_host_env_granted(const RvMachine *m);

/* Values the host layer keeps alive (callbacks): called by the collector for
   each root. */
void rv_host_roots(RvMachine *m, void (*visit)(RvMachine *m, RvValue v));

#endif
