-- function a.b.c:d, self, methods as values, chained calls, colon with keys.
local a = {b = {c = {n = "c"}}}
function a.f(x) return x end
function a.b.g(x) return x .. "g" end
function a.b.c:m(x, ...) return self.n, x, ... end
function a.b.c.s(self, x) return self.n .. x end
print(a.f(1), a.b.g "x", a.b.c:m(1, 2, 3), a.b.c:s "y")
local m = a.b.c.m
print(m({n = "other"}, "arg"), pcall(m, nil))
print(pcall(function() function a.nothing.here() end end))
print(pcall(function() function a.nothing:here() end end))
print(pcall(function() function undefined_table.f() end end))
local s = setmetatable({log = {}}, {__newindex = function(t, k, v) t.log[#t.log + 1] = k .. ":" .. type(v) rawset(t, k, v) end})
function s.one() return 1 end
function s:two() return self:three() + self.one() end
function s:three() return 3 end
print(s:two(), table.concat(s.log, " "))
local B = {} B.__index = B
function B.new() return setmetatable({parts = {}}, B) end
function B:add(...) for _, p in ipairs {...} do self.parts[#self.parts + 1] = p end return self end
function B:sep(x) self.s = x return self end
function B:build() return table.concat(self.parts, self.s) end
print(B.new():add("a"):add("b", "c"):sep("-"):build(), B.new():build() == "", B.new():add(1)
  :add(2)
  :build())
local str = "text"
print(str:upper():lower():rep(2):sub(-3), ("%s"):rep(2, ","):format(1, 2), (str:find("x")))
local calls = 0
local function obj() calls = calls + 1 return {v = calls, get = function(self, d) return self.v + d end} end
print(obj():get(10), obj():get(10), calls)
local function outer(self) return function() return self.n end end
print(outer({n = "captured self"})())
function a:nested() local function inner() return self == a end return inner(), (function(self) return self end)("shadow") end
print(a:nested())
local t = {["key with space"] = function(self, x) return self ~= nil, x end}
print(t["key with space"](t, 1), pcall(load, "return t:['x']()"))
