-- A tracking proxy, a read-only view and a default table, combined.
local function track(t, log)
  return setmetatable({}, {
    __index = function(_, k) log[#log + 1] = "get " .. tostring(k) return t[k] end,
    __newindex = function(_, k, v) log[#log + 1] = "set " .. tostring(k) .. "=" .. tostring(v) t[k] = v end,
    __len = function() log[#log + 1] = "len" return #t end,
    __pairs = function() log[#log + 1] = "pairs" return next, t end,
    __call = function(_, ...) log[#log + 1] = "call" .. select("#", ...) return ... end,
  })
end
local log, data = {}, {10, 20, name = "n", f = function(self, x) return self ~= nil, x end}
local p = track(data, log)
p.name = p.name .. "!" .. #p
p[#p + 1] = 30
p.count = (p.count or 0) + 1
p.a, p.b = p.b, p.a
print(p:f(5), p(1, 2), data.name, #data)
local n = 0 for _ in pairs(p) do n = n + 1 end
p[1], p[2] = p[2], p[1]
print(n, data[1], data[2], rawget(p, 1), rawlen(p))
for i, s in ipairs(log) do io.write(s, i % 8 == 0 and "\n" or ", ") end print()
local function readonly(t) return setmetatable({}, {__index = t, __newindex = function(_, k) error("cannot set " .. tostring(k), 2) end, __len = function() return #t end, __pairs = function() return pairs(t) end, __metatable = "ro"}) end
local r = readonly {1, 2, 3, k = "v"}
print(r[1], r.k, #r, getmetatable(r), pcall(function() r[4] = 4 end))
print(pcall(function() r.k = nil end), pcall(setmetatable, r, {}), pcall(table.insert, r, 5))
local both = readonly(track({5}, log)) log[1] = nil
print(both[1], #both, both.zip, pcall(function() both.x = 1 end))
local auto auto = function() return setmetatable({}, {__index = function(t, k) local v = auto() rawset(t, k, v) return v end}) end
local tree = auto() tree.a.b.c.d = "deep" tree.a.x = 1
print(tree.a.b.c.d, tree.a.x, rawget(tree, "z"), next(tree.q) == nil, rawget(tree, "q") ~= nil)
