/* SPDX-License-Identifier: MIT */
/* What the command line sees of a RoveMachine besides include/rove.h. */
#ifndef RV_VM_CAPI_ROVE_API_H
#define RV_VM_CAPI_ROVE_API_H

#include "include/rove.h"
#include "vm/machine.h"

RvMachine *rv_api_machine(const RoveMachine *m);
/* An error was raised inside the machine: the status, with rove_error set. */
RoveStatus rv_api_failed(RoveMachine *m);
/* What a program run as `lua` runs it finds: the table `arg`, with argv[script]
   at index 0, in a machine whose library is open; paths that do not come from
   the environment (before it is opened). */
RoveStatus rv_api_set_arg(RoveMachine *m, int argc, char **argv, int script);
RoveStatus rv_api_set_noenv(RoveMachine *m);
/* Stores the first result of the last run in a global variable. */
RoveStatus rv_api_store_result(RoveMachine *m, const char *name, size_t len);
/* Calls f with *arg, or with what the last run returned (NULL). */
RoveStatus rv_api_call(RoveMachine *m, RvValue f, const RvValue *arg);
/* Result i of the last run, as it is. */
RvValue rv_api_result(const RoveMachine *m, size_t i);
void rv_api_set_result(RoveMachine *m, size_t i, RvValue v);
/* Reads a line of standard input as the console device does, whatever the policy
   says. Length 0: the end. ROVE_INTERRUPTED or ROVE_TIMEOUT: a request has been
   obeyed. The line is valid until the machine is used. */
RoveStatus rv_api_console_line(RoveMachine *m, const char **line, size_t *len);
/* Verifies an image that was built here, as rove_image_load does for bytes. */
bool rv_api_verify(RvImage *img, char *error, size_t size);
/* The whole file, malloc'd; NULL with errno set. */
u8 *rv_api_read_file(const char *path, size_t *size);

#endif
