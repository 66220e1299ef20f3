-- SPDX-License-Identifier: MIT
-- Power iteration on an infinite matrix: float arithmetic, calls, arrays.
local n = tonumber((...)) or 450

local function a(i, j)
  local k = i + j - 1
  return 1.0 / (k * (k - 1) * 0.5 + i)
end

local function times(x, y)
  for i = 1, n do
    local s = 0.0
    for j = 1, n do s = s + x[j] * a(i, j) end
    y[i] = s
  end
end

local function times_t(x, y)
  for i = 1, n do
    local s = 0.0
    for j = 1, n do s = s + x[j] * a(j, i) end
    y[i] = s
  end
end

local u, v, t = {}, {}, {}
for i = 1, n do u[i] = 1.0 end
for _ = 1, 10 do
  times(u, t)
  times_t(t, v)
  times(v, t)
  times_t(t, u)
end
local vbv, vv = 0.0, 0.0
for i = 1, n do
  vbv = vbv + u[i] * v[i]
  vv = vv + v[i] * v[i]
end
print(string.format("spectral %.9f", (vbv / vv) ^ 0.5))
