-- SPDX-License-Identifier: MIT
-- coroutines that resume each other
local function gen(name, n)
  return coroutine.wrap(function()
    for i = 1, n do coroutine.yield(name .. i) end
    return name .. "!"
  end)
end
local all = coroutine.wrap(function()
  local a, b = gen("a", 2), gen("b", 3)
  for _ = 1, 3 do coroutine.yield(a()) end
  for _ = 1, 4 do coroutine.yield(b()) end
  coroutine.yield(pcall(a))
  return "all"
end)
for i = 1, 9 do print(all()) end
print(pcall(all))
local function nest(n)
  if n == 0 then return coroutine.yield("bottom") end
  return coroutine.wrap(nest)(n - 1)
end
print(coroutine.wrap(nest)(20))
