-- SPDX-License-Identifier: MIT
-- tostring, __tostring and __name
print(tostring(nil), tostring(true), tostring(12), tostring(-0.0), tostring("s"))
print(tostring(print):match("^builtin") or tostring(print):match("^function"))
print(tostring({}):match("^table: ") ~= nil, tostring(coroutine.create(print)):match("^thread: ") ~= nil)
print(tostring(setmetatable({}, {__tostring = function(t) return "T:" .. type(t) end})))
print(tostring(setmetatable({}, {__name = "My.Type"})):match("^My.Type: ") ~= nil)
print(tostring(setmetatable({}, {__name = 5})):match("^table: ") ~= nil)
print(pcall(tostring, setmetatable({}, {__tostring = function() return {} end})))
print(pcall(tostring, setmetatable({}, {__tostring = function() end})))
print(pcall(tostring, setmetatable({}, {__tostring = 5})))
print(tostring(setmetatable({}, {__tostring = function() return "both" end, __name = "N"})))
print(setmetatable({}, {__tostring = function() return "printed" end}), 1, "x")
print(#tostring(12345.678), tostring(1e15), tostring(2^31))
local t = {}
print(tostring(t) == tostring(t), tostring(t) ~= tostring({}))
