/* SPDX-License-Identifier: MIT */
/* Signatures as text, and how values fit their types. */
#include "vm/host/sig.h"

static const struct {
  const char *name, *noun;
} types[RV_SIG_NTYPES] = {
    [RV_SIG_VOID] = {"void", "nothing"},
    [RV_SIG_ANY] = {"any", "value"},
    [RV_SIG_BOOL] = {"bool", "boolean"},
    [RV_SIG_INT] = {"int", "integer"},
    [RV_SIG_FLT] = {"float", "number"},
    [RV_SIG_STR] = {"str", "string"},
    [RV_SIG_BUF] = {"buf", "byte buffer"},
    [RV_SIG_TABLE] = {"table", "table"},
    [RV_SIG_FUNC] = {"func", "function"},
    [RV_SIG_HANDLE] = {"handle", "handle"},
    [RV_SIG_I8] = {"i8", "integer"},
    [RV_SIG_U8] = {"u8", "integer"},
    [RV_SIG_I16] = {"i16", "integer"},
    [RV_SIG_U16] = {"u16", "integer"},
    [RV_SIG_I32] = {"i32", "integer"},
    [RV_SIG_U32] = {"u32", "integer"},
    [RV_SIG_I64] = {"i64", "integer"},
    [RV_SIG_U64] = {"u64", "integer"},
    [RV_SIG_F32] = {"f32", "number"},
    [RV_SIG_F64] = {"f64", "number"},
    [RV_SIG_PTR] = {"ptr", "pointer"},
    [RV_SIG_BYTES] = {"bytes", "string or byte buffer"},
    [RV_SIG_CALLBACK] = {"fn", "function"},
};

const char *rv_sig_name(u8 type) {
  return type < RV_SIG_NTYPES ? types[type].name : "?";
}

const char *rv_sig_noun(u8 type) {
  return type < RV_SIG_NTYPES ? types[type].noun : "?";
}

u8 rv_sig_plain(u8 type) {
  if (type == RV_SIG_I64) return RV_SIG_INT;
  return type == RV_SIG_F64 ? RV_SIG_FLT : type;
}

static const char *blanks(const char *p) {
  while (*p == ' ') p++;
  return p;
}

/* One type; NULL when there is none. */
static const char *one_type(const char *p, u8 *out) {
  const char *q = p;
  while ((*q >= 'a' && *q <= 'z') || (*q >= '0' && *q <= '9')) q++;
  for (u8 t = RV_SIG_ANY; t <= RV_SIG_HANDLE; t++) {
    size_t n = strlen(types[t].name);
    if ((size_t)(q - p) != n || memcmp(p, types[t].name, n) != 0) continue;
    *out = t;
    if (*q == '?') {
      *out |= RV_SIG_OPT;
      q++;
    }
    return blanks(q);
  }
  return NULL;
}

/* Types up to `end`, which is not taken; NULL when the text is wrong. */
static const char *type_list(const char *p, char end, u8 *list, u8 *n) {
  while (*p != end) {
    if (*n == RV_SIG_MAX) return NULL;
    p = one_type(p, &list[(*n)++]);
    if (p == NULL || *p == end) return p;
    if (*p != ',') return NULL;
    p = blanks(p + 1);
    if (*p == end) return NULL;
  }
  return p;
}

bool rv_sig_parse(const char *text, RvTypes *out) {
  memset(out, 0, sizeof *out);
  const char *p = blanks(text);
  if (*p != '(') return false;
  p = type_list(blanks(p + 1), ')', out->arg, &out->nargs);
  if (p == NULL) return false;
  p = blanks(p + 1);
  if (*p == '(') { /* several results */
    p = type_list(blanks(p + 1), ')', out->res, &out->nres);
    if (p != NULL) p = blanks(p + 1);
  } else if (*p != '\0') {
    p = one_type(p, &out->res[out->nres++]);
  }
  return p != NULL && *p == '\0';
}

bool rv_sig_fits(const RvSig *img, const RvTypes *op, const char **why,
                 int *n) {
  for (u32 i = 0; i < img->nargs || i < op->nargs; i++) {
    *n = (int)i + 1;
    if (i >= op->nargs) {
      *why = "the operation has no argument";
      return false;
    }
    if (i >= img->nargs) {
      if (op->arg[i] & RV_SIG_OPT) break;
      *why = "the import leaves out argument";
      return false;
    }
    u8 want = RV_SIG_TYPE(op->arg[i]), have = rv_sig_plain(img->args[i].type);
    if (have != want && have != RV_SIG_ANY && want != RV_SIG_ANY) {
      *why = "other type of argument";
      return false;
    }
  }
  for (u32 i = 0; i < rv_sig_results(img); i++) {
    *n = (int)i + 1;
    if (i >= op->nres) {
      *why = "the operation has no result";
      return false;
    }
    u8 want = RV_SIG_TYPE(op->res[i]), have = rv_sig_plain(img->res[i].type);
    if (have == RV_SIG_ANY) continue;
    if (have != want || ((op->res[i] & RV_SIG_OPT) && !img->res[i].opt)) {
      *why = "other type of result";
      return false;
    }
  }
  return true;
}
