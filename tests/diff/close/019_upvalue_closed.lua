-- SPDX-License-Identifier: MIT
-- functions that keep a closed variable
local function C(n) return setmetatable({n = n}, {__close = function(o) o.n = o.n .. " closed" end}) end
local keep
do
  local x <close> = C "x"
  keep = function() return x.n end
  print(keep())
end
print(keep())
local fs = {}
for i = 1, 3 do
  local y <close> = C("y" .. i)
  fs[i] = function() return y.n end
end
print(fs[1](), fs[2](), fs[3]())
local order = {}
do
  local a = 1
  local b <close> = setmetatable({}, {__close = function() order[#order + 1] = a end})
  a = 2
  local c <close> = setmetatable({}, {__close = function() a = a * 10 end})
  a = 3
end
print(order[1])
do
  local z = "old"
  local w <close> = setmetatable({}, {__close = function() print(z) end})
  z = "new"
end
