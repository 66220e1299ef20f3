; Merge sort of lists, by any order.
(define (split l)
  (if (or (null? l) (null? (cdr l)))
      (cons l '())
      (let ((rest (split (cddr l))))
        (cons (cons (car l) (car rest)) (cons (cadr l) (cdr rest))))))

(define (merge a b before?)
  (cond ((null? a) b)
        ((null? b) a)
        ((before? (car b) (car a)) (cons (car b) (merge a (cdr b) before?)))
        (else (cons (car a) (merge (cdr a) b before?)))))

(define (sort l before?)
  (if (or (null? l) (null? (cdr l)))
      l
      (let ((halves (split l)))
        (merge (sort (car halves) before?) (sort (cdr halves) before?) before?))))

(display (sort '(3 1 4 1 5 9 2 6 5 3 5) <))
(newline)
(display (sort '(3 1 4 1 5 9 2 6 5 3 5) >))
(newline)
(write (sort '("pear" "fig" "apple") string<?))
(newline)

; Numbers of a generator, sorted and checked.
(define (numbers n)
  (let loop ((i 0) (x 12345) (l '()))
    (if (= i n) l (loop (+ i 1) (modulo (* x 16807) 2147483647) (cons x l)))))
(define sorted (sort (numbers 2000) <))
(display (list (length sorted) (apply <= sorted)
               (= (apply + sorted) (apply + (numbers 2000)))))
(newline)
