/* SPDX-License-Identifier: MIT */
/* Hidden classes: ids, transitions, lookup in shared shapes, sweeping.

   All transitions of a machine are in one open-addressing table from
   (parent's id, key string or metatable) to the child. It holds nothing alive:
   rv_shape_sweep takes out what died. A child shares its parent's key block
   when it is the first to use the slot behind the parent's last key:

        root      {}          key block  [ x | y | z |   ]
          |                               ^       ^
          +-x-->  {x}  ------- nkeys 1 ---+       |
                   +-y-->  {x y} ...  {x y z} ----+ nkeys 3

   so a chain of n additions has one block, not n. */
#include "vm/shape.h"

#include "vm/dict.h"
#include "vm/err.h"
#include "vm/feedback.h"
#include "vm/hash.h"

/* Shared shapes up to this many keys are searched without the key cache. */
#define SCAN_MAX 8u
#define NO_META 1u /* stands for `no metatable` as key of a transition */
/* Ids given up between two sweeps before the caches are emptied for them. */
#define RETIRED_MAX 4096u

struct RvTransition {
  u64 key;    /* address of the key string or metatable, or NO_META */
  u32 parent; /* id; 0: free */
  u32 child;
};

#define KEYCACHE_SIZE 1024u

typedef struct RvKeyCache {
  struct {
    u32 shape;
    i32 slot;
    const RvString *key;
  } e[KEYCACHE_SIZE];
} RvKeyCache;

/* -- Ids ---------------------------------------------------------------------
   An id that was given up names the root shape until the next sweep has made
   the caches forget it; its own h.shape tells it from a living one. */

static bool is_current(const RvMachine *m, u32 id) {
  return m->shapes[id] && m->shapes[id]->h.shape == id;
}

static bool grow_ids(RvMachine *m) {
  u32 cap = m->cshapes ? m->cshapes * 2 : 64;
  RvShape **p = rv_mem_realloc(m, m->shapes, m->cshapes * sizeof *p,
                               cap * sizeof *p);
  if (!p) return false;
  m->shapes = p;
  m->cshapes = cap;
  return true;
}

/* 0: no memory, error raised. */
static u32 take_id(RvMachine *m) {
  while (m->free_shape < m->nshapes && m->shapes[m->free_shape])
    m->free_shape++;
  if (m->free_shape < m->nshapes) return m->free_shape++;
  if (m->nshapes == m->cshapes && !grow_ids(m)) {
    rv_err_memory(m->th);
    return 0;
  }
  m->shapes[m->nshapes] = NULL;
  m->free_shape = m->nshapes + 1;
  return m->nshapes++;
}

static void free_retired(RvMachine *m) {
  for (u32 i = 1; i < m->nshapes; i++)
    if (m->shapes[i] && !is_current(m, i)) m->shapes[i] = NULL;
  m->nretired = 0;
  m->free_shape = 1;
}

static void forget_keys(RvMachine *m) {
  if (m->keycache) memset(m->keycache, 0, sizeof *m->keycache);
}

RvStatus rv_shape_renew_id(RvMachine *m, RvShape *s) {
  if (m->nretired >= RETIRED_MAX) {
    rv_feedback_forget_ids(m);
    forget_keys(m);
    free_retired(m);
  }
  u32 id = take_id(m);
  if (!id) return RV_ERROR;
  if (s->h.shape) {
    m->shapes[s->h.shape] = m->root_shape;
    m->nretired++;
  }
  s->h.shape = id;
  m->shapes[id] = s;
  return RV_OK;
}

/* -- Lookup ---------------------------------------------------------------- */

static i32 scan_keys(const RvShape *s, const RvString *key) {
  u64 p = RV_PAY(key);
  for (u32 i = 0; i < s->nkeys; i++)
    if (s->key[i] == p) return (i32)i;
  return -1;
}

void rv_shape_want_keycache(RvMachine *m) {
  if (m->keycache) return;
  m->keycache = rv_mem_realloc(m, NULL, 0, sizeof *m->keycache);
  forget_keys(m);
}

static i32 find_shared(RvMachine *m, const RvShape *s, const RvString *key) {
  if (s->nkeys <= SCAN_MAX || !m->keycache) return scan_keys(s, key);
  u32 h = (s->h.shape * 0x9e3779b9u ^ key->h.shape) % KEYCACHE_SIZE;
  if (m->keycache->e[h].shape != s->h.shape || m->keycache->e[h].key != key) {
    m->keycache->e[h].shape = s->h.shape;
    m->keycache->e[h].key = key;
    m->keycache->e[h].slot = scan_keys(s, key);
  }
  return m->keycache->e[h].slot;
}

i32 rv_shape_find_str(RvMachine *m, const RvShape *s, const RvString *key) {
  if (!rv_shape_is_private(s)) return find_shared(m, s, key);
  return rv_dict_find_interned(m, s, key);
}

size_t rv_shape_key_bytes(const RvShape *s) { return 9 * (size_t)s->cap; }

size_t rv_shape_index_width(const RvShape *s) {
  return s->isize <= 256 ? 1 : s->isize <= 65536 ? 2 : 4;
}

size_t rv_shape_index_bytes(const RvShape *s) {
  return s->isize * rv_shape_index_width(s);
}

/* -- Transitions ----------------------------------------------------------- */

static u32 trans_slot(const RvMachine *m, u32 parent, u64 key) {
  u32 i = rv_hash_keyed(key, parent * 0x9e3779b97f4a7c15ull) & (m->ctrans - 1);
  while (m->trans[i].parent &&
         (m->trans[i].parent != parent || m->trans[i].key != key))
    i = (i + 1) & (m->ctrans - 1);
  return i;
}

static RvShape *find_child(const RvMachine *m, const RvShape *s, u64 key) {
  if (!m->ctrans) return NULL;
  const RvTransition *x = &m->trans[trans_slot(m, s->h.shape, key)];
  return x->parent ? m->shapes[x->child] : NULL;
}

/* Moves the transitions that hold into a new table of cap entries. */
static bool rebuild_trans(RvMachine *m, u32 cap) {
  RvTransition *old = m->trans;
  u32 ocap = m->ctrans;
  RvTransition *p = rv_mem_realloc(m, NULL, 0, cap * sizeof *p);
  if (!p) return false;
  memset(p, 0, cap * sizeof *p);
  m->trans = p;
  m->ctrans = cap;
  for (u32 i = 0; i < ocap; i++)
    if (old[i].parent)
      m->trans[trans_slot(m, old[i].parent, old[i].key)] = old[i];
  rv_mem_free(m, old, ocap * sizeof *old);
  return true;
}

static bool trans_room(RvMachine *m) {
  if (m->ntrans * 4 < m->ctrans * 3) return true;
  return rebuild_trans(m, m->ctrans ? m->ctrans * 2 : 64);
}

static void add_trans(RvMachine *m, RvShape *parent, u64 key,
                      const RvShape *child) {
  RvTransition *x = &m->trans[trans_slot(m, parent->h.shape, key)];
  *x = (RvTransition){.key = key, .parent = parent->h.shape,
                      .child = child->h.shape};
  m->ntrans++;
  parent->fanout++;
}

/* A shared shape without keys yet. Pushes it to the roots; the caller closes
   the scope. */
static RvShape *new_child(RvMachine *m, RvShape *parent) {
  RvShape *c = rv_heap_new(m, sizeof *c, RV_LSIZE_SHAPE, RV_SHAPE);
  if (!c) return NULL;
  RvHdr h = c->h;
  memset(c, 0, sizeof *c);
  c->h = h;
  c->parent = parent;
  rv_root_push(m, rv_obj(c, RV_SHAPE));
  return c;
}

/* Lets c begin with the keys of s, with room for n in all. */
static bool take_keys(RvMachine *m, RvShape *c, RvShape *s, u32 n) {
  if (n <= s->cap && (n == s->nkeys || !(s->h.aux & RV_SHAPE_EXTENDED))) {
    c->key = s->key;
    c->cap = s->cap;
    c->nkeys = s->nkeys;
    return true;
  }
  u32 cap = (n + n / 2 + 3) & ~3u;
  if (cap > RV_SHAPE_MAX_FIELDS) cap = RV_SHAPE_MAX_FIELDS;
  u64 *key = rv_heap_alloc(m, 9 * (size_t)cap, 0);
  if (!key) return false;
  if (s->nkeys) memcpy(key, s->key, 8 * (size_t)s->nkeys);
  memset(key + cap, RV_STR, cap);
  c->key = key;
  c->cap = cap;
  c->nkeys = s->nkeys;
  rv_barrier(m, c, RV_SHAPE); /* the allocation may have scanned c */
  return true;
}

static bool may_have_child(const RvMachine *m, const RvShape *s) {
  return s->fanout <
         (s == m->root_shape ? RV_SHAPE_ROOT_FANOUT : RV_SHAPE_MAX_FANOUT);
}

static bool make_key_child(RvMachine *m, RvShape *s, RvString *key,
                           RvShape *c) {
  if (!take_keys(m, c, s, s->nkeys + 1) || !trans_room(m)) return false;
  if (rv_shape_renew_id(m, c)) return false;
  if (c->key == s->key) s->h.aux |= RV_SHAPE_EXTENDED;
  c->key[c->nkeys++] = RV_PAY(key);
  c->meta = s->meta;
  add_trans(m, s, RV_PAY(key), c);
  return true;
}

RvShape *rv_shape_add_key(RvMachine *m, RvShape *s, RvString *key, bool dynamic,
                          bool *full) {
  u32 dyn = s->h.aux & RV_SHAPE_DYNAMIC;
  *full = s->nkeys >= RV_SHAPE_MAX_FIELDS ||
          (dynamic && dyn >= RV_SHAPE_MAX_DYNAMIC);
  if (*full) return NULL;
  RvShape *c = find_child(m, s, RV_PAY(key));
  if (c) return c;
  *full = !may_have_child(m, s);
  if (*full) return NULL;
  u32 mark = rv_root_open(m);
  c = new_child(m, s);
  if (c && !make_key_child(m, s, key, c)) {
    rv_err_memory(m->th);
    c = NULL;
  }
  rv_root_close(m, mark);
  if (!c) return NULL;
  c->h.aux |= (u8)(dyn + (dynamic ? 1 : 0));
  if (c->nkeys > SCAN_MAX) rv_shape_want_keycache(m);
  return c;
}

/* The shape with the same keys that metatables are set from: setting one after
   the other must not make a chain. */
static RvShape *meta_base(RvShape *s) {
  while (s->parent && s->parent->nkeys == s->nkeys) s = s->parent;
  return s;
}

RvShape *rv_shape_with_meta(RvMachine *m, RvShape *s, RvTable *meta,
                            bool *full) {
  *full = false;
  if (s->meta == meta) return s;
  s = meta_base(s);
  if (s->meta == meta) return s;
  u64 key = meta ? RV_PAY(meta) : NO_META;
  RvShape *c = find_child(m, s, key);
  if (c) return c;
  *full = !may_have_child(m, s);
  if (*full) return NULL;
  u32 mark = rv_root_open(m);
  c = new_child(m, s);
  if (c && (!take_keys(m, c, s, s->nkeys) || !trans_room(m) ||
            rv_shape_renew_id(m, c))) {
    rv_err_memory(m->th);
    c = NULL;
  }
  rv_root_close(m, mark);
  if (!c) return NULL;
  /* The slot behind the last key may be taken already, or be taken by s. */
  c->h.aux = s->h.aux & RV_SHAPE_DYNAMIC;
  c->h.aux |= RV_SHAPE_EXTENDED;
  c->meta = meta;
  add_trans(m, s, key, c);
  return c;
}

/* -- Sweeping -------------------------------------------------------------- */

static bool is_marked(const RvShape *s) {
  return rv_gc_is_marked(&s->h, sizeof *s);
}

/* A shape that only its children keep alive does not keep its metatable: no
   table has it, and none can come to it but by taking the metatable away. */
static void cut_dead_metas(RvMachine *m) {
  for (u32 i = 1; i < m->nshapes; i++) {
    RvShape *s = m->shapes[i];
    if (!is_current(m, i) || !is_marked(s) || !s->meta) continue;
    if (!rv_gc_object_marked(&s->meta->h)) s->meta = NULL;
  }
}

/* Is the transition void: parent or child dead, or the child's metatable cut
   off? */
static bool is_void(const RvMachine *m, const RvTransition *x) {
  const RvShape *p = m->shapes[x->parent], *c = m->shapes[x->child];
  if (!p || !c) return true;
  return c->nkeys == p->nkeys && x->key != NO_META && !c->meta;
}

/* Takes entry i out and lets those behind it in the probe run close up. */
static void remove_trans(RvMachine *m, u32 i) {
  m->trans[i].parent = 0;
  for (;;) {
    i = (i + 1) & (m->ctrans - 1);
    RvTransition x = m->trans[i];
    if (!x.parent) return;
    m->trans[i].parent = 0;
    m->trans[trans_slot(m, x.parent, x.key)] = x;
  }
}

static void sweep_trans(RvMachine *m) {
  u32 n = m->ntrans;
  for (u32 i = 0; i < m->ctrans; i++) {
    RvTransition *x = &m->trans[i];
    if (!x->parent || !is_void(m, x)) continue;
    if (m->shapes[x->parent]) m->shapes[x->parent]->fanout--;
    x->child = 0;
    m->ntrans--;
  }
  if (m->ntrans == n) return;
  for (u32 i = 0; i < m->ctrans; i++)
    while (m->trans[i].parent && !m->trans[i].child) remove_trans(m, i);
  if (m->ctrans > 64 && m->ntrans * 8 < m->ctrans)
    rebuild_trans(m, m->ctrans / 2);
}

void rv_shape_sweep(RvMachine *m) {
  cut_dead_metas(m);
  for (u32 i = 1; i < m->nshapes; i++)
    if (m->shapes[i] && (!is_current(m, i) || !is_marked(m->shapes[i])))
      m->shapes[i] = NULL;
  m->nretired = 0;
  m->free_shape = 1;
  while (m->nshapes > 1 && !m->shapes[m->nshapes - 1]) m->nshapes--;
  sweep_trans(m);
  forget_keys(m);
}

/* -- Beginning and end ----------------------------------------------------- */

bool rv_shape_init(RvMachine *m) {
  m->nshapes = m->free_shape = 1; /* id 0 is never used */
  if (!grow_ids(m)) return false;
  m->shapes[0] = NULL;
  m->hash_seed = rv_mix64(RV_PAY(m) ^ rv_mix64(RV_PAY(m->shapes)));
  m->meta_epoch = 1;
  RvShape *s = rv_heap_new(m, sizeof *s, RV_LSIZE_SHAPE, RV_SHAPE);
  if (!s) return false;
  RvHdr h = s->h;
  memset(s, 0, sizeof *s);
  s->h = h;
  if (rv_shape_renew_id(m, s)) return false;
  m->root_shape = s;
  return true;
}

void rv_shape_fini(RvMachine *m) {
  rv_mem_free(m, m->shapes, m->cshapes * sizeof *m->shapes);
  rv_mem_free(m, m->trans, m->ctrans * sizeof *m->trans);
  rv_mem_free(m, m->keycache, sizeof *m->keycache);
  m->shapes = NULL;
  m->trans = NULL;
  m->keycache = NULL;
  m->nshapes = m->cshapes = m->ntrans = m->ctrans = 0;
}
