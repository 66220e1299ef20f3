-- SPDX-License-Identifier: MIT
-- All solutions of the queens puzzle: arrays of booleans, recursion.
local n = tonumber((...)) or 10
local rows, up, down, found = {}, {}, {}, 0
for i = 1, 2 * n do rows[i], up[i], down[i] = false, false, false end

local function place(column)
  if column > n then
    found = found + 1
    return
  end
  for row = 1, n do
    local a, b = row + column - 1, row - column + n
    if not rows[row] and not up[a] and not down[b] then
      rows[row], up[a], down[b] = true, true, true
      place(column + 1)
      rows[row], up[a], down[b] = false, false, false
    end
  end
end

for _ = 1, 6 do place(1) end
print("queens", found)
