-- Deleting, reinserting, overwriting; false is a value.
local t = {a = 1, b = 2, c = 3}
t.b = nil
print(t.a, t.b, t.c, rawget(t, "b"))
t.b = "again"
print(t.b)
t.x = false
print(t.x, t.x == nil, t.x == false, next({x = false}))
for i = 1, 30 do t["k" .. i] = i end
for i = 1, 30, 2 do t["k" .. i] = nil end
local n = 0
for _ in pairs(t) do n = n + 1 end
print(n)
for i = 1, 30, 3 do t["k" .. i] = -i end
local s = 0
for _, v in pairs(t) do if type(v) == "number" then s = s + v end end
print(s)
t.nothing = nil
print(next({nothing = nil}), pcall(function() t[nil] = nil end))
local u = {1, 2, 3, 4, 5}
u[3] = nil u[3] = "three"
print(#u, u[3])
u[2], u[1] = u[1], u[2]
print(u[1], u[2])
local cycle = {}
for round = 1, 20 do for i = 1, 20 do cycle[i * round] = i end for i = 1, 20 do cycle[i * round] = nil end end
print(next(cycle), #cycle)
for i = 1, 100 do cycle["s" .. i % 10] = i cycle["s" .. (i + 5) % 10] = nil end
local left = {} for k, v in pairs(cycle) do left[#left + 1] = k .. "=" .. v end
table.sort(left) print(table.concat(left, " "))
