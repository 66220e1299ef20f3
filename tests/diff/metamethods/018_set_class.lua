-- Sets with operators for union, intersection, inclusion.
local S = {}
S.__index = S
local function set(...) local s = setmetatable({items = {}}, S) for _, v in ipairs {...} do s.items[v] = true end return s end
local function list(s) local l = {} for k in pairs(s.items) do l[#l + 1] = k end table.sort(l) return l end
S.__bor = function(a, b) local r = set(table.unpack(list(a))) for k in pairs(b.items) do r.items[k] = true end return r end
S.__band = function(a, b) local r = set() for k in pairs(a.items) do r.items[k] = b.items[k] end return r end
S.__sub = function(a, b) local r = set() for k in pairs(a.items) do if not b.items[k] then r.items[k] = true end end return r end
S.__bxor = function(a, b) return (a - b) | (b - a) end
S.__le = function(a, b) for k in pairs(a.items) do if not b.items[k] then return false end end return true end
S.__lt = function(a, b) return a <= b and not (b <= a) end
S.__eq = function(a, b) return a <= b and b <= a end
S.__len = function(a) return #list(a) end
S.__tostring = function(a) return "{" .. table.concat(list(a), ",") .. "}" end
S.__shl = function(a, v) a.items[v] = true return a end
S.__shr = function(a, v) a.items[v] = nil return a end
local a, b, c = set(1, 2, 3), set(3, 4), set()
print(a | b, a & b, a - b, b - a, a ~ b, a | c, a & c)
print(a | b & c, (a | b) & c, a - b | b, a ~ b ~ a)
print(#a, #(a | b), #c, #(a & b))
print(a <= b, a & b <= a, c <= a, c < c, c < a, a >= c, a > b, a == set(3, 2, 1), a ~= b)
print(a << 9 << 8 >> 1, c << "x" << "y", #c)
local t = {set(1, 2, 3), set(1), set(1, 2), set()}
table.sort(t, function(x, y) return #x < #y end)
for i = 1, #t - 1 do io.write(tostring(t[i]), t[i] < t[i + 1] and " < " or " ? ") end print(t[#t])
