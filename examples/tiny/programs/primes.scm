; Primes: a sieve in a vector, and factors by trial division.
(define (sieve n)
  (let ((composite (make-vector (+ n 1) #f)))
    (let loop ((i 2) (primes '()))
      (cond ((> i n) (reverse primes))
            ((vector-ref composite i) (loop (+ i 1) primes))
            (else
             (do ((j (* i i) (+ j i))) ((> j n))
               (vector-set! composite j #t))
             (loop (+ i 1) (cons i primes)))))))

(define (factors n)
  (let loop ((n n) (d 2))
    (cond ((> (* d d) n) (if (= n 1) '() (list n)))
          ((= (remainder n d) 0) (cons d (loop (quotient n d) d)))
          (else (loop n (+ d 1))))))

(display (sieve 50))
(newline)
(display (length (sieve 2000)))
(newline)
(for-each (lambda (n) (display n) (display ": ") (display (factors n)) (newline))
          '(1 2 60 97 1001 65536 999999))
