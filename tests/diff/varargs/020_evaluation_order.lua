-- SPDX-License-Identifier: MIT
-- calls in lists happen from left to right
local log = {}
local function f(x, ...) log[#log + 1] = x; return x, ... end
local t = {f(1), f(2), f(3, "a", "b")}
print(#t, table.concat(log, " "))
log = {}
local a, b, c, d = f(1), f(2), f(3, "c2")
print(a, b, c, d, table.concat(log, " "))
log = {}
print(f(1, "x"), f(2, "y"), f(3, "z"))
print(table.concat(log, " "))
log = {}
local function g() return f(1) + f(2) * f(3), f(4) .. f(5) end
print(g())
print(table.concat(log, " "))
log = {}
t = {[f("k1")] = f("v1"), f("p1"), n = f("v2"), f("p2")}
print(t.k1, t.n, t[1], t[2], table.concat(log, " "))
log = {}
local r = f(1) < f(2) and f(3) or f(4)
print(r, table.concat(log, " "))
