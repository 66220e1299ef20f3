-- SPDX-License-Identifier: MIT
-- names of constants and of keys
local function try(f, ...) print(pcall(f, ...)) end
local t = {}
local C <const> = "konst"
local N <const> = 7
try(function() return t[C].x end)
try(function() return t[N].x end)
try(function() return t.a[C].x end)
try(function() return C.x.y end)
try(function() return N + nil end)
try(function() return N .. {} end)
try(function() return t["long key with spaces"].x end)
try(function() t[C]() end)
try(function() t[N]() end)
try(function() return t.x + N end)
try(function() return N + t.x end)
try(function() return ("lit").a.b end)
try(function() return t[1][2][3] end)
try(function() local k = {}; return t[k].x end)
