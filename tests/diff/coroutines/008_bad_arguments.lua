-- SPDX-License-Identifier: MIT
-- what the functions of coroutine refuse
local function try(f, ...) print(pcall(f, ...)) end
try(coroutine.create)
try(coroutine.create, 1)
try(coroutine.create, {})
try(coroutine.wrap, "x")
try(coroutine.wrap)
try(coroutine.resume)
try(coroutine.resume, print)
try(coroutine.status)
try(coroutine.status, {})
try(coroutine.close)
try(coroutine.close, 1)
try(coroutine.yield)
try(coroutine.yield, 1, 2)
local callable = setmetatable({}, {__call = print})
try(coroutine.create, callable)
