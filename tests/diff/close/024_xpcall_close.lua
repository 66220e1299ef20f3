-- SPDX-License-Identifier: MIT
-- the handler runs before anything is closed
local function C(n) return setmetatable({}, {__close = function(_, e) print("close " .. n, e) end}) end
print(xpcall(function()
  local a <close> = C "a"
  error("E", 0)
end, function(m) print("handler", m); return "H" .. m end))
print(xpcall(function()
  local a <close> = setmetatable({}, {__close = function(_, e) print("closing", e); error("in close", 0) end})
  error("E", 0)
end, function(m) print("handler", m); return "H" .. m end))
print(xpcall(function()
  local a <close> = C "fine"
  return "value"
end, print))
