-- SPDX-License-Identifier: MIT
-- indexing a value that has no name
local function try(f, ...) print(pcall(f, ...)) end
local function give(...) return ... end
try(function() return (1).x.y end)
try(function() return give().x end)
try(function() give().x = 1 end)
try(function() return (nil).x end)
try(function() return (true).x end)
try(function() return ("s").x.y end)
try(function() return ({})[1][1] end)
try(function() return (give(nil)).x end)
try(function() return (give(1) or give(2)).x.y end)
try(function() ("s").x = 1 end)
try(function(...) return (...).x end, nil)
try(function(...) return select(2, ...).x end, 1, nil)
