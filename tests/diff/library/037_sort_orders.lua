-- SPDX-License-Identifier: MIT
-- table.sort with several orders
local function sorted(t, f) table.sort(t, f); for i = 1, #t do t[i] = tostring(t[i]) end return table.concat(t, " ") end
print(sorted {}, sorted {1}, sorted {2, 1}, sorted {1, 2})
print(sorted {5, 2, 8, 1, 9, 3, 7, 4, 6, 0})
print(sorted({5, 2, 8, 1, 9, 3, 7, 4, 6, 0}, function(a, b) return a > b end))
print(sorted {"banana", "apple", "Cherry", "", "app", "apple pie"})
print(sorted {3, 1.5, -2, 1e10, -0.5, 2^53})
print(sorted {1, 1, 1, 1, 1}, sorted {2, 1, 2, 1, 2})
print(sorted({"bb", "a", "ccc"}, function(a, b) return #a < #b end))
local up, down, saw = {}, {}, {}
for i = 1, 50 do up[i] = i; down[i] = 51 - i; saw[i] = i * 37 % 53 end
print(sorted(up) == sorted(down))
print(sorted(saw))
local people = {{n = "x", a = 3}, {n = "y", a = 1}, {n = "z", a = 2}}
table.sort(people, function(p, q) return p.a < q.a end)
for _, p in ipairs(people) do io.write(p.n, p.a, " ") end
print()
local mt = {__lt = function(a, b) return a.v < b.v end}
local objs = {}
for i, v in ipairs {3, 1, 2} do objs[i] = setmetatable({v = v}, mt) end
table.sort(objs)
print(objs[1].v, objs[2].v, objs[3].v)
