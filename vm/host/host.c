/* SPDX-License-Identifier: MIT */
/* The gateway: devices of a machine, binding of imports, the call itself. */
#include "vm/host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "vm/host/builtin.h"
#include "vm/host/file.h"

static const RvDevDef *const house[] = {&rv_dev_console, &rv_dev_storage,
                                        &rv_dev_clock, &rv_dev_entropy,
                                        &rv_dev_process};
#define NHOUSE (sizeof house / sizeof *house)
_Static_assert(NHOUSE == sizeof((RvHost *)0)->builtin / sizeof(RvDevice),
               "a place for each device of the house");

/* Requests that end a wait. */
#define STOPPING (RV_REQ_INTERRUPT | RV_REQ_TIMEOUT)

/* -- Beginning and end ----------------------------------------------------- */
bool rv_host_init(RvMachine *m) {
  RvHost *h = rv_mem_realloc(m, NULL, 0, sizeof *h);
  if (h == NULL) return false;
  memset(h, 0, sizeof *h);
  h->m = m;
  h->max_handles = RV_DEFAULT_HANDLES;
  h->wake_r = -1;
  h->fault_err = rv_nil();
  for (u32 i = 0; i < 4; i++) h->kept[i] = rv_nil();
  rv_policy_init(&h->policy);
  for (u32 i = NHOUSE; i-- > 0;) {
    h->builtin[i].def = house[i];
    h->builtin[i].next = h->devices;
    h->devices = &h->builtin[i];
  }
  m->host = h;
  return true;
}

static void close_handles(RvMachine *m) {
  RvHost *h = m->host;
  for (u32 i = 0; i < h->chandles; i++) {
    RvHandle *e = &h->handles[i];
    if (e->dev && e->dev->def->close) e->dev->def->close(m, e->dev, e->p);
    e->dev = NULL;
  }
  rv_mem_free(m, h->handles, h->chandles * sizeof *h->handles);
  h->handles = NULL;
  h->chandles = h->nhandles = 0;
}

static void drop_binding(RvMachine *m, RvBinding *b) {
  for (u32 i = 0; i < b->n; i++) rv_native_unbind(m, b->list[i]);
  rv_image_unref(b->img);
  rv_mem_free(m, b, b->size);
}

/* Drops the bindings of images that nobody else holds any more (the collector
   lets go of an image with its last function), or all of them. */
static void drop_bindings(RvMachine *m, bool all) {
  RvBinding **at = &m->host->bindings;
  while (*at) {
    RvBinding *b = *at;
    if (!all && (b->img->immortal ||
                 __atomic_load_n(&b->img->refs, __ATOMIC_ACQUIRE) > 1)) {
      at = &b->next;
      continue;
    }
    *at = b->next;
    drop_binding(m, b);
  }
}

void rv_host_fini(RvMachine *m) {
  RvHost *h = m->host;
  if (h == NULL) return;
  rv_host_flush(m, false);
  close_handles(m);
  drop_bindings(m, true);
  rv_native_fini(m);
  for (RvDevice *d = h->devices, *next; d; d = next) {
    next = d->next;
    if (d->def->fini) d->def->fini(m, d);
    if (d < h->builtin || d >= h->builtin + NHOUSE)
      rv_mem_free(m, d, sizeof *d);
  }
  int wake = atomic_exchange(&h->wake_w, 0);
  if (wake) {
    close(wake - 1);
    close(h->wake_r);
  }
  rv_policy_fini(m, &h->policy);
  rv_mem_free(m, h->scratch, h->cscratch);
  rv_mem_free(m, h, sizeof *h);
  m->host = NULL;
}

RvDevice *rv_host_add_device(RvMachine *m, const RvDevDef *def) {
  RvDevice *d = rv_mem_realloc(m, NULL, 0, sizeof *d);
  if (d == NULL) return NULL;
  *d = (RvDevice){.def = def, .next = m->host->devices};
  m->host->devices = d;
  return d;
}

RvDevice *rv_host_find(RvMachine *m, const char *dev, size_t dlen,
                       const char *name, size_t nlen, const RvOpDef **op) {
  *op = NULL;
  for (RvDevice *d = m->host->devices; d; d = d->next) {
    const RvDevDef *def = d->def;
    if (strlen(def->name) != dlen || memcmp(def->name, dev, dlen)) continue;
    for (u32 i = 0; i < def->nops; i++)
      if (strlen(def->ops[i].name) == nlen &&
          memcmp(def->ops[i].name, name, nlen) == 0)
        *op = &def->ops[i];
    return d;
  }
  return NULL;
}

void rv_host_set_args(RvMachine *m, int argc, char **argv) {
  m->host->argc = argc;
  m->host->argv = argv;
}

void rv_host_restart(RvMachine *m) { m->host->pending.th = NULL; }

bool rv_host_flush(RvMachine *m, bool wait) {
  RvHost *h = m->host;
  int console = rv_console_flush(m, &h->builtin[0], wait);
  bool good = console == 0;
  for (u32 i = 0; i < NHOUSE; i++)
    if ((house[i] == &rv_dev_storage || house[i] == &rv_dev_process) &&
        !rv_files_flush(m, &h->builtin[i], wait))
      good = false;
  h->flush_console = console != 0;
  h->flush_error = console ? console : good ? 0 : 5;
  return h->flush_error == 0;
}

/* -- Binding --------------------------------------------------------------- */
static void regrant(RvHost *h, RvBound *b) {
  const RvPolicy *p = &h->policy;
  const RvImgStr *mod = &b->img->strs[b->imp->module];
  if (b->kind == RV_IMPORT_BUILTIN)
    b->granted = 1;
  else if (b->kind == RV_IMPORT_NATIVE)
    b->granted = rv_policy_name(p, RV_GRANT_NATIVE, mod->p, mod->len);
  else if (b->op->grant == RV_GRANT_DEVICE)
    b->granted = rv_policy_name(p, RV_GRANT_DEVICE, mod->p, mod->len);
  else
    b->granted = rv_policy_some(p, (RvGrant)b->op->grant);
}

void rv_host_regrant(RvMachine *m) {
  for (RvBinding *b = m->host->bindings; b; b = b->next)
    for (u32 i = 0; i < b->n; i++) regrant(m->host, b->list[i]);
}

static RvStatus bind_device(RvMachine *m, RvBound *b) {
  RvThread *th = m->th;
  const RvImgStr *dev = &b->img->strs[b->imp->module];
  const RvImgStr *name = &b->img->strs[b->imp->name];
  b->dev = rv_host_find(m, dev->p, dev->len, name->p, name->len, &b->op);
  if (b->dev == NULL) return rv_err_plain(th, "no device '%.100s'", dev->p);
  if (b->op == NULL)
    return rv_err_plain(th, "device '%.100s' has no operation '%.100s'",
                        dev->p, name->p);
  const char *why;
  int n;
  if (!rv_sig_parse(b->op->sig, &b->types))
    return rv_err_plain(th, "%.100s.%.100s: its device gives no signature",
                        dev->p, name->p);
  if (!rv_sig_fits(b->sig, &b->types, &why, &n))
    return rv_err_plain(th, "import of %.100s.%.100s: %s %d (it is %s)",
                        dev->p, name->p, why, n, b->op->sig);
  return RV_OK;
}

static RvStatus bind_one(RvMachine *m, RvBound *b) {
  const RvImgStr *name = &b->img->strs[b->imp->name];
  if (b->kind != RV_IMPORT_BUILTIN) {
    b->sig = &b->img->sigs[b->imp->sig];
    b->nres = (u8)rv_sig_results(b->sig);
  }
  switch (b->kind) {
  case RV_IMPORT_DEVICE:
    return bind_device(m, b);
  case RV_IMPORT_BUILTIN:
    b->builtin = rv_builtin_find(name->p, name->len, b->imp->version);
    if (b->builtin == NULL)
      return rv_err_plain(m->th, "no builtin '%.100s' of version %u", name->p,
                          b->imp->version);
    return RV_OK;
  default:
    regrant(m->host, b);
    return rv_native_bind(m, b);
  }
}

RvBound **rv_host_bind(RvMachine *m, RvImage *img) {
  RvHost *h = m->host;
  for (RvBinding *b = h->bindings; b; b = b->next)
    if (b->img == img) return b->list;
  drop_bindings(m, false);
  u32 n = img->nimports;
  size_t size = sizeof(RvBinding) + n * (sizeof(RvBound *) + sizeof(RvBound));
  RvBinding *bd = rv_mem_realloc(m, NULL, 0, size);
  if (bd == NULL) {
    rv_err_memory(m->th);
    return NULL;
  }
  memset(bd, 0, size);
  bd->img = img;
  bd->size = size;
  bd->n = n;
  RvBound *all = (RvBound *)(bd + 1);
  bd->list = (RvBound **)(all + n);
  for (u32 i = 0; i < n; i++) {
    RvBound *b = bd->list[i] = &all[i];
    b->img = img;
    b->imp = &img->imports[i];
    b->kind = b->imp->kind;
    if (bind_one(m, b) == RV_OK) {
      regrant(h, b);
      continue;
    }
    for (u32 j = 0; j <= i; j++) rv_native_unbind(m, &all[j]);
    rv_mem_free(m, bd, size);
    return NULL;
  }
  rv_image_ref(img);
  bd->next = h->bindings;
  h->bindings = bd;
  return bd->list;
}

const RvNativeDef *rv_host_builtin(RvBound *b) { return b->builtin; }

/* -- Arguments ------------------------------------------------------------- */
static RvHandle *find_handle(RvHost *h, RvValue v) {
  if (v.t != RV_INT) return NULL;
  u64 i = (v.p & 0xfffff) - 1;
  if (i >= h->chandles) return NULL;
  RvHandle *e = &h->handles[i];
  return e->dev && v.p >> 20 == e->gen ? e : NULL;
}

static const char *kind_of(RvMachine *m, RvValue v, u8 want) {
  if (v.t == RV_NIL) return "nil";
  if (want == RV_SIG_INT && v.t == RV_FLT)
    return "a float without integer value";
  if (want == RV_SIG_HANDLE && v.t == RV_INT) return "none of this device";
  return rv_err_typename(m, v);
}

static RvStatus bad_argument(RvHostCall *c, u32 i, u8 want, bool opt) {
  return rv_err(c->th, "argument %u of %s.%s: %s%s expected, got %s", i + 1,
                c->dev->def->name, c->b->op->name,
                want == RV_SIG_HANDLE ? "open handle" : rv_sig_noun(want),
                opt ? " or nil" : "", kind_of(c->m, c->arg[i], want));
}

/* Converts argument i in place. False: it does not fit. */
static bool fit(RvHostCall *c, u32 i, u8 want) {
  RvValue *v = &c->arg[i];
  RvHandle *e;
  i64 n;
  switch (want) {
  case RV_SIG_ANY: return true;
  case RV_SIG_BOOL: return v->t == RV_TRUE || v->t == RV_FALSE;
  case RV_SIG_INT:
    if (v->t == RV_INT) return true;
    if (v->t != RV_FLT || !rv_num_f2i(rv_u2d(v->p), &n)) return false;
    *v = rv_int(n);
    return true;
  case RV_SIG_FLT:
    if (v->t == RV_INT) *v = rv_flt((double)(i64)v->p);
    return v->t == RV_FLT;
  case RV_SIG_STR: return v->t == RV_STR;
  case RV_SIG_BUF: return v->t == RV_BUFFER;
  case RV_SIG_TABLE: return v->t == RV_TABLE;
  case RV_SIG_FUNC: return RV_IS_FUNC(v->t);
  case RV_SIG_HANDLE:
    e = find_handle(c->host, *v);
    return e && e->dev == c->dev;
  default: return false;
  }
}

/* Takes the arguments from the frame; *bytes is what the strings weigh. */
static RvStatus take_arguments(RvHostCall *c, u64 *bytes) {
  const RvTypes *ty = &c->b->types;
  *bytes = 0;
  for (u32 i = 0; i < ty->nargs; i++) {
    c->arg[i] =
        i < c->b->sig->nargs ? rv_slot(c->th, c->at + i) : rv_nil();
    u8 want = RV_SIG_TYPE(ty->arg[i]);
    bool opt = (ty->arg[i] & RV_SIG_OPT) != 0;
    if (opt && c->arg[i].t == RV_NIL) continue;
    if (!fit(c, i, want)) return bad_argument(c, i, want, opt);
    if (want == RV_SIG_STR) *bytes += RV_AS(RvString, c->arg[i])->len;
    if (want == RV_SIG_BUF) *bytes += RV_AS(RvBuffer, c->arg[i])->len;
  }
  return RV_OK;
}

/* -- The call -------------------------------------------------------------- */
static bool may_fail(const RvTypes *t) {
  return t->nres >= 3 && (t->res[0] & RV_SIG_OPT) &&
         t->res[1] == (RV_SIG_STR | RV_SIG_OPT) &&
         t->res[2] == (RV_SIG_INT | RV_SIG_OPT);
}

static RvStatus start(RvHostCall *c) {
  RvHost *h = c->host;
  RvPending *p = &h->pending;
  u64 bytes;
  RvStatus st = take_arguments(c, &bytes);
  if (st) return st;
  if (p->th == c->th && p->b == c->b && p->fi == c->th->fi && p->at == c->at) {
    c->resumed = true; /* paid, counted and granted before */
    c->work = p->at_work;
    p->th = NULL;
    if (c->b->granted) return c->b->op->fn(c);
  } else {
    st = rv_fuel_pay(c->th, c->m, c->b->op->cost + rv_fuel_bytes(bytes));
    if (st) return st;
    c->dev->stats.calls++;
  }
  if (RV_UNLIKELY(!c->b->granted))
    return rv_hc_denied(c, NULL, (RvGrant)c->b->op->grant);
  return c->b->op->fn(c);
}

RvStatus rv_host_call(RvThread *th, u32 at, RvBound *b) {
  if (b->kind == RV_IMPORT_NATIVE) return rv_native_call(th, at, b);
  RvMachine *m = th->m;
  RvHostCall c;
  c.m = m;
  c.th = th;
  c.host = m->host;
  c.dev = b->dev;
  c.b = b;
  c.at = at;
  c.resumed = c.failed = false;
  c.work = 0;
  c.outer = m->host->call;
  for (u32 i = 0; i < b->types.nres; i++) c.res[i] = rv_nil();
  m->host->call = &c;
  RvStatus st = start(&c);
  m->host->call = c.outer;
  if (st == RV_OK)
    for (u32 i = 0; i < b->nres; i++) rv_slot_set(th, at + i, c.res[i]);
  return st;
}

void rv_host_roots(RvMachine *m, void (*visit)(RvMachine *m, RvValue v)) {
  RvHost *h = m->host;
  if (h == NULL) return;
  visit(m, h->fault_err);
  for (u32 i = 0; i < 4; i++) visit(m, h->kept[i]);
  for (RvHostCall *c = h->call; c; c = c->outer)
    for (u32 i = 0; i < c->b->types.nres; i++) visit(m, c->res[i]);
  rv_native_roots(m, visit);
}

bool rv_host_env_granted(const RvMachine *m) {
  return rv_policy_some(&m->host->policy, RV_GRANT_ENV);
}

i64 rv_host_more_fuel(RvMachine *m) {
  RvHost *h = m->host;
  return h->more_fuel ? h->more_fuel(h->more_fuel_ud) : 0;
}

/* -- Answers --------------------------------------------------------------- */
RvStatus rv_hc_str(RvHostCall *c, u32 i, const char *p, size_t len) {
  if (len > RV_MAX_STRING) return rv_err_memory(c->th);
  RvString *s = rv_str_new(c->m, p, len);
  if (s == NULL) return RV_ERROR;
  c->res[i] = rv_strv(s);
  return RV_OK;
}

static RvStatus fault(RvHostCall *c, RvFault f) {
  c->host->fault = (u8)f;
  c->host->fault_err = c->th->err;
  return RV_ERROR;
}

RvFault rv_host_fault(const RvMachine *m, RvValue v) {
  const RvHost *h = m->host;
  if (h->fault == RV_FAULT_NONE || h->fault_err.t != v.t ||
      h->fault_err.p != v.p)
    return RV_FAULT_NONE;
  return (RvFault)h->fault;
}

/* Nil, text, code; or the text raised where there is no place for it. */
static RvStatus failure(RvHostCall *c, i64 code, const char *text) {
  c->failed = true;
  c->dev->stats.errors++;
  if (!may_fail(&c->b->types))
    return rv_err(c->th, "%s.%s: %s", c->dev->def->name, c->b->op->name, text);
  for (u32 i = 0; i < c->b->types.nres; i++) c->res[i] = rv_nil();
  rv_hc_int(c, 2, code);
  return rv_hc_str(c, 1, text, strlen(text));
}

RvStatus rv_hc_fail(RvHostCall *c, i64 code, const char *fmt, ...) {
  char text[400];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  return failure(c, code, text);
}

RvStatus rv_hc_errno(RvHostCall *c, const char *what, int code) {
  if (what) return rv_hc_fail(c, code, "%.250s: %s", what, strerror(code));
  return rv_hc_fail(c, code, "%s", strerror(code));
}

RvStatus rv_hc_denied(RvHostCall *c, const char *what, RvGrant grant) {
  char flag[120];
  const char *name = grant == RV_GRANT_DEVICE ? c->dev->def->name : what;
  bool path = grant == RV_GRANT_READ || grant == RV_GRANT_WRITE;
  rv_policy_flag(grant, path ? NULL : name, flag, sizeof flag);
  c->dev->stats.denied++;
  RvStatus st = rv_hc_fail(c, EACCES, "%.200s%sdenied (%s would grant it)",
                           what ? what : "", what ? ": " : "", flag);
  return st == RV_ERROR && !may_fail(&c->b->types) ? fault(c, RV_FAULT_DENIED)
                                                   : st;
}

RvStatus rv_hc_stop(RvHostCall *c, u64 work) {
  RvStatus st = rv_slice_next(c->th, 0); /* obeys the request */
  if (st == RV_KILL) return st;
  if (st == RV_OK) c->m->stop_reason = RV_RUN_INTERRUPTED;
  c->host->pending =
      (RvPending){.th = c->th, .b = c->b, .fi = c->th->fi, .at = c->at,
                  .at_work = work};
  return RV_STOP;
}

void rv_hc_moved(RvHostCall *c, u64 bytes) {
  c->dev->stats.bytes += bytes;
  u64 cost = rv_fuel_bytes(bytes);
  rv_fuel_owe(c->m, (u32)(cost < 1u << 20 ? cost : 1u << 20));
}

u8 *rv_host_scratch(RvMachine *m, size_t n) {
  RvHost *h = m->host;
  if (n > h->cscratch) {
    u8 *p = rv_mem_realloc(m, h->scratch, h->cscratch, n);
    if (p == NULL) return NULL;
    h->scratch = p;
    h->cscratch = n;
  }
  return h->scratch;
}

/* -- Handles --------------------------------------------------------------- */
RvStatus rv_hc_room(RvHostCall *c) {
  RvHost *h = c->host;
  if (h->nhandles < h->max_handles) return RV_OK;
  c->dev->stats.errors++;
  rv_err(c->th, "%s.%s: too many handles (limit %u)", c->dev->def->name,
         c->b->op->name, h->max_handles);
  return fault(c, RV_FAULT_HANDLES);
}

RvStatus rv_hc_handle(RvHostCall *c, u32 i, void *p) {
  RvHost *h = c->host;
  RvStatus st = rv_hc_room(c);
  if (st) return st;
  u32 k = 0;
  while (k < h->chandles && h->handles[k].dev) k++;
  if (k == h->chandles) {
    u32 cap = k ? 2 * k : 4;
    if (cap > 0xffff0) return rv_err_memory(c->th);
    RvHandle *list = rv_mem_realloc(c->m, h->handles, k * sizeof *list,
                                    cap * sizeof *list);
    if (list == NULL) return rv_err_memory(c->th);
    memset(list + k, 0, (cap - k) * sizeof *list);
    h->handles = list;
    h->chandles = cap;
  }
  RvHandle *e = &h->handles[k];
  e->dev = c->dev;
  e->p = p;
  h->nhandles++;
  return rv_hc_int(c, i, (i64)((u64)e->gen << 20 | (k + 1)));
}

void *rv_hc_payload(const RvHostCall *c, u32 i) {
  return find_handle(c->host, c->arg[i])->p;
}

void rv_hc_release(RvHostCall *c, u32 i) {
  RvHandle *e = find_handle(c->host, c->arg[i]);
  e->dev = NULL;
  e->p = NULL;
  e->gen++;
  c->host->nhandles--;
}

/* -- Waiting --------------------------------------------------------------- */
bool rv_host_stopping(const RvMachine *m) {
  return (atomic_load(&((RvMachine *)m)->request) & STOPPING) != 0;
}

i64 rv_host_now(void) {
  struct timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return (i64)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Publishes the wake pipe. A request either sees it and writes, or was set
   before our look at the request word: both are sequentially consistent. */
static bool open_wake(RvHost *h) {
  if (atomic_load(&h->wake_w)) return true;
  int fds[2];
  if (pipe(fds) != 0) return false;
  for (int i = 0; i < 2; i++) {
    fcntl(fds[i], F_SETFD, FD_CLOEXEC);
    fcntl(fds[i], F_SETFL, O_NONBLOCK);
  }
  h->wake_r = fds[0];
  atomic_store(&h->wake_w, fds[1] + 1);
  return true;
}

void rv_host_request(RvMachine *m, u32 bits) {
  atomic_fetch_or(&m->request, bits);
  int w = atomic_load(&m->host->wake_w);
  if (w) {
    int kept = errno;
    ssize_t n = write(w - 1, "", 1);
    (void)n; /* full: awake already */
    errno = kept;
  }
}

RvStatus rv_host_wait(RvMachine *m, int fd, short events, i64 until,
                      bool *ready) {
  RvHost *h = m->host;
  bool have = open_wake(h); /* without: look every tenth of a second */
  *ready = false;
  for (;;) {
    if (rv_host_stopping(m)) return RV_STOP;
    i64 now = until < 0 ? 0 : rv_host_now();
    if (until >= 0 && now >= until) return RV_OK;
    i64 ms = until < 0 ? -1 : (until - now + 999999) / 1000000;
    if (ms > 3600000) ms = 3600000;
    if (!have && (ms < 0 || ms > 100)) ms = 100;
    struct pollfd pf[2] = {{.fd = fd, .events = events},
                           {.fd = h->wake_r, .events = POLLIN}};
    int n = poll(pf, 2, (int)ms);
    if (n <= 0) continue; /* time is over, or a signal: look again */
    if (pf[1].revents) {
      char sink[64];
      while (read(h->wake_r, sink, sizeof sink) > 0) continue;
    }
    if (fd >= 0 && pf[0].revents) {
      *ready = true;
      return rv_host_stopping(m) ? RV_STOP : RV_OK;
    }
  }
}
