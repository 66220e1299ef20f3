-- SPDX-License-Identifier: MIT
-- variables shared with a suspended coroutine
local n = 0
local function counter()
  while true do
    n = n + 1
    coroutine.yield()
    n = n * 2
  end
end
local co = coroutine.wrap(counter)
co() print(n)
n = 10
co() print(n)
local get, set
local co2 = coroutine.wrap(function()
  local x = 1
  get = function() return x end
  set = function(v) x = v end
  coroutine.yield(x)
  coroutine.yield(x)
  return x
end)
print(co2())
set(5)
print(co2(), get())
print(co2())
set(7)
print(get())
local fs = {}
local co3 = coroutine.wrap(function()
  for i = 1, 3 do fs[i] = function() i = i + 10; return i end; coroutine.yield() end
end)
co3() co3() co3()
print(fs[1](), fs[1](), fs[2](), fs[3]())
