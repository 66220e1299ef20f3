-- SPDX-License-Identifier: MIT
-- values to close around generators
local function C(n) return setmetatable({}, {__close = function(_, e) print("close " .. n, e) end}) end
local function lines(list)
  local co = coroutine.create(function()
    local r <close> = C "resource"
    for _, l in ipairs(list) do coroutine.yield(l) end
  end)
  local guard = setmetatable({}, {__close = function() print("guard", coroutine.close(co)) end})
  return function() return select(2, coroutine.resume(co)) end, nil, nil, guard
end
for l in lines {"a", "b"} do print(l) end
print("--")
for l in lines {"a", "b"} do print(l) break end
print("--")
print(pcall(function() for l in lines {"a", "b"} do error("stop at " .. l, 0) end end))
