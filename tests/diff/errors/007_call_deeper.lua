-- SPDX-License-Identifier: MIT
-- calling what calls, fields and libraries gave
local function try(f, ...) print(pcall(f, ...)) end
local t = {a = {b = {}}}
try(function() t.a.b.c() end)
try(function() t.a.b:c() end)
try(function() string.nosuch("x") end)
try(function() return math.nosuch(1) end)
try(function() print(string.nosuch("x")) end)
try(function() t.a.b.c.d() end)
try(function() local x = t.a.b; x.y.z() end)
try(function() (function() end)()() end)
try(function() tostring(1)() end)
try(function() t.a["k"]() end)
try(function() local k = "dyn"; t.a[k]() end)
try(function() t[1.5]() end)
try(function() t[true]() end)
try(function() for _ in nil do end end)
try(function() for a, b in t do end end)
