/* SPDX-License-Identifier: MIT */
/* Serial numbers of objects: a side table from object to number. */
#include "vm/heap_impl.h"

#include <string.h>

#include "vm/err.h"

#define SERIALS_MIN 64u

typedef struct RvSerial {
  RvHdr *h; /* NULL: free */
  u64 n;
} RvSerial;

static u32 serial_slot(const RvMachine *m, const RvHdr *h) {
  u32 mask = m->cserials - 1;
  u32 i = (u32)(((uintptr_t)h >> 3) * 0x9e3779b97f4a7c15ull >> 32) & mask;
  while (m->serials[i].h && m->serials[i].h != h) i = (i + 1) & mask;
  return i;
}

static bool serial_resize(RvMachine *m, u32 cap) {
  RvSerial *old = m->serials;
  u32 ocap = m->cserials;
  RvSerial *p = rv_mem_realloc(m, NULL, 0, cap * sizeof *p);
  if (!p) return false;
  memset(p, 0, cap * sizeof *p);
  m->serials = p;
  m->cserials = cap;
  for (u32 i = 0; i < ocap; i++)
    if (old[i].h) p[serial_slot(m, old[i].h)] = old[i];
  rv_mem_free(m, old, ocap * sizeof *old);
  return true;
}

u64 rv_serial_get(RvMachine *m, const RvHdr *h) {
  return h->gc & RV_GC_SERIAL ? m->serials[serial_slot(m, h)].n : 0;
}

u64 rv_serial(RvMachine *m, RvHdr *h) {
  if (h->gc & RV_GC_SERIAL) return rv_serial_get(m, h);
  if (m->nserials * 2 >= m->cserials &&
      !serial_resize(m, m->cserials ? m->cserials * 2 : SERIALS_MIN)) {
    rv_err_memory(m->th);
    return 0;
  }
  u32 i = serial_slot(m, h);
  m->serials[i] = (RvSerial){h, ++m->next_serial};
  m->nserials++;
  h->gc |= RV_GC_SERIAL;
  return m->next_serial;
}

/* Takes entry i out. Those behind it in its probe run are put back one by one;
   none lands before the hole. */
static void serial_remove(RvMachine *m, u32 i) {
  u32 mask = m->cserials - 1;
  m->serials[i].h = NULL;
  m->nserials--;
  for (;;) {
    i = (i + 1) & mask;
    RvSerial e = m->serials[i];
    if (!e.h) return;
    m->serials[i].h = NULL;
    m->serials[serial_slot(m, e.h)] = e;
  }
}

/* Forgets the dead, in place: it needs no memory. */
void rv_serial_sweep(RvMachine *m) {
  for (u32 i = 0; i < m->cserials; i++)
    while (m->serials[i].h && !rv_gc_object_marked(m->serials[i].h))
      serial_remove(m, i);
  if (m->cserials > SERIALS_MIN && m->nserials < m->cserials / 8)
    serial_resize(m, m->cserials / 2); /* or it stays large */
}

void rv_serial_fini(RvMachine *m) {
  rv_mem_free(m, m->serials, m->cserials * sizeof *m->serials);
}
