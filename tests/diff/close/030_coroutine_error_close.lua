-- SPDX-License-Identifier: MIT
-- errors while a coroutine is being closed
local function C(n, err)
  return setmetatable({}, {__close = function(_, e)
    print("close " .. n, e)
    if err then error(err, 0) end
  end})
end
local function start(f) local co = coroutine.create(f); coroutine.resume(co); return co end
local co = start(function()
  local a <close> = C("a", "ea")
  pcall(function()
    local b <close> = C("b", "eb")
    coroutine.yield()
  end)
end)
print(coroutine.close(co))
co = start(function()
  for x in next, {1}, nil, C("for") do
    local y <close> = C "in loop"
    coroutine.yield()
  end
end)
print(coroutine.close(co))
co = start(function()
  local a <close> = C "outer"
  coroutine.wrap(function() local b <close> = C "inner"; coroutine.yield() end)()
  coroutine.yield()
end)
print(coroutine.close(co), coroutine.status(co))
