; Errors: raised by the program and by the machine, caught, passed on, cleaned up.
; What the machine says of a value beyond its type is cut off.
(define (cut s)
  (let ((end (string-search s " value"))) (if end (substring s 0 end) s)))

(define (try thunk)
  (guard (e ((string? e) (list 'machine (cut e)))
            ((error-object? e) (cons (error-object-message e) (error-object-irritants e)))
            ((symbol? e) (list 'symbol e)))
    (list 'value (thunk))))

(define (show x) (write x) (newline))

(show (try (lambda () (+ 1 2))))
(show (try (lambda () (error "bad input:" '(1 . 2) "text" #\x))))
(show (try (lambda () (raise 'stop))))
(show (try (lambda () (car 5))))
(show (try (lambda () (cdr '()))))
(show (try (lambda () (+ 1 'one))))
(show (try (lambda () (car 'sym))))
(show (try (lambda () (quotient 1 0))))
(show (try (lambda () ("no function" 1))))
(show (try (lambda () (vector-ref (vector 1 2 3) 3))))
(show (try (lambda () (string-length 'abc))))
(show (try (lambda () (assert (= 1 2)))))

; What no clause takes goes on to the next guard.
(show (guard (outer (#t (list 'outer outer)))
  (guard (inner ((string? inner) 'never))
    (raise '(not a string)))))

; => and else in clauses; a handler that fails; values out of the body.
(show (guard (e ((assq 'b e) => cdr) (else 'none)) (raise '((a . 1) (b . 2)))))
(show (guard (e (#t (list 'second e))) (guard (e (#t (raise (list 'from e)))) (raise 'first))))

; A cleaner that runs either way, made of guard.
(define (with-cleanup body cleanup)
  (let ((result (guard (e (#t (cleanup) (raise e))) (body))))
    (cleanup)
    result))
(define log '())
(define (note! x) (set! log (cons x log)))
(show (with-cleanup (lambda () 'fine) (lambda () (note! 'a))))
(show (try (lambda () (with-cleanup (lambda () (raise 'broken)) (lambda () (note! 'b))))))
(show log)

; Deep recursion is an error that can be caught, and the program goes on.
(define (deep n) (+ 1 (deep n)))
(show (guard (e ((string? e) (string-search e "stack overflow") 'too-deep)) (deep 0)))
