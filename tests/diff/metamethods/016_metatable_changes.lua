-- Metatables changed while in use: events appear and vanish.
local t = setmetatable({}, {})
local mt = getmetatable(t)
local function probe() return (pcall(function() return t + 1 end)), (pcall(function() return t() end)), t.x, #t, (pcall(function() return t < t end)) end
print(probe())
mt.__add = function() return 1 end print(probe())
mt.__call = function() return 2 end print(probe())
mt.__index = {x = "x1"} print(probe())
mt.__index = function(_, k) return k .. "2" end print(probe())
mt.__len = function() return 42 end print(probe())
mt.__lt = function() return true end print(probe())
mt.__add = nil mt.__index = nil print(probe())
setmetatable(t, nil) print(probe())
setmetatable(t, {__index = {x = "other"}}) print(probe())
rawset(getmetatable(t), "__len", function() return 7 end) print(probe())
local M = {}
local objs = {}
for i = 1, 3 do objs[i] = setmetatable({i = i}, M) end
print(objs[1].late, pcall(function() return objs[1] .. "" end))
M.__index = {late = "now"} M.__concat = function(a, b) return "cat" .. a.i .. b end
for i = 1, 3 do io.write(objs[i].late, " ", objs[i] .. "!", " ") end print()
setmetatable(objs[2], nil)
print(objs[1].late, objs[2].late, objs[3].late)
M.__index = objs[2] objs[2].late = "via 2" print(objs[1].late, objs[3].late)
M.__newindex = function(o, k, v) rawset(o, k, "<" .. v .. ">") end
objs[1].new = "v" objs[1].i = 9 print(objs[1].new, objs[1].i)
M.__newindex = nil objs[3].new = "plain" print(objs[3].new)
mt = setmetatable({}, {__index = function(_, k) if k == "__add" then return function() return "inherited event" end end end})
print(pcall(function() return setmetatable({}, mt) + 1 end))
