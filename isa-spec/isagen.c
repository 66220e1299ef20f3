/* SPDX-License-Identifier: MIT */
/* isagen: reads the instruction table, checks it, and has headers and manual
 * written from it.
 *
 *   isagen --check TABLE     only checks
 *   isagen TABLE DIR         checks, then writes the generated files to DIR
 *
 * Every complaint names file and line; nothing is written after one. The tool
 * runs once and ends, so what it allocates is never freed. */
#include "isa-spec/isagen.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct Format formats[] = {
    {"N", "", 1, true},       {"A", "A", 1, true},
    {"AB", "AB", 1, true},    {"ABC", "ABC", 1, false},
    {"AD", "AD", 1, false},   {"AS", "AS", 1, false},
    {"J", "J", 1, false},     {"A+E", "AE", 2, true},
    {"AB+E", "ABE", 2, true}, {"ABC+E", "ABCE", 2, false},
    {"A+J", "AJ", 2, true},   {"AB+J", "ABJ", 2, true},
    {"AD+J", "ADJ", 2, false}, {"AS+J", "ASJ", 2, false},
};
const int nformats = sizeof formats / sizeof formats[0];

const struct EffectKind effect_kinds[] = {
    {"reads", "Fn", "range-read"},
    {"writes", "Fn", "range-write"},
    {"writes-fall", "Fn", "range-write"},
    {"writes-jump", "Fn", "range-write"},
    {"result", "Fn", "window"},
    {"scratch", "Fn", "window"},
    {"open-out", "F", "open-next"},
    {"open-in", "Fn", "open-use"},
    {"open-in?", "FnO", "open-use,range-read"},
    {"result?", "FO", "window,open-next"},
    {"tbc", "#", "tbc-count"},
    {"close", "XX", "tbc-count"},
    {"needs-closed", "", "tbc-open"},
    {"end", "", ""},
    {"loop-open", "", "loop-shape,loop-slot"},
    {"loop-close", "", "loop-shape,loop-slot"},
    {"gloop-open", "", "loop-shape,loop-slot"},
    {"gloop-call", "", "loop-shape,loop-slot"},
    {"gloop-close", "", "loop-shape,loop-slot"},
    {"host", "FX", "window,range-read"},
    {"vararg", "", "vararg-flag"},
};
const int neffect_kinds = sizeof effect_kinds / sizeof effect_kinds[0];

const char *const fuel_names[] = {"0", "bytes", "call", "loop"};
const int nfuels = sizeof fuel_names / sizeof fuel_names[0];

static const char *const key_names[KEY_COUNT] = {
    "operands", "effect", "assumes", "does", "errors", "fuel", "example"};

/* The numbers no instruction of the table may have. */
static const struct {
  int first, last;
  const char *why;
} reserved[] = {
    {0x00, 0x00, "is invalid for ever"},
    {0x01, 0x01, "is the EXTRA word"},
    {0xc0, 0xdf, "is reserved for typed byte-buffer loads and stores"},
    {0xe0, 0xfe, "is private to the machine"},
    {0xff, 0xff, "is reserved"},
};

static const char *path;
static int nerrors;

/* ---- Complaints and small helpers --------------------------------------- */

__attribute__((format(printf, 2, 3)))
static void complain(int line, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  fprintf(stderr, "%s:%d: ", path, line);
  vfprintf(stderr, fmt, ap);
  fputc('\n', stderr);
  va_end(ap);
  nerrors++;
}

static void die(const char *what) {
  fprintf(stderr, "isagen: %s: ", path);
  perror(what);
  exit(1);
}

static char *copy_text(const char *s, size_t n) {
  char *p = malloc(n + 1);
  if (!p) die("memory");
  memcpy(p, s, n);
  p[n] = '\0';
  return p;
}

static bool is_word(const char *s, const char *more) {
  if (!islower((unsigned char)*s)) return false;
  for (; *s; s++)
    if (!islower((unsigned char)*s) && !isdigit((unsigned char)*s) &&
        !strchr(more, *s))
      return false;
  return true;
}

/* Cuts the next piece, up to one of `ends`, off *rest; NULL at the end. */
static char *next_piece(const char **rest, const char *ends) {
  const char *s = *rest + strspn(*rest, ends);
  size_t n = strcspn(s, ends);
  *rest = s + n;
  return n ? copy_text(s, n) : NULL;
}

static bool has_piece(const char *list, const char *wanted) {
  const char *piece;
  while ((piece = next_piece(&list, ",")))
    if (!strcmp(piece, wanted)) return true;
  return false;
}

bool kind_has_rule(const struct Kind *kind, const char *rule) {
  return has_piece(kind->rules, rule);
}

bool op_has_effect(const struct Op *op, const char *name) {
  for (int i = 0; i < op->neffects; i++)
    if (!strcmp(effect_kinds[op->effect[i].kind].name, name)) return true;
  return false;
}

/* ---- Rules --------------------------------------------------------------- */

/* Number of a rule; a name not seen before becomes a new rule. */
static int ensure_rule(struct Table *t, const char *name, int line) {
  for (int i = 0; i < t->nrules; i++)
    if (!strcmp(t->rule[i], name)) return i;
  if (!is_word(name, "-")) complain(line, "bad rule name '%s'", name);
  if (t->nrules == MAX_RULES) {
    complain(line, "more than %d rules", MAX_RULES);
    exit(1);
  }
  t->rule[t->nrules] = name;
  return t->nrules++;
}

static void ensure_rules(struct Table *t, const char *list, int line) {
  const char *name;
  while ((name = next_piece(&list, ","))) ensure_rule(t, name, line);
}

static void add_op_rule(struct Table *t, struct Op *op, const char *name,
                        int line) {
  int rule = ensure_rule(t, name, line);
  for (int i = 0; i < op->nrules; i++)
    if (op->rule[i] == rule) return;
  if (op->nrules == MAX_OP_RULES)
    complain(line, "%s stands for more than %d rules", op->name, MAX_OP_RULES);
  else
    op->rule[op->nrules++] = rule;
}

static void add_op_rules(struct Table *t, struct Op *op, const char *list,
                         int line) {
  const char *name;
  while ((name = next_piece(&list, ", "))) add_op_rule(t, op, name, line);
}

/* ---- Reading lines ------------------------------------------------------- */

static int find_kind(const struct Table *t, const char *name) {
  for (int i = 0; i < t->nkinds; i++)
    if (!strcmp(t->kind[i].name, name)) return i;
  return -1;
}

static void read_kind(struct Table *t, const char *rest, int line) {
  const char *name = next_piece(&rest, " ");
  const char *rules = next_piece(&rest, " ");
  const char *written = next_piece(&rest, " ");
  const char *text = rest + strspn(rest, " ");
  if (!name || !rules || !written || !*text) {
    complain(line, "a kind line has a name, rules, a notation and a text");
    return;
  }
  if (!is_word(name, "")) complain(line, "bad kind name '%s'", name);
  if (strpbrk(written, "\"\\") || strpbrk(text, "\"\\"))
    complain(line, "kind '%s': a quote or backslash; it goes into C", name);
  if (find_kind(t, name) >= 0) complain(line, "kind '%s' again", name);
  if (t->nkinds == MAX_KINDS) {
    complain(line, "more than %d kinds", MAX_KINDS);
    return;
  }
  if (!strcmp(rules, "-")) rules = "";
  t->kind[t->nkinds++] = (struct Kind){name, rules, written,
                                       copy_text(text, strlen(text)), line};
  ensure_rules(t, rules, line);
}

static void read_chapter(struct Table *t, const char *rest, int line) {
  rest += strspn(rest, " ");
  if (!*rest) complain(line, "a chapter needs a title");
  if (t->nchapters == MAX_CHAPTERS)
    complain(line, "more than %d chapters", MAX_CHAPTERS);
  else
    t->chapter[t->nchapters++] = copy_text(rest, strlen(rest));
}

/* `rule NAME text` names a verifier rule that belongs to no instruction. */
static void read_rule(struct Table *t, const char *rest, int line) {
  const char *name = next_piece(&rest, " ");
  if (name)
    ensure_rule(t, name, line);
  else
    complain(line, "a rule line has a name and a text");
}

static int find_format(const char *name) {
  for (int i = 0; i < nformats; i++)
    if (!strcmp(formats[i].name, name)) return i;
  return -1;
}

static void check_number(const struct Table *t, const struct Op *op) {
  for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
    if (op->number >= reserved[i].first && op->number <= reserved[i].last)
      complain(op->line, "number 0x%02x %s", op->number, reserved[i].why);
  for (int i = 0; i < t->nops; i++) {
    if (t->op[i].number == op->number)
      complain(op->line, "number 0x%02x is %s's already", op->number,
               t->op[i].name);
    if (!strcmp(t->op[i].name, op->name))
      complain(op->line, "instruction %s again", op->name);
  }
  if (t->nops && op->number < t->op[t->nops - 1].number)
    complain(op->line, "number 0x%02x after 0x%02x: not ascending", op->number,
             t->op[t->nops - 1].number);
}

static void read_op(struct Table *t, const char *rest, int line) {
  const char *number = next_piece(&rest, " ");
  const char *name = next_piece(&rest, " ");
  const char *format = next_piece(&rest, " ");
  char *end = NULL;
  struct Op op = {.line = line, .chapter = t->nchapters - 1};
  if (!number || !name || !format || next_piece(&rest, " ")) {
    complain(line, "an op line has a number, a name and a format");
    return;
  }
  op.name = name;
  op.number = (int)strtol(number, &end, 0);
  if (*end || strncmp(number, "0x", 2) || op.number < 0 || op.number > 255) {
    complain(line, "bad number '%s', 0x00 to 0xff expected", number);
    return;
  }
  op.format = find_format(format);
  if (op.format < 0) {
    complain(line, "unknown format '%s'", format);
    op.format = 0;
  }
  if (!is_word(name, "")) complain(line, "bad mnemonic '%s'", name);
  if (!t->nchapters) complain(line, "op before the first chapter");
  check_number(t, &op);
  if (t->nops < MAX_OPS) t->op[t->nops++] = op;
}

/* A line of an op block; *key remembers where a continuation belongs. */
static void read_key(struct Op *op, const char *rest, int line, int *key) {
  const char *name = next_piece(&rest, " ");
  const char *text = rest + strspn(rest, " ");
  for (*key = 0; *key < KEY_COUNT; ++*key)
    if (!strcmp(key_names[*key], name)) break;
  if (*key == KEY_COUNT) {
    complain(line, "unknown key '%s'", name);
  } else if (op->text[*key]) {
    complain(line, "%s: '%s' again", op->name, name);
  } else {
    if (!*text) complain(line, "%s: '%s' is empty", op->name, name);
    op->text[*key] = copy_text(text, strlen(text));
    op->text_line[*key] = line;
  }
}

static void read_continuation(struct Op *op, const char *rest, int key) {
  const char *text = rest + strspn(rest, " ");
  size_t old = strlen(op->text[key]), more = strlen(text);
  char *joined = malloc(old + more + 2);
  if (!joined) die("memory");
  memcpy(joined, op->text[key], old);
  joined[old] = ' ';
  memcpy(joined + old + 1, text, more + 1);
  op->text[key] = joined;
}

static void read_indented(struct Table *t, const char *s, int line, int *key) {
  struct Op *op = t->nops ? &t->op[t->nops - 1] : NULL;
  if (!op) {
    complain(line, "indented line outside an op");
  } else if (s[1] != ' ') {
    complain(line, "a key is indented by two spaces");
  } else if (s[2] != ' ') {
    read_key(op, s + 2, line, key);
  } else if (*key >= KEY_COUNT || !op->text[*key]) {
    complain(line, "continuation of nothing");
  } else {
    read_continuation(op, s, *key);
  }
}

static void read_line(struct Table *t, const char *s, int line, int *key) {
  const char *rest = s;
  const char *word;
  if (*s == '#') return;
  if (*s == ' ') {
    read_indented(t, s, line, key);
    return;
  }
  *key = KEY_COUNT;
  word = next_piece(&rest, " ");
  if (!word) return;
  if (!strcmp(word, "kind")) read_kind(t, rest, line);
  else if (!strcmp(word, "chapter")) read_chapter(t, rest, line);
  else if (!strcmp(word, "rule")) read_rule(t, rest, line);
  else if (!strcmp(word, "op")) read_op(t, rest, line);
  else complain(line, "unknown word '%s'", word);
}

static void read_table(struct Table *t) {
  FILE *in = fopen(path, "r");
  char *buf = NULL;
  size_t cap = 0;
  ssize_t n;
  int line = 0, key = KEY_COUNT;
  if (!in) die("open");
  while ((n = getline(&buf, &cap, in)) >= 0) {
    line++;
    while (n > 0 && isspace((unsigned char)buf[n - 1])) buf[--n] = '\0';
    if (strchr(buf, '\t')) complain(line, "a tab; use spaces");
    read_line(t, buf, line, &key);
  }
  if (ferror(in)) die("read");
  fclose(in);
  if (!t->nops) complain(line, "no instruction in the table");
}

/* ---- Checking an op block ------------------------------------------------ */

static const struct Operand *find_operand(const struct Op *op, char field) {
  for (int i = 0; i < op->noperands; i++)
    if (op->operand[i].field == field) return &op->operand[i];
  return NULL;
}

/* One `F:kind`. */
static void check_operand(struct Table *t, struct Op *op, const char *piece,
                          int line) {
  int kind = piece[1] == ':' ? find_kind(t, piece + 2) : -1;
  if (!piece[0] || piece[1] != ':') {
    complain(line, "%s: bad operand '%s', FIELD:KIND expected", op->name,
             piece);
  } else if (kind < 0) {
    complain(line, "%s: unknown kind '%s'", op->name, piece + 2);
  } else if (op->noperands == MAX_OPERANDS) {
    complain(line, "%s: more than %d operands", op->name, MAX_OPERANDS);
  } else {
    if (kind_has_rule(&t->kind[kind], "jump-target") != (piece[0] == 'J'))
      complain(line, "%s: field J and the jump kinds go together", op->name);
    op->operand[op->noperands++] = (struct Operand){piece[0], kind};
    add_op_rules(t, op, t->kind[kind].rules, line);
  }
}

static void check_operands(struct Table *t, struct Op *op) {
  const char *fields = formats[op->format].fields;
  const char *rest = op->text[KEY_OPERANDS];
  int line = op->text_line[KEY_OPERANDS], before = nerrors;
  const char *piece;
  if (!strcmp(rest, "-")) rest = "";
  while ((piece = next_piece(&rest, " "))) check_operand(t, op, piece, line);
  if (nerrors > before) return;
  for (int i = 0; i < op->noperands; i++)
    if (fields[i] != op->operand[i].field) {
      complain(line, "%s: field %c where format %s has %c", op->name,
               op->operand[i].field, formats[op->format].name,
               fields[i] ? fields[i] : '-');
      return;
    }
  if (fields[op->noperands])
    complain(line, "%s: format %s has field %c, no operand names it", op->name,
             formats[op->format].name, fields[op->noperands]);
}

/* One argument of an effect, of the given shape; false when it is wrong. */
static bool parse_effect_arg(const struct Table *t, const struct Op *op,
                             const char *s, char shape,
                             struct EffectArg *arg) {
  char *end;
  bool number_alone = isdigit((unsigned char)*s);
  *arg = (struct EffectArg){0, 0};
  if (shape == '#' && *s == '+') {
    number_alone = true;
  } else if (number_alone) {
    if (shape != 'n') return false;
  } else {
    const struct Operand *operand = *s ? find_operand(op, *s) : NULL;
    if (!operand || shape == '#') return false;
    if (shape == 'O' && !kind_has_rule(&t->kind[operand->kind], "open-count"))
      return false;
    arg->field = *s++;
    if (!*s) return true;
    if (*s++ != '+' || shape == 'X' || shape == 'O') return false;
  }
  arg->add = (int)strtol(s, &end, 10);
  return end > s && !*end && arg->add <= 250;
}

static void check_effect(struct Table *t, struct Op *op, const char *piece,
                         int line) {
  const char *rest = piece;
  const char *name = next_piece(&rest, "(");
  struct Effect e = {0};
  const char *shape;
  for (e.kind = 0; e.kind < neffect_kinds; e.kind++)
    if (name && !strcmp(effect_kinds[e.kind].name, name)) break;
  if (e.kind == neffect_kinds) {
    complain(line, "%s: unknown effect '%s'", op->name, piece);
    return;
  }
  for (shape = effect_kinds[e.kind].shape; *shape; shape++) {
    const char *arg = next_piece(&rest, "(,)");
    if (!arg || !parse_effect_arg(t, op, arg, *shape, &e.arg[e.nargs++])) {
      complain(line, "%s: bad argument '%s' in '%s'", op->name,
               arg ? arg : "", piece);
      return;
    }
  }
  if (strcmp(rest, e.nargs ? ")" : "")) {
    complain(line, "%s: bad end of '%s'", op->name, piece);
  } else if (op->neffects == MAX_EFFECTS) {
    complain(line, "%s: more than %d effects", op->name, MAX_EFFECTS);
  } else {
    op->effect[op->neffects++] = e;
    add_op_rules(t, op, effect_kinds[e.kind].rules, line);
  }
}

static void check_effects(struct Table *t, struct Op *op) {
  const char *rest = op->text[KEY_EFFECT];
  const char *piece;
  if (!rest) return;
  while ((piece = next_piece(&rest, " ")))
    check_effect(t, op, piece, op->text_line[KEY_EFFECT]);
}

static void check_fuel(struct Op *op) {
  for (op->fuel = 0; op->fuel < nfuels; op->fuel++)
    if (!strcmp(fuel_names[op->fuel], op->text[KEY_FUEL])) return;
  complain(op->text_line[KEY_FUEL], "%s: unknown fuel '%s'", op->name,
           op->text[KEY_FUEL]);
  op->fuel = 0;
}

/* ---- The example line ---------------------------------------------------- */

/* Cuts one operand off *rest: up to a comma that is outside quotes. */
static char *next_operand(const char **rest) {
  const char *s = *rest + strspn(*rest, " ");
  const char *p = s;
  bool quoted = false;
  for (; *p && (quoted || *p != ','); p++) {
    if (*p == '"') quoted = !quoted;
    if (*p == '\\' && quoted && p[1]) p++;
  }
  *rest = *p ? p + 1 : p;
  while (p > s && p[-1] == ' ') p--;
  return copy_text(s, (size_t)(p - s));
}

static bool is_number(const char *s, bool may_be_float) {
  char *end;
  if (!isdigit((unsigned char)s[*s == '-'])) return false;
  (void)strtoll(s, &end, 0);
  if (*end && may_be_float) (void)strtod(s, &end);
  return !*end;
}

/* Whether `s` is written as the notation of its kind says. */
static bool fits_notation(const char *s, const char *written) {
  size_t n = strlen(s);
  if (!strcmp(written, "INT|*") && !strcmp(s, "*")) return true;
  if (!strncmp(written, "INT", 3)) return is_number(s, false);
  if (!strcmp(written, "LIT"))
    return (n > 1 && s[0] == '"' && s[n - 1] == '"') || is_number(s, true);
  if (strlen(written) == 2 && written[1] == 'N')
    return s[0] == written[0] && s[1] != '-' && is_number(s + 1, false);
  return isalpha((unsigned char)*s) || *s == '_';
}

static void check_example(const struct Table *t, const struct Op *op) {
  const char *rest = op->text[KEY_EXAMPLE];
  int line = op->text_line[KEY_EXAMPLE];
  const char *name = next_piece(&rest, " ");
  if (!name || strcmp(name, op->name)) {
    complain(line, "%s: the example is one of '%s'", op->name,
             name ? name : "");
    return;
  }
  for (int i = 0; i < op->noperands; i++) {
    const struct Kind *kind = &t->kind[op->operand[i].kind];
    const char *written;
    if (!strcmp(kind->written, "-")) continue;
    written = next_operand(&rest);
    if (!*written) {
      complain(line, "%s: the example lacks operand %c", op->name,
               op->operand[i].field);
      return;
    }
    if (!fits_notation(written, kind->written))
      complain(line, "%s: operand '%s' of the example is no %s", op->name,
               written, kind->written);
  }
  if (*(rest + strspn(rest, " ")))
    complain(line, "%s: the example has too many operands", op->name);
}

static void check_op(struct Table *t, struct Op *op) {
  const struct Format *format = &formats[op->format];
  int before = nerrors;
  for (int k = 0; k < KEY_COUNT; k++)
    if (!op->text[k] && k != KEY_EFFECT && k != KEY_ASSUMES)
      complain(op->line, "%s: '%s' is missing", op->name, key_names[k]);
  if (nerrors > before) return;
  if (format->spare_bits) add_op_rule(t, op, "field-zero", op->line);
  if (format->words == 2) add_op_rule(t, op, "extra-word", op->line);
  check_operands(t, op);
  check_effects(t, op);
  if (op->text[KEY_ASSUMES])
    add_op_rules(t, op, op->text[KEY_ASSUMES], op->text_line[KEY_ASSUMES]);
  if (!op_has_effect(op, "end")) add_op_rule(t, op, "fall-off", op->line);
  check_fuel(op);
  if (nerrors == before) check_example(t, op);
}

/* The rules that hold for every instruction come first, then those of the
 * kinds in their order (read_kind), then those of the effects. */
static void start_rules(struct Table *t) {
  ensure_rules(t, "op-valid,field-zero,extra-word,fall-off", 0);
}

int main(int argc, char **argv) {
  static struct Table table;
  bool check_only = argc == 3 && !strcmp(argv[1], "--check");
  if (argc != 3) {
    fputs("usage: isagen --check TABLE\n       isagen TABLE DIR\n", stderr);
    return 2;
  }
  path = table.path = argv[check_only ? 2 : 1];
  start_rules(&table);
  read_table(&table);
  for (int i = 0; i < neffect_kinds; i++)
    ensure_rules(&table, effect_kinds[i].rules, 0);
  for (int i = 0; i < table.nops; i++) check_op(&table, &table.op[i]);
  if (nerrors) return 1;
  if (check_only) {
    printf("%d instructions, %d rules\n", table.nops, table.nrules);
    return 0;
  }
  return write_outputs(&table, argv[2]) ? 0 : 1;
}
