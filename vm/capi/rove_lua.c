/* SPDX-License-Identifier: MIT */
/* Values that the command line puts into a machine for Lua programs. */
#include "vm/capi/rove_api.h"

#include "vm/host/library.h"
#include "vm/call.h"
#include "vm/str.h"
#include "vm/table.h"

/* Sets a global variable; raises nothing but the memory error. */
static RvStatus set_global(RvMachine *m, const char *name, size_t len,
                           RvValue v) {
  u32 mark = rv_root_open(m);
  rv_root_push(m, v);
  RvString *key = rv_str_new(m, name, len);
  RvStatus st = RV_ERROR;
  if (key) {
    rv_root_push(m, rv_strv(key));
    st = rv_table_set_str(m, m->globals, key, v);
  }
  rv_root_close(m, mark);
  return st;
}

static RvStatus fill(RvMachine *m, RvTable *t, int argc, char **argv,
                     int script) {
  for (int i = 0; i < argc; i++) {
    RvString *s = rv_str_newz(m, argv[i]);
    if (!s) return RV_ERROR;
    u32 mark = rv_root_open(m);
    rv_root_push(m, rv_strv(s));
    RvStatus st = rv_table_set_int(m, t, i - script, rv_strv(s));
    rv_root_close(m, mark);
    if (st) return st;
  }
  return RV_OK;
}

RoveStatus rv_api_set_arg(RoveMachine *rm, int argc, char **argv, int script) {
  RvMachine *m = rv_api_machine(rm);
  m->th = m->main;
  RvTable *t = rv_table_new(m, argc > script ? (u32)(argc - script) : 0, 0);
  if (!t) return rv_api_failed(rm);
  u32 mark = rv_root_open(m);
  rv_root_push(m, rv_obj(t, RV_TABLE));
  RvStatus st = fill(m, t, argc, argv, script);
  if (st == RV_OK) st = set_global(m, "arg", 3, rv_obj(t, RV_TABLE));
  rv_root_close(m, mark);
  return st ? rv_api_failed(rm) : ROVE_OK;
}

RoveStatus rv_api_set_noenv(RoveMachine *rm) {
  RvMachine *m = rv_api_machine(rm);
  m->th = m->main;
  return rv_library_set_noenv(m) ? rv_api_failed(rm) : ROVE_OK;
}

RoveStatus rv_api_store_result(RoveMachine *rm, const char *name, size_t len) {
  RvMachine *m = rv_api_machine(rm);
  RvValue v = rove_results(rm) ? rv_slot(m->main, 0) : rv_nil();
  return set_global(m, name, len, v) ? rv_api_failed(rm) : ROVE_OK;
}
