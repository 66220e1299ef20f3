-- SPDX-License-Identifier: MIT
-- float loops and mixed bounds
local function run(a, b, c)
  local t = {}
  for i = a, b, c or 1 do
    t[#t + 1] = tostring(i)
    if #t >= 6 then t[#t + 1] = "..." break end
  end
  print(#t, table.concat(t, " "))
end
run(1.0, 3)
run(1, 3.0)
run(1, 3.9)
run(1, 3, 1.0)
run(1, 2, 0.25)
run(0, 1, 0.1)
run(1, 0, -0.5)
run(1.5, 4)
run(1, -1.5, -1)
run(-1, -3.5, -1)
run(1, math.huge)
run(1, -math.huge)
run(1, -math.huge, -1)
run(-math.huge, 1, 1)
run(math.huge, 1, -1)
run(1, 2^63)
run(math.maxinteger - 1, 2^63)
run(math.maxinteger - 1, math.huge)
run(math.mininteger + 1, -2^63, -1)
run(math.mininteger, -2^63, -1)
run(0.1, 0.3, 0.1)
run(2^53, 2^53 + 4, 2)
run(1, 0.5)
run(1, 1.5, 1)
run(3, 2.5, -1)
