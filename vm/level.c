/* SPDX-License-Identifier: MIT */
/* Levels and the names of what they call. */
#include "vm/level.h"

#include <string.h>

#include "vm/call.h"
#include "vm/str.h"
#include "vm/table.h"
#include "vm/walk.h"

u32 rv_frame_at(const RvFrame *fr) {
  const RvInsn *code = rv_frame_proto(fr)->f->code;
  u32 pc = fr->pc ? fr->pc - 1 : 0;
  return RV_INSN_OP(code[pc]) == RV_OP_EXTRA ? pc - 1 : pc;
}

static RvVarName no_name(void) { return (RvVarName){NULL, NULL, 0}; }

/* -- Levels ---------------------------------------------------------------- */

static bool is_function(const RvFrame *fr) {
  return fr->kind <= RV_FRAME_NATIVE;
}

static bool is_native_code(const RvFrame *fr) {
  return rv_frame_is_bytecode(fr) && !rv_frame_is_program(fr);
}

static bool is_call(u8 op) { return op >= RV_OP_CALL && op <= RV_OP_TAILCALLA; }

bool rv_frame_calls_own(const RvFrame *by) {
  const RvFunc *f = rv_frame_proto(by)->f;
  u32 pc = rv_frame_at(by);
  RvInsn call = f->code[pc];
  if (!is_native_code(by) || !is_call(RV_INSN_OP(call))) return false;
  if (!rv_varname_setter(f, pc, RV_INSN_A(call), &pc)) return false;
  switch (RV_INSN_OP(f->code[pc])) {
  case RV_OP_IMPORT:
  case RV_OP_CLOSURE:
  case RV_OP_GETCELL:
  case RV_OP_GETUP: return true;
  default: return false;
  }
}

/* Frame i is what the builtin below calls to do its work (rv_lib_slow). */
static bool is_slow_half(const RvFrame *fr, const RvFrame *by) {
  return fr->then == RV_THEN_NATIVE && is_native_code(fr) &&
         by->kind == RV_FRAME_NATIVE && by->pc == RV_STATE_SLOW;
}

/* Frame i is a C function that the native function below called for itself. */
static bool is_part(const RvThread *th, u32 i) {
  if (i < 2) return false;
  const RvFrame *fr = &th->frames[i], *by = fr - 1;
  if (is_slow_half(fr, by)) return true;
  return is_function(fr) && !rv_frame_is_program(fr) &&
         (fr->then == RV_THEN_STORE || fr->then == RV_THEN_RETURN) &&
         is_native_code(by) && rv_frame_calls_own(by);
}

u32 rv_level_of(const RvThread *th, u32 i) {
  while (i > 0 && !is_function(&th->frames[i])) i--;
  while (i > 0 && is_part(th, i)) i--;
  return i;
}

u32 rv_level_below(const RvThread *th, u32 level) {
  return level ? rv_level_of(th, level - 1) : 0;
}

u32 rv_level(const RvThread *th, u32 n) {
  u32 i = rv_level_of(th, th->fi);
  while (n-- > 0 && i > 0) i = rv_level_below(th, i);
  return i;
}

/* -- How it was called ----------------------------------------------------- */

RvVarName rv_level_name(const RvThread *th, u32 level) {
  if (level == 0 || (th->frames[level].then & RV_FRAME_TAILED))
    return no_name();
  for (u32 i = level - 1; i > 0; i--) {
    const RvFrame *fr = &th->frames[i];
    switch (fr->kind) {
    case RV_FRAME_FINAL: return (RvVarName){"metamethod", "__gc", 0};
    case RV_FRAME_CLOSE:
      if (fr->nextra == RV_CLOSE_THREAD) return no_name();
      break;
    case RV_FRAME_CONCAT:
    case RV_FRAME_HANDLER: break; /* the instruction below is the cause */
    default: {
      if (!rv_frame_is_program(fr)) return no_name();
      const RvProto *p = rv_frame_proto(fr);
      return rv_varname_call(p->use->img, p->f, rv_frame_at(fr));
    }
    }
  }
  return no_name();
}

i32 rv_frame_args(const RvThread *th, u32 i) {
  const RvFrame *fr = &th->frames[i];
  if (fr->kind == RV_FRAME_NATIVE) return (i32)fr->nextra;
  if (!rv_frame_is_bytecode(fr)) return -1;
  if (fr->nextra) return (i32)(fr->nextra + rv_frame_proto(fr)->nparams);
  const RvFrame *by = fr - 1; /* code is never the lowest frame */
  if (fr->then == RV_THEN_PROTECTED) {
    u32 flags = ((RvNative *)by->fn)->def->flags;
    return (i32)by->nextra - (flags & RV_NATIVE_HANDLER ? 2 : 1);
  }
  if ((fr->then != RV_THEN_STORE && fr->then != RV_THEN_RETURN) ||
      !rv_frame_is_bytecode(by))
    return -1;
  RvInsn call = rv_frame_proto(by)->f->code[rv_frame_at(by)];
  u8 op = RV_INSN_OP(call);
  if (op == RV_OP_GFORCALL) return 2;
  bool fixed = op == RV_OP_CALL || op == RV_OP_CALLM || op == RV_OP_TAILCALL;
  return fixed ? RV_INSN_B(call) : -1;
}

/* -- Names of functions among the loaded modules --------------------------- */

static bool is_key_in(RvThread *th, RvTable *t, RvValue f, RvValue *key,
                      u64 *seen) {
  RvValue v;
  for (u64 pos = 0; rv_table_iter(th->m, t, &pos, key, &v); ++*seen)
    if (key->t == RV_STR && v.t == f.t && v.p == f.p) return true;
  return false;
}

static size_t put_text(RvValue key, char *out) {
  enum { MOST = RV_GLOBAL_NAME / 2 - 2 };
  const RvString *s = RV_AS(RvString, key);
  size_t n = s->len < MOST ? s->len : MOST;
  memcpy(out, rv_str_data(s), n);
  out[n] = 0;
  return n;
}

/* The module that has f, and under which key. */
static bool is_in_module(RvThread *th, RvTable *loaded, RvValue f,
                         RvValue *module, RvValue *key, u64 *seen) {
  RvValue v;
  for (u64 pos = 0; rv_table_iter(th->m, loaded, &pos, module, &v); ++*seen)
    if (module->t == RV_STR && v.t == RV_TABLE &&
        is_key_in(th, RV_AS(RvTable, v), f, key, seen))
      return true;
  return false;
}

/* Without a library that lists its modules the globals have to do. */
static RvTable *loaded_table(RvThread *th) {
  RvString *name = rv_str_newz(th->m, "_LOADED");
  if (!name || !th->m->registry) return NULL;
  RvValue v = rv_table_get(th->m, th->m->registry, rv_strv(name));
  return v.t == RV_TABLE ? RV_AS(RvTable, v) : th->m->globals;
}

size_t rv_global_name(RvThread *th, RvValue f, char out[RV_GLOBAL_NAME]) {
  enum { PER_UNIT = 64 }; /* an entry counts as 64 bytes */
  RvValue module, key, err = th->err;
  u64 seen = 0;
  size_t n = 0;
  RvTable *loaded = loaded_table(th);
  th->err = err; /* no memory for a key: no name */
  if (!loaded) return 0;
  if (is_key_in(th, loaded, f, &key, &seen)) {
    n = put_text(key, out);
  } else if (is_in_module(th, loaded, f, &module, &key, &seen)) {
    n = put_text(module, out);
    if (strcmp(out, "_G") == 0) n = 0;
    else out[n++] = '.';
    n += put_text(key, out + n);
  }
  rv_fuel_owe(th->m, (u32)(seen / PER_UNIT));
  return n;
}
