-- SPDX-License-Identifier: MIT
-- indexing something that is in a global variable
local function try(f, ...) print(pcall(f, ...)) end
try(function() return nosuch.y end)
try(function() nosuch.y = 1 end)
try(function() return nosuch[1] end)
try(function() nosuch[1] = 1 end)
try(function() return nosuch.a.b.c end)
num = 5
try(function() return num.x.y end)
try(function() num.x = 1 end)
flag = false
try(function() return flag[num] end)
try(function() print(nosuch.field) end)
try(function() return #nosuch end)
