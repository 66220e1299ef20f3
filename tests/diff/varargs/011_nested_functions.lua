-- SPDX-License-Identifier: MIT
-- varargs belong to their own function
local function outer(...)
  local n = select("#", ...)
  local args = {...}
  local function inner(...)
    return n, select("#", ...), args[1], ...
  end
  return inner(...)
end
print(outer("x", "y"))
print(outer())
local function make(...)
  local saved = table.pack(...)
  return function() return table.unpack(saved, 1, saved.n) end
end
print(make(1, nil, nil)())
print(select("#", make(1, nil, nil)()))
print(load("return function() return ... end"))
local function counter(...)
  local i, t = 0, {...}
  return function() i = i + 1; return t[i] end
end
for v in counter("p", "q", "r") do io.write(v, " ") end
print()
