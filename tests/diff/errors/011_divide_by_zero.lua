-- SPDX-License-Identifier: MIT
-- integer division and remainder by zero
local function try(f, ...) print(pcall(f, ...)) end
local zero = 0
try(function() return 1 // 0 end)
try(function() return 1 % 0 end)
try(function() return 1 // zero end)
try(function() return 1 % zero end)
try(function() return zero % zero end)
try(function() return 1.0 // zero end)
try(function() return math.mininteger // 0 end)
try(function() local a = 7; a = a // zero end)
try(function() local a = 7; a = a % (zero * 2) end)
try(function() return 1 // -0.0 end)
try(function() return 5 // (3 - 3) + 1 end)
try(math.fmod, 1, 0)
try(math.fmod, 0, 0)
try(function() return (math.fmod(1, 0.0)) ~= 1 end)
