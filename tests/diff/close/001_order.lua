-- SPDX-License-Identifier: MIT
-- values are closed last to first
local function C(n) return setmetatable({}, {__close = function(_, e) print("close " .. n, e) end}) end
do
  local a <close> = C "a"
  local b <close> = C "b"
  local x = 1
  local c <close> = C "c"
  print("body", x)
end
print("after")
do local d <close> = C "d" end
do
  local e <close> = C "e"
  do local f <close> = C "f" end
  print("between")
end
