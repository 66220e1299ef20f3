; What every program may use. Macros come first: most of the language is one.
; `%asm` puts instructions in; gen.lua says what its letters mean.
; SPDX-License-Identifier: MIT

; -- Syntax ---------------------------------------------------------------------
; lambda, if, set!, quote, begin, define and define-syntax are the compiler's.

(define-syntax and (syntax-rules ()
  ((_) #t)
  ((_ a) a)
  ((_ a b ...) (if a (and b ...) #f))))

(define-syntax or (syntax-rules ()
  ((_) #f)
  ((_ a) a)
  ((_ a b ...) (%or a (or b ...)))))

(define-syntax when (syntax-rules ()
  ((_ test a b ...) (if test (begin a b ...)))))

(define-syntax unless (syntax-rules ()
  ((_ test a b ...) (if test '() (begin a b ...)))))

; The first operand is what happens when no clause fits.
(define-syntax %cond (syntax-rules (else =>)
  ((_ no) no)
  ((_ no (else a b ...)) (begin a b ...))
  ((_ no (test => f) c ...) (let ((t test)) (if t (f t) (%cond no c ...))))
  ((_ no (test) c ...) (%or test (%cond no c ...)))
  ((_ no (test a b ...) c ...) (if test (begin a b ...) (%cond no c ...)))))

(define-syntax cond (syntax-rules ()
  ((_ (a b ...) c ...) (%cond '() (a b ...) c ...))))

(define-syntax %case (syntax-rules (else)
  ((_ key) '())
  ((_ key (else a b ...)) (begin a b ...))
  ((_ key ((d ...) a b ...) c ...)
   (if (or (eq? key 'd) ...) (begin a b ...) (%case key c ...)))))

(define-syntax case (syntax-rules ()
  ((_ key c d ...) (let ((k key)) (%case k c d ...)))))

(define-syntax let* (syntax-rules ()
  ((_ () b ...) (let () b ...))
  ((_ (a c ...) b ...) (let (a) (let* (c ...) b ...)))))

(define-syntax letrec (syntax-rules ()
  ((_ ((n e) ...) b ...) (let () (define n e) ... (let () b ...)))))

(define-syntax letrec* (syntax-rules ()
  ((_ ((n e) ...) b ...) (letrec ((n e) ...) b ...))))

(define-syntax let (syntax-rules ()
  ((_ ((n e) ...) b ...) (%let ((n e) ...) b ...))
  ((_ name ((n e) ...) b ...)
   ((%let () (define (name n ...) b ...) name) e ...))))

(define-syntax %step (syntax-rules ()
  ((_ n) n)
  ((_ n e) e)))

(define-syntax do (syntax-rules ()
  ((_ ((n e s ...) ...) (test r ...) b ...)
   (let again ((n e) ...)
     (if test (begin '() r ...) (begin b ... (again (%step n s ...) ...)))))))

; (guard (e clause ...) body ...): an error that no clause takes goes on.
(define-syntax guard (syntax-rules ()
  ((_ (e c ...) b ...)
   (let ((r (%try (lambda () b ...))))
     (if (car r)
         (cdr r)
         (let ((e (cdr r))) (%cond (raise e) c ...)))))))

(define-syntax assert (syntax-rules ()
  ((_ test) (if test '() (error "assertion failed:" 'test)))))

; -- What is an instruction -------------------------------------------------------
; A macro and a function may share a name: the macro serves calls that fit.

(define-syntax eq? (syntax-rules () ((_ a b) (%asm "jeq jne jeq jne" "israweq D, A, B" a b))))
(define-syntax = (syntax-rules () ((_ a b) (%asm "jeq jne jeq jne" "iseq D, A, B" a b))))
(define-syntax < (syntax-rules () ((_ a b) (%asm "jlt jnlt jgt jngt" "islt D, A, B" a b))))
(define-syntax > (syntax-rules () ((_ a b) (%asm "jlt jnlt jgt jngt" "islt D, A, B" b a))))
(define-syntax <= (syntax-rules () ((_ a b) (%asm "jle jnle jge jnge" "isle D, A, B" a b))))
(define-syntax >= (syntax-rules () ((_ a b) (%asm "jle jnle jge jnge" "isle D, A, B" b a))))

(define-syntax + (syntax-rules ()
  ((_) 0)
  ((_ a) (+ a 0))
  ((_ a b) (%asm "n" "add D, A, B" a b))
  ((_ a b c ...) (+ (+ a b) c ...))))
(define-syntax * (syntax-rules ()
  ((_) 1)
  ((_ a) (* a 1))
  ((_ a b) (%asm "n" "mul D, A, B" a b))
  ((_ a b c ...) (* (* a b) c ...))))
(define-syntax - (syntax-rules ()
  ((_ a) (%asm "n" "neg D, A" a))
  ((_ a b) (%asm "n" "sub D, A, B" a b))
  ((_ a b c ...) (- (- a b) c ...))))
(define-syntax modulo (syntax-rules ()
  ((_ a b) (%asm "n" "mod D, A, B" a b))))
(define-syntax %idiv (syntax-rules ()
  ((_ a b) (%asm "n" "idiv D, A, B" a b))))

(define-syntax not (syntax-rules () ((_ x) (if x #f #t))))
(define-syntax null? (syntax-rules () ((_ x) (eq? x '()))))
(define-syntax %type (syntax-rules () ((_ x) (%asm "n" "type D, A" x))))
(define-syntax %meta (syntax-rules () ((_ x) (%asm "" "getmeta D, A" x))))
(define-syntax boolean? (syntax-rules () ((_ x) (= (%type x) 1))))
(define-syntax number? (syntax-rules () ((_ x) (= (%type x) 3))))
(define-syntax string? (syntax-rules () ((_ x) (= (%type x) 4))))
(define-syntax procedure? (syntax-rules () ((_ x) (= (%type x) 6))))
(define-syntax pair? (syntax-rules ()
  ((_ x) (let ((t x)) (and (= (%type t) 5) (null? (%meta t)))))))
(define-syntax %is? (syntax-rules ()
  ((_ x meta) (let ((t x)) (and (= (%type t) 5) (eq? (%meta t) meta))))))
(define-syntax exact? (syntax-rules ()
  ((_ x) (eq? (%asm "" "numtype D, A" x) 0))))

; A pair is a table with the fields car and cdr, and no metatable.
(define-syntax cons (syntax-rules ()
  ((_ a b) (%asm "n" "newtable T, 0, 2; setfield T, A, 'car'; setfield T, B, 'cdr'"
                 a b))))
(define-syntax car (syntax-rules () ((_ p) (%asm "" "getfield D, A, 'car'" p))))
(define-syntax cdr (syntax-rules () ((_ p) (%asm "" "getfield D, A, 'cdr'" p))))
(define-syntax caar (syntax-rules () ((_ p) (car (car p)))))
(define-syntax cadr (syntax-rules () ((_ p) (car (cdr p)))))
(define-syntax cdar (syntax-rules () ((_ p) (cdr (car p)))))
(define-syntax cddr (syntax-rules () ((_ p) (cdr (cdr p)))))
(define-syntax caddr (syntax-rules () ((_ p) (car (cddr p)))))
(define-syntax cdddr (syntax-rules () ((_ p) (cdr (cddr p)))))
(define-syntax cadddr (syntax-rules () ((_ p) (car (cdddr p)))))
(define-syntax list (syntax-rules ()
  ((_) '())
  ((_ a b ...) (cons a (list b ...)))))

; Tables as they are.
(define-syntax %table (syntax-rules () ((_) (%asm "n" "newtable D, 0, 2"))))
(define-syntax %get (syntax-rules () ((_ t k) (%asm "" "rawget D, A, B" t k))))
(define-syntax %put! (syntax-rules ()
  ((_ t k v) (%asm "v" "rawset A, B, C" t k v))))
(define-syntax %set-meta! (syntax-rules ()
  ((_ t m) (%asm "v" "setmeta A, B" t m))))
(define-syntax %global (syntax-rules ()
  ((_ k) (%asm "" "getup T, U; rawget T, T, A" k))))
(define-syntax %set-global! (syntax-rules ()
  ((_ k v) (%asm "v" "getup T, U; rawset T, A, B" k v))))
(define-syntax %len (syntax-rules () ((_ x) (%asm "n" "len D, A" x))))

(define-syntax string-append (syntax-rules ()
  ((_) "")
  ((_ a ...) (%asm "nw" "concat D, A, N" a ...))))
(define-syntax %write (syntax-rules () ((_ s) (%asm "vw" "hcall A, write" s))))
(define-syntax raise (syntax-rules () ((_ x) (%asm "ve" "throw A" x))))

; -- Types -------------------------------------------------------------------------
; What is neither a pair nor of the machine's is a table with a metatable, which
; names the type in messages and refuses car and cdr.

(define (%make-type name)
  (let ((meta (%table)))
    (%put! meta "__name" name)
    (%put! meta "__index" (lambda (object field)
      (raise (string-append (%where 2) "attempt to take the " field " of a " name))))
    meta))

; The place in the program that a function of the prelude was called from.
(define (%where level)
  (let ((s (%asm "w" "import A, core.where; call A, 1, 1" '() level)))
    (if (or (eq? (string-search s "prelude.scm:") 0) (and (eq? s "") (< level 9)))
        (%where (+ level 1))
        s)))

(define (%new meta)
  (let ((t (%table)))
    (%set-meta! t meta)
    t))

; An error of the kind that programs make: fields text, list, where.
(define %error-type (%make-type "error"))

(define (error text . irritants)
  (let ((e (%new %error-type)))
    (%put! e "where" (%where 2))
    (%put! e "text" text)
    (%put! e "list" irritants)
    (raise e)))

(define (error-object? e)
  (or (string? e) (%is? e %error-type)))

(define (error-object-message e)
  (if (string? e) e (%get e "text")))

(define (error-object-irritants e)
  (if (string? e) '() (%get e "list")))

(define (raise e) (raise e))

; (#t . value) or (#f . error) of a call.
(define (%try f)
  (%asm "w" "pcall A, 0, 2; newtable C, 0, 2; setfield C, A, 'car'; setfield C, B, 'cdr'; move A, C"
        f '() '()))

; Runs the program; an error of it is told as text.
(define (%run f)
  (guard (e (#t (raise (%error-text e)))) (f)))

(define (%error-text e)
  (cond
    ((string? e) e)
    ((error-object? e)
     (let loop ((s (string-append (%get e "where") (%show "" (%get e "text") #f)))
                (l (%get e "list")))
       (if (null? l)
           s
           (loop (%show (string-append s " ") (car l) #t) (cdr l)))))
    (else (%show "uncaught: " e #t))))

; Symbols are made once: the globals hold them under 'name, characters under #\code.
(define %symbol-type (%make-type "symbol"))

(define (symbol? x) (%is? x %symbol-type))

(define (string->symbol name)
  (let* ((key (string-append "'" (%string name))) (old (%global key)))
    (if (null? old)
        (let ((new (%new %symbol-type)))
          (%put! new "name" name)
          (%set-global! key new)
          new)
        old)))

(define (symbol->string s)
  (if (symbol? s) (%get s "name") (error "not a symbol:" s)))

(define %char-type (%make-type "character"))

(define (char? x) (%is? x %char-type))

(define (integer->char code)
  (let* ((key (string-append "#\\" code)) (old (%global key)))
    (if (null? old)
        (let ((new (%new %char-type)))
          (%put! new "code" code)
          (%put! new "text" (%asm "n" "strchar D, A" code))
          (%set-global! key new)
          new)
        old)))

(define (char->integer c)
  (if (char? c) (%get c "code") (error "not a character:" c)))

(define (%char-text c)
  (if (char? c) (%get c "text") (error "not a character:" c)))

(define (char=? a b) (= (char->integer a) (char->integer b)))
(define (char<? a b) (< (char->integer a) (char->integer b)))
(define (char-upcase c) (string-ref (string-upcase (%char-text c)) 0))
(define (char-downcase c) (string-ref (string-downcase (%char-text c)) 0))
(define (char-numeric? c) (<= 48 (char->integer c) 57))
(define (char-alphabetic? c)
  (<= 97 (char->integer (char-downcase c)) 122))
(define (char-whitespace? c)
  (let ((n (char->integer c))) (or (= n 32) (<= 9 n 13))))

; -- Functions for what is also an instruction ----------------------------------------

(define (eq? a b) (eq? a b))
(define (not x) (not x))
(define (null? x) (null? x))
(define (pair? x) (pair? x))
(define (boolean? x) (boolean? x))
(define (number? x) (number? x))
(define (string? x) (string? x))
(define (procedure? x) (procedure? x))
(define (cons a b) (cons a b))
(define (car p) (car p))
(define (cdr p) (cdr p))
(define (caar p) (caar p))
(define (cadr p) (cadr p))
(define (cdar p) (cdar p))
(define (cddr p) (cddr p))
(define (caddr p) (caddr p))
(define (cdddr p) (cdddr p))
(define (cadddr p) (cadddr p))
(define (list . l) l)
(define (set-car! p x)
  (if (pair? p) (%asm "v" "setfield A, B, 'car'" p x) (error "not a pair:" p)))
(define (set-cdr! p x)
  (if (pair? p) (%asm "v" "setfield A, B, 'cdr'" p x) (error "not a pair:" p)))

(define (%ordered? before? a l)
  (or (null? l)
      (and (before? a (car l)) (%ordered? before? (car l) (cdr l)))))
(define (= a . l) (%ordered? (lambda (a b) (= a b)) a l))
(define (< a . l) (%ordered? (lambda (a b) (< a b)) a l))
(define (> a . l) (%ordered? (lambda (a b) (> a b)) a l))
(define (<= a . l) (%ordered? (lambda (a b) (<= a b)) a l))
(define (>= a . l) (%ordered? (lambda (a b) (>= a b)) a l))

(define (+ . l) (fold-left (lambda (a b) (+ a b)) 0 l))
(define (* . l) (fold-left (lambda (a b) (* a b)) 1 l))
(define (- a . l)
  (if (null? l) (- a) (fold-left (lambda (a b) (- a b)) a l)))
(define (modulo a b) (modulo a b))

; -- Numbers -----------------------------------------------------------------------------

(define (/ a . l)
  (define (div a b)
    (if (and (exact? a) (exact? b) (not (= b 0)) (= (modulo a b) 0))
        (%idiv a b)
        (%asm "n" "div D, A, B" a b)))
  (if (null? l) (div 1 a) (fold-left div a l)))

(define (quotient a b)
  (if (eq? b 0) (error "division by zero:" a))
  (let ((q (%idiv a b)))
    (if (and (< q 0) (not (= (* q b) a))) (+ q 1) q)))

(define (remainder a b) (- a (* b (quotient a b))))

(define (exact? x) (exact? x))
(define (inexact? x) (eq? (%asm "" "numtype D, A" x) 1))
(define (integer? x)
  (and (number? x) (not (null? (%asm "" "toint D, A" x)))))
(define (zero? x) (= x 0))
(define (positive? x) (> x 0))
(define (negative? x) (< x 0))
(define (even? x) (= (modulo x 2) 0))
(define (odd? x) (= (modulo x 2) 1))
(define (abs x) (if (< x 0) (- x) x))
(define (square x) (* x x))
(define (min a . l) (fold-left (lambda (a b) (if (< b a) b a)) a l))
(define (max a . l) (fold-left (lambda (a b) (if (> b a) b a)) a l))
(define (%gcd a b) (if (= b 0) (abs a) (%gcd b (remainder a b))))
(define (gcd . l) (fold-left %gcd 0 l))
(define (lcm a b)
  (if (= b 0) 0 (abs (* a (quotient b (gcd a b))))))

(define (expt a n)
  (if (and (exact? n) (>= n 0))
      (let loop ((a a) (n n) (r 1))
        (if (= n 0)
            r
            (loop (* a a) (%idiv n 2) (if (odd? n) (* r a) r))))
      (%asm "n" "pow D, A, B" a n)))

(define (exact->inexact x) (%asm "n" "tofloat D, A" x))
(define (inexact x) (exact->inexact x))
(define (exact x)
  (let ((n (%asm "" "toint D, A" x)))
    (if (null? n) (error "not an integer:" x) n)))
(define (floor x)
  (let ((n (%asm "w" "import A, math.floor; call A, 1, 1" '() x)))
    (if (exact? x) n (exact->inexact n))))
(define (truncate x) (if (< x 0) (- (floor (- x))) (floor x)))
(define (sqrt x)
  (let ((r (%asm "w" "import A, math.sqrt; call A, 1, 1" '() x)))
    (if (and (exact? x) (integer? r)) (exact r) r)))

(define (number->string n)
  (if (number? n) (%asm "n" "tostr D, A" n) (error "not a number:" n)))

(define (string->number s)
  (let ((n (%asm "" "tonum D, A" (%string s)))) (if (null? n) #f n)))

; -- Lists ---------------------------------------------------------------------------------

(define (length l)
  (let loop ((l l) (n 0))
    (if (null? l) n (loop (cdr l) (+ n 1)))))

(define (list? l)
  (or (null? l) (and (pair? l) (list? (cdr l)))))

(define (%onto l tail)
  (if (null? l) tail (%onto (cdr l) (cons (car l) tail))))

(define (reverse l) (%onto l '()))

(define (append . ls)
  (cond
    ((null? ls) '())
    ((null? (cdr ls)) (car ls))
    (else (%onto (reverse (car ls)) (apply append (cdr ls))))))

(define (list-tail l n)
  (if (= n 0) l (list-tail (cdr l) (- n 1))))

(define (list-ref l n) (car (list-tail l n)))
(define (list-copy l) (append l '()))

(define (iota n . l)
  (let ((from (if (null? l) 0 (car l))))
    (do ((i (- n 1) (- i 1)) (r '() (cons (+ from i) r))) ((< i 0) r))))

(define (memq x l)
  (cond ((null? l) #f) ((eq? x (car l)) l) (else (memq x (cdr l)))))
(define (memv x l)
  (cond ((null? l) #f) ((eqv? x (car l)) l) (else (memv x (cdr l)))))
(define (member x l)
  (cond ((null? l) #f) ((equal? x (car l)) l) (else (member x (cdr l)))))
(define (assq x l)
  (cond ((null? l) #f) ((eq? x (caar l)) (car l)) (else (assq x (cdr l)))))
(define (assv x l)
  (cond ((null? l) #f) ((eqv? x (caar l)) (car l)) (else (assv x (cdr l)))))
(define (assoc x l)
  (cond ((null? l) #f) ((equal? x (caar l)) (car l)) (else (assoc x (cdr l)))))

(define (%map f l)
  (let loop ((l l) (r '()))
    (if (null? l) (reverse r) (loop (cdr l) (cons (f (car l)) r)))))

(define (%any-null? ls)
  (and (pair? ls) (or (null? (car ls)) (%any-null? (cdr ls)))))

(define (map f l . ls)
  (if (null? ls)
      (%map f l)
      (let loop ((ls (cons l ls)) (r '()))
        (if (%any-null? ls)
            (reverse r)
            (loop (%map cdr ls) (cons (apply f (%map car ls)) r))))))

(define (for-each f l . ls)
  (if (null? ls)
      (let loop ((l l))
        (if (pair? l) (begin (f (car l)) (loop (cdr l)))))
      (apply map f l ls)))

(define (filter keep? l)
  (let loop ((l l) (r '()))
    (cond ((null? l) (reverse r))
          ((keep? (car l)) (loop (cdr l) (cons (car l) r)))
          (else (loop (cdr l) r)))))

(define (fold-left f a l)
  (if (null? l) a (fold-left f (f a (car l)) (cdr l))))

(define (fold-right f a l)
  (let loop ((l (reverse l)) (a a))
    (if (null? l) a (loop (cdr l) (f (car l) a)))))

(define (reduce f a l)
  (if (null? l) a (fold-left (lambda (a b) (f b a)) (car l) (cdr l))))

; Calls f with the elements of a vector.
(define (%apply f v n)
  (%asm "we" "import B, table.unpack; callm B, 3; tailcalla A" f '() v 1 n))

(define (%spread l)
  (if (null? (cdr l)) (car l) (cons (car l) (%spread (cdr l)))))

(define (apply f . l)
  (let ((v (list->vector (%spread l)))) (%apply f v (vector-length v))))

; -- Vectors: a table with the elements from 1 on and their number n ---------------------------

(define %vector-type (%make-type "vector"))

(define (vector? x) (%is? x %vector-type))

(define (vector-length v)
  (if (vector? v) (%get v "n") (error "not a vector:" v)))

(define (%index v i)
  (if (and (exact? i) (< -1 i (vector-length v)))
      (+ i 1)
      (error "no such index of a vector:" i)))

(define (vector-ref v i) (%get v (%index v i)))
(define (vector-set! v i x) (%put! v (%index v i) x))

(define (make-vector n . l)
  (let ((v (%new %vector-type)) (x (if (null? l) 0 (car l))))
    (%put! v "n" n)
    (vector-fill! v x)
    v))

(define (vector-fill! v x)
  (do ((i 1 (+ i 1)) (n (vector-length v))) ((> i n)) (%put! v i x)))

(define (vector . l) (list->vector l))

(define (list->vector l)
  (let ((v (%new %vector-type)))
    (do ((l l (cdr l)) (i 0 (+ i 1)))
        ((null? l) (%put! v "n" i) v)
      (%put! v (+ i 1) (car l)))))

(define (vector->list v)
  (do ((i (vector-length v) (- i 1)) (l '() (cons (%get v i) l)))
      ((= i 0) l)))

(define (vector-map f v) (list->vector (map f (vector->list v))))
(define (vector-for-each f v) (for-each f (vector->list v)))

; -- Strings: the machine's, of bytes, never changed -------------------------------------------

(define (%string s) (if (string? s) s (error "not a string:" s)))

(define (string-length s) (%len (%string s)))

(define (string-ref s i)
  (let ((b (if (< i 0) '() (%asm "" "strbyte D, A, B" (%string s) (+ i 1)))))
    (if (null? b) (error "no such index of a string:" i) (integer->char b))))

(define (substring s from . l)
  (let ((to (if (null? l) (string-length s) (car l))))
    (if (<= 0 from to (string-length s))
        (%asm "nw" "substr D, A, B" s (+ from 1) (if (= to 0) -1000000000 to))
        (error "no such part of a string:" from to))))

(define (string-append . l) (fold-left (lambda (a b) (string-append a b)) "" l))
(define (string . l) (list->string l))
(define (string-copy s) (%string s))
(define (string=? a b) (eq? (%string a) (%string b)))
(define (string<? a b) (< (%string a) (%string b)))
(define (string>? a b) (< (%string b) (%string a)))
(define (string-null? s) (eq? (%string s) ""))
(define (string-upcase s)
  (%asm "w" "import A, string.upper; call A, 1, 1" '() s))
(define (string-downcase s)
  (%asm "w" "import A, string.lower; call A, 1, 1" '() s))
(define (make-string n c)
  (%asm "w" "import A, string.rep; call A, 2, 1" '() (%char-text c) n))

; Where one string is in another, or #f.
(define (string-search s part)
  (let ((i (%asm "w" "import A, string.find; call A, 2, 1" '() s part)))
    (if (null? i) #f (- i 1))))

(define (string->list s)
  (do ((i (- (string-length s) 1) (- i 1)) (l '() (cons (string-ref s i) l)))
      ((< i 0) l)))

(define (list->string l)
  (let loop ((l l) (s ""))
    (if (null? l) s (loop (cdr l) (string-append s (%char-text (car l)))))))

; -- Equality -----------------------------------------------------------------------------------

(define (eqv? a b)
  (and (eq? a b) (or (not (number? a)) (eq? (exact? a) (exact? b)))))

(define (equal? a b)
  (cond
    ((pair? a)
     (and (pair? b) (equal? (car a) (car b)) (equal? (cdr a) (cdr b))))
    ((vector? a) (and (vector? b) (equal? (vector->list a) (vector->list b))))
    (else (eqv? a b))))

; -- Output ---------------------------------------------------------------------------------------

(define (newline) (%write "\n"))
(define (display x) (%write (if (string? x) x (%show "" x #f))))
(define (write x) (%write (%show "" x #t)))

; s and then the text of x, as `write` has it or as `display` has it.
(define (%show s x write?)
  (cond
    ((number? x) (string-append s x))
    ((string? x) (string-append s (if write? (%quoted x) x)))
    ((null? x) (string-append s "()"))
    ((pair? x) (string-append (%show-list (string-append s "(") x write?) ")"))
    ((boolean? x) (string-append s (if x "#t" "#f")))
    ((symbol? x) (string-append s (symbol->string x)))
    ((char? x) (string-append s (if write? (%char-name x) (%char-text x))))
    ((vector? x)
     (if (= (vector-length x) 0)
         (string-append s "#()")
         (%show (string-append s "#") (vector->list x) write?)))
    ((procedure? x) (string-append s "#<procedure>"))
    (else (string-append s "#<error " (%error-text x) ">"))))

(define (%show-list s l write?)
  (let ((s (%show s (car l) write?)) (rest (cdr l)))
    (cond
      ((null? rest) s)
      ((pair? rest) (%show-list (string-append s " ") rest write?))
      (else (%show (string-append s " . ") rest write?)))))

(define (%char-name c)
  (case (char->integer c)
    ((32) "#\\space")
    ((10) "#\\newline")
    ((9) "#\\tab")
    (else (string-append "#\\" (%char-text c)))))

(define (%quoted s)
  (let loop ((i 0) (r "\""))
    (if (= i (string-length s))
        (string-append r "\"")
        (let ((c (string-ref s i)))
          (loop (+ i 1)
            (string-append r
              (case (char->integer c)
                ((34) "\\\"")
                ((92) "\\\\")
                ((10) "\\n")
                ((9) "\\t")
                (else (%char-text c)))))))))
