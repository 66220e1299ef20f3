-- SPDX-License-Identifier: MIT
-- dozens of values to close at once
local log = {}
local function C(n) return setmetatable({}, {__close = function(_, e) log[#log + 1] = n end}) end
local function nest(n)
  local x <close> = C(n)
  if n > 0 then nest(n - 1) end
end
nest(40)
print(#log, log[1], log[41])
log = {}
for i = 1, 60 do local x <close> = C(i) end
print(#log, log[1], log[60])
log = {}
print(pcall(function() nest(20); local y <close> = C "y"; local z <close> = C "z"; error("e", 0) end))
print(#log, log[#log - 1], log[#log])
log = {}
local src = {"local C = ...\n"}
for i = 1, 100 do src[#src + 1] = ("local v%d <close> = C(%d)\n"):format(i, i) end
src[#src + 1] = "return 'all'"
print(load(table.concat(src))(C))
print(#log, log[1], log[100])
