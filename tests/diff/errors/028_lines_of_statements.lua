-- SPDX-License-Identifier: MIT
-- the line of errors in statements
local function line(f)
  local _, m = pcall(f)
  return tostring(m):match(":(%d+): (.*)$")
end
print(line(function()
  for i = 1, 10, 0 do
  end
end))
print(line(function()
  for i = 1,
      {} do
  end
end))
print(line(function()
  local a <const> = 5
  local b = {}
  b.c.d
    = a
end))
print(line(function()
  while nosuch.x do
    local a = 1
  end
end))
print(line(function()
  repeat
    local a = 1
  until a.b.c
end))
print(line(function()
  if false then
    error("no")
  elseif nosuch() then
    error("no")
  end
end))
print(line(function()
  return {
    1, 2,
    x = nosuch.y,
    3
  }
end))
