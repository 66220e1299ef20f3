-- A program that ends in an error, with closures alive. exit: 1
local n = 0
local function count() n = n + 1 return n end
print(count(), count())
local t = setmetatable({}, {__index = function(_, k) error("no such field: " .. k) end})
print(pcall(function() return t.first end))
print(count())
io.write("last line without newline")
error("stop here: " .. count(), 0)
