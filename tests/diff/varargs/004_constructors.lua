-- SPDX-License-Identifier: MIT
-- open calls and varargs in table constructors
local function f(...) return ... end
local function n(...) return #{...} end
print(n(), n(1), n(1, 2), n(f(1, 2, 3)))
local t = {f(1, 2), f(3, 4)}
print(#t, table.concat(t, " "))
t = {f(1, 2), (f(3, 4))}
print(#t, table.concat(t, " "))
t = {f(1, 2), f(3, 4), nil}
print(t[1], t[2], t[3])
t = {f(1, 2), k = 5, f(3, 4)}
print(#t, t.k, table.concat(t, " "))
t = {f(1, 2), f(3, 4), k = 5}
print(#t, t.k, table.concat(t, " "))
t = {k = f(1, 2)}
print(t.k, t[1])
t = {[1] = f(1, 2)}
print(t[1], t[2])
t = {f(), f(), f()}
print(t[1], t[2], t[3])
t = {(f(1, 2)), f()}
print(#t)
local function pack3(...) return {..., ...} end
print(#pack3(1, 2, 3), table.concat(pack3(1, 2, 3), " "))
local function mid(...) return {0, ..., 9} end
print(table.concat(mid(5, 6), " "))
