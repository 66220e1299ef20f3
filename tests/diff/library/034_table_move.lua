-- SPDX-License-Identifier: MIT
-- table.move within and between tables
local function show(t, n) local r = {} for i = 1, n or #t do r[i] = tostring(t[i]) end print(table.concat(r, " ")) end
show(table.move({1, 2, 3}, 1, 3, 2))
show(table.move({1, 2, 3}, 2, 3, 1))
show(table.move({1, 2, 3, 4, 5}, 2, 4, 3))
show(table.move({1, 2, 3}, 1, 3, 1, {}))
show(table.move({1, 2, 3}, 1, 3, 3, {"a", "b", "c"}))
show(table.move({1, 2, 3}, 1, 0, 5))
show(table.move({1, 2, 3}, 2, 3, 5), 6)
local t = {}
print(table.move({1}, 1, 1, 1, t) == t)
print(table.move({[0] = "z"}, 0, 0, 1)[1], table.move({[-2] = "m"}, -2, -2, 7, {})[7])
print(pcall(table.move, {}, 1, math.maxinteger, 2))
print(pcall(table.move, {}, 0, math.maxinteger, 2))
print(pcall(table.move, {}, math.mininteger, 0, 2))
print(pcall(table.move, {}, 1, 2))
print(pcall(table.move, {}, 1, 2, 1, 5))
print(pcall(table.move, 1, 1, 2, 1))
print(table.move({[math.maxinteger] = "x"}, math.maxinteger, math.maxinteger, 1)[1])
print(pcall(table.move, {}, 1, 10, math.maxinteger - 5))
