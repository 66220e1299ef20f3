/* SPDX-License-Identifier: MIT */
/* What the builtins share: argument checks, results, their tables.

   Rules for a builtin. It may be stopped at any fuel payment and entered again,
   so it checks its arguments afresh at every entry and changes nothing before
   the last payment, unless it keeps its progress in slots behind its arguments
   (rv_lib_keep). What it finds there is checked for type at each entry: slots
   may come from a snapshot, and a wrong number must cost no more than a wrong
   result. After an allocation it trusts only what slots or live objects
   hold. */
#ifndef RV_STDLIB_LIB_H
#define RV_STDLIB_LIB_H

#include "vm/call.h"
#include "vm/meta.h"
#include "vm/num.h"
#include "vm/table.h"

/* -- Tables of builtins --------------------------------------------------- */
typedef struct RvLib {
  const RvNativeDef *defs;
  u32 n;
} RvLib;

extern const RvLib rv_lib_core;
extern const RvLib rv_lib_string;
extern const RvLib rv_lib_format;
extern const RvLib rv_lib_table;
extern const RvLib rv_lib_sort;
extern const RvLib rv_lib_math;
extern const RvLib rv_lib_random;
extern const RvLib rv_lib_buffer;
extern const RvLib rv_lib_base;
extern const RvLib rv_lib_control;
extern const RvLib rv_lib_debug;
extern const RvLib rv_lib_debug_up;
extern const RvLib rv_lib_list;
extern const RvLib rv_lib_pattern;
extern const RvLib rv_lib_pack;
extern const RvLib rv_lib_utf8;
extern const RvLib rv_lib_user;
extern const RvLib rv_lib_package;
/* All of them, ended by NULL. */
extern const RvLib *const rv_libs[];

/* Those that the base library needs by themselves. */
RvStatus rv_builtin_tonumber(RvNativeCtx *c);
RvStatus rv_tab_insert(RvNativeCtx *c);
RvStatus rv_tab_remove(RvNativeCtx *c);
RvStatus rv_tab_move(RvNativeCtx *c);
RvStatus rv_tab_concat(RvNativeCtx *c);
RvStatus rv_tab_unpack(RvNativeCtx *c);
RvStatus rv_tab_sort(RvNativeCtx *c);
extern const RvNativeDef *const rv_builtin_next;

/* -- Arguments ------------------------------------------------------------ */
/* "bad argument #1 to 'string.rep' (text)". */
RvStatus rv_lib_argerr(RvNativeCtx *c, u32 i, const char *text);
/* Raises s with the position of a level in front; s lies in a slot. */
RvStatus rv_lib_raise(RvNativeCtx *c, RvString *s, u32 level);
/* A string; a number becomes its text, which replaces the argument. */
RvStatus rv_lib_str(RvNativeCtx *c, u32 i, RvString **out);
/* A number of either kind, or a string that spells one. */
RvStatus rv_lib_num(RvNativeCtx *c, u32 i, RvValue *out);
RvStatus rv_lib_flt(RvNativeCtx *c, u32 i, double *out);
/* As rv_arg_int, with a default for nil and for a missing argument. */
RvStatus rv_lib_optint(RvNativeCtx *c, u32 i, i64 missing, i64 *out);
RvStatus rv_lib_buf(RvNativeCtx *c, u32 i, RvBuffer **out);
/* Room for cap bytes in the buffer, those in use kept; new bytes are not
   cleared. */
RvStatus rv_lib_buf_cap(RvMachine *m, RvBuffer *b, u64 cap);
/* A buffer of n bytes, not cleared, in kept slot 0. */
RvStatus rv_lib_buf_make(RvNativeCtx *c, u64 n, RvBuffer **out);
/* string.find, version 1: for version 2, whose first arguments are the same. */
RvStatus rv_lib_find_plain(RvNativeCtx *c);
/* Raises "value expected" when the argument is not there at all. */
RvStatus rv_lib_any(RvNativeCtx *c, u32 i);

/* -- Metatables ----------------------------------------------------------- */
/* The metatable (NULL: none) of all values of v's type, which is not table; what
   a program cannot tell apart shares it, buffers have their own. */
void rv_lib_set_type_meta(RvMachine *m, u64 tag, RvTable *meta);

/* -- The slow way ------------------------------------------------------------
   A builtin that does the common case itself and leaves the rest to a function
   of the library written in Lua: calls that with the same arguments; its results
   are the builtin's. To be called again, whatever the arguments are by then,
   when c->state is RV_LIB_SLOW. */
#define RV_LIB_SLOW RV_STATE_SLOW
RvStatus rv_lib_slow(RvNativeCtx *c, const char *name);

/* -- Positions in strings ----------------------------------------------------
   From 1; negative ones count from the end. */
/* First position: 1 .. len+1 or beyond. */
RV_INLINE u64 rv_lib_first(i64 pos, u64 len) {
  if (pos > 0) return (u64)pos;
  if (pos == 0 || pos < -(i64)len) return 1;
  return len + (u64)pos + 1;
}
/* Last position: 0 .. len. */
RV_INLINE u64 rv_lib_last(i64 pos, u64 len) {
  if (pos > (i64)len) return len;
  if (pos >= 0) return (u64)pos;
  return pos < -(i64)len ? 0 : len + (u64)pos + 1;
}

/* -- Progress ----------------------------------------------------------------
   Slots that a builtin keeps behind its arguments; number 0 is the first. */
RvStatus rv_lib_keep(RvNativeCtx *c, u32 n);
RV_INLINE u32 rv_lib_at(const RvNativeCtx *c, u32 i) {
  return c->base + c->nargs + i;
}
RV_INLINE RvValue rv_lib_kept(const RvNativeCtx *c, u32 i) {
  return rv_slot(c->th, rv_lib_at(c, i));
}
RV_INLINE void rv_lib_put(RvNativeCtx *c, u32 i, RvValue v) {
  rv_slot_set(c->th, rv_lib_at(c, i), v);
}
/* The kept slots are not what this builtin left there. */
RvStatus rv_lib_corrupt(RvNativeCtx *c);

/* -- Strings as results ------------------------------------------------------
   Bytes to be written at p before the next allocation; then `done`. */
typedef struct RvOut {
  char *p;
  u64 len;
  RvString *s;
  char small[RV_INTERN_MAX];
} RvOut;
RvStatus rv_lib_out(RvNativeCtx *c, RvOut *o, u64 len);
RvStatus rv_lib_out_done(RvNativeCtx *c, RvOut *o);
/* One result: a string with these bytes (or the memory error). */
RvStatus rv_lib_retstr(RvNativeCtx *c, const char *p, size_t len);

/* Longest text that rv_lib_text writes. */
#define RV_LIB_TEXT 128
/* Text of a value other than a string, without events: numbers, booleans, nil;
   others by type and serial number. Returns its length; 0: error raised. */
size_t rv_lib_text(RvNativeCtx *c, RvValue v, char out[RV_LIB_TEXT]);
/* "0x" and the serial number, eight digits or more; light pointers by address.
   0: error raised. */
size_t rv_lib_pointer(RvNativeCtx *c, RvValue v, char out[24]);

#endif
