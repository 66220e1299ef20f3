/* SPDX-License-Identifier: MIT */
/* Images: bytes and back, canonical form, damage of every kind, sealing. */
#include "vm/hash.h"
#include "vm/image_file.h"
#include "vm/verify.h"

#include "opcodes.h"
#include "opinfo.h"
#include "tests/tap.h"

/* -- Two images ------------------------------------------------------------ */

static void *copy(RvImage *img, const void *p, size_t n) {
  void *q = rv_image_alloc(img, n);
  return q ? memcpy(q, p, n) : NULL;
}

#define LIST(img, f, field, count, T, ...)                                     \
  do {                                                                         \
    const T list_[] = {__VA_ARGS__};                                           \
    (f)->count = sizeof list_ / sizeof *list_;                                 \
    (f)->field = copy(img, list_, sizeof list_);                               \
  } while (0)

static u32 str(RvImage *img, const char *z) {
  return rv_image_str(img, z, strlen(z));
}

/* The example of image.md: a module that returns "hi". */
static RvImage *small_image(void) {
  RvImage *img = rv_image_new();
  u32 main = str(img, "main"), hi = str(img, "hi");
  RvFunc f = {.name = main, .nregs = 1};
  LIST(img, &f, k, nk, RvConst, {hi, RV_STR});
  LIST(img, &f, code, ncode, RvInsn, rv_insn_ad(RV_OP_LOADK, 0, 0),
       rv_insn_abc(RV_OP_RET1, 0, 0, 0));
  rv_image_add_func(img, &f);
  rv_image_add_module(img, &(RvModule){main, 0});
  img->entry = 1;
  return img;
}

static void add_sigs(RvImage *img) {
  RvSigItem text = {.type = RV_SIG_STR}, maybe = {.type = RV_SIG_INT, .opt = 1};
  RvSig device = {.nargs = 2, .nres = 2, .args = {text, maybe},
                  .res = {maybe, text}};
  RvSig compare = {.nargs = 2, .nres = 1,
                   .args = {{.type = RV_SIG_BYTES, .size = 300},
                            {.type = RV_SIG_BYTES}},
                   .res = {{.type = RV_SIG_I32}}};
  RvSig qsort = {.nargs = 2, .nres = 1,
                 .args = {{.type = RV_SIG_BYTES},
                          {.type = RV_SIG_CALLBACK, .callback = 2}},
                 .res = {{.type = RV_SIG_VOID}}};
  rv_image_add_sig(img, &device);
  rv_image_add_sig(img, &compare);
  rv_image_add_sig(img, &qsort);
}

static void add_imports(RvImage *img) {
  u32 console = str(img, "console"), write = str(img, "write");
  rv_image_add_import(img, &(RvImport){RV_IMPORT_DEVICE, write, console, write,
                                       0, 0});
  rv_image_add_import(img, &(RvImport){RV_IMPORT_NATIVE, str(img, "sort"),
                                       str(img, "libc.so.6"),
                                       str(img, "qsort"), 0, 2});
  rv_image_add_import(img, &(RvImport){RV_IMPORT_BUILTIN, str(img, "tsort"), 0,
                                       str(img, "table.sort"), 300, 0});
}

static void add_outer(RvImage *img, u32 name) {
  RvFunc f = {.name = name, .nparams = 1, .ncells = 1, .nregs = 4, .nup = 1,
              .flags = RV_FUNC_VARARG};
  u32 key = str(img, "key");
  LIST(img, &f, captures, nup, RvCapture, {0, 0});
  LIST(img, &f, k, nk, RvConst, {key, RV_STR}, {rv_d2u(-0.5), RV_FLT},
       {(u64)-3, RV_INT}, {1ull << 63, RV_INT}, {INT64_MAX, RV_INT},
       {0x7ff8000000000000ull, RV_FLT});
  LIST(img, &f, cache_key, ncaches, u32, 0, 0);
  LIST(img, &f, children, nchildren, u32, 1, 1);
  LIST(img, &f, code, ncode, RvInsn, rv_insn_abc(RV_OP_NEWCELL, 1, 0, 0),
       rv_insn_abc(RV_OP_NEWTABLE, 2, 0, 1), rv_insn_j(RV_OP_EXTRA, 0),
       rv_insn_abc(RV_OP_SETFIELD, 2, 0, 1),
       rv_insn_ad(RV_OP_CLOSURE, 3, 1), rv_insn_abc(RV_OP_JT, 0, 0, 0),
       rv_insn_j(RV_OP_EXTRA, 1), rv_insn_j(RV_OP_LOOP, -5),
       rv_insn_abc(RV_OP_RET, 2, 2, 0));
  LIST(img, &f, heights, nheights, RvHeight, {3, 3, 1, 0}, {8, 4, 1, 0});
  f.source = str(img, "outer.rasm") + 1;
  f.line_first = 9;
  f.line_last = 301;
  LIST(img, &f, lines, nlines, RvLine, {0, 10}, {3, 300}, {5, 2});
  LIST(img, &f, locals, nlocals, RvLocal, {key, 0, 9, 0, 0},
       {name, 1, 9, 1, 1});
  LIST(img, &f, upnames, nupnames, u32, key);
  rv_image_add_func(img, &f);
}

static void add_inner(RvImage *img, u32 name) {
  RvFunc f = {.name = name, .nparams = 2, .nregs = 9, .nup = 2};
  LIST(img, &f, captures, nup, RvCapture, {1, 1}, {0, 0});
  LIST(img, &f, code, ncode, RvInsn, rv_insn_abc(RV_OP_LOADNIL, 2, 7, 0),
       rv_insn_abc(RV_OP_FORPREP, 2, 0, 0), rv_insn_j(RV_OP_EXTRA, 3),
       rv_insn_abc(RV_OP_GETUP, 6, 1, 0), rv_insn_abc(RV_OP_FORLOOP, 2, 0, 0),
       rv_insn_j(RV_OP_EXTRA, -3), rv_insn_ad(RV_OP_HCALL, 0, 0),
       rv_insn_abc(RV_OP_TAILCALL, 0, 1, 0));
  LIST(img, &f, heights, nheights, RvHeight, {3, 6, 0, 0}, {6, 6, 0, 0});
  rv_image_add_func(img, &f);
}

/* One of everything; RV_CHECK builds run out of memory in here. */
static RvImage *full_image(void) {
  RvImage *img = rv_image_new();
  if (!img) return NULL;
  u32 outer = str(img, "outer"), inner = rv_image_str(img, "in\0ner", 6);
  u32 empty = rv_image_str(img, "", 0);
  str(img, "\xff\xfe not UTF-8");
  add_sigs(img);
  add_imports(img);
  add_outer(img, outer);
  add_inner(img, inner);
  rv_image_add_module(img, &(RvModule){outer, 0});
  rv_image_add_module(img, &(RvModule){empty, 0});
  img->name = outer + 1;
  img->entry = 2;
  img->features = 5ull << 32;
  return img;
}

/* -- Helpers --------------------------------------------------------------- */

typedef struct Bytes {
  u8 *p;
  size_t n;
} Bytes;

static Bytes bytes_of(RvImage *img) {
  Bytes b;
  b.p = rv_image_write(img, &b.n);
  if (!b.p) bail_out("an image cannot be written");
  rv_image_unref(img);
  return b;
}

/* A copy in memory of just that size, so that a sanitizer sees a step over. */
static Bytes exactly(const u8 *p, size_t n) {
  Bytes b = {malloc(n ? n : 1), n};
  memcpy(b.p, p, n);
  return b;
}

static bool rewrites(const RvImage *img, const u8 *p, size_t n) {
  size_t m;
  u8 *q = rv_image_write(img, &m);
  bool same = q && m == n && !memcmp(p, q, n);
  free(q);
  return same;
}

/* Walks all heights of a verified image. */
static bool walks(const RvImage *img) {
  for (u32 i = 0; i < img->nfuncs; i++) {
    const RvFunc *f = &img->funcs[i];
    for (u32 pc = 0; pc < f->ncode;) {
      RvHeights h = rv_height_at(img, f, pc);
      if (h.regs > f->nregs || h.cells > f->ncells) return false;
      pc += rv_opinfo[RV_INSN_OP(f->code[pc])].words;
    }
  }
  return true;
}

typedef struct Tally {
  u32 read, verified, bad; /* bad: accepted, and then something is wrong */
} Tally;

/* Are all sections of this version? Others are dropped by the reader. */
static bool knows_all(const u8 *p, size_t n) {
  RvImgLayout l;
  RvImgSection s;
  rv_image_layout(p, n, &l, NULL);
  for (u32 i = 0; i < l.nsections; i++) {
    rv_image_section(p, n, i, &s);
    if (!s.name || s.version != RV_SECTION_VERSION) return false;
  }
  return true;
}

/* An image that may be anything. */
static void try_image(const u8 *p, size_t n, Tally *t) {
  Bytes b = exactly(p, n);
  RvDiag d = {0};
  RvImage *img = rv_image_read(b.p, b.n, &d);
  if (!img) {
    t->bad += d.text[0] == 0 || (d.section == NULL && d.offset != 0);
  } else {
    t->read++;
    t->bad += knows_all(b.p, b.n) && !rewrites(img, b.p, b.n);
    if (rv_verify_image(img, &d)) {
      t->verified++;
      t->bad += !walks(img);
    } else {
      t->bad += d.rule == 0;
    }
  }
  rv_image_unref(img);
  free(b.p);
}

/* -- Round trips ----------------------------------------------------------- */

static void test_round_trip(const char *name, RvImage *made) {
  Bytes b = bytes_of(made);
  RvDiag d = {0};
  RvImage *img = rv_image_read(b.p, b.n, &d);
  if (!ok(img != NULL, "%s: reads what it wrote", name)) {
    diag("%s", d.text);
    return;
  }
  ok(rewrites(img, b.p, b.n), "%s: writes what it read", name);
  if (!ok(rv_verify_image(img, &d), "%s: verifies", name)) diag("%s", d.text);
  ok(rv_image_is(b.p, b.n) && !rv_image_is(b.p, 4), "%s: is an image", name);
  rv_image_unref(img);
  free(b.p);
}

static void test_content(void) {
  Bytes b = bytes_of(full_image());
  RvImage *img = rv_image_read(b.p, b.n, NULL);
  if (!ok(img != NULL, "the full image reads")) return;
  const RvFunc *f = &img->funcs[0];
  ok(img->features == 5ull << 32 && img->entry == 2 && img->name == 1,
     "manifest");
  ok(f->k[2].v == (u64)-3 && f->k[3].v == 1ull << 63 &&
         f->k[4].v == INT64_MAX && rv_u2d(f->k[1].v) == -0.5,
     "constants");
  ok(f->lines[1].pc == 3 && f->lines[1].line == 300 && f->lines[2].line == 2 &&
         f->line_first == 9 && f->line_last == 301,
     "lines");
  ok(f->locals[1].is_cell && f->locals[1].to == 9 && f->nupnames == 1,
     "locals and names of upvalues");
  ok(f->heights[1].pc == 8 && f->heights[1].regs == 4, "heights");
  ok(img->sigs[1].args[0].size == 300 && img->sigs[2].args[1].callback == 2 &&
         img->sigs[0].res[0].opt && rv_sig_results(&img->sigs[2]) == 0,
     "signatures");
  ok(img->imports[2].version == 300 && img->imports[1].sig == 2, "imports");
  ok(img->strs[0].hash == rv_str_hash("outer", 5), "hashes of strings");
  ok(rv_image_str(img, "key", 3) == f->k[0].v, "strings are found again");
  u32 n = img->nstrs;
  ok(rv_image_str(img, "new", 3) == n && img->nstrs == n + 1, "and added");
  rv_image_unref(img);
  free(b.p);
}

static void test_strings(void) {
  RvImage *img = rv_image_new();
  char z[16];
  bool good = true;
  for (int i = 0; i < 5000; i++) {
    snprintf(z, sizeof z, "s%d", i % 2500);
    good &= rv_image_str(img, z, strlen(z)) == (u32)(i % 2500);
  }
  ok(good && img->nstrs == 2500, "a string is kept once");
  ok(rv_image_str(img, "a\0b", 3) != rv_image_str(img, "a\0c", 3),
     "NULs count");
  rv_image_ref(img);
  rv_image_unref(img);
  rv_image_unref(img);
}

/* -- The example in the book ----------------------------------------------- */

/* Lines `OFFSET  HEX HEX ...` of image.md, offset of eight digits. */
static size_t read_dump(u8 *out, size_t size) {
  FILE *f = fopen("isa-spec/image.md", "r");
  char line[256];
  size_t n = 0;
  if (!f) bail_out("isa-spec/image.md is missing");
  while (fgets(line, sizeof line, f)) {
    if (strspn(line, "0123456789abcdef") != 8 || line[8] != ' ') continue;
    char *p = line + 8;
    for (;;) {
      char *end;
      p += strspn(p, " ");
      if (strspn(p, "0123456789abcdef") != 2) break;
      if (n < size) out[n++] = (u8)strtoul(p, &end, 16);
      p += 2;
    }
  }
  fclose(f);
  return n;
}

static void test_example(void) {
  Bytes b = bytes_of(small_image());
  u8 dump[1024];
  size_t n = read_dump(dump, sizeof dump);
  ok(n == b.n && !memcmp(dump, b.p, n), "the dump in image.md is right");
  if (n != b.n || memcmp(dump, b.p, n))
    for (size_t i = 0; i < b.n; i += 16) {
      printf("# %08zx ", i);
      for (size_t k = i; k < i + 16 && k < b.n; k++) printf(" %02x", b.p[k]);
      printf("\n");
    }
  free(b.p);
}

/* -- Damage ---------------------------------------------------------------- */

static void test_truncation(const char *name, RvImage *made) {
  Bytes b = bytes_of(made);
  Tally t = {0, 0, 0};
  u32 sealed = 0;
  for (size_t n = 0; n < b.n; n++) {
    try_image(b.p, n, &t);
    Bytes c = exactly(b.p, n);
    if (n >= 16) rv_put_le(c.p + 8, n, 8);
    if (rv_image_seal(c.p, n, NULL)) sealed++;
    try_image(c.p, n, &t);
    free(c.p);
  }
  ok(t.read == 0 && t.bad == 0, "%s: no truncated image is read", name);
  diag("%u truncations could be sealed", sealed);
  free(b.p);
}

/* Every bit of every byte, as it is and sealed again. */
static void test_flips(const char *name, RvImage *made) {
  Bytes b = bytes_of(made);
  Tally plain = {0, 0, 0}, sealed = {0, 0, 0};
  for (size_t i = 0; i < 8 * b.n; i++) {
    b.p[i / 8] ^= (u8)(1 << i % 8);
    try_image(b.p, b.n, &plain);
    Bytes c = exactly(b.p, b.n);
    if (rv_image_seal(c.p, c.n, NULL)) try_image(c.p, c.n, &sealed);
    free(c.p);
    b.p[i / 8] ^= (u8)(1 << i % 8);
  }
  ok(plain.read == 0 && plain.bad == 0, "%s: no flipped bit goes unseen", name);
  ok(sealed.bad == 0 && sealed.read > sealed.verified && sealed.verified > 0,
     "%s: sealed again, the reader and the verifier cope", name);
  diag("%zu flips: %u read, %u verified", 8 * b.n, sealed.read,
       sealed.verified);
  free(b.p);
}

static u64 random_state = 0x726f7665;

static u32 random_below(u32 n) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (u32)(random_state >> 33) % n;
}

/* Bytes set, copied over each other, sections cut and stretched. */
static void mutate(Bytes *b) {
  u32 n = 1 + random_below(4);
  while (n--) {
    u32 i = random_below((u32)b->n), k = random_below((u32)b->n);
    switch (random_below(4)) {
    case 0: b->p[i] = (u8)random_below(256); break;
    case 1: b->p[i] = b->p[k]; break;
    case 2: b->p[i] = (u8)(b->p[i] + (random_below(2) ? 1 : 255)); break;
    default: {
      static const u8 odd[] = {0, 1, 0x7f, 0x80, 0xff, 0xfe, 250, 251};
      b->p[i] = odd[random_below(sizeof odd)];
    }
    }
  }
}

static void test_mutants(const char *name, RvImage *made, u32 rounds) {
  Bytes b = bytes_of(made);
  Tally t = {0, 0, 0};
  for (u32 i = 0; i < rounds; i++) {
    Bytes c = exactly(b.p, b.n);
    mutate(&c);
    if (rv_image_seal(c.p, c.n, NULL)) try_image(c.p, c.n, &t);
    free(c.p);
  }
  ok(t.bad == 0 && t.read > 0 && t.verified > 0, "%s: %u mutants", name,
     rounds);
  diag("%u read, %u verified", t.read, t.verified);
  free(b.p);
}

/* -- Single refusals ------------------------------------------------------- */

/* Offset of a section, so that tests can point into it. */
static size_t section_at(Bytes b, u32 kind, size_t *length) {
  RvImgSection s;
  rv_image_section(b.p, b.n, kind - 1, &s);
  if (length) *length = s.length;
  return s.offset;
}

static void refuses(Bytes b, const char *section, const char *text,
                    const char *name) {
  RvDiag d = {0};
  RvImage *img = rv_image_read(b.p, b.n, &d);
  if (!ok(!img && d.section && !strcmp(d.section, section) &&
              strstr(d.text, text),
          "refused: %s", name))
    diag("%s: %s", d.section ? d.section : "-", d.text);
  rv_image_unref(img);
}

/* Replaces n bytes at `at` of section `kind` by m others, and puts lengths,
   offsets and hashes right. */
static Bytes patched(Bytes b, u32 kind, size_t at, size_t n, const void *p,
                     size_t m) {
  size_t where = section_at(b, kind, NULL) + at;
  Bytes c = {malloc(b.n + m), b.n - n + m};
  memcpy(c.p, b.p, where);
  memcpy(c.p + where, p, m);
  memcpy(c.p + where + m, b.p + where + n, b.n - where - n);
  rv_put_le(c.p + 8, c.n, 8);
  u32 count = (u32)rv_get_le(c.p + 6, 2);
  for (u32 i = kind - 1; i < count; i++) {
    u8 *e = c.p + RV_FILE_HEADER + i * RV_FILE_ENTRY;
    if (i == kind - 1) rv_put_le(e + 16, rv_get_le(e + 16, 8) - n + m, 8);
    else rv_put_le(e + 8, rv_get_le(e + 8, 8) - n + m, 8);
  }
  if (!rv_image_seal(c.p, c.n, NULL)) bail_out("a patched image must seal");
  return c;
}

static void refuses_patch(u32 kind, size_t at, size_t n, const char *p,
                          size_t m, const char *text, const char *name) {
  Bytes b = bytes_of(small_image());
  Bytes c = patched(b, kind, at, n, p, m);
  refuses(c, rv_section_name(kind), text, name);
  free(b.p);
  free(c.p);
}

/* Section kinds of the small image: see image.md for its bytes. */
static void test_encodings(void) {
  refuses_patch(RV_SECTION_MANIFEST, 0, 1, "\x80\x00", 2, "more bytes",
                "a number with a zero byte at its end");
  refuses_patch(RV_SECTION_MANIFEST, 0, 1, "\xff\xff\xff\xff\x1f", 5,
                "32 bits", "a number above 32 bits");
  refuses_patch(RV_SECTION_MANIFEST, 0, 1,
                "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, "64 bits",
                "a number above 64 bits");
  refuses_patch(RV_SECTION_MANIFEST, 0, 1, "\xff", 1, "too early",
                "a number that does not end");
  refuses_patch(RV_SECTION_MANIFEST, 2, 0, "\x00", 1, "after the section",
                "a byte more than the section has");
  refuses_patch(RV_SECTION_IMPORTS, 0, 1, "\x05", 1, "signatures",
                "more signatures than bytes");
  refuses_patch(RV_SECTION_IMPORTS, 1, 1, "\xff\xff\xff\xff\x0f", 5,
                "imports", "4 thousand million imports");
  refuses_patch(RV_SECTION_MODULES, 0, 1, "\x02", 1, "announced",
                "a module is missing");
  refuses_patch(RV_SECTION_STRINGS, 0, 1, "\xff\x7f", 2, "strings",
                "more strings than bytes");
  refuses_patch(RV_SECTION_STRINGS, 1, 1, "\x7f", 1, "announced",
                "a string longer than the section");
  refuses_patch(RV_SECTION_STRINGS, 6, 3, "\x04main", 5, "is the same",
                "the same string twice");
  refuses_patch(RV_SECTION_FUNCTIONS, 0, 1, "\xff\xff\xff\xff\x0f", 5,
                "functions", "4 thousand million functions");
  refuses_patch(RV_SECTION_CONSTANTS, 1, 1, "\x02", 1, "tag",
                "a constant that is nil");
  refuses_patch(RV_SECTION_CONSTANTS, 1, 2,
                "\x01\x01\x00\x00\x00\x00\x00\xf8\x7f", 9, "NaN",
                "a NaN of another kind");
  refuses_patch(RV_SECTION_CODE, 0, 1, "\x7f", 1, "words",
                "more words than bytes");
  refuses_patch(RV_SECTION_CODE, 9, 1, "\x01\x00\x00\x00", 4, "heights",
                "a height of three bytes");
}

static void test_sections(void) {
  Bytes b = bytes_of(small_image()), c;
  u8 *entry;
  c = exactly(b.p, b.n);
  c.p[5] = 2;
  refuses(c, "header", "version 2", "a later version");
  c.p[5] = 1;
  c.p[0] = 'R';
  refuses(c, "header", "not a Rove image", "another magic");
  c.p[0] = 0x1b;
  c.p[17] = 1;
  refuses(c, "trailer", "damaged", "a changed header");
  rv_image_seal(c.p, c.n, NULL);
  refuses(c, "header", "feature 8", "an unknown must-know feature");
  c.p[17] = 0;
  rv_image_seal(c.p, c.n, NULL);
  c.p[section_at(c, RV_SECTION_STRINGS, NULL) + 2] ^= 1;
  refuses(c, "strings", "damaged", "a changed byte of a section");
  c.p[section_at(c, RV_SECTION_STRINGS, NULL) + 2] ^= 1;
  entry = c.p + RV_FILE_HEADER + 6 * RV_FILE_ENTRY;
  rv_put_le(entry + 4, 2, 2);
  rv_image_seal(c.p, c.n, NULL);
  refuses(c, "code", "version 2", "a required section in a later version");
  rv_put_le(entry + 4, 1, 2);
  rv_put_le(entry, 99, 4);
  rv_image_seal(c.p, c.n, NULL);
  refuses(c, "unknown", "section 99", "an unknown required section");
  rv_put_le(entry + 6, 0, 2);
  rv_image_seal(c.p, c.n, NULL);
  refuses(c, "code", "missing", "a required section that is not there");
  rv_put_le(entry, 7, 4);
  rv_image_seal(c.p, c.n, NULL);
  refuses(c, "code", "flags", "a known section with other flags");
  rv_put_le(entry, 6, 4);
  rv_image_seal(c.p, c.n, NULL);
  refuses(c, "header", "order", "the same section twice");
  free(c.p);
  c = (Bytes){malloc(b.n + 1), b.n + 1};
  memcpy(c.p, b.p, b.n);
  c.p[b.n] = 0;
  refuses(c, "header", "after the end", "a byte more than the file has");
  free(c.p);
  free(b.p);
}

/* Adds a section of unknown kind that need not be understood. */
static void test_optional(void) {
  Bytes b = bytes_of(small_image());
  size_t table = RV_FILE_HEADER + 7 * RV_FILE_ENTRY;
  Bytes c = {malloc(b.n + 64), b.n + RV_FILE_ENTRY + 5};
  memcpy(c.p, b.p, table);
  memset(c.p + table, 0, RV_FILE_ENTRY);
  memcpy(c.p + table + RV_FILE_ENTRY, b.p + table,
         b.n - table - RV_FILE_TRAILER);
  memcpy(c.p + c.n - RV_FILE_TRAILER - 5, "hello", 5);
  c.p[6] = 8;
  rv_put_le(c.p + 8, c.n, 8);
  for (u32 i = 0; i < 7; i++) {
    u8 *e = c.p + RV_FILE_HEADER + i * RV_FILE_ENTRY;
    rv_put_le(e + 8, rv_get_le(e + 8, 8) + RV_FILE_ENTRY, 8);
  }
  u8 *e = c.p + table;
  rv_put_le(e, 1000, 4);
  rv_put_le(e + 4, 1, 2);
  rv_put_le(e + 8, c.n - RV_FILE_TRAILER - 5, 8);
  rv_put_le(e + 16, 5, 8);
  RvDiag d = {0};
  ok(rv_image_seal(c.p, c.n, &d), "seals with a section of unknown kind");
  RvImage *img = rv_image_read(c.p, c.n, &d);
  if (!ok(img != NULL, "an unknown optional section is skipped"))
    diag("%s", d.text);
  ok(img && rewrites(img, b.p, b.n), "and not written again");
  rv_image_unref(img);
  free(b.p);
  free(c.p);
}

static void test_layout(void) {
  Bytes b = bytes_of(full_image());
  RvImgLayout l;
  RvImgSection s;
  ok(rv_image_layout(b.p, b.n, &l, NULL) && l.intact && l.nsections == 8 &&
         l.version == 1 && l.length == b.n && l.may == 5,
     "the layout of the full image");
  rv_image_section(b.p, b.n, 7, &s);
  ok(s.intact && !strcmp(s.name, "debug") && s.flags == 0 &&
         s.offset + s.length + RV_FILE_TRAILER == b.n,
     "its last section");
  b.p[s.offset] ^= 1;
  rv_image_section(b.p, b.n, 7, &s);
  ok(!s.intact, "a section that is damaged");
  ok(!rv_image_layout(b.p, 30, &l, NULL), "a layout of a part");
  free(b.p);
}

static void test_seal(void) {
  Bytes b = bytes_of(full_image()), c = exactly(b.p, b.n);
  RvDiag d = {0};
  ok(rv_image_seal(c.p, c.n, &d) && !memcmp(b.p, c.p, b.n),
     "sealing changes nothing that is right");
  memset(c.p + c.n - RV_FILE_TRAILER, 0, RV_FILE_TRAILER);
  c.p[RV_FILE_HEADER + 24] ^= 0x55;
  ok(rv_image_seal(c.p, c.n, &d) && !memcmp(b.p, c.p, b.n),
     "sealing puts hashes right");
  rv_put_le(c.p + RV_FILE_HEADER + 8, UINT64_MAX - 3, 8);
  ok(!rv_image_seal(c.p, c.n, &d), "a section outside: beyond repair");
  ok(!rv_image_seal(c.p, 23, &d) && !rv_image_seal(c.p, 0, &d),
     "a piece: beyond repair");
  free(b.p);
  free(c.p);
}

/* Images that the file has no form for are not written. */
static void test_unwritable(void) {
  RvImage *img = full_image();
  size_t n = 1;
  img->funcs[0].heights[1].pc = 3;
  ok(!rv_image_write(img, &n) && n == 0, "heights out of order");
  img->funcs[0].heights[1].pc = 8;
  img->funcs[0].name = 77;
  ok(!rv_image_write(img, &n), "a missing name");
  img->funcs[0].name = 0;
  img->funcs[0].line_last = 8;
  ok(!rv_image_write(img, &n), "a function that ends before it begins");
  img->funcs[0].line_last = 301;
  img->sigs[0].args[0].callback = 1;
  ok(!rv_image_write(img, &n), "a callback that is none");
  img->sigs[0].args[0].callback = 0;
  img->sigs[1].args[1] = (RvSigItem){RV_SIG_CALLBACK, 0, 0, 1};
  ok(!rv_image_write(img, &n), "a callback in a callback");
  rv_image_unref(img);
}

/* Every allocation of a round trip fails once. */
static void test_memory(void) {
#ifdef RV_CHECK
  Bytes b = bytes_of(full_image());
  i64 n;
  bool good = true, done = false;
  for (n = 0; !done && n < 1000; n++) {
    RvDiag d = {0};
    size_t size;
    rv_image_fail_at = n;
    RvImage *img = rv_image_read(b.p, b.n, &d);
    u8 *p = img ? rv_image_write(img, &size) : NULL;
    bool verified = p && rv_verify_image(img, &d);
    done = rv_image_fail_at >= 0;
    rv_image_fail_at = -1;
    if (!done && !p) good &= img || strstr(d.text, "out of memory");
    if (!done && p) good &= !verified && strstr(d.text, "out of memory");
    if (done) good &= verified;
    free(p);
    rv_image_unref(img);
  }
  ok(good && done, "out of memory at each of %d allocations", (int)n - 1);
  RvImage *img = rv_image_new();
  rv_image_fail_at = 0;
  ok(rv_image_str(img, "x", 1) == UINT32_MAX, "no memory for a string");
  rv_image_fail_at = 1;
  ok(rv_image_str(img, "x", 1) == UINT32_MAX, "nor for its copy");
  rv_image_fail_at = -1;
  ok(rv_image_str(img, "x", 1) == 0, "but later");
  rv_image_unref(img);
  free(b.p);
#endif
}

/* -- One function of an image ---------------------------------------------- */

/* 0 makes closures of 2, 1 imports a builtin. */
static RvImage *three_functions(void) {
  RvImage *img = rv_image_new();
  u32 unused = str(img, "unused"), hi = str(img, "hi");
  RvImport len = {.kind = RV_IMPORT_BUILTIN,
                  .alias = unused,
                  .name = str(img, "string.len"),
                  .version = 1};
  rv_image_add_import(img, &len);
  RvFunc maker = {.name = hi,
                  .nregs = 1,
                  .source = hi + 1,
                  .line_first = 3,
                  .line_last = 4};
  LIST(img, &maker, children, nchildren, u32, 2);
  LIST(img, &maker, code, ncode, RvInsn, rv_insn_ad(RV_OP_CLOSURE, 0, 0),
       rv_insn_abc(RV_OP_RET1, 0, 0, 0));
  RvFunc importer = {.name = unused, .nregs = 1};
  LIST(img, &importer, code, ncode, RvInsn, rv_insn_ad(RV_OP_IMPORT, 0, 0),
       rv_insn_abc(RV_OP_RET1, 0, 0, 0));
  RvFunc child = {.name = hi, .nregs = 1};
  LIST(img, &child, k, nk, RvConst, {str(img, "there"), RV_STR});
  LIST(img, &child, code, ncode, RvInsn, rv_insn_ad(RV_OP_LOADK, 0, 0),
       rv_insn_abc(RV_OP_RET1, 0, 0, 0));
  rv_image_add_func(img, &maker);
  rv_image_add_func(img, &importer);
  rv_image_add_func(img, &child);
  return img;
}

static void test_extract(void) {
  RvDiag d = {.text = ""};
  RvImage *all = three_functions();
  if (!rv_verify_image(all, &d)) bail_out(d.text);
  RvImage *one = rv_image_extract(all, 0, false, &d);
  ok(one && rv_verify_image(one, &d), "a function alone is an image: %s",
     d.text);
  ok(one->nfuncs == 2 && one->funcs[0].children[0] == 1 && one->nimports == 0 &&
         one->nstrs == 3,
     "with its child and their strings, and nothing else");
  ok(one->entry == 1 && !strcmp(one->strs[one->modules[0].name].p, "main"),
     "it is the entry, main");
  RvConst k = one->funcs[1].k[0];
  ok(!strcmp(one->strs[k.v].p, "there"), "constants moved");
  ok(one->funcs[0].source &&
         !strcmp(one->strs[one->funcs[0].source - 1].p, "hi"),
     "its source is there");
  rv_image_unref(one);
  one = rv_image_extract(all, 0, true, &d);
  ok(one && !one->funcs[0].source && one->funcs[0].line_last == 4,
     "stripped, only the lines of its text are");
  rv_image_unref(one);
  ok(!rv_image_extract(all, 1, false, &d) &&
         !strcmp(d.text, "the function has imports"),
     "imports stay behind");
  rv_image_unref(all);
}

int main(void) {
  test_round_trip("small", small_image());
  test_round_trip("full", full_image());
  test_content();
  test_strings();
  test_example();
  test_truncation("small", small_image());
  test_truncation("full", full_image());
  test_flips("small", small_image());
  test_flips("full", full_image());
  test_mutants("small", small_image(), 20000);
  test_mutants("full", full_image(), 40000);
  test_encodings();
  test_sections();
  test_optional();
  test_layout();
  test_seal();
  test_unwritable();
  test_memory();
  test_extract();
  return done_testing();
}
