-- SPDX-License-Identifier: MIT
-- indexing something that is in an upvalue
local function try(f, ...) print(pcall(f, ...)) end
local up
local n = 3.5
local t = {}
try(function() return up.x end)
try(function() up.x = 1 end)
try(function() return up[1] end)
try(function() up[n] = 1 end)
try(function() return (function() return up.deep end)() end)
try(function() return n.x.y end)
try(function() n.z = 1 end)
try(function() return t.x.y end)
try(function() t.x.y = 1 end)
try(function() return t[n].y end)
