/* SPDX-License-Identifier: MIT */
/* Errors: texts, positions. */
#include "vm/err.h"

#include <stdarg.h>
#include <string.h>

#include "vm/call.h"
#include "vm/level.h"
#include "vm/meta.h"
#include "vm/num.h"
#include "vm/str.h"
#include "vm/table.h"
#include "vm/walk.h"

const char *const rv_type_names[] = {"nil",    "boolean", "userdata",
                                     "number", "string",  "table",
                                     "function", "userdata", "thread"};

int rv_type_code(u64 tag) {
  static const u8 code[] = {
      [RV_INT] = 3,     [RV_FLT] = 3,     [RV_NIL] = 0,      [RV_FALSE] = 1,
      [RV_TRUE] = 1,    [RV_PTR] = 2,     [RV_STR] = 4,      [RV_TABLE] = 5,
      [RV_CLOSURE] = 6, [RV_NATIVE] = 6,  [RV_USERDATA] = 7, [RV_THREAD] = 8,
      [RV_BUFFER] = 7,
  };
  return code[tag];
}

const char *rv_err_typename(RvMachine *m, RvValue v) {
  RvValue name = rv_event(m, v, RV_EV_NAME);
  if (name.t == RV_STR) return rv_str_data(RV_AS(RvString, name));
  return rv_type_names[rv_type_code(v.t)];
}

/* -- Positions -------------------------------------------------------------- */

static u32 line_at(const RvFunc *f, u32 pc) {
  u32 lo = 0, hi = f->nlines;
  while (lo < hi) {
    u32 mid = (lo + hi) / 2;
    if (f->lines[mid].pc <= pc)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo ? f->lines[lo - 1].line : 0;
}

u32 rv_err_line(const RvFrame *fr) {
  return rv_frame_is_program(fr)
             ? line_at(rv_frame_proto(fr)->f, rv_frame_at(fr))
             : 0;
}

/* The text of a program without a name is shown by its first line. */
static size_t text_chunk(const char *text, char *out) {
  enum { ROOM = RV_CHUNK_NAME - sizeof "[string \"...\"]" };
  size_t n = strcspn(text, "\n"), len = strlen(text);
  bool whole = n == len && len < ROOM;
  if (n > ROOM) n = ROOM;
  return rv_num_fmt(out, RV_CHUNK_NAME, "[string \"%.*s%s\"]", (int)n, text,
                    whole ? "" : "...");
}

size_t rv_err_chunk(const RvProto *p, char out[RV_CHUNK_NAME]) {
  if (!p->f->source) return rv_num_fmt(out, RV_CHUNK_NAME, "?");
  const char *name = p->use->img->strs[p->f->source - 1].p;
  size_t len = strlen(name);
  if (*name == '=') return rv_num_fmt(out, RV_CHUNK_NAME, "%s", name + 1);
  if (*name != '@') return text_chunk(name, out);
  if (len <= RV_CHUNK_NAME)
    return rv_num_fmt(out, RV_CHUNK_NAME, "%s", name + 1);
  return rv_num_fmt(out, RV_CHUNK_NAME, "...%s",
                    name + len - (RV_CHUNK_NAME - 1 - 3));
}

size_t rv_err_where(RvThread *th, u32 frame, char *out, size_t size) {
  const RvFrame *fr = &th->frames[frame];
  char chunk[RV_CHUNK_NAME];
  u32 line = rv_err_line(fr);
  out[0] = 0;
  if (line == 0) return 0;
  rv_err_chunk(rv_frame_proto(fr), chunk);
  return rv_num_fmt(out, size, "%s:%u: ", chunk, line);
}

/* The frame whose instruction is under way. Markers of a concatenation and of
   closing are parts of an instruction. */
static const RvFrame *running_frame(const RvThread *th) {
  u32 i = th->fi;
  while (th->frames[i].kind == RV_FRAME_CONCAT ||
         (th->frames[i].kind == RV_FRAME_CLOSE &&
          th->frames[i].nextra <= RV_CLOSE_RETURN))
    i--;
  return &th->frames[i];
}

/* Of the running instruction. A function that lost its lines but still knows
   where its text was says that it has lost them. */
static size_t own_position(RvThread *th, char *out, size_t size) {
  out[0] = 0;
  if (!th->frames) return 0;
  const RvFrame *fr = running_frame(th);
  if (!rv_frame_is_program(fr)) return 0;
  const RvFunc *f = rv_frame_proto(fr)->f;
  if (f->nlines == 0 && f->line_last) return rv_num_fmt(out, size, "?:-1: ");
  return rv_err_where(th, (u32)(fr - th->frames), out, size);
}

/* What a builtin has to complain of is its caller's. */
static size_t position(RvThread *th, char *out, size_t size) {
  if (!th->frames || th->frames[th->fi].kind != RV_FRAME_NATIVE)
    return own_position(th, out, size);
  u32 caller = rv_level_below(th, rv_level_of(th, th->fi));
  return rv_err_where(th, caller, out, size);
}

/* -- Raising ------------------------------------------------------------------------- */

RvStatus rv_err_value(RvThread *th, RvValue v) {
  th->err = v;
  return RV_ERROR;
}

RvStatus rv_err_memory(RvThread *th) {
  RvMachine *m = th->m;
  if (m->msg_memory)
    th->err = rv_strv(m->msg_memory);
  else
    th->err = rv_nil();
  return RV_ERROR;
}

static RvStatus raise_text(RvThread *th, const char *text, size_t len) {
  RvString *s = rv_str_new(th->m, text, len);
  return s ? rv_err_value(th, rv_strv(s)) : RV_ERROR;
}

RvStatus rv_err(RvThread *th, const char *fmt, ...) {
  char buf[500];
  size_t n = position(th, buf, sizeof buf);
  va_list ap;
  va_start(ap, fmt);
  n += rv_num_vfmt(buf + n, sizeof buf - n, fmt, ap);
  va_end(ap);
  return raise_text(th, buf, n);
}

RvStatus rv_err_plain(RvThread *th, const char *fmt, ...) {
  char buf[500];
  va_list ap;
  va_start(ap, fmt);
  size_t n = rv_num_vfmt(buf, sizeof buf, fmt, ap);
  va_end(ap);
  return raise_text(th, buf, n);
}

RvStatus rv_err_run(RvThread *th, const char *fmt, ...) {
  char buf[500];
  size_t n = own_position(th, buf, sizeof buf);
  va_list ap;
  va_start(ap, fmt);
  n += rv_num_vfmt(buf + n, sizeof buf - n, fmt, ap);
  va_end(ap);
  return raise_text(th, buf, n);
}

/* -- Values by name ----------------------------------------------------------- */

/* " (local 'x')", or nothing. */
typedef struct NameText {
  char text[200];
} NameText;

static NameText name_text(RvThread *th, RvVarName n) {
  NameText t = {""};
  if (n.kind)
    rv_num_fmt(t.text, sizeof t.text, " (%s '%.160s')", n.kind, n.name);
  rv_fuel_owe(th->m, (u32)(n.words / RV_NAME_WORDS));
  return t;
}

/* The running function when it is the program's, else NULL; *at: where. */
static const RvProto *running(RvThread *th, u32 *at) {
  const RvFrame *fr = running_frame(th);
  if (!rv_frame_is_program(fr)) return NULL;
  *at = rv_frame_at(fr);
  return rv_frame_proto(fr);
}

/* Operand n of the running instruction; -1: the value is none of them. */
static NameText operand_text(RvThread *th, int n) {
  u32 at;
  const RvProto *p = running(th, &at);
  if (!p || n < 0) return (NameText){""};
  return name_text(th, rv_varname_operand(p->use->img, p->f, at, (u32)n));
}

RvStatus rv_err_op(RvThread *th, const char *what, RvValue v, int operand) {
  return rv_err_run(th, "attempt to %s a %s value%s", what,
                    rv_err_typename(th->m, v), operand_text(th, operand).text);
}

RvStatus rv_err_concat(RvThread *th, RvValue v, u32 i) {
  u32 at;
  const RvProto *p = running(th, &at);
  NameText t = {""};
  if (p)
    t = name_text(th, rv_varname(p->use->img, p->f, at,
                                 RV_INSN_B(p->f->code[at]) + i));
  return rv_err_run(th, "attempt to concatenate a %s value%s",
                    rv_err_typename(th->m, v), t.text);
}

RvStatus rv_err_call(RvThread *th, RvValue v) {
  u32 at;
  const RvProto *p = running(th, &at);
  NameText t = {""};
  if (p) t = name_text(th, rv_varname_call(p->use->img, p->f, at));
  return rv_err_run(th, "attempt to call a %s value%s",
                    rv_err_typename(th->m, v), t.text);
}

RvStatus rv_err_close(RvThread *th) {
  u32 at;
  const RvProto *p = running(th, &at);
  RvVarName n = {NULL, NULL, 0};
  if (p) n = rv_varname_tbc(p->use->img, p->f, at);
  rv_fuel_owe(th->m, (u32)(n.words / RV_NAME_WORDS));
  return rv_err_run(th, "variable '%.160s' got a non-closable value",
                    n.kind ? n.name : "?");
}

/* Number of the operand that an instruction indexes. */
static int indexed_operand(u8 op) {
  switch (op) {
  case RV_OP_SETFIELD:
  case RV_OP_SETFIELDX:
  case RV_OP_SETIDX:
  case RV_OP_SETI:
  case RV_OP_SETUPF:
  case RV_OP_SETUPFX: return 0;
  default: return 1;
  }
}

RvStatus rv_err_index(RvThread *th, RvValue o, bool own) {
  u32 at;
  const RvProto *p = running(th, &at);
  int n = own && p ? indexed_operand(RV_INSN_OP(p->f->code[at])) : -1;
  return rv_err_op(th, "index", o, n);
}

RvStatus rv_err_arith(RvThread *th, RvValue a, RvValue b, bool bitwise) {
  i64 whole;
  u32 at;
  bool numbers = bitwise && RV_IS_NUM(a.t) && RV_IS_NUM(b.t);
  bool second = numbers ? rv_to_int(a, &whole) : RV_IS_NUM(a.t);
  const RvProto *p = running(th, &at);
  /* A unary operation has its one operand twice. */
  bool unary = p && rv_op_info(RV_INSN_OP(p->f->code[at]))->noperands == 2;
  int n = second && !unary ? 2 : 1;
  if (numbers)
    return rv_err_run(th, "number%s has no integer representation",
                      operand_text(th, n).text);
  return rv_err_op(
      th, bitwise ? "perform bitwise operation on" : "perform arithmetic on",
      second ? b : a, n);
}

RvStatus rv_err_compare(RvThread *th, RvValue a, RvValue b) {
  const char *x = rv_err_typename(th->m, a), *y = rv_err_typename(th->m, b);
  if (strcmp(x, y) == 0)
    return rv_err_run(th, "attempt to compare two %s values", x);
  return rv_err_run(th, "attempt to compare %s with %s", x, y);
}

/* -- Arguments of builtins ------------------------------------------------------ */

/* A builtin's. Those made for Lua's library alone have none that a program
   would know. */
static const char *own_name(const RvFrame *fr) {
  if (fr->kind != RV_FRAME_NATIVE) return "?";
  const char *name = ((RvNative *)fr->fn)->def->name;
  bool hidden = !strncmp(name, "lua.", 4) || !strncmp(name, "list.", 5);
  return hidden ? "?" : name;
}

RvStatus rv_err_arg(RvThread *th, u32 i, const char *fmt, ...) {
  char why[300], global[RV_GLOBAL_NAME];
  va_list ap;
  va_start(ap, fmt);
  rv_num_vfmt(why, sizeof why, fmt, ap);
  va_end(ap);
  u32 level = rv_level_of(th, th->fi);
  const RvFrame *fr = &th->frames[level];
  RvVarName n = rv_level_name(th, level);
  rv_fuel_owe(th->m, (u32)(n.words / RV_NAME_WORDS));
  if (n.kind && strcmp(n.kind, "method") == 0) {
    if (i == 0)
      return rv_err(th, "calling '%.100s' on bad self (%s)", n.name, why);
    i--;
  }
  if (!n.kind) {
    n.name = global;
    if (!rv_global_name(th, rv_frame_function(fr), global))
      n.name = own_name(fr);
  }
  return rv_err(th, "bad argument #%u to '%.100s' (%s)", i + 1, n.name, why);
}

/* -- Reporting ------------------------------------------------------------------------ */

size_t rv_err_text(RvMachine *m, RvValue v, char *out, size_t size) {
  char buf[RV_NUM_TEXT];
  if (v.t == RV_STR) {
    const RvString *s = RV_AS(RvString, v);
    size_t n = s->len < size - 1 ? s->len : size - 1;
    memcpy(out, rv_str_data(s), n);
    out[n] = 0;
    return n;
  }
  if (RV_IS_NUM(v.t)) {
    rv_num_text(v, buf);
    return rv_num_fmt(out, size, "%s", buf);
  }
  return rv_num_fmt(out, size, "(error object is a %s value)",
                rv_err_typename(m, v));
}
