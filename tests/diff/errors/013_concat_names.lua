-- SPDX-License-Identifier: MIT
-- concatenating what is no string
local function try(f, ...) print(pcall(f, ...)) end
local up = {}
local t = {}
try(function() local x; return "a" .. x end)
try(function() local x; return x .. "a" end)
try(function() local x = {}; return 1 .. x end)
try(function() return "a" .. nosuch end)
try(function() return nosuch .. "a" end)
try(function() return up .. "a" end)
try(function() return "a" .. up end)
try(function() return "a" .. t.x end)
try(function() return t.x .. "a" end)
try(function() return "a" .. "b" .. t.x .. "c" end)
try(function() return "a" .. 1 .. true end)
try(function() return true .. "a" end)
try(function() return "a" .. {} .. "b" end)
try(function() local a, b, c = "1", 2, nil; return a .. b .. c end)
try(function() local a, b, c = nil, 2, "3"; return a .. b .. c end)
try(function() return print .. "" end)
