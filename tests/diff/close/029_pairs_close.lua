-- SPDX-License-Identifier: MIT
-- the fourth value from __pairs is not taken
local t = setmetatable({}, {__pairs = function(t)
  return next, {k = "v"}, nil, setmetatable({}, {__close = function() print("never") end})
end})
for k, v in pairs(t) do print(k, v) end
print(select("#", pairs(t)))
print(select("#", pairs({})))
print(select("#", ipairs({})))
local f, s, c = pairs({})
print(f == next, type(s), c)
