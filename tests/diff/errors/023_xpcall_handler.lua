-- SPDX-License-Identifier: MIT
-- what the handler sees and gives
local function h(m) return "<" .. tostring(m) .. ">" end
print(xpcall(error, h, "a", 0))
print(xpcall(error, h))
print(xpcall(function(...) return ... end, h, 1, nil, 3))
print(xpcall(function() error({}) end, function(m) return type(m) end))
print(xpcall(function() local x; x() end, h))
print(xpcall(error, function(m) return m, "second" end, "only one", 0))
print(xpcall(error, function() end, "gone"))
print(select("#", xpcall(error, function() end, "gone")))
print(xpcall(function() return xpcall(error, h, "inner", 0) end, h))
print(xpcall(function() xpcall(error, h, "inner", 0); error("outer", 0) end, h))
local seen = {}
print(xpcall(error, function(m) seen[#seen + 1] = m; return #seen end, "m", 0))
print(seen[1], #seen)
