-- SPDX-License-Identifier: MIT
-- rawget, rawset, rawequal, rawlen
local log = {}
local t = setmetatable({x = 1}, {
  __index = function(_, k) log[#log + 1] = k; return "default" end,
  __newindex = function(_, k) log[#log + 1] = k end,
  __len = function() return 99 end,
  __eq = function() return true end,
})
print(t.x, t.y, rawget(t, "x"), rawget(t, "y"))
t.z = 1
print(rawget(t, "z"), rawset(t, "z", 2) == t, t.z)
print(#t, rawlen(t), rawlen("four"), rawlen({1, 2}))
local u = setmetatable({}, getmetatable(t))
print(t == u, rawequal(t, u), rawequal(t, t), rawequal("a", "a"), rawequal(1, 1.0))
print(table.concat(log, " "))
print(pcall(rawset, t, nil, 1))
print(pcall(rawset, t))
print(pcall(rawget, 5, 1))
print(pcall(rawlen, nil))
print(pcall(rawequal))
print(rawget({10}, 1.0), rawget({}, nil), rawget(string, "len") == string.len)
