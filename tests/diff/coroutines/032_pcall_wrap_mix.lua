-- SPDX-License-Identifier: MIT
-- pcall, coroutines and errors inside each other
local function fails(n)
  if n == 0 then error("deep", 0) end
  return coroutine.wrap(fails)(n - 1)
end
print(pcall(fails, 5))
local function guarded(n)
  if n == 0 then error("g", 0) end
  local ok, e = pcall(coroutine.wrap(guarded), n - 1)
  error(e .. n, 0)
end
print(pcall(guarded, 5))
local co = coroutine.create(function()
  local ok, e = pcall(function()
    local c = coroutine.wrap(function()
      coroutine.yield(1)
      error("inner", 0)
    end)
    coroutine.yield(c())
    c()
  end)
  coroutine.yield(ok, e)
  error("outer", 0)
end)
for i = 1, 4 do print(coroutine.resume(co)) end
print(xpcall(coroutine.wrap(function() error("wx", 0) end), function(m) return m .. " seen" end))
