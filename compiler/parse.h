/* SPDX-License-Identifier: MIT */
/* State of one compilation, and what scanner, grammar and builders share. */
#ifndef RV_COMPILER_PARSE_H
#define RV_COMPILER_PARSE_H

#include "compiler/ast.h"

typedef struct RvlGen RvlGen;

/* PUC Lua's limits: nesting of anything, variables and upvalues a function. */
#define RVL_MAX_LEVELS 200u
#define RVL_MAX_VARS 200u
#define RVL_MAX_UPVALS 255u

typedef struct RvlLoc {
  u32 line;
} RvlLoc;

/* -- Functions and scopes while they are read ----------------------------------- */

typedef struct RvlUpval {
  RvlName *name;
  RvlVar *var; /* of the function around, or NULL: */
  u8 index;    /* ... its upvalue */
  u8 attr;     /* RvlAttr, for assignments */
} RvlUpval;

/* A function inside another one, its code made. The captures of variables get
   their cell registers when the code of the function around is made. */
typedef struct RvlChild {
  u32 func; /* of the image */
  u32 nup, cup;
  RvCapture *captures; /* in the image */
  RvlUpval *up;        /* what they are */
} RvlChild;

/* A goto that has not found its label. `name` NULL: a break without a loop. */
typedef struct RvlGoto {
  struct RvlGoto *next;
  RvlName *name;
  RvlStat *stat;
  RvlVar *scope; /* variables in scope that the jump keeps */
  u32 line;
} RvlGoto;

typedef struct RvlScope {
  struct RvlScope *outer;
  RvlVar *vars; /* innermost variable where it began */
  RvlLabel *labels;
  RvlGoto *first, **last; /* gotos waiting, in the order of the text */
  RvlLabel *tail;         /* labels with no statement behind them so far */
  bool loop;
  u8 hidden; /* variables of the loop itself, which count */
} RvlScope;

struct RvlFs {
  RvlFs *outer;
  RvlScope *scope;
  RvlVar *vars; /* innermost in scope */
  RvlVar *params;
  RvlMark mark; /* arena where the function began */
  RvlUpval *up;
  u32 nup, cup;
  u32 env;            /* upvalue of `_ENV` plus 1, or 0 */
  RvlChild *children; /* in the order of the text */
  u32 nchildren, cchildren;
  RvlName *name; /* for listings; may be NULL */
  u32 nparams;
  u32 hidden;  /* variables of loops under way */
  u32 pending; /* variables named, but not yet in scope */
  u32 closing; /* to be closed, in the list under way */
  u32 first_line, last_line;
  bool vararg;
};

/* -- The compilation ----------------------------------------------------------------- */

/* A bracket or block that the text has opened. */
typedef struct RvlOpen {
  int token;
  u32 line;
  bool wants_do; /* `while` or `for` in front of its `do` */
} RvlOpen;

typedef struct RvlParser {
  RvlMem mem;
  RvImage *img;
  const RvlOptions *o;
  RvlDiag *d;
  bool failed;

  /* scanner */
  u32 line;      /* of the next character */
  u32 last_line; /* where the token before the last one ended */
  int token;     /* last one given to the parser */
  u32 token_line;
  const char *tok; /* its text */
  u32 tok_len;
  u32 long_level; /* long bracket under way: its level, */
  u32 long_line;  /* first line, */
  const char *long_start;
  RvlOpen *open; /* brackets and blocks under way */
  u32 nopen, copen;
  void *slab; /* flex's own few allocations */
  u32 slab_used;
  char *text; /* copy of the program, as flex wants it */
  u32 text_len;
  char *buf; /* decoded string */
  u32 cbuf;

  /* names: chained hash table */
  RvlName **names;
  u32 nnames, cnames;
  u64 seed;
  RvlName *n_env, *n_self, *n_close, *n_const;

  /* grammar */
  RvlFs *fs;
  u32 level;         /* constructs in one another */
  RvlExpr *noncall;  /* prefix of a statement that is no call */
  RvlName *constant; /* name last read, when it stands for a constant */

  u32 main; /* function of the image */
  RvlGen *gen;
} RvlParser;

/* -- Messages (diag.c) ------------------------------------------------------------------ */
/* The first message stays. `near` may be NULL. */
void rvl_error(RvlParser *p, u32 line, const char *near, size_t near_len,
               const char *fmt, ...) RV_PRINTF(5, 6);
/* ... near the token last read. */
void rvl_error_token(RvlParser *p, const char *msg);
/* ... without a token, at the scanner's line. */
#define rvl_error_plain(p, ...) rvl_error(p, (p)->line, NULL, 0, __VA_ARGS__)
/* Too deep: PUC's message has no position. */
void rvl_error_deep(RvlParser *p);
/* A syntax error: the tokens that would have been right. */
void rvl_error_syntax(RvlParser *p, const int *expected, int n);
/* What a message shows for a chunk name; returns its length. */
#define RVL_IDSIZE 60
size_t rvl_chunk_id(const char *chunk, size_t len, char out[RVL_IDSIZE]);

/* One more construct inside another; false, with a message, beyond the limit. */
RV_INLINE bool rvl_enter(RvlParser *p) {
  if (RV_LIKELY(++p->level + p->nopen <= RVL_MAX_LEVELS)) return true;
  rvl_error_deep(p);
  return false;
}
RV_INLINE void rvl_leave(RvlParser *p) { p->level--; }

/* -- Names (names.c) ----------------------------------------------------------------------- */
bool rvl_names_init(RvlParser *p);
RvlName *rvl_name(RvlParser *p, const char *s, size_t len);
/* String of the image; 0 without memory. */
u32 rvl_image_str(RvlParser *p, RvlName *n);

/* -- Literals (literal.c) -------------------------------------------------------------------- */
/* The text of a short string, quotes included. NULL: an error was told. */
RvlName *rvl_read_string(RvlParser *p, const char *s, size_t len);
/* The message about a short string without an end. The byte behind it must be
   there. */
void rvl_unfinished(RvlParser *p, const char *s, size_t len, bool at_end);
/* What is between long brackets, first newline and carriage returns included. */
RvlName *rvl_read_long(RvlParser *p, const char *s, size_t len);
/* Brings out a numeral; false: an error was told. */
bool rvl_read_number(RvlParser *p, const char *s, size_t len, RvValue *v);

/* -- Scopes (scope.c) -------------------------------------------------------------------------- */
bool rvl_open_func(RvlParser *p, u32 line);
/* The function of a chunk: further arguments, `_ENV` as upvalue 0. */
bool rvl_open_main(RvlParser *p);
/* Makes the code of the innermost function; its index among the children of
   the one around, or in the image for the outermost. */
u32 rvl_close_func(RvlParser *p, RvlBlock body);
/* Frees what functions under way hold outside the arena. */
void rvl_drop_funcs(RvlParser *p);
void rvl_open_scope(RvlParser *p, bool loop);
/* The scope of a `for` with so many variables of its own. */
void rvl_open_for(RvlParser *p, u32 hidden);
/* `until`: the line where a condition in scope follows, so that labels at the
   end are inside; or 0. */
void rvl_close_scope(RvlParser *p, u32 until);
/* Have n more variables room in the function? Tells if not. */
void rvl_check_vars(RvlParser *p, u32 n);
RvlVar *rvl_var(RvlParser *p, RvlName *name, RvlAttr attr);
/* The variables, linked by next, come into scope. */
void rvl_declare(RvlParser *p, RvlVar *vars);
/* The parameters, after `self` if there is one. */
void rvl_params(RvlParser *p, RvlVar *vars);
RvlExpr *rvl_resolve(RvlParser *p, RvlName *name, u32 line);
void rvl_goto(RvlParser *p, RvlStat *s, RvlName *name);
void rvl_break(RvlParser *p, RvlStat *s);
RvlStat *rvl_label(RvlParser *p, RvlName *name, u32 line);

/* -- Builders (tree.c, fold.c) --------------------------------------------------------------------- */
RvlExpr *rvl_expr(RvlParser *p, RvlKind kind, u32 line);
RvlExpr *rvl_name_expr(RvlParser *p, RvlKind kind, RvlName *n, u32 line);
RvlExpr *rvl_number(RvlParser *p, RvValue v, u32 line);
RvlExpr *rvl_pair(RvlParser *p, RvlKind kind, RvlExpr *l, RvlExpr *r, u32 line);
RvlExpr *rvl_binary(RvlParser *p, RvlOp op, RvlExpr *l, RvlExpr *r, u32 line);
RvlExpr *rvl_unary(RvlParser *p, RvlKind kind, RvlExpr *l, u32 line);
/* and, or, `..`: joined to a list. */
RvlExpr *rvl_chain(RvlParser *p, RvlKind kind, RvlExpr *l, RvlExpr *r,
                   u32 line);
RvlField *rvl_field(RvlParser *p, RvlExpr *key, RvlExpr *value, u32 line);
RvlList rvl_list1(RvlExpr *e);
RvlList rvl_append(RvlList l, RvlExpr *e);
RvlExpr *rvl_strip(RvlExpr *e); /* off parentheses */
bool rvl_is_const(const RvlExpr *e);
/* The node folded when its operands are numbers; itself otherwise. */
RvlExpr *rvl_fold(RvlParser *p, RvlExpr *e);

RvlStat *rvl_stat(RvlParser *p, RvlStatKind kind, u32 line);
void rvl_add_stat(RvlParser *p, RvlBlock *b, RvlStat *s);
/* A statement that is an expression: a call, or a message. */
RvlStat *rvl_call_stat(RvlParser *p, RvlExpr *e, u32 line);
/* May e be assigned to? Tells if not. */
void rvl_check_target(RvlParser *p, RvlExpr *e);
RvlStat *rvl_assign(RvlParser *p, RvlList targets, RvlList exprs, u32 line);
RvlStat *rvl_local(RvlParser *p, RvlVar *vars, RvlList exprs, u32 line);
RvlAttr rvl_attr(RvlParser *p, RvlName *n);

/* Does the intrinsic give any number of values, not one? (intrin.c) */
bool rvl_intrinsic_many(const RvlName *name);

/* -- Scanner and grammar ---------------------------------------------------------------------------------- */
/* Parses p->text. */
void rvl_parse(RvlParser *p);

#endif
