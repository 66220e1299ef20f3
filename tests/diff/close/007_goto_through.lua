-- SPDX-License-Identifier: MIT
-- goto leaves blocks with values to close
local function C(n) return setmetatable({}, {__close = function() io.write("close ", n, "\n") end}) end
do
  local n = 0
  ::again::
  n = n + 1
  do
    local a <close> = C("a" .. n)
    if n < 3 then goto again end
    print("last", n)
  end
end
do
  do
    local x <close> = C "x"
    do
      local y <close> = C "y"
      goto out
    end
  end
  ::out::
  print("out")
end
for i = 1, 3 do
  local c <close> = C("c" .. i)
  if i == 2 then goto continue end
  print("body", i)
  ::continue::
end
