/* SPDX-License-Identifier: MIT */
/* The generated tables agree with each other: list, numbers, words, fields. */
#include "opcodes.h"
#include "opinfo.h"
#include "tests/tap.h"

static const struct {
  const char *name;
  int number, fmt, words;
} list[] = {
#define X(name, NAME, number, fmt, words) \
  {#name, RV_OP_##NAME, RV_FMT_##fmt, words},
    RV_OPCODES(X)
#undef X
};

static int count_absent(void) {
  int n = 0;
  for (int i = 0; i < 256; i++) n += rv_opinfo[i].name == NULL;
  return n;
}

static int is_same(int i) {
  const struct RvOpInfo *info = &rv_opinfo[list[i].number];
  return info->name && !strcmp(info->name, list[i].name) &&
         info->op == list[i].number && info->fmt == list[i].fmt &&
         info->words == list[i].words;
}

/* Every field an effect speaks of is an operand. */
static int effects_name_operands(const struct RvOpInfo *info) {
  for (int i = 0; i < info->neffects; i++)
    for (int k = 0; k < info->effect[i].nargs; k++) {
      int field = info->effect[i].arg[k].field, found = !field;
      for (int j = 0; j < info->noperands; j++)
        found |= info->operand[j].field == field;
      if (!found) return 0;
    }
  return 1;
}

static void test_words(void) {
  const struct RvOpInfo *add = &rv_opinfo[RV_OP_ADD];
  const struct RvOpInfo *ret = &rv_opinfo[RV_OP_RETM];
  const struct RvOpInfo *loop = &rv_opinfo[RV_OP_FORLOOP];
  is_int(add->noperands, 3, "add has three operands");
  is_int(add->operand[0].kind, RV_KIND_WR, "it writes the first");
  is_int(add->operand[2].kind, RV_KIND_RD, "it reads the third");
  is_int(ret->flags, RV_OPF_END | RV_OPF_OPEN_IN, "flags of retm");
  is_int(ret->effect[0].kind, RV_EFF_OPEN_IN, "retm takes open results");
  is_int(ret->effect[0].arg[0].field, RV_FIELD_A, "from register A");
  is_int(loop->flags, RV_OPF_JUMP | RV_OPF_BACK, "flags of forloop");
  is_int(loop->fuel, RV_FUEL_LOOP, "fuel of forloop");
}

int main(void) {
  int same = 0, named = 0, rules = 0;
  for (int i = 0; i < RV_OP_COUNT; i++) {
    const struct RvOpInfo *info = &rv_opinfo[list[i].number];
    same += is_same(i);
    named += effects_name_operands(info);
    rules += info->nrules > 0;
  }
  is_int(sizeof list / sizeof list[0], RV_OP_COUNT, "length of the list");
  is_int(count_absent(), 256 - RV_OP_COUNT, "instructions in the table");
  is_int(same, RV_OP_COUNT, "list and table agree");
  is_int(named, RV_OP_COUNT, "effects speak of operands");
  is_int(rules, RV_OP_COUNT, "each instruction assumes something");
  is_str(rv_rule_name[RV_RULE_OP_VALID], "op-valid", "names of rules");
  is_str(rv_kind_info[RV_KIND_WR].written, "rN", "notation of a kind");
  is_int(RV_OP_EXTRA, 1, "number of the EXTRA word");
  test_words();
  return done_testing();
}
