/* SPDX-License-Identifier: MIT */
/* The instruction table in memory: isagen.c reads and checks it, isagen_out.c
 * writes the generated files from it. */
#ifndef RV_ISA_SPEC_ISAGEN_H
#define RV_ISA_SPEC_ISAGEN_H

#include <stdbool.h>
#include <stddef.h>

enum {
  MAX_KINDS = 64,
  MAX_RULES = 96,
  MAX_CHAPTERS = 64,
  MAX_OPS = 256,
  MAX_OPERANDS = 4,   /* struct RvOpInfo has as many places */
  MAX_EFFECTS = 4,
  MAX_EFFECT_ARGS = 3,
  MAX_OP_RULES = 16
};

/* The lines of an op block. */
enum Key {
  KEY_OPERANDS,
  KEY_EFFECT,
  KEY_ASSUMES,
  KEY_DOES,
  KEY_ERRORS,
  KEY_FUEL,
  KEY_EXAMPLE,
  KEY_COUNT
};

/* A word format; `fields` are the operand letters in order. */
struct Format {
  const char *name;
  const char *fields;
  int words;
  bool spare_bits;    /* some bits of the first word belong to no field */
};

/* An effect; each letter of `shape` is one argument:
 *   F  a field, optionally plus a number     n  a number, or as F
 *   X  a field alone                         #  a number with a plus sign
 *   O  a field alone whose operand may be open */
struct EffectKind {
  const char *name;
  const char *shape;
  const char *rules;  /* separated by commas, "" for none */
};

struct Kind {
  const char *name;
  const char *rules;    /* separated by commas, "" for none */
  const char *written;  /* how assembly writes it; "-" when it does not */
  const char *text;
  int line;
};

struct Operand {
  char field;
  int kind;
};

struct EffectArg {
  char field;           /* 0: the number alone */
  int add;
};

struct Effect {
  int kind;
  int nargs;
  struct EffectArg arg[MAX_EFFECT_ARGS];
};

struct Op {
  const char *name;
  int number;
  int format;
  int chapter;
  int fuel;
  int line;
  const char *text[KEY_COUNT];  /* NULL when the block lacks the key */
  int text_line[KEY_COUNT];
  int noperands, neffects, nrules;
  struct Operand operand[MAX_OPERANDS];
  struct Effect effect[MAX_EFFECTS];
  int rule[MAX_OP_RULES];
};

struct Table {
  const char *path;
  int nkinds, nrules, nchapters, nops;
  struct Kind kind[MAX_KINDS];
  const char *rule[MAX_RULES];
  const char *chapter[MAX_CHAPTERS];
  struct Op op[MAX_OPS];
};

extern const struct Format formats[];
extern const int nformats;
extern const struct EffectKind effect_kinds[];
extern const int neffect_kinds;
extern const char *const fuel_names[];
extern const int nfuels;

bool kind_has_rule(const struct Kind *kind, const char *rule);
bool op_has_effect(const struct Op *op, const char *name);

/* Writes opcodes.h, opinfo.h, isa-manual.md and isa-table.tsv into a folder;
 * false, with a message on stderr, when one cannot be written. */
bool write_outputs(const struct Table *table, const char *dir);

#endif
