-- __eq only for two tables not the same; never for other pairs of types.
local calls = 0
local M = {__eq = function(x, y) calls = calls + 1 return x.v == y.v end}
local function new(v) return setmetatable({v = v}, M) end
local a, b, c = new(1), new(1), new(2)
print(a == b, a == c, a ~= c, calls)
print(a == a, calls)
print(a == 1, a == "1", a == nil, calls)
local plain = {v = 1}
print(a == plain, plain == a, calls)
print({v = 1} == plain, calls)
local other = setmetatable({v = 1}, {__eq = function() return false end})
print(a == other, other == a, calls)
local set = {[a] = "a"}
print(set[a], set[b], rawequal(a, b), calls)
local function find(list, x) for i, v in ipairs(list) do if v == x then return i end end end
print(find({c, b, a}, a), find({c}, a), calls)
print(a == b == true, (a == b) == (b == a), calls)
M.__eq = nil
print(a == b, a == a)
M.__eq = function() error("in eq", 0) end
print(pcall(function() return a == b end))
print(pcall(function() return a ~= b end))
print(pcall(function() if a == b then return 1 end end))
print(io.stdout == io.stdout, io.stdout == io.stderr, io.stdout == a)
