-- SPDX-License-Identifier: MIT
-- coroutine.close runs what is to be closed
local function closer(name, fail)
  return setmetatable({}, {__close = function(_, e)
    print("close " .. name, e)
    if fail then error(fail, 0) end
  end})
end
local co = coroutine.create(function()
  local a <close> = closer "a"
  do
    local b <close> = closer "b"
    coroutine.yield("first")
  end
  local c <close> = closer "c"
  coroutine.yield("second")
end)
print(coroutine.resume(co))
print(coroutine.resume(co))
print(coroutine.close(co))
co = coroutine.create(function()
  local a <close> = closer "a"
  local b <close> = closer("b", "from b")
  coroutine.yield()
end)
coroutine.resume(co)
print(coroutine.close(co))
print(coroutine.status(co))
co = coroutine.create(function()
  local a <close> = closer("a", "from a")
  local b <close> = closer("b", "from b")
  coroutine.yield()
end)
coroutine.resume(co)
print(coroutine.close(co))
print(coroutine.close(co))
