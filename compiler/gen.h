/* SPDX-License-Identifier: MIT */
/* Code generation: one function at a time, from its tree.

   Registers are numbered here without the cells: parameters first, then the
   rest in the order of a stack; when the function is finished and the number of
   its cells is known, all others move up. Every register below `free` is
   defined at all times, so a declared height is what `free` was. Cells are
   counted up until control arrives at a label, which lowers them to those of
   the variables in scope (isa-spec/machine.md, Heights). */
#ifndef RV_COMPILER_GEN_H
#define RV_COMPILER_GEN_H

#include "compiler/parse.h"
#include "opcodes.h"

#define RVL_NO_JUMP 0u

/* A place jumps wait for: the last of a chain of them, its pc plus 1. */
typedef struct RvlTarget {
  u32 chain;
} RvlTarget;

/* A loop that `break` may leave. */
typedef struct RvlLoop {
  struct RvlLoop *outer;
  RvlTarget exit;
  u32 marks; /* at the exit */
} RvlLoop;

/* A constant already in the list: what its slot says. */
typedef struct RvlKSlot {
  u64 v;
  u32 func; /* number of the function it belongs to */
  u32 index;
  u8 tag;
} RvlKSlot;

struct RvlGen {
  RvlParser *p;
  RvlFs *fs;
  u32 serial; /* of the function */

  u32 *code, ncode, ccode;
  RvConst *k;
  u32 nk, ck;
  RvlKSlot *kslots; /* numbers among the constants, by hash */
  u32 nkslots;
  u32 *caches, ncaches, ccaches;
  RvHeight *heights;
  u32 nheights, cheights;
  RvLine *lines;
  u32 nlines, clines;
  RvLocal *locals;
  u32 nlocals, clocals;
  u32 *scratch; /* marks of targets, by pc */
  u32 cscratch;
  RvlExpr **spine; /* stack of nodes */
  u32 nspine, cspine;

  u32 free, max; /* registers in use, and at most */
  u32 cells, maxcells;
  u32 marks;    /* open to-be-closed marks */
  RvlVar *vars; /* innermost variable in scope */
  RvlLoop *loop;
  u32 line;   /* of the code being made */
  bool ended; /* the last instruction does not fall through */
};

/* -- Instructions (emit.c) ----------------------------------------------------- */
void rvl_emit(RvlGen *g, u32 word);
RV_INLINE void rvl_abc(RvlGen *g, u8 op, u32 a, u32 b, u32 c) {
  rvl_emit(g, (u32)op | a << 8 | b << 16 | c << 24);
}
RV_INLINE void rvl_ad(RvlGen *g, u8 op, u32 a, u32 d) {
  rvl_emit(g, (u32)op | a << 8 | (d & 0xffffu) << 16);
}
void rvl_extra(RvlGen *g, u32 e);
/* A first word and a jump in the word behind it, which waits for t. */
void rvl_jump_word(RvlGen *g, u32 word, RvlTarget *t);
void rvl_jmp(RvlGen *g, RvlTarget *t);
/* Control arrives here, with the registers, cells and marks in use. */
void rvl_bind(RvlGen *g, RvlTarget *t);
/* A place that will be jumped back to; and the jump. */
u32 rvl_back_target(RvlGen *g);
void rvl_loop(RvlGen *g, u32 pc);
/* The second word of a backward jump. */
void rvl_back_word(RvlGen *g, u32 pc);

u32 rvl_k_num(RvlGen *g, u8 tag, u64 v);
u32 rvl_k_str(RvlGen *g, RvlName *n);
/* A cache slot for the key (NULL: of a newtable). */
u32 rvl_cache(RvlGen *g, RvlName *key);
/* ABC with a cache slot in C, or its wide form. */
void rvl_cached(RvlGen *g, u8 op, u8 wide, u32 a, u32 b, RvlName *key);

/* Takes n registers; the first. */
u32 rvl_take(RvlGen *g, u32 n);
/* Registers up to `end` are used by an instruction, but not taken. */
void rvl_need(RvlGen *g, u32 end);

/* -- Expressions (expr.c, spine.c, call.c, logic.c) ------------------------------------ */
/* The value into register t, at most `free`; free stays. */
void rvl_to(RvlGen *g, RvlExpr *e, u32 t);
/* Into the next register, which is taken. */
u32 rvl_next(RvlGen *g, RvlExpr *e);
/* In whatever register it is or comes to be; may be taken. */
u32 rvl_any(RvlGen *g, RvlExpr *e);
void rvl_move(RvlGen *g, u32 t, u32 from);
void rvl_load_nil(RvlGen *g, u32 at, u32 n);
void rvl_load_number(RvlGen *g, u8 tag, u64 v, u32 t);
/* Chains of calls, indices and binary operators (RVL_INDEX and above). */
void rvl_spine(RvlGen *g, RvlExpr *e, u32 t);
/* Can the key stand in the instruction's word? */
bool rvl_key_in_word(const RvlExpr *key);
/* obj[key] := from; kreg holds the key when it cannot. */
void rvl_set_index(RvlGen *g, u32 obj, RvlExpr *key, u32 kreg, u32 from);
void rvl_table(RvlGen *g, RvlExpr *e, u32 t);

/* A call of any kind, its window at `free`: n results, or RVL_OPEN. */
#define RVL_OPEN 255u
void rvl_call(RvlGen *g, RvlExpr *e, u32 nres);
/* `return` of a call, without marks. */
void rvl_tail_call(RvlGen *g, RvlExpr *e);
/* The call whose callee (and receiver) are at base already. */
void rvl_finish_call(RvlGen *g, RvlExpr *e, u32 base, u32 nres);
/* Values into registers one after the other; true: the last is left open. */
bool rvl_push_list(RvlGen *g, RvlExpr *first, bool open);
/* A multiple expression: n values from `free` on, or open. */
void rvl_multi(RvlGen *g, RvlExpr *e, u32 n);
/* Exactly n values from `free` on, all taken. */
void rvl_adjust(RvlGen *g, RvlList list, u32 n);

/* Jumps to t when the truth of e is `sense`. */
void rvl_jump_if(RvlGen *g, RvlExpr *e, bool sense, RvlTarget *t);
void rvl_logic(RvlGen *g, RvlExpr *e, u32 t);
void rvl_intrinsic(RvlGen *g, RvlExpr *e, u32 nres);
void rvl_intrinsic_to(RvlGen *g, RvlExpr *e, u32 t);
/* Number of the import, added when new. */
u32 rvl_add_import(RvlParser *p, RvImport im);
void rvl_import(RvlGen *g, RvlName *name, u32 t);

/* -- Statements (stat.c) ----------------------------------------------------------------- */
void rvl_block(RvlGen *g, RvlBlock b);
/* The body of a function, which returns in line `end` at the latest. */
void rvl_body(RvlGen *g, RvlBlock b, u32 end);
/* v comes into scope, its value in register `from`. */
void rvl_activate(RvlGen *g, RvlVar *v, u32 from);

/* -- Functions (gen.c) -------------------------------------------------------------------- */
RvlGen *rvl_gen_new(RvlParser *p);
void rvl_gen_free(RvlGen *g);
/* Adds the function to the image; its index, and its capture list. */
u32 rvl_gen_func(RvlParser *p, RvlFs *fs, RvlBlock body, RvCapture **captures);

#endif
