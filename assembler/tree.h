/* SPDX-License-Identifier: MIT */
/* What the parser makes of a text: lists of statements, in an arena.

   The grammar's actions only call the builders below. emit.c then walks the
   lists in the order of the text, so that strings, constants and all the rest
   get their numbers in the order in which a reader meets them. */
#ifndef RV_ASSEMBLER_TREE_H
#define RV_ASSEMBLER_TREE_H

#include "assembler/asm.h"
#include "assembler/mem.h"

/* Bytes of the source or of the arena. p == NULL: absent. */
typedef struct RvaText {
  const char *p;
  u32 len;
} RvaText;

typedef struct RvaLoc {
  u32 line, column;
} RvaLoc;

typedef enum RvaOpdKind {
  RVA_OPD_REG,   /* rN, v = N */
  RVA_OPD_CELL,  /* cN */
  RVA_OPD_UPV,   /* uN */
  RVA_OPD_INDEX, /* @N: the number as it stands in the word */
  RVA_OPD_INT,
  RVA_OPD_FLT, /* v = bits */
  RVA_OPD_STR,
  RVA_OPD_NAME,
  RVA_OPD_OPEN /* * */
} RvaOpdKind;

typedef struct RvaOpd {
  struct RvaOpd *next;
  RvaLoc loc;
  RvaText text; /* STR, NAME */
  u64 v;
  u8 kind;
} RvaOpd;

/* A type of a signature, or a whole signature: a list of types with a list of
   results. */
typedef struct RvaType {
  struct RvaType *next;
  RvaLoc loc;
  RvaText name; /* absent: a function */
  u8 opt;       /* written with ? */
  u8 is_ref;    /* function: given by number, @N */
  u64 size;     /* bytes[N], or that number */
  struct RvaType *args, *res;
} RvaType;

typedef enum RvaStmtKind {
  /* outside functions */
  RVA_IMAGE,    /* text */
  RVA_FEATURES, /* n[0] */
  RVA_STRING,   /* text */
  RVA_SIG,      /* type */
  RVA_IMPORT,   /* n[0] kind, text module, text2 name, type, n[1] version,
                   opd: alias (NAME or STR) or NULL */
  RVA_MODULE,   /* text, text2 function */
  RVA_ENTRY,    /* opd */
  RVA_FUNC,     /* text, text2 debug name, func */
  /* inside */
  RVA_LABEL,    /* text */
  RVA_HEIGHT,   /* n[0..2] */
  RVA_INSN,     /* text, opd list */
  RVA_RAW,      /* n[0] */
  RVA_CONST,    /* opd */
  RVA_CACHE,    /* opd */
  RVA_CHILD,    /* text */
  RVA_UPVALUE,  /* text or absent, opd */
  RVA_SOURCE,   /* text */
  RVA_LINES,    /* n[0..1] */
  RVA_LINE,     /* n[0], opd: pc, or NULL */
  RVA_LOCAL,    /* text, opd: place, from, to */
  RVA_HEIGHT_AT /* n[0..3] */
} RvaStmtKind;

typedef struct RvaFunc RvaFunc;

typedef struct RvaStmt {
  struct RvaStmt *next;
  RvaLoc loc;
  u8 kind;
  RvaText text, text2;
  RvaOpd *opd;
  RvaType *type;
  u64 n[4];
  RvaFunc *func;
} RvaStmt;

struct RvaFunc {
  RvaStmt *first, **tail;
  i32 params, cells, regs; /* -1: not stated */
  i32 flags;
  bool no_infer; /* heights are exactly those stated */
};

/* One assembly. */
typedef struct RvaAsm {
  RvAsmDiag *diag;
  RvaMem mem;
  RvaStmt *first, **tail;
  RvaStmt *func; /* the open .func, or NULL */
  /* scanner */
  RvaLoc at;   /* of the next byte */
  RvaText tok; /* the token just read, for messages */
  bool mid_line;
  u32 slab_used;
  _Alignas(16) char slab[1024]; /* all that the scanner allocates */
} RvaAsm;

/* A text as the two arguments of %.*s, cut: a message must not be all name. */
#define RVA_TEXT(t) (int)((t).len < 40 ? (t).len : 40), (t).p
void rva_error(RvaAsm *a, RvaLoc loc, const char *fmt, ...) RV_PRINTF(3, 4);

/* -- Builders -------------------------------------------------------------- */
RvaOpd *rva_opd(RvaAsm *a, RvaLoc loc, RvaOpdKind kind, u64 v, RvaText text);
/* Lists under construction are circular and known by their last member, whose
   `next` is the first. `first` cuts the ring. */
RvaOpd *rva_opd_join(RvaOpd *list, RvaOpd *last);
RvaOpd *rva_opd_first(RvaOpd *list);
RvaType *rva_type(RvaAsm *a, RvaLoc loc, RvaText name, bool opt, u64 size);
/* The type uN, which the scanner takes for an upvalue. */
RvaType *rva_type_unsigned(RvaAsm *a, RvaLoc loc, u64 bits, bool opt);
RvaType *rva_type_join(RvaType *list, RvaType *last);
RvaType *rva_type_func(RvaAsm *a, RvaLoc loc, RvaType *args, RvaType *res);
RvaType *rva_type_ref(RvaAsm *a, RvaLoc loc, u64 index);
/* Appends a statement where its kind belongs; elsewhere that is an error. */
RvaStmt *rva_stmt(RvaAsm *a, RvaLoc loc, RvaStmtKind kind);
RvaStmt *rva_import(RvaAsm *a, RvaLoc loc, RvaText kind, RvaOpd *alias);
void rva_func_begin(RvaAsm *a, RvaLoc loc, RvaText name, RvaText debug_name);
void rva_func_attr(RvaAsm *a, RvaLoc loc, RvaText name, bool has_value,
                   u64 value);
void rva_func_end(RvaAsm *a, RvaLoc loc);

/* -- Scanner and parser ---------------------------------------------------- */
/* Literals. False, with an error, when the text is none. */
bool rva_read_int(RvaAsm *a, RvaLoc loc, RvaText text, u64 *v);
bool rva_read_float(RvaAsm *a, RvaLoc loc, RvaText text, u64 *v);
bool rva_read_string(RvaAsm *a, RvaLoc loc, RvaText quoted, RvaText *out);
/* Can this be written as a name? */
bool rva_is_name(const char *p, size_t len);

/* Reads buf[0..len], followed by two NULs, into the tree. */
void rva_parse(RvaAsm *a, char *buf, size_t len);
/* The image of an error-free tree, or NULL with errors. */
RvImage *rva_emit(RvaAsm *a);

#endif
