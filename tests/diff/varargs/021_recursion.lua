-- SPDX-License-Identifier: MIT
-- varargs grow and shrink in recursion
local function flatten(t, ...)
  local n = select("#", ...)
  if n == 0 then return t end
  local v = ...
  if type(v) == "table" then flatten(t, table.unpack(v)) else t[#t + 1] = v end
  return flatten(t, select(2, ...))
end
print(table.concat(flatten({}, 1, {2, {3, 4}, 5}, {{6}}), " "))
local function build(n) if n == 0 then return end return n, build(n - 1) end
print(build(10))
print(select("#", build(120)))
local function zip(a, b, ...) if a == nil then return end return a .. b, zip(...) end
print(zip("a", 1, "b", 2, "c", 3))
local function ack(...)
  local m, n = ...
  if m == 0 then return n + 1 elseif n == 0 then return ack(m - 1, 1) end
  return ack(m - 1, ack(m, n - 1))
end
print(ack(2, 3))
local function comb(n, k, ...)
  if k == 0 then io.write(table.concat({...}, ""), " ") return end
  for i = n, k, -1 do comb(i - 1, k - 1, i, ...) end
end
comb(4, 2)
print()
