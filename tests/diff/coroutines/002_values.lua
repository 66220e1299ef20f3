-- SPDX-License-Identifier: MIT
-- any number of values goes either way
local function count(...) return select("#", ...), ... end
local co = coroutine.wrap(function(...)
  local n = select("#", ...)
  while true do
    n = select("#", coroutine.yield(n, ...))
  end
end)
print(count(co()))
print(count(co(nil)))
print(count(co(nil, nil, nil)))
print(count(co(1, 2)))
local co2 = coroutine.wrap(function(...)
  coroutine.yield()
  coroutine.yield(nil)
  coroutine.yield(nil, nil)
  return ...
end)
print(count(co2(nil, 7, nil)))
print(count(co2()))
print(count(co2()))
print(count(co2()))
print(pcall(co2))
