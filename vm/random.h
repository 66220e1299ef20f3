/* SPDX-License-Identifier: MIT */
/* The random numbers of a machine: the generator xoshiro256**, seeded as PUC Lua
   seeds its own, so that the same seed gives the same numbers. A new machine
   has the seed 0, 0: what a run draws is the same each time unless the program
   asks for entropy. */
#ifndef RV_VM_RANDOM_H
#define RV_VM_RANDOM_H

#include "vm/machine.h"

void rv_random_seed(RvMachine *m, u64 a, u64 b);
/* The next 64 bits. */
u64 rv_random(RvMachine *m);
/* Any of 0 to n, each as likely, made of these bits and further ones. */
u64 rv_random_upto(RvMachine *m, u64 bits, u64 n);

#endif
