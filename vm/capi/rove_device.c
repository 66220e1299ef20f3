/* SPDX-License-Identifier: MIT */
/* rove.h: devices that the host adds. */
#include "vm/capi/rove_api.h"
#include "vm/host/device.h"

struct RoveCall {
  RvHostCall *c;
  RvStatus st; /* an error raised on the way */
};

typedef struct Op {
  RoveFunction fn;
  void *ud;
} Op;

/* One block of memory holds the definition and all its texts. */
typedef struct Device {
  RvDevDef def; /* first: RvDevice.def points here */
  size_t size;
  void (*close)(void *handle);
  Op *op;
  char *text;
} Device;

/* -- Adding ---------------------------------------------------------------- */
/* Programs may rely on the types a signature promises. */
static bool keeps_promise(const RvValue *v, u8 type) {
  if (v->t == RV_NIL) return (type & RV_SIG_OPT) != 0;
  switch (RV_SIG_TYPE(type)) {
  case RV_SIG_BOOL: return v->t == RV_TRUE || v->t == RV_FALSE;
  case RV_SIG_HANDLE:
  case RV_SIG_INT: return v->t == RV_INT;
  case RV_SIG_FLT: return v->t == RV_FLT;
  case RV_SIG_STR: return v->t == RV_STR;
  default: return RV_SIG_TYPE(type) == RV_SIG_ANY;
  }
}

static RvStatus run(RvHostCall *c) {
  const Op *op = c->b->op->ud;
  const RvTypes *t = &c->b->types;
  RoveCall call = {.c = c, .st = RV_OK};
  op->fn(&call, op->ud);
  for (u32 i = 0; i < t->nres && call.st == RV_OK && !c->failed; i++)
    if (!keeps_promise(&c->res[i], t->res[i]))
      return rv_err(c->th, "%s.%s: the host broke its promise: result %u is "
                    "no %s", c->dev->def->name, c->b->op->name, i + 1,
                    rv_sig_noun(RV_SIG_TYPE(t->res[i])));
  return call.st;
}

static void close_handle(RvMachine *m, RvDevice *d, void *p) {
  const Device *dev = (const Device *)d->def;
  if (dev->close) dev->close(p);
}

static void fini(RvMachine *m, RvDevice *d) {
  Device *dev = (Device *)d->def;
  rv_mem_free(m, dev, dev->size);
}

static char *put_text(char **at, const char *s) {
  char *p = *at;
  size_t n = strlen(s) + 1;
  memcpy(p, s, n);
  *at += n;
  return p;
}

static Device *copy_device(RvMachine *m, const RoveDevice *d) {
  size_t n = d->count;
  size_t size = sizeof(Device) + n * (sizeof(RvOpDef) + sizeof(Op)) +
                strlen(d->name) + 1;
  for (size_t i = 0; i < n; i++)
    size += strlen(d->operations[i].name) +
            strlen(d->operations[i].signature) + 2;
  Device *dev = rv_mem_realloc(m, NULL, 0, size);
  if (dev == NULL) return NULL;
  memset(dev, 0, size);
  RvOpDef *ops = (RvOpDef *)(dev + 1);
  dev->op = (Op *)(ops + n);
  char *text = (char *)(dev->op + n);
  dev->size = size;
  dev->close = d->close;
  dev->def = (RvDevDef){.name = put_text(&text, d->name),
                        .version = d->version,
                        .nops = (u32)n,
                        .ops = ops,
                        .close = close_handle,
                        .fini = fini};
  for (size_t i = 0; i < n; i++) {
    const RoveOperation *o = &d->operations[i];
    dev->op[i] = (Op){o->fn, o->ud};
    ops[i] = (RvOpDef){.name = put_text(&text, o->name),
                       .sig = put_text(&text, o->signature),
                       .fn = run,
                       .grant = RV_GRANT_DEVICE,
                       .cost = 1,
                       .ud = &dev->op[i]};
  }
  return dev;
}

bool rove_add_device(RoveMachine *rm, const RoveDevice *d) {
  RvMachine *m = rv_api_machine(rm);
  RvTypes types;
  for (size_t i = 0; i < d->count; i++)
    if (!rv_sig_parse(d->operations[i].signature, &types)) return false;
  char right[300];
  size_t n = strlen(d->name);
  if (n == 0 || n > 200) return false;
  memcpy(right, "device=", 7);
  memcpy(right + 7, d->name, n + 1);
  Device *dev = copy_device(m, d);
  if (dev == NULL) return false;
  if (rv_host_add_device(m, &dev->def) == NULL) {
    rv_mem_free(m, dev, dev->size);
    return false;
  }
  return rove_allow(rm, right);
}

/* -- Arguments ------------------------------------------------------------- */
bool rove_arg_is_nil(RoveCall *call, unsigned i) {
  return i >= call->c->b->types.nargs || rv_hc_isnil(call->c, i);
}

bool rove_arg_bool(RoveCall *call, unsigned i) {
  return !rove_arg_is_nil(call, i) && call->c->arg[i].t == RV_TRUE;
}

int64_t rove_arg_int(RoveCall *call, unsigned i) {
  if (rove_arg_is_nil(call, i) || call->c->arg[i].t != RV_INT) return 0;
  return rv_hc_argi(call->c, i);
}

double rove_arg_float(RoveCall *call, unsigned i) {
  if (rove_arg_is_nil(call, i) || call->c->arg[i].t != RV_FLT) return 0;
  return rv_hc_argf(call->c, i);
}

const char *rove_arg_string(RoveCall *call, unsigned i, size_t *len) {
  size_t n = 0;
  const char *p = NULL;
  if (!rove_arg_is_nil(call, i) && call->c->arg[i].t == RV_STR)
    p = rv_hc_args(call->c, i, &n);
  if (len) *len = n;
  return p;
}

void *rove_arg_buffer(RoveCall *call, unsigned i, size_t *len) {
  RvBuffer *b = NULL;
  if (!rove_arg_is_nil(call, i) && call->c->arg[i].t == RV_BUFFER)
    b = RV_AS(RvBuffer, call->c->arg[i]);
  if (len) *len = b ? b->len : 0;
  return b ? b->data : NULL;
}

static bool is_handle(RoveCall *call, unsigned i) {
  const RvTypes *t = &call->c->b->types;
  return i < t->nargs && RV_SIG_TYPE(t->arg[i]) == RV_SIG_HANDLE &&
         !rv_hc_isnil(call->c, i);
}

void *rove_arg_handle(RoveCall *call, unsigned i) {
  return is_handle(call, i) ? rv_hc_payload(call->c, i) : NULL;
}

/* -- Results --------------------------------------------------------------- */
static bool has(RoveCall *call, unsigned i) {
  return call->st == RV_OK && i < call->c->b->types.nres;
}

void rove_return_bool(RoveCall *call, unsigned i, bool v) {
  if (has(call, i)) rv_hc_bool(call->c, i, v);
}

void rove_return_int(RoveCall *call, unsigned i, int64_t v) {
  if (has(call, i)) rv_hc_int(call->c, i, v);
}

void rove_return_float(RoveCall *call, unsigned i, double v) {
  if (has(call, i)) call->c->res[i] = rv_flt(v);
}

void rove_return_string(RoveCall *call, unsigned i, const char *s,
                        size_t len) {
  if (!has(call, i)) return;
  rv_hc_moved(call->c, len);
  call->st = rv_hc_str(call->c, i, s, len);
}

bool rove_return_handle(RoveCall *call, unsigned i, void *p) {
  if (!has(call, i)) return false;
  call->st = rv_hc_handle(call->c, i, p);
  return call->st == RV_OK;
}

void rove_release_handle(RoveCall *call, unsigned i) {
  if (!is_handle(call, i)) return;
  rv_hc_release(call->c, i);
  call->c->arg[i] = rv_nil();
}

void rove_fail(RoveCall *call, int64_t code, const char *message) {
  if (call->st == RV_OK) call->st = rv_hc_fail(call->c, code, "%s", message);
}

void rove_raise(RoveCall *call, const char *message) {
  if (call->st == RV_OK) call->st = rv_err(call->c->th, "%s", message);
}
