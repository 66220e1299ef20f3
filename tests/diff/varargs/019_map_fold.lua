-- SPDX-License-Identifier: MIT
-- functions over varargs
local function map(f, ...)
  if select("#", ...) == 0 then return end
  return f((...)), map(f, select(2, ...))
end
local function fold(f, acc, ...)
  if select("#", ...) == 0 then return acc end
  return fold(f, f(acc, (...)), select(2, ...))
end
local function reverse(...)
  local function rev(n, a, ...) if n > 0 then return a, rev(n - 1, ...) end end
  local t, n = {...}, select("#", ...)
  for i = 1, n // 2 do t[i], t[n + 1 - i] = t[n + 1 - i], t[i] end
  return table.unpack(t, 1, n)
end
local function append(v, ...)
  local n = select("#", ...)
  local t = {...}
  t[n + 1] = v
  return table.unpack(t, 1, n + 1)
end
print(map(function(x) return x * x end, 1, 2, 3, 4))
print(map(print))
print(fold(math.max, 0, 3, 9, 2))
print(fold(function(a, b) return a .. b end, "", "x", "y", "z"))
print(reverse(1, nil, 3))
print(reverse())
print(append("end", 1, nil))
print(select("#", append(nil)))
local function curry(f, ...)
  local a = table.pack(...)
  return function(...)
    local b = table.pack(table.unpack(a, 1, a.n))
    for i = 1, select("#", ...) do b[b.n + i] = (select(i, ...)) end
    return f(table.unpack(b, 1, b.n + select("#", ...)))
  end
end
print(curry(math.max, 4, 5)(1, 9, 2))
print(curry(select, "#")(nil, nil))
