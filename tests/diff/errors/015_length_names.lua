-- SPDX-License-Identifier: MIT
-- the length of what has none
local function try(f, ...) print(pcall(f, ...)) end
local up = 5
local t = {b = true}
try(function() local x; return #x end)
try(function() return #nosuch end)
try(function() return #up end)
try(function() return #t.b end)
try(function() return #t.none end)
try(function() return #t[1] end)
try(function() return #print end)
try(function() return #5 end)
try(function() return #(1 + 1) end)
try(function() return #("abc" .. 1) end)
try(function() return #setmetatable({}, {__len = function() return "long" end}) end)
try(function() return #setmetatable({}, {__len = function() error("no length", 0) end}) end)
