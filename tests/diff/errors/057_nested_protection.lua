-- SPDX-License-Identifier: MIT
-- pcall and xpcall of each other, without arguments, of what cannot be called
print(pcall(pcall))
print(pcall(xpcall))
print(pcall(xpcall, print))
print(pcall(xpcall, print, nil))
print(pcall(xpcall, print, {}))
print(pcall(error))
print(pcall(error, nil, 1))
print(pcall(error, "m", "x"))
print(pcall(pcall, error, "x"))
print(pcall(pcall, pcall))
print(pcall(pcall, pcall, pcall, print, 1, 2))
print(pcall(nil))
print(pcall({}, 1))
print(pcall(setmetatable({}, {__call = function(self, ...) return ... end}), 1, nil, 3))
print(xpcall(nil, function(m) return "handled " .. m end))
print(xpcall(error, print, "shown"))
print(xpcall(pcall, print, error, "inner"))
print(xpcall(error, function(m) return m, "dropped" end, "first"))
print(pcall(xpcall, error, error, "x"))
print(select("#", pcall(table.unpack, {}, 1, 300)))
local function many(...) return pcall(select, "#", ...) end
print(many(), many(nil), many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
local a, b, c = pcall(function() return 1 end)
print(a, b, c)
local d = pcall(function() return 1, 2 end)
print(d, (pcall(error, "e")))
print(pcall(function() return pcall(error, "tail") end))
print(pcall(function() error("position") end))
print(pcall(function() error("level 2", 2) end))
print(pcall(function() local x = nil; return x.y end))
print(xpcall(function() local x = nil; x() end, debug.traceback))
print(xpcall(function() error("traced", 0) end, debug.traceback, 1))
-- a handler that is called where the error is, one that fails
print(xpcall(function() local here <const> = "local"; error("e", 0) end,
             function(m) return m .. " " .. tostring(debug.getinfo(2, "n").name) end))
print(xpcall(error, function(m) if m == "again" then error("once more", 0) end return m end, "again"))
-- the protection is over when the call is
print(pcall(function()
  print(pcall(error, "caught"))
  error("not caught", 0)
end))
for i = 1, 3 do
  print(i, pcall(function(...) return pcall(function(...) error(select(i, ...)) end, ...) end, "a", "b", "c"))
end
-- as iterator, as event, as comparator
for ok, v in pcall, function(x) return x end, nil do print(ok, v) break end
local object = setmetatable({}, {__index = pcall, __add = function(...) return (select(2, pcall(error, ...))) end})
print(object.x, (object + 1) == object)
