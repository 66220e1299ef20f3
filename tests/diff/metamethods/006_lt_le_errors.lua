-- Comparison without handlers, mixed types with and without.
local function try(f) print((select(2, pcall(f)))) end
local o = setmetatable({}, {__lt = function(a, b) return type(a) .. type(b) == "tablenumber" end})
print(o < 1, 1 < o, o > 1, 1 > o, o < "x", nil < o, o < true)
-- (o <= 1 is left out: lua5.4 may be built to ask __lt for it)
try(function() return {} < {} end)
try(function() return {} < 1 end)
try(function() return 1 < {} end)
try(function() return "a" < 1 end)
try(function() return nil < nil end)
try(function() return true < false end)
try(function() return {} <= "x" end)
try(function() return print < print end)
try(function() return {} >= print end)
local V = {}
V.__index = V
V.__lt = function(a, b) return a.n < b.n end
V.__le = function(a, b) return a.n <= b.n end
local function v(n) return setmetatable({n = n}, V) end
print(v(1) < v(2), v(2) <= v(2), v(3) > v(2), v(3) >= v(4), not (v(1) < v(1)))
local list = {v(3), v(1), v(2)}
table.sort(list)
print(list[1].n, list[2].n, list[3].n)
table.sort(list, function(a, b) return a > b end)
print(list[1].n, list[2].n, list[3].n)
print(math.max(v(1), v(3), v(2)).n, math.min(v(2), v(1)).n)
