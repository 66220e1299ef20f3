-- SPDX-License-Identifier: MIT
-- constant and closed variables as upvalues
local k <const> = 42
local s <const> = "str"
local n <const> = nil
local b <const> = false
local t <const> = {1}
local f <const> = 2.5
local function get() return k, s, n, b, t[1], f end
print(get())
t[1] = 2
print(get())
print(load("local x <const> = 1; x = 2"))
print(load("local x <close> = nil; x = 2"))
print(load("local x <const> = 1; return function() x = 2 end"))
print(load("local a <const>, b = 1, 2; b = 3; a = 4"))
print(load("local a <const> = 1; local a = 2; a = 3; return a")())
print(load("local x <foo> = 1"))
print(load("local x <close>, y <close> = 1, 2"))
print(load("local x <const> = 5; return -x, x + 1, x .. '', not x")())
