-- Strings index the string table; indexing with other keys gives nil.
local s = "hello"
print(s:len(), s:upper(), ("x"):rep(3), s.len == string.len, s["upper"](s), #s)
print(s.nothing, s[1], s[-1], s.length, ("a").b)
print(("%d,%s"):format(1, "z"), ("a,b,c"):find(",", 1, true), ("abc"):byte(-1), s:sub(2):sub(2):sub(2))
print(getmetatable("").__index == string, getmetatable("a") == getmetatable("b"), getmetatable("").__name)
function string.shout(x) return x:upper() .. "!" end
print(s:shout(), ("a" .. "b"):shout(), pcall(function() return s:whisper() end))
string.shout = nil
print(select(2, pcall(function() s.x = 1 end)))
print(select(2, pcall(function() return s:shout() end)))
print(select(2, pcall(function() return (1):rep(2) end)))
print(select(2, pcall(function() return ("x").y.z end)))
print(select(2, pcall(function() return #s.len end)))
local mt = getmetatable("")
mt.__index = function(str, k) if type(k) == "number" then return str:sub(k, k) end return string[k] end
print(s[1], s[5], s[6] == "", s:upper(), s.len == string.len)
mt.__index = string
print(s[1], s:lower())
