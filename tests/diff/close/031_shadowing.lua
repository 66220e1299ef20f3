-- SPDX-License-Identifier: MIT
-- variables of one name, each closed
local function C(n) return setmetatable({n = n}, {__close = function() print("close " .. n) end}) end
do
  local x <close> = C(1)
  local x <close> = C(2)
  local x <const> = x.n
  print(x)
end
do
  local a, b <close>, c = 1, C "b", 3
  print(a, c)
end
do
  local f <close> = C "unused"
  local function f() return "function" end
  print(f())
end
