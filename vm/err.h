/* SPDX-License-Identifier: MIT */
/* Errors: making them, their texts, tracebacks.

   An error is any value in th->err while a function returns RV_ERROR. Messages
   made here begin with the position of the running instruction when its
   function carries line information ("file:line: "). */
#ifndef RV_VM_ERR_H
#define RV_VM_ERR_H

#include "vm/machine.h"

/* Raises a string made as by rv_num_fmt, with position: that of the running
   instruction of a program; in a builtin that of its caller. */
RvStatus rv_err(RvThread *th, const char *fmt, ...) RV_PRINTF(2, 3) RV_COLD;
/* For what the machine complains of and not a builtin: with the position of the
   running instruction only. */
RvStatus rv_err_run(RvThread *th, const char *fmt, ...) RV_PRINTF(2, 3) RV_COLD;
/* The same without position. */
RvStatus rv_err_plain(RvThread *th, const char *fmt, ...) RV_PRINTF(2, 3)
    RV_COLD;
/* Raises v as it is. */
RvStatus rv_err_value(RvThread *th, RvValue v);
/* Raises the memory error, which exists beforehand. */
RvStatus rv_err_memory(RvThread *th) RV_COLD;
/* Type errors of operations, with the name of the value: "attempt to WHAT a T
   value (local 'x')". operand: its number in the running instruction as
   opcodes.isa lists them, -1 when it is none of them. */
RvStatus rv_err_op(RvThread *th, const char *what, RvValue v,
                   int operand) RV_COLD;
/* v is what the running instruction concatenates from its register B + i. */
RvStatus rv_err_concat(RvThread *th, RvValue v, u32 i) RV_COLD;
RvStatus rv_err_call(RvThread *th, RvValue v) RV_COLD;
/* The value of a `tbc` has no event: "variable 'x' got a non-closable value". */
RvStatus rv_err_close(RvThread *th) RV_COLD;
RvStatus rv_err_arith(RvThread *th, RvValue a, RvValue b, bool bitwise) RV_COLD;
/* Index of a value that has no fields; own: it is the instruction's operand. */
RvStatus rv_err_index(RvThread *th, RvValue o, bool own) RV_COLD;
RvStatus rv_err_compare(RvThread *th, RvValue a, RvValue b) RV_COLD;
/* "table", "number", ... or the metatable's __name. */
const char *rv_err_typename(RvMachine *m, RvValue v);
extern const char *const rv_type_names[];
/* Index into rv_type_names, as instruction `type` numbers them. */
int rv_type_code(u64 tag);
/* Text of an error value for a person: strings and numbers as they are, others
   by type. Writes at most size bytes with the terminator; returns the length. */
size_t rv_err_text(RvMachine *m, RvValue v, char *out, size_t size);
/* "bad argument #1 to 'name' (text)" of the builtin that runs, or "calling 'name'
   on bad self (text)". i counts from 0. */
RvStatus rv_err_arg(RvThread *th, u32 i, const char *fmt, ...)
    RV_PRINTF(3, 4) RV_COLD;

/* Words of code that naming a value looks at for one unit of fuel. */
#define RV_NAME_WORDS 256u

/* Line that the frame is at; 0: not code of a program, or without lines. */
u32 rv_err_line(const RvFrame *fr);
/* Name of the chunk a function came from, for a person: of a source "@file" the
   file, of "=name" the name, of any other the beginning of its text. */
#define RV_CHUNK_NAME 60
size_t rv_err_chunk(const RvProto *p, char out[RV_CHUNK_NAME]);
/* The function is a main chunk to a program: a module's main function of which
   no lines are known. */
bool rv_err_is_main(const RvProto *p);
/* Position "file:line: " of the frame, or "" without line information. */
size_t rv_err_where(RvThread *th, u32 frame, char *out, size_t size);
/* "stack traceback:" with one line for each level of thread `of` from `level`
   on, as a string of th's machine. */
RvString *rv_err_traceback(RvThread *th, RvThread *of, u32 level);

#endif
