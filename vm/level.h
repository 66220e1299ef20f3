/* SPDX-License-Identifier: MIT */
/* Levels: the frames of a thread as programs count them, and how each was
   called (machine.md, "Levels").

   Level 0 runs, level 1 called it, and so on; markers are no levels. Builtins
   and functions with the flag native are C functions to a program. A C function
   that a native function calls for its own purposes belongs to that function's
   level, whose frame is the outermost one. Levels are named by the index of
   their frame; 0, the bottom marker, says there is none. */
#ifndef RV_VM_LEVEL_H
#define RV_VM_LEVEL_H

#include "vm/machine.h"
#include "vm/varname.h"

/* Bytecode, native or not; builtins and markers are none. */
RV_INLINE bool rv_frame_is_bytecode(const RvFrame *fr) {
  return fr->kind <= RV_FRAME_EVENT;
}
RV_INLINE RvProto *rv_frame_proto(const RvFrame *fr) {
  return ((RvClosure *)fr->fn)->proto;
}
/* Code of the program: it has positions, lines, names. */
RV_INLINE bool rv_frame_is_program(const RvFrame *fr) {
  return rv_frame_is_bytecode(fr) &&
         !(rv_frame_proto(fr)->f->flags & RV_FUNC_NATIVE);
}
/* The function of a frame that is no marker. */
RV_INLINE RvValue rv_frame_function(const RvFrame *fr) {
  return rv_obj(fr->fn, rv_frame_is_bytecode(fr) ? RV_CLOSURE : RV_NATIVE);
}
/* First word of the instruction that the frame is at; its pc must have been
   saved. */
u32 rv_frame_at(const RvFrame *fr);

/* Looking for a level far down costs a unit of fuel for so many. */
#define RV_LEVELS 64u
u32 rv_level(const RvThread *th, u32 n);
u32 rv_level_below(const RvThread *th, u32 level);
/* The level that frame i belongs to. */
u32 rv_level_of(const RvThread *th, u32 i);

/* How a level was called: kind is "global", "local", "method", "field",
   "upvalue", "metamethod", "for iterator" or NULL. */
RvVarName rv_level_name(const RvThread *th, u32 level);
/* Number of arguments that a frame was called with, -1: not known. */
i32 rv_frame_args(const RvThread *th, u32 i);
/* What the call instruction that frame `by` is at calls is C code of its own:
   neither an argument nor anything a program could have put there. */
bool rv_frame_calls_own(const RvFrame *by);

#define RV_GLOBAL_NAME 200
/* "insert" or "string.rep": where the loaded modules have the function; 0 when
   they have not. Pays for the search. */
size_t rv_global_name(RvThread *th, RvValue f, char out[RV_GLOBAL_NAME]);

#endif
