-- Sorting what cannot be compared; comparators that fail.
local function try(...) print(select(2, pcall(table.sort, ...))) end
try({1, "a"})
try({{}, {}})
try({true, false})
try({3, 2, 1}, function() error("in comparator", 0) end)
try({3, 2, 1}, function() error({}) end and 5)
try({3, 2, 1}, "x")
try("abc")
try()
try({1}, {})
local M = {__lt = function(a, b) return a.v < b.v end}
local t = {}
for i, v in ipairs {4, 2, 9, 1} do t[i] = setmetatable({v = v}, M) end
table.sort(t)
for _, o in ipairs(t) do io.write(o.v, " ") end print()
local calls = 0
table.sort({1}, function() calls = calls + 1 return false end)
print(calls)
table.sort({}, function() calls = calls + 1 return false end)
print(calls)
local proxy = setmetatable({}, {__len = function() return 3 end,
  __index = function(_, i) return rawget(t, i).v end, __newindex = function() end})
print(pcall(table.sort, proxy))
print(pcall(table.sort, setmetatable({}, {__len = function() return math.maxinteger end})))
print(pcall(table.sort, setmetatable({}, {__len = function() return "x" end})))
local depth = {3, 1, 2}
table.sort(depth, function(a, b) local r = {b, a} table.sort(r) return a ~= b and r[1] == a end)
print(table.concat(depth, " "))
