; The n queens: all solutions by lists of columns.
(define (safe? col rows)
  (let loop ((rows rows) (distance 1))
    (or (null? rows)
        (and (not (= (car rows) col))
             (not (= (abs (- (car rows) col)) distance))
             (loop (cdr rows) (+ distance 1))))))

(define (queens n)
  (let place ((row 0) (rows '()))
    (if (= row n)
        (list rows)
        (let try ((col 0) (found '()))
          (cond ((= col n) found)
                ((safe? col rows)
                 (try (+ col 1) (append found (place (+ row 1) (cons col rows)))))
                (else (try (+ col 1) found)))))))

(define (show rows)
  (for-each (lambda (col)
              (display (string-append (make-string col #\.) "Q"
                                      (make-string (- 5 col) #\.)))
              (newline))
            rows))

(display (map (lambda (n) (length (queens n))) '(1 2 3 4 5 6)))
(newline)
(show (car (queens 6)))
