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

   A request that does not fit the current run, but is not small, is served
   from a fresh `overflow` block, so that the rest of the run is not wasted
   (Blackburn & McKinley, "Immix", PLDI 2008, section 3.2).

   Objects above RV_SMALL_MAX have memory of their own behind an RvLarge. */
#include "vm/heap.h"

#include <stdlib.h>
#include <string.h>

#include "vm/err.h"
#include "vm/heap_impl.h"

#if RV_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) __asan_poison_memory_region(p, n)
#define UNPOISON(p, n) __asan_unpoison_memory_region(p, n)
#else
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#endif

/* -- Host memory ------------------------------------------------------------ */

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

/* -- Blocks -------------------------------------------------------------------- */

static RvBlock *block_new(RvMachine *m) {
  RvBlock *b = host_realloc(m, NULL, 0, RV_BLOCK_BYTES, RV_BLOCK_ALIGN);
  if (!b) return NULL;
  memset(b, 0, sizeof *b);
  b->next = NULL;
  if (m->last_block)
    m->last_block->next = b;
  else
    m->blocks = b;
  m->last_block = b;
  m->nblocks++;
  POISON(rv_block_granule(b, RV_BLOCK_FIRST),
         (RV_BLOCK_GRANULES - RV_BLOCK_FIRST) * RV_GRANULE);
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

/* Leaves what is left of the current run unused. */
static void retire_run(RvMachine *m) {
  m->bump = m->bump_end = m->run_end = NULL;
}

static void set_run(RvMachine *m, u8 *from, u8 *to) {
  m->bump = from;
  m->bump_end = m->run_end = to;
}

/* The next free run of at least `need` granules, from the cursor on. */
static bool next_run(RvMachine *m, u32 need) {
  while (m->cursor) {
    RvBlock *b = m->cursor;
    while (m->cursor_granule < RV_BLOCK_GRANULES) {
      u32 from = scan_bits(b, m->cursor_granule, false);
      if (from >= RV_BLOCK_GRANULES) break;
      u32 to = scan_bits(b, from, true);
      m->cursor_granule = to;
      if (to - from >= need) {
        set_run(m, rv_block_granule(b, from), rv_block_granule(b, to));
        return true;
      }
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

/* Medium requests that do not fit the current run. */
static void *overflow_take(RvMachine *m, size_t size) {
  if ((size_t)(m->over_end - m->over_bump) < size) {
    RvBlock *b = block_new(m);
    if (!b) return NULL;
    /* The cursor must not hand this block out a second time. */
    b->overflow = true;
    m->over_bump = rv_block_granule(b, RV_BLOCK_FIRST);
    m->over_end = rv_block_granule(b, RV_BLOCK_GRANULES);
  }
  void *p = m->over_bump;
  m->over_bump += size;
  return p;
}

static void *small_take(RvMachine *m, size_t size) {
  if ((size_t)(m->bump_end - m->bump) >= size) return bump_take(m, size);
  if (size > RV_OVERFLOW_MIN && m->bump_end - m->bump >= RV_RUN_KEEP)
    return overflow_take(m, size);
  retire_run(m);
  /* Blocks taken whole since the last marking have no free run. */
  while (next_run(m, (u32)(size / RV_GRANULE))) {
    RvBlock *b = rv_block_of(m->bump);
    if (!b->overflow) return bump_take(m, size);
    m->cursor = b->next;
    m->cursor_granule = RV_BLOCK_FIRST;
    retire_run(m);
  }
  RvBlock *b = block_new(m);
  if (!b) return NULL;
  b->overflow = true; /* handed out whole: the cursor must not come here */
  set_run(m, rv_block_granule(b, RV_BLOCK_FIRST),
          rv_block_granule(b, RV_BLOCK_GRANULES));
  return bump_take(m, size);
}

void rv_heap_restart(RvMachine *m) {
  retire_run(m);
  m->over_bump = m->over_end = NULL;
  m->cursor = m->blocks;
  m->cursor_granule = RV_BLOCK_FIRST;
  for (RvBlock *b = m->blocks; b; b = b->next) {
    b->overflow = false;
#if RV_ASAN
    for (u32 g = RV_BLOCK_FIRST, to; g < RV_BLOCK_GRANULES; g = to) {
      g = scan_bits(b, g, false);
      to = scan_bits(b, g, true);
      POISON(rv_block_granule(b, g), (to - g) * RV_GRANULE);
    }
#endif
  }
}

/* Gives blocks without any live granule back to the host, but for one. */
void rv_heap_trim(RvMachine *m) {
  RvBlock **link = &m->blocks, *last = NULL;
  u32 kept_free = 0, keep = 1 + m->nblocks / 4;
  while (*link) {
    RvBlock *b = *link;
    if (scan_bits(b, RV_BLOCK_FIRST, true) >= RV_BLOCK_GRANULES &&
        ++kept_free > keep) {
      *link = b->next;
      m->nblocks--;
      UNPOISON(b, RV_BLOCK_BYTES);
      host_realloc(m, b, RV_BLOCK_BYTES, 0, RV_BLOCK_ALIGN);
      continue;
    }
    last = b;
    link = &b->next;
  }
  m->last_block = last;
}

/* -- Large objects -------------------------------------------------------------- */

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
  if (size > SIZE_MAX / 2 || !large_room(m)) return NULL;
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

void rv_heap_sweep_large(RvMachine *m) {
  for (u32 i = 0; i < m->nlarge;) {
    if (m->large[i]->mark)
      i++;
    else
      large_free(m, m->large[i]);
  }
}

/* -- Allocation ------------------------------------------------------------------ */

static void *take(RvMachine *m, size_t size) {
  void *p = size <= RV_SMALL_MAX ? small_take(m, size) : large_take(m, size);
  if (p && size <= RV_SMALL_MAX) UNPOISON(p, size);
  return p;
}

/* Collects until `logical` more bytes fit; false when they do not. */
static bool ledger_room(RvMachine *m, u64 logical) {
  if (m->gc_left >= (i64)logical) return true;
  if (m->gc_running) { /* the collector itself never pays */
    return true;
  }
  rv_gc_full(m);
  if (m->gc_left >= (i64)logical) return true;
  /* A request beyond the budget, within the limit: the budget grows. */
  u64 used = rv_guest_bytes(m);
  if (logical > (u64)INT64_MAX / 2 || used > m->guest_limit ||
      logical > m->guest_limit - used)
    return false;
  i64 more = (i64)logical - m->gc_left;
  m->gc_budget += more;
  m->gc_left += more;
  return true;
}

static void stress_point(RvMachine *m, size_t size) {
  if (!m->stress || m->gc_running) return;
  if (m->stress_left > size && m->stress > 1) {
    m->stress_left -= size;
    return;
  }
  rv_gc_physical(m);
  rv_gc_check(m);
  m->stress_left = m->guest_live / 16 + 4096;
}

void *rv_heap_alloc_slow(RvMachine *m, size_t size, u64 logical) {
  size = (size + 7) & ~(size_t)7;
  if (!ledger_room(m, logical)) {
    rv_err_memory(m->th);
    return NULL;
  }
  stress_point(m, size);
  m->bump_end = m->run_end;
  void *p = take(m, size);
  if (RV_UNLIKELY(!p)) {
    /* The host is out of memory though the guest is within its limit: the one
       event that differs between hosts, so it is counted. */
    m->stats.host_events++;
    if (!m->gc_running) {
      rv_heap_evict(m);
      rv_gc_full(m);
      p = take(m, size);
    }
    if (!p) {
      rv_err_memory(m->th);
      return NULL;
    }
  }
  m->gc_left -= (i64)logical;
  /* Under stress the run looks empty, so that every allocation comes here. */
  if (m->stress) m->bump_end = m->bump;
  return p;
}

RvStatus rv_heap_charge_slow(RvMachine *m, u64 logical) {
  if (!ledger_room(m, logical)) return rv_err_memory(m->th);
  m->gc_left -= (i64)logical;
  return RV_OK;
}

void *rv_heap_regrow(RvMachine *m, void *old, size_t osize, size_t nsize,
                     u64 logical) {
  size_t oround = (osize + 7) & ~(size_t)7, nround = (nsize + 7) & ~(size_t)7;
  if (old && oround > RV_SMALL_MAX && nround > RV_SMALL_MAX && !m->stress) {
    /* A large block may grow where it is; its owner keeps it alive, and no
       collection may come between, so the ledger goes first. */
    if (!ledger_room(m, logical)) {
      rv_err_memory(m->th);
      return NULL;
    }
    RvLarge *l = (RvLarge *)old - 1;
    RvLarge *n = host_realloc(m, l, sizeof *l + l->size, sizeof *l + nround, 16);
    if (n) {
      n->size = nround;
      m->large[n->index] = n;
      m->gc_left -= (i64)logical;
      return n + 1;
    }
  }
  u8 *p = rv_heap_alloc(m, nsize, logical);
  if (p && old) memcpy(p, old, osize < nsize ? osize : nsize);
  return p;
}

/* -- Beginning and end ------------------------------------------------------------- */

void rv_heap_init(RvMachine *m) {
  if (!m->alloc) m->alloc = default_alloc;
  m->cursor_granule = RV_BLOCK_FIRST;
}

void rv_heap_fini(RvMachine *m) {
  while (m->nlarge) large_free(m, m->large[m->nlarge - 1]);
  rv_mem_free(m, m->large, m->clarge * sizeof *m->large);
  for (RvBlock *b = m->blocks, *next; b; b = next) {
    next = b->next;
    UNPOISON(b, RV_BLOCK_BYTES);
    host_realloc(m, b, RV_BLOCK_BYTES, 0, RV_BLOCK_ALIGN);
  }
  m->blocks = m->last_block = NULL;
}
