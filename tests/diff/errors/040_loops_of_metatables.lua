-- SPDX-License-Identifier: MIT
-- metatables that lead back to themselves
local t = setmetatable({}, {})
getmetatable(t).__index = t
print(pcall(function() return t.x end))
getmetatable(t).__newindex = t
print(pcall(function() t.x = 1 end))
local function tail(n) if n == 0 then return "tail" end return tail(n - 1) end
print(tail(1000))
print(pcall(string.rep, "x", 1 << 62))
local a, b = {}, {}
setmetatable(a, {__index = b})
setmetatable(b, {__index = a})
print(pcall(function() return a.x end))
print(rawget(a, "x"), "alive")
