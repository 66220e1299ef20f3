; The towers of Hanoi.
(define moves 0)
(define (hanoi n from to spare visit)
  (when (> n 0)
    (hanoi (- n 1) from spare to visit)
    (visit n from to)
    (hanoi (- n 1) spare to from visit)))

(hanoi 3 'left 'right 'middle
  (lambda (disc from to)
    (for-each display (list "disc " disc ": " from " -> " to))
    (newline)))
(hanoi 12 'left 'right 'middle (lambda (disc from to) (set! moves (+ moves 1))))
(display moves)
(newline)
