-- Results of __eq, __lt, __le become booleans; ~= and > follow from them.
local ret
local M = {__eq = function() return ret end, __lt = function() return ret end, __le = function() return ret end}
local a, b = setmetatable({}, M), setmetatable({}, M)
for _, v in ipairs {true, 1, "x", 0, ""} do
  ret = v
  print(a == b, a ~= b, a < b, a <= b, a > b, a >= b, not (a == b), not (a < b))
end
ret = false
print(a == b, a ~= b, a < b, a <= b, a > b, a >= b)
ret = nil
print(a == b, a ~= b, a < b, a <= b, a > b, a >= b)
ret = true
if a == b then io.write("eq ") end
if a ~= b then io.write("ne ") end
if a < b then io.write("lt ") end
if not (a <= b) then io.write("nle ") end
while a > b do io.write("gt ") break end
repeat io.write("once ") until a >= b
print(a == b and "and" or "or", a < b or "no", (a == b) == true)
print(a == 1, a == "x", a == nil, a == {}, 1 == a, a ~= 1)
M.__eq = function(x, y) return select("#", x, y) == 2, "second" end
print(a == b, select("#", a == b))
print(rawequal(a, b), rawequal(a, a))
