/* SPDX-License-Identifier: MIT */
/* A table as text for a person: what is in it, tables within as `{...}`.

   One level only, so a table that holds itself is no trouble; raw, so nothing of
   the program runs; and only so much of it as a screen is good for. */
#include <stdlib.h>
#include <string.h>

#include "cli/repl.h"
#include "vm/err.h"
#include "vm/num.h"
#include "vm/table.h"

#define MAX_ENTRIES 100 /* of one table */
#define MAX_STRING 200  /* bytes of one string */
#define WIDTH 76

typedef struct Out {
  char *p;
  size_t n, cap;
  bool nomem;
} Out;

static void put(Out *o, const char *p, size_t n) {
  if (o->nomem) return;
  if (n > o->cap - o->n) {
    size_t cap = 2 * (o->n + n) + 256;
    char *more = realloc(o->p, cap);
    if (!more) {
      o->nomem = true;
      return;
    }
    o->p = more;
    o->cap = cap;
  }
  memcpy(o->p + o->n, p, n);
  o->n += n;
}

static void putz(Out *o, const char *z) { put(o, z, strlen(z)); }

/* -- Values ---------------------------------------------------------------- */

static void put_byte(Out *o, unsigned char c, bool digit_next) {
  char text[8];
  const char *named = c ? strchr("\aa\bb\ff\nn\rr\tt\vv\\\\\"\"", c) : NULL;
  if (c >= 0x80 || (c >= ' ' && c != 127 && c != '\\' && c != '"')) {
    put(o, (const char *)&c, 1);
  } else if (named) {
    text[0] = '\\';
    text[1] = named[1];
    put(o, text, 2);
  } else {
    put(o, text,
        rv_num_fmt(text, sizeof text, digit_next ? "\\%03d" : "\\%d", c));
  }
}

static void put_string(Out *o, const RvString *s) {
  const char *p = rv_str_data(s);
  size_t n = s->len < MAX_STRING ? s->len : MAX_STRING;
  while (n < s->len && n > 0 && (p[n] & 0xc0) == 0x80)
    n--; /* whole characters */
  putz(o, "\"");
  for (size_t i = 0; i < n; i++)
    put_byte(o, (unsigned char)p[i],
             i + 1 < n && p[i + 1] >= '0' && p[i + 1] <= '9');
  putz(o, n < s->len ? "\"..." : "\"");
}

static void put_value(Out *o, RvMachine *m, RvValue v) {
  char text[RV_NUM_TEXT];
  u64 pos = 0;
  RvValue k, x;
  if (v.t == RV_STR) put_string(o, RV_AS(RvString, v));
  else if (RV_IS_NUM(v.t)) put(o, text, rv_num_text(v, text));
  else if (v.t == RV_TRUE || v.t == RV_FALSE)
    putz(o, v.t == RV_TRUE ? "true" : "false");
  else if (v.t == RV_TABLE)
    putz(o, rv_table_iter(m, RV_AS(RvTable, v), &pos, &k, &x) ? "{...}" : "{}");
  else putz(o, rv_err_typename(m, v));
}

/* -- Entries --------------------------------------------------------------- */

static void put_key(Out *o, RvMachine *m, RvValue k) {
  const RvString *s = k.t == RV_STR ? RV_AS(RvString, k) : NULL;
  if (s && rv_repl_is_name(rv_str_data(s), s->len)) {
    put(o, rv_str_data(s), s->len);
  } else {
    putz(o, "[");
    put_value(o, m, k);
    putz(o, "]");
  }
  putz(o, " = ");
}

typedef struct Lines {
  size_t start; /* of the line that is being written */
  bool wide;    /* one line does not hold it all */
} Lines;

/* Between two entries: a list goes on in its line while there is room, a field
   has a line of its own. `len` bytes come next. */
static void put_gap(Out *o, Lines *l, bool first, bool field, size_t len) {
  if (!first) putz(o, ",");
  if (l->wide && (first || field || o->n - l->start + len + 2 > WIDTH)) {
    putz(o, "\n");
    l->start = o->n;
    putz(o, "  ");
  } else if (!first) {
    putz(o, " ");
  }
}

static void put_entries(Out *o, RvMachine *m, const RvTable *t, Lines *l) {
  Out one = {0};
  u64 pos = 0;
  i64 next = 1; /* keys 1, 2, ... need not be said */
  u32 count = 0;
  RvValue k, v;
  while (rv_table_iter(m, t, &pos, &k, &v)) {
    bool listed = k.t == RV_INT && (i64)k.p == next;
    if (count == MAX_ENTRIES) {
      put_gap(o, l, false, true, 3);
      putz(o, "...");
      break;
    }
    next += listed;
    one.n = 0;
    if (!listed) put_key(&one, m, k);
    put_value(&one, m, v);
    put_gap(o, l, count == 0, !listed, one.n);
    put(o, one.p, one.n);
    count++;
  }
  o->nomem |= one.nomem;
  free(one.p);
}

static void put_table(Out *o, RvMachine *m, const RvTable *t, bool wide) {
  Lines l = {.wide = wide};
  o->n = 0;
  putz(o, "{");
  put_entries(o, m, t, &l);
  putz(o, wide ? "\n}" : "}");
}

char *rv_show_table(RvMachine *m, const RvTable *t, size_t *len) {
  Out o = {0};
  put_table(&o, m, t, false);
  if (o.n > WIDTH) put_table(&o, m, t, true);
  if (o.nomem) {
    free(o.p);
    return NULL;
  }
  *len = o.n;
  return o.p;
}
