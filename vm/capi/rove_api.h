/* SPDX-License-Identifier: MIT */
/* What the command line sees of a RoveMachine besides include/rove.h. */
#ifndef RV_VM_CAPI_ROVE_API_H
#define RV_VM_CAPI_ROVE_API_H

#include "include/rove.h"
#include "vm/machine.h"

RvMachine *rv_api_machine(const RoveMachine *m);
/* Verifies an image that was built here, as rove_image_load does for bytes. */
bool rv_api_verify(RvImage *img, char *error, size_t size);
/* The whole file, malloc'd; NULL with errno set. */
u8 *rv_api_read_file(const char *path, size_t *size);

#endif
