-- SPDX-License-Identifier: MIT
-- the condition sees the variable before it is closed
local n = 0
local function C() return setmetatable({open = true}, {__close = function(o) o.open = false; print("closed", n) end}) end
repeat
  n = n + 1
  local x <close> = C()
until (function() print("check", x.open) return n >= 2 end)()
local last
repeat
  local y <close> = C()
  last = y
  if n > 100 then break end
until y.open
print(last.open)
print(pcall(function()
  repeat
    local z <close> = C()
  until error("cond", 0)
end))
