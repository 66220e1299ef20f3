-- SPDX-License-Identifier: MIT
-- string.dump makes a function that loads again
local function f(a, b) return a + b, a * b end
local g = load(string.dump(f), "=dumped", "b")
print(g(3, 4))
print(load(string.dump(function(...) return select("#", ...), ... end, true))(1, nil, 3))
local up = 5
local h = load(string.dump(function() return up end))
print(pcall(h) ~= nil, type(h))
print(load(string.dump(f), "=x", "t") == nil)
print(pcall(string.dump, print))
print(pcall(string.dump))
print(pcall(string.dump, {}))
print(load(string.dump(load("local t = {...} return #t, t[1]")))("a", "b"))
print(load(string.dump(function() local s = 0 for i = 1, 10 do s = s + i end return s end))())
print(load(string.dump(function() return {x = 1, "y", [true] = 2.5} end))()[true])
