-- SPDX-License-Identifier: MIT
-- Coroutines as producers, filters and a merge of sorted streams.
local n = tonumber((...)) or 60000
local wrap, yield = coroutine.wrap, coroutine.yield

local function multiples(k)
  return wrap(function()
    for i = k, n * k, k do yield(i) end
  end)
end
local function keep(source, test)
  return wrap(function()
    for v in source do
      if test(v) then yield(v) end
    end
  end)
end
local function merge(a, b)
  return wrap(function()
    local x, y = a(), b()
    while x and y do
      if x <= y then
        yield(x)
        x = a()
      else
        yield(y)
        y = b()
      end
    end
    while x do yield(x) x = a() end
    while y do yield(y) y = b() end
  end)
end

local sum, count = 0, 0
for _ = 1, 4 do
  local odd = keep(multiples(3), function(v) return v % 2 == 1 end)
  for v in merge(odd, merge(multiples(5), multiples(7))) do
    sum = (sum + v) % 1000000007
    count = count + 1
  end
end
print("streams", count, sum)
