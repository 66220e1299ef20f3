-- SPDX-License-Identifier: MIT
-- math.random within its bounds
math.randomseed(42)
local a, b, c = math.random(1000000), math.random(1000000), math.random()
math.randomseed(42)
print(a == math.random(1000000), b == math.random(1000000), c == math.random())
local ok = true
for i = 1, 100 do
  local r, s, t = math.random(), math.random(10), math.random(-5, 5)
  ok = ok and r >= 0 and r < 1 and s >= 1 and s <= 10 and t >= -5 and t <= 5
end
print(ok, math.type(math.random()), math.type(math.random(5)), math.type(math.random(0)))
print(math.random(3, 3), math.random(1), math.random(math.maxinteger, math.maxinteger))
print(pcall(math.random, 0, -1))
print(pcall(math.random, 2, 1))
print(pcall(math.random, 1, 2, 3))
print(pcall(math.random, 1.5))
print(pcall(math.random, "x"))
print(math.random(math.mininteger, math.maxinteger) ~= nil)
