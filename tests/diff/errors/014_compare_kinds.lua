-- SPDX-License-Identifier: MIT
-- comparing what has no order
local function try(f, ...) print(pcall(f, ...)) end
local n
try(function() return 1 < "2" end)
try(function() return "1" < 2 end)
try(function() return 1 <= {} end)
try(function() return {} <= 1 end)
try(function() return {} < {} end)
try(function() return {} >= {} end)
try(function() return n < 1 end)
try(function() return 1 < n end)
try(function() return n > 1 end)
try(function() return n >= n end)
try(function() return true < false end)
try(function() return print < print end)
try(function() return "a" > 1.5 end)
try(function() return 2.5 >= "a" end)
try(function() return n <= false end)
try(function() return setmetatable({}, {__name = "My.Type"}) < 1 end)
try(function() return 1 < setmetatable({}, {__name = "My.Type"}) end)
