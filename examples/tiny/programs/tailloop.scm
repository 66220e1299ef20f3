; Tail calls by the million, in a stack that has room for a thousand frames.
(define (self n acc) (if (= n 0) acc (self (- n 1) (+ acc n))))
(display (self 1000000 0))
(newline)

(define (ping n) (if (= n 0) 'ping (pong (- n 1))))
(define (pong n) (if (= n 0) 'pong (ping (- n 1))))
(display (ping 1000000))
(newline)

(display (let loop ((i 0)) (cond ((= i 1000000) i) (else (loop (+ i 1))))))
(newline)

(display (do ((i 0 (+ i 1)) (s 0 (+ s (* i i)))) ((= i 1000000) s)))
(newline)

; Through apply, and, or, when, a closure, and arguments that are functions.
(define (via-apply n) (and #t (or #f (if (= n 0) 'apply (apply via-apply (list (- n 1)))))))
(display (via-apply 100000))
(newline)
(define (cps n k) (if (= n 0) (k 0) (cps (- n 1) (lambda (v) (k (+ v 1))))))
(display (cps 10000 (lambda (v) v)))
(newline)
