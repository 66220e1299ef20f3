-- SPDX-License-Identifier: MIT
-- the varargs of a chunk
print(select("#", ...))
print(...)
print(load("return ...")(1, 2, 3))
print(load("return select('#', ...)")())
print(load("local a, b = ... return b, a")(1, 2))
print(load("return {...}")(5, 6)[2])
print(load("local function f() return 1 end return f(...)")(9))
local f = load("x = ... ; return function() return x end")
print(f("kept")())
print(arg ~= nil, arg and #arg, type(arg and arg[0]))
