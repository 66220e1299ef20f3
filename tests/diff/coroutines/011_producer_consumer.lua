-- SPDX-License-Identifier: MIT
-- filters over coroutines
local function produce()
  return coroutine.create(function()
    for _, line in ipairs {"one", "two", "three"} do coroutine.yield(line) end
  end)
end
local function receive(p)
  local _, v = coroutine.resume(p)
  return v
end
local function filter(p)
  return coroutine.create(function()
    local n = 0
    while true do
      local line = receive(p)
      if not line then return end
      n = n + 1
      coroutine.yield(("%2d %s"):format(n, line:upper()))
    end
  end)
end
local f = filter(filter(produce()))
while true do
  local line = receive(f)
  if not line then break end
  print(line)
end
print(coroutine.status(f))
print(coroutine.resume(f))
