/* SPDX-License-Identifier: MIT */
/* Native imports: functions of C libraries called through libffi.

   An import's signature becomes a call interface once per machine. Arguments
   go into a union each, of which libffi reads exactly the member the type
   names, so that byte order never shows. Results narrower than a word arrive
   as a whole ffi_arg and are cut down afterwards.

   Callbacks live as long as the call they were passed to. C frames lie between
   the callback and the guest that waits for the result, and nothing may jump
   over them: an error in a callback is remembered, all callbacks of the call
   answer 0 from then on without running guest code, and the error is raised
   once the C function has returned. RV_KILL takes the same way. */
#include "vm/host/device.h"

#ifdef RV_NO_FFI

RvStatus rv_native_bind(RvMachine *m, RvBound *b) {
  return rv_err_plain(m->th,
                      "native import %.100s: this build has no libffi",
                      b->img->strs[b->imp->name].p);
}

RvStatus rv_native_call(RvThread *th, u32 at, RvBound *b) {
  RV_UNREACHABLE(); /* nothing binds one */
}

void rv_native_unbind(RvMachine *m, RvBound *b) {}
void rv_native_fini(RvMachine *m) {}
void rv_native_roots(RvMachine *m, void (*visit)(RvMachine *m, RvValue v)) {}

#else

#include <dlfcn.h>
#include <ffi.h>
#include <pthread.h>

/* Foreign calls inside each other: each uses C stack we do not control. */
#define MAX_DEPTH 100

typedef struct RvLibrary {
  struct RvLibrary *next;
  void *dl;
  size_t size; /* of this block */
  char name[];
} RvLibrary;

/* Call interface of one signature. */
typedef struct Shape {
  ffi_cif cif;
  ffi_type *type[RV_SIG_MAX];
} Shape;

typedef struct RvForeign {
  void (*fn)(void);
  size_t size;
  Shape shape;
  Shape callback[]; /* in the order of the callback arguments */
} RvForeign;

typedef union CValue {
  i8 i8;
  u8 u8;
  i16 i16;
  u16 u16;
  i32 i32;
  u32 u32;
  i64 i64;
  u64 u64;
  float f32;
  double f64;
  void *ptr;
  ffi_arg word;
} CValue;

typedef struct Callback {
  RvForeignCall *call;
  const RvSig *sig;
  ffi_closure *closure;
  RvValue fn;
} Callback;

struct RvForeignCall {
  RvForeignCall *outer;
  RvMachine *m;
  RvBound *b;
  u32 depth;
  u32 ncallbacks;
  pthread_t owner;
  _Atomic bool stranger; /* a callback came from another thread */
  RvStatus st;           /* what the first failing callback gave */
  RvValue err;
  RvValue keep[RV_SIG_MAX]; /* copies and buffers C may be using */
  RvValue cbarg[RV_SIG_MAX];
  u32 ncbarg;
  u32 exposed; /* bit i: argument i is a buffer this call froze */
  Callback callback[RV_SIG_MAX];
};

static const char *text(const RvBound *b, u32 s) { return b->img->strs[s].p; }
static const char *library(const RvBound *b) { return text(b, b->imp->module); }
static const char *symbol(const RvBound *b) { return text(b, b->imp->name); }

/* -- Signatures ------------------------------------------------------------ */
static ffi_type *ctype(u8 type) {
  switch (rv_sig_plain(type)) {
  case RV_SIG_BOOL:
  case RV_SIG_U8: return &ffi_type_uint8;
  case RV_SIG_I8: return &ffi_type_sint8;
  case RV_SIG_I16: return &ffi_type_sint16;
  case RV_SIG_U16: return &ffi_type_uint16;
  case RV_SIG_I32: return &ffi_type_sint32;
  case RV_SIG_U32: return &ffi_type_uint32;
  case RV_SIG_INT: return &ffi_type_sint64;
  case RV_SIG_U64: return &ffi_type_uint64;
  case RV_SIG_F32: return &ffi_type_float;
  case RV_SIG_FLT: return &ffi_type_double;
  case RV_SIG_BUF:
  case RV_SIG_PTR:
  case RV_SIG_STR:
  case RV_SIG_BYTES:
  case RV_SIG_CALLBACK: return &ffi_type_pointer;
  default: return NULL;
  }
}

static RvStatus refuse(RvMachine *m, RvBound *b, const char *what, u32 i,
                       u8 type) {
  return rv_err_plain(m->th, "native import %.100s: %s %u cannot be %s",
                      symbol(b), what, i + 1, rv_sig_name(type));
}

/* Can every type of sig cross the border? */
static RvStatus check(RvMachine *m, RvBound *b, const RvSig *sig, bool inner) {
  for (u32 i = 0; i < sig->nargs; i++) {
    u8 t = sig->args[i].type;
    bool good = ctype(t) != NULL;
    if (inner && (t == RV_SIG_BUF || t == RV_SIG_CALLBACK)) good = false;
    if (!good)
      return refuse(m, b, inner ? "callback argument" : "argument", i, t);
  }
  if (rv_sig_results(sig) > 1)
    return rv_err_plain(m->th, "native import %.100s: more than one result",
                        symbol(b));
  if (rv_sig_results(sig) == 0) return RV_OK;
  u8 t = sig->res[0].type;
  bool good = ctype(t) && t != RV_SIG_BUF && t != RV_SIG_CALLBACK;
  if (inner && (t == RV_SIG_BYTES || t == RV_SIG_STR)) good = false;
  return good ? RV_OK
              : refuse(m, b, inner ? "callback result" : "result", 0, t);
}

static bool prepare(Shape *sh, const RvSig *sig) {
  for (u32 i = 0; i < sig->nargs; i++) sh->type[i] = ctype(sig->args[i].type);
  ffi_type *res =
      rv_sig_results(sig) ? ctype(sig->res[0].type) : &ffi_type_void;
  return ffi_prep_cif(&sh->cif, FFI_DEFAULT_ABI, sig->nargs, res, sh->type) ==
         FFI_OK;
}

/* -- Libraries ------------------------------------------------------------- */
static RvStatus open_library(RvMachine *m, RvBound *b, void **dl) {
  RvHost *h = m->host;
  const char *name = library(b);
  for (RvLibrary *l = h->libs; l; l = l->next)
    if (strcmp(l->name, name) == 0) {
      *dl = l->dl;
      return RV_OK;
    }
  size_t size = sizeof(RvLibrary) + strlen(name) + 1;
  RvLibrary *l = rv_mem_realloc(m, NULL, 0, size);
  if (l == NULL) return rv_err_memory(m->th);
  l->dl = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (l->dl == NULL) {
    rv_mem_free(m, l, size);
    const char *why = dlerror();
    return rv_err_plain(m->th, "native import %.100s: %.300s", symbol(b),
                        why ? why : name);
  }
  l->size = size;
  strcpy(l->name, name);
  l->next = h->libs;
  h->libs = l;
  *dl = l->dl;
  return RV_OK;
}

void rv_native_fini(RvMachine *m) {
  while (m->host->libs) {
    RvLibrary *l = m->host->libs;
    m->host->libs = l->next;
    dlclose(l->dl);
    rv_mem_free(m, l, l->size);
  }
}

/* Finds the function and prepares the call. Only with a grant: loading a
   library already runs code of it. */
static RvStatus resolve(RvMachine *m, RvBound *b) {
  const RvSig *sig = b->sig;
  void *dl;
  RvStatus st = open_library(m, b, &dl);
  if (st) return st;
  void *sym = dlsym(dl, symbol(b));
  if (sym == NULL)
    return rv_err_plain(m->th, "native import: no '%.100s' in %.100s",
                        symbol(b), library(b));
  u32 n = 0;
  for (u32 i = 0; i < sig->nargs; i++)
    n += sig->args[i].type == RV_SIG_CALLBACK;
  size_t size = sizeof(RvForeign) + n * sizeof(Shape);
  RvForeign *f = rv_mem_realloc(m, NULL, 0, size);
  if (f == NULL) return rv_err_memory(m->th);
  f->size = size;
  memcpy(&f->fn, &sym, sizeof f->fn);
  bool good = prepare(&f->shape, sig);
  for (u32 i = 0, k = 0; i < sig->nargs && good; i++)
    if (sig->args[i].type == RV_SIG_CALLBACK)
      good = prepare(&f->callback[k++],
                     &b->img->sigs[sig->args[i].callback - 1]);
  if (!good) {
    rv_mem_free(m, f, size);
    return rv_err_plain(m->th, "native import %.100s: libffi refuses it",
                        symbol(b));
  }
  b->foreign = f;
  return RV_OK;
}

RvStatus rv_native_bind(RvMachine *m, RvBound *b) {
  RvStatus st = check(m, b, b->sig, false);
  for (u32 i = 0; i < b->sig->nargs && st == RV_OK; i++)
    if (b->sig->args[i].type == RV_SIG_CALLBACK)
      st = check(m, b, &b->img->sigs[b->sig->args[i].callback - 1], true);
  if (st == RV_OK && b->granted) st = resolve(m, b);
  return st;
}

void rv_native_unbind(RvMachine *m, RvBound *b) {
  if (b->foreign) rv_mem_free(m, b->foreign, b->foreign->size);
  b->foreign = NULL;
}

/* -- Values to C ----------------------------------------------------------- */
/* The integer v stands for, if it lies in the type. */
static bool integer(RvValue v, u8 type, i64 *out) {
  static const i8 bits[RV_SIG_NTYPES] = {
      [RV_SIG_I8] = -8,   [RV_SIG_U8] = 8,   [RV_SIG_I16] = -16,
      [RV_SIG_U16] = 16,  [RV_SIG_I32] = -32, [RV_SIG_U32] = 32,
  };
  i64 n;
  if (v.t == RV_INT)
    n = (i64)v.p;
  else if (v.t != RV_FLT || !rv_num_f2i(rv_u2d(v.p), &n))
    return false;
  *out = n;
  int k = bits[type];
  if (k > 0) return n >= 0 && n < (i64)1 << k;
  if (k < 0) return n >= -((i64)1 << (-k - 1)) && n < (i64)1 << (-k - 1);
  return true; /* 64 bits: any, and u64 takes the bits */
}

/* A number, boolean or pointer as its C type. */
static bool scalar(RvValue v, u8 type, CValue *out) {
  i64 n = 0;
  switch (type) {
  case RV_SIG_BOOL:
    out->u8 = v.t == RV_TRUE;
    return v.t == RV_TRUE || v.t == RV_FALSE;
  case RV_SIG_F32:
  case RV_SIG_F64:
  case RV_SIG_FLT:
    if (v.t == RV_INT) v = rv_flt((double)(i64)v.p);
    if (v.t != RV_FLT) return false;
    if (type == RV_SIG_F32)
      out->f32 = (float)rv_u2d(v.p);
    else
      out->f64 = rv_u2d(v.p);
    return true;
  case RV_SIG_PTR:
    out->ptr = v.t == RV_PTR ? RV_AS(void, v) : NULL;
    return v.t == RV_PTR || v.t == RV_NIL;
  default:
    if (!integer(v, type, &n)) return false;
  }
  switch (type) {
  case RV_SIG_I8: out->i8 = (i8)n; break;
  case RV_SIG_U8: out->u8 = (u8)n; break;
  case RV_SIG_I16: out->i16 = (i16)n; break;
  case RV_SIG_U16: out->u16 = (u16)n; break;
  case RV_SIG_I32: out->i32 = (i32)n; break;
  case RV_SIG_U32: out->u32 = (u32)n; break;
  default: out->i64 = n;
  }
  return true;
}

/* The bytes of a string, NUL behind them, where they stay for the call. */
static RvStatus string(RvForeignCall *fc, u32 i, RvValue v, CValue *out) {
  RvString *s = RV_AS(RvString, v);
  if (s->h.flags & RV_STR_VIEW) { /* its bytes may move, and have no NUL */
    RvString *flat = rv_str_new(fc->m, rv_str_data(s), s->len);
    if (flat == NULL) return RV_ERROR;
    s = flat;
  }
  fc->keep[i] = rv_strv(s);
  out->ptr = s->bytes;
  return RV_OK;
}

static void buffer(RvForeignCall *fc, u32 i, RvValue v, CValue *out) {
  RvBuffer *buf = RV_AS(RvBuffer, v);
  fc->keep[i] = v;
  if (!(buf->h.flags & 1)) { /* may not be resized while C has its address */
    buf->h.flags |= 1;
    fc->exposed |= 1u << i;
  }
  out->ptr = buf->data;
}

static void on_callback(ffi_cif *cif, void *ret, void **args, void *user);

static RvStatus callback(RvForeignCall *fc, u32 i, RvValue v, CValue *out) {
  u32 k = fc->ncallbacks;
  Callback *cb = &fc->callback[k];
  void *code;
  cb->call = fc;
  cb->sig = &fc->b->img->sigs[fc->b->sig->args[i].callback - 1];
  cb->fn = v;
  cb->closure = ffi_closure_alloc(sizeof(ffi_closure), &code);
  if (cb->closure == NULL)
    return rv_err(fc->m->th, "%s: the system allows no callback",
                  symbol(fc->b));
  fc->ncallbacks++;
  u32 shape = 0; /* a nil before it used up a shape, but no closure */
  for (u32 j = 0; j < i; j++)
    shape += fc->b->sig->args[j].type == RV_SIG_CALLBACK;
  if (ffi_prep_closure_loc(cb->closure, &fc->b->foreign->callback[shape].cif,
                           on_callback, cb, code) != FFI_OK)
    return rv_err(fc->m->th, "%s: the system allows no callback",
                  symbol(fc->b));
  out->ptr = code;
  return RV_OK;
}

static RvStatus bad_argument(RvForeignCall *fc, u32 i, RvValue v) {
  const RvSigItem *it = &fc->b->sig->args[i];
  RvThread *th = fc->m->th;
  if (v.t == RV_INT && ctype(it->type) != &ffi_type_pointer)
    return rv_err(th, "argument %u of %s: %lld does not fit %s", i + 1,
                  symbol(fc->b), (long long)v.p, rv_sig_name(it->type));
  return rv_err(th, "argument %u of %s: %s%s expected, got %s", i + 1,
                symbol(fc->b), rv_sig_noun(it->type), it->opt ? " or nil" : "",
                v.t == RV_NIL ? "nil" : rv_err_typename(fc->m, v));
}

static RvStatus argument(RvForeignCall *fc, u32 i, RvValue v, CValue *out) {
  const RvSigItem *it = &fc->b->sig->args[i];
  if (v.t == RV_NIL && it->opt && ctype(it->type) == &ffi_type_pointer) {
    out->ptr = NULL;
    return RV_OK;
  }
  switch (it->type) {
  case RV_SIG_STR:
    if (v.t == RV_STR) return string(fc, i, v, out);
    break;
  case RV_SIG_BYTES:
    if (v.t == RV_STR) return string(fc, i, v, out);
    /* fall through */
  case RV_SIG_BUF:
    if (v.t != RV_BUFFER) break;
    buffer(fc, i, v, out);
    return RV_OK;
  case RV_SIG_CALLBACK:
    if (RV_IS_FUNC(v.t)) return callback(fc, i, v, out);
    break;
  default:
    if (scalar(v, it->type, out)) return RV_OK;
  }
  return bad_argument(fc, i, v);
}

/* -- Values from C --------------------------------------------------------- */
/* What C left at p as `type`; bytes are copied. The memory error is raised when
   a copy cannot be made. */
static RvStatus from_c(RvMachine *m, const RvSigItem *it, const CValue *c,
                       RvValue *out) {
  RvString *s;
  switch (it->type) {
  case RV_SIG_BOOL: *out = rv_bool(c->u8 != 0); return RV_OK;
  case RV_SIG_I8: *out = rv_int(c->i8); return RV_OK;
  case RV_SIG_U8: *out = rv_int(c->u8); return RV_OK;
  case RV_SIG_I16: *out = rv_int(c->i16); return RV_OK;
  case RV_SIG_U16: *out = rv_int(c->u16); return RV_OK;
  case RV_SIG_I32: *out = rv_int(c->i32); return RV_OK;
  case RV_SIG_U32: *out = rv_int(c->u32); return RV_OK;
  case RV_SIG_F32: *out = rv_flt((double)c->f32); break;
  case RV_SIG_F64:
  case RV_SIG_FLT: *out = rv_flt(c->f64); break;
  case RV_SIG_PTR:
    *out = c->ptr ? rv_value(RV_PAY(c->ptr), RV_PTR) : rv_nil();
    return RV_OK;
  case RV_SIG_STR:
  case RV_SIG_BYTES:
    *out = rv_nil();
    if (c->ptr == NULL) return RV_OK;
    s = rv_str_new(m, c->ptr, it->size ? it->size : strlen(c->ptr));
    if (s == NULL) return RV_ERROR;
    *out = rv_strv(s);
    return RV_OK;
  default: *out = rv_int(c->i64); return RV_OK;
  }
  if (rv_u2d(out->p) != rv_u2d(out->p)) out->p = RV_NAN_BITS;
  return RV_OK;
}

/* A result libffi widened to a word, cut down to its own type. */
static void narrow(u8 type, CValue *c) {
  ffi_arg w = c->word;
  switch (type) {
  case RV_SIG_BOOL:
  case RV_SIG_U8: c->u8 = (u8)w; break;
  case RV_SIG_I8: c->i8 = (i8)w; break;
  case RV_SIG_I16: c->i16 = (i16)w; break;
  case RV_SIG_U16: c->u16 = (u16)w; break;
  case RV_SIG_I32: c->i32 = (i32)w; break;
  case RV_SIG_U32: c->u32 = (u32)w; break;
  default: break;
  }
}

/* The reverse, for what a callback returns. */
static void widen(u8 type, CValue *c) {
  switch (type) {
  case RV_SIG_BOOL:
  case RV_SIG_U8: c->word = c->u8; break;
  case RV_SIG_I8: c->word = (ffi_arg)(ffi_sarg)c->i8; break;
  case RV_SIG_I16: c->word = (ffi_arg)(ffi_sarg)c->i16; break;
  case RV_SIG_U16: c->word = c->u16; break;
  case RV_SIG_I32: c->word = (ffi_arg)(ffi_sarg)c->i32; break;
  case RV_SIG_U32: c->word = c->u32; break;
  default: break;
  }
}

/* -- Callbacks ------------------------------------------------------------- */
/* Runs the guest function. All but RV_OK ends all callbacks of the call. */
static RvStatus run_callback(Callback *cb, void **args, CValue *out) {
  RvForeignCall *fc = cb->call;
  RvMachine *m = fc->m;
  RvThread *th = m->th;
  const RvSig *sig = cb->sig;
  RvStatus st;
  /* all that allocates comes before the stack is filled */
  for (fc->ncbarg = 0; fc->ncbarg < sig->nargs; fc->ncbarg++) {
    u32 i = fc->ncbarg;
    CValue c;
    memcpy(&c, args[i], ctype(sig->args[i].type)->size);
    st = from_c(m, &sig->args[i], &c, &fc->cbarg[i]);
    if (st) return st;
  }
  u32 at = rv_frame_top(th);
  if ((st = rv_stack_ensure(th, at + 1 + sig->nargs))) return st;
  rv_slot_set(th, at, cb->fn);
  for (u32 i = 0; i < sig->nargs; i++)
    rv_slot_set(th, at + 1 + i, fc->cbarg[i]);
  fc->ncbarg = 0;
  st = rv_call_foreign(th, at, sig->nargs, (int)rv_sig_results(sig));
  if (st) return st;
  if (rv_sig_results(sig) == 0) return RV_OK;
  RvValue v = rv_slot(th, at);
  if (scalar(v, sig->res[0].type, out)) return RV_OK;
  memset(out, 0, sizeof *out);
  return rv_err(th, "callback of %s: %s expected as result, got %s",
                symbol(fc->b), rv_sig_name(sig->res[0].type),
                v.t == RV_NIL ? "nil" : rv_err_typename(m, v));
}

static void on_callback(ffi_cif *cif, void *ret, void **args, void *user) {
  Callback *cb = user;
  RvForeignCall *fc = cb->call;
  CValue out;
  memset(&out, 0, sizeof out);
  if (!pthread_equal(pthread_self(), fc->owner)) {
    fc->stranger = true;
  } else if (fc->st == RV_OK && !fc->m->killed) {
    RvStatus st = run_callback(cb, args, &out);
    if (st != RV_OK) {
      fc->ncbarg = 0;
      fc->st = st;
      fc->err = fc->m->th->err;
    }
  }
  if (rv_sig_results(cb->sig) == 0) return;
  u8 type = cb->sig->res[0].type;
  size_t size = cif->rtype->size;
  widen(type, &out);
  bool word = type != RV_SIG_F32 && size < sizeof(ffi_arg);
  memcpy(ret, &out, word ? sizeof(ffi_arg) : size);
}

/* -- The call -------------------------------------------------------------- */
static RvStatus denied(RvThread *th, RvBound *b) {
  RvHost *h = th->m->host;
  char flag[150];
  rv_policy_flag(RV_GRANT_NATIVE, library(b), flag, sizeof flag);
  h->native.errors++;
  h->native.denied++;
  rv_err(th, "%.100s: denied (%s would grant it)", symbol(b), flag);
  h->fault = RV_FAULT_DENIED;
  h->fault_err = th->err;
  return RV_ERROR;
}

static u64 weigh(RvThread *th, u32 at, const RvSig *sig) {
  u64 bytes = 0;
  for (u32 i = 0; i < sig->nargs; i++) {
    RvValue v = rv_slot(th, at + i);
    if (v.t == RV_STR) bytes += RV_AS(RvString, v)->len;
    if (v.t == RV_BUFFER) bytes += RV_AS(RvBuffer, v)->len;
  }
  return bytes;
}

/* Everything between the checks and the clean-up. */
static RvStatus perform(RvForeignCall *fc, RvThread *th, u32 at) {
  const RvSig *sig = fc->b->sig;
  CValue arg[RV_SIG_MAX], res;
  void *av[RV_SIG_MAX];
  for (u32 i = 0; i < sig->nargs; i++) {
    av[i] = &arg[i];
    memset(&arg[i], 0, sizeof arg[i]);
    RvStatus st = argument(fc, i, rv_slot(th, at + i), &arg[i]);
    if (st) return st;
  }
  memset(&res, 0, sizeof res);
  th->nforeign++;
  ffi_call(&fc->b->foreign->shape.cif, fc->b->foreign->fn, &res, av);
  th->nforeign--;
  if (fc->m->killed) return RV_KILL;
  if (fc->st != RV_OK) {
    th->err = fc->err;
    return fc->st;
  }
  if (fc->stranger)
    return rv_err(th, "%s: called back from another thread", symbol(fc->b));
  if (rv_sig_results(sig) == 0) return RV_OK;
  RvValue v;
  narrow(sig->res[0].type, &res);
  RvStatus st = from_c(fc->m, &sig->res[0], &res, &v);
  if (st == RV_OK) rv_slot_set(th, at, v);
  return st;
}

RvStatus rv_native_call(RvThread *th, u32 at, RvBound *b) {
  RvMachine *m = th->m;
  RvHost *h = m->host;
  RvStatus st;
  if (!b->granted) return denied(th, b);
  if (b->foreign == NULL && (st = resolve(m, b))) return st;
  u64 bytes = weigh(th, at, b->sig);
  if ((st = rv_fuel_pay(th, m, 1 + rv_fuel_bytes(bytes)))) return st;
  RvForeignCall fc;
  fc.outer = h->foreign;
  fc.depth = fc.outer ? fc.outer->depth + 1 : 1;
  if (fc.depth > MAX_DEPTH)
    return rv_err(th, "%s: foreign calls nested too deeply", symbol(b));
  fc.m = m;
  fc.b = b;
  fc.owner = pthread_self();
  fc.stranger = false;
  fc.st = RV_OK;
  fc.err = rv_nil();
  fc.ncallbacks = fc.ncbarg = fc.exposed = 0;
  for (u32 i = 0; i < b->sig->nargs; i++) fc.keep[i] = rv_nil();
  h->foreign = &fc;
  h->native.calls++;
  h->native.bytes += bytes;
  st = perform(&fc, th, at);
  h->foreign = fc.outer;
  for (u32 i = 0; i < fc.ncallbacks; i++)
    ffi_closure_free(fc.callback[i].closure);
  for (u32 i = 0; i < b->sig->nargs; i++)
    if (fc.exposed & 1u << i)
      RV_AS(RvBuffer, fc.keep[i])->h.flags &= (u8)~1u;
  if (st != RV_OK) h->native.errors++;
  return st;
}

void rv_native_roots(RvMachine *m, void (*visit)(RvMachine *m, RvValue v)) {
  for (RvForeignCall *fc = m->host->foreign; fc; fc = fc->outer) {
    visit(m, fc->err);
    for (u32 i = 0; i < fc->b->sig->nargs; i++) visit(m, fc->keep[i]);
    for (u32 i = 0; i < fc->ncallbacks; i++) visit(m, fc->callback[i].fn);
    for (u32 i = 0; i < fc->ncbarg; i++) visit(m, fc->cbarg[i]);
  }
}

#endif
