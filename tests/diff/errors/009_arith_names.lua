-- SPDX-License-Identifier: MIT
-- arithmetic on what is no number
local function try(f, ...) print(pcall(f, ...)) end
local up = {}
local t = {}
try(function() local x; return x + 1 end)
try(function() local x; return 1 + x end)
try(function() local x = {}; return x - 1 end)
try(function() return nosuch * 2 end)
try(function() return 2 * nosuch end)
try(function() return up / 2 end)
try(function() return 2 // up end)
try(function() return t.x % 2 end)
try(function() return 2 ^ t.x end)
try(function() return t[1] + t[2] end)
try(function() local x = true; return -x end)
try(function() return -nosuch end)
try(function() return -t.x end)
try(function() return -up end)
try(function() local a, b = {}, nil; return a + b end)
try(function() local a, b = 1, nil; return a + b end)
try(function() local a, b = nil, 1; return a + b end)
