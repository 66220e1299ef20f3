/* SPDX-License-Identifier: MIT */
/* A machine: creation, limits, fuel, requests. */
#include "vm/machine.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "vm/call.h"
#include "vm/feedback.h"
#include "vm/host/host.h"
#include "vm/interp.h"
#include "vm/random.h"
#include "vm/table.h"

/* -- Fuel ------------------------------------------------------------------------ */

u64 rv_fuel_used(const RvMachine *m) {
  return m->fuel_done + (u64)(m->slice - m->fuel);
}

/* Ends the slice: what was not used goes back. */
static void slice_end(RvMachine *m) {
  m->fuel_done += (u64)(m->slice - m->fuel);
  if (m->fuel_limited) m->fuel_left += m->fuel;
  m->fuel = m->slice = 0;
}

static void slice_begin(RvMachine *m, i64 units) {
  if (m->fuel_limited) {
    if (units > m->fuel_left) units = m->fuel_left > 0 ? m->fuel_left : 0;
    m->fuel_left -= units;
  }
  m->fuel = m->slice = (i32)units;
}

void rv_request_safepoint(RvMachine *m) { slice_end(m); }

void rv_machine_refuel(RvMachine *m, i64 units) {
  slice_end(m);
  m->fuel_left += units; /* a debt stays one, or stopping would change sums */
}

void rv_machine_set_fuel(RvMachine *m, i64 units) {
  slice_end(m);
  m->fuel_limited = units >= 0;
  m->fuel_left = units >= 0 ? units : 0;
}

static bool in_foreign(const RvMachine *m) {
  for (const RvThread *th = m->th; th; th = th->resumer)
    if (th->nforeign) return true;
  return false;
}

/* Stops the machine, or kills it where it cannot stop: below a foreign C frame
   that would have to be left. */
static RvStatus stop(RvMachine *m, u8 reason, const char *why) {
  size_t n = strlen(why);
  if (n >= sizeof m->why) n = sizeof m->why - 1;
  memcpy(m->why, why, n);
  m->why[n] = 0;
  m->stop_reason = reason;
  if (!in_foreign(m)) return RV_STOP;
  m->killed = true;
  return RV_KILL;
}

static RvStatus obey_requests(RvMachine *m) {
  u32 bits = atomic_load_explicit(&m->request, memory_order_acquire);
  if (RV_LIKELY(bits == 0)) return RV_OK;
  /* One request at a time; another one waits for the next slice. */
  u32 bit = bits & RV_REQ_TIMEOUT ? RV_REQ_TIMEOUT : RV_REQ_INTERRUPT;
  atomic_fetch_and_explicit(&m->request, ~bit, memory_order_acq_rel);
  if (in_foreign(m)) {
    i64 more = rv_host_more_fuel(m);
    if (more > 0) {
      if (m->fuel_limited) m->fuel_left += more;
      return RV_OK;
    }
  }
  return bit == RV_REQ_TIMEOUT
             ? stop(m, RV_RUN_TIMEOUT, "time limit reached")
             : stop(m, RV_RUN_INTERRUPTED, "interrupted");
}

/* Test switch: caches may go at any safepoint without anybody noticing. */
static void maybe_drop_caches(RvMachine *m) {
  if (m->drop_caches_every == 0 || ++m->drop_count < m->drop_caches_every)
    return;
  m->drop_count = 0;
  rv_feedback_drop_all(m);
}

RvStatus rv_slice_next(RvThread *th, u64 cost) {
  RvMachine *m = th->m;
  if (m->killed) return RV_KILL;
  slice_end(m);
  RvStatus st = obey_requests(m);
  if (st) return st;
  maybe_drop_caches(m);
  if (m->fuel_limited && m->fuel_left < (i64)cost && in_foreign(m))
    m->fuel_left += rv_host_more_fuel(m);
  slice_begin(m, cost > RV_SLICE ? (i64)cost : RV_SLICE);
  if ((u64)m->fuel >= cost) return RV_OK;
  return stop(m, RV_RUN_FUEL, "out of fuel");
}

RvStatus rv_fuel_pay_part(RvThread *th, u64 cost) {
  RvMachine *m = th->m;
  while (th->paid < cost) {
    u64 due = cost - th->paid;
    if (m->fuel <= 0) {
      RvStatus st = rv_slice_next(th, 1);
      if (st) return st;
    }
    u64 now = due < (u64)m->fuel ? due : (u64)m->fuel;
    m->fuel -= (i32)now;
    th->paid += now;
  }
  return RV_OK;
}

void rv_fuel_settle(RvThread *th, u64 sum) {
  RvMachine *m = th->m;
  RV_ASSERT(th->paid >= sum, "%llu of %llu paid", (unsigned long long)th->paid,
            (unsigned long long)sum);
  th->paid -= sum;
  /* New slices were begun here without a safepoint: what waits for one must not
     wait longer than in a run that had fuel enough. */
  if (m->ntofin && !m->in_final) rv_request_safepoint(m);
}

RvStatus rv_fuel_pay_slow(RvThread *th, u64 cost) {
  RvStatus st = rv_fuel_pay_part(th, cost);
  if (st == RV_OK) rv_fuel_settle(th, cost);
  return st;
}

/* -- Hooks -------------------------------------------------------------------------- */

void rv_machine_hook(RvMachine *m, RvHookFn fn, void *ud) {
  m->hook = fn;
  m->hook_ud = ud;
  m->dispatch = fn ? rv_interp_dispatch_hooked() : rv_interp_dispatch();
}

void rv_heap_evict(RvMachine *m) { rv_feedback_drop_all(m); }

/* -- Creation -------------------------------------------------------------------------- */

/* The cap on real memory that belongs to a memory limit, if it has no value of
   its own. */
static u64 host_cap(u64 mem, u64 host) {
  if (host) return host;
  if (mem == 0 || mem > (UINT64_MAX - (16u << 20)) / 4) return UINT64_MAX;
  return 4 * mem + (16u << 20);
}

void rv_machine_set_memory(RvMachine *m, u64 mem, u64 host) {
  m->host_cap = host_cap(mem, host);
  rv_gc_limit(m, mem ? mem : UINT64_MAX);
}

static void set_limits(RvMachine *m, const RvConfig *c) {
  m->guest_limit = c->mem ? c->mem : UINT64_MAX;
  m->host_cap = host_cap(c->mem, c->host);
  m->fuel_limited = c->fuel_limited || c->fuel > 0;
  m->fuel_left = (i64)c->fuel;
  m->max_slots = c->stack ? c->stack : RV_DEFAULT_STACK_SLOTS;
  m->max_resume_depth = c->depth ? c->depth : RV_DEFAULT_RESUME_DEPTH;
}

static bool make_names(RvMachine *m) {
  static const char *const text[RV_NEVENTS] = {
#define RV_X(id, text) text,
      RV_EVENTS(RV_X)
#undef RV_X
  };
  for (u32 i = 0; i < RV_NEVENTS; i++)
    if (!(m->names[i] = rv_str_newz(m, text[i]))) return false;
  return (m->empty = rv_str_new(m, "", 0)) &&
         (m->msg_memory = rv_str_newz(m, "not enough memory")) &&
         (m->msg_errerr = rv_str_newz(m, "error in error handling"));
}

/* The objects every machine has, in an order in which each can be made. Nothing
   can be collected before the budget is used up, so none is anchored. */
static bool make_objects(RvMachine *m) {
  if (!rv_strtab_init(m) || !make_names(m) || !rv_shape_init(m)) return false;
  m->main = m->th = rv_thread_new(m);
  if (!m->main) return false;
  m->main->status = RV_TH_RUNNING;
  m->main->started = 1;
  return (m->globals = rv_table_new(m, 0, 0)) &&
         (m->registry = rv_table_new(m, 0, 0)) && rv_host_init(m);
}

/* A thread for errors before there is a main one. */
static RvThread nobody(RvMachine *m) {
  return (RvThread){.h = {.type = RV_THREAD}, .m = m, .err = {0, RV_NIL}};
}

RvMachine *rv_machine_new(const RvConfig *c) {
  RvMachine boot = {.alloc = c->alloc, .alloc_ud = c->alloc_ud};
  rv_heap_init(&boot);
  boot.host_cap = UINT64_MAX;
  RvMachine *m = rv_mem_realloc(&boot, NULL, 0, sizeof *m);
  if (!m) return NULL;
  *m = boot;
  set_limits(m, c);
  rv_random_seed(m, 0, 0);
  m->dispatch = rv_interp_dispatch();
  m->gc_budget = m->gc_left = 256 * 1024;
  if (m->guest_limit < (u64)m->gc_budget)
    m->gc_budget = m->gc_left = (i64)m->guest_limit;
  m->gc_stopped = true;
  RvThread first = nobody(m);
  m->th = &first;
  if (!make_objects(m)) {
    m->th = m->main = NULL;
    rv_machine_free(m);
    return NULL;
  }
  m->gc_stopped = false;
  m->stress = c->stress;
#ifdef RV_STRESS
  if (m->stress == 0) m->stress = 1;
#endif
  if (m->stress) m->bump_end = m->bump;
  return m;
}

/* -- Abandoning -------------------------------------------------------------------------- */

static void drop_frames(RvThread *th) {
  th->fi = 0;
  th->frames[0].top = 0;
  th->ntbc = 0;
  th->paid = 0;
  th->err = rv_nil();
}

void rv_machine_abandon(RvMachine *m) {
  RV_ASSERT(!in_foreign(m), "a C function would be left");
  for (RvThread *th = m->th; th != m->main;) {
    RvThread *below = th->resumer;
    drop_frames(th);
    th->status = RV_TH_DEAD;
    th->resumer = NULL;
    th = below;
  }
  m->th = m->main;
  drop_frames(m->main);
  m->main->status = RV_TH_RUNNING;
  m->resume_depth = 0;
  m->in_final = false;
  m->running = false;
  if (m->ntofin) rv_request_safepoint(m);
}

static void free_protos(RvMachine *m) {
  for (u32 i = 0; i < m->cprotos; i++)
    if (m->protos[i]) rv_feedback_drop(m, m->protos[i]);
  rv_mem_free(m, m->protos, m->cprotos * sizeof *m->protos);
  rv_mem_free(m, m->natives, m->cnatives * sizeof *m->natives);
  for (RvImageUse *u = m->images, *next; u; u = next) {
    next = u->next;
    rv_image_use_free(m, u);
  }
}

void rv_machine_free(RvMachine *m) {
  if (!m) return;
  free_protos(m);
  if (m->host) rv_host_fini(m);
  rv_shape_fini(m);
  rv_strtab_fini(m);
  rv_gc_fini(m);
  rv_heap_fini(m);
  RV_ASSERT(m->stats.host_bytes == sizeof *m, "%llu bytes leaked",
            (unsigned long long)(m->stats.host_bytes - sizeof *m));
  RvAllocFn alloc = m->alloc;
  void *ud = m->alloc_ud;
  alloc(ud, m, sizeof *m, 0, 16);
}
