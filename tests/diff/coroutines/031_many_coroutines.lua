-- SPDX-License-Identifier: MIT
-- a hundred coroutines alive at once
local cos = {}
for i = 1, 100 do
  cos[i] = coroutine.wrap(function(a)
    local s = a
    while true do s = s + coroutine.yield(s) end
  end)
end
local total = 0
for i = 1, 100 do total = total + cos[i](i) end
print(total)
total = 0
for i = 100, 1, -1 do total = total + cos[i](1) end
print(total)
for i = 1, 100, 25 do print(i, cos[i](0)) end
cos = nil
local chain = function(x) return x end
for i = 1, 30 do
  local inner = chain
  chain = coroutine.wrap(function(x)
    while true do x = coroutine.yield(inner(x) + 1) end
  end)
end
print(chain(0), chain(100), chain(-30))
