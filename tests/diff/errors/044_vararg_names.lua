-- SPDX-License-Identifier: MIT
-- messages about values that came through varargs
local function try(f, ...) print(pcall(f, ...)) end
try(function(...) local a = ...; return a.x end, nil)
try(function(...) local a, b = ...; return a + b end, 1)
try(function(...) return (...) + 1 end, {})
try(function(...) return ... .. "x" end, {})
try(function(...) return #... end, nil)
try(function(...) (...)() end, 5)
try(function(...) local t = {...}; return t[2].x end, 1)
try(function(...) local t = table.pack(...); return t.n + t.m end, 1)
try(function(...) for i = ..., 2 do end end, "q")
try(function(a, ...) a(...) end, nil, 1)
