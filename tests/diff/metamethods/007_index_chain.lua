-- __index as tables and functions, several levels deep.
local base = {x = "base.x", y = "base.y", z = "base.z"}
local mid = setmetatable({y = "mid.y"}, {__index = base})
local top = setmetatable({z = "top.z"}, {__index = mid})
print(top.x, top.y, top.z, top.w)
print(rawget(top, "x"), rawget(mid, "y"), rawget(top, "z"))
local f = setmetatable({}, {__index = function(t, k) return k .. "!" end})
print(f.a, f[1], f["b c"], f[true and "t"])
local over = setmetatable({}, {__index = setmetatable({own = 1}, {__index = function(t, k) return "fn:" .. tostring(k) .. ":" .. tostring(rawget(t, "own")) end})})
print(over.own, over.foo, over[5])
base.w = "late"
print(top.w, mid.w)
top.x = "shadow"
print(top.x, mid.x, base.x)
top.x = nil
print(top.x)
print(setmetatable({}, {__index = "str"}).len == string.len, setmetatable({}, {__index = "abc"}).upper ~= nil)
print(pcall(function() return setmetatable({}, {__index = 5}).x end))
print(pcall(function() return setmetatable({}, {__index = true}).x end))
local multi = setmetatable({}, {__index = function() return 1, 2, 3 end})
print(multi.a, (multi.b), select("#", multi.c))
local counted, n = nil, 0
counted = setmetatable({}, {__index = function(t, k) n = n + 1 local v = k * 2 rawset(t, k, v) return v end})
print(counted[4], counted[4], counted[5], n)
local keys = {}
local spy = setmetatable({}, {__index = function(_, k) keys[#keys + 1] = math.type(k) or type(k) end})
local _ = spy.a, spy[1], spy[1.5], spy[2.0], spy[true], spy[spy], spy[print], spy[nil]
print(table.concat(keys, " "))
print(pcall(function() return setmetatable({}, {__index = function(_, k) error("no field " .. k, 0) end}).foo end))
