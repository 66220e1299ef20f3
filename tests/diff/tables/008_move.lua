-- table.move: overlapping ranges, other tables, empty ranges, errors.
local function show(t) local o = {} for i = -1, 10 do o[#o + 1] = tostring(t[i]) end print(table.concat(o, " ")) end
show(table.move({1, 2, 3, 4, 5}, 1, 5, 2))
show(table.move({1, 2, 3, 4, 5}, 2, 5, 1))
show(table.move({1, 2, 3}, 1, 3, 1))
show(table.move({1, 2, 3}, 1, 0, 5))
show(table.move({1, 2, 3}, 1, 3, 1, {}))
show(table.move({1, 2, 3}, 2, 3, 5, {"a", "b"}))
show(table.move({1, 2, 3}, 0, 4, -1, {}))
show(table.move({1, 2, 3}, 1, 3, 4))
show(table.move({[-1] = "x", [0] = "y"}, -1, 0, 3))
local t = {1, 2}
print(table.move(t, 1, 2, 3) == t, #t, select("#", table.move({}, 1, 0, 1)))
local src = setmetatable({}, {__index = function(_, k) return k * 10 end})
show(table.move(src, 1, 4, 2, {}))
local log = {}
local dst = setmetatable({}, {__newindex = function(o, k, v) log[#log + 1] = k .. "=" .. v rawset(o, k, v) end})
table.move({7, 8, 9}, 1, 3, 5, dst)
print(table.concat(log, " "))
log = {}
table.move(setmetatable({1, 2, 3}, {__newindex = function(o, k, v) log[#log + 1] = k .. "=" .. v rawset(o, k, v) end}), 1, 3, 2)
print(table.concat(log, " "))
local function try(...) print(select(2, pcall(table.move, ...))) end
try({}, math.mininteger, 0, 1)
try({}, 1, math.maxinteger, 2)
try({}, 0, math.maxinteger, 1)
try({}, 1, 2) try({}, 1, 2, 3, 4) try(1, 1, 2, 3)
print(#table.move({}, math.maxinteger, math.maxinteger - 1, 1))
