/* SPDX-License-Identifier: MIT */
/* The heap validator. */
#include "vm/heap_impl.h"
void rv_gc_check(RvMachine *m) { (void)m; }
void rv_gc_check_ledger(RvMachine *m) { (void)m; }
