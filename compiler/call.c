/* SPDX-License-Identifier: MIT */
/* Calls, and lists of values whose last may be several. */
#include "compiler/gen.h"

void rvl_multi(RvlGen *g, RvlExpr *e, u32 n) {
  u32 base = g->free;
  rvl_need(g, base + (n == RVL_OPEN ? 1 : n));
  if (e->kind == RVL_VARARG) {
    g->line = e->line;
    if (n == RVL_OPEN) rvl_abc(g, RV_OP_VARARGM, base, 0, 0);
    else rvl_abc(g, RV_OP_VARARG, base, n, 0);
  } else if (e->kind == RVL_INTRIN) {
    rvl_intrinsic(g, e, n);
  } else {
    rvl_call(g, e, n);
  }
}

bool rvl_push_list(RvlGen *g, RvlExpr *e, bool open) {
  for (; e; e = e->next) {
    if (open && !e->next && RVL_IS_MULTI(e)) {
      rvl_multi(g, e, RVL_OPEN);
      return true;
    }
    rvl_next(g, e);
  }
  return false;
}

/* Evaluated for its effects alone. */
static void discard(RvlGen *g, RvlExpr *e) {
  u32 base = g->free;
  rvl_any(g, e);
  g->free = base;
}

void rvl_adjust(RvlGen *g, RvlList list, u32 n) {
  u32 have = 0;
  for (RvlExpr *e = list.first; e; e = e->next) {
    if (have >= n) {
      discard(g, e);
    } else if (!e->next && RVL_IS_MULTI(e) && n - have > 1) {
      rvl_multi(g, e, n - have);
      rvl_take(g, n - have);
      have = n;
    } else {
      rvl_next(g, e);
      have++;
    }
  }
  if (have < n) {
    rvl_load_nil(g, g->free, n - have);
    rvl_take(g, n - have);
  }
}

static RvlExpr *arguments(const RvlExpr *e) {
  return e->kind == RVL_METHOD ? e->r->next : e->r;
}

void rvl_finish_call(RvlGen *g, RvlExpr *e, u32 base, u32 nres) {
  bool open = rvl_push_list(g, arguments(e), true);
  u32 n = g->free - base - 1;
  g->line = e->line;
  if (nres == RVL_OPEN) {
    if (open) rvl_abc(g, RV_OP_CALLAM, base, 0, 0);
    else rvl_abc(g, RV_OP_CALLM, base, n, 0);
  } else {
    rvl_need(g, base + nres);
    if (open) rvl_abc(g, RV_OP_CALLA, base, nres, 0);
    else rvl_abc(g, RV_OP_CALL, base, n, nres);
  }
  g->free = base;
}

/* Callee and receiver of a call to `free`, which it returns. */
static u32 begin_call(RvlGen *g, RvlExpr *e) {
  u32 base = g->free;
  if (e->kind == RVL_CALL) {
    rvl_next(g, e->l);
    return base;
  }
  u32 r = rvl_any(g, e->l);
  g->free = base;
  rvl_need(g, base + 2);
  g->line = e->r->line;
  rvl_cached(g, RV_OP_SELF, RV_OP_SELFX, base, r, e->r->name);
  rvl_take(g, 2);
  return base;
}

void rvl_call(RvlGen *g, RvlExpr *e, u32 nres) {
  rvl_finish_call(g, e, begin_call(g, e), nres);
}

void rvl_tail_call(RvlGen *g, RvlExpr *e) {
  u32 base = begin_call(g, e);
  bool open = rvl_push_list(g, arguments(e), true);
  g->line = e->line;
  if (open) rvl_abc(g, RV_OP_TAILCALLA, base, 0, 0);
  else rvl_abc(g, RV_OP_TAILCALL, base, g->free - base - 1, 0);
  g->free = base;
}
