/* SPDX-License-Identifier: MIT */
/* The physical heap: blocks with side bitmaps, large objects, the two ledgers.

   Small objects live in blocks of RV_BLOCK_BYTES, aligned so that masking an
   address finds the block. Memory is handed out in granules of 8 bytes. A block
   has two bitmaps: `mark` has a bit for every granule that the last marking
   found in use, `start` one for the first granule of each marked object that
   has a header. Allocation bumps through the runs of unmarked granules and
   never looks at a dead object, so there is no sweep: after a marking the
   cursor simply starts again at the first block. New objects are not marked;
   the cursor never visits a run twice between two markings.

     block  +--------+-----------+------------+--------------------------+
            | header | mark bits | start bits |  granules ...            |
            +--------+-----------+------------+--------------------------+
              one run:  ...live | free free free free | live...
                                ^bump                 ^bump_end

   Blocks without any live granule are spare: no cursor goes there, they are
   taken whole. A block taken goes to the front of the list, where the cursor
   has been already.

   A request that the current run is too short for may skip runs, but no more
   bytes than it asks for itself; it is served from the overflow run then, which
   begins as a spare block. So neither one long request nor a finely divided
   heap wastes much, and requests of one size still use every run that fits
   (after Blackburn & McKinley, "Immix", PLDI 2008, section 3.2, which sends
   them to an empty block at once).

   Objects above RV_SMALL_MAX have memory of their own behind an RvLarge. */
#include "vm/heap.h"

#include <stdlib.h>
#include <string.h>

#include "vm/err.h"
#include "vm/heap_impl.h"

/* Requests beyond these fail before any sum with them could wrap. */
#define MAX_SIZE (SIZE_MAX / 2)
#define MAX_LOGICAL ((u64)INT64_MAX / 2)
/* Bytes that collections may look at for too little between two payments, in
   multiples of the limit. */
#define DEBT 32u
/* Requests between two payments that may fail for want of host memory after all
   was collected for them; further ones fail at once. */
#define HARD_FAILS 8u
/* Up to so many guest bytes stress 1 means each allocation. */
#define STRESS_ALWAYS (256u * 1024)

/* -- Host memory ----------------------------------------------------------- */

static void *default_alloc(void *ud, void *ptr, size_t osize, size_t nsize,
                           size_t align) {
  (void)ud;
  (void)osize;
  if (nsize == 0) {
    free(ptr);
    return NULL;
  }
  if (align > 16) { /* blocks: never resized */
    void *p = NULL;
    return posix_memalign(&p, align, nsize) == 0 ? p : NULL;
  }
  return realloc(ptr, nsize);
}

/* The one way to host memory: keeps the host ledger and its cap. */
static void *host_realloc(RvMachine *m, void *p, size_t osize, size_t nsize,
                          size_t align) {
  if (nsize > osize && m->stats.host_bytes + (nsize - osize) > m->host_cap)
    return NULL;
  void *q = m->alloc(m->alloc_ud, p, osize, nsize, align);
  if (!q && nsize > 0) return NULL;
  m->stats.host_bytes += nsize;
  m->stats.host_bytes -= p ? osize : 0;
  if (m->stats.host_bytes > m->stats.host_peak)
    m->stats.host_peak = m->stats.host_bytes;
  return q;
}

void *rv_mem_realloc(RvMachine *m, void *p, size_t osize, size_t nsize) {
  return host_realloc(m, p, p ? osize : 0, nsize, 16);
}

/* -- Blocks ---------------------------------------------------------------- */

static void poison_from(RvBlock *b, u32 from, u32 to) {
  (void)b, (void)from, (void)to;
  RV_POISON(rv_block_granule(b, from), (to - from) * RV_GRANULE);
}

static RvBlock *spare_pop(RvMachine *m) {
  RvBlock *b = m->spare;
  if (!b) return NULL;
  m->spare = b->next;
  m->nspare--;
  return b;
}

static void block_free(RvMachine *m, RvBlock *b) {
  RV_UNPOISON(b, RV_BLOCK_BYTES);
  host_realloc(m, b, RV_BLOCK_BYTES, 0, RV_BLOCK_ALIGN);
}

/* An empty block, at the front of the list: behind the cursor. */
static RvBlock *block_take(RvMachine *m) {
  RvBlock *b = spare_pop(m);
  if (!b) {
    b = host_realloc(m, NULL, 0, RV_BLOCK_BYTES, RV_BLOCK_ALIGN);
    if (!b) return NULL;
    memset(b, 0, sizeof *b);
    poison_from(b, RV_BLOCK_FIRST, RV_BLOCK_GRANULES);
  }
  b->next = m->blocks;
  m->blocks = b;
  m->nblocks++;
  return b;
}

/* First granule at or after g whose mark bit equals `bit`; RV_BLOCK_GRANULES
   when there is none. */
static u32 scan_bits(const RvBlock *b, u32 g, bool bit) {
  while (g < RV_BLOCK_GRANULES) {
    u64 w = b->mark[g >> 6];
    if (!bit) w = ~w;
    w >>= g & 63;
    if (w) {
      g += (u32)__builtin_ctzll(w);
      return g < RV_BLOCK_GRANULES ? g : RV_BLOCK_GRANULES;
    }
    g = (g | 63) + 1;
  }
  return RV_BLOCK_GRANULES;
}

static bool is_empty(const RvBlock *b) {
  return scan_bits(b, RV_BLOCK_FIRST, true) >= RV_BLOCK_GRANULES;
}

static void set_run(RvMachine *m, u8 *from, u8 *to) {
  m->bump = from;
  m->bump_end = m->run_end = to;
}

static void set_run_whole(RvMachine *m, RvBlock *b) {
  set_run(m, rv_block_granule(b, RV_BLOCK_FIRST),
          rv_block_granule(b, RV_BLOCK_GRANULES));
}

static size_t run_left(const RvMachine *m) {
  return (size_t)(m->run_end - m->bump);
}

/* The next free run, from the cursor on. No object fits one granule. */
static bool next_run(RvMachine *m) {
  while (m->cursor) {
    RvBlock *b = m->cursor;
    while (m->cursor_granule < RV_BLOCK_GRANULES) {
      u32 from = scan_bits(b, m->cursor_granule, false);
      u32 to = scan_bits(b, from, true);
      m->cursor_granule = to;
      if (to - from < 2) continue;
      set_run(m, rv_block_granule(b, from), rv_block_granule(b, to));
      return true;
    }
    m->cursor = b->next;
    m->cursor_granule = RV_BLOCK_FIRST;
  }
  return false;
}

static void *bump_take(RvMachine *m, size_t size) {
  u8 *p = m->bump;
  m->bump += size;
  return p;
}

static void *overflow_take(RvMachine *m, size_t size) {
  if ((size_t)(m->over_end - m->over_bump) < size) {
    RvBlock *b = block_take(m);
    if (!b) return NULL;
    m->over_bump = rv_block_granule(b, RV_BLOCK_FIRST);
    m->over_end = rv_block_granule(b, RV_BLOCK_GRANULES);
  }
  void *p = m->over_bump;
  m->over_bump += size;
  return p;
}

/* There are no runs left: the rest of the overflow run is as good as any. */
static bool adopt_overflow(RvMachine *m, size_t size) {
  if ((size_t)(m->over_end - m->over_bump) < size) return false;
  set_run(m, m->over_bump, m->over_end);
  m->over_bump = m->over_end = NULL;
  return true;
}

static void *small_take(RvMachine *m, size_t size) {
  for (size_t skipped = 0; run_left(m) < size;) {
    skipped += run_left(m);
    if (skipped > size) return overflow_take(m, size);
    if (next_run(m)) continue;
    if (!adopt_overflow(m, size)) {
      RvBlock *b = block_take(m);
      if (!b) return NULL;
      set_run_whole(m, b);
    }
  }
  return bump_take(m, size);
}

static void poison_free(RvBlock *b) {
#if RV_ASAN
  for (u32 g = RV_BLOCK_FIRST, to; g < RV_BLOCK_GRANULES; g = to) {
    g = scan_bits(b, g, false);
    to = scan_bits(b, g, true);
    poison_from(b, g, to);
  }
#else
  (void)b;
#endif
}

/* Blocks that stay spare: about what the program may fill until the next
   collection, which comes when as much again as is alive has been allocated. */
static void trim_spare(RvMachine *m) {
  u32 keep = m->nblocks + 4;
  while (m->nspare > keep) block_free(m, spare_pop(m));
}

static void sort_blocks(RvMachine *m) {
  for (RvBlock **link = &m->blocks; *link;) {
    RvBlock *b = *link;
    poison_free(b);
    if (!is_empty(b)) {
      link = &b->next;
      continue;
    }
    *link = b->next;
    m->nblocks--;
    b->next = m->spare;
    m->spare = b;
    m->nspare++;
  }
}

/* -- Large objects --------------------------------------------------------- */

static bool large_room(RvMachine *m) {
  if (m->nlarge < m->clarge) return true;
  u32 cap = m->clarge ? m->clarge * 2 : 16;
  RvLarge **p = rv_mem_realloc(m, m->large, m->clarge * sizeof *p,
                               cap * sizeof *p);
  if (!p) return false;
  m->large = p;
  m->clarge = cap;
  return true;
}

static void *large_take(RvMachine *m, size_t size) {
  if (size > MAX_SIZE || !large_room(m)) return NULL;
  RvLarge *l = host_realloc(m, NULL, 0, sizeof *l + size, 16);
  if (!l) return NULL;
  *l = (RvLarge){.size = size, .index = m->nlarge};
  m->large[m->nlarge++] = l;
  return l + 1;
}

static void large_free(RvMachine *m, RvLarge *l) {
  RvLarge *last = m->large[--m->nlarge];
  m->large[l->index] = last;
  last->index = l->index;
  host_realloc(m, l, sizeof *l + l->size, 0, 16);
}

static void sweep_large(RvMachine *m) {
  for (u32 i = 0; i < m->nlarge;) {
    if (m->large[i]->mark)
      i++;
    else
      large_free(m, m->large[i]);
  }
}

/* The block at p grows or shrinks where it is, or moves. */
static void *large_resize(RvMachine *m, void *p, size_t size) {
  RvLarge *l = rv_large_of(p);
  if (size > MAX_SIZE) return NULL;
  l = host_realloc(m, l, sizeof *l + l->size, sizeof *l + size, 16);
  if (!l) return NULL;
  l->size = size;
  m->large[l->index] = l;
  return l + 1;
}

/* -- Reuse ----------------------------------------------------------------- */

void rv_heap_reuse(RvMachine *m) {
  sweep_large(m);
  sort_blocks(m);
  trim_spare(m);
  set_run(m, NULL, NULL);
  m->over_bump = m->over_end = NULL;
  m->cursor = m->blocks;
  m->cursor_granule = RV_BLOCK_FIRST;
}

void rv_heap_release(RvMachine *m) {
  while (m->nspare) block_free(m, spare_pop(m));
}

/* -- Allocation ------------------------------------------------------------ */

static void *take(RvMachine *m, size_t size) {
  if (size > RV_SMALL_MAX) return large_take(m, size);
  void *p = small_take(m, size);
  if (p) RV_UNPOISON(p, size);
  return p;
}

/* Lets the budget reach `logical` bytes, and `extra` more if the limit allows,
   without a collection; false when that is beyond the limit. */
static bool raise_budget(RvMachine *m, u64 logical, u64 extra) {
  if (m->gc_left >= (i64)logical) return true;
  u64 used = rv_guest_bytes(m);
  if (logical > MAX_LOGICAL || used > m->guest_limit ||
      logical > m->guest_limit - used)
    return false;
  if (extra > m->guest_limit - used - logical)
    extra = m->guest_limit - used - logical;
  i64 more = (i64)(logical + extra) - m->gc_left;
  m->gc_budget += more;
  m->gc_left += more;
  return true;
}

/* Payments in time since the machine was made; units taken where nothing can
   stop are none. */
static u64 paid(const RvMachine *m) { return rv_fuel_used(m) - m->owed; }

/* Has the program collected often enough since its last payment? The debt must
   exceed DEBT times the limit: a product that could wrap. */
static bool is_in_debt(const RvMachine *m) {
  return m->gc_debt > 0 && (m->gc_debt - 1) / DEBT >= m->guest_limit &&
         m->gc_paid == paid(m);
}

/* A collection for want of budget. As a rule a heap is at most twice what was
   charged since the one before; what is beyond that was looked at for too
   little. */
static void collect(RvMachine *m) {
  u64 charged = (u64)(m->gc_budget - m->gc_left);
  rv_gc_full(m);
  if (m->gc_paid != paid(m)) m->gc_debt = 0;
  m->gc_paid = paid(m);
  if (m->mark_bytes > 2 * charged) m->gc_debt += m->mark_bytes - 2 * charged;
}

/* Collects until `logical` more bytes fit; false when they do not, or when that
   has been tried enough: frames that die one by one of this error must not
   collect each for itself, for no payment comes between. A program that
   stopped the collector gets its budget raised up to the limit. */
static bool ledger_room(RvMachine *m, u64 logical) {
  if (m->gc_left >= (i64)logical) return true;
  if (m->gc_stopped && raise_budget(m, logical, RV_GC_MIN_BUDGET)) return true;
  if (!is_in_debt(m)) collect(m);
  return raise_budget(m, logical, 0);
}

/* Bytes from one stress collection to the next. With stress 1 a small heap is
   collected at each allocation; a large one cannot be, the time would grow with
   the square of its size. */
static u64 stress_step(const RvMachine *m) {
  u64 used = rv_guest_bytes(m);
  if (m->stress > 1) return used / 16 + 4096;
  return used <= STRESS_ALWAYS ? 0 : used / 64;
}

/* The check comes first: it proves that the barrier kept the marks of the last
   collection true. It takes longer than a collection and so is made at a
   sixteenth of them. */
static void stress_point(RvMachine *m, size_t size) {
  if (m->stress_left > size) {
    m->stress_left -= size;
    return;
  }
  m->stress_left = stress_step(m);
  if (m->stress > 1 || m->stress_count++ % 16 == 0) rv_gc_check(m);
  rv_gc_physical(m);
}

/* Everything is done to find `size` bytes; what nobody can see goes first. A
   logical collection can be seen: that is the one event which differs between
   hosts, so it is counted. */
static void *scrape_together(RvMachine *m, size_t size, u64 logical) {
  rv_heap_evict(m);
  rv_gc_physical(m);
  rv_heap_release(m);
  void *p = take(m, size);
  if (p) return p;
  m->stats.host_events++;
  rv_gc_full(m);
  rv_heap_release(m);
  return raise_budget(m, logical, 0) ? take(m, size) : NULL;
}

/* The host is out of memory though the guest is within its limit. Frames that die
   of it in a row, without a payment between, do not collect each for itself, as
   in ledger_room. */
static void *take_hard(RvMachine *m, size_t size, u64 logical) {
  if (m->hard_paid != paid(m)) {
    m->hard_paid = paid(m);
    m->hard_fails = 0;
  }
  if (m->hard_fails >= HARD_FAILS) return NULL;
  void *p = scrape_together(m, size, logical);
  if (!p) m->hard_fails++;
  return p;
}

void *rv_heap_alloc_slow(RvMachine *m, size_t size, u64 logical) {
  RV_ASSERT(!m->gc_running, "%zu bytes asked for by the collector", size);
  size = rv_round_size(size);
  if (!ledger_room(m, logical)) {
    rv_err_memory(m->th);
    return NULL;
  }
  if (m->stress)
    stress_point(m, size);
  else if (RV_UNLIKELY(m->stats.host_bytes > m->host_goal))
    rv_gc_physical(m);
  m->bump_end = m->run_end;
  void *p = take(m, size);
  if (RV_UNLIKELY(!p) && !(p = take_hard(m, size, logical)))
    rv_err_memory(m->th);
  if (p) m->gc_left -= (i64)logical;
  /* Under stress the run looks empty, so that every allocation comes here. */
  if (m->stress) m->bump_end = m->bump;
  return p;
}

RvStatus rv_heap_charge_slow(RvMachine *m, u64 logical) {
  RV_ASSERT(!m->gc_running, "a charge by the collector");
  if (!ledger_room(m, logical)) return rv_err_memory(m->th);
  if (m->stress) stress_point(m, RV_GRANULE);
  m->gc_left -= (i64)logical;
  return RV_OK;
}

void *rv_heap_regrow(RvMachine *m, void *old, size_t osize, size_t nsize,
                     u64 logical) {
  if (nsize > MAX_SIZE) {
    rv_err_memory(m->th);
    return NULL;
  }
  size_t oround = rv_round_size(osize), nround = rv_round_size(nsize);
  if (old && oround > RV_SMALL_MAX && nround > RV_SMALL_MAX && !m->stress) {
    /* A large block may grow where it is; its owner keeps it alive, and no
       collection may come between, so the ledger goes first. */
    if (!ledger_room(m, logical)) {
      rv_err_memory(m->th);
      return NULL;
    }
    void *p = large_resize(m, old, nround);
    if (p) {
      m->gc_left -= (i64)logical;
      return p;
    }
  }
  u8 *p = rv_heap_alloc(m, nsize, logical);
  if (p && old) memcpy(p, old, osize < nsize ? osize : nsize);
  return p;
}

/* -- Beginning and end ----------------------------------------------------- */

void rv_heap_init(RvMachine *m) {
  if (!m->alloc) m->alloc = default_alloc;
  m->cursor_granule = RV_BLOCK_FIRST;
  m->host_goal = 2u << 20; /* until the first collection sets it */
}

void rv_heap_fini(RvMachine *m) {
  while (m->nlarge) large_free(m, m->large[m->nlarge - 1]);
  rv_mem_free(m, m->large, m->clarge * sizeof *m->large);
  for (RvBlock *b = m->blocks, *next; b; b = next) {
    next = b->next;
    block_free(m, b);
  }
  rv_heap_release(m);
  m->blocks = NULL;
}
