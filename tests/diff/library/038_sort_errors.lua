-- SPDX-License-Identifier: MIT
-- comparisons that fail
local function try(f, ...) local ok, e = pcall(f, ...) print(ok, e) end
try(table.sort, {1, "x"})
try(table.sort, {{}, {}})
try(table.sort, {1, 2, nil, 4, true}, function(a, b) return tostring(a) < tostring(b) end)
try(table.sort, {3, 2, 1}, function() error("cmp", 0) end)
try(table.sort, {3, 2, 1}, 5)
try(table.sort, {3, 2, 1}, nil)
try(table.sort)
try(table.sort, {true, false})
try(table.sort, {2, {}, "x"}, function(a, b) return type(a) < type(b) end)
try(table.sort, {1, 2}, function() return nil + 1 end)
print(pcall(table.sort, {1}, function() error("not called") end))
print(select("#", table.sort({2, 1})))
