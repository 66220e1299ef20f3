-- SPDX-License-Identifier: MIT
-- coroutines that resume what is not suspended
local co
co = coroutine.create(function() return coroutine.resume(co) end)
print(coroutine.resume(co))
local w
w = coroutine.wrap(function() return pcall(w) end)
print(w())
local a, b
a = coroutine.create(function() return coroutine.resume(b) end)
b = coroutine.create(function() return coroutine.resume(a) end)
print(coroutine.resume(a))
print(coroutine.status(a), coroutine.status(b))
print(coroutine.resume(coroutine.running()))
print(pcall(coroutine.wrap(function() return coroutine.resume(coroutine.running()) end)))
