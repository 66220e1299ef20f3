/* SPDX-License-Identifier: MIT */
/* Grammar of assembly text (isa-spec/assembly.md); actions call builders. */
%define api.pure full
%define api.prefix {rva_yy}
%define api.token.prefix {T_}
%define api.location.type {RvaLoc}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%parse-param {RvaAsm *a} {void *scanner}
%lex-param {void *scanner}

%code requires {
#include "assembler/tree.h"
}

%code {
#define YYLLOC_DEFAULT(cur, rhs, n) ((cur) = YYRHSLOC(rhs, (n) ? 1 : 0))
/* The stack never leaves the C stack: nothing nests but fn( in signatures. */
#define YYINITDEPTH 400
#define YYMAXDEPTH 400

int rva_yylex(RVA_YYSTYPE *val, RvaLoc *loc, void *scanner);
static void yyerror(RvaLoc *loc, RvaAsm *a, void *scanner, const char *msg);

static const RvaText NO_TEXT;
}

%union {
  RvaText text;
  u64 num;
  RvaOpd *opd;
  RvaType *type;
  bool flag;
}

%token NL "end of line"
%token <text> NAME "name" STRING "string"
%token <num> INT "integer" FLT "float" INDEX "@number"
%token <num> REG "register" CELL "cell register" UPV "upvalue"
%token AS "`as`" AT "`at`" FN "`fn`"
%token D_IMAGE ".image" D_FEATURES ".features" D_STRING ".string"
%token D_SIG ".sig" D_IMPORT ".import" D_MODULE ".module" D_ENTRY ".entry"
%token D_FUNC ".func" D_END ".end" D_RAW ".raw" D_CONST ".const"
%token D_CACHE ".cache" D_CHILD ".child" D_UPVALUE ".upvalue"
%token D_SOURCE ".source" D_LINES ".lines" D_LINE ".line"
%token D_LOCAL ".local" D_HEIGHT ".height"
%token ':' "`:`" ',' "`,`" '(' "`(`" ')' "`)`" '[' "`[`" ']' "`]`"
%token '=' "`=`" '*' "`*`" '?' "`?`"

%type <text> word debug_name
%type <opd> operands operand constant literal index place position
%type <opd> alias
%type <type> sig types type_list type results sig_ref
%type <flag> opt

%%

file
  : %empty
  | file line
  ;

line
  : NL
  | body NL
  | error NL  { yyerrok; }
  ;

body
  : item
  | marks
  | marks item
  ;

marks
  : mark
  | marks mark
  ;

mark
  : NAME ':'  { rva_stmt(a, @1, RVA_LABEL)->text = $1; }
  | '[' INT ',' INT ',' INT ']'
    {
      RvaStmt *s = rva_stmt(a, @1, RVA_HEIGHT);
      s->n[0] = $2;
      s->n[1] = $4;
      s->n[2] = $6;
    }
  ;

item
  : instruction
  | top
  | inner
  ;

instruction
  : NAME           { rva_stmt(a, @1, RVA_INSN)->text = $1; }
  | NAME operands
    {
      RvaStmt *s = rva_stmt(a, @1, RVA_INSN);
      s->text = $1;
      s->opd = rva_opd_first($2);
    }
  ;

operands
  : operand                { $$ = rva_opd_join(NULL, $1); }
  | operands ',' operand   { $$ = rva_opd_join($1, $3); }
  ;

operand
  : REG    { $$ = rva_opd(a, @1, RVA_OPD_REG, $1, NO_TEXT); }
  | CELL   { $$ = rva_opd(a, @1, RVA_OPD_CELL, $1, NO_TEXT); }
  | UPV    { $$ = rva_opd(a, @1, RVA_OPD_UPV, $1, NO_TEXT); }
  | NAME   { $$ = rva_opd(a, @1, RVA_OPD_NAME, 0, $1); }
  | '*'    { $$ = rva_opd(a, @1, RVA_OPD_OPEN, 0, NO_TEXT); }
  | index
  | literal
  ;

literal
  : INT     { $$ = rva_opd(a, @1, RVA_OPD_INT, $1, NO_TEXT); }
  | FLT     { $$ = rva_opd(a, @1, RVA_OPD_FLT, $1, NO_TEXT); }
  | STRING  { $$ = rva_opd(a, @1, RVA_OPD_STR, 0, $1); }
  ;

index
  : INDEX   { $$ = rva_opd(a, @1, RVA_OPD_INDEX, $1, NO_TEXT); }
  ;

constant
  : literal
  | index
  ;

word
  : NAME
  | STRING
  ;

top
  : D_IMAGE STRING   { rva_stmt(a, @1, RVA_IMAGE)->text = $2; }
  | D_FEATURES INT   { rva_stmt(a, @1, RVA_FEATURES)->n[0] = $2; }
  | D_STRING STRING  { rva_stmt(a, @1, RVA_STRING)->text = $2; }
  | D_SIG sig        { rva_stmt(a, @1, RVA_SIG)->type = $2; }
  | D_IMPORT NAME STRING STRING sig_ref alias
    {
      RvaStmt *s = rva_import(a, @2, $2, $6);
      s->text = $3;
      s->text2 = $4;
      s->type = $5;
    }
  | D_IMPORT NAME STRING INT alias
    {
      RvaStmt *s = rva_import(a, @2, $2, $5);
      s->text2 = $3;
      s->n[1] = $4;
    }
  | D_MODULE word NAME
    {
      RvaStmt *s = rva_stmt(a, @3, RVA_MODULE);
      s->text = $2;
      s->text2 = $3;
    }
  | D_ENTRY word
    {
      rva_stmt(a, @1, RVA_ENTRY)->opd =
          rva_opd(a, @2, RVA_OPD_NAME, 0, $2);
    }
  | D_ENTRY index    { rva_stmt(a, @1, RVA_ENTRY)->opd = $2; }
  | D_FUNC NAME debug_name  { rva_func_begin(a, @2, $2, $3); } attributes
  | D_END            { rva_func_end(a, @1); }
  ;

debug_name
  : %empty   { $$ = NO_TEXT; }
  | STRING
  ;

attributes
  : %empty
  | attributes NAME          { rva_func_attr(a, @2, $2, false, 0); }
  | attributes NAME '=' INT  { rva_func_attr(a, @2, $2, true, $4); }
  ;

alias
  : %empty     { $$ = NULL; }
  | AS NAME    { $$ = rva_opd(a, @2, RVA_OPD_NAME, 0, $2); }
  | AS STRING  { $$ = rva_opd(a, @2, RVA_OPD_STR, 0, $2); }
  ;

sig_ref
  : sig
  | INDEX   { $$ = rva_type_ref(a, @1, $1); }
  ;

sig
  : '(' types ')' results  { $$ = rva_type_func(a, @1, $2, $4); }
  ;

results
  : %empty            { $$ = NULL; }
  | type              { $$ = rva_type_join(NULL, $1); }
  | '(' types ')'     { $$ = $2; }
  ;

types
  : %empty     { $$ = NULL; }
  | type_list
  ;

type_list
  : type                 { $$ = rva_type_join(NULL, $1); }
  | type_list ',' type   { $$ = rva_type_join($1, $3); }
  ;

type
  : NAME opt              { $$ = rva_type(a, @1, $1, $2, 0); }
  | UPV opt               { $$ = rva_type_unsigned(a, @1, $1, $2); }
  | NAME '[' INT ']' opt  { $$ = rva_type(a, @1, $1, $5, $3); }
  | FN opt sig            { $$ = $3; $$->opt = $2; }
  | FN opt INDEX          { $$ = rva_type_ref(a, @1, $3); $$->opt = $2; }
  ;

opt
  : %empty  { $$ = false; }
  | '?'     { $$ = true; }
  ;

inner
  : D_RAW raws
  | D_CONST literal    { rva_stmt(a, @1, RVA_CONST)->opd = $2; }
  | D_CACHE constant   { rva_stmt(a, @1, RVA_CACHE)->opd = $2; }
  | D_CHILD NAME       { rva_stmt(a, @2, RVA_CHILD)->text = $2; }
  | D_UPVALUE place    { rva_stmt(a, @1, RVA_UPVALUE)->opd = $2; }
  | D_UPVALUE word place
    {
      RvaStmt *s = rva_stmt(a, @1, RVA_UPVALUE);
      s->text = $2;
      s->opd = $3;
    }
  | D_SOURCE STRING    { rva_stmt(a, @1, RVA_SOURCE)->text = $2; }
  | D_LINES INT INT
    {
      RvaStmt *s = rva_stmt(a, @1, RVA_LINES);
      s->n[0] = $2;
      s->n[1] = $3;
    }
  | D_LINE INT         { rva_stmt(a, @1, RVA_LINE)->n[0] = $2; }
  | D_LINE INT AT INT
    {
      RvaStmt *s = rva_stmt(a, @1, RVA_LINE);
      s->n[0] = $2;
      s->opd = rva_opd(a, @4, RVA_OPD_INT, $4, NO_TEXT);
    }
  | D_LOCAL place word position position
    {
      RvaStmt *s = rva_stmt(a, @1, RVA_LOCAL);
      s->text = $3;
      s->opd = $2;
      s->opd->next = $4;
      $4->next = $5;
    }
  | D_HEIGHT INT INT INT INT
    {
      RvaStmt *s = rva_stmt(a, @1, RVA_HEIGHT_AT);
      s->n[0] = $2;
      s->n[1] = $3;
      s->n[2] = $4;
      s->n[3] = $5;
    }
  ;

raws
  : raw
  | raws ',' raw
  ;

raw
  : INT  { rva_stmt(a, @1, RVA_RAW)->n[0] = $1; }
  ;

place
  : REG    { $$ = rva_opd(a, @1, RVA_OPD_REG, $1, NO_TEXT); }
  | CELL   { $$ = rva_opd(a, @1, RVA_OPD_CELL, $1, NO_TEXT); }
  | UPV    { $$ = rva_opd(a, @1, RVA_OPD_UPV, $1, NO_TEXT); }
  | index
  ;

position
  : NAME   { $$ = rva_opd(a, @1, RVA_OPD_NAME, 0, $1); }
  | INT    { $$ = rva_opd(a, @1, RVA_OPD_INT, $1, NO_TEXT); }
  ;

%%

/* Called by bison only when its stack is full. */
static void yyerror(RvaLoc *loc, RvaAsm *a, void *scanner, const char *msg) {
  rva_error(a, *loc, "signature nested too deeply");
}

static void append(char *buf, size_t size, const char *s) {
  size_t n = strlen(buf), len = strlen(s);
  if (len >= size - n) return;
  memcpy(buf + n, s, len + 1);
}

/* "expected A, B or C, got D". Where any operand may stand the list would be
   long and say nothing, so it says that. */
static int yyreport_syntax_error(const yypcontext_t *ctx, RvaAsm *a,
                                 void *scanner) {
  enum { MAX = 7 };
  yysymbol_kind_t want[MAX];
  char list[160] = "";
  RvaLoc loc = *yypcontext_location(ctx);
  int n = yypcontext_expected_tokens(ctx, want, MAX);
  for (int i = 0; i < n; i++) {
    if (i > 0) append(list, sizeof list, i + 1 < n ? ", " : " or ");
    append(list, sizeof list, yysymbol_name(want[i]));
  }
  if (n <= 0) append(list, sizeof list, "an operand");
  if (a->tok.len == 0 || *a->tok.p == '\n') {
    rva_error(a, loc, "expected %s, got end of line", list);
  } else {
    rva_error(a, loc, "expected %s, got `%.*s`", list, RVA_TEXT(a->tok));
  }
  return 0;
}
