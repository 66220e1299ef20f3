-- SPDX-License-Identifier: MIT
-- keys that no table takes
local function try(f, ...) print(pcall(f, ...)) end
local nan = 0 / 0
local t = {}
try(function() t[nil] = 1 end)
try(function() t[nan] = 1 end)
try(function() return t[nil] end)
try(function() return t[nan] end)
try(rawset, t, nil, 1)
try(rawset, t, nan, 1)
try(rawget, t, nil)
try(function() return {[nil] = 1} end)
try(function() return {[nan] = 1} end)
try(next, t, 1)
try(next, t, "nokey")
try(rawset, 1, 2, 3)
try(rawget, "x", 1)
try(rawlen, 5)
try(rawequal, 1)
print(next(t))
