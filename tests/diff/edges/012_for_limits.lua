-- SPDX-License-Identifier: MIT
-- integer loops at the limits
local max, min = math.maxinteger, math.mininteger
local function run(a, b, c)
  local t = {}
  for i = a, b, c or 1 do
    t[#t + 1] = tostring(i)
    if #t >= 5 then t[#t + 1] = "..." break end
  end
  print(#t, table.concat(t, " "))
end
run(max - 2, max)
run(max, max)
run(max, max, max)
run(min, min + 1)
run(min + 2, min, -1)
run(min, min, -1)
run(min, max, max)
run(max, min, min)
run(max, min, -max)
run(1, 0)
run(0, 1, -1)
run(max, min)
run(min, max, -1)
run(1, max, max // 2)
run(-1, min, min // 2)
run(0, max, max)
run(3, 1, -1)
run(1, 10, 4)
run(10, 1, -4)
