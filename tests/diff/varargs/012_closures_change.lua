-- SPDX-License-Identifier: MIT
-- varargs keep their values, parameters change
local function f(a, ...)
  a = a * 10
  local function set() a = a + 1 end
  set()
  local b = ...
  b = b and b * 100
  return a, b, ...
end
print(f(1, 2, 3))
print(f(1))
local function g(...)
  local x, y = ...
  x, y = y, x
  return x, y, ...
end
print(g(1, 2))
print(g())
local function h(...)
  local fs = {}
  for i = 1, select("#", ...) do
    local v = select(i, ...)
    fs[i] = function() v = v + 1; return v end
  end
  return table.unpack(fs)
end
local p, q = h(10, 20)
print(p(), p(), q())
