-- Assigning to existing fields during a traversal is allowed, nil too.
local t = {}
for i = 1, 40 do t[i] = i t["s" .. i] = i end
local visits = 0
for k, v in pairs(t) do visits = visits + 1 t[k] = nil end
print(visits, next(t))
for i = 1, 40 do t[i] = i end
visits = 0
for k, v in pairs(t) do visits = visits + 1 if v % 2 == 0 then t[k] = nil else t[k] = v * 100 end end
print(visits)
local sum, n = 0, 0
for _, v in pairs(t) do sum = sum + v n = n + 1 end
print(sum, n)
local set = {}
for w in ("a b c d e f g h"):gmatch "%a" do set[w] = true end
local drained = {}
while next(set) do local k = next(set) drained[#drained + 1] = k set[k] = nil end
table.sort(drained) print(table.concat(drained))
local q = {}
for i = 1, 100 do q[i] = i end
local total = 0
while true do local k, v = next(q) if not k then break end total = total + v q[k] = nil end
print(total, next(q))
local k, count = nil, 0
local m = {x = 1, y = 2, z = 3, 10, 20}
repeat k = next(m, k) if k then count = count + 1 m[k] = nil end until not k
print(count, next(m))
local outer = {a = {1, 2}, b = {3}}
for _, inner in pairs(outer) do for i in pairs(inner) do inner[i] = nil end end
print(#outer.a, #outer.b)
