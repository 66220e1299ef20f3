-- SPDX-License-Identifier: MIT
-- the line of a call over several lines
local function bad() error("here", 2) end
local t = {m = bad}
print(pcall(function()
  bad()
end))
print(pcall(function()
  local x = bad(1,
    2
  )
  return x
end))
print(pcall(function()
  local x =
    t.m(1)
  return x
end))
print(pcall(function()
  local x = t:m {
    1, 2
  }
  return x
end))
print(pcall(function()
  local x = nosuch "arg"
    .. "more"
  return x
end))
print(pcall(function()
  local q = 1 +
    t.m "x"
end))
