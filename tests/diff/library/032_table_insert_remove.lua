-- SPDX-License-Identifier: MIT
-- table.insert and table.remove at every position
local function show(t) print(#t, table.concat(t, " ")) end
local t = {}
table.insert(t, "a") table.insert(t, "c") table.insert(t, 2, "b") table.insert(t, 1, "z") table.insert(t, 5, "e")
show(t)
print(table.remove(t), table.remove(t, 1), table.remove(t, 2))
show(t)
print(table.remove(t, 3), #t)
print(table.remove({}), table.remove({}, 0), select("#", table.remove({})))
print(table.remove({[0] = "zero"}, 0), table.remove({"x"}, 1), table.remove({"x"}, 2))
print(pcall(table.insert, {1, 2}, 4, "x"))
print(pcall(table.insert, {1, 2}, 0, "x"))
print(pcall(table.insert, {1, 2}, -1, "x"))
print(pcall(table.insert, {1}, 1, 2, 3))
print(pcall(table.insert, {1}))
print(pcall(table.insert, nil, 1))
print(select("#", table.insert({}, 1)))
t = {1, 2, 3}
table.insert(t, 2, nil)
print(t[1], t[2], t[3], t[4])
while #t > 0 and t[#t] do table.remove(t) end
print(next(t) ~= nil or #t)
