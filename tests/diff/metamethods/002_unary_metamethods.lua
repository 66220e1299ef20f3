-- __unm, __bnot and __len get the operand twice or once; results adjusted.
local M = {
  __unm = function(...) return "unm" .. select("#", ...) .. tostring(rawequal(..., (select(2, ...)))) end,
  __bnot = function(...) return "bnot" .. select("#", ...) .. tostring(rawequal(..., (select(2, ...)))) end,
  __len = function(a) return "len", 2, 3 end,
}
local o = setmetatable({1, 2, 3}, M)
print(-o, ~o, #o, rawlen(o))
print((-o) .. "x", #o .. "y", not o, not not o)
print(select("#", #o), select("#", -o))
M.__unm = function() end
M.__len = function() return nil end
print(-o, #o)
M.__unm = function(a) return a end
print(rawequal(-o, o), rawequal(- - -o, o))
M.__len = function() return 3.7 end
print(#o, #o + 1, pcall(table.unpack, o))
M.__len = nil
print(#o)
local function try(f) print((select(2, pcall(f)))) end
try(function() return -{} end)
try(function() return ~{} end)
try(function() return #nil end)
try(function() return -setmetatable({}, {__unm = 5}) end)
try(function() return -setmetatable({}, {__unm = setmetatable({}, {__call = function(_, x) return "called " .. type(x) end})}) end)
