/* SPDX-License-Identifier: MIT */
/* Memory of one run of assembler or disassembler: an arena, arrays, maps.

   Memory runs out only once: from then on `nomem` is set, small nodes come from
   `scrap` so that builders need not check, and nothing that was built is looked
   at again. */
#ifndef RV_ASSEMBLER_MEM_H
#define RV_ASSEMBLER_MEM_H

#include "vm/conf.h"

typedef struct RvaBlock RvaBlock;

typedef struct RvaMem {
  RvaBlock *blocks;
  bool nomem;
  _Alignas(16) char scrap[512];
} RvaMem;

/* Zeroed memory. The first never gives NULL, for n up to sizeof scrap. */
void *rva_alloc(RvaMem *m, size_t n);
void *rva_alloc_array(RvaMem *m, size_t n, size_t size);
/* Makes room for one more element in *array, of n; false without memory. */
bool rva_grow(RvaMem *m, void *array, u32 *cap, u32 n, size_t size);
void rva_free_all(RvaMem *m);

/* Tests only: how many allocations from now on succeed before one fails, -1 for
   all. Process-wide, so it exists in builds with RV_CHECK alone. */
#ifdef RV_CHECK
extern i64 rva_fail_at;
#endif

#define RVA_NONE UINT32_MAX

/* Maps byte strings to numbers. */
typedef struct RvaMapEntry {
  const char *p; /* NULL: free */
  u32 len, hash, value;
} RvaMapEntry;

typedef struct RvaMap {
  RvaMapEntry *slots;
  u32 mask, n; /* mask + 1 slots, or none when slots is NULL */
} RvaMap;

/* Value of the key, or RVA_NONE. */
u32 rva_map_get(const RvaMap *map, const char *p, size_t len);
/* Value of the key, which becomes `value` when it was not there (p must last).
   RVA_NONE without memory. */
u32 rva_map_put(RvaMem *m, RvaMap *map, const char *p, size_t len, u32 value);

#endif
