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
local always = {}
for i = 1, 100 do always[i] = i end
try(table.sort, always, function() return true end)
print(pcall(table.sort, {1}, function() error("not called") end))
print(select("#", table.sort({2, 1})))
