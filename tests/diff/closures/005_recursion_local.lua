-- local function sees itself; local f = function does not.
local function fact(n) return n <= 1 and 1 or n * fact(n - 1) end
print(fact(5), fact(20), fact(21), fact(10.0))
local fib = function(n) return fib and "global" or "no fib here" end
print(fib(3))
local function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
print(even(10), even(7), odd(3))
local is_a, is_b
function is_a(n) if n == 0 then return "a" end return is_b(n - 1) end
function is_b(n) if n == 0 then return "b" end return is_a(n - 1) end
print(is_a(101), is_a(100), is_b(3))
local f1 = fact
fact = function(n) return 100 + n end
print(f1(5), fact(5))
local f2
f2 = function(n) return n == 0 and 0 or n + f2(n - 1) end
local keep = f2
f2 = nil
print(pcall(keep, 3), keep(0))
local Y = function(f) return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end) end
print(Y(function(self) return function(n) return n == 0 and 1 or n * self(n - 1) end end)(6))
local function ack(m, n) if m == 0 then return n + 1 elseif n == 0 then return ack(m - 1, 1) else return ack(m - 1, ack(m, n - 1)) end end
print(ack(0, 5), ack(1, 5), ack(2, 3))
local function hanoi(n, a, b, c) if n == 0 then return 0 end return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a) end
print(hanoi(6, "a", "b", "c"))
