/* SPDX-License-Identifier: MIT */
/* Builtins "table": lists in tables, without events. */
#include "stdlib/lib.h"

/* Fuel for touching n elements one by one: each may lie in a cache line of its
   own. */
static u64 cost_of(u64 n) { return rv_fuel_bytes(n * 64); }

static RvValue get(RvMachine *m, const RvTable *t, i64 i) {
  u64 p;
  u8 tag;
  if (RV_LIKELY(rv_table_geti_fast(t, (u64)i, &p, &tag)))
    return rv_value(p, tag);
  return rv_table_get_int(m, t, i);
}

static RvStatus no_result(RvNativeCtx *c) {
  c->res = c->base;
  c->nres = 0;
  return RV_OK;
}

/* new(narr = 0, nfields = 0) */
static RvStatus tab_new(RvNativeCtx *c) {
  i64 narr, nfields;
  RvStatus st;
  if ((st = rv_lib_optint(c, 0, 0, &narr)) ||
      (st = rv_lib_optint(c, 1, 0, &nfields)))
    return st;
  /* Only hints: a table that will hold so much does not exist. */
  if ((u64)narr > INT32_MAX / 16) return rv_lib_argerr(c, 0, "out of range");
  if ((u64)nfields > INT32_MAX / 16)
    return rv_lib_argerr(c, 1, "out of range");
  if ((st = rv_fuel_pay(c->th, c->m,
                        rv_fuel_bytes(((u64)narr + (u64)nfields) * 16))))
    return st;
  RvTable *t = rv_table_new(c->m, (u32)narr, (u32)nfields);
  return t ? rv_native_ret(c, rv_obj(t, RV_TABLE)) : RV_ERROR;
}

static RvStatus tab_len(RvNativeCtx *c) {
  RvTable *t;
  RvStatus st = rv_arg_table(c, 0, &t);
  return st ? st : rv_native_ret(c, rv_int(rv_table_len(c->m, t)));
}

/* -- Insert and remove ---------------------------------------------------- */

/* Moves n elements of the array part, all of them in use before and after. */
static void shift(RvMachine *m, RvTable *t, u64 to, u64 from, u64 n) {
  memmove(t->arr + to, t->arr + from, n * 8);
  if ((t->h.flags & RV_TAB_AKIND) == RV_ARR_MIXED)
    memmove(rv_arr_tags(t) + to, rv_arr_tags(t) + from, n);
  rv_barrier(m, t, RV_TABLE);
}

/* Puts v at pos, elements pos .. len one place up. Paid for. */
static RvStatus insert_at(RvMachine *m, RvTable *t, i64 pos, i64 len,
                          RvValue v) {
  RvStatus st;
  if (v.t != RV_NIL && t->acount == (u64)len) {
    /* Appending makes room for v's type too; from then on nothing can fail. */
    if ((st = rv_table_set_int(m, t, len + 1, v))) return st;
    if (t->acount > (u64)len) {
      shift(m, t, (u64)pos, (u64)pos - 1, (u64)(len - pos) + 1);
      return rv_table_set_int(m, t, pos, v);
    }
  }
  for (i64 i = len; i >= pos; i--)
    if ((st = rv_table_set_int(m, t, i + 1, get(m, t, i)))) return st;
  return rv_table_set_int(m, t, pos, v);
}

/* Fuel for moving n elements of t. */
static u64 shift_cost(const RvTable *t, i64 len, u64 n) {
  return t->acount == (u64)len ? rv_fuel_bytes(n * 9) : cost_of(n);
}

/* insert(t, v) or insert(t, pos, v) */
RvStatus rv_tab_insert(RvNativeCtx *c) {
  RvTable *t;
  i64 pos;
  RvStatus st = rv_arg_table(c, 0, &t);
  if (st) return st;
  if (c->nargs != 2 && c->nargs != 3)
    return rv_err(c->th, "wrong number of arguments to 'insert'");
  i64 len = rv_table_len(c->m, t);
  if (c->nargs == 2) {
    st = rv_table_set_int(c->m, t, len + 1, rv_arg(c, 1));
    return st ? st : no_result(c);
  }
  if ((st = rv_arg_int(c, 1, &pos))) return st;
  if (pos < 1 || pos > len + 1)
    return rv_lib_argerr(c, 1, "position out of bounds");
  if ((st = rv_fuel_pay(c->th, c->m,
                        shift_cost(t, len, (u64)(len + 1 - pos)))))
    return st;
  st = insert_at(c->m, t, pos, len, rv_arg(c, 2));
  return st ? st : no_result(c);
}

/* remove(t, pos = #t): the element that went. */
RvStatus rv_tab_remove(RvNativeCtx *c) {
  RvTable *t;
  i64 pos;
  RvStatus st = rv_arg_table(c, 0, &t);
  if (st) return st;
  i64 len = rv_table_len(c->m, t);
  if ((st = rv_lib_optint(c, 1, len, &pos))) return st;
  if (pos != len && (u64)pos - 1 > (u64)len)
    return rv_lib_argerr(c, 0, "position out of bounds");
  if (pos > 0 && pos < len &&
      (st = rv_fuel_pay(c->th, c->m, shift_cost(t, len, (u64)(len - pos)))))
    return st;
  if ((st = rv_lib_keep(c, 1))) return st;
  rv_lib_put(c, 0, get(c->m, t, pos));
  if (pos > 0 && pos < len && t->acount == (u64)len) {
    shift(c->m, t, (u64)pos - 1, (u64)pos, (u64)(len - pos));
    pos = len;
  }
  for (; pos < len; pos++)
    if ((st = rv_table_set_int(c->m, t, pos, get(c->m, t, pos + 1))))
      return st;
  if ((st = rv_table_set_int(c->m, t, pos, rv_nil()))) return st;
  return rv_native_ret(c, rv_lib_kept(c, 0));
}

/* move(a, from, to, at, b = a): b[at], ... := a[from], ..., a[to]; gives b.
   Kept slot 0 counts the elements moved: the work is paid in steps. */
#define MOVE_STEP 1024u

RvStatus rv_tab_move(RvNativeCtx *c) {
  RvTable *a, *b;
  i64 from, to, at;
  RvStatus st;
  if ((st = rv_arg_table(c, 0, &a)) || (st = rv_arg_int(c, 1, &from)) ||
      (st = rv_arg_int(c, 2, &to)) || (st = rv_arg_int(c, 3, &at)))
    return st;
  b = a;
  if (rv_arg(c, 4).t != RV_NIL && (st = rv_arg_table(c, 4, &b))) return st;
  if (to < from) return rv_native_ret(c, rv_obj(b, RV_TABLE));
  if (from <= 0 && to >= INT64_MAX + from)
    return rv_lib_argerr(c, 2, "too many elements to move");
  u64 n = (u64)(to - from) + 1;
  if (at > INT64_MAX - (i64)n + 1)
    return rv_lib_argerr(c, 3, "destination wrap around");
  if ((st = rv_lib_keep(c, 1))) return st;
  if (c->state == 0) rv_lib_put(c, 0, rv_int(0));
  c->state = 1;
  if (rv_lib_kept(c, 0).t != RV_INT) return rv_lib_corrupt(c);
  /* Where the ranges overlap, the end that would be overwritten goes first. */
  bool down = b == a && at > from && at <= to;
  for (u64 done = rv_lib_kept(c, 0).p; done < n;) {
    u64 step = n - done < MOVE_STEP ? n - done : MOVE_STEP;
    if ((st = rv_fuel_pay(c->th, c->m, cost_of(step)))) return st;
    for (; step; step--, done++) {
      u64 i = down ? n - 1 - done : done;
      RvValue v = get(c->m, a, (i64)((u64)from + i));
      if ((st = rv_table_set_int(c->m, b, (i64)((u64)at + i), v))) return st;
    }
    rv_lib_put(c, 0, rv_int((i64)done));
  }
  return rv_native_ret(c, rv_obj(b, RV_TABLE));
}

/* -- Concat ------------------------------------------------------------------
   Two passes over strings and numbers: the first adds up the length, the second
   copies. Each is paid beforehand; c->state tells what has been paid. */

/* Bytes of one element; false: neither string nor number. */
static bool piece(RvValue v, char buf[RV_NUM_TEXT], const char **p, u64 *n) {
  if (v.t == RV_STR) {
    *p = rv_str_data(RV_AS(RvString, v));
    *n = RV_AS(RvString, v)->len;
    return true;
  }
  if (!RV_IS_NUM(v.t)) return false;
  *n = rv_num_text(v, buf);
  *p = buf;
  return true;
}

/* Elements from i on that concat may have to look at before it meets a nil. */
static u64 at_most(RvMachine *m, const RvTable *t, i64 i, i64 j) {
  u64 n = (u64)j - (u64)i + 1, have = (u64)rv_table_len(m, t);
  u64 fields = rv_shape_of(m, t)->nkeys;
  return n - 1 < have + fields ? n : have + fields + 1;
}

static RvStatus sum_up(RvNativeCtx *c, RvTable *t, i64 i, i64 j, u64 nsep,
                       u64 *total) {
  char buf[RV_NUM_TEXT];
  const char *p;
  u64 n;
  *total = 0;
  for (u64 k = (u64)i;; k++) {
    RvValue v = get(c->m, t, (i64)k);
    if (!piece(v, buf, &p, &n))
      return rv_err(c->th, "invalid value (%s) at index %lld in table for "
                    "'concat'", rv_type_names[rv_type_code(v.t)],
                    (long long)k);
    *total += n + (k == (u64)j ? 0 : nsep);
    if (*total > RV_MAX_STRING)
      return rv_err(c->th, "resulting string too large");
    if (k == (u64)j) return RV_OK;
  }
}

static void copy_pieces(RvMachine *m, RvTable *t, i64 i, i64 j,
                        const RvString *sep, char *out) {
  char buf[RV_NUM_TEXT];
  const char *p, *q = rv_str_data(sep);
  u64 n;
  for (u64 k = (u64)i;; k++) {
    piece(get(m, t, (i64)k), buf, &p, &n);
    memcpy(out, p, n);
    out += n;
    if (k == (u64)j) return;
    memcpy(out, q, sep->len);
    out += sep->len;
  }
}

/* concat(t, sep = "", i = 1, j = #t) */
RvStatus rv_tab_concat(RvNativeCtx *c) {
  RvTable *t;
  RvString *sep = c->m->empty;
  i64 i, j;
  u64 total;
  RvOut o;
  RvStatus st = rv_arg_table(c, 0, &t);
  if (st) return st;
  if (rv_arg(c, 1).t != RV_NIL && (st = rv_lib_str(c, 1, &sep))) return st;
  if ((st = rv_lib_optint(c, 2, 1, &i)) ||
      (st = rv_lib_optint(c, 3, rv_table_len(c->m, t), &j)))
    return st;
  if (i > j) return rv_native_ret(c, rv_strv(c->m->empty));
  if (c->state == 0) {
    if ((st = rv_fuel_pay(c->th, c->m, cost_of(at_most(c->m, t, i, j)))))
      return st;
    c->state = 1;
  }
  if ((st = sum_up(c, t, i, j, sep->len, &total)) ||
      (st = rv_fuel_pay(c->th, c->m, rv_fuel_bytes(total))) ||
      (st = rv_lib_out(c, &o, total)))
    return st;
  copy_pieces(c->m, t, i, j, sep, o.p);
  return rv_lib_out_done(c, &o);
}

/* -- Between stack and table ---------------------------------------------- */

/* unpack(t, i = 1, j = #t) */
RvStatus rv_tab_unpack(RvNativeCtx *c) {
  RvTable *t;
  i64 i, j;
  RvStatus st;
  if ((st = rv_arg_table(c, 0, &t)) || (st = rv_lib_optint(c, 1, 1, &i)) ||
      (st = rv_lib_optint(c, 2, rv_table_len(c->m, t), &j)))
    return st;
  if (i > j) return no_result(c);
  u64 n = (u64)j - (u64)i;
  if (n >= c->m->max_slots) return rv_err(c->th, "too many results to unpack");
  n++;
  if ((st = rv_fuel_pay(c->th, c->m, cost_of(n))) ||
      (st = rv_lib_keep(c, (u32)n)))
    return st;
  for (u32 k = 0; k < n; k++)
    rv_lib_put(c, k, get(c->m, t, (i64)((u64)i + k)));
  c->res = rv_lib_at(c, 0);
  c->nres = (u32)n;
  return RV_OK;
}

/* pack(...): the arguments as a list, their number in field n. */
static RvStatus tab_pack(RvNativeCtx *c) {
  RvStatus st = rv_fuel_pay(c->th, c->m, cost_of(c->nargs));
  if (st || (st = rv_lib_keep(c, 2))) return st;
  RvTable *t = rv_table_new(c->m, c->nargs, 1);
  if (!t) return RV_ERROR;
  rv_lib_put(c, 0, rv_obj(t, RV_TABLE));
  RvString *n = rv_str_new(c->m, "n", 1);
  if (!n) return RV_ERROR;
  rv_lib_put(c, 1, rv_strv(n));
  if ((st = rv_table_set_list(c->th, t, 1, c->base, c->nargs)) ||
      (st = rv_table_set_str(c->m, t, n, rv_int(c->nargs))))
    return st;
  return rv_native_ret(c, rv_lib_kept(c, 0));
}

static const RvNativeDef defs[] = {
  {"table.new", 1, 0, tab_new},
  {"table.len", 1, 0, tab_len},
  {"table.insert", 1, 0, rv_tab_insert},
  {"table.remove", 1, 0, rv_tab_remove},
  {"table.move", 1, 0, rv_tab_move},
  {"table.concat", 1, 0, rv_tab_concat},
  {"table.unpack", 1, 0, rv_tab_unpack},
  {"table.pack", 1, 0, tab_pack},
};
const RvLib rv_lib_table = {defs, sizeof defs / sizeof *defs};
