-- A chain of __index that never ends is an error; deep ones are fine.
local loop = {}
setmetatable(loop, {__index = loop})
print(pcall(function() return loop.x end))
local a, b = {}, {}
setmetatable(a, {__index = b}) setmetatable(b, {__index = a})
print(pcall(function() return a.x end))
b.x = "found"
print(a.x, b.x)
setmetatable(loop, {__newindex = loop})
print(pcall(function() loop.x = 1 end))
local deep = {bottom = "bottom"}
for _ = 1, 90 do deep = setmetatable({}, {__index = deep}) end
print(deep.bottom, deep.missing)
local sink = {}
local chain = sink
for _ = 1, 90 do chain = setmetatable({}, {__newindex = chain}) end
chain.v = 5
print(rawget(chain, "v"), sink.v)
local depth = 0
local rec = setmetatable({}, {__index = function(t, k) depth = depth + 1 if k == 0 then return "zero" end return t[k - 1] end})
print(rec[50], depth)
setmetatable(a, {__index = a, __newindex = a})
print(pcall(rawget, a, "x"), select(2, pcall(rawset, a, "y", 1)) == a, a.y)
