-- table.sort on numbers, strings, with comparators.
local function show(t) print(table.concat(t, " ")) end
local function sorted(t, f) table.sort(t, f) show(t) end
sorted {} sorted {1} sorted {2, 1} sorted {3, 1, 2} sorted {1, 1, 1}
sorted {5, 2, 8, 1, 9, 3, 7, 4, 6, 0, -1, -5}
sorted {2.5, 2, 2.25, -0.5, 1e3, 3}
sorted {"banana", "apple", "cherry", "Apple", "", "b", "10", "9"}
sorted({5, 2, 8, 1}, function(a, b) return a > b end)
sorted({"ccc", "a", "bb", "dddd"}, function(a, b) return #a < #b end)
local words = {"x3", "x1", "x2"}
print(select("#", table.sort(words)), words[1])
local t = {}
local seed = 7
for i = 1, 200 do seed = (seed * 1103515245 + 12345) & 0x7fffffff t[i] = seed % 1000 end
table.sort(t)
local ok = true
for i = 2, #t do ok = ok and t[i - 1] <= t[i] end
print(ok, t[1], t[100], t[200])
table.sort(t, function(a, b) return a > b end)
for i = 2, #t do ok = ok and t[i - 1] >= t[i] end
print(ok, t[1], t[200])
local people = {{n = "Al", a = 30}, {n = "Bo", a = 25}, {n = "Cy", a = 30}, {n = "Di", a = 25}}
table.sort(people, function(x, y) if x.a ~= y.a then return x.a < y.a end return x.n > y.n end)
for _, p in ipairs(people) do io.write(p.n, p.a, " ") end print()
local asc = {} for i = 1, 100 do asc[i] = i end table.sort(asc) print(asc[1], asc[50], asc[100])
local desc = {} for i = 1, 100 do desc[i] = 101 - i end table.sort(desc) print(desc[1], desc[50], desc[100])
