/* SPDX-License-Identifier: MIT */
/* Images in memory: what the reader makes of a file and the assembler of text.

   An RvImage is immutable once built, lives outside every machine's heap and
   is counted; any number of machines in any number of threads share it. The
   same structure, still open to change, is what the assembler and the compiler
   fill in (RvImage *rv_image_new, the add functions) and the writer turns into
   bytes. isa-spec/image.md describes the bytes. */
#ifndef RV_VM_IMAGE_H
#define RV_VM_IMAGE_H

#include "vm/insn.h"
#include "vm/value.h"

typedef struct RvImage RvImage;

/* Message of a boundary: reader, verifier, assembler. */
typedef struct RvDiag {
  char text[240];
  const char *section; /* reader: name of the section, or NULL */
  u64 offset;          /* reader: byte offset in the file */
  u32 rule;            /* verifier: RvRule + 1, or 0 */
} RvDiag;

/* Formats as rv_num_fmt does. Control bytes come out as `?`. d may be NULL. */
void rv_diag(RvDiag *d, const char *fmt, ...) RV_PRINTF(2, 3);
/* The same behind "SECTION, offset N: ", which it stores too. */
void rv_diag_at(RvDiag *d, const char *section, u64 offset, const char *fmt,
                ...) RV_PRINTF(4, 5);

typedef struct RvImgStr {
  const char *p; /* NUL-terminated, may hold NULs */
  u32 len;
  u32 hash; /* rv_str_hash of the bytes (str.h) */
} RvImgStr;

/* A constant: tag RV_INT, RV_FLT (v = payload) or RV_STR (v = string index). */
typedef struct RvConst {
  u64 v;
  u8 tag;
} RvConst;

typedef struct RvHeight {
  u32 pc;
  u8 regs;
  u8 cells;
  u8 tbc;
} RvHeight;

/* Where an upvalue of a new closure comes from. */
typedef struct RvCapture {
  u8 from_cell; /* 1: cell register `index` of the maker's frame (register
                   number), 0: upvalue `index` of the maker */
  u8 index;
} RvCapture;

typedef struct RvLine {
  u32 pc;   /* first instruction of the line */
  u32 line; /* 1-based */
} RvLine;

typedef struct RvLocal {
  u32 name; /* string index */
  u32 from, to; /* pc range in which the name holds */
  u8 reg;
  u8 is_cell;
} RvLocal;

#define RV_FUNC_VARARG 0x01u
#define RV_FUNC_NATIVE 0x02u /* library code that shows as [C] */

typedef struct RvFunc {
  u32 name; /* string index; the assembler's .func name */
  u8 nparams;
  u8 ncells;
  u8 nregs; /* all registers, cells included */
  u8 flags;
  u32 ncode, nk, ncaches, nheights, nchildren, nup;
  RvInsn *code;
  RvConst *k;
  u32 *cache_key; /* constant index per cache slot (0 for newtable) */
  RvHeight *heights;
  u32 *children; /* function indices; a `pr` operand indexes this list */
  RvCapture *captures; /* nup of them */
  /* debug information, all optional */
  u32 source; /* string index + 1, 0 for none */
  u32 line_first, line_last; /* where its text begins and ends; 0: unknown,
                                and line_first of a main function */
  u32 nlines, nlocals, nupnames;
  RvLine *lines;
  RvLocal *locals;
  u32 *upnames; /* string index per upvalue; nupnames is 0 or nup */
  /* Made by the verifier, not in the file: the height at every declaration
     and at least every RV_MARK_WORDS words, ascending pc, so that
     rv_height_at walks a few instructions at most. */
  u32 nmarks;
  RvHeight *marks;
} RvFunc;

/* Whether section 8 has anything to say about f. */
RV_INLINE bool rv_image_has_debug(const RvFunc *f) {
  return f->source || f->line_last || f->nlines || f->nlocals || f->nupnames;
}

typedef enum RvImportKind {
  RV_IMPORT_DEVICE = 1,
  RV_IMPORT_NATIVE = 2,
  RV_IMPORT_BUILTIN = 3
} RvImportKind;

/* Signature types (isa-spec/host.md). `nil` is allowed where `opt` is set. */
typedef enum RvSigType {
  RV_SIG_VOID = 0, /* result of natives only */
  RV_SIG_ANY,
  RV_SIG_BOOL,
  RV_SIG_INT, /* i64 */
  RV_SIG_FLT, /* f64; integers convert */
  RV_SIG_STR,
  RV_SIG_BUF,   /* byte buffer, writable by the host */
  RV_SIG_TABLE,
  RV_SIG_FUNC,
  RV_SIG_HANDLE, /* integer handle of this device */
  /* C types, native imports only */
  RV_SIG_I8, RV_SIG_U8, RV_SIG_I16, RV_SIG_U16, RV_SIG_I32, RV_SIG_U32,
  RV_SIG_I64, RV_SIG_U64, RV_SIG_F32, RV_SIG_F64,
  RV_SIG_PTR,   /* light pointer or nil */
  RV_SIG_BYTES, /* pointer to the bytes of a string or buffer; in callback
                   parameters with a size: that many bytes, copied */
  RV_SIG_CALLBACK, /* C function pointer to a guest function */
  RV_SIG_NTYPES
} RvSigType;

typedef struct RvSig RvSig;

typedef struct RvSigItem {
  u8 type;
  u8 opt;        /* nil allowed */
  u32 size;      /* BYTES in callbacks: bytes */
  u32 callback;  /* CALLBACK: index + 1 into RvImage.sigs */
} RvSigItem;

#define RV_SIG_MAX 16u

struct RvSig {
  u8 nargs, nres;
  RvSigItem args[RV_SIG_MAX];
  RvSigItem res[RV_SIG_MAX];
};

/* Registers that the results of a call take: a lone `void` takes none. */
RV_INLINE u32 rv_sig_results(const RvSig *s) {
  return s->nres == 1 && s->res[0].type == RV_SIG_VOID ? 0 : s->nres;
}

typedef struct RvImport {
  u8 kind;
  u32 alias;   /* string index: the name assembly uses */
  u32 module;  /* device or library name; 0 for builtin */
  u32 name;    /* operation, symbol or builtin name */
  u32 version; /* builtin only */
  u32 sig;     /* index into sigs; builtin: unused, 0 */
} RvImport;

typedef struct RvModule {
  u32 name; /* string index */
  u32 func; /* function index of its main function */
} RvModule;

struct RvImage {
  u32 refs;    /* atomic */
  u8 immortal; /* constant data of the program: not counted, never written */
  u8 verified; /* set by rv_verify_image only */
  u32 name;    /* string index + 1, 0 for none */
  u32 entry;   /* module index + 1, 0 for none */
  u64 features; /* low half: must-know bits, high half: may-ignore bits */
  u32 nstrs, nfuncs, nsigs, nimports, nmodules;
  u32 cstrs, cfuncs, csigs, cimports, cmodules; /* capacities */
  RvImgStr *strs;
  RvFunc *funcs;
  RvSig *sigs;
  RvImport *imports;
  RvModule *modules;
  void *arena; /* what rv_image_alloc gave; private to image.c */
  u32 *index;  /* string lookup while building; private to image.c */
  u32 cindex;
};

/* Most of these an image may have: operands with 16 bits name imports, and a
   signature takes much more memory than bytes in the file. */
#define RV_MAX_IMPORTS 65536u
#define RV_MAX_SIGS 4096u

/* -- Building -------------------------------------------------------------- */
/* A new empty image with one reference; NULL when memory is out. */
RvImage *rv_image_new(void);
void rv_image_ref(RvImage *img);
void rv_image_unref(RvImage *img);
/* Memory that lives as long as the image, zeroed; NULL when memory is out. */
void *rv_image_alloc(RvImage *img, size_t bytes);
/* Index of a string, added when new. UINT32_MAX when memory is out. */
u32 rv_image_str(RvImage *img, const char *p, size_t len);
/* The add functions copy the structure (not the arrays it points to, which
   come from rv_image_alloc) and return its index, UINT32_MAX without memory. */
u32 rv_image_add_func(RvImage *img, const RvFunc *f);
u32 rv_image_add_sig(RvImage *img, const RvSig *s);
u32 rv_image_add_import(RvImage *img, const RvImport *i);
u32 rv_image_add_module(RvImage *img, const RvModule *mod);

/* Do the tables agree with each other? Every index from one table into another
   in range, lists of pcs strictly ascending, values in the one form the file
   has for them. Code is the verifier's business. The reader ends with this
   check and the verifier begins with it. */
bool rv_image_check(const RvImage *img, RvDiag *d);

/* Appends all of `from`, which is verified, to an image that is being built:
   strings, signatures and imports that are there already are shared, functions
   and modules follow those of `to`; its name and entry do not. False: a module
   of that name is there already, memory or room for imports is out; *d says
   which, and `to` should be dropped. */
bool rv_image_append(RvImage *to, const RvImage *from, RvDiag *d);

/* A new image whose entry, module `main`, is function `func` of a verified one,
   with those it makes closures of and what they need; `stripped`: without debug
   information but the lines where they begin and end. NULL: one of them has
   imports, or memory is out; *d says which. */
RvImage *rv_image_extract(const RvImage *from, u32 func, bool stripped,
                          RvDiag *d);

/* -- Bytes ----------------------------------------------------------------- */
/* The image as bytes, malloc'd, equal for equal content on every host. NULL
   when memory is out or the image does not pass rv_image_check. */
u8 *rv_image_write(const RvImage *img, size_t *size);
/* Reads bytes into a new image, not yet verified. NULL and *d on failure:
   truncated, wrong magic, future version, bad hash, counts out of range, any
   encoding that rv_image_write would not have made. Every byte is copied
   before it is judged, so `bytes` may change meanwhile. */
RvImage *rv_image_read(const u8 *bytes, size_t size, RvDiag *d);
/* Recomputes the hashes of a damaged or edited container in place. False, and
   nothing changed, when magic, version, length or section table are wrong. */
bool rv_image_seal(u8 *bytes, size_t size, RvDiag *d);
/* Does the content, not the name, say that this is an image? */
bool rv_image_is(const u8 *bytes, size_t size);

/* One section of a container, for `rove info`. */
typedef struct RvImgSection {
  u32 kind;
  u16 version;
  u16 flags;        /* bit 0: a reader that does not know it must refuse */
  u64 offset, length, hash;
  const char *name; /* NULL: unknown to this Rove */
  bool intact;      /* the hash fits */
} RvImgSection;

typedef struct RvImgLayout {
  u8 version;
  u32 must, may; /* feature bits */
  u64 length;
  u32 nsections;
  bool intact; /* the trailer's hash fits */
} RvImgLayout;

/* What header and table say, be the hashes right or wrong. False: not an image
   that has a table. */
bool rv_image_layout(const u8 *bytes, size_t size, RvImgLayout *l, RvDiag *d);
/* Section i of a container that has a layout. */
void rv_image_section(const u8 *bytes, size_t size, u32 i, RvImgSection *s);

#define RV_IMAGE_MAGIC "\x1bRove"

#endif
