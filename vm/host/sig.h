/* SPDX-License-Identifier: MIT */
/* Signatures as text, and how values fit their types. */
#ifndef RV_VM_HOST_SIG_H
#define RV_VM_HOST_SIG_H

#include "vm/image.h"

/* One type with its `nil allowed` mark, in a byte. */
#define RV_SIG_OPT 0x80u
#define RV_SIG_TYPE(b) ((b) & 0x7fu)

/* Types of one operation, compact. */
typedef struct RvTypes {
  u8 nargs, nres;
  u8 arg[RV_SIG_MAX];
  u8 res[RV_SIG_MAX];
} RvTypes;

/* Reads "(str, int?) (int?, str?)" as host.md spells it (device types only).
   False when the text is no signature. */
bool rv_sig_parse(const char *text, RvTypes *out);
/* The word for a type: "str", "int", ... */
const char *rv_sig_name(u8 type);
/* For messages: "string", "integer", ... */
const char *rv_sig_noun(u8 type);
/* I64 and F64, which native imports may say too, count as INT and FLT. */
u8 rv_sig_plain(u8 type);
/* May an import that declares `img` be bound to an operation `op`? It may leave
   out trailing optional arguments and trailing results, and say `any`. On
   false *why is a text for the message and *n the number it is about. */
bool rv_sig_fits(const RvSig *img, const RvTypes *op, const char **why, int *n);

#endif
