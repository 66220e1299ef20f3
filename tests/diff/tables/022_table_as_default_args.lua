-- Options tables, varargs forwarding, method chains over tables.
local function opts(t) t = t or {} return (t.a or 1) .. "," .. (t.b == nil and "nil" or tostring(t.b)) .. "," .. #t end
print(opts(), opts {}, opts {a = 2}, opts {b = false, 1, 2}, opts {a = false})
local function count(...) local t = {...} local n = select("#", ...) return n, #t == n or n - #t > 0 end
print(count(), count(1), count(1, 2, 3), count(nil))
local List = {}
List.__index = List
function List.of(...) return setmetatable({...}, List) end
function List:map(f) local r = List.of() for i, v in ipairs(self) do r[i] = f(v) end return r end
function List:filter(f) local r = List.of() for _, v in ipairs(self) do if f(v) then r[#r + 1] = v end end return r end
function List:fold(f, a) for _, v in ipairs(self) do a = f(a, v) end return a end
function List:str() return "[" .. table.concat(self, ",") .. "]" end
local l = List.of(1, 2, 3, 4, 5, 6)
print(l:map(function(x) return x * x end):filter(function(x) return x % 2 == 0 end):str())
print(l:fold(function(a, b) return a + b end, 0), l:fold(math.max, -math.huge), l:map(tostring):fold(function(a, b) return a .. b end, ""))
print(List.of():str(), List.of("a"):map(string.upper):str(), #l, l[7], l.nothing)
local function zip(a, b) local r = {} for i = 1, math.min(#a, #b) do r[i] = {a[i], b[i]} end return r end
for _, p in ipairs(zip({1, 2, 3}, {"a", "b"})) do io.write(p[1], p[2], " ") end print()
local function flatten(t, r) r = r or {} for _, v in ipairs(t) do if type(v) == "table" then flatten(v, r) else r[#r + 1] = v end end return r end
print(table.concat(flatten {1, {2, {3, {}, {4}}}, 5, {{{6}}}}, " "))
local function copy(t) if type(t) ~= "table" then return t end local r = {} for k, v in pairs(t) do r[k] = copy(v) end return r end
local a = {1, {2, x = {3}}} local b = copy(a) b[2].x[1] = 99
print(a[2].x[1], b[2].x[1], a[2] ~= b[2])
local function eq(p, q) if type(p) ~= "table" or type(q) ~= "table" then return p == q end for k, v in pairs(p) do if not eq(v, q[k]) then return false end end for k in pairs(q) do if p[k] == nil then return false end end return true end
print(eq(a, copy(a)), eq(a, b), eq({}, {}), eq({1}, {1.0}), eq({x = 1}, {}))
