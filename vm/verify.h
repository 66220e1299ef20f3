/* SPDX-License-Identifier: MIT */
/* The verifier: refuses any function the loop could not run safely. */
#ifndef RV_VM_VERIFY_H
#define RV_VM_VERIFY_H

#include "vm/height.h"

/* Checks every function of img in time linear in its size and sets
   img->verified. False: *d names function, pc and rule (or memory is out: no
   rule). Not to be called while another thread uses img. */
bool rv_verify_image(RvImage *img, RvDiag *d);
/* The same for the library image, whose functions may be flagged native. */
bool rv_verify_library(RvImage *img, RvDiag *d);

/* Tests only: switches one rule off (RvRule), -1 for none. Process-wide, so
   it exists in builds with RV_CHECK alone. */
#ifdef RV_CHECK
extern int rv_verify_disabled_rule;
#endif

#endif
