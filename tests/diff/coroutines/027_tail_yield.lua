-- SPDX-License-Identifier: MIT
-- yield in tail position and in expressions
local y = coroutine.yield
local co = coroutine.wrap(function(...)
  local a = y(1) + y(2) * y(3)
  local t = {y("x"), y("y"), y("z")}
  local s = y("s") .. y("t")
  local n = #t
  local v = (y("paren"))
  local p, q, r = y("pqr")
  print(a, n, t[1], t[2], t[3], t[4], s, v, p, q, r)
  if y("cond") then print("true") else print("false") end
  return y("last")
end)
print(co())
print(co(10))
print(co(20))
print(co(30))
print(co("a", "A"))
print(co("b", "B"))
print(co("c", "C"))
print(co("left"))
print(co("right"))
print(co("one", "two"))
print(co(1, 2))
print(co(false))
print(co("r1", "r2", nil))
