-- SPDX-License-Identifier: MIT
-- a protected call in a closing function
local function C(n, f) return setmetatable({}, {__close = function(_, e) print("close " .. n, e); if f then f(e) end end}) end
do
  local a <close> = C("a", function() print(pcall(error, "inside", 0)) end)
end
print(pcall(function()
  local a <close> = C "a"
  local b <close> = C("b", function(e) print(pcall(error, "b of " .. e, 0)) end)
  error("E", 0)
end))
print(pcall(function()
  local a <close> = C("a", function(e)
    local n <close> = C "nested"
    error(tostring(e) .. "+", 0)
  end)
  error("E", 0)
end))
