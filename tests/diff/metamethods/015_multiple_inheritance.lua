-- Lookup through a function that searches parents; mixins; caches.
local function search(k, parents) for _, c in ipairs(parents) do local v = c[k] if v ~= nil then return v end end end
local function class(...)
  local parents = {...}
  local c = {}
  c.__index = c
  setmetatable(c, {__index = function(t, k) local v = search(k, parents) t[k] = v return v end})
  function c.new(o) return setmetatable(o or {}, c) end
  return c
end
local Named = {getname = function(s) return s.name end, setname = function(s, n) s.name = n return s end, kind = "named"}
local Account = {balance = 0, kind = "account"}
function Account:deposit(v) self.balance = self.balance + v return self end
local NA = class(Account, Named)
local x, y = NA.new {name = "Paul"}, NA.new()
print(x:getname(), x:deposit(100):deposit(50).balance, NA.balance, y.balance, x.kind)
print(y:setname("Ringo"):getname(), rawget(NA, "setname") == Named.setname, rawget(NA, "kind"))
Named.getname = function() return "changed" end
print(x:getname(), class(Named).new():getname())
print(x.nothing, rawget(NA, "nothing"), NA.nothing)
local function mixin(t, ...) for _, m in ipairs {...} do for k, v in pairs(m) do if t[k] == nil then t[k] = v end end end return t end
local m = mixin({a = 1}, {a = 2, b = 2}, {b = 3, c = 3})
print(m.a, m.b, m.c)
local props = setmetatable({}, {__index = function(t, k) return ({width = 3, height = 4, area = t ~= nil and 12})[k] end})
print(props.width * props.height == props.area, props.depth)
local lazy = setmetatable({}, {__index = function(t, k) io.write("compute ", k, "; ") local v = #k t[k] = v return v end})
print(lazy.abc, lazy.abc, lazy.de)
local default = function(t, d) return setmetatable(t, {__index = function() return d end}) end
local z = default({1, 2}, 0) print(z[1], z[3], z.x, #z) z[3] = 5 print(#z, z[3])
