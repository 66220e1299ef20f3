-- table.concat: separators, ranges, numbers, errors.
print(table.concat({}), table.concat({}, ","), table.concat({1}), table.concat({1, 2, 3}), table.concat({1, 2, 3}, ", "))
print(table.concat({"a", "b", "c"}, "-", 2), table.concat({"a", "b", "c"}, "-", 2, 3), table.concat({"a", "b"}, "-", 3), table.concat({"a"}, "x", 1, 1))
print(table.concat({1.5, 2, 3.0, -0.0, 2^63}, " "), table.concat({"a", 1, "b", 2.5}), table.concat({1, 2}, 0), table.concat({1, 2}, 0.5))
print(table.concat({[0] = "z", "a"}, ",", 0, 1), table.concat({[5] = "e", [6] = "f"}, ",", 5, 6), table.concat({"x"}, ",", 2, 1))
print(#table.concat({("x"):rep(500), ("y"):rep(500)}, ("z"):rep(24)), table.concat({"", "", ""}, "|"), table.concat({"a\0b", "c"}):byte(1, -1))
local function try(...) print(select(2, pcall(table.concat, ...))) end
try({1, {}, 3})
try({1, nil, 3}, ",", 1, 3)
try({true})
try({1, 2}, ",", 1, 3)
try({1, 2}, {})
try({1, 2}, ",", "x")
try()
try("abc")
try({"a", function() end})
try({}, ",", 1, 1)
print(table.concat({"m"}, ",", math.maxinteger, math.mininteger), table.concat(setmetatable({}, {__index = function(_, i) return "v" .. i end, __len = function() return 3 end}), " "))
local big = {}
for i = 1, 500 do big[i] = i end
print(#table.concat(big), table.concat(big, ""):sub(1, 20), table.concat(big, " ", 498))
print(table.concat({[math.maxinteger] = "last"}, ",", math.maxinteger, math.maxinteger))
