-- SPDX-License-Identifier: MIT
-- values given for missing arguments
local function f(a, b, c)
  a = a or "A"
  if b == nil then b = "B" end
  c = c ~= nil and c or "C"
  return a, b, c
end
print(f())
print(f(1))
print(f(nil, 2))
print(f(nil, nil, 3))
print(f(false, false, false))
print(f(1, 2, 3, 4))
local function opt(t) local x, y = t.x or 0, t.y or 0; return x, y end
print(opt {})
print(opt {x = 1})
print(opt {y = 2, x = 3})
local function nargs(a, b, ...) local n = select("#", ...) if n == 0 then return a == nil and b == nil end return n end
print(nargs(), nargs(1), nargs(1, 2), nargs(1, 2, nil))
