#!/bin/sh
# examples/tiny: a Scheme that compiles to assembly. modes: all
# SPDX-License-Identifier: MIT
. tests/tap.sh
here=examples/tiny
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
LC_ALL=C
export LC_ALL

# What runs the compiler, which is in Lua: the program under test; for stress, which
# would take 20 s for each program, the release.
lua=$ROVE
[ "$ROVE_MODE" = stress ] && lua=$ROVE_REF
lua=${TINY_LUA:-$lua}
# shellcheck disable=SC2086 # a list of words
if [ "$(echo 'io.write("yes")' >"$dir/try.lua" && $lua "$dir/try.lua" 2>&1)" \
  != yes ]; then
  skip_all "missing: $lua"
fi

# compile FILE: FILE.scm to $dir/out.rasm, messages to $dir/err.
compile() {
  # shellcheck disable=SC2086
  $lua $here/tiny.lua "$1" >"$dir/out.rasm" 2>"$dir/err"
}

# run FLAGS: the program compiled last; what it prints goes to $dir/out.
run() {
  # shellcheck disable=SC2086
  $ROVE asm --verify -o "$dir/out.rove" "$dir/out.rasm" 2>"$dir/err" &&
    $ROVE run $1 "$dir/out.rove" >"$dir/out" 2>"$dir/err"
}

# -- The programs ------------------------------------------------------------
n=0
for f in $here/programs/*.scm; do
  name=$(basename "$f" .scm)
  n=$((n + 1))
  flags=
  # A million tail calls in a stack of a few hundred frames.
  [ "$name" = tailloop ] && flags="--stack 2000"
  # Recursion without end need not go far, with a collection at each allocation.
  [ "$name" = errors ] && flags="--stack 50000"
  ok "$name compiles" compile "$f" || diag "$(cat "$dir/err")"
  if [ "$name$ROVE_MODE" = tailloopstress ]; then
    skip "$name runs" "four million calls take too long in stress builds"
    continue
  fi
  ok "$name runs" run "$flags" || diag "$(cat "$dir/err")"
  ok "$name prints what it should" cmp "$dir/out" "$here/programs/$name.out" ||
    diag "$(diff "$here/programs/$name.out" "$dir/out" | head -20)"
done
ok "twenty programs or more: $n" [ "$n" -ge 20 ]
is "each has its output" "$(find $here/programs -name '*.out' | wc -l | tr -d ' ')" "$n"

# -- What it is made of ---------------------------------------------------------
n=$(cat $here/*.lua | wc -l | tr -d ' ')
ok "800 lines of Lua or fewer: $n" [ "$n" -le 800 ]
is "it uses nothing of the Lua compiler or library" \
  "$(grep -nE 'compiler/|stdlib/|require' $here/*.lua)" ""
# A program wants the console and builtins; no module but its own is in it.
compile $here/programs/interpreter.scm
is "programs import the console's write alone" \
  "$(grep '^\.import' "$dir/out.rasm" | grep -v '^\.import builtin')" \
  '.import device "console" "write" (str) as write'

# -- Errors of a program that is compiled ---------------------------------------
# refused TEXT MESSAGE: MESSAGE begins with LINE:COLUMN.
refused() {
  printf '%s\n' "$1" >"$dir/bad.scm"
  compile "$dir/bad.scm"
  is "refused: $2" "$?:$(cat "$dir/err")" "1:$dir/bad.scm:$2"
}
refused '(display (+ 1 2)' "1:1: this parenthesis is never closed"
refused '(display 1))' "1:12: unexpected )"
refused '(display "abc)' "1:10: string without end"
refused '(display "a\qb")' '1:10: unknown escape \q in a string'
refused "(define x '(1 . ))" "1:17: unexpected )"
refused "(define x '(1 . 2 3))" "1:15: misplaced dot"
refused '(define x 9223372036854775808)' \
  "1:11: 9223372036854775808 does not fit 64 bits"
refused '(define x 1.2.3)' "1:11: 1.2.3 is no number"
refused '(define x `(1 2))' '1:11: ` is not part of this language'
refused '(define x #\nosuch)' '1:11: unknown character #\nosuch'
refused '
(define (f x)
  (+ x y))' '3:8: unbound variable `y`'
refused '(display x) (define x 1)' '1:10: `x` is used before it is defined'
refused '(define (f a b) a)
(display (f 1))' '2:10: `f` takes 2, not 1 arguments'
refused '(display (cons 1))' '1:10: `cons` takes 2, not 1 arguments'
refused '(define (f a . b) a) (f)' '1:22: `f` takes at least 1, not 0 arguments'
refused '(if)' '1:1: if takes a test and one or two expressions'
refused '(let ((x)) x)' '1:1: bad syntax of `let`'
refused '(let ((x 1) (x 2)) x)' '1:14: `x` is bound twice'
refused '(define (f a a) a)' '1:14: `a` is bound twice'
refused '(lambda (1) 1)' '1:10: a name is expected here'
refused '(define (f) (display 1) (define x 2) x)' \
  '1:25: definitions stand at the beginning of a body'
refused '(set! car 1)' '1:1: `car` is built in and cannot be set'
refused '(define 5 x)' '1:1: bad definition'
refused '()' '1:1: this list is no expression'
refused '(cond (1 2) (else))' '1:14: unbound variable `else`'
refused '(define-syntax m 5)' '1:1: bad definition of a macro'
refused '(define-syntax m (syntax-rules () ((_ a) (a ...)))) (m 1)' \
  '1:43: dots without a sequence'
compile "$dir/none.scm"
is "a file that is not there" "$?:$(grep -c none.scm "$dir/err")" 1:1

# -- Errors of a program that runs ------------------------------------------------
# fails TEXT MESSAGE: it ends with that error.
fails() {
  printf '%s\n' "$1" >"$dir/bad.scm"
  compile "$dir/bad.scm" && run
  is "fails: $2" "$?:$(sed '1!d; s/ value (.*)/ value/' "$dir/err")" "1:rove: $2"
}
fails '(define (f x) (car x))
(display (f 5))' "bad.scm:1: attempt to index a number value"
fails "(display 1)
(error \"no good:\" '(a \"b\") 2)" 'bad.scm:2: no good: (a "b") 2'
fails "(raise '(a b))" 'uncaught: (a b)'
fails '(define (f v) (+ 1 (vector-ref v 9)))
(display (f (vector 1)))' 'bad.scm:1: no such index of a vector: 9'

# -- Details ---------------------------------------------------------------------
# prints TEXT OUTPUT
prints() {
  printf '%s\n' "$1" >"$dir/good.scm"
  compile "$dir/good.scm" && run
  is "$1" "$?:$(cat "$dir/out")" "0:$2"
}
prints "(write '(1 (2 . 3) #t #f () \"a\\\"b\" #\\a #(1 2) sym 1.5 -0.25 1e30))" \
  '(1 (2 . 3) #t #f () "a\"b" #\a #(1 2) sym 1.5 -0.25 1e+30)'
prints "(display (list \"a\" #\\b '(\"c\") car))" '(a b (c) #<procedure>)'
prints "(write (list (if '() 1 2) (if 0 1 2) (not '()) (and) (or) (or #f '()) (and 1 '())))" \
  '(1 1 #f #t #f () ())'
prints "(define (car x) 'mine) (write (list (car 1) (cadr '(1 2)) (map car '(1))))" \
  '(mine 2 (mine))'
prints "(define (f if) (list if)) (write (f 1))" '(1)'
prints "(define-syntax swap! (syntax-rules () ((_ a b) (let ((t a)) (set! a b) (set! b t)))))
(define x 1) (let ((t 2)) (swap! x t) (write (list x t)))" '(2 1)'
prints "(define-syntax while (syntax-rules ()
  ((_ test body ...) (let loop () (when test body ... (loop))))))
(define i 0) (while (< i 3) (display i) (set! i (+ i 1)))" 012
prints "(define (f) (define a 1) (define (g) (+ a b)) (define b 2) (g)) (write (f))" 3
prints "(write (let loop ((i 0) (l '())) (if (= i 3) (map (lambda (f) (f)) l)
  (loop (+ i 1) (cons (lambda () i) l)))))" '(2 1 0)'
prints "(define x 1) (define (show) x) (set! x 2) (define y (let ((x 5)) (show))) (write y)" 2
prints "(write (list (eq? 'a 'a) (eqv? 1 1.0) (= 1 1.0) (equal? '(1 #(2)) (list 1 (vector 2)))
  (eq? (list 1) (list 1)) (equal? \"ab\" (string-append \"a\" \"b\")) (eq? #\\a #\\a)))" \
  '(#t #f #t #t #f #t #t)'
prints "(define (f a #| one (two |# b) ; three )
  (list a b)) (write (f 1 2))" '(1 2)'
prints "(write (let ((x 1)) (+ x (begin (set! x 10) x) x)))" 21
# Code that is never reached makes no function of its closures.
prints "(define (f) (if #t 1 (lambda () (lambda () 2)))) (write (f))" 1
# Many cells, and a quoted list too long for the registers.
list=$(seq 1 500 | tr '\n' ' ')
prints "(write (apply + '($list)))" 125250
prints "$(for i in $(seq 1 100); do
  echo "(define f$i (let ((x $i)) (lambda () (set! x (+ x 1)) x)))"
done) (write (+ (f1) (f100)))" 103
done_testing
