-- SPDX-License-Identifier: MIT
-- indexing something that is in a field
local function try(f, ...) print(pcall(f, ...)) end
local t = {sub = {n = 1, deep = {}}}
try(function() return t.no.x end)
try(function() return t.sub.n.x.y end)
try(function() return t.sub.deep.er.est end)
try(function() t.sub.n.x = 1 end)
try(function() local a = t; return a.b.c end)
try(function() local a = t; return a["b"]["c"] end)
try(function() local a = t; return a[1][2] end)
try(function() local a, k = t, "key"; return a[k].x end)
try(function() local a, k = t, 7; return a[k].x end)
try(function() return t.sub["with space"].x end)
try(function() return string.nosuch.x end)
try(function() return _G.zip.zap end)
try(function() return _ENV.zip.zap end)
