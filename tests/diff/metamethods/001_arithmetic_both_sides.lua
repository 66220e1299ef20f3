-- Each arithmetic and bitwise metamethod, with the object left, right, both.
local M = {}
local function name(x) return type(x) == "table" and "obj" or tostring(x) end
for _, e in ipairs {"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat"} do
  M["__" .. e] = function(a, b) return e .. "(" .. name(a) .. "," .. name(b) .. ")" end
end
local o = setmetatable({}, M)
print(o + 1, 1 + o, o + o)
print(o - 1, 1 - o, o - o)
print(o * 1, 1 * o, o * o)
print(o / 1, 1 / o, o / o)
print(o % 1, 1 % o, o % o)
print(o ^ 1, 1 ^ o, o ^ o)
print(o // 1, 1 // o, o // o)
print(o & 1, 1 & o, o & o)
print(o | 1, 1 | o, o | o)
print(o ~ 1, 1 ~ o, o ~ o)
print(o << 1, 1 << o, o << o)
print(o >> 1, 1 >> o, o >> o)
print(o .. 1, 1 .. o, o .. o)
print(o + nil, nil + o, o + "s", "s" + o, o + 1.5, 1.5 + o, o + true, {} + o)
print(o & 1.5, 1.5 & o, o | "a", "a" | o, nil << o, o >> {})
print(o + 256, 256 + o, o - 1000000, o * -1, -1 * o, o & 255, 255 | o)
