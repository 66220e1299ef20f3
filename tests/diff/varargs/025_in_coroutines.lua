-- SPDX-License-Identifier: MIT
-- varargs kept across yields
local function f(...)
  local n = select("#", ...)
  coroutine.yield(n, ...)
  coroutine.yield(select(2, ...))
  local g = function(...) coroutine.yield(...); return ... end
  return g(..., "tail")
end
local co = coroutine.wrap(f)
print(co("a", "b", "c"))
print(co("ignored"))
print(co())
print(co())
local t = {}
for i = 1, 100 do t[i] = i end
local big = coroutine.wrap(function(...)
  while true do
    coroutine.yield((select("#", coroutine.yield(select(-1, ...)))))
  end
end)
print(big(table.unpack(t)))
print(big(table.unpack(t, 1, 30)))
print(big())
print(big(nil, nil))
