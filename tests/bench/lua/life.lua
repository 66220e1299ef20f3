-- SPDX-License-Identifier: MIT
-- Conway's game on a torus: nested arrays of small integers.
local size, steps = 96, tonumber((...)) or 500
local grid = {}
for y = 1, size do
  grid[y] = {}
  for x = 1, size do grid[y][x] = (x * 7 + y * 13 + x * y) % 5 == 0 and 1 or 0 end
end

local function step(old)
  local new = {}
  for y = 1, size do
    local up, row, down = old[(y - 2) % size + 1], old[y], old[y % size + 1]
    local out = {}
    for x = 1, size do
      local l, r = (x - 2) % size + 1, x % size + 1
      local n = up[l] + up[x] + up[r] + row[l] + row[r] +
                down[l] + down[x] + down[r]
      out[x] = (n == 3 or n == 2 and row[x] == 1) and 1 or 0
    end
    new[y] = out
  end
  return new
end

for _ = 1, steps do grid = step(grid) end
local alive = 0
for y = 1, size do
  for x = 1, size do alive = alive + grid[y][x] end
end
print("life", alive)
