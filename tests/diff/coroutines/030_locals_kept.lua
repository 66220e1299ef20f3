-- SPDX-License-Identifier: MIT
-- local variables live on across yields
local function f(a, b, c)
  local x, y, z = a + 1, b .. "!", {c}
  coroutine.yield(x)
  local w = x * 2
  coroutine.yield(y, w)
  for i = 1, 2 do
    local q = i .. z[1]
    coroutine.yield(q)
  end
  z[1] = z[1] .. "+"
  return x, y, z[1], w
end
local c1 = coroutine.wrap(f)
local c2 = coroutine.wrap(f)
print(c1(1, "one", "I"), c2(2, "two", "II"))
print(c1()) print(c2())
print(c1(), c2())
print(c1(), c2())
print(c1()) print(c2())
