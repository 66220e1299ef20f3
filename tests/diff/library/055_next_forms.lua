-- SPDX-License-Identifier: MIT
-- next, pairs and ipairs
local t = {10, 20, 30}
print(next({}), next(t), next(t, 1), next(t, 2), next(t, 3))
print(next({x = 1}))
print(pcall(next, t, "nokey"))
print(pcall(next, t, 4.5))
print(pcall(next))
local keys = {}
for k in pairs {a = 1, b = 2, c = 3, 1, 2} do keys[#keys + 1] = tostring(k) end
table.sort(keys)
print(table.concat(keys, " "))
local m = {1, 2, 3, 4, 5, x = 1, y = 2}
for k in pairs(m) do m[k] = nil end
print(next(m))
m = {1, 2, 3, x = 1}
local sum = 0
for k, v in pairs(m) do m[k] = v * 10; sum = sum + v end
print(sum, m[1], m[3], m.x)
for i, v in ipairs {1, 2, nil, 4} do io.write(i, "=", v, " ") end
print()
for i, v in ipairs(setmetatable({}, {__index = function(_, i) if i < 4 then return i * i end end})) do io.write(i, "=", v, " ") end
print()
local f, s, i = ipairs(t)
print(f(s, i), f(s, 3), f(s, 1))
print(rawequal(s, t), i)
local n = 0
for _ in pairs(setmetatable({1, 2}, {__pairs = function() return function(_, k) if not k then return 1 end end, nil, nil end})) do n = n + 1 end
print(n)
