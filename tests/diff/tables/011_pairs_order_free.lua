-- Traversal visits each key once; keys sorted for printing.
local function keys(t) local k = {} for x in pairs(t) do k[#k + 1] = tostring(x) end table.sort(k) return table.concat(k, ",") end
print(keys {}, keys {1, 2, 3}, keys {a = 1, b = 2}, keys {1, a = 2, [2.5] = 3, [true] = 4, [-1] = 5})
local t = {}
for i = 1, 50 do t["k" .. i] = i t[i] = i t[i + 0.5] = i end
local n, sum = 0, 0
for _, v in pairs(t) do n = n + 1 sum = sum + v end
print(n, sum)
for k in pairs(t) do if type(k) == "string" then t[k] = nil end end
n = 0 for _ in pairs(t) do n = n + 1 end print(n)
for k, v in pairs(t) do t[k] = v * 2 end
sum = 0 for _, v in pairs(t) do sum = sum + v end print(sum)
for k in pairs(t) do t[k] = nil end
print(next(t), #t)
t.x = 1
print(next(t), next(t, "x"))
t.x = nil t.y = 2
print(next(t))
local seen = {}
for k, v in next, {10, 20, 30, z = 40} do seen[#seen + 1] = k .. "=" .. v end
table.sort(seen) print(table.concat(seen, " "))
print(pcall(next, {}, "nokey"), pcall(next, {1, 2}, 3), pcall(next), rawequal(next({}), nil))
print(select("#", next({})), select("#", next({5})), next({5}), next({5}, 1), type(next), pairs({}) == next)
for k, v in pairs({f = false}) do print(k, v) end
