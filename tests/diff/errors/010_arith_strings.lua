-- SPDX-License-Identifier: MIT
-- arithmetic on strings that are no numbers
local function try(f, ...) print(pcall(f, ...)) end
local s = "abc"
try(function() return s + 1 end)
try(function() return 1 + s end)
try(function() return "10" + 1 end)
try(function() return "0x10" * "2" end)
try(function() return "abc" + 1 end)
try(function() return 1 - "" end)
try(function() return -s end)
try(function() return -"2" end)
try(function() return -"abc" end)
try(function() return "a" / {} end)
try(function() return {} / "a" end)
try(function() return "1" + {} end)
try(function() return "3" // "0" end)
try(function() return "3" % 0 end)
try(function() return "3.0" // 0 end)
try(function() return nil .. "x" end)
