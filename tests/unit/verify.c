/* SPDX-License-Identifier: MIT */
/* The verifier: for each rule functions that it alone refuses, functions that
   must pass, heights at every pc. In builds with RV_CHECK each rule is switched
   off in turn to see that nothing else refuses its function. */
#include "vm/verify.h"

#include "opcodes.h"
#include "opinfo.h"
#include "tests/tap.h"

/* Cases leave out what is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* -- A small language for images ----------------------------------------------
   Every case is one function, number 0, in an image with
     constants  0: 1   1: "key"   2: 2.5
     imports    0: device, 2 arguments, 1 result   1: builtin
                2: device, no argument, 3 results  3: native (i32) void
     children   0: function 1, which captures cell register 2
                1: function 2, which captures upvalue 1 */
#define I(op, ...) RV_GLUE(op, __VA_ARGS__, 0, 0, 0)
#define RV_GLUE(op, a, b, c, ...)                                              \
  ((u32)RV_OP_##op | (u32)(a) << 8 | (u32)(b) << 16 | (u32)(c) << 24)
#define D(op, a, d) ((u32)RV_OP_##op | (u32)(a) << 8 | (u32)(d) << 16)
#define J(op, j) ((u32)RV_OP_##op | (u32)(j) << 8)
#define E(e) ((u32)(e) << 8 | RV_OP_EXTRA)
#define END 0xffffffffu

typedef struct Case {
  int rule; /* RvRule + 1, or 0: passes */
  const char *name;
  u8 np, nc, nregs, flags, nup;
  u32 code[40];
  RvHeight h[12];
  u32 nh;
  u32 keys[6], nkeys;
  bool shared; /* another rule refuses it too */
} Case;

#define BREAKS(r) .rule = RV_RULE_##r + 1
#define HEIGHTS(...)                                                           \
  .h = {__VA_ARGS__},                                                          \
  .nh = sizeof((RvHeight[]){__VA_ARGS__}) / sizeof(RvHeight)
#define KEYS(...)                                                              \
  .keys = {__VA_ARGS__}, .nkeys = sizeof((u32[]){__VA_ARGS__}) / sizeof(u32)

static u32 *words(RvImage *img, const u32 *w, u32 n) {
  u32 *p = rv_image_alloc(img, (n + 1) * sizeof *p);
  if (n) memcpy(p, w, n * sizeof *p);
  return p;
}

static void add_child(RvImage *img, u8 from_cell, u8 index) {
  RvFunc f = {.name = 0, .nup = 1, .ncode = 1};
  f.code = words(img, (u32[]){I(RET0, 0)}, 1);
  f.captures = rv_image_alloc(img, sizeof *f.captures);
  f.captures[0] = (RvCapture){from_cell, index};
  rv_image_add_func(img, &f);
}

static void add_import(RvImage *img, u8 kind, u32 name, u32 module,
                       u32 version, u32 sig) {
  RvImport p = {kind, name, module, name, version, sig};
  rv_image_add_import(img, &p);
}

static void add_imports(RvImage *img, u32 name) {
  RvSig two = {.nargs = 2, .nres = 1,
               .args = {{.type = RV_SIG_STR}, {.type = RV_SIG_INT, .opt = 1}},
               .res = {{.type = RV_SIG_ANY}}};
  RvSig none = {.nres = 3, .res = {{.type = RV_SIG_INT}, {.type = RV_SIG_INT},
                                   {.type = RV_SIG_INT}}};
  RvSig c = {.nargs = 1, .nres = 1, .args = {{.type = RV_SIG_I32}},
             .res = {{.type = RV_SIG_VOID}}};
  rv_image_add_sig(img, &two);
  rv_image_add_sig(img, &none);
  rv_image_add_sig(img, &c);
  add_import(img, RV_IMPORT_DEVICE, name, name, 0, 0);
  add_import(img, RV_IMPORT_BUILTIN, name, 0, 1, 0);
  add_import(img, RV_IMPORT_DEVICE, name, name, 0, 1);
  add_import(img, RV_IMPORT_NATIVE, name, name, 0, 2);
}

static RvImage *new_image(const Case *c) {
  RvImage *img = rv_image_new();
  u32 name = rv_image_str(img, c->name, strlen(c->name));
  u32 key = rv_image_str(img, "key", 3);
  RvFunc f = {.name = name, .nparams = c->np, .ncells = c->nc,
              .nregs = c->nregs, .flags = c->flags, .nup = c->nup,
              .nheights = c->nh, .nk = 3, .ncaches = c->nkeys, .nchildren = 2};
  while (f.ncode < 40 && c->code[f.ncode] != END) f.ncode++;
  f.code = words(img, c->code, f.ncode);
  f.heights = rv_image_alloc(img, (c->nh + 1) * sizeof *f.heights);
  memcpy(f.heights, c->h, c->nh * sizeof *f.heights);
  f.k = rv_image_alloc(img, 3 * sizeof *f.k);
  f.k[0] = (RvConst){1, RV_INT};
  f.k[1] = (RvConst){key, RV_STR};
  f.k[2] = (RvConst){rv_d2u(2.5), RV_FLT};
  f.cache_key = words(img, c->keys, c->nkeys);
  f.children = words(img, (u32[]){1, 2}, 2);
  f.captures = rv_image_alloc(img, (f.nup + 1u) * sizeof *f.captures);
  rv_image_add_func(img, &f);
  add_child(img, 1, 2);
  add_child(img, 0, 1);
  add_imports(img, name);
  return img;
}

/* -- Cases ----------------------------------------------------------------- */

static const Case cases[] = {
  /* words */
  {BREAKS(OP_VALID), "number without instruction", .nregs = 1,
   .code = {0x93, I(RET0, 0), END}},
  {BREAKS(OP_VALID), "extra word where an instruction should be", .nregs = 1,
   .code = {E(0), I(RET0, 0), END}},
  {BREAKS(OP_VALID), "private instruction", .nregs = 1,
   .code = {0xe0, I(RET0, 0), END}},
  {BREAKS(FIELD_ZERO), "bits in ret0", .nregs = 1,
   .code = {I(RET0, 1), END}},
  {BREAKS(FIELD_ZERO), "field C of move", .np = 1, .nregs = 1,
   .code = {I(MOVE, 0, 0, 1), I(RET0, 0), END}},
  {BREAKS(FIELD_ZERO), "fields B and C of loadkx", .nregs = 1,
   .code = {I(LOADKX, 0, 1), E(0), I(RET0, 0), END}},
  {BREAKS(EXTRA_WORD), "second word is no EXTRA", .nregs = 1,
   .code = {I(LOADKX, 0), 0, I(RET0, 0), END}},
  {BREAKS(EXTRA_WORD), "second word is an instruction", .nregs = 1,
   .code = {I(LOADKX, 0), I(RET0, 0), I(RET0, 0), END}},
  {BREAKS(EXTRA_WORD), "second word is behind the end", .nregs = 1,
   .code = {I(LOADTRUE, 0), I(LOADKX, 0), END}, .shared = true},
  {BREAKS(FALL_OFF), "no code", .nregs = 1, .code = {END}},
  {BREAKS(FALL_OFF), "no end", .nregs = 1, .code = {I(LOADTRUE, 0), END}},

  /* registers */
  {BREAKS(REG_WRITE), "a hole", .nregs = 3,
   .code = {I(LOADTRUE, 1), I(RET0, 0), END}},
  {BREAKS(REG_WRITE), "outside the frame", .np = 1, .nregs = 1,
   .code = {I(LOADTRUE, 1), I(RET0, 0), END}},
  {BREAKS(REG_WRITE), "a cell register", .np = 1, .nc = 1, .nregs = 3,
   .code = {I(LOADTRUE, 1), I(RET0, 0), END}},
  {BREAKS(REG_READ), "not yet written", .np = 1, .nregs = 3,
   .code = {I(MOVE, 1, 1), I(RET0, 0), END}},
  {BREAKS(REG_READ), "a cell register", .np = 1, .nc = 1, .nregs = 3,
   .code = {I(NEWCELL, 1, 0), I(RET1, 1), END}},
  {BREAKS(REG_READ), "a register that a call has dropped", .np = 3, .nregs = 4,
   .code = {I(CALL, 1, 0, 0), I(RET1, 1), END}},
  {BREAKS(RANGE_READ), "arguments not written", .np = 1, .nregs = 4,
   .code = {I(CALL, 0, 1, 1), I(RET0, 0), END}},
  {BREAKS(RANGE_READ), "a cell among the arguments", .np = 1, .nc = 1,
   .nregs = 3, .code = {I(LOADTRUE, 2), I(TAILCALL, 0, 2), END}},
  {BREAKS(RANGE_READ), "a cell among the results", .np = 1, .nc = 1,
   .nregs = 3, .code = {I(LOADTRUE, 2), I(RET, 0, 3), END}},
  {BREAKS(RANGE_READ), "arguments of an import", .np = 1, .nregs = 4,
   .code = {D(HCALL, 0, 0), I(RET0, 0), END}},
  {BREAKS(RANGE_READ), "resume without coroutine", .np = 1, .nregs = 4,
   .code = {I(RESUME, 1, 0, 1), I(RET0, 0), END}},
  {BREAKS(RANGE_READ), "substr with one index", .np = 2, .nregs = 4,
   .code = {I(SUBSTR, 2, 0, 1), I(RET0, 0), END}},
  {BREAKS(RANGE_WRITE), "nils beyond the frame", .nregs = 3,
   .code = {I(LOADNIL, 0, 4), I(RET0, 0), END}},
  {BREAKS(RANGE_WRITE), "nils over a cell register", .np = 1, .nc = 1,
   .nregs = 3, .code = {I(LOADNIL, 0, 2), I(RET0, 0), END}},
  {BREAKS(RANGE_WRITE), "a loop's variable beyond the frame", .np = 3,
   .nregs = 3, .shared = true,
   .code = {I(FORPREP, 0), E(2), I(FORLOOP, 0), E(-2), I(RET0, 0), END},
   HEIGHTS({2, 3}, {4, 3})},
  {BREAKS(RANGE_WRITE), "jtset beyond the frame", .np = 1, .nregs = 1,
   .shared = true,
   .code = {I(JTSET, 1, 0), E(0), I(RET0, 0), END}, HEIGHTS({2, 1})},
  {BREAKS(WINDOW), "results beyond the frame", .np = 1, .nregs = 3,
   .code = {I(CALL, 0, 0, 4), I(RET0, 0), END}},
  {BREAKS(WINDOW), "results of an import beyond the frame", .nregs = 2,
   .code = {D(HCALL, 0, 2), I(RET0, 0), END}},
  {BREAKS(WINDOW), "above the height", .np = 1, .nregs = 5,
   .code = {I(NEXT, 2, 0, 0), I(RET0, 0), END}},
  {BREAKS(WINDOW), "ret of nothing from a cell register", .np = 1, .nc = 1,
   .nregs = 2, .code = {I(RET, 1, 0), END}},
  {BREAKS(WINDOW), "a callee's frame over the cells", .np = 1, .nc = 1,
   .nregs = 2, .code = {I(CALL, 0, 0, 1), I(RET0, 0), END}},
  {BREAKS(WINDOW), "open results over the cells", .np = 1, .nc = 1,
   .nregs = 2, .shared = true, .code = {I(CALLM, 0, 0), I(RETM, 0), END}},
  {BREAKS(WINDOW), "no room for an iterator's call", .np = 4, .nregs = 6,
   .code = {I(GFORPREP, 0), E(0), I(GFORCALL, 0, 1), I(GFORLOOP, 0), E(-3),
            I(RET0, 0), END},
   HEIGHTS({2, 4})},
  {BREAKS(WINDOW), "no room for what coclose needs", .np = 1, .nregs = 1,
   .code = {I(COCLOSE, 0, 1), I(RET0, 0), END}},
  {BREAKS(WINDOW), "vararg beyond the frame", .nregs = 2,
   .flags = RV_FUNC_VARARG, .code = {I(VARARG, 1, 2), I(RET0, 0), END},
   .shared = true},

  /* cells, upvalues, closures */
  {BREAKS(CELL_NEW), "not the next one", .np = 1, .nc = 2, .nregs = 3,
   .code = {I(NEWCELL, 2, 0), I(RET0, 0), END}},
  {BREAKS(CELL_NEW), "made a second time", .np = 1, .nc = 2, .nregs = 3,
   .code = {I(NEWCELL, 1, 0), I(NEWCELL, 1, 0), I(RET0, 0), END}},
  {BREAKS(CELL_NEW), "an ordinary register", .np = 1, .nc = 0, .nregs = 3,
   .code = {I(NEWCELL, 1, 0), I(RET0, 0), END}},
  {BREAKS(CELL_OPEN), "not made", .np = 1, .nc = 1, .nregs = 3,
   .code = {I(GETCELL, 2, 1), I(RET0, 0), END}},
  {BREAKS(CELL_OPEN), "an ordinary register", .np = 1, .nc = 1, .nregs = 3,
   .code = {I(NEWCELL, 1, 0), I(SETCELL, 0, 0), I(RET0, 0), END}},
  {BREAKS(CELL_OPEN), "dropped by a jump target", .np = 1, .nc = 1, .nregs = 3,
   .code = {I(NEWCELL, 1, 0), I(JT, 0), E(0), I(SETCELL, 1, 0), I(RET0, 0),
            END},
   HEIGHTS({3, 2, 0})},
  {BREAKS(UPVAL_RANGE), "without upvalues", .nregs = 1,
   .code = {I(GETUP, 0, 0), I(RET0, 0), END}},
  {BREAKS(UPVAL_RANGE), "one too far", .np = 1, .nregs = 1, .nup = 1,
   .code = {I(SETUP, 1, 0), I(RET0, 0), END}},
  {BREAKS(CAPTURE), "cell not made", .np = 2, .nc = 1, .nregs = 4, .nup = 2,
   .code = {D(CLOSURE, 3, 0), I(RET0, 0), END}},
  {BREAKS(CAPTURE), "cell is an ordinary register", .np = 3, .nc = 1,
   .nregs = 5, .code = {I(NEWCELL, 3, 0), D(CLOSURE, 4, 0), I(RET0, 0), END}},
  {BREAKS(CAPTURE), "upvalue of the maker is missing", .nregs = 1, .nup = 1,
   .code = {D(CLOSURE, 0, 1), I(RET0, 0), END}},
  {BREAKS(PROTO_RANGE), "no such function", .nregs = 1, .nup = 2,
   .code = {D(CLOSURE, 0, 2), I(RET0, 0), END}},

  /* constants, imports, caches, counts */
  {BREAKS(CONST_RANGE), "no such constant", .nregs = 1,
   .code = {D(LOADK, 0, 3), I(RET0, 0), END}},
  {BREAKS(CONST_RANGE), "no such constant, wide", .nregs = 1,
   .code = {I(LOADKX, 0), E(0xffffff), I(RET0, 0), END}},
  {BREAKS(CONST_NUMBER), "a string", .np = 1, .nregs = 1,
   .code = {I(ADDK, 0, 0, 1), I(RET0, 0), END}},
  {BREAKS(CONST_STRING), "a number as key", .np = 1, .nregs = 1,
   .code = {I(GETFIELD, 0, 0, 0), I(RET0, 0), END}, KEYS(0)},
  {BREAKS(CONST_STRING), "no constant as key", .np = 1, .nregs = 1,
   .code = {I(GETFIELD, 0, 0, 0), I(RET0, 0), END}, KEYS(3)},
  {BREAKS(CACHE_ORDER), "the same slot twice", .np = 1, .nregs = 1,
   .code = {I(GETFIELD, 0, 0, 0), I(GETFIELD, 0, 0, 0), I(RET0, 0), END},
   KEYS(1, 1)},
  {BREAKS(CACHE_ORDER), "a long form for a short slot", .np = 1, .nregs = 1,
   .code = {I(GETFIELDX, 0, 0), E(0), I(RET0, 0), END}, KEYS(1)},
  {BREAKS(CACHE_ORDER), "a key for newtable", .nregs = 1,
   .code = {I(NEWTABLE, 0), E(0), I(RET0, 0), END}, KEYS(1)},
  {BREAKS(CACHE_COUNT), "a slot too many", .np = 1, .nregs = 1,
   .code = {I(GETFIELD, 0, 0, 0), I(RET0, 0), END}, KEYS(1, 1)},
  {BREAKS(CACHE_COUNT), "a slot too few", .np = 1, .nregs = 1,
   .code = {I(GETFIELD, 0, 0, 0), I(RET0, 0), END}},
  {BREAKS(IMPORT_RANGE), "no such import", .np = 2, .nregs = 2,
   .code = {D(HCALL, 0, 4), I(RET0, 0), END}},
  {BREAKS(IMPORT_HOST), "hcall of a builtin", .np = 2, .nregs = 2,
   .code = {D(HCALL, 0, 1), I(RET0, 0), END}},
  {BREAKS(IMPORT_BUILTIN), "import of a device", .nregs = 1,
   .code = {D(IMPORT, 0, 0), I(RET0, 0), END}},
  {BREAKS(COUNT_ONE), "concat of nothing", .np = 1, .nregs = 1,
   .code = {I(CONCAT, 0, 0, 0), I(RET0, 0), END}},
  {BREAKS(OPEN_COUNT), "251 arguments, as if open", .np = 1, .nregs = 2,
   .code = {I(CALLM, 0, 0), I(YIELD, 0, 251, 0), I(RET0, 0), END}},
  {BREAKS(OPEN_COUNT), "254 results, as if open", .np = 1, .nregs = 2,
   .code = {I(YIELD, 0, 0, 254), I(RETM, 0), END}},
  {BREAKS(VARARG_FLAG), "vararg", .nregs = 1,
   .code = {I(VARARGN, 0), I(RET0, 0), END}},

  /* open results */
  {BREAKS(OPEN_NEXT), "nobody takes them", .np = 1, .nregs = 1,
   .code = {I(CALLM, 0, 0), I(RET0, 0), END}},
  {BREAKS(OPEN_NEXT), "the next one has a count", .np = 1, .nregs = 1,
   .code = {I(CALLM, 0, 0), I(RETC, 0, 0), END}},
  {BREAKS(OPEN_NEXT), "a jump target takes them", .np = 2, .nregs = 2,
   .code = {I(CALLM, 1, 0), I(RETM, 1), J(LOOP, -2), END},
   HEIGHTS({1, 1}, {2, 1}), .shared = true},
  {BREAKS(OPEN_USE), "there are none", .np = 1, .nregs = 1,
   .code = {I(RETM, 0), END}},
  {BREAKS(OPEN_USE), "they begin too low", .np = 1, .nregs = 1,
   .code = {I(CALLM, 0, 0), I(TAILCALLA, 0), END}},
  {BREAKS(OPEN_USE), "handler without function", .np = 2, .nregs = 3,
   .code = {I(CALLM, 1, 0), I(XPCALL, 0, RV_OPEN, 1), I(RET0, 0), END}},
  {BREAKS(OPEN_USE), "cells among the values", .np = 1, .nc = 1, .nregs = 3,
   .code = {I(NEWCELL, 1, 0), I(LOADTRUE, 2), I(CALLM, 2, 0), I(RETM, 0), END}},
  {BREAKS(OPEN_USE), "taken twice", .np = 2, .nregs = 2,
   .code = {I(CALLM, 1, 0), I(SETLISTM, 0), E(0), I(RETM, 1), END}},

  /* marks */
  {BREAKS(TBC_COUNT), "closes more than are open", .np = 1, .nregs = 1,
   .code = {I(TBC, 0), I(CLOSE, 0, 2), I(RET0, 0), END}},
  {BREAKS(TBC_COUNT), "closes upward", .np = 1, .nregs = 1, .shared = true,
   .code = {I(CLOSE, 1, 0), I(RETC, 0, 0), END}},
  {BREAKS(TBC_OPEN), "returns with an open mark", .np = 1, .nregs = 1,
   .code = {I(TBC, 0), I(RET0, 0), END}},
  {BREAKS(TBC_OPEN), "tail call with an open mark", .np = 1, .nregs = 1,
   .code = {I(TBC, 0), I(TAILCALL, 0, 0), END}},

  /* jumps and heights */
  {BREAKS(JUMP_FORWARD), "jmp goes backward", .nregs = 1,
   .code = {J(JMP, -1), END}, HEIGHTS({0, 0})},
  {BREAKS(JUMP_FORWARD), "a branch goes backward", .np = 1, .nregs = 1,
   .code = {I(JT, 0), E(-2), I(RET0, 0), END}, HEIGHTS({0, 1})},
  {BREAKS(JUMP_BACK), "loop goes forward", .nregs = 1,
   .code = {J(LOOP, 0), I(RET0, 0), END}, HEIGHTS({1, 0})},
  {BREAKS(JUMP_TARGET), "into an EXTRA word", .nregs = 1,
   .code = {J(JMP, 1), I(LOADKX, 0), E(0), I(RET0, 0), END},
   HEIGHTS({1, 0}, {2, 0})},
  {BREAKS(JUMP_TARGET), "into an EXTRA word, backward", .nregs = 1,
   .code = {I(LOADKX, 0), E(0), J(LOOP, -2), END}, .shared = true},
  {BREAKS(JUMP_TARGET), "beyond the code", .np = 1, .nregs = 1,
   .code = {I(JT, 0), E(1), I(RET0, 0), END}},
  {BREAKS(JUMP_TARGET), "far beyond the code", .np = 1, .nregs = 1,
   .code = {I(JT, 0), E(0x7fffff), I(RET0, 0), END}},
  {BREAKS(JUMP_TARGET), "before the code", .nregs = 1,
   .code = {J(LOOP, -2), END}},
  {BREAKS(HEIGHTS), "none at a jump target", .np = 1, .nregs = 1,
   .code = {I(JT, 0), E(0), I(RET0, 0), END}},
  {BREAKS(HEIGHTS), "none after an end", .nregs = 1,
   .code = {I(RET0, 0), I(RET0, 0), END}},
  {BREAKS(HEIGHTS), "one where no jump leads", .nregs = 1,
   .code = {I(LOADTRUE, 0), I(RET0, 0), END}, HEIGHTS({1, 1})},
  {BREAKS(HEIGHTS), "one at the start where no jump leads", .nregs = 1,
   .code = {I(RET0, 0), END}, HEIGHTS({0, 0})},
  {BREAKS(HEIGHTS), "one inside an instruction", .nregs = 1,
   .code = {I(LOADKX, 0), E(0), I(RET0, 0), END}, HEIGHTS({1, 0})},
  {BREAKS(HEIGHTS), "one behind the end", .nregs = 1,
   .code = {I(RET0, 0), END}, HEIGHTS({1, 0}), .shared = true},
  {BREAKS(HEIGHTS), "one above the frame", .nregs = 1,
   .code = {I(RET0, 0), I(RET0, 0), END}, HEIGHTS({1, 2})},
  {BREAKS(HEIGHTS), "one with too many cells", .nc = 1, .nregs = 1,
   .code = {I(RET0, 0), I(RET0, 0), END}, HEIGHTS({1, 1, 2})},
  {BREAKS(HEIGHTS), "one among the cells", .np = 1, .nc = 2, .nregs = 3,
   .code = {I(RET0, 0), I(RET0, 0), END}, HEIGHTS({1, 2, 0})},
  {BREAKS(HEIGHTS), "one below the cells", .np = 1, .nc = 2, .nregs = 3,
   .code = {I(RET0, 0), I(RET0, 0), END}, HEIGHTS({1, 1, 0})},
  {BREAKS(HEIGHTS), "one with too many marks", .nregs = 1,
   .code = {I(RET0, 0), I(THROW, 0), END}, HEIGHTS({1, 1, 0, 251})},
  {BREAKS(HEIGHT_EDGE), "a jump comes too low", .np = 1, .nregs = 2,
   .code = {I(JT, 0), E(1), I(LOADTRUE, 1), I(RET0, 0), END},
   HEIGHTS({3, 2})},
  {BREAKS(HEIGHT_EDGE), "a fall comes too low", .np = 1, .nregs = 2,
   .code = {I(JTSET, 1, 0), E(0), I(RET1, 1), END}, HEIGHTS({2, 2})},
  {BREAKS(HEIGHT_EDGE), "a back-edge comes too low", .np = 1, .nregs = 2,
   .code = {I(LOADTRUE, 1), I(NOT, 1, 1), I(CALL, 0, 0, 1), J(LOOP, -3), END},
   HEIGHTS({1, 2})},
  {BREAKS(HEIGHT_EDGE), "fewer cells", .np = 1, .nc = 1, .nregs = 2,
   .code = {I(JT, 0), E(1), I(NEWCELL, 1, 0), I(RET0, 0), END},
   HEIGHTS({3, 2, 1})},
  {BREAKS(HEIGHT_EDGE), "a mark less", .np = 1, .nregs = 1,
   .code = {I(JT, 0), E(1), I(TBC, 0), I(RETC, 0, 0), END},
   HEIGHTS({3, 1, 0, 1})},
  {BREAKS(HEIGHT_EDGE), "a mark more", .np = 1, .nregs = 1, .shared = true,
   .code = {I(JT, 0), E(1), I(TBC, 0), I(RET0, 0), END},
   HEIGHTS({3, 1, 0, 0})},
  {BREAKS(HEIGHT_EDGE), "a mark in every turn", .np = 1, .nregs = 1,
   .code = {I(TBC, 0), J(LOOP, -2), END}, HEIGHTS({0, 1, 0, 0})},

  /* loops */
  {BREAKS(LOOP_SHAPE), "forloop without forprep", .np = 4, .nregs = 4,
   .code = {I(LOADTRUE, 0), I(FORLOOP, 0), E(-3), I(RET0, 0), END},
   HEIGHTS({0, 4})},
  {BREAKS(LOOP_SHAPE), "forprep without forloop", .np = 4, .nregs = 4,
   .code = {I(FORPREP, 0), E(2), I(LOADTRUE, 3), I(LOADTRUE, 3), I(RET0, 0),
            END},
   HEIGHTS({4, 4})},
  {BREAKS(LOOP_SHAPE), "other control slots", .np = 5, .nregs = 5,
   .code = {I(FORPREP, 0), E(2), I(FORLOOP, 1), E(-2), I(RET0, 0), END},
   HEIGHTS({2, 4}, {4, 4})},
  {BREAKS(LOOP_SHAPE), "a second forloop", .np = 4, .nregs = 4,
   .code = {I(FORPREP, 0), E(4), I(FORLOOP, 0), E(-2), I(FORLOOP, 0), E(-4),
            I(RET0, 0), END},
   HEIGHTS({2, 4}, {6, 4})},
  {BREAKS(LOOP_SHAPE), "forloop leads elsewhere", .np = 4, .nregs = 4,
   .code = {I(FORPREP, 0), E(3), I(LOADTRUE, 3), I(FORLOOP, 0), E(-2),
            I(RET0, 0), END},
   HEIGHTS({3, 4}, {5, 4})},
  {BREAKS(LOOP_SHAPE), "entered by a jump", .np = 4, .nregs = 4,
   .code = {I(JT, 0), E(2), I(FORPREP, 0), E(2), I(FORLOOP, 0), E(-2),
            I(RET0, 0), END},
   HEIGHTS({4, 4}, {6, 4})},
  {BREAKS(LOOP_SHAPE), "entered by a jump to its end", .np = 5, .nregs = 7,
   .code = {I(JT, 0), E(3), I(GFORPREP, 0), E(0), I(GFORCALL, 0, 1),
            I(GFORLOOP, 0), E(-3), I(RET0, 0), END},
   HEIGHTS({4, 4}, {5, 5})},
  {BREAKS(LOOP_SHAPE), "entered again from behind", .np = 4, .nregs = 4,
   .code = {I(FORPREP, 0), E(2), I(FORLOOP, 0), E(-2), J(LOOP, -3), END},
   HEIGHTS({2, 4}, {4, 4})},
  {BREAKS(LOOP_SHAPE), "an inner loop entered from the outer", .np = 8,
   .nregs = 8,
   .code = {I(FORPREP, 0), E(7), I(FORPREP, 4), E(2), I(FORLOOP, 4), E(-2),
            J(LOOP, -3), I(FORLOOP, 0), E(-7), I(RET0, 0), END},
   HEIGHTS({2, 8}, {4, 8}, {6, 8}, {7, 8}, {9, 8})},
  {BREAKS(LOOP_SHAPE), "loops that overlap", .np = 8, .nregs = 8,
   .code = {I(FORPREP, 0), E(4), I(FORPREP, 4), E(4), I(FORLOOP, 0), E(-4),
            I(FORLOOP, 4), E(-4), I(RET0, 0), END},
   HEIGHTS({2, 8}, {4, 8}, {6, 8}, {8, 8})},
  {BREAKS(LOOP_SHAPE), "generic loop without its call", .np = 5, .nregs = 7,
   .code = {I(GFORPREP, 0), E(0), I(LOADTRUE, 4), I(GFORLOOP, 0), E(-3),
            I(RET0, 0), END},
   HEIGHTS({2, 5})},
  {BREAKS(LOOP_SHAPE), "generic loop with another's call", .np = 6, .nregs = 8,
   .code = {I(GFORPREP, 0), E(0), I(GFORCALL, 1, 1), I(GFORLOOP, 0), E(-3),
            I(RET0, 0), END},
   HEIGHTS({2, 6})},
  {BREAKS(LOOP_SHAPE), "gforcall alone", .np = 5, .nregs = 7,
   .code = {I(GFORCALL, 0, 1), I(RET0, 0), END}},
  {BREAKS(LOOP_SHAPE), "generic loop with a forloop", .np = 5, .nregs = 7,
   .code = {I(GFORPREP, 0), E(0), I(GFORCALL, 0, 1), I(FORLOOP, 0), E(-3),
            I(RET0, 0), END},
   HEIGHTS({2, 5})},
  {BREAKS(LOOP_SLOT), "the body writes the count", .np = 4, .nregs = 4,
   .code = {I(FORPREP, 0), E(3), I(LOADTRUE, 1), I(FORLOOP, 0), E(-3),
            I(RET0, 0), END},
   HEIGHTS({2, 4}, {5, 4})},
  {BREAKS(LOOP_SLOT), "nils over the slots", .np = 4, .nregs = 4,
   .code = {I(FORPREP, 0), E(3), I(LOADNIL, 2, 2), I(FORLOOP, 0), E(-3),
            I(RET0, 0), END},
   HEIGHTS({2, 4}, {5, 4})},
  {BREAKS(LOOP_SLOT), "jfset into a slot", .np = 4, .nregs = 4,
   .code = {I(FORPREP, 0), E(4), I(JFSET, 2, 3), E(0), I(FORLOOP, 0), E(-4),
            I(RET0, 0), END},
   HEIGHTS({2, 4}, {4, 4}, {6, 4})},
  {BREAKS(LOOP_SLOT), "a call's results over the slots", .np = 4, .nregs = 4,
   .code = {I(FORPREP, 0), E(3), I(CALL, 2, 0, 2), I(FORLOOP, 0), E(-3),
            I(RET0, 0), END},
   HEIGHTS({2, 4}, {5, 4})},
  {BREAKS(LOOP_SLOT), "a call's window below the slots", .np = 5, .nregs = 5,
   .code = {I(FORPREP, 1), E(4), I(CALL, 0, 0, 0), I(LOADNIL, 0, 5),
            I(FORLOOP, 1), E(-4), I(RET0, 0), END},
   HEIGHTS({2, 5}, {6, 5})},
  {BREAKS(LOOP_SLOT), "an inner loop on the same slots", .np = 6, .nregs = 6,
   .code = {I(FORPREP, 0), E(6), I(FORPREP, 2), E(2), I(FORLOOP, 2), E(-2),
            I(FORLOOP, 0), E(-6), I(RET0, 0), END},
   HEIGHTS({2, 6}, {4, 6}, {6, 6}, {8, 6})},
  {BREAKS(LOOP_SLOT), "the inner body writes the outer slots", .np = 8,
   .nregs = 8,
   .code = {I(FORPREP, 0), E(7), I(FORPREP, 4), E(3), I(LOADTRUE, 0),
            I(FORLOOP, 4), E(-3), I(FORLOOP, 0), E(-7), I(RET0, 0), END},
   HEIGHTS({2, 8}, {4, 8}, {7, 8}, {9, 8})},
  {BREAKS(LOOP_SLOT), "a generic body writes the state", .np = 5, .nregs = 7,
   .code = {I(GFORPREP, 0), E(1), I(LOADTRUE, 1), I(GFORCALL, 0, 1),
            I(GFORLOOP, 0), E(-4), I(RET0, 0), END},
   HEIGHTS({2, 5}, {3, 4})},

  /* the function as a whole */
  {BREAKS(FRAME), "251 registers", .nregs = 251, .code = {I(RET0, 0), END}},
  {BREAKS(FRAME), "parameters and cells beyond them", .np = 2, .nc = 2,
   .nregs = 3, .code = {I(RET0, 0), END}},
  {BREAKS(FUNC_FLAGS), "unknown flag", .nregs = 1, .flags = 0x80,
   .code = {I(RET0, 0), END}},
  {BREAKS(FUNC_FLAGS), "native outside the library", .nregs = 1,
   .flags = RV_FUNC_NATIVE, .code = {I(RET0, 0), END}},

  /* functions that pass */
  {0, "an empty function", .code = {I(RET0, 0), END}},
  {0, "unreachable code", .np = 1, .nregs = 9, .nc = 2,
   .code = {I(RET0, 0), I(MOVE, 8, 7), I(GETCELL, 7, 2), I(RETC, 3, 1), END},
   HEIGHTS({1, 8, 2, 3})},
  {0, "a call's window over the parameters", .np = 2, .nregs = 3,
   .code = {I(CALL, 0, 1, 2), I(RET, 0, 2), END}},
  {0, "a window at the very end", .np = 3, .nregs = 3, .flags = RV_FUNC_VARARG,
   .code = {I(VARARGM, 3), I(RETM, 3), END}},
  {0, "open results handed on", .np = 2, .nregs = 2, .flags = RV_FUNC_VARARG,
   .code = {I(CALLM, 1, 0), I(CALLAM, 0), I(YIELD, 0, RV_OPEN, RV_OPEN),
            I(RETC, 0, RV_OPEN), END}},
  {0, "cells of each turn", .np = 3, .nc = 2, .nregs = 7,
   .code = {I(NEWCELL, 3, 0), /* 1 */ I(NEWCELL, 4, 0), I(GETCELL, 5, 4),
            I(JF, 5), E(1), J(LOOP, -5), I(RET0, 0), END},
   HEIGHTS({1, 5, 1}, {6, 6, 2})},
  {0, "closures", .np = 2, .nc = 1, .nregs = 4, .nup = 2,
   .code = {I(NEWCELL, 2, 0), D(CLOSURE, 3, 0), D(CLOSURE, 3, 1), I(RET1, 3),
            END}},
  {0, "loops in loops, left by a jump", .np = 1, .nregs = 24,
   .code = {I(LOADNIL, 1, 3), I(FORPREP, 1), E(13),
            /* 3 */ I(LOADNIL, 5, 4), I(GFORPREP, 5), E(4),
            /* 6 */ I(JT, 9), E(8), I(JT, 10), E(0),
            /* 10 */ I(GFORCALL, 5, 2), I(GFORLOOP, 5), E(-7),
            /* 13 */ J(JMP, 0), /* 14 */ I(FORLOOP, 1), E(-13),
            /* 16 */ I(RET0, 0), END},
   HEIGHTS({3, 5}, {6, 11}, {10, 9}, {14, 4}, {16, 4}), .shared = true},
  {0, "marks", .np = 2, .nregs = 2,
   .code = {I(TBC, 0), I(TBC, 1), I(JT, 0), E(2), I(CLOSE, 1, 2),
            I(RETC, 0, 2), I(CLOSE, 0, 2), I(RET, 0, 2), END},
   HEIGHTS({6, 2, 0, 2})},
  {0, "imports", .np = 2, .nregs = 3,
   .code = {D(HCALL, 0, 0), D(HCALL, 0, 2), D(HCALL, 2, 3), D(IMPORT, 2, 1),
            I(RET, 0, 3), END}},
  {0, "caches", .np = 1, .nregs = 3, .nup = 1,
   .code = {I(NEWTABLE, 1, 4, 4), E(0), I(SETFIELD, 1, 0, 1),
            I(GETUPF, 2, 0, 2), I(SELF, 1, 1, 3), I(RET, 1, 2), END},
   KEYS(0, 1, 1, 1)},
};

#define NCASES (sizeof cases / sizeof *cases)

/* -- Running them ---------------------------------------------------------- */

#ifdef RV_CHECK
static bool passes_without(RvImage *img, int rule) {
  RvDiag d = {0};
  rv_verify_disabled_rule = rule;
  bool good = rv_verify_image(img, &d);
  rv_verify_disabled_rule = -1;
  if (!good) diag("%s", d.text);
  return good;
}
#else
static bool passes_without(RvImage *img, int rule) { return true; }
#endif

static bool have_only[RV_RULE_COUNT];

static void refused(RvImage *img, int rule, const char *name, bool shared) {
  RvDiag d = {0};
  bool good = rv_verify_image(img, &d);
  if (!ok(!good && !img->verified && d.rule == (u32)rule + 1, "%s: %s",
          rv_rule_name[rule], name))
    diag("%s", good ? "passes" : d.text);
  if (!ok(good || strstr(d.text, rv_rule_name[rule]), "names the rule"))
    diag("%s", d.text);
  if (shared) return;
  ok(passes_without(img, rule), "only %s refuses it", rv_rule_name[rule]);
  have_only[rule] = true;
}

/* Heights by the definition: from the start, with every declaration. */
static bool same_heights(const RvImage *img, const RvFunc *f) {
  RvHeights h = rv_height_entry(f);
  u32 next = 0;
  for (u32 pc = 0; pc < f->ncode;) {
    if (next < f->nheights && f->heights[next].pc == pc) {
      h = (RvHeights){f->heights[next].regs, f->heights[next].cells,
                      f->heights[next].tbc};
      next++;
    }
    RvHeights g = rv_height_at(img, f, pc);
    if (g.regs != h.regs || g.cells != h.cells || g.tbc != h.tbc) return false;
    h = rv_height_step(img, f, pc, h, NULL);
    pc += rv_opinfo[RV_INSN_OP(f->code[pc])].words;
  }
  return next == f->nheights;
}

static void run_case(const Case *c) {
  RvImage *img = new_image(c);
  RvDiag d = {0};
  if (c->rule) {
    refused(img, c->rule - 1, c->name, c->shared);
  } else {
    if (!ok(rv_verify_image(img, &d) && img->verified, "passes: %s", c->name))
      diag("%s", d.text);
    else
      ok(same_heights(img, &img->funcs[0]), "heights: %s", c->name);
  }
  rv_image_unref(img);
}

/* -- What cases cannot say ------------------------------------------------- */

static const Case plain = {0, "plain", .np = 2, .nc = 1, .nregs = 4, .nup = 2,
                           .code = {I(RET0, 0), END}};

static void test_tables(void) {
  RvImage *img = new_image(&plain);
  img->funcs[0].name = 999;
  refused(img, RV_RULE_TABLES, "the function's name", false);
  img->funcs[0].name = 0;
  img->funcs[0].children[0] = 3;
  refused(img, RV_RULE_TABLES, "a child", false);
  img->funcs[0].children[0] = 1;
  img->imports[0].sig = 3;
  refused(img, RV_RULE_TABLES, "a signature", false);
  img->imports[0].sig = 0;
  img->funcs[0].k[2].v |= 0x7ff8000000000001ull;
  refused(img, RV_RULE_TABLES, "a NaN", false);
  rv_image_unref(img);
}

static void test_main(void) {
  RvImage *img = new_image(&plain);
  rv_image_add_module(img, &(RvModule){0, 0});
  ok(rv_verify_image(img, NULL), "two upvalues are allowed");
  img->funcs[0].nup = 256;
  img->modules[0].func = 1;
  img->funcs[0].captures = rv_image_alloc(img, 256 * sizeof(RvCapture));
  refused(img, RV_RULE_FRAME, "256 upvalues", false);
  rv_image_unref(img);
}

static void test_debug(void) {
  RvImage *img = new_image(&plain);
  RvFunc *f = &img->funcs[0];
  RvLine lines[] = {{0, 1}, {1, 2}};
  RvLocal local = {0, 0, 1, 3, 0};
  f->lines = lines;
  f->nlines = 2;
  refused(img, RV_RULE_DEBUG_RANGE, "a line behind the code", false);
  f->nlines = 1;
  f->locals = &local;
  f->nlocals = 1;
  ok(rv_verify_image(img, NULL), "a line and a local pass");
  local.reg = 4;
  refused(img, RV_RULE_DEBUG_RANGE, "a local beyond the frame", false);
  local.reg = 2;
  refused(img, RV_RULE_DEBUG_RANGE, "a local in a cell register", false);
  local.is_cell = 1;
  ok(rv_verify_image(img, NULL), "a local in a cell passes");
  local.reg = 1;
  refused(img, RV_RULE_DEBUG_RANGE, "a cell in a register", false);
  local = (RvLocal){0, 0, 2, 0, 0};
  refused(img, RV_RULE_DEBUG_RANGE, "a local behind the code", false);
  rv_image_unref(img);
}

static void test_big(void) {
  RvImage *img = new_image(&plain);
  RvFunc *f = &img->funcs[0];
  u32 n = (1u << 24) + 1;
  f->code = malloc(n * sizeof *f->code);
  for (u32 i = 0; i + 1 < n; i++) f->code[i] = I(LOADTRUE, 0);
  f->code[n - 2] = I(RET0, 0);
  f->ncode = n - 1;
  ok(rv_verify_image(img, NULL), "2^24 words pass");
  u32 end = n - 2;
  RvHeights h = rv_height_at(img, f, end);
  ok(h.regs == 3, "the height at the last of them is at hand");
  f->code[n - 2] = I(LOADTRUE, 0);
  f->code[n - 1] = I(RET0, 0);
  f->ncode = n;
  refused(img, RV_RULE_CODE_SIZE, "one word more", false);
  free(f->code);
  rv_image_unref(img);
}

static void test_library(void) {
  RvImage *img = new_image(&plain);
  RvDiag d = {0};
  img->funcs[0].flags = RV_FUNC_NATIVE;
  ok(rv_verify_library(img, &d), "the library may have native functions");
  ok(!rv_verify_image(img, &d) && !img->verified, "others may not");
  rv_image_unref(img);
}

/* 250 marks fit, 251 do not. */
static void test_marks(void) {
  RvImage *img = new_image(&plain);
  RvFunc *f = &img->funcs[0];
  u32 code[253];
  for (u32 i = 0; i < 253; i++) code[i] = I(TBC, 0);
  code[250] = I(RETC, 0, 0);
  f->code = code;
  f->ncode = 251;
  ok(rv_verify_image(img, NULL), "250 marks pass");
  code[250] = I(TBC, 0);
  code[251] = I(RETC, 0, 0);
  f->ncode = 252;
  refused(img, RV_RULE_TBC_COUNT, "251 marks", false);
  rv_image_unref(img);
}

/* Slots above 255 take the long form, and only they. */
static void test_long_caches(void) {
  RvImage *img = new_image(&plain);
  RvFunc *f = &img->funcs[0];
  u32 code[260], keys[257];
  for (u32 i = 0; i < 257; i++) {
    keys[i] = 1;
    code[i] = I(GETFIELD, 0, 0, i);
  }
  code[256] = I(GETFIELDX, 0, 0);
  code[257] = E(256);
  code[258] = I(RET0, 0);
  f->code = code;
  f->ncode = 259;
  f->cache_key = keys;
  f->ncaches = 257;
  ok(rv_verify_image(img, NULL), "257 cache slots pass");
  code[256] = I(GETFIELD, 0, 0, 0);
  code[257] = I(RET0, 0);
  f->ncode = 258;
  refused(img, RV_RULE_CACHE_ORDER, "slot 256 in a short form", false);
  rv_image_unref(img);
}

static void test_control_slots(void) {
  const Case *c = NULL;
  for (size_t i = 0; i < NCASES; i++)
    if (!strcmp(cases[i].name, "loops in loops, left by a jump")) c = &cases[i];
  RvImage *img = new_image(c);
  const RvFunc *f = &img->funcs[0];
  ok(!rv_is_control_slot(f, 1, 1), "before the loop");
  ok(rv_is_control_slot(f, 3, 1) && rv_is_control_slot(f, 14, 3), "in it");
  ok(!rv_is_control_slot(f, 3, 4), "its variable is none");
  ok(!rv_is_control_slot(f, 4, 5) && rv_is_control_slot(f, 6, 5) &&
         rv_is_control_slot(f, 11, 7) && !rv_is_control_slot(f, 13, 5),
     "the inner loop");
  ok(!rv_is_control_slot(f, 16, 1), "behind the loop");
  rv_image_unref(img);
}

static void test_every_rule(void) {
#ifdef RV_CHECK
  for (int i = 0; i < RV_RULE_COUNT; i++)
    ok(have_only[i], "%s refuses something alone", rv_rule_name[i]);
#endif
}

int main(void) {
  for (size_t i = 0; i < NCASES; i++) run_case(&cases[i]);
  test_tables();
  test_main();
  test_debug();
  test_big();
  test_library();
  test_marks();
  test_long_caches();
  test_control_slots();
  test_every_rule();
  return done_testing();
}
