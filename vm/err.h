/* SPDX-License-Identifier: MIT */
/* Errors: making them, their texts, tracebacks.

   An error is any value in th->err while a function returns RV_ERROR. Messages
   made here begin with the position of the running instruction when its
   function carries line information ("file:line: "). */
#ifndef RV_VM_ERR_H
#define RV_VM_ERR_H

#include "vm/machine.h"

/* Raises a string made as by rv_str_fmt, with position. Returns RV_ERROR. */
RvStatus rv_err(RvThread *th, const char *fmt, ...) RV_PRINTF(2, 3) RV_COLD;
/* The same without position. */
RvStatus rv_err_plain(RvThread *th, const char *fmt, ...) RV_PRINTF(2, 3)
    RV_COLD;
/* Raises v as it is. */
RvStatus rv_err_value(RvThread *th, RvValue v);
/* Raises the memory error, which exists beforehand. */
RvStatus rv_err_memory(RvThread *th) RV_COLD;
/* Type errors of operations; `r` is the register of the culprit for its name,
   -1 when it has none. */
RvStatus rv_err_op(RvThread *th, const char *what, RvValue v, int r) RV_COLD;
RvStatus rv_err_arith(RvThread *th, RvValue a, RvValue b, bool bitwise) RV_COLD;
/* Index of a value that has no fields; the key is named when it is a string. */
RvStatus rv_err_index(RvThread *th, RvValue o, RvValue key) RV_COLD;
RvStatus rv_err_compare(RvThread *th, RvValue a, RvValue b) RV_COLD;
/* "table", "number", ... or the metatable's __name. */
const char *rv_err_typename(RvMachine *m, RvValue v);
extern const char *const rv_type_names[];
/* Index into rv_type_names, as instruction `type` numbers them. */
int rv_type_code(u64 tag);
/* Text of an error value for a person: strings and numbers as they are, others
   by type. Writes at most size bytes with the terminator; returns the length. */
size_t rv_err_text(RvMachine *m, RvValue v, char *out, size_t size);
/* "stack traceback:" with one line for each frame, as a string. */
RvString *rv_err_traceback(RvThread *th, RvThread *of, u32 skip);
/* Position "file:line: " of the frame, or "" without line information. */
size_t rv_err_where(RvThread *th, u32 frame, char *out, size_t size);

#endif
