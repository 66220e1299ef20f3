/* SPDX-License-Identifier: MIT */
/* Grammar of Lua 5.4; actions only call builders.

   `prefix` is what may stand in front of a call, an index or an assignment, so
   that a statement is a prefix, whatever it turns out to be. Whether it is a
   call, or can be assigned to, is asked when it has been read: as one knows
   from PUC Lua's messages, it does the same. */
%define api.pure full
%define api.prefix {rvl_yy}
%define api.token.prefix {T_}
%define api.location.type {RvlLoc}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%parse-param {RvlParser *p} {void *scanner}
%lex-param {void *scanner}

%code requires {
#include "compiler/parse.h"
}

%code {
#define YYLLOC_DEFAULT(cur, rhs, n) ((cur) = YYRHSLOC(rhs, (n) ? 1 : 0))
/* The stack starts on the C stack and grows in memory of its own. */
#define YYINITDEPTH 100
#define YYMAXDEPTH 40000
int rvl_yylex(RVL_YYSTYPE *val, RvlLoc *loc, void *scanner);
static void yyerror(RvlLoc *loc, RvlParser *p, void *scanner, const char *msg);

/* Ends the parse when an action has told an error. */
#define CHECK if (p->failed || p->mem.nomem) YYABORT
/* Reads the next token, as PUC Lua has done when it tells some errors: their
   line is that of this token. */
#define LOOK_AHEAD                                                             \
  if (yychar == T_RVL_YYEMPTY) yychar = rvl_yylex(&yylval, &yylloc, scanner)
#define ENTER if (!rvl_enter(p)) YYABORT
}

%union {
  RvlName *name;
  RvValue number;
  RvlExpr *expr;
  RvlList list;
  RvlStat *stat;
  RvlBlock block;
  RvlVar *var;
  struct {
    RvlVar *first, *last;
  } vars;
  struct {
    RvlField *first, *last;
  } fields;
  RvlField *field;
  struct {
    RvlStat *first, *last;
  } ifs;
  u8 attr;
}

%token EOF 0 "end of text"
%token AND BREAK DO ELSE ELSEIF END FALSE FOR FUNCTION GOTO IF IN LOCAL NIL NOT
%token OR REPEAT RETURN THEN TRUE UNTIL WHILE
%token CONCAT DOTS EQ NE LE GE SHL SHR IDIV DBCOLON
%token <name> NAME STRING
%token <number> NUMBER

%precedence LOW
%precedence '('
%left OR
%left AND
%left '<' '>' LE GE NE EQ
%left '|'
%left '~'
%left '&'
%left SHL SHR
%right CONCAT
%left '+' '-'
%left '*' '/' IDIV '%'
%precedence UNARY
%right '^'

%type <expr> exp prefix funcname funcbody opt_step
%type <list> exprs opt_exprs args targets
%type <stat> stat return
%type <block> stats block body loop_body
%type <ifs> elseifs
%type <vars> attnames names
%type <var> attname
%type <attr> attrib
%type <fields> fields field_list
%type <field> field

%%

chunk
  : block  { CHECK; rvl_close_func(p, $1); CHECK; }
  ;

/* -- Blocks ----------------------------------------------------------------- */

block
  : stats
  | stats return  { rvl_add_stat(p, &$1, $2); $$ = $1; }
  ;

stats
  : %empty        { $$ = (RvlBlock){0}; }
  | stats ';'
  | stats stat    { CHECK; rvl_add_stat(p, &$1, $2); $$ = $1; }
  ;

return
  : RETURN opt_exprs opt_semi
    {
      $$ = rvl_stat(p, RVL_S_RETURN, @1.line);
      $$->exprs = $2;
    }
  ;

opt_semi
  : %empty
  | ';'
  ;

scope
  : %empty  { rvl_open_scope(p, false); }
  ;

loop_scope
  : %empty  { rvl_open_scope(p, true); }
  ;

body
  : scope block  { rvl_close_scope(p, 0); CHECK; $$ = $2; }
  ;

loop_body
  : loop_scope block  { rvl_close_scope(p, 0); CHECK; $$ = $2; }
  ;

/* -- Statements ------------------------------------------------------------- */

stat
  : prefix %prec LOW
    {
      CHECK;
      $$ = rvl_call_stat(p, $1, @1.line);
      CHECK;
    }
  | targets '=' exprs
    {
      $$ = rvl_assign(p, $1, $3, @2.line);
      $$->end_line = p->last_line;
      p->noncall = NULL;
    }
  | DO body END
    {
      $$ = rvl_stat(p, RVL_S_DO, @1.line);
      $$->block = $2;
    }
  | WHILE exp DO loop_body END
    {
      $$ = rvl_stat(p, RVL_S_WHILE, @1.line);
      $$->exprs = rvl_list1($2);
      $$->block = $4;
      $$->end_line = @5.line;
    }
  | REPEAT loop_scope block UNTIL exp
    {
      rvl_close_scope(p, @4.line);
      CHECK;
      $$ = rvl_stat(p, RVL_S_REPEAT, @1.line);
      $$->block = $3;
      $$->exprs = rvl_list1($5);
    }
  | IF exp THEN body elseifs END
    {
      $$ = rvl_stat(p, RVL_S_IF, @1.line);
      $$->exprs = rvl_list1($2);
      $$->block = $4;
      $$->other = $5.first;
    }
  | IF exp THEN body elseifs ELSE body END
    {
      RvlStat *last = rvl_stat(p, RVL_S_IF, @6.line);
      last->block = $7;
      $$ = rvl_stat(p, RVL_S_IF, @1.line);
      $$->exprs = rvl_list1($2);
      $$->block = $4;
      $$->other = $5.first ? $5.first : last;
      if ($5.last) $5.last->other = last;
    }
  | FOR NAME
    {
      rvl_check_vars(p, 4);
      CHECK;
    }
    '=' exp ',' exp opt_step DO
    {
      rvl_open_for(p, 3);
      $<var>$ = rvl_var(p, $2, RVL_PLAIN);
      rvl_declare(p, $<var>$);
      CHECK;
    }
    block END
    {
      rvl_close_scope(p, 0);
      CHECK;
      $$ = rvl_stat(p, RVL_S_FORNUM, @1.line);
      $$->vars = $<var>10;
      $$->exprs = rvl_append(rvl_list1($5), $7);
      if ($8) $$->exprs = rvl_append($$->exprs, $8);
      $$->block = $11;
      $$->end_line = @9.line;
    }
  | FOR names IN exprs DO
    {
      rvl_open_for(p, 4);
      rvl_declare(p, $2.first);
      CHECK;
    }
    block END
    {
      rvl_close_scope(p, 0);
      CHECK;
      $$ = rvl_stat(p, RVL_S_FORIN, @1.line);
      $$->vars = $2.first;
      $$->exprs = $4;
      $$->block = $7;
      $$->end_line = @5.line;
    }
  | FUNCTION funcname
    {
      rvl_open_func(p, @1.line);
      CHECK;
    }
    funcbody
    {
      rvl_check_target(p, $2);
      CHECK;
      $$ = rvl_assign(p, rvl_list1($2), rvl_list1($4), @1.line);
    }
  | FUNCTION funcname ':' NAME
    {
      rvl_open_func(p, @1.line);
      CHECK;
      rvl_params(p, rvl_var(p, p->n_self, RVL_PLAIN));
      CHECK;
    }
    funcbody
    {
      RvlExpr *k = rvl_name_expr(p, RVL_STR, $4, @4.line);
      RvlExpr *t = rvl_pair(p, RVL_INDEX, $2, k, @4.line);
      $$ = rvl_assign(p, rvl_list1(t), rvl_list1($6), @1.line);
    }
  | LOCAL FUNCTION NAME
    {
      $<var>$ = rvl_var(p, $3, RVL_PLAIN);
      rvl_declare(p, $<var>$);
      rvl_open_func(p, @2.line);
      CHECK;
      p->fs->name = $3;
    }
    funcbody
    {
      $$ = rvl_stat(p, RVL_S_LOCALFUNC, @1.line);
      $$->vars = $<var>4;
      $$->exprs = rvl_list1($5);
    }
  | LOCAL attnames
    {
      $$ = rvl_local(p, $2.first, (RvlList){0}, @1.line);
      CHECK;
    }
  | LOCAL attnames '=' exprs
    {
      $$ = rvl_local(p, $2.first, $4, @1.line);
      CHECK;
    }
  | BREAK
    {
      $$ = rvl_stat(p, RVL_S_BREAK, @1.line);
      rvl_break(p, $$);
    }
  | GOTO NAME
    {
      $$ = rvl_stat(p, RVL_S_GOTO, @1.line);
      rvl_goto(p, $$, $2);
    }
  | DBCOLON NAME DBCOLON
    {
      LOOK_AHEAD;
      $$ = rvl_label(p, $2, @2.line);
      CHECK;
    }
  ;

elseifs
  : %empty  { $$.first = $$.last = NULL; }
  | elseifs ELSEIF exp THEN body
    {
      RvlStat *s = rvl_stat(p, RVL_S_IF, @2.line);
      s->exprs = rvl_list1($3);
      s->block = $5;
      $$ = $1;
      if ($$.last) $$.last->other = s;
      else $$.first = s;
      $$.last = s;
    }
  ;

opt_step
  : %empty   { $$ = NULL; }
  | ',' exp  { $$ = $2; }
  ;

targets
  : prefix
    {
      rvl_check_target(p, $1);
      CHECK;
      $$ = rvl_list1($1);
    }
  | targets ',' prefix
    {
      rvl_check_target(p, $3);
      CHECK;
      $$ = rvl_append($1, $3);
      if ($$.n > RVL_MAX_LEVELS) rvl_error_deep(p);
      CHECK;
    }
  ;

funcname
  : NAME               { $$ = rvl_resolve(p, $1, @1.line); }
  | funcname '.' NAME
    {
      RvlExpr *k = rvl_name_expr(p, RVL_STR, $3, @3.line);
      $$ = rvl_pair(p, RVL_INDEX, $1, k, @3.line);
    }
  ;

attnames
  : attname               { $$.first = $$.last = $1; }
  | attnames ',' attname
    {
      $$ = $1;
      $$.last->next = $3;
      $$.last = $3;
    }
  ;

attname
  : NAME attrib
    {
      CHECK;
      p->noncall = NULL;
      $$ = rvl_var(p, $1, (RvlAttr)$2);
      if ($2 == RVL_CLOSE && p->fs->closing++)
        rvl_error_plain(p, "multiple to-be-closed variables in local list");
      CHECK;
    }
  ;

attrib
  : %empty        { $$ = RVL_PLAIN; }
  | '<' NAME '>'  { $$ = rvl_attr(p, $2); CHECK; }
  ;

names
  : NAME
    {
      LOOK_AHEAD;
      $$.first = $$.last = rvl_var(p, $1, RVL_PLAIN);
      CHECK;
    }
  | names ',' NAME
    {
      LOOK_AHEAD;
      $$ = $1;
      $$.last = $$.last->next = rvl_var(p, $3, RVL_PLAIN);
    }
  ;

/* -- Functions -------------------------------------------------------------- */

funcbody
  : '(' params ')' block END
    {
      u32 child;
      CHECK;
      p->fs->last_line = @5.line;
      LOOK_AHEAD;
      child = rvl_close_func(p, $4);
      CHECK;
      $$ = rvl_expr(p, RVL_FUNC, @5.line);
      $$->func = child;
    }
  ;

params
  : %empty
  | DOTS            { p->fs->vararg = true; }
  | names           { rvl_params(p, $1.first); CHECK; }
  | names ',' DOTS
    {
      rvl_params(p, $1.first);
      CHECK;
      p->fs->vararg = true;
    }
  ;

/* -- Expressions ------------------------------------------------------------ */

opt_exprs
  : %empty  { $$ = (RvlList){0}; }
  | exprs
  ;

exprs
  : exp            { $$ = rvl_list1($1); }
  | exprs ',' exp  { $$ = rvl_append($1, $3); }
  ;

prefix
  : NAME
    {
      LOOK_AHEAD;
      p->noncall = $$ = rvl_resolve(p, $1, @1.line);
      CHECK;
    }
  | prefix '[' exp ']'
    {
      p->noncall = $$ = rvl_pair(p, RVL_INDEX, $1, $3, @4.line);
    }
  | prefix '.' NAME
    {
      RvlExpr *k = rvl_name_expr(p, RVL_STR, $3, @3.line);
      p->noncall = $$ = rvl_pair(p, RVL_INDEX, $1, k, @3.line);
    }
  | '(' exp ')'
    {
      p->noncall = $$ = rvl_pair(p, RVL_PAREN, $2, NULL, @1.line);
    }
  | prefix args
    {
      $$ = rvl_pair(p, RVL_CALL, $1, $2.first, @2.line);
      p->noncall = NULL;
    }
  | prefix ':' NAME args
    {
      RvlExpr *k = rvl_name_expr(p, RVL_STR, $3, @3.line);
      k->next = $4.first;
      $$ = rvl_pair(p, RVL_METHOD, $1, k, @4.line);
      p->noncall = NULL;
    }
  | '@' STRING
    {
      $$ = rvl_name_expr(p, RVL_IMPORT, $2, @1.line);
    }
  | '@' NAME args
    {
      RvlExpr *k = rvl_name_expr(p, RVL_STR, $2, @2.line);
      k->next = $3.first;
      $$ = rvl_pair(p, RVL_INTRIN, NULL, k, @2.line);
      $$->n = rvl_intrinsic_many($2);
      p->noncall = NULL;
    }
  ;

args
  : '(' opt_exprs ')'  { $$ = $2; }
  | '{' fields '}'
    {
      RvlExpr *t = rvl_expr(p, RVL_TABLE, @1.line);
      t->fields = $2.first;
      $$ = rvl_list1(t);
    }
  | STRING             { $$ = rvl_list1(rvl_name_expr(p, RVL_STR, $1, @1.line)); }
  ;

enter
  : %empty  { ENTER; }
  ;

exp
  : NIL                 { $$ = rvl_expr(p, RVL_NIL, @1.line); }
  | FALSE               { $$ = rvl_expr(p, RVL_FALSE, @1.line); }
  | TRUE                { $$ = rvl_expr(p, RVL_TRUE, @1.line); }
  | NUMBER              { $$ = rvl_number(p, $1, @1.line); }
  | STRING              { $$ = rvl_name_expr(p, RVL_STR, $1, @1.line); }
  | DOTS
    {
      if (!p->fs->vararg)
        rvl_error(p, @1.line, "...", 3,
                  "cannot use '...' outside a vararg function");
      CHECK;
      $$ = rvl_expr(p, RVL_VARARG, @1.line);
    }
  | FUNCTION
    {
      rvl_open_func(p, @1.line);
      CHECK;
    }
    funcbody            { $$ = $3; }
  | '{' fields '}'
    {
      $$ = rvl_expr(p, RVL_TABLE, @1.line);
      $$->fields = $2.first;
    }
  | prefix %prec LOW    { CHECK; p->noncall = NULL; $$ = $1; }
  | exp OR exp          { $$ = rvl_chain(p, RVL_OR, $1, $3, @2.line); }
  | exp AND exp         { $$ = rvl_chain(p, RVL_AND, $1, $3, @2.line); }
  | exp '<' exp         { $$ = rvl_binary(p, RVL_LT, $1, $3, @2.line); }
  | exp '>' exp         { $$ = rvl_binary(p, RVL_GT, $1, $3, @2.line); }
  | exp LE exp          { $$ = rvl_binary(p, RVL_LE, $1, $3, @2.line); }
  | exp GE exp          { $$ = rvl_binary(p, RVL_GE, $1, $3, @2.line); }
  | exp EQ exp          { $$ = rvl_binary(p, RVL_EQ, $1, $3, @2.line); }
  | exp NE exp          { $$ = rvl_binary(p, RVL_NE, $1, $3, @2.line); }
  | exp '|' exp         { $$ = rvl_binary(p, RVL_BOR, $1, $3, @2.line); }
  | exp '~' exp         { $$ = rvl_binary(p, RVL_BXOR, $1, $3, @2.line); }
  | exp '&' exp         { $$ = rvl_binary(p, RVL_BAND, $1, $3, @2.line); }
  | exp SHL exp         { $$ = rvl_binary(p, RVL_SHL, $1, $3, @2.line); }
  | exp SHR exp         { $$ = rvl_binary(p, RVL_SHR, $1, $3, @2.line); }
  | exp '+' exp         { $$ = rvl_binary(p, RVL_ADD, $1, $3, @2.line); }
  | exp '-' exp         { $$ = rvl_binary(p, RVL_SUB, $1, $3, @2.line); }
  | exp '*' exp         { $$ = rvl_binary(p, RVL_MUL, $1, $3, @2.line); }
  | exp '/' exp         { $$ = rvl_binary(p, RVL_DIV, $1, $3, @2.line); }
  | exp IDIV exp        { $$ = rvl_binary(p, RVL_IDIV, $1, $3, @2.line); }
  | exp '%' exp         { $$ = rvl_binary(p, RVL_MOD, $1, $3, @2.line); }
  | exp CONCAT enter exp %prec CONCAT
    {
      rvl_leave(p);
      $$ = rvl_chain(p, RVL_CONCAT, $1, $4, @2.line);
    }
  | exp '^' enter exp %prec '^'
    {
      rvl_leave(p);
      $$ = rvl_binary(p, RVL_POW, $1, $4, @2.line);
    }
  | NOT enter exp %prec UNARY
    {
      rvl_leave(p);
      $$ = rvl_unary(p, RVL_NOT, $3, @1.line);
    }
  | '-' enter exp %prec UNARY
    {
      rvl_leave(p);
      $$ = rvl_unary(p, RVL_NEG, $3, @1.line);
    }
  | '~' enter exp %prec UNARY
    {
      rvl_leave(p);
      $$ = rvl_unary(p, RVL_BNOT, $3, @1.line);
    }
  | '#' enter exp %prec UNARY
    {
      rvl_leave(p);
      $$ = rvl_unary(p, RVL_LEN, $3, @1.line);
    }
  ;

/* -- Tables ----------------------------------------------------------------- */

fields
  : %empty              { $$.first = $$.last = NULL; }
  | field_list
  | field_list sep
  ;

field_list
  : field                 { $$.first = $$.last = $1; }
  | field_list sep field
    {
      $$ = $1;
      $$.last = $$.last->next = $3;
    }
  ;

sep
  : ','
  | ';'
  ;

field
  : exp                  { $$ = rvl_field(p, NULL, $1, @1.line); }
  | NAME '=' exp
    {
      RvlExpr *k = rvl_name_expr(p, RVL_STR, $1, @1.line);
      $$ = rvl_field(p, k, $3, p->last_line);
    }
  | '[' exp ']' '=' exp  { $$ = rvl_field(p, $2, $5, p->last_line); }
  ;

%%

static void yyerror(RvlLoc *loc, RvlParser *p, void *scanner, const char *msg) {
  p->mem.nomem = true; /* the one message that bison has of its own */
}

static int yyreport_syntax_error(const yypcontext_t *ctx, RvlParser *p,
                                 void *scanner) {
  yysymbol_kind_t kinds[YYNTOKENS];
  int tokens[YYNTOKENS];
  if (p->failed || p->mem.nomem) return 0;
  int n = yypcontext_expected_tokens(ctx, kinds, YYNTOKENS);
  if (n < 0) return n;
  for (int i = 0; i < n; i++)
    for (int t = 0; t <= YYMAXUTOK; t++)
      if (YYTRANSLATE(t) == kinds[i]) {
        tokens[i] = t;
        break;
      }
  rvl_error_syntax(p, tokens, n);
  return 0;
}
