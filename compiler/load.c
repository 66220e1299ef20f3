/* SPDX-License-Identifier: MIT */
/* The compiler as the rest of Rove calls it. */
#include "compiler/compile.h"
#include "vm/host/library.h"
#include "vm/num.h"

bool rv_lua_compile(RvImage *img, const RvLuaText *t, char *error, size_t size,
                    bool *incomplete) {
  RvlDiag d;
  RvlAlloc alloc = {t->alloc, t->ud};
  RvlOptions o = {.alloc = t->alloc ? &alloc : NULL,
                  .chunk = t->chunk,
                  .chunk_len = t->chunk_len,
                  .program = t->program,
                  .strip = t->strip};
  bool good = rvl_compile(img, t->module, t->text, t->len, &o, &d);
  if (!good && size) rv_num_fmt(error, size, "%s", d.text);
  if (incomplete) *incomplete = !good && d.incomplete;
  return good;
}
