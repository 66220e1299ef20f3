-- SPDX-License-Identifier: MIT
-- how errors that are no text print
local function show(...) print(select("#", ...), tostring((select(2, ...)))) end
show(pcall(error))
show(pcall(error, nil))
show(pcall(error, false))
show(pcall(error, 0))
show(pcall(error, -0.0))
show(pcall(error, 2^63))
show(pcall(error, math.mininteger))
show(pcall(error, setmetatable({}, {__tostring = function() return "T!" end})))
print(tostring(select(2, pcall(error, nil))) .. "|")
print(type(select(2, pcall(error))))
