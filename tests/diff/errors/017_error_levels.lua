-- SPDX-License-Identifier: MIT
-- where the position of error comes from
local function thrower(level) error("msg", level) end
local function middle(level)
  thrower(level)
end
local function outer(level)
  middle(level)
end
for _, level in ipairs {0, 1, 2, 3} do
  print(level, select(2, pcall(outer, level)))
end
print(select(2, pcall(function() error("default") end)))
print(select(2, pcall(function() error("zero", 0) end)))
print(select(2, pcall(function() error("two", 2) end)))
print(pcall(error, "direct"))
print(pcall(error, "direct", 0))
print(pcall(error, "direct", 1))
print(pcall(error, "direct", 2))
