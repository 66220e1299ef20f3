; Fibonacci numbers: by double recursion, by a loop, and past 64 bits.
(define (fib n)
  (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))

(define (fast n)
  (do ((i 0 (+ i 1)) (a 0 b) (b 1 (+ a b)))
      ((= i n) a)))

(display (map fib '(0 1 2 3 4 5 10 20)))
(newline)
(display (list (fast 20) (fast 90) (fast 92)))
(newline)
(display (fast 93)) ; 2^64 less than what it ought to be
(newline)
