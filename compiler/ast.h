/* SPDX-License-Identifier: MIT */
/* The tree of one function body, as the grammar's actions build it.

   Names are resolved while the text is read, so a node says which variable it
   means; the code of a function is made when its body has ended and all its
   variables know whether an inner function captured them. */
#ifndef RV_COMPILER_AST_H
#define RV_COMPILER_AST_H

#include "compiler/mem.h"
#include "vm/value.h"

typedef struct RvlName RvlName;
typedef struct RvlVar RvlVar;
typedef struct RvlFs RvlFs;
typedef struct RvlExpr RvlExpr;
typedef struct RvlStat RvlStat;
typedef struct RvlBlock RvlBlock;
typedef struct RvlLabel RvlLabel;

/* -- Names and strings ------------------------------------------------------ */

/* Every name and string literal once. */
struct RvlName {
  RvlName *chain; /* of its hash bucket */
  RvlVar *bound;  /* innermost variable of that name in scope */
  const char *p;  /* NUL-terminated */
  u32 len, hash;
  u32 image; /* string of the image, plus 1; 0: not yet there */
  u32 kfunc; /* number of the function whose constant `kindex` it is */
  u32 kindex;
  u16 token; /* a reserved word's, or 0 */
};

/* -- Variables --------------------------------------------------------------- */

typedef enum RvlAttr { RVL_PLAIN, RVL_CONST, RVL_CLOSE } RvlAttr;

struct RvlVar {
  RvlName *name;
  RvlVar *shadowed; /* by this one, in name->bound */
  RvlVar *outer;    /* declared before it in the function and still in scope */
  RvlVar *next;     /* in its statement */
  RvlFs *fs;
  RvlExpr *value; /* of a compile-time constant, which has no register */
  u8 attr;
  bool captured; /* lives in a cell */
  u32 index;     /* variables in scope with it */
  /* while code is made */
  u8 reg;    /* register, or number of the cell */
  u8 cells;  /* cells, */
  u8 marks;  /* and to-be-closed marks, with it and all outside it */
  u32 local; /* of the debug information */
};

/* -- Expressions --------------------------------------------------------------- */

typedef enum RvlKind {
  RVL_NIL,
  RVL_FALSE,
  RVL_TRUE,
  RVL_INT,
  RVL_FLT,
  RVL_STR,
  RVL_VARARG,
  RVL_LOCAL,
  RVL_UPVAL,
  RVL_GLOBAL, /* field `name` of the table in upvalue `n` */
  RVL_FUNC,
  RVL_TABLE,
  RVL_NOT, /* operand in l */
  RVL_NEG,
  RVL_BNOT,
  RVL_LEN,
  RVL_AND, /* lists */
  RVL_OR,
  RVL_CONCAT,
  RVL_PAREN,  /* l */
  RVL_IMPORT, /* library: builtin `name` */
  RVL_INTRIN, /* library: instruction or host call `name`, arguments in r */
  /* Those below are evaluated from their left part on; chains of them are as
     long as one likes and must not recurse. */
  RVL_INDEX,  /* l[r] */
  RVL_CALL,   /* l(r, ...) */
  RVL_METHOD, /* l:name(...): r is the name, a string, then the arguments */
  RVL_BINARY  /* l op r */
} RvlKind;

typedef enum RvlOp {
  RVL_ADD,
  RVL_SUB,
  RVL_MUL,
  RVL_DIV,
  RVL_MOD,
  RVL_IDIV,
  RVL_POW,
  RVL_BAND,
  RVL_BOR,
  RVL_BXOR,
  RVL_SHL,
  RVL_SHR,
  RVL_LT,
  RVL_LE,
  RVL_GT,
  RVL_GE,
  RVL_EQ,
  RVL_NE
} RvlOp;

#define RVL_IS_COMPARISON(op) ((op) >= RVL_LT)

/* One element of a constructor: `key` is NULL for positional ones. */
typedef struct RvlField {
  struct RvlField *next;
  RvlExpr *key, *value;
  u32 line;
} RvlField;

struct RvlExpr {
  u8 kind;
  u8 op;
  u16 n; /* upvalue of UPVAL and GLOBAL; INTRIN: 1 for any number of values */
  u32 line;
  RvlExpr *next; /* in a list */
  union {
    u64 bits; /* INT, FLT */
    RvlName *name;
    RvlVar *var;
    u32 func; /* FUNC: child of the function */
    struct {
      RvlExpr *l, *r;
    };
    struct {
      RvlExpr *first, *last; /* AND, OR, CONCAT */
    };
    RvlField *fields;
  };
};

typedef struct RvlList {
  RvlExpr *first, *last;
  u32 n;
} RvlList;

#define RVL_IS_NUMBER(e) ((e)->kind == RVL_INT || (e)->kind == RVL_FLT)
/* May have any number of values. */
#define RVL_IS_MULTI(e)                                \
  ((e)->kind == RVL_CALL || (e)->kind == RVL_METHOD || \
   (e)->kind == RVL_VARARG || ((e)->kind == RVL_INTRIN && (e)->n))

/* -- Statements -------------------------------------------------------------------- */

typedef enum RvlStatKind {
  RVL_S_LOCAL,     /* vars = exprs */
  RVL_S_LOCALFUNC, /* vars: one, exprs: the function */
  RVL_S_ASSIGN,    /* targets = exprs */
  RVL_S_CALL,      /* exprs: the call */
  RVL_S_DO,
  RVL_S_WHILE,  /* exprs: condition */
  RVL_S_REPEAT, /* exprs: condition */
  RVL_S_IF,     /* exprs: condition (none: else); `other` */
  RVL_S_FORNUM, /* vars: one; exprs: start, limit, step or none */
  RVL_S_FORIN,
  RVL_S_RETURN,
  RVL_S_BREAK,
  RVL_S_GOTO, /* label */
  RVL_S_LABEL /* label */
} RvlStatKind;

struct RvlBlock {
  RvlStat *first, *last;
};

struct RvlStat {
  u8 kind;
  u32 line;     /* where it begins */
  u32 end_line; /* WHILE: of `end`; FORNUM, FORIN: of `do`;
                   LOCAL, ASSIGN: of the last token, or `function`'s */
  RvlStat *next;
  RvlVar *vars;
  RvlList targets, exprs;
  RvlBlock block;
  union {
    RvlStat *other; /* IF */
    RvlLabel *label;
  };
};

/* A label that some goto names: the same node for all of them. */
struct RvlLabel {
  RvlName *name;
  RvlLabel *next; /* in its block */
  RvlLabel *tail; /* in front of it, with no statement between */
  u32 line;
  u32 after;     /* line of the statement behind it, or 0 */
  RvlVar *scope; /* innermost variable in scope where it stands */
  bool back;     /* some goto behind it jumps to it */
  bool last;     /* at the end of its block, so outside its variables */
  /* while code is made */
  bool placed;
  u32 pc;
  u32 chain; /* jumps that wait for it */
  u32 marks; /* of its block, when it is at the end of that */
};

#endif
