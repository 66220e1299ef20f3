-- SPDX-License-Identifier: MIT
-- protected calls inside protected calls
print(pcall(pcall))
print(pcall(pcall, error))
print(pcall(pcall, error, "x"))
print(pcall(pcall, pcall, error, "y"))
print(pcall(function() return pcall(error, "in", 0) end))
print(pcall(function() local ok, e = pcall(error, "in", 0); error(e .. " out", 0) end))
local depth = 0
local function nest(n)
  depth = depth + 1
  if n == 0 then error("bottom", 0) end
  local ok, e = pcall(nest, n - 1)
  error(e .. "<" .. n, 0)
end
print(pcall(nest, 6))
print(depth)
print(pcall(function(...) return select("#", ...), ... end, nil, nil, 3))
print(pcall(select, -1, 1, 2, 3))
print(select("#", pcall(function() end)))
print(pcall(function() return nil end))
