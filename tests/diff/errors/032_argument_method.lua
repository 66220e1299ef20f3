-- SPDX-License-Identifier: MIT
-- arguments of methods are counted without self
local function try(f, ...) print(pcall(f, ...)) end
try(function() return ("x"):rep() end)
try(function() return ("x"):rep({}) end)
try(function() return ("x"):bad() end)
try(function() local s = "x"; return s:sub({}) end)
try(function() return string.rep("x", {}) end)
try(function() return ("x").rep({}, 1) end)
try(function() return string.format("%d", "x") end)
try(function() return ("%d"):format("x") end)
try(function() return ("%d %d"):format(1) end)
try(function() local f = string.rep; return f() end)
try(function() local f <const> = string.sub; return f() end)
try(function() return math.floor("a") end)
try(function() setmetatable({}) end)
try(function() local t = {cat = table.concat}; t.cat(1) end)
try(function() local t = {cat = table.concat}; t:cat(1, {}) end)
