-- SPDX-License-Identifier: MIT
-- break leaves blocks with values to close
local function C(n) return setmetatable({}, {__close = function() io.write("close ", n, "\n") end}) end
for i = 1, 3 do
  local a <close> = C("a" .. i)
  if i == 2 then
    local b <close> = C "b"
    break
  end
  print("end of", i)
end
local n = 0
while true do
  n = n + 1
  local w <close> = C("w" .. n)
  if n == 2 then break end
end
repeat
  local r <close> = C "r"
  if n > 0 then break end
until false
for _, v in ipairs {"x", "y"} do
  local p <close> = C(v)
  do local q <close> = C(v .. v); if v == "y" then break end end
end
print("end")
