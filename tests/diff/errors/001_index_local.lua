-- SPDX-License-Identifier: MIT
-- indexing something that is in a local variable
local function try(f, ...) print(pcall(f, ...)) end
try(function() local x; return x.y end)
try(function() local x = true; return x.y end)
try(function() local x = 12; x.y = 1 end)
try(function(a, b) return b[a] end, 1)
try(function(a, b) b[a] = b end, 1, 2)
try(function(a) local t = {}; t.x = a.k end, false)
try(function() local x; local y = 10; do local z = x; return z[y] end end)
try(function() for i = 1, 2 do local q = i; q.z.z = 1 end end)
try(function() for i = 1, 1 do return i.n end end)
try(function(...) local a, b = ...; return b.c end, {})
