/* SPDX-License-Identifier: MIT */
/* Tracebacks. */
#include "vm/err.h"

#include "vm/level.h"
#include "vm/num.h"
#include "vm/str.h"

/* The first ten and last eleven levels, as is the custom; of one more the line
   that says so would save nothing. It counts that one as shown. */
enum { HEAD = 10, TAIL = 11, MOST = HEAD + 1 + TAIL };

typedef struct Out {
  RvThread *th;
  RvThread *of;
  size_t n;
  char text[(HEAD + TAIL + 2) * 400];
} Out;

#define PUT(o, ...) \
  ((o)->n +=        \
   rv_num_fmt((o)->text + (o)->n, sizeof(o)->text - (o)->n, __VA_ARGS__))

static bool is_main(const RvProto *p) {
  const RvImage *img = p->use->img;
  for (u32 i = 0; i < img->nmodules; i++)
    if (&img->funcs[img->modules[i].func] == p->f) return true;
  return false;
}

bool rv_err_is_main(const RvProto *p) {
  return p->f->line_last == 0 && is_main(p);
}

/* A function of the program that nothing names. */
static void put_unnamed(Out *o, const RvFrame *fr) {
  const RvProto *p = rv_frame_proto(fr);
  char chunk[RV_CHUNK_NAME];
  if (rv_err_is_main(p)) {
    PUT(o, "main chunk");
  } else if (p->f->line_last) {
    rv_err_chunk(p, chunk);
    PUT(o, "function <%s:%u>", chunk, p->f->line_first);
  } else {
    PUT(o, "function '%.160s'", p->use->img->strs[p->f->name].p);
  }
}

static void put_name(Out *o, u32 level) {
  const RvFrame *fr = &o->of->frames[level];
  char global[RV_GLOBAL_NAME];
  RvVarName n = rv_level_name(o->of, level);
  rv_fuel_owe(o->th->m, (u32)(n.words / RV_NAME_WORDS));
  if (rv_global_name(o->th, rv_frame_function(fr), global))
    PUT(o, "function '%s'", global);
  else if (n.kind) PUT(o, "%s '%.160s'", n.kind, n.name);
  else if (rv_frame_is_program(fr)) put_unnamed(o, fr);
  else if (fr->kind == RV_FRAME_NATIVE && !((RvHdr *)fr->fn)->aux)
    PUT(o, "function '%s'", ((RvNative *)fr->fn)->def->name);
  else PUT(o, "?");
}

static void put_level(Out *o, u32 level) {
  const RvFrame *fr = &o->of->frames[level];
  char chunk[RV_CHUNK_NAME] = "[C]";
  u32 line = rv_err_line(fr);
  if (rv_frame_is_program(fr)) rv_err_chunk(rv_frame_proto(fr), chunk);
  if (line) PUT(o, "\n\t%s:%u: in ", chunk, line);
  else PUT(o, "\n\t%s: in ", chunk);
  put_name(o, level);
  if (fr->then & RV_FRAME_TAILED) PUT(o, "\n\t(...tail calls...)");
}

RvString *rv_err_traceback(RvThread *th, RvThread *of, u32 level) {
  Out o = {.th = th, .of = of};
  u32 levels = 0, first = rv_level(of, level), i = 0;
  for (u32 l = first; l > 0; l = rv_level_below(of, l)) levels++;
  rv_fuel_owe(th->m, levels / RV_LEVELS);
  bool entered = of == th->m->main; /* by the host, which is C */
  levels += entered && first > 0;
  PUT(&o, "stack traceback:");
  u32 skip = levels > MOST ? levels - HEAD - TAIL : 0;
  for (u32 l = first; l > 0; l = rv_level_below(of, l), i++) {
    if (skip && i == HEAD) PUT(&o, "\n\t...\t(skipping %u levels)", skip - 1);
    if (i < HEAD || i >= HEAD + skip) put_level(&o, l);
  }
  if (entered && first > 0) PUT(&o, "\n\t[C]: in ?");
  return rv_str_new(th->m, o.text, o.n);
}
