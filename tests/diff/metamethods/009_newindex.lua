-- __newindex as function and table; existing keys bypass it.
local log = {}
local t = setmetatable({there = 1}, {__newindex = function(t, k, v) log[#log + 1] = tostring(k) .. "=" .. tostring(v) end})
t.there = 2 t.new = 3 t[1] = "one" t.gone = nil t[1.0] = "again" t[2^53] = "big"
print(t.there, t.new, t[1], table.concat(log, " "))
t.there = nil
t.there = 3
print(t.there, log[#log])
rawset(t, "new", "raw")
t.new = "over"
print(t.new, #log)
local store = {}
local front = setmetatable({}, {__newindex = store, __index = store})
front.a = 1 front[1] = "x" front[2] = "y"
print(rawget(front, "a"), store.a, front.a, #front, #store, next(front))
front.a = nil
print(store.a)
local ro = setmetatable({}, {__newindex = function(_, k) error("read-only: " .. tostring(k), 2) end, __index = {pi = 3}})
print(ro.pi, pcall(function() ro.pi = 4 end))
print(pcall(rawset, ro, "pi", 5), ro.pi)
local nilkeys = setmetatable({}, {__newindex = function(_, k, v) log = {tostring(k), v} end})
nilkeys[nil] = "nil key" print(log[1], log[2])
nilkeys[0/0] = "nan" print(log[2])
print(pcall(function() setmetatable({}, {__newindex = {}})[nil] = 1 end))
print(pcall(function() setmetatable({}, {__newindex = 5}).x = 1 end))
local track = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v and v * 2) end})
track.x = 5 track.x = 6 track.y = 7 print(track.x, track.y)
for i = 1, 5 do track[i] = i end print(#track, table.concat(track, " "))
local s = setmetatable({}, {__newindex = function(_, _, v) log = v end}) s.a, s.b = 1, 2 print(log ~= nil, s.a)
