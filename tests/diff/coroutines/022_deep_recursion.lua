-- SPDX-License-Identifier: MIT
-- a yield below many frames
local function down(n)
  if n == 0 then
    local v = coroutine.yield("bottom")
    return v
  end
  local r = down(n - 1)
  return r + 1
end
local co = coroutine.create(down)
print(coroutine.resume(co, 100))
print(coroutine.resume(co, 1000))
print(coroutine.status(co))
local function tail(n)
  if n == 0 then return coroutine.yield("tail") end
  return tail(n - 1)
end
co = coroutine.create(tail)
print(coroutine.resume(co, 200))
print(coroutine.resume(co, "a", "b"))
local function sum(n) if n == 0 then return 0 end return n + sum(n - 1) end
co = coroutine.wrap(function() coroutine.yield(sum(50)); return sum(150) end)
print(co())
print(co())
