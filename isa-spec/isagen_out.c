/* SPDX-License-Identifier: MIT */
/* Writes what isagen makes of a checked table: opcodes.h, opinfo.h, the manual
 * page and a plain list for scripts. */
#define _GNU_SOURCE 1
#include "isa-spec/isagen.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A name as part of a C identifier: `open-in?` gives OPEN_IN_OPT. The text
 * lives until the fourth call after this one. */
static const char *symbol(const char *name) {
  static char ring[4][80];
  static int turn;
  char *out = ring[turn++ & 3], *p = out;
  for (; *name && p < out + sizeof ring[0] - 5; name++) {
    if (*name == '?')
      p = stpcpy(p, "_OPT");
    else
      *p++ = isalnum((unsigned char)*name)
                 ? (char)toupper((unsigned char)*name)
                 : '_';
  }
  *p = '\0';
  return out;
}

static const char *field_symbol(char field) {
  char name[2] = {field, '\0'};
  return field ? symbol(name) : "NONE";
}

static const struct Format *format_of(const struct Op *op) {
  return &formats[op->format];
}

/* ---- Flags --------------------------------------------------------------- */

static bool has_kind_with(const struct Table *t, const struct Op *op,
                          const char *rule) {
  for (int i = 0; i < op->noperands; i++)
    if (kind_has_rule(&t->kind[op->operand[i].kind], rule)) return true;
  return false;
}

static const struct {
  const char *name;    /* in capitals: RV_OPF_ */
  const char *effect;  /* an effect that sets the flag, or NULL */
  const char *rule;    /* a rule of an operand kind that sets it, or NULL */
  const char *text;
} flags[] = {
    {"end", "end", NULL, "control does not fall through"},
    {"jump", NULL, "jump-target", "has a jump operand"},
    {"back", NULL, "jump-back", "and it goes backward"},
    {"open-in", "open-in", NULL, "takes open results"},
    {"open-in?", "open-in?", NULL, "takes them when its count is open"},
    {"open-out", "open-out", NULL, "leaves open results"},
    {"open-out?", "result?", NULL, "leaves them when its count is open"},
    {"cache", NULL, "cache-order", "owns a cache slot"},
};
enum { NFLAGS = sizeof flags / sizeof flags[0] };

static bool has_flag(const struct Table *t, const struct Op *op, int i) {
  return (flags[i].effect && op_has_effect(op, flags[i].effect)) ||
         (flags[i].rule && has_kind_with(t, op, flags[i].rule));
}

/* ---- opcodes.h ----------------------------------------------------------- */

static void put_head(FILE *out, const char *purpose) {
  fprintf(out, "/* %s Made by isagen from isa-spec/opcodes.isa. */\n", purpose);
}

static void put_opcodes(FILE *out, const struct Table *t) {
  fputs("\n/* X(name, NAME, number, format, words), in numeric order. */\n"
        "#define RV_OPCODES(X)",
        out);
  for (int i = 0; i < t->nops; i++) {
    const struct Op *op = &t->op[i];
    fprintf(out, " \\\n  X(%s, %s, 0x%02x, %s, %d)", op->name,
            symbol(op->name), op->number, symbol(format_of(op)->name),
            format_of(op)->words);
  }
  fputs("\n\nenum RvOp {\n  RV_OP_EXTRA = 0x01,\n", out);
  for (int i = 0; i < t->nops; i++)
    fprintf(out, "  RV_OP_%s = 0x%02x,\n", symbol(t->op[i].name),
            t->op[i].number);
  fprintf(out, "};\n#define RV_OP_COUNT %d\n", t->nops);
}

static void put_formats(FILE *out) {
  fputs("\n#define RV_FORMATS(X)", out);
  for (int i = 0; i < nformats; i++)
    fprintf(out, " \\\n  X(%s, \"%s\")", symbol(formats[i].name),
            formats[i].name);
  fputs("\n\nenum RvFmt {\n", out);
  for (int i = 0; i < nformats; i++)
    fprintf(out, "  RV_FMT_%s,\n", symbol(formats[i].name));
  fputs("  RV_FMT_COUNT\n};\n\n"
        "/* J lies in the word itself for format J, else in the EXTRA word. */\n"
        "enum RvField {\n  RV_FIELD_NONE,\n  RV_FIELD_A,\n  RV_FIELD_B,\n"
        "  RV_FIELD_C,\n  RV_FIELD_D,\n  RV_FIELD_S,\n  RV_FIELD_E,\n"
        "  RV_FIELD_J\n};\n",
        out);
}

static void put_kinds(FILE *out, const struct Table *t) {
  fputs("\n/* X(NAME, \"name\", \"how assembly writes it\", \"text\"). */\n"
        "#define RV_KINDS(X)",
        out);
  for (int i = 0; i < t->nkinds; i++)
    fprintf(out, " \\\n  X(%s, \"%s\", \"%s\", \"%s\")",
            symbol(t->kind[i].name), t->kind[i].name, t->kind[i].written,
            t->kind[i].text);
  fputs("\n\nenum RvKind {\n", out);
  for (int i = 0; i < t->nkinds; i++)
    fprintf(out, "  RV_KIND_%s,\n", symbol(t->kind[i].name));
  fputs("  RV_KIND_COUNT\n};\n", out);
}

static void put_effect_kinds(FILE *out) {
  fputs("\n#define RV_EFFECTS(X)", out);
  for (int i = 0; i < neffect_kinds; i++)
    fprintf(out, " \\\n  X(%s, \"%s\")", symbol(effect_kinds[i].name),
            effect_kinds[i].name);
  fputs("\n\nenum RvEffectKind {\n  RV_EFF_NONE,\n", out);
  for (int i = 0; i < neffect_kinds; i++)
    fprintf(out, "  RV_EFF_%s,\n", symbol(effect_kinds[i].name));
  fputs("  RV_EFF_COUNT\n};\n", out);
}

static void put_rules(FILE *out, const struct Table *t) {
  fputs("\n/* The named rules of the verifier: X(NAME, \"name\"). */\n"
        "#define RV_RULES(X)",
        out);
  for (int i = 0; i < t->nrules; i++)
    fprintf(out, " \\\n  X(%s, \"%s\")", symbol(t->rule[i]), t->rule[i]);
  fputs("\n\nenum RvRule {\n", out);
  for (int i = 0; i < t->nrules; i++)
    fprintf(out, "  RV_RULE_%s,\n", symbol(t->rule[i]));
  fputs("  RV_RULE_COUNT\n};\n", out);
}

static void put_flags(FILE *out) {
  fputs("\nenum RvFuel {\n  RV_FUEL_NONE,\n", out);
  for (int i = 1; i < nfuels; i++)
    fprintf(out, "  RV_FUEL_%s,\n", symbol(fuel_names[i]));
  fputs("};\n\n/* RvOpInfo.flags */\nenum {\n", out);
  for (int i = 0; i < NFLAGS; i++)
    fprintf(out, "  RV_OPF_%s = 1 << %d, /* %s */\n", symbol(flags[i].name), i,
            flags[i].text);
  fputs("};\n\n/* A count operand (kind no) that says: open. */\n"
        "#define RV_OPEN 255\n",
        out);
}

static void put_structs(FILE *out) {
  fprintf(
      out,
      "\nstruct RvOperand {\n"
      "  uint8_t field; /* RvField */\n"
      "  uint8_t kind;  /* RvKind */\n"
      "};\n\n"
      "/* The value of operand `field` plus `add`; `add` alone without one. */\n"
      "struct RvEffectArg {\n"
      "  uint8_t field;\n"
      "  uint8_t add;\n"
      "};\n\n"
      "struct RvEffect {\n"
      "  uint8_t kind; /* RvEffectKind */\n"
      "  uint8_t nargs;\n"
      "  struct RvEffectArg arg[%d];\n"
      "};\n\n"
      "struct RvOpInfo {\n"
      "  const char *name;        /* mnemonic; NULL: no such instruction */\n"
      "  uint8_t op, fmt, words;  /* number, RvFmt, 1 or 2 */\n"
      "  uint8_t fuel;            /* RvFuel */\n"
      "  uint8_t noperands, neffects, nrules;\n"
      "  uint16_t flags;          /* RV_OPF_ */\n"
      "  struct RvOperand operand[%d]; /* in the order assembly writes them */\n"
      "  struct RvEffect effect[%d];   /* in the order in which they apply */\n"
      "  uint8_t rule[%d];            /* RvRule: what the handler assumes */\n"
      "};\n\n"
      "struct RvKindInfo {\n"
      "  const char *name;    /* in the table */\n"
      "  const char *written; /* how assembly writes it; \"-\": it does not */\n"
      "  const char *text;\n"
      "};\n",
      MAX_EFFECT_ARGS, MAX_OPERANDS, MAX_EFFECTS, MAX_OP_RULES);
}

static void write_opcodes(FILE *out, const struct Table *t) {
  put_head(out, "The instructions and the vocabulary of their table.");
  fputs("#ifndef RV_GEN_OPCODES_H\n#define RV_GEN_OPCODES_H\n\n"
        "#include <stdint.h>\n",
        out);
  put_opcodes(out, t);
  put_formats(out);
  put_kinds(out, t);
  put_effect_kinds(out);
  put_rules(out, t);
  put_flags(out);
  put_structs(out);
  fputs("\n#endif\n", out);
}

/* ---- opinfo.h ------------------------------------------------------------ */

static void put_info_effects(FILE *out, const struct Op *op) {
  fputs("   .effect = {", out);
  for (int i = 0; i < op->neffects; i++) {
    const struct Effect *e = &op->effect[i];
    fprintf(out, "%s{RV_EFF_%s, %d, {", i ? ", " : "",
            symbol(effect_kinds[e->kind].name), e->nargs);
    for (int k = 0; k < e->nargs; k++)
      fprintf(out, "%s{RV_FIELD_%s, %d}", k ? ", " : "",
              field_symbol(e->arg[k].field), e->arg[k].add);
    fprintf(out, "%s}}", e->nargs ? "" : "{0, 0}");
  }
  fputs("},\n", out);
}

static void put_info_flags(FILE *out, const struct Table *t,
                           const struct Op *op) {
  fputs("   .flags = 0", out);
  for (int i = 0; i < NFLAGS; i++)
    if (has_flag(t, op, i)) fprintf(out, " | RV_OPF_%s", symbol(flags[i].name));
  fputs(",\n", out);
}

static void put_info(FILE *out, const struct Table *t, const struct Op *op) {
  fprintf(out,
          "  [RV_OP_%s] = {\n   .name = \"%s\", .op = RV_OP_%s, "
          ".fmt = RV_FMT_%s, .words = %d,\n   .fuel = RV_FUEL_%s, "
          ".noperands = %d, .neffects = %d, .nrules = %d,\n",
          symbol(op->name), op->name, symbol(op->name),
          symbol(format_of(op)->name), format_of(op)->words,
          op->fuel ? symbol(fuel_names[op->fuel]) : "NONE", op->noperands,
          op->neffects, op->nrules);
  put_info_flags(out, t, op);
  if (op->noperands) fputs("   .operand = {", out);
  for (int i = 0; i < op->noperands; i++)
    fprintf(out, "%s{RV_FIELD_%c, RV_KIND_%s}", i ? ", " : "",
            op->operand[i].field, symbol(t->kind[op->operand[i].kind].name));
  if (op->noperands) fputs("},\n", out);
  if (op->neffects) put_info_effects(out, op);
  if (op->nrules) fputs("   .rule = {", out);
  for (int i = 0; i < op->nrules; i++)
    fprintf(out, "%sRV_RULE_%s", i ? ", " : "", symbol(t->rule[op->rule[i]]));
  fprintf(out, "%s  },\n", op->nrules ? "},\n" : "");
}

static void write_opinfo(FILE *out, const struct Table *t) {
  put_head(out, "The instruction table as data.");
  fputs("#ifndef RV_GEN_OPINFO_H\n#define RV_GEN_OPINFO_H\n\n"
        "#include \"opcodes.h\"\n\n"
        "/* By number; name == NULL: no such instruction. */\n"
        "static const struct RvOpInfo rv_opinfo[256] = {\n",
        out);
  for (int i = 0; i < t->nops; i++) put_info(out, t, &t->op[i]);
  fputs("};\n\n"
        "static const char *const rv_rule_name[RV_RULE_COUNT] = {\n"
        "#define X(NAME, name) [RV_RULE_##NAME] = name,\n"
        "  RV_RULES(X)\n#undef X\n};\n\n"
        "static const struct RvKindInfo rv_kind_info[RV_KIND_COUNT] = {\n"
        "#define X(NAME, name, written, text) \\\n"
        "  [RV_KIND_##NAME] = {name, written, text},\n"
        "  RV_KINDS(X)\n#undef X\n};\n\n#endif\n",
        out);
}

/* ---- isa-manual.md ------------------------------------------------------- */

static void put_rule_list(FILE *out, const struct Table *t,
                          const struct Op *op, const char *between) {
  for (int i = 0; i < op->nrules; i++)
    fprintf(out, "%s%s", i ? between : "", t->rule[op->rule[i]]);
}

static void put_manual_op(FILE *out, const struct Table *t,
                          const struct Op *op) {
  fprintf(out, "\n### %s\n\n`0x%02x` · format %s · %d word%s\n\n%s\n\n",
          op->name, op->number, format_of(op)->name, format_of(op)->words,
          format_of(op)->words > 1 ? "s" : "", op->text[KEY_DOES]);
  for (int i = 0; i < op->noperands; i++) {
    const struct Kind *kind = &t->kind[op->operand[i].kind];
    fprintf(out, "- %c: %s", op->operand[i].field, kind->text);
    if (strcmp(kind->written, "-")) fprintf(out, " (`%s`)", kind->written);
    fputc('\n', out);
  }
  if (op->text[KEY_EFFECT])
    fprintf(out, "- effect: `%s`\n", op->text[KEY_EFFECT]);
  fprintf(out, "- errors: %s\n- fuel: %s\n", op->text[KEY_ERRORS],
          op->text[KEY_FUEL]);
  if (op->nrules) {
    fputs("- assumes: ", out);
    put_rule_list(out, t, op, ", ");
    fputc('\n', out);
  }
  fprintf(out, "- example: `%s`\n", op->text[KEY_EXAMPLE]);
}

static void put_manual_index(FILE *out, const struct Table *t) {
  fputs("\n| number | instruction | format | operands |\n| --- | --- | --- | "
        "--- |\n",
        out);
  for (int i = 0; i < t->nops; i++)
    fprintf(out, "| 0x%02x | [%s](#%s) | %s | %s |\n", t->op[i].number,
            t->op[i].name, t->op[i].name, format_of(&t->op[i])->name,
            t->op[i].text[KEY_OPERANDS]);
}

static void write_manual(FILE *out, const struct Table *t) {
  fputs("# The instructions of Rove\n\n"
        "Made by isagen from `isa-spec/opcodes.isa`, whose head explains "
        "operand kinds, effects\nand fuel. `isa-spec/encoding.md` draws the "
        "formats, `isa-spec/machine.md` tells what\nregisters, heights and "
        "open results are.\n",
        out);
  put_manual_index(out, t);
  for (int c = 0; c < t->nchapters; c++) {
    fprintf(out, "\n## %s\n", t->chapter[c]);
    for (int i = 0; i < t->nops; i++)
      if (t->op[i].chapter == c) put_manual_op(out, t, &t->op[i]);
  }
}

/* ---- isa-table.tsv ------------------------------------------------------- */

static void put_list_op(FILE *out, const struct Table *t, const struct Op *op) {
  const char *comma = "";
  fprintf(out, "%s\t0x%02x\t%s\t%d\t", op->name, op->number,
          format_of(op)->name, format_of(op)->words);
  for (int i = 0; i < op->noperands; i++)
    fprintf(out, "%s%c:%s", i ? "," : "", op->operand[i].field,
            t->kind[op->operand[i].kind].name);
  fprintf(out, "\t%s\t", op->text[KEY_EFFECT] ? op->text[KEY_EFFECT] : "");
  for (int i = 0; i < NFLAGS; i++)
    if (has_flag(t, op, i)) {
      fprintf(out, "%s%s", comma, flags[i].name);
      comma = ",";
    }
  fprintf(out, "\t%s\t", fuel_names[op->fuel]);
  put_rule_list(out, t, op, ",");
  fprintf(out, "\t%s\n", op->text[KEY_EXAMPLE]);
}

static void write_list(FILE *out, const struct Table *t) {
  for (int i = 0; i < t->nops; i++) put_list_op(out, t, &t->op[i]);
}

/* ---- Files --------------------------------------------------------------- */

static bool fail_file(const char *file) {
  fprintf(stderr, "isagen: ");
  perror(file);
  return false;
}

/* Written beside its place and renamed: a build running at the same time
 * never reads half a file. */
static bool write_file(const struct Table *t, const char *dir,
                       const char *name,
                       void (*write)(FILE *, const struct Table *)) {
  char final[4096], temp[4096 + 16];
  FILE *out;
  bool bad;
  if (snprintf(final, sizeof final, "%s/%s", dir, name) >= (int)sizeof final)
    return fail_file("name too long");
  snprintf(temp, sizeof temp, "%s.%ld", final, (long)getpid());
  out = fopen(temp, "w");
  if (!out) return fail_file(temp);
  write(out, t);
  bad = ferror(out);
  if (fclose(out) || bad || rename(temp, final)) {
    fail_file(final);
    unlink(temp);
    return false;
  }
  return true;
}

bool write_outputs(const struct Table *t, const char *dir) {
  return write_file(t, dir, "opcodes.h", write_opcodes) &&
         write_file(t, dir, "opinfo.h", write_opinfo) &&
         write_file(t, dir, "isa-manual.md", write_manual) &&
         write_file(t, dir, "isa-table.tsv", write_list);
}
