/* SPDX-License-Identifier: MIT */
/* Messages, in the words of PUC Lua's compiler.

   An LR parser knows which tokens would have been right; PUC Lua's recursive
   descent says what the function it happens to be in was looking for. This is
   how the one becomes the other: the sets of expected tokens are looked at for
   those that tell which function that would be. */
#include <stdarg.h>
#include <string.h>

#include "compiler/lua.tab.h"
#include "compiler/parse.h"
#include "vm/num.h"

/* -- Texts -------------------------------------------------------------------- */

size_t rvl_chunk_id(const char *chunk, size_t len, char out[RVL_IDSIZE]) {
  if (len && *chunk == '=') {
    size_t n = len - 1 < RVL_IDSIZE - 1 ? len - 1 : RVL_IDSIZE - 1;
    memcpy(out, chunk + 1, n);
    out[n] = '\0';
    return n;
  }
  if (len && *chunk == '@') {
    bool whole = len - 1 < RVL_IDSIZE;
    const char *s = whole ? chunk + 1 : chunk + len - (RVL_IDSIZE - 4);
    return rv_num_fmt(out, RVL_IDSIZE, "%s%.*s", whole ? "" : "...",
                      (int)(chunk + len - s), s);
  }
  const char *end = memchr(chunk, '\n', len);
  size_t n = end ? (size_t)(end - chunk) : len;
  size_t room = RVL_IDSIZE - sizeof "[string \"...\"]";
  if (!end && n < room + 1)
    return rv_num_fmt(out, RVL_IDSIZE, "[string \"%.*s\"]", (int)n, chunk);
  if (n > room) n = room;
  return rv_num_fmt(out, RVL_IDSIZE, "[string \"%.*s...\"]", (int)n, chunk);
}

/* Control bytes as numbers. */
static void put_near(RvlDiag *d, size_t at, const char *near, size_t n) {
  char *out = d->text + at;
  size_t room = sizeof d->text - at;
  if (n == 0) {
    rv_num_fmt(out, room, " near %s", near);
  } else if (n == 1 && ((u8)*near < 32 || (u8)*near >= 127)) {
    rv_num_fmt(out, room, " near '<\\%d>'", (u8)*near);
  } else {
    rv_num_fmt(out, room, " near '%.*s'", (int)(n < room ? n : room), near);
  }
}

void rvl_error(RvlParser *p, u32 line, const char *near, size_t near_len,
               const char *fmt, ...) {
  char id[RVL_IDSIZE];
  RvlDiag *d = p->d;
  va_list ap;
  if (p->failed) return;
  p->failed = true;
  rvl_chunk_id(p->o->chunk, p->o->chunk_len, id);
  size_t n = rv_num_fmt(d->text, sizeof d->text, "%s:%u: ", id, line);
  va_start(ap, fmt);
  n += rv_num_vfmt(d->text + n, sizeof d->text - n, fmt, ap);
  va_end(ap);
  if (near) put_near(d, n, near, near_len);
  d->line = line;
}

void rvl_error_deep(RvlParser *p) {
  if (p->failed) return;
  p->failed = true;
  rv_num_fmt(p->d->text, sizeof p->d->text, "C stack overflow");
  p->d->line = p->line;
}

void rvl_error_token(RvlParser *p, const char *msg) {
  if (p->token == T_EOF) {
    rvl_error(p, p->line, "<eof>", 0, "%s", msg);
    p->d->incomplete = true;
  } else {
    bool zero = p->tok_len == 1 && *p->tok == '\0'; /* PUC shows no such */
    rvl_error(p, p->line, zero ? NULL : p->tok, p->tok_len, "%s", msg);
  }
}

/* -- Syntax errors ---------------------------------------------------------------- */

typedef struct Expected {
  RvlParser *p;
  const int *tokens;
  int n;
} Expected;

static bool has(const Expected *e, int token) {
  for (int i = 0; i < e->n; i++)
    if (e->tokens[i] == token) return true;
  return false;
}

static const char *token_text(int token, char one[4]) {
  switch (token) {
  case T_END: return "'end'";
  case T_UNTIL: return "'until'";
  case T_THEN: return "'then'";
  case T_DO: return "'do'";
  case T_IN: return "'in'";
  case T_EOF: return "<eof>";
  case T_DBCOLON: return "'::'";
  case T_NAME: return "<name>";
  case T_IF: return "'if'";
  case T_WHILE: return "'while'";
  case T_FOR: return "'for'";
  case T_FUNCTION: return "'function'";
  case T_REPEAT: return "'repeat'";
  default:
    one[0] = one[2] = '\'';
    one[1] = (char)token;
    one[3] = '\0';
    return one;
  }
}

static void expect(RvlParser *p, int token) {
  char one[4], msg[40];
  rv_num_fmt(msg, sizeof msg, "%s expected", token_text(token, one));
  rvl_error_token(p, msg);
}

/* `token` closes what `open` opened on another line, perhaps. */
static void expect_match(RvlParser *p, int token, const RvlOpen *open) {
  char a[4], b[4], msg[80];
  if (!open || open->line == p->line) {
    expect(p, token);
    return;
  }
  rv_num_fmt(msg, sizeof msg, "%s expected (to close %s at line %u)",
             token_text(token, a), token_text(open->token, b), open->line);
  rvl_error_token(p, msg);
}

static const RvlOpen *innermost(const RvlParser *p) {
  return p->nopen ? &p->open[p->nopen - 1] : NULL;
}

/* What ends the innermost block. */
static void expect_end(RvlParser *p) {
  const RvlOpen *o = innermost(p);
  if (!o) {
    rvl_error_token(p, "<eof> expected");
  } else {
    expect_match(p, o->token == T_REPEAT ? T_UNTIL : T_END, o);
  }
}

static bool ends_block(int token) {
  return token == T_END || token == T_ELSE || token == T_ELSEIF ||
         token == T_UNTIL || token == T_EOF;
}

/* A statement may begin here, or an expression in front of it go on. */
static void in_statements(Expected *e) {
  RvlParser *p = e->p;
  if (p->noncall && has(e, '=')) rvl_error_token(p, "syntax error");
  else if (ends_block(p->token)) expect_end(p);
  else rvl_error_token(p, "unexpected symbol");
}

static void in_brackets(Expected *e, int close) {
  if (has(e, '+') || close == '}')
    expect_match(e->p, close, close == ']' ? NULL : innermost(e->p));
  else expect(e->p, close);
}

static void in_function_head(Expected *e) {
  if (has(e, T_DOTS)) rvl_error_token(e->p, "<name> or '...' expected");
  else if (has(e, T_FUNCTION) || has(e, T_NAME)) expect(e->p, T_NAME);
  else expect(e->p, '(');
}

void rvl_error_syntax(RvlParser *p, const int *expected, int n) {
  Expected e = {p, expected, n};
  /* An expression; behind the comma of targets, one that may be a target: a
     name, a bracket, or a library's '@'. */
  if (has(&e, T_NIL) || (n <= 3 && has(&e, T_NAME) && has(&e, '('))) {
    rvl_error_token(p, "unexpected symbol");
  } else if (has(&e, T_WHILE)) {
    in_statements(&e);
  } else if (has(&e, T_THEN)) {
    expect(p, T_THEN);
  } else if (has(&e, T_DO)) {
    expect(p, T_DO);
  } else if (has(&e, T_IN)) {
    if (has(&e, '=')) rvl_error_token(p, "'=' or 'in' expected");
    else expect(p, T_IN);
  } else if (has(&e, T_END) || has(&e, T_UNTIL) || has(&e, T_EOF)) {
    expect_end(p);
  } else if (has(&e, ')')) {
    if (has(&e, T_DOTS)) in_function_head(&e);
    else in_brackets(&e, ')');
  } else if (has(&e, ']')) {
    expect(p, ']');
  } else if (has(&e, '}')) {
    in_brackets(&e, '}');
  } else if (has(&e, T_STRING) && has(&e, '{') && !has(&e, '.')) {
    rvl_error_token(p, "function arguments expected");
  } else if (has(&e, '=')) {
    expect(p, '=');
  } else if (has(&e, T_NAME)) {
    in_function_head(&e);
  } else if (has(&e, '(')) {
    expect(p, '(');
  } else if (has(&e, ',')) {
    expect(p, ',');
  } else if (n > 0) {
    expect(p, expected[0]);
  } else {
    rvl_error_token(p, "syntax error");
  }
}
