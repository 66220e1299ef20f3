-- SPDX-License-Identifier: MIT
-- parameters and varargs in one function
local function f(a, b, ...)
  local c, d = ...
  return {a = a, b = b, c = c, d = d, n = select("#", ...)}
end
local function show(t) print(t.a, t.b, t.c, t.d, t.n) end
show(f())
show(f(1))
show(f(1, 2))
show(f(1, 2, 3))
show(f(1, 2, 3, 4, 5))
show(f(nil, nil, nil))
show(f(table.unpack({1, 2, 3, 4, 5, 6}, 2, 5)))
local function one(a, ...) return a, (select("#", ...)) end
print(one())
print(one(one(1, 2, 3)))
print(one((one(1, 2, 3))))
local function ignore(...) local x = 1; return x end
print(ignore(), ignore(1, 2, 3))
