/* SPDX-License-Identifier: MIT */
/* Errors: texts, positions, tracebacks. */
#include "vm/err.h"

#include <stdarg.h>
#include <string.h>

#include "vm/call.h"
#include "vm/meta.h"
#include "vm/num.h"
#include "vm/str.h"
#include "vm/table.h"

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

/* -- Positions ---------------------------------------------------------------------- */

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

static const RvProto *frame_proto(const RvFrame *fr) {
  return fr->kind <= RV_FRAME_EVENT ? ((RvClosure *)fr->fn)->proto : NULL;
}

static const char *image_text(const RvProto *p, u32 string) {
  return p->use->img->strs[string].p;
}

size_t rv_err_where(RvThread *th, u32 frame, char *out, size_t size) {
  const RvFrame *fr = &th->frames[frame];
  const RvProto *p = frame_proto(fr);
  out[0] = 0;
  if (!p || !p->f->source || p->f->nlines == 0) return 0;
  u32 line = line_at(p->f, fr->pc ? fr->pc - 1 : 0);
  return rv_num_fmt(out, size, "%s:%u: ", image_text(p, p->f->source - 1), line);
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
  size_t n = th->frames ? rv_err_where(th, th->fi, buf, sizeof buf) : 0;
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

RvStatus rv_err_op(RvThread *th, const char *what, RvValue v, int r) {
  return rv_err(th, "attempt to %s a %s value", what,
                rv_err_typename(th->m, v));
}

RvStatus rv_err_index(RvThread *th, RvValue o, RvValue key) {
  const char *type = rv_err_typename(th->m, o);
  if (key.t != RV_STR) return rv_err(th, "attempt to index a %s value", type);
  return rv_err(th, "attempt to index a %s value (field '%.60s')", type,
                rv_str_data(RV_AS(RvString, key)));
}

RvStatus rv_err_arith(RvThread *th, RvValue a, RvValue b, bool bitwise) {
  if (bitwise && RV_IS_NUM(a.t) && RV_IS_NUM(b.t))
    return rv_err(th, "number has no integer representation");
  RvValue culprit = RV_IS_NUM(a.t) ? b : a;
  return rv_err_op(
      th, bitwise ? "perform bitwise operation on" : "perform arithmetic on",
      culprit, -1);
}

RvStatus rv_err_compare(RvThread *th, RvValue a, RvValue b) {
  const char *x = rv_err_typename(th->m, a), *y = rv_err_typename(th->m, b);
  if (strcmp(x, y) == 0)
    return rv_err(th, "attempt to compare two %s values", x);
  return rv_err(th, "attempt to compare %s with %s", x, y);
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

static size_t frame_line(RvThread *th, u32 i, char *out, size_t size) {
  const RvFrame *fr = &th->frames[i];
  const RvProto *p = frame_proto(fr);
  if (fr->kind == RV_FRAME_NATIVE)
    return rv_num_fmt(out, size, "\n\t[C]: in function '%s'",
                  ((RvNative *)fr->fn)->def->name);
  if (!p) return 0;
  char where[160];
  rv_err_where(th, i, where, sizeof where);
  return rv_num_fmt(out, size, "\n\t%sin function '%s' (pc %u)", where,
                image_text(p, p->f->name), fr->pc ? fr->pc - 1 : 0);
}

/* The first ten and last eleven levels, as is the custom. */
enum { HEAD = 10, TAIL = 11 };

RvString *rv_err_traceback(RvThread *th, RvThread *of, u32 skip) {
  char buf[8192];
  size_t n = rv_num_fmt(buf, sizeof buf, "stack traceback:");
  u32 levels = of->fi > skip ? of->fi - skip : 0;
  for (u32 l = 0; l < levels; l++) {
    if (levels > HEAD + TAIL && l == HEAD) {
      u32 left_out = levels - HEAD - TAIL;
      n += rv_num_fmt(buf + n, sizeof buf - n, "\n\t...\t(skipping %u levels)",
                  left_out);
      l += left_out;
    }
    n += frame_line(of, of->fi - skip - l, buf + n, sizeof buf - n);
  }
  return rv_str_new(th->m, buf, n);
}
