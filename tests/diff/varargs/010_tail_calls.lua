-- SPDX-License-Identifier: MIT
-- tail calls with varargs
local function id(...) return ... end
local function t1(...) return id(...) end
local function t2(a, ...) return t1(...) end
local function t3(...) return t2(..., ...) end
print(t1())
print(t1(1, nil))
print(t2(1, 2, 3))
print(t3(1, 2, 3))
local function loop(n, ...)
  if n == 0 then return select("#", ...), ... end
  return loop(n - 1, n, ...)
end
print(loop(0))
print(loop(5))
print((loop(100)))
local function drop(n, a, ...)
  if n == 0 then return a, ... end
  return drop(n - 1, ...)
end
print(drop(2, "a", "b", "c", "d"))
print(drop(9, "a", "b"))
local function swap(a, b, ...) if a then return swap(false, a, b, ...) end return b, ... end
print(swap(1, 2, 3))
print(select("#", t1(nil, nil, nil)))
