-- rawequal, rawlen, rawget, rawset skip every metamethod.
local boom = function() error("metamethod called", 0) end
local t = setmetatable({1, 2, x = "y"}, {__index = boom, __newindex = boom, __len = boom, __eq = boom, __call = boom, __pairs = boom})
print(rawget(t, "x"), rawget(t, "none"), rawget(t, 1), rawget(t, 3), rawlen(t), rawequal(t, t), rawequal(t, {}))
print(rawset(t, "n", 1) == t, t.n, rawset(t, 3, "c")[3], rawlen(t))
print(pcall(function() return t.none end), pcall(function() t.none = 1 end))
print(pcall(function() return #t end), pcall(function() return t == setmetatable({}, {}) end))
print(next(t) ~= nil, type(next(t)), pcall(pairs, t))
for _, p in ipairs {{rawget}, {rawget, {}}, {rawget, 1, 2}, {rawset, {}}, {rawset, {}, 1}, {rawset, 5, 1, 1}, {rawset, {}, nil, 1}, {rawlen}, {rawlen, 5}, {rawlen, print}, {rawequal}, {rawequal, 1}} do
  print(select(2, pcall(table.unpack(p))))
end
print(rawequal(1, 1.0), rawequal("a", "a"), rawequal(0/0, 0/0), rawequal(nil, nil), rawequal(nil, false), rawequal("1", 1))
print(rawlen("hello"), rawlen(""), rawlen {}, rawlen {n = 1, 10}, rawget({[1.0] = "f"}, 1), rawget(string, "len") == string.len)
rawset(t, "x", nil) print(rawget(t, "x"), pcall(function() return t.x end))
print(rawget(setmetatable({}, {__index = {a = 1}}), "a"), rawset({}, 1, 2)[1.0], #rawset({}, 1, "x"))
print(ipairs(t) ~= nil, select("#", table.unpack(setmetatable({}, {__index = boom}), 1, 0)))
