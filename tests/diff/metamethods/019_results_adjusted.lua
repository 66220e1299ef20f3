-- Metamethods that return nothing or too much, in every kind of place.
local many = function() return 1, 2, 3 end
local none = function() end
local A = setmetatable({}, {__add = many, __index = many, __unm = many, __concat = many, __len = many, __call = many, __eq = many, __lt = many, __band = many})
local N = setmetatable({}, {__add = none, __index = none, __unm = none, __concat = none, __len = none, __call = none, __eq = none, __lt = none, __band = none})
print(A + 1, A.x, -A, A .. "", #A, A & 1, (A()))
print(N + 1, N.x, -N, N .. "", #N, N & 1, (N()))
print(select("#", A + 1), select("#", A.x), select("#", A()), select("#", N()), select("#", N.x))
local t = {A + 1, A.x, A()}
print(#t)
t = {N(), N.x, A.x}
print(t[1], t[2], t[3])
local a, b, c, d = A(), A()
print(a, b, c, d)
a, b, c = A.x
print(a, b, c)
a, b, c = A + 1, -A
print(a, b, c)
print(A == A, A == N, N == A, A < N, N < A, A < 1, 1 > N)
if N < 1 then print "yes" else print "no" end
if A < 1 then print "yes" else print "no" end
local function f(...) return ... end
print(f(A + 1, A()), f(A(), A()), f(N(), N()), f((A())))
print(#f(A) == 1, f(A).x, f(A)(), f(A) + f(A))
print(string.format("%d %d", A.x, A + 1), math.max(A()), tostring(N.x), pcall(A))
local s = 0 for i = A.x, 3 do s = s + i end print(s)
while N.x do end repeat s = s + 1 until A.x print(s)
