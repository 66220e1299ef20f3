-- SPDX-License-Identifier: MIT
-- an error in a coroutine; who closes and when
local function closer(name)
  return setmetatable({}, {__close = function(_, e) print("close " .. name, e) end})
end
local co = coroutine.create(function()
  local a <close> = closer "a"
  error("fails", 0)
end)
print(coroutine.resume(co))
print(coroutine.close(co))
local w = coroutine.wrap(function()
  local a <close> = closer "w"
  error("wrap fails", 0)
end)
print(pcall(w))
co = coroutine.create(function()
  local a <close> = closer "outer"
  print(pcall(function()
    local b <close> = closer "inner"
    coroutine.yield("mid")
    error("e", 0)
  end))
  return "returned"
end)
print(coroutine.resume(co))
print(coroutine.resume(co))
print(coroutine.status(co))
