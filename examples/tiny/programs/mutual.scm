; Mutual recursion, at the top level and inside: all of it in tail position.
(define (even-number? n) (if (= n 0) #t (odd-number? (- n 1))))
(define (odd-number? n) (if (= n 0) #f (even-number? (- n 1))))

(display (list (even-number? 10) (odd-number? 10) (even-number? 20001)))
(newline)

; Hofstadter's sequences.
(define (female n) (if (= n 0) 1 (- n (male (female (- n 1))))))
(define (male n) (if (= n 0) 0 (- n (female (male (- n 1))))))
(display (map female (iota 12)))
(display (map male (iota 12)))
(newline)

; A machine whose states are functions: is the number of 1s a multiple of 3?
(define (accepts? bits)
  (letrec ((zero (lambda (l) (or (null? l) (if (= (car l) 1) (one (cdr l)) (zero (cdr l))))))
           (one (lambda (l) (and (pair? l) (if (= (car l) 1) (two (cdr l)) (one (cdr l))))))
           (two (lambda (l) (and (pair? l) (if (= (car l) 1) (zero (cdr l)) (two (cdr l)))))))
    (zero bits)))
(display (map accepts? '(() (1) (1 0 1) (1 1 0 1) (0 1 1 1 1 1 1))))
(newline)
