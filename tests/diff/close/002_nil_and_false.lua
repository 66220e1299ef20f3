-- SPDX-License-Identifier: MIT
-- nil and false are not closed
do
  local a <close> = nil
  local b <close> = false
  print(a, b)
end
local function maybe(v) local x <close> = v; return "fine", x == v end
print(maybe(nil))
print(maybe(false))
print(pcall(maybe, true))
print(pcall(maybe, 1))
print(pcall(maybe, "s"))
print(pcall(maybe, {}))
print(pcall(maybe, setmetatable({}, {})))
print(pcall(maybe, print))
print(pcall(maybe, setmetatable({}, {__close = function() end})))
