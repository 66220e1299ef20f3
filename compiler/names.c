/* SPDX-License-Identifier: MIT */
/* Names and strings of the program, each once. */
#include <string.h>

#include "compiler/parse.h"
#include "compiler/lua.tab.h"
#include "vm/hash.h"

static const struct {
  const char *text;
  int token;
} reserved[] = {
    {"and", T_AND},     {"break", T_BREAK},   {"do", T_DO},
    {"else", T_ELSE},   {"elseif", T_ELSEIF}, {"end", T_END},
    {"false", T_FALSE}, {"for", T_FOR},       {"function", T_FUNCTION},
    {"goto", T_GOTO},   {"if", T_IF},         {"in", T_IN},
    {"local", T_LOCAL}, {"nil", T_NIL},       {"not", T_NOT},
    {"or", T_OR},       {"repeat", T_REPEAT}, {"return", T_RETURN},
    {"then", T_THEN},   {"true", T_TRUE},     {"until", T_UNTIL},
    {"while", T_WHILE},
};

/* Seeded, so that a program with names made to collide does not crawl; no order
   depends on it. */
static u32 hash_bytes(const RvlParser *p, const char *s, size_t len) {
  u64 h = p->seed ^ len;
  for (; len > 8; s += 8, len -= 8) h = rv_mix64(h ^ rv_load64le(s));
  u8 tail[8] = {0};
  if (len) memcpy(tail, s, len);
  return (u32)rv_mix64(h ^ rv_load64le(tail));
}

static bool enlarge(RvlParser *p) {
  u32 cap = p->cnames ? 2 * p->cnames : 256;
  RvlName **t = rvl_resize(&p->mem, NULL, 0, cap * sizeof *t);
  if (!t) return false;
  memset(t, 0, cap * sizeof *t);
  for (u32 i = 0; i < p->cnames; i++)
    for (RvlName *n = p->names[i], *next; n; n = next) {
      next = n->chain;
      n->chain = t[n->hash & (cap - 1)];
      t[n->hash & (cap - 1)] = n;
    }
  rvl_resize(&p->mem, p->names, p->cnames * sizeof *t, 0);
  p->names = t;
  p->cnames = cap;
  return true;
}

/* Names outlive functions, so each has memory of its own. */
static RvlName *new_name(RvlParser *p, const char *s, size_t len, u32 hash) {
  RvlName *n = rvl_resize(&p->mem, NULL, 0, sizeof *n + len + 1);
  if (!n) return NULL;
  memset(n, 0, sizeof *n);
  char *bytes = (char *)(n + 1);
  memcpy(bytes, s, len);
  bytes[len] = '\0';
  n->p = bytes;
  n->len = (u32)len;
  n->hash = hash;
  n->chain = p->names[hash & (p->cnames - 1)];
  p->names[hash & (p->cnames - 1)] = n;
  p->nnames++;
  return n;
}

RvlName *rvl_name(RvlParser *p, const char *s, size_t len) {
  u32 hash = hash_bytes(p, s, len);
  for (RvlName *n = p->names[hash & (p->cnames - 1)]; n; n = n->chain)
    if (n->hash == hash && n->len == len && memcmp(n->p, s, len) == 0) return n;
  if (p->nnames >= p->cnames && !enlarge(p)) return NULL;
  return new_name(p, s, len, hash);
}

bool rvl_names_init(RvlParser *p) {
  p->seed = (u64)(uintptr_t)p;
  if (!enlarge(p)) return false;
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
    RvlName *n = rvl_name(p, reserved[i].text, strlen(reserved[i].text));
    if (!n) return false;
    n->token = (u16)reserved[i].token;
  }
  p->n_env = rvl_name(p, "_ENV", 4);
  p->n_self = rvl_name(p, "self", 4);
  p->n_close = rvl_name(p, "close", 5);
  p->n_const = rvl_name(p, "const", 5);
  return p->n_env && p->n_self && p->n_close && p->n_const;
}

u32 rvl_image_str(RvlParser *p, RvlName *n) {
  if (n->image == 0) n->image = rv_image_str(p->img, n->p, n->len) + 1;
  if (n->image == 0) {
    p->mem.nomem = true;
    return 0;
  }
  return n->image - 1;
}
