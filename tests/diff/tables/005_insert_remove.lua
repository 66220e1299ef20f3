-- table.insert and table.remove at both ends and in the middle.
local function show(t) print(#t, table.concat(t, " ")) end
local t = {}
table.insert(t, "a") table.insert(t, "b") table.insert(t, 1, "c") table.insert(t, 2, "d") table.insert(t, #t + 1, "e")
show(t)
print(table.remove(t), table.remove(t, 1), table.remove(t, 2))
show(t)
print(table.remove(t, #t + 1), table.remove(t), table.remove(t), table.remove(t), #t)
print(table.remove({}), table.remove({}, 0), table.remove({}, #{}), select("#", table.remove({})))
print(table.remove({[0] = "zero"}, 0), table.remove({1, 2, 3}, 4), select("#", table.insert({}, 1)))
local q = {}
for i = 1, 5 do table.insert(q, 1, i) end
show(q)
for i = 1, 3 do io.write(table.remove(q, 1), " ") end
show(q)
local function try(f, ...) print(select(2, pcall(f, ...))) end
try(table.insert, {1, 2}, 4, "x")
try(table.insert, {1, 2}, 0, "x")
try(table.insert, {1, 2}, -1, "x")
try(table.insert, {1, 2})
try(table.insert, {1, 2}, 1, 2, 3)
try(table.insert, {}, 1.5, "x")
try(table.insert, nil, 1)
try(table.insert, "str", 1)
print((pcall(table.remove, {1, 2}, 5)), (pcall(table.remove, {1, 2}, -1)), (pcall(table.remove, {}, 2)))
try(table.remove)
print(table.insert == table.insert, pcall(table.insert, {}, "2", "x"), pcall(table.insert, {}, "1", "x"))
