-- Operators that build new objects, mixing scalars and objects.
local V = {}
V.__index = V
local function vec(x, y) return setmetatable({x = x, y = y}, V) end
V.__add = function(a, b) return vec(a.x + b.x, a.y + b.y) end
V.__sub = function(a, b) return vec(a.x - b.x, a.y - b.y) end
V.__mul = function(a, b)
  if type(a) == "number" then return vec(a * b.x, a * b.y) end
  if type(b) == "number" then return vec(a.x * b, a.y * b) end
  return a.x * b.x + a.y * b.y
end
V.__div = function(a, s) return vec(a.x / s, a.y / s) end
V.__idiv = function(a, s) return vec(a.x // s, a.y // s) end
V.__mod = function(a, s) return vec(a.x % s, a.y % s) end
V.__unm = function(a) return vec(-a.x, -a.y) end
V.__eq = function(a, b) return a.x == b.x and a.y == b.y end
V.__lt = function(a, b) return a * a < b * b end
V.__le = function(a, b) return a * a <= b * b end
V.__len = function(a) return math.sqrt(a * a) end
V.__tostring = function(a) return "(" .. a.x .. "," .. a.y .. ")" end
V.__concat = function(a, b) return tostring(a) .. tostring(b) end
V.__call = function(a, k) return a[k] end
V.__pow = function(a, n) local r = a for _ = 2, n do r = vec(r.x * a.x - r.y * a.y, r.x * a.y + r.y * a.x) end return r end
local a, b = vec(3, 4), vec(1, -2)
print(a + b, a - b, a * b, a * 2, 2 * a, -a, a / 2, a // 2, a % 2, #a)
print(a == b, a == vec(3, 4), a == vec(3.0, 4.0), a ~= b, a < b, a > b, a <= a, b >= a)
print(a .. b, a .. "!", "!" .. a, 1 .. a, a .. b .. a)
print(a "x", a "y", b("x") + a("y"), a ^ 2, vec(0, 1) ^ 2, a ^ 3)
print(-a + b * 2 - a / 2, (a + b) * (a - b), -a * -b, - -a == a)
local s = vec(0, 0)
for i = 1, 10 do s = s + vec(i, -i) * 0.5 end
print(s, #s > 38, s // 1, vec(7, -7) // 2, vec(7, -7) % 3)
print(pcall(function() return a + 1 end))
