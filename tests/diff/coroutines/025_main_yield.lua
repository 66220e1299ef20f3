-- SPDX-License-Identifier: MIT
-- a yield outside any coroutine
print(pcall(coroutine.yield))
print(pcall(coroutine.yield, 1))
print(pcall(function() coroutine.yield() end))
print(coroutine.isyieldable())
local mt = setmetatable({}, {__add = coroutine.yield})
print(pcall(function() return mt + 1 end))
print(select("#", pcall(coroutine.yield)))
