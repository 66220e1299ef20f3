-- SPDX-License-Identifier: MIT
-- local declarations take what they need
local function two() return "a", "b" end
local function none() end
local function f(...)
  local a = ...
  local b, c = ...
  local d, e, g, h = ...
  return a, b, c, d, e, g, h
end
print(f())
print(f(1))
print(f(1, 2))
print(f(1, 2, 3, 4, 5))
local a, b, c = two()
print(a, b, c)
local a, b, c = two(), two()
print(a, b, c)
local a, b = (two())
print(a, b)
local a, b = none()
print(a, b)
local a, b, c = 1, none(), 3
print(a, b, c)
local a <const>, b = two()
print(a, b)
