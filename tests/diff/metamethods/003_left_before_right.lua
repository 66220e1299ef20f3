-- When both operands have the event, the left one's handler is called.
local function make(n, events)
  local M = {}
  for e in events:gmatch "%a+" do M["__" .. e] = function(a, b) return n .. "." .. e end end
  return setmetatable({}, M)
end
local a = make("A", "add sub concat lt le eq band")
local b = make("B", "add mul concat lt eq bor")
print(a + b, b + a, a - b, b - a, a * b, b * a)
print(a .. b, b .. a, a & b, b & a, a | b, b | a)
print(pcall(function() return a / b end))
print(a < b, b < a, a <= b, b <= a, a > b, a >= b)
print(a == b, b == a, a ~= b, a == a)
local order = {}
local function tag(n, v) order[#order + 1] = n return v end
print(tag("l", a) + tag("r", b), tag("l", b) < tag("r", a), tag("l", a) > tag("r", b))
print(table.concat(order, " "))
local seen
local L = setmetatable({}, {__lt = function(x, y) seen = (x == 1 and "1" or "o") .. (y == 1 and "1" or "o") return true end, __le = function(x, y) seen = (x == 1 and "1" or "o") .. (y == 1 and "1" or "o") return false end})
print(L < 1, seen) print(1 < L, seen) print(L > 1, seen) print(1 > L, seen)
print(L <= 1, seen) print(1 <= L, seen) print(L >= 1, seen) print(1 >= L, seen)
print(L < L, seen, L <= L)
