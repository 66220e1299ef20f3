-- SPDX-License-Identifier: MIT
-- the line of an expression over several lines
local t = {}
print(pcall(function()
  local a = 1
  local b = a
    + t
  return b
end))
print(pcall(function()
  return t.x
    .y
    .z
end))
print(pcall(function()
  local x = "a" ..
    "b" ..
    t
end))
print(pcall(function()
  return 1 <
    t
end))
print(pcall(function()
  local z = -
    t
end))
print(pcall(function()
  return #
    t.none
end))
print(pcall(function()
  local a = (1 + 2) *
    (3 + t) -
    4
end))
