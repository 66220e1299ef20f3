-- SPDX-License-Identifier: MIT
-- numbers get no position
print(pcall(function() error(10) end))
print(pcall(function() error(10.5) end))
print(pcall(function() error("10") end))
print(pcall(function() error(10, 2) end))
print(pcall(function() error("") end))
print(pcall(function() error("", 0) end))
print(pcall(function() error("multi\nline") end))
print(#select(2, pcall(error, "nul\0byte", 0)))
