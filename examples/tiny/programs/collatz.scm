; Collatz: the longest way to 1 below a limit, with what is known kept in a vector.
(define limit 3000)
(define known (make-vector limit 0))

(define (steps n)
  (cond ((= n 1) 0)
        ((and (< n limit) (> (vector-ref known n) 0)) (vector-ref known n))
        (else
         (let ((s (+ 1 (steps (if (even? n) (quotient n 2) (+ (* 3 n) 1))))))
           (when (< n limit) (vector-set! known n s))
           s))))

(define (chain n)
  (if (= n 1) '(1) (cons n (chain (if (even? n) (quotient n 2) (+ (* 3 n) 1))))))

(display (chain 7))
(newline)
(let loop ((n 1) (best 1))
  (cond ((= n limit) (display (list best (steps best))) (newline))
        ((> (steps n) (steps best)) (loop (+ n 1) n))
        (else (loop (+ n 1) best))))
