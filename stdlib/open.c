/* SPDX-License-Identifier: MIT */
/* Opening the library in a machine. */
#include "stdlib/lib.h"
#include "vm/host/library.h"

bool rv_library_wanted(const RvImage *img) {
  size_t n = strlen(RV_LIBRARY_IMPORT);
  for (u32 i = 0; i < img->nimports; i++) {
    const RvImport *im = &img->imports[i];
    const RvImgStr *s = &img->strs[im->name];
    if (im->kind == RV_IMPORT_BUILTIN && s->len == n &&
        memcmp(s->p, RV_LIBRARY_IMPORT, n) == 0)
      return true;
  }
  return false;
}

/* Runs one module to its end; requests from outside wait until after it. */
static RvStatus run_module(RvMachine *m, const char *name) {
  RvThread *th = m->main;
  u32 nres, asked = 0;
  m->th = th;
  th->fi = 0;
  th->frames[0].top = 0;
  RvClosure *cl = rv_load_image(m, (RvImage *)&rv_library_image, name);
  if (!cl) return RV_ERROR;
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_obj(cl, RV_CLOSURE));
  RvStatus st = rv_stack_ensure(th, 1);
  rv_root_close(m, mark);
  if (st) return st;
  rv_slot_set(th, 0, rv_obj(cl, RV_CLOSURE));
  th->frames[0].top = 1;
  RvRunResult r = rv_run_start(m, 0, 0, &nres);
  while (r == RV_RUN_INTERRUPTED || r == RV_RUN_TIMEOUT) {
    asked |= r == RV_RUN_TIMEOUT ? RV_REQ_TIMEOUT : RV_REQ_INTERRUPT;
    r = rv_run_resume(m, &nres);
  }
  if (asked) rv_machine_request(m, asked);
  return r == RV_RUN_DONE ? RV_OK : RV_ERROR;
}

RvStatus rv_library_open(RvMachine *m) {
  const RvImage *img = &rv_library_image;
  bool limited = m->fuel_limited;
  i64 left = m->fuel_left;
  RvStatus st = RV_OK;
  if (m->library_open) return RV_OK;
  m->fuel_limited = false;
  m->fuel_left = -1;
  for (u32 i = 0; i < img->nmodules && st == RV_OK; i++)
    st = run_module(m, img->strs[img->modules[i].name].p);
  m->fuel_limited = limited;
  m->fuel_left = left;
  rv_request_safepoint(m); /* the slice under way was free */
  m->library_open = st == RV_OK;
  return st;
}
