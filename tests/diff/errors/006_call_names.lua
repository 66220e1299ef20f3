-- SPDX-License-Identifier: MIT
-- calling what cannot be called
local function try(f, ...) print(pcall(f, ...)) end
local up
local t = {n = 1, s = "x"}
try(function() nosuch() end)
try(function() return nosuch(1, 2) end)
try(function() local f; f() end)
try(function() local f = 12; return f() end)
try(function() up() end)
try(function() return up(1) end)
try(function() t.n() end)
try(function() t.nothing() end)
try(function() return t.s(1) end)
try(function() t[1]() end)
try(function() t:method() end)
try(function() return t:n(1) end)
try(function() local a = t; a:nothing(1, 2, 3) end)
try(function() ("x"):nosuch() end)
try(function() (nil)() end)
try(function() ("abc")() end)
try(function() (1)(2) end)
