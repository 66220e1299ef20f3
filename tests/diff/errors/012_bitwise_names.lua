-- SPDX-License-Identifier: MIT
-- bitwise operations on what has no integer
local function try(f, ...) print(pcall(f, ...)) end
local up = 1.5
local t = {x = 2^63, s = "1.5", n = {}}
try(function() local x; return x & 1 end)
try(function() return 1 | nosuch end)
try(function() return up ~ 1 end)
try(function() return 1 << up end)
try(function() return t.x >> 1 end)
try(function() return t.s & 1 end)
try(function() return ~t.n end)
try(function() return ~up end)
try(function() return ~t.s end)
try(function() return "a" | 1 end)
try(function() return 1 | "a" end)
try(function() return "7" | "8" end)
try(function() return "0x10" ~ 1 end)
try(function() return "2.0" << 1 end)
try(function() return 1.5 | {} end)
try(function() return {} | 1.5 end)
try(function() return 2^53 | 0 end)
try(function() return 1e100 | 0 end)
