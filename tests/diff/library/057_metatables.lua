-- SPDX-License-Identifier: MIT
-- getmetatable, setmetatable and __metatable
local mt = {}
local t = setmetatable({}, mt)
print(getmetatable(t) == mt, getmetatable({}), getmetatable(5), getmetatable(nil))
print(getmetatable("x").__index == string, getmetatable("a") == getmetatable("b"))
print(setmetatable(t, nil) == t, getmetatable(t))
mt.__metatable = "secret"
setmetatable(t, mt)
print(getmetatable(t), pcall(setmetatable, t, {}))
print(pcall(setmetatable, t, nil))
mt.__metatable = false
print(getmetatable(t), pcall(setmetatable, t, nil))
mt.__metatable = nil
print((pcall(setmetatable, t, nil)), getmetatable(t))
print(pcall(setmetatable, 1, {}))
print(pcall(setmetatable, {}))
print(pcall(setmetatable, {}, 5))
print(pcall(getmetatable))
print(getmetatable(print), getmetatable(coroutine.create(print)), io.stdout ~= nil and type(getmetatable(io.stdout)))
