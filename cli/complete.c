/* SPDX-License-Identifier: MIT */
/* Completion of names from what the machine's tables hold.

   A person who presses Tab must not change the program: no metamethod runs and
   no string is made (it would count as the program's memory), so keys are
   compared byte by byte while tables are walked. */
#include <string.h>

#include "cli/repl.h"
#include "vm/meta.h"
#include "vm/table.h"

typedef struct Name {
  const char *p;
  size_t len;
} Name;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* By ASCII, as the compiler has it, not by locale. */
static bool is_name_byte(char c) {
  return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

static bool is_key(RvValue k, Name n) {
  if (k.t != RV_STR) return false;
  const RvString *s = RV_AS(RvString, k);
  return s->len == n.len && memcmp(rv_str_data(s), n.p, n.len) == 0;
}

static RvValue raw_field(RvMachine *m, const RvTable *t, Name n) {
  u64 pos = 0;
  RvValue k, v;
  while (rv_table_iter(m, t, &pos, &k, &v))
    if (is_key(k, n)) return v;
  return rv_nil();
}

/* The table in which v's missing fields are looked for, or NULL. */
static RvTable *next_in_chain(RvMachine *m, RvValue v) {
  RvValue index = rv_event(m, v, RV_EV_INDEX);
  return index.t == RV_TABLE ? RV_AS(RvTable, index) : NULL;
}

static RvTable *first_in_chain(RvMachine *m, RvValue v) {
  return v.t == RV_TABLE ? RV_AS(RvTable, v) : next_in_chain(m, v);
}

/* Long enough for any design, and ends where tables refer to each other. */
#define MAX_LINKS 100

RvValue rv_repl_field(RvMachine *m, RvValue v, const char *name, size_t len) {
  RvTable *t = first_in_chain(m, v);
  Name n = {name, len};
  for (int i = 0; t && i < MAX_LINKS; i++) {
    RvValue found = raw_field(m, t, n);
    if (found.t != RV_NIL) return found;
    t = next_in_chain(m, rv_obj(t, RV_TABLE));
  }
  return rv_nil();
}

/* -- Offering -------------------------------------------------------------- */

typedef struct Offer {
  Name prefix;
  bool methods; /* only what can be called */
  RvNameOut out;
  void *to;
} Offer;

static bool can_be_called(RvMachine *m, RvValue v) {
  return v.t == RV_CLOSURE || v.t == RV_NATIVE ||
         rv_event(m, v, RV_EV_CALL).t != RV_NIL;
}

static const char *const keywords[] = {
    "and",      "break",  "do",   "else", "elseif", "end",   "false", "for",
    "function", "goto",   "if",   "in",   "local",  "nil",   "not",   "or",
    "repeat",   "return", "then", "true", "until",  "while", NULL};

bool rv_repl_is_name(const char *p, size_t n) {
  if (n == 0 || is_digit(*p)) return false;
  for (size_t i = 0; i < n; i++)
    if (!is_name_byte(p[i])) return false;
  for (const char *const *w = keywords; *w; w++)
    if (strlen(*w) == n && memcmp(*w, p, n) == 0) return false;
  return true;
}

static void offer(const Offer *o, const char *p, size_t n) {
  if (n >= o->prefix.len && memcmp(p, o->prefix.p, o->prefix.len) == 0)
    o->out(o->to, p, n);
}

static void offer_fields(RvMachine *m, RvValue of, const Offer *o) {
  RvTable *t = first_in_chain(m, of);
  for (int i = 0; t && i < MAX_LINKS; i++) {
    u64 pos = 0;
    RvValue k, v;
    while (rv_table_iter(m, t, &pos, &k, &v)) {
      if (k.t != RV_STR || (o->methods && !can_be_called(m, v))) continue;
      const RvString *s = RV_AS(RvString, k);
      if (rv_repl_is_name(rv_str_data(s), s->len))
        offer(o, rv_str_data(s), s->len);
    }
    t = next_in_chain(m, rv_obj(t, RV_TABLE));
  }
}

static void offer_keywords(const Offer *o) {
  for (const char *const *w = keywords; *w; w++) offer(o, *w, strlen(*w));
}

/* -- The text before the cursor -------------------------------------------- */

/* Where the name that ends at `at` begins. */
static size_t name_start(const char *line, size_t at) {
  while (at > 0 && is_name_byte(line[at - 1])) at--;
  return at;
}

static bool is_separator(const char *line, size_t at) {
  if (at == 0) return false;
  if (line[at - 1] == ':') return at < 2 || line[at - 2] != ':';
  return line[at - 1] == '.' && (at < 2 || line[at - 2] != '.');
}

/* Behind ("text") or 'text' stands a string, whatever it holds. */
static bool ends_string(const char *line, size_t at) {
  if (at > 1 && line[at - 1] == ')') at--;
  return at > 0 && (line[at - 1] == '"' || line[at - 1] == '\'');
}

/* The value of the names and separators that end at `at`; nil when it cannot be
   told without running something. */
static RvValue value_before(RvMachine *m, const char *line, size_t at) {
  Name part[MAX_LINKS];
  int n = 0;
  for (;;) {
    size_t start = name_start(line, at);
    if (start == at || n == MAX_LINKS) return rv_nil();
    part[n++] = (Name){line + start, at - start};
    if (!is_separator(line, start)) break;
    at = start - 1;
  }
  RvValue v = rv_obj(m->globals, RV_TABLE);
  while (n-- > 0) v = rv_repl_field(m, v, part[n].p, part[n].len);
  return v;
}

void rv_complete(void *ud, const char *line, size_t at, RvNameOut out,
                 void *to) {
  RvMachine *m = ud;
  size_t start = name_start(line, at);
  Offer o = {.prefix = {line + start, at - start}, .out = out, .to = to};
  if (!is_separator(line, start)) {
    offer_fields(m, rv_obj(m->globals, RV_TABLE), &o);
    offer_keywords(&o);
    return;
  }
  o.methods = line[start - 1] == ':';
  RvValue v = rv_nil();
  if (ends_string(line, start - 1)) {
    RvTable *of = m->type_meta[RV_STR];
    RvValue index = of ? rv_meta_event(m, of, RV_EV_INDEX) : rv_nil();
    v = index;
  } else {
    v = value_before(m, line, start - 1);
  }
  if (v.t != RV_NIL) offer_fields(m, v, &o);
}
