-- SPDX-License-Identifier: MIT
-- functions with a variable number of arguments
local function f(...) return ... end
local function g(a, ...) return a, ... end
local function h(a, b, ...) return b, a, select("#", ...) end
print(f())
print(f(1))
print(f(1, 2, 3))
print(g())
print(g(nil, 2))
print(h())
print(h(1))
print(h(1, 2, 3, 4))
print((f(1, 2, 3)))
print(f(1, 2, 3), f(4, 5))
print(f(), f(), f())
print((f()))
