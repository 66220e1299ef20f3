/* SPDX-License-Identifier: MIT */
/* rove.h over the internals: machines, images, running, statistics. */
#include "vm/capi/rove_api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "vm/host/builtin.h"
#include "vm/host/device.h"
#include "vm/host/library.h"
#include "vm/host/stream.h"
#include "vm/meta.h"
#include "vm/table.h"
#include "vm/verify.h"

/* Values of RvHost.kept. */
enum { KEPT_MAIN, KEPT_MODULE, KEPT_TRACE, KEPT_ERROR };

#define MAX_ARGS 1000000

struct RoveMachine {
  RvMachine *m;
  RoveAlloc alloc;
  void *alloc_ud;
  u32 nres; /* results lie in slots 0 .. nres-1 of the main thread */
  bool failed; /* the last run ended with an error: its frames still stand */
  const char *text; /* of the error: `error`, or a longer string's bytes */
  char error[512];
};

RvMachine *rv_api_machine(const RoveMachine *m) { return m->m; }

static RoveStatus failed(RoveMachine *rm, RvValue err);

RoveStatus rv_api_failed(RoveMachine *rm) {
  return failed(rm, rm->m->th->err);
}

static RvValue *kept(RoveMachine *rm, int i) { return &rm->m->host->kept[i]; }

/* -- Machines -------------------------------------------------------------- */
static void *own_alloc(const RoveConfig *c, size_t size) {
  if (c->alloc) return c->alloc(c->alloc_ud, NULL, 0, size, 16);
  return malloc(size);
}

RoveMachine *rove_machine_new(const RoveConfig *config) {
  static const RoveConfig none;
  const RoveConfig *c = config ? config : &none;
  RoveMachine *rm = own_alloc(c, sizeof *rm);
  if (rm == NULL) return NULL;
  memset(rm, 0, sizeof *rm);
  rm->alloc = c->alloc;
  rm->alloc_ud = c->alloc_ud;
  rm->text = rm->error;
  RvConfig rc = {.alloc = c->alloc,
                 .alloc_ud = c->alloc_ud,
                 .mem = c->memory,
                 .host = c->host_memory,
                 .fuel = c->fuel,
                 .fuel_limited = c->fuel != 0,
                 .stack = c->stack,
                 .depth = c->depth};
  rm->m = rv_machine_new(&rc);
  if (rm->m == NULL) {
    rove_machine_free(rm);
    return NULL;
  }
  if (c->handles) rm->m->host->max_handles = c->handles;
  return rm;
}

void rove_machine_free(RoveMachine *rm) {
  if (rm == NULL) return;
  if (rm->m) rv_machine_free(rm->m);
  if (rm->alloc)
    rm->alloc(rm->alloc_ud, rm, sizeof *rm, 0, 16);
  else
    free(rm);
}

const char *rove_error(const RoveMachine *rm) { return rm->text; }

/* The bytes of s with a terminator behind them, kept in place i; NULL when
   memory is out. */
static const char *keep_text(RoveMachine *rm, int i, RvString *s) {
  *kept(rm, i) = rv_strv(s);
  if (s->h.flags & RV_STR_VIEW) {
    s = rv_str_new(rm->m, rv_str_data(s), s->len);
    if (s == NULL) return NULL;
    *kept(rm, i) = rv_strv(s);
  }
  return s->bytes;
}

const char *rove_traceback(RoveMachine *rm) {
  RvMachine *m = rm->m;
  if (!rm->failed) return "";
  RvString *s = m->trace ? m->trace : rv_err_traceback(m->main, m->main, 0);
  const char *text = s ? keep_text(rm, KEPT_TRACE, s) : NULL;
  return text ? text : "";
}

/* -- Policy ---------------------------------------------------------------- */
bool rove_allow(RoveMachine *rm, const char *right) {
  return rv_policy_set(rm->m, true, right, rm->error, sizeof rm->error);
}

bool rove_deny(RoveMachine *rm, const char *right) {
  return rv_policy_set(rm->m, false, right, rm->error, sizeof rm->error);
}

void rove_set_args(RoveMachine *rm, int argc, char **argv) {
  rv_host_set_args(rm->m, argc, argv);
}

bool rove_missing(RoveMachine *rm, RoveImage *image, char *text,
                  size_t size) {
  return rv_policy_missing(rm->m, image, text, size);
}

/* -- Images ---------------------------------------------------------------- */
static RoveImage *refuse(char *error, size_t size, const RvDiag *d) {
  if (error && size) snprintf(error, size, "%s", d->text);
  return NULL;
}

bool rv_api_verify(RvImage *img, char *error, size_t size) {
  RvDiag d;
  memset(&d, 0, sizeof d);
  return rv_verify_image(img, &d) || refuse(error, size, &d) != NULL;
}

RoveImage *rove_image_load(const void *bytes, size_t size, char *error,
                           size_t error_size) {
  RvDiag d;
  memset(&d, 0, sizeof d);
  RvImage *img = rv_image_read(bytes, size, &d);
  if (img == NULL) return refuse(error, error_size, &d);
  if (!rv_verify_image(img, &d)) {
    rv_image_unref(img);
    return refuse(error, error_size, &d);
  }
  return img;
}

u8 *rv_api_read_file(const char *path, size_t *size) {
  FILE *f = fopen(path, "rb");
  if (f == NULL) return NULL;
  u8 *p = NULL;
  size_t n = 0, cap = 0;
  for (;;) {
    if (n == cap) {
      cap = cap ? 2 * cap : 65536;
      u8 *q = realloc(p, cap);
      if (q == NULL) {
        errno = ENOMEM;
        break;
      }
      p = q;
    }
    errno = 0;
    size_t k = fread(p + n, 1, cap - n, f);
    n += k;
    if (k > 0) continue;
    if (ferror(f)) {
      if (errno == 0) errno = EIO;
      break;
    }
    fclose(f);
    *size = n;
    return p;
  }
  int kept_errno = errno;
  free(p);
  fclose(f);
  errno = kept_errno;
  return NULL;
}

RoveImage *rove_image_open(const char *path, char *error, size_t error_size) {
  size_t size;
  u8 *bytes = rv_api_read_file(path, &size);
  if (bytes == NULL) {
    int code = errno;
    if (error && error_size)
      snprintf(error, error_size, "%s: %s", path, strerror(code));
    errno = code;
    return NULL;
  }
  RoveImage *img = rove_image_load(bytes, size, error, error_size);
  free(bytes);
  errno = 0;
  return img;
}

RoveImage *rove_compile(const char *text, size_t len, const char *name,
                        char *error, size_t error_size) {
  RvImage *img = rv_image_new();
  RvLuaText t = {.text = text,
                 .len = len,
                 .chunk = name,
                 .chunk_len = strlen(name),
                 .module = "main",
                 .program = true};
  RvDiag d;
  memset(&d, 0, sizeof d);
  if (img && !rv_lua_compile(img, &t, error, error_size, NULL)) {
    rv_image_unref(img);
    return NULL;
  }
  if (img) img->entry = 1;
  if (img && rv_verify_image(img, &d)) return img;
  rv_image_unref(img);
  if (!img) snprintf(d.text, sizeof d.text, "not enough memory");
  return refuse(error, error_size, &d);
}

void rove_image_free(RoveImage *image) {
  if (image) rv_image_unref(image);
}

size_t rove_image_modules(const RoveImage *image) { return image->nmodules; }

const char *rove_image_module(const RoveImage *image, size_t i) {
  return i < image->nmodules ? image->strs[image->modules[i].name].p : NULL;
}

/* -- How a run ended ------------------------------------------------------- */
static RoveStatus say(RoveMachine *rm, RoveStatus st, const char *text) {
  rm->text = rm->error;
  snprintf(rm->error, sizeof rm->error, "%s", text);
  return st;
}

static bool ends_with(const char *s, const char *tail) {
  size_t n = strlen(s), k = strlen(tail);
  return n >= k && memcmp(s + n - k, tail, k) == 0;
}

/* An error nobody caught: its text, and whether a limit is behind it. */
static RoveStatus failed(RoveMachine *rm, RvValue err) {
  RvMachine *m = rm->m;
  rm->text = rm->error;
  rv_err_text(m, err, rm->error, sizeof rm->error);
  if (err.t != RV_STR) return ROVE_ERROR;
  if (RV_AS(RvString, err)->len >= sizeof rm->error) {
    const char *whole = keep_text(rm, KEPT_ERROR, RV_AS(RvString, err));
    if (whole) rm->text = whole;
  }
  if (rv_str_eq(RV_AS(RvString, err), m->msg_memory)) return ROVE_ERROR_MEMORY;
  RvFault f = rv_host_fault(m, err);
  if (f == RV_FAULT_HANDLES) return ROVE_ERROR_HANDLES;
  if (f == RV_FAULT_DENIED) return ROVE_ERROR_DENIED;
  if (ends_with(rm->error, "stack overflow")) return ROVE_ERROR_STACK;
  return ROVE_ERROR;
}

/* Results as the host will see them: strings flat, with a terminator. */
static bool flatten(RoveMachine *rm) {
  RvThread *th = rm->m->main;
  for (u32 i = 0; i < rm->nres; i++) {
    RvValue v = rv_slot(th, i);
    if (v.t != RV_STR) continue;
    RvString *s = RV_AS(RvString, v);
    if (!(s->h.flags & RV_STR_VIEW)) continue;
    RvString *flat = rv_str_new(rm->m, rv_str_data(s), s->len);
    if (flat == NULL) return false;
    rv_slot_set(th, i, rv_strv(flat));
  }
  return true;
}

/* Where the running thread stands: its lines, or function and instruction. */
static void place(RvThread *th, char *out, size_t size) {
  for (u32 i = th->fi; i > 0; i--) {
    if (rv_err_where(th, i, out, size) > 0) return;
    const RvFrame *fr = &th->frames[i];
    if (fr->kind > RV_FRAME_EVENT) continue;
    const RvProto *p = ((const RvClosure *)fr->fn)->proto;
    snprintf(out, size, "function %.100s, instruction %u: ",
             p->use->img->strs[p->f->name].p, fr->pc);
    return;
  }
  out[0] = '\0';
}

static RoveStatus stopped(RoveMachine *rm, RoveStatus st, const char *what) {
  char where[200];
  rm->text = rm->error;
  place(rm->m->th, where, sizeof where);
  snprintf(rm->error, sizeof rm->error, "%s%s", where, what);
  return st;
}

/* The program is done, but not all of its output got out. */
static RoveStatus unwritten(RoveMachine *rm, RoveStatus st) {
  const RvHost *h = rm->m->host;
  rm->text = rm->error;
  snprintf(rm->error, sizeof rm->error, "%s: %s",
           h->flush_console ? "standard output" : "output to a file",
           strerror(h->flush_error));
  return st;
}

static RoveStatus ended(RoveMachine *rm, RvRunResult r, u32 nres) {
  RvMachine *m = rm->m;
  /* Who asked it to stop is not kept waiting for a slow reader: what is kept
     back stays so. */
  bool wait = r != RV_RUN_INTERRUPTED && r != RV_RUN_TIMEOUT;
  bool written = rv_host_flush(m, wait);
  rm->nres = 0;
  rm->failed = false;
  rm->text = rm->error;
  switch (r) {
  case RV_RUN_DONE:
    rm->nres = nres;
    if (!flatten(rm)) return failed(rm, m->th->err);
    if (nres > 0 && m->main->tag[0] == RV_TABLE)
      *kept(rm, KEPT_MODULE) = rv_slot(m->main, 0);
    if (!written) return unwritten(rm, ROVE_ERROR);
    return say(rm, ROVE_OK, "");
  case RV_RUN_ERROR:
    rm->failed = true;
    return failed(rm, m->main->err);
  case RV_RUN_YIELDED:
    return say(rm, ROVE_ERROR, "the main function yielded");
  case RV_RUN_FUEL: return stopped(rm, ROVE_FUEL, "out of fuel");
  case RV_RUN_INTERRUPTED:
    return stopped(rm, ROVE_INTERRUPTED, "interrupted");
  case RV_RUN_TIMEOUT: return stopped(rm, ROVE_TIMEOUT, "time is over");
  case RV_RUN_KILLED: break;
  }
  if (m->host->exited)
    return written ? say(rm, ROVE_EXITED, "") : unwritten(rm, ROVE_EXITED);
  return say(rm, ROVE_KILLED, m->why[0] ? m->why : "killed");
}

/* -- Running --------------------------------------------------------------- */
static bool value_in(RvMachine *m, const RoveValue *a, RvValue *out) {
  RvString *s;
  switch (a->type) {
  case ROVE_BOOL: *out = rv_bool(a->u.b); return true;
  case ROVE_INT: *out = rv_int(a->u.i); return true;
  case ROVE_FLOAT: *out = rv_flt(a->u.f); return true;
  case ROVE_POINTER: *out = rv_value(RV_PAY(a->u.p), RV_PTR); return true;
  case ROVE_STRING:
    s = rv_str_new(m, a->u.s, a->len);
    if (s == NULL) return false;
    *out = rv_strv(s);
    return true;
  default: *out = rv_nil(); return true;
  }
}

/* Readies the main thread for f with nargs arguments, from slot 0 on. */
static RvStatus prepare(RoveMachine *rm, RvValue f, size_t nargs) {
  RvMachine *m = rm->m;
  RvThread *th = m->main;
  rm->nres = 0;
  rm->failed = false;
  m->th = th;
  th->fi = 0;
  th->frames[0].top = 0;
  u32 mark = rv_root_open(m);
  rv_root_push(m, f);
  RvStatus st = rv_stack_ensure(th, (u32)nargs + 2);
  rv_root_close(m, mark);
  if (st) return st;
  rv_slot_set(th, 0, f);
  th->frames[0].top = 1;
  return RV_OK;
}

/* Runs what prepare has put there. */
static RoveStatus go(RoveMachine *rm, size_t nargs) {
  u32 nres = 0;
  rv_host_restart(rm->m);
  RvRunResult r = rv_run_start(rm->m, 0, (u32)nargs, &nres);
  return ended(rm, r, nres);
}

static RoveStatus start(RoveMachine *rm, RvValue f, const RoveValue *args,
                        size_t nargs) {
  RvThread *th = rm->m->main;
  rm->m->trace = NULL;
  if (prepare(rm, f, nargs)) return failed(rm, th->err);
  for (size_t i = 0; i < nargs; i++) {
    RvValue v;
    if (!value_in(rm->m, &args[i], &v)) return failed(rm, th->err);
    rv_slot_set(th, (u32)i + 1, v);
    th->frames[0].top++;
  }
  return go(rm, nargs);
}

/* NULL when a run may begin. */
static const char *why_not(const RoveMachine *rm, size_t nargs) {
  if (rm->m->killed) return "the machine has ended";
  if (rm->m->running) return "a program is still under way";
  return nargs > MAX_ARGS ? "too many arguments" : NULL;
}

RoveStatus rove_load(RoveMachine *rm, RoveImage *image, const char *module) {
  RvMachine *m = rm->m;
  const char *why = why_not(rm, 0);
  if (why) return say(rm, ROVE_ERROR, why);
  RvDiag d;
  memset(&d, 0, sizeof d);
  if (!image->verified && !rv_verify_image(image, &d))
    return say(rm, ROVE_ERROR, d.text);
  m->th = m->main;
  if (rv_library_wanted(image) && rv_library_open(m))
    return failed(rm, m->main->err);
  m->th = m->main;
  RvClosure *cl = rv_load_image(m, image, module);
  if (cl == NULL) return failed(rm, m->th->err);
  *kept(rm, KEPT_MAIN) = rv_obj(cl, RV_CLOSURE);
  if (m->library_open && rv_library_add_image(m, cl))
    return failed(rm, m->th->err);
  *kept(rm, KEPT_MODULE) = rv_nil();
  return say(rm, ROVE_OK, "");
}

RoveStatus rove_open_library(RoveMachine *rm) {
  const char *why = why_not(rm, 0);
  if (why) return say(rm, ROVE_ERROR, why);
  rm->m->th = rm->m->main;
  if (rv_library_open(rm->m)) return failed(rm, rm->m->main->err);
  return say(rm, ROVE_OK, "");
}

RoveStatus rove_run(RoveMachine *rm, const RoveValue *args, size_t nargs) {
  const char *why = why_not(rm, nargs);
  if (why) return say(rm, ROVE_ERROR, why);
  RvValue f = *kept(rm, KEPT_MAIN);
  if (f.t == RV_NIL) return say(rm, ROVE_ERROR, "no image is loaded");
  return start(rm, f, args, nargs);
}

RoveStatus rove_finish(RoveMachine *rm) {
  static const char name[] = "lua.finish";
  RvMachine *m = rm->m;
  if (!m->library_open || m->nfin + m->ntofin == 0) return say(rm, ROVE_OK, "");
  const char *why = why_not(rm, 0);
  if (why) return say(rm, ROVE_ERROR, why);
  RvNative *f = rv_native_of(m, rv_builtin_find(name, sizeof name - 1, 1));
  if (f == NULL) return failed(rm, m->th->err);
  return start(rm, rv_obj(f, RV_NATIVE), NULL, 0);
}

/* Puts f below the results of the last run, which become its arguments. */
static RvStatus prepare_results(RoveMachine *rm, RvValue f) {
  RvThread *th = rm->m->main;
  u32 n = rm->nres, mark = rv_root_open(rm->m);
  rm->m->th = th;
  rv_root_push(rm->m, f);
  RvStatus st = rv_stack_ensure(th, n + 2);
  rv_root_close(rm->m, mark);
  if (st) return st;
  for (u32 i = n; i > 0; i--) rv_slot_set(th, i, rv_slot(th, i - 1));
  rv_slot_set(th, 0, f);
  th->frames[0].top = n + 1;
  rm->nres = 0;
  return RV_OK;
}

RoveStatus rv_api_call(RoveMachine *rm, RvValue f, const RvValue *arg) {
  RvThread *th = rm->m->main;
  const char *why = why_not(rm, 0);
  u32 nargs = arg ? 1 : rm->nres;
  if (why) return say(rm, ROVE_ERROR, why);
  if (arg ? prepare(rm, f, 1) : prepare_results(rm, f))
    return failed(rm, th->err);
  if (arg) {
    rv_slot_set(th, 1, *arg);
    th->frames[0].top++;
  }
  return go(rm, nargs);
}

/* PUC Lua's program asks the event too, and gives up when its answer is no
   string. */
RoveStatus rove_error_text(RoveMachine *rm) {
  RvMachine *m = rm->m;
  if (!rm->failed || m->running || m->killed) return ROVE_OK;
  RvThread *th = m->main;
  RvValue err = th->err, event = rv_event(m, err, RV_EV_TOSTRING);
  if (err.t == RV_STR || event.t == RV_NIL) return ROVE_OK;
  *kept(rm, KEPT_ERROR) = err;
  if (prepare(rm, event, 1)) return failed(rm, th->err);
  rv_slot_set(th, 1, err);
  th->frames[0].top++;
  RoveStatus st = go(rm, 1);
  if (st) return st;
  RvValue text = rm->nres > 0 ? rv_slot(th, 0) : rv_nil();
  rm->nres = 0;
  failed(rm, text.t == RV_STR ? text : err);
  return ROVE_OK;
}

/* The value at the path below table `t`, without running guest code. */
static RvValue look_up(RvMachine *m, RvValue t, const char *name) {
  for (;;) {
    size_t n = strcspn(name, ".");
    if (t.t != RV_TABLE) return rv_nil();
    RvString *key = rv_str_new(m, name, n);
    if (key == NULL) return rv_nil();
    t = rv_table_get_str(m, RV_AS(RvTable, t), key);
    if (name[n] == '\0') return t;
    name += n + 1;
  }
}

RoveStatus rove_call(RoveMachine *rm, const char *name, const RoveValue *args,
                     size_t nargs) {
  RvMachine *m = rm->m;
  const char *why = why_not(rm, nargs);
  if (why) return say(rm, ROVE_ERROR, why);
  RvValue f = look_up(m, *kept(rm, KEPT_MODULE), name);
  if (f.t == RV_NIL) f = look_up(m, rv_obj(m->globals, RV_TABLE), name);
  if (f.t == RV_NIL) {
    rm->text = rm->error;
    snprintf(rm->error, sizeof rm->error, "no function '%.200s'", name);
    return ROVE_ERROR;
  }
  return start(rm, f, args, nargs);
}

RoveStatus rove_resume(RoveMachine *rm) {
  RvMachine *m = rm->m;
  if (m->killed || !m->running)
    return say(rm, ROVE_ERROR, "there is nothing to resume");
  u32 nres = 0;
  RvRunResult r = rv_run_resume(m, &nres);
  return ended(rm, r, nres);
}

size_t rove_results(const RoveMachine *rm) { return rm->nres; }

RoveValue rove_result(const RoveMachine *rm, size_t i) {
  RoveValue r = {.type = ROVE_NIL};
  if (i >= rm->nres) return r;
  RvValue v = rv_slot(rm->m->main, (u32)i);
  switch (v.t) {
  case RV_NIL: break;
  case RV_FALSE:
  case RV_TRUE:
    r.type = ROVE_BOOL;
    r.u.b = v.t == RV_TRUE;
    break;
  case RV_INT:
    r.type = ROVE_INT;
    r.u.i = (i64)v.p;
    break;
  case RV_FLT:
    r.type = ROVE_FLOAT;
    r.u.f = rv_u2d(v.p);
    break;
  case RV_STR:
    r.type = ROVE_STRING;
    r.len = RV_AS(RvString, v)->len;
    r.u.s = RV_AS(RvString, v)->bytes;
    break;
  case RV_PTR:
    r.type = ROVE_POINTER;
    r.u.p = RV_AS(void, v);
    break;
  default:
    r.type = ROVE_OTHER;
    r.u.s = rv_err_typename(rm->m, v);
  }
  return r;
}

RvValue rv_api_result(const RoveMachine *rm, size_t i) {
  return i < rm->nres ? rv_slot(rm->m->main, (u32)i) : rv_nil();
}

void rv_api_set_result(RoveMachine *rm, size_t i, RvValue v) {
  if (i < rm->nres) rv_slot_set(rm->m->main, (u32)i, v);
}

RoveStatus rv_api_console_line(RoveMachine *rm, const char **text,
                               size_t *len) {
  const u8 *p = NULL;
  u32 n = 0;
  RvMachine *m = rm->m;
  int rc = rv_console_line(m, &m->host->builtin[0], &p, &n);
  if (rc == RV_IO_STOP) {
    u32 bits = RV_REQ_INTERRUPT | RV_REQ_TIMEOUT;
    bits &= atomic_fetch_and(&m->request, ~bits);
    if (bits & RV_REQ_TIMEOUT) return say(rm, ROVE_TIMEOUT, "time is over");
    return say(rm, ROVE_INTERRUPTED, "interrupted");
  }
  if (rc == RV_IO_MEMORY) return say(rm, ROVE_ERROR_MEMORY, "not enough memory");
  if (rc) return say(rm, ROVE_ERROR, strerror(rc));
  *text = (const char *)p;
  *len = n;
  return ROVE_OK;
}

int rove_exit_code(const RoveMachine *rm) { return rm->m->host->exit_code; }

void rove_add_fuel(RoveMachine *rm, uint64_t units) {
  RvMachine *m = rm->m;
  i64 n = units > INT64_MAX ? INT64_MAX : (i64)units;
  if (!m->fuel_limited) {
    rv_request_safepoint(m); /* the slice under way was free */
    m->fuel_limited = true;
    m->fuel_left = 0;
  }
  if (n > INT64_MAX - RV_SLICE - (m->fuel_left > 0 ? m->fuel_left : 0))
    n = INT64_MAX - RV_SLICE - (m->fuel_left > 0 ? m->fuel_left : 0);
  rv_machine_refuel(m, n);
}

void rove_set_fuel(RoveMachine *rm, uint64_t units) {
  i64 most = INT64_MAX - RV_SLICE;
  rv_machine_set_fuel(rm->m, units == UINT64_MAX      ? -1
                             : units > (uint64_t)most ? most
                                                      : (i64)units);
}

void rove_set_memory(RoveMachine *rm, uint64_t memory, uint64_t host_memory) {
  rv_machine_set_memory(rm->m, memory, host_memory);
}

bool rove_abandon(RoveMachine *rm) {
  RvMachine *m = rm->m;
  if (m->killed || !m->running || m->host->call) return false;
  rv_machine_abandon(m);
  rm->nres = 0;
  rm->failed = false;
  return true;
}

void rove_interrupt(RoveMachine *rm) {
  rv_host_request(rm->m, RV_REQ_INTERRUPT);
}

void rove_timeout(RoveMachine *rm) { rv_host_request(rm->m, RV_REQ_TIMEOUT); }

void rove_on_foreign_fuel(RoveMachine *rm, RoveMoreFuel fn, void *ud) {
  rm->m->host->more_fuel = fn;
  rm->m->host->more_fuel_ud = ud;
}

/* -- Statistics ------------------------------------------------------------ */
void rove_stats(const RoveMachine *rm, RoveStats *out) {
  const RvMachine *m = rm->m;
  const RvHost *h = m->host;
  *out = (RoveStats){.fuel = rv_fuel_used(m),
                     .guest_bytes = rv_guest_bytes(m),
                     .host_bytes = m->stats.host_bytes,
                     .host_peak = m->stats.host_peak,
                     .collections = m->stats.collections,
                     .handles = h->nhandles,
                     .host_calls = h->native.calls};
  for (const RvDevice *d = h->devices; d; d = d->next)
    out->host_calls += d->stats.calls;
}

bool rove_device_stats(const RoveMachine *rm, size_t i, RoveDeviceStats *out) {
  const RvHost *h = rm->m->host;
  const RvDevice *d = h->devices;
  while (d && i > 0) {
    d = d->next;
    i--;
  }
  if (d == NULL && i > 0) return false;
  const RvDevStats *s = d ? &d->stats : &h->native;
  *out = (RoveDeviceStats){.name = d ? d->def->name : "native",
                           .calls = s->calls,
                           .bytes = s->bytes,
                           .errors = s->errors,
                           .denied = s->denied};
  return true;
}
