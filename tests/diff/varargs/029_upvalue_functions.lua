-- SPDX-License-Identifier: MIT
-- varargs in functions made in loops
local fs = {}
for i = 1, 3 do
  fs[i] = function(...) i = i + select("#", ...); return i, ... end
end
print(fs[1]())
print(fs[1](nil, nil))
print(fs[2]("a"))
print(fs[3](fs[1](), fs[2]("x", "y")))
local function compose(...)
  local list = table.pack(...)
  return function(...)
    local r = table.pack(...)
    for i = 1, list.n do r = table.pack(list[i](table.unpack(r, 1, r.n))) end
    return table.unpack(r, 1, r.n)
  end
end
local dup = function(...) return ..., ... end
local count = function(...) return select("#", ...) end
print(compose()(1, nil, 3))
print(compose(dup)(1, 2))
print(compose(dup, dup, count)(1, 2))
print(compose(dup, count, dup)(nil))
