/* SPDX-License-Identifier: MIT */
/* Assembler and disassembler: every instruction and every table of an image
   there and back, what the assembler works out itself, and its messages. */
#include "tests/tap.h"

#include "assembler/asm.h"
#include "assembler/mem.h"
#include "opinfo.h"
#include "vm/image_file.h"
#include "vm/verify.h"

/* -- Helpers --------------------------------------------------------------- */

typedef struct Text {
  char *p;
  size_t n, size;
} Text;

static void text_add(void *ud, const char *p, size_t n) {
  Text *t = ud;
  if (t->n + n + 1 > t->size) {
    t->size = (t->n + n + 1) * 2;
    t->p = realloc(t->p, t->size);
    if (!t->p) bail_out("no memory");
  }
  memcpy(t->p + t->n, p, n);
  t->n += n;
  t->p[t->n] = 0;
}

__attribute__((format(printf, 2, 3))) static void text_addf(Text *t,
                                                            const char *fmt,
                                                            ...) {
  char line[1000];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(line, sizeof line, fmt, ap);
  va_end(ap);
  text_add(t, line, strlen(line));
}

static Text dis(const RvImage *img, bool plain) {
  Text t = {0};
  text_add(&t, "", 0);
  if (!rv_dis(img, plain, text_add, &t)) bail_out("no memory");
  return t;
}

static RvImage *assemble(const char *text) {
  RvAsmDiag d;
  RvImage *img = rv_asm_text("test.rasm", text, strlen(text), &d);
  for (u32 i = 0; !img && i < d.nkept; i++)
    diag("%u:%u: %s", d.error[i].line, d.error[i].column, d.error[i].text);
  return img;
}

/* Bytes of asm(dis(img)) equal those of img? */
static bool comes_back(const RvImage *img) {
  size_t size1 = 0, size2 = 0;
  u8 *bytes1 = rv_image_write(img, &size1), *bytes2 = NULL;
  Text t = dis(img, false);
  RvAsmDiag d;
  RvImage *back = rv_asm_text("dis", t.p, t.n, &d);
  if (!back)
    diag("%u:%u: %s", d.error[0].line, d.error[0].column, d.error[0].text);
  if (back) bytes2 = rv_image_write(back, &size2);
  bool same =
      bytes1 && bytes2 && size1 == size2 && memcmp(bytes1, bytes2, size1) == 0;
  /* the source of the source is the same */
  if (same) {
    Text again = dis(back, false);
    same = again.n == t.n && memcmp(again.p, t.p, t.n) == 0;
    free(again.p);
  }
  if (!same && getenv("VERBOSE")) diag("%s", t.p);
  rv_image_unref(back);
  free(bytes1);
  free(bytes2);
  free(t.p);
  return same;
}

/* The error at line:column of a text says that. */
static void says(const char *text, u32 line, u32 column, const char *want) {
  RvAsmDiag d;
  RvImage *img = rv_asm_text("test.rasm", text, strlen(text), &d);
  bool good = !img && d.nkept > 0 && d.error[0].line == line &&
              d.error[0].column == column && !strcmp(d.error[0].text, want);
  ok(good, "%s", want);
  if (!good && img) diag("assembled");
  if (!good && !img)
    diag("got %u:%u: %s", d.error[0].line, d.error[0].column, d.error[0].text);
  rv_image_unref(img);
}

/* -- Every instruction ----------------------------------------------------- */

static const char around[] =
    ".import device \"console\" \"write\" (str) int? as write\n"
    ".import builtin \"sort\" 1 as sort\n"
    ".func main params=2 cells=1 regs=20 vararg\n"
    "  .upvalue \"env\" @0\n"
    "again: body:\n"
    "%s%s\n"
    "  ret0\n"
    "next: done: [5, 0, 0]\n"
    "  ret0\n"
    ".end\n"
    ".func helper params=0\n"
    "  ret0\n"
    ".end\n";

/* The example of every instruction is that instruction, and comes back. */
static void test_examples(void) {
  char path[300], line[4000], text[2000];
  const char *gen = getenv("ROVE_GEN");
  u32 n = 0;
  snprintf(path, sizeof path, "%s/isa-table.tsv", gen ? gen : "build/gen");
  FILE *f = fopen(path, "r");
  if (!f) bail_out("missing isa-table.tsv");
  while (fgets(line, sizeof line, f)) {
    char name[40], *example = strrchr(line, '\t');
    sscanf(line, "%39s", name);
    snprintf(text, sizeof text, around, "  ", example + 1);
    RvImage *img = assemble(text);
    const struct RvOpInfo *info =
        img ? &rv_opinfo[RV_INSN_OP(img->funcs[0].code[0])] : NULL;
    bool good =
        info && info->name && !strcmp(info->name, name) && comes_back(img);
    ok(good, "round trip of %s", name);
    if (!good) diag("example: %s", example + 1);
    rv_image_unref(img);
    n++;
  }
  fclose(f);
  is_int(n, RV_OP_COUNT, "an example of every instruction");
}

/* -- Random images --------------------------------------------------------- */

static u64 seed = 1;

static u32 rnd(u32 n) {
  seed = seed * 6364136223846793005ull + 1442695040888963407ull;
  return n ? (u32)((seed >> 33) % n) : 0;
}

#define ARRAY(img, T, n) ((T *)rv_image_alloc(img, sizeof(T) * ((n) + 1)))

static RvSigItem random_item(RvImage *img, bool callback, bool result) {
  RvSigItem it = {0};
  do {
    it.type = (u8)(1 + rnd(RV_SIG_NTYPES - 1));
  } while (it.type == RV_SIG_CALLBACK && (callback || img->nsigs < 2));
  it.opt = rnd(4) == 0;
  if (it.type == RV_SIG_BYTES && rnd(2)) it.size = rnd(100);
  if (it.type == RV_SIG_CALLBACK) it.callback = 1 + rnd(2);
  return it;
}

static void random_sig(RvImage *img, bool device) {
  RvSig s = {0};
  bool callback = img->nsigs < 2;
  s.nargs = (u8)rnd(rnd(5) ? 3 : RV_SIG_MAX + 1);
  s.nres = (u8)rnd(3);
  for (u32 i = 0; i < s.nargs; i++) s.args[i] = random_item(img, callback, 0);
  for (u32 i = 0; i < s.nres; i++) s.res[i] = random_item(img, callback, 1);
  if (s.nres == 1 && rnd(3) == 0) s.res[0] = (RvSigItem){.type = RV_SIG_VOID};
  rv_image_add_sig(img, &s);
}

static RvInsn random_word(const RvFunc *f) {
  u32 op = rnd(20) ? 2 + rnd(RV_OP_COUNT) : rnd(256);
  u32 w = op;
  for (u32 i = 8; i < 32; i += 8) w |= (rnd(10) ? rnd(8) : rnd(256)) << i;
  return w;
}

static RvInsn random_extra(void) {
  u32 e = rnd(3) ? rnd(20) : rnd(3) ? 0u - rnd(20) : rnd(1 << 24);
  return e << 8 | RV_OP_EXTRA;
}

static void random_code(RvImage *img, RvFunc *f) {
  f->ncode = rnd(40);
  f->code = ARRAY(img, RvInsn, f->ncode);
  for (u32 i = 0; i < f->ncode; i++) {
    f->code[i] = random_word(f);
    const struct RvOpInfo *info = &rv_opinfo[RV_INSN_OP(f->code[i])];
    if (info->words == 2 && i + 1 < f->ncode && rnd(20))
      f->code[++i] = random_extra();
  }
}

static void random_tables(RvImage *img, RvFunc *f, u32 nfuncs) {
  f->nk = rnd(6);
  f->k = ARRAY(img, RvConst, f->nk);
  for (u32 i = 0; i < f->nk; i++) {
    static const u64 floats[] = {0,
                                 0x8000000000000000,
                                 0x7ff0000000000000,
                                 0xfff0000000000000,
                                 0x7ff8000000000000,
                                 0x3ff0000000000000,
                                 1,
                                 0x7fefffffffffffff};
    f->k[i].tag = (u8[]){RV_INT, RV_FLT, RV_STR, RV_STR}[rnd(4)];
    f->k[i].v = f->k[i].tag == RV_STR   ? rnd(img->nstrs)
                : f->k[i].tag == RV_FLT ? floats[rnd(8)]
                : rnd(2)                ? rnd(5) - 2u
                                        : (u64)rnd(1u << 31) << 33 | rnd(99);
    if (f->k[i].tag == RV_FLT && rnd(2))
      f->k[i].v = (u64)rnd(1u << 30) << 32 | rnd(1u << 31);
  }
  f->ncaches = rnd(4);
  f->cache_key = ARRAY(img, u32, f->ncaches);
  for (u32 i = 0; i < f->ncaches; i++) f->cache_key[i] = rnd(f->nk + 1);
  f->nchildren = rnd(4);
  f->children = ARRAY(img, u32, f->nchildren);
  for (u32 i = 0; i < f->nchildren; i++) f->children[i] = rnd(nfuncs);
  f->nup = rnd(4);
  f->captures = ARRAY(img, RvCapture, f->nup);
  for (u32 i = 0; i < f->nup; i++)
    f->captures[i] = (RvCapture){(u8)rnd(2), (u8)(rnd(3) ? rnd(5) : rnd(256))};
  if (f->nup && rnd(2)) {
    f->nupnames = f->nup;
    f->upnames = ARRAY(img, u32, f->nup);
    for (u32 i = 0; i < f->nup; i++) f->upnames[i] = rnd(img->nstrs);
  }
}

static void random_debug(RvImage *img, RvFunc *f) {
  u32 pc = 0;
  f->nheights = rnd(5);
  f->heights = ARRAY(img, RvHeight, f->nheights);
  for (u32 i = 0; i < f->nheights; i++, pc += 1 + rnd(9))
    f->heights[i] = (RvHeight){pc, (u8)rnd(256), (u8)rnd(4), (u8)rnd(4)};
  f->source = rnd(img->nstrs + 1);
  f->line_first = rnd(3);
  f->line_last = f->line_first + rnd(3);
  f->nlines = rnd(5);
  f->lines = ARRAY(img, RvLine, f->nlines);
  pc = 0;
  for (u32 i = 0; i < f->nlines; i++, pc += 1 + rnd(9))
    f->lines[i] = (RvLine){pc, 1 + rnd(1000)};
  f->nlocals = rnd(4);
  f->locals = ARRAY(img, RvLocal, f->nlocals);
  for (u32 i = 0; i < f->nlocals; i++) {
    u32 from = rnd(40);
    f->locals[i] = (RvLocal){rnd(img->nstrs), from, from + rnd(9), (u8)rnd(256),
                             (u8)rnd(2)};
  }
}

static void random_strings(RvImage *img) {
  static const char *const some[] = {
      "main", "f0",  "f1",          "f_1", "as",  "r5",  "",
      "inf",  "a.b", "\"\\\n\t\r;", "nan", "add", "x y", "caf\xc3\xa9"};
  u32 n = 1 + rnd(10);
  while (img->nstrs < n) {
    char bytes[3] = {(char)rnd(256), (char)rnd(256), (char)rnd(256)};
    const char *z = some[rnd(sizeof some / sizeof *some)];
    if (rnd(4)) rv_image_str(img, z, strlen(z));
    else rv_image_str(img, bytes, rnd(4));
  }
}

static void random_imports(RvImage *img) {
  for (u32 n = rnd(5); n > 0; n--) {
    RvImport imp = {.kind = (u8)(img->nsigs && rnd(3) ? RV_IMPORT_NATIVE
                                                      : RV_IMPORT_BUILTIN)};
    imp.alias = rnd(img->nstrs);
    imp.name = rnd(img->nstrs);
    if (imp.kind == RV_IMPORT_BUILTIN) {
      imp.version = rnd(3);
    } else {
      imp.module = rnd(img->nstrs);
      imp.sig = rnd(img->nsigs);
    }
    rv_image_add_import(img, &imp);
  }
}

static RvImage *random_image(void) {
  RvImage *img = rv_image_new();
  u32 nfuncs = 1 + rnd(4);
  random_strings(img);
  for (u32 n = rnd(5); n > 0; n--) random_sig(img, false);
  random_imports(img);
  for (u32 i = 0; i < nfuncs; i++) {
    RvFunc f = {.name = rnd(img->nstrs),
                .nparams = (u8)rnd(4),
                .ncells = (u8)rnd(4),
                .nregs = (u8)rnd(256),
                .flags = (u8)(rnd(5) ? rnd(4) : rnd(256))};
    random_code(img, &f);
    random_tables(img, &f, nfuncs);
    random_debug(img, &f);
    rv_image_add_func(img, &f);
  }
  for (u32 n = rnd(3); n > 0; n--)
    rv_image_add_module(img, &(RvModule){rnd(img->nstrs), rnd(nfuncs)});
  img->name = rnd(img->nstrs + 1);
  img->entry = rnd(img->nmodules + 1);
  if (rnd(3) == 0) img->features = (u64)rnd(9) << 32;
  return img;
}

/* Images as no assembler would write them: all that the reader accepts. */
static void test_random(void) {
  u32 checked = 0, bad = 0, n = 4000;
  for (u32 i = 0; i < n; i++) {
    seed = i * 2 + 1;
    RvImage *img = random_image();
    RvDiag d;
    if (rv_image_check(img, &d)) {
      checked++;
      if (!comes_back(img) && bad++ < 3) diag("seed %u", i);
    }
    Text plain = dis(img, true);
    free(plain.p);
    rv_image_unref(img);
  }
  ok(bad == 0, "%u random images come back", checked);
  ok(checked > n / 2, "most random images are readable");
}

/* -- What the assembler works out ------------------------------------------ */

static void test_tables(void) {
  RvImage *img = assemble(
      ".image \"t\"\n"
      ".module \"m\" main\n"
      ".entry m\n"
      ".func main params=1\n"
      "  loadk r2, 2\n"
      "  loadk r2, 2.0\n"
      "  loadk r2, 0x2\n"
      "  loadk r2, \"2\"\n"
      "  newcell c0, r2\n"
      "  getfield r3, r2, \"x\"\n"
      "  newtable r3, 0, 0\n"
      "  setfield r3, r2, \"2\"\n"
      "  closure r3, inner\n"
      "  closure r4, main\n"
      "  closure r5, inner\n"
      "  concat r7, r2, 4\n"
      "  ret0\n"
      ".end\n"
      ".func inner params=0\n"
      "  .upvalue a c0\n"
      "  .upvalue u3\n"
      "  ret0\n"
      ".end\n");
  if (!ok(img != NULL, "assembles")) return;
  const RvFunc *f = &img->funcs[0];
  is_int(f->nk, 4, "equal constants are one, 2 and 2.0 are not equal");
  ok(f->ncaches == 3 && f->cache_key[0] == 3 && f->cache_key[1] == 0 &&
         f->cache_key[2] == 2,
     "cache slots in code order");
  ok(f->nchildren == 2 && f->children[0] == 1 && f->children[1] == 0,
     "children in order of first use");
  is_int(f->ncells, 1, "cells counted");
  is_int(f->nregs, 8, "registers counted");
  is_int(img->entry, 1, "entry");
  const RvFunc *inner = &img->funcs[1];
  ok(inner->nup == 2 && inner->captures[0].from_cell &&
         inner->captures[0].index == 1 && !inner->captures[1].from_cell &&
         inner->captures[1].index == 3,
     "cells of a capture list count from the maker's parameters");
  ok(inner->nupnames == 2 && img->strs[inner->upnames[1]].len == 0,
     "an upvalue without a name among named ones");
  rv_image_unref(img);
}

static void check_heights(const char *name, const char *body,
                          const char *want) {
  Text t = {0}, got = {0};
  RvDiag d = {.rule = 0};
  text_addf(&t, ".func f params=2 cells=2 vararg\n%s.end\n", body);
  text_add(&got, "", 0);
  RvImage *img = assemble(t.p);
  for (u32 i = 0; img && i < img->funcs[0].nheights; i++) {
    const RvHeight *h = &img->funcs[0].heights[i];
    text_addf(&got, "%u:%u,%u,%u ", h->pc, h->regs, h->cells, h->tbc);
  }
  is_str(got.p, want, name);
  if (img) ok(rv_verify_image(img, &d), "%s: verified", name);
  if (*d.text) diag("%s", d.text);
  rv_image_unref(img);
  free(t.p);
  free(got.p);
}

static void test_heights(void) {
  check_heights("join of two ways",
                "  jt r0, a\n  loadi r4, 1\n  loadi r5, 1\n  jmp b\n"
                "a:\n  loadi r4, 2\nb:\n  ret1 r4\n",
                "5:4,0,0 6:5,0,0 ");
  check_heights("loop with a cell in its body",
                "again:\n  newcell c0, r0\n  jt r1, out\n  loop again\n"
                "out:\n  ret0\n",
                "0:4,0,0 4:4,1,0 ");
  check_heights("numeric loop",
                "  loadi r4, 1\n  loadi r5, 9\n  loadi r6, 1\n"
                "  forprep r4, out\nbody:\n  move r8, r7\n  forloop r4, body\n"
                "out:\n  ret0\n",
                "5:8,0,0 8:7,0,0 ");
  check_heights("generic loop, known by its back-edge only",
                "  loadnil r4, 4\n  gforprep r4, next\nbody:\n  move r9, r8\n"
                "next:\n  gforcall r4, 1\n  gforloop r4, body\n  ret0\n",
                "3:9,0,0 4:8,0,0 ");
  check_heights("generic loops in each other",
                "  loadnil r4, 4\n  gforprep r4, next\nbody:\n"
                "  loadnil r9, 4\n  gforprep r9, inext\nibody:\n"
                "  move r14, r13\ninext:\n  gforcall r9, 1\n"
                "  gforloop r9, ibody\nnext:\n  gforcall r4, 1\n"
                "  gforloop r4, body\n  ret0\n",
                "3:9,0,0 6:14,0,0 7:13,0,0 10:8,0,0 ");
  check_heights("dead code keeps the height before the end",
                "  loadi r4, 1\n  ret1 r4\n  move r5, r4\n  ret0\n",
                "2:5,0,0 ");
  check_heights("stated heights win",
                "  loadi r4, 1\n  jt r0, a\n  loadi r5, 1\na: [4, 0, 0]\n"
                "  ret0\n",
                "4:4,0,0 ");
  check_heights("marks",
                "  tbc r0\n  jt r1, a\n  close 0, 1\n  ret0\na:\n"
                "  close 0, 1\n  ret0\n",
                "5:4,0,1 ");
  check_heights("written on one way only",
                "  jtset r4, r0, a\n  loadi r4, 1\n  loadi r5, 1\na:\n"
                "  ret1 r4\n",
                "4:5,0,0 ");
  check_heights("call results",
                "  move r4, r0\n  move r5, r1\n  call r4, 1, 2\n  jt r0, a\n"
                "  move r6, r4\na:\n  ret r4, 2\n",
                "6:6,0,0 ");
}

static void test_wide(void) {
  Text t = {0};
  text_addf(&t, ".func f params=1\n");
  for (u32 i = 0; i < 300; i++)
    text_addf(&t, "  getfield r1, r0, \"k%u\"\n", i);
  text_addf(&t, "  self r1, r0, \"k7\"\n");
  for (u32 i = 0; i < 65700; i++) text_addf(&t, "  loadk r1, %u\n", i);
  text_addf(&t, "  loadk r1, 3\n  ret0\n.end\n");
  RvImage *img = assemble(t.p);
  if (!ok(img != NULL, "assembles")) return;
  const RvFunc *f = &img->funcs[0];
  is_int(RV_INSN_OP(f->code[255]), RV_OP_GETFIELD, "slot 255: short form");
  is_int(RV_INSN_OP(f->code[256]), RV_OP_GETFIELDX, "slot 256: wide form");
  is_int(f->code[257], 256 << 8 | RV_OP_EXTRA, "and its EXTRA word");
  is_int(RV_INSN_OP(f->code[256 + 88]), RV_OP_SELFX, "self becomes selfx");
  is_int(RV_INSN_OP(f->code[f->ncode - 4]), RV_OP_LOADKX,
         "constant 65,999: loadkx");
  is_int(RV_INSN_OP(f->code[f->ncode - 2]), RV_OP_LOADK,
         "an early constant: loadk");
  ok(comes_back(img), "all of it comes back");
  rv_image_unref(img);
  free(t.p);
}

/* -- Literals -------------------------------------------------------------- */

static void check_number(const char *text, u8 tag, u64 v) {
  Text t = {0};
  text_addf(&t, ".func f\n  loadk r0, %s\n  ret0\n.end", text);
  RvImage *img = assemble(t.p);
  const RvConst *k = img ? &img->funcs[0].k[0] : NULL;
  ok(k && k->tag == tag && k->v == v, "number %s", text);
  rv_image_unref(img);
  free(t.p);
}

static void test_literals(void) {
  check_number("0", RV_INT, 0);
  check_number("-9223372036854775808", RV_INT, 1ull << 63);
  check_number("9223372036854775807", RV_INT, INT64_MAX);
  check_number("0xffffffffffffffff", RV_INT, UINT64_MAX);
  check_number("0x1fffffffffffffffe", RV_INT, UINT64_MAX - 1);
  check_number("-0x10", RV_INT, (u64)-16);
  check_number("2.5", RV_FLT, 0x4004000000000000);
  check_number("1e3", RV_FLT, 0x408f400000000000);
  check_number(".5", RV_FLT, 0x3fe0000000000000);
  check_number("5.", RV_FLT, 0x4014000000000000);
  check_number("0x.8p1", RV_FLT, 0x3ff0000000000000);
  check_number("0x1p-1074", RV_FLT, 1);
  check_number("-0.0", RV_FLT, 1ull << 63);
  check_number("inf", RV_FLT, 0x7ff0000000000000);
  check_number("-inf", RV_FLT, 0xfff0000000000000);
  check_number("nan", RV_FLT, 0x7ff8000000000000);
  RvImage *img = assemble(
      ".string \"a\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\'\\x4a\\0"
      "\\65\\0651;\\255\"");
  ok(img && img->nstrs == 1 && img->strs[0].len == 18 &&
         memcmp(img->strs[0].p, "a\a\b\f\n\r\t\v\\\"'J\0AA1;\xff", 18) == 0,
     "escapes");
  rv_image_unref(img);
}

/* -- Messages -------------------------------------------------------------- */

static void test_messages(void) {
  says(".func f\n  add r1, 5, r2\n.end", 2, 11,
       "expected register (r0..r249) for operand 2 of `add`, got integer");
  says(".func f\n  add r1, r2\n.end", 2, 3,
       "expected register (r0..r249) for operand 3 of `add`, got end of line");
  says(".func f\n  add r1, r2, r3, r4\n.end", 2, 3,
       "`add` takes 3 operands, got 4");
  says(".func f\n  ret1 r250\n.end", 2, 8,
       "expected register (r0..r249) for operand 1 of `ret1`, got register");
  says(".func f\n  newcell r1, r2\n.end", 2, 11,
       "expected cell register (c0, c1, ...) for operand 1 of `newcell`, "
       "got register");
  says(".func f\n  addi r1, r2, 128\n.end", 2, 16,
       "expected integer (-128..127) for operand 3 of `addi`, got 128");
  says(".func f\n  loadi r1, 40000\n.end", 2, 13,
       "expected integer (-32768..32767) for operand 2 of `loadi`, got 40000");
  says(".func f\n  addk r1, r2, \"x\"\n.end", 2, 16,
       "expected number for operand 3 of `addk`, got string");
  says(".func f\n  getfield r1, r2, 5\n.end", 2, 20,
       "expected string for operand 3 of `getfield`, got integer");
  says(".func f\n  call r1, *, 1\n.end", 2, 12,
       "expected count (0..255) for operand 2 of `call`, got `*`");
  says(".func f\n  retc r1, 255\n.end", 2, 12,
       "expected count (0..254) or `*` for operand 2 of `retc`, got integer");
  says(".func f\n  jmp 5\n.end", 2, 7,
       "expected label for operand 1 of `jmp`, got integer");
  says(".func f\n  jmp x\n.end", 2, 7, "no label `x` in this function");
  says(".func f\n  hcall r1, x\n.end", 2, 13, "no import `x`");
  says(".func f\n  closure r1, x\n.end", 2, 15, "no function `x`");
  says(".func f\n  frob r1\n.end", 2, 3, "unknown instruction `frob`");
  says(".frob", 1, 1, "unknown directive `.frob`");
  says("ret0", 1, 1, "expected `.func` before this");
  says(".func f\n.module \"m\" f\n.end", 2, 13,
       "expected `.end` of function `f` before this");
  says(".func f\n", 2, 1, "expected `.end` of function `f` before the end");
  says(".end", 1, 1, "`.end` without `.func`");
  says(".func f\n.end\n.func f\n.end", 3, 7, "second function `f`");
  says(".func f\na:\na:\n ret0\n.end", 3, 1, "second label `a`");
  says(".func f\n  add r1, , r2\n.end", 2, 11, "expected an operand, got `,`");
  says(".func f\n  add r1 r2\n.end", 2, 10,
       "expected end of line or `,`, got `r2`");
  says(".func f\n  loadk r1, \"ab\\q\"\n.end", 2, 16,
       "unknown escape in string: expected one of \\a \\b \\f \\n \\r \\t \\v "
       "\\\\ \\\" \\' \\xHH \\DDD");
  says(".func f\n  loadk r1, \"ab\n.end", 2, 13, "unfinished string");
  says(".func f\n  loadk r1, 12ab\n.end", 2, 13, "malformed number `12ab`");
  says(".func f\n  loadk r1, 9223372036854775808\n.end", 2, 13,
       "integer `9223372036854775808` does not fit 64 bits");
  says("  $", 1, 3, "unexpected byte `$`");
  says("\xef\xbb\xbf", 1, 1, "unexpected byte 0xef");
  says(".entry \"\\x1b[2Jx\"", 1, 8, "expected the name of a module");
  says(".module x y\n.import builtin \"\\x1b[2J\" 1\n"
       ".import builtin \"\\x1b[2J\" 1", 3, 9, "second import `?[2J`");
  says(".import usb \"a\" \"b\" ()", 1, 9,
       "expected `device`, `native` or `builtin`, got `usb`");
  says(".import device \"a\" \"b\" (long)", 1, 25,
       "expected a type, got `long`");
  says(".import native \"a\" \"b\" (fn(fn() int) int)", 1, 30,
       "a callback cannot take or give a callback");
  says(".import device \"a\" \"b\" (int[3])", 1, 25, "only `bytes` has a size");
  says(".import builtin \"a\" \"b\" ()", 1, 9,
       "expected a name and a version number for a builtin");
  says(".entry x", 1, 8, "expected the name of a module");
  says(".module x y", 1, 11, "no function `y`");
  says(".func f regs=300\n.end", 1, 9, "expected regs=0 to 255");
  says(".func f .line 3", 1, 9,
       "expected end of line, name or string, got `.line`");
  says(".func f\n.lines 4 3\n ret0\n.end", 2, 1,
       "expected first and last line");
  says(".func f\n.lines 4 4294967296\n ret0\n.end", 2, 1,
       "expected first and last line");
  says(
      ".func f\n.line 3\n ret0\n.line 2 at 0\n.line 2 at 5\n.line 1 at 4\n"
      ".end",
      6, 1, "lines out of order");
  says(".func f\n.height 0 0 0 0\n.end", 2, 1,
       "`.height` is for functions with `noinfer`");
  says(".func f\n [1,0,0]\n [1,0,0]\n ret0\n.end", 3, 2,
       "second height at one place");
  says(".func f\n.upvalue c0\n.end", 2, 10,
       "no function makes a closure of this one: expected @number, a register");
  says(".import native \"a\" \"b\" @4", 0, 0,
       "import 0: signature 4 is missing");
}

/* All errors of a file are counted, twenty are kept; a wrong line does not
   hide the next. */
static void test_recovery(void) {
  Text t = {0};
  RvAsmDiag d;
  text_addf(&t, ".func f\n");
  for (u32 i = 0; i < 30; i++) text_addf(&t, "  add r1 r2\n  ret0\n");
  text_addf(&t, ".end\n");
  ok(!rv_asm_text("t", t.p, t.n, &d), "refused");
  is_int(d.nerrors, 30, "each wrong line counts");
  is_int(d.nkept, RV_ASM_MAX_ERRORS, "twenty are kept");
  is_int(d.error[19].line, 40, "in order");
  is_str(d.file, "t", "the file's name");
  free(t.p);
}

/* Every prefix of a text, and the text with one byte changed, is taken or
   refused with a message. */
static void test_mutants(void) {
  char text[2000], copy[2000];
  u32 bad = 0, refused = 0;
  snprintf(text, sizeof text, around, "  .local r3 \"x\" again done\n",
           "  getfield r1, r0, \"n\\x41\" ; note\n  addk r2, r1, 0x1p3\n");
  size_t n = strlen(text);
  for (u32 i = 0; i < 6000; i++) {
    RvAsmDiag d;
    memcpy(copy, text, n);
    size_t len = i < n ? i : n;
    seed = i * 2 + 1;
    if (i >= n) copy[rnd((u32)n)] = (char)(rnd(2) ? rnd(256) : 32 + rnd(95));
    RvImage *img = rv_asm_text("m", copy, len, &d);
    if (img ? !comes_back(img) : d.nkept == 0 || !*d.error[0].text) bad++;
    refused += !img;
    rv_image_unref(img);
  }
  ok(bad == 0, "mutants: taken and coming back, or refused with a message");
  ok(refused > 1000 && refused < 6000, "some of both");
}

/* -- Without memory -------------------------------------------------------- */

#ifdef RV_CHECK
/* The same text with each allocation failing once, of the arena and of the
   image: an error that says so, and nothing is lost (the sanitizer looks). */
static void test_memory(void) {
  char text[2000];
  u32 failures = 0, wrong = 0;
  snprintf(text, sizeof text, around,
           "  .const 5\n  .local r3 \"x\" next done\n",
           "  getfield r1, r0, \"n\" ; note\n  closure r4, helper");
  for (u32 which = 0; which < 2; which++) {
    i64 *fail_at = which ? &rv_image_fail_at : &rva_fail_at;
    for (u32 i = 0; i < 1000; i++) {
      RvAsmDiag d;
      *fail_at = i;
      RvImage *img = rv_asm_text("m", text, strlen(text), &d);
      bool done = *fail_at >= 0;
      *fail_at = -1;
      rv_image_unref(img);
      if (done) break;
      failures++;
      wrong += img || strcmp(d.error[0].text, "out of memory");
    }
  }
  ok(failures > 60, "%u allocations of the assembler failed", failures);
  is_int(wrong, 0, "each is an error that says so");
  RvImage *img = assemble(text);
  failures = 0;
  for (u32 i = 0; i < 1000; i++, failures++) {
    Text t = {0};
    rva_fail_at = i;
    bool good = rv_dis(img, false, text_add, &t);
    bool done = rva_fail_at >= 0;
    rva_fail_at = -1;
    free(t.p);
    wrong += good != done;
    if (done) break;
  }
  ok(failures > 10, "%u allocations of the disassembler failed", failures);
  is_int(wrong, 0, "each is reported");
  rv_image_unref(img);
}
#else
static void test_memory(void) {}
#endif

int main(void) {
  test_examples();
  test_tables();
  test_heights();
  test_wide();
  test_literals();
  test_messages();
  test_recovery();
  test_mutants();
  test_random();
  test_memory();
  return done_testing();
}
