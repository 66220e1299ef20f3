; A binary search tree: insertion without change, walks, depth.
(define (node key left right) (list key left right))
(define (insert tree key)
  (cond ((null? tree) (node key '() '()))
        ((< key (car tree)) (node (car tree) (insert (cadr tree) key) (caddr tree)))
        ((> key (car tree)) (node (car tree) (cadr tree) (insert (caddr tree) key)))
        (else tree)))

(define (in-order tree)
  (let walk ((tree tree) (rest '()))
    (if (null? tree)
        rest
        (walk (cadr tree) (cons (car tree) (walk (caddr tree) rest))))))

(define (depth tree)
  (if (null? tree) 0 (+ 1 (max (depth (cadr tree)) (depth (caddr tree))))))

(define (contains? tree key)
  (and (pair? tree)
       (or (= key (car tree))
           (contains? (if (< key (car tree)) (cadr tree) (caddr tree)) key))))

(define small (fold-left insert '() '(5 2 8 1 9 3)))
(write small)
(newline)
(write (list (in-order small) (depth small) (contains? small 9) (contains? small 4)))
(newline)

(define big
  (let loop ((i 0) (x 1) (tree '()))
    (if (= i 1000) tree (loop (+ i 1) (modulo (* x 7) 1009) (insert tree x)))))
(define keys (in-order big))
(write (list (length keys) (car keys) (apply < keys)))
(newline)
