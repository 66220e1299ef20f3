-- SPDX-License-Identifier: MIT
-- goto back to before the declaration closes it
local function C(n) return setmetatable({}, {__close = function() io.write("close ", n, "\n") end}) end
local k = 0
do
  ::top::
  local v <close> = C("v" .. k)
  k = k + 1
  print("k", k)
  if k < 3 then goto top end
end
local m = 0
repeat
  ::redo::
  m = m + 1
  local u <close> = C("u" .. m)
  if m == 1 then goto redo end
  local w <close> = C("w" .. m)
until m >= 2
print(k, m)
