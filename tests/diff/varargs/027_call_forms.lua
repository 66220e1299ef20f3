-- SPDX-License-Identifier: MIT
-- calls with a string or a table as the only argument
local function f(...) return select("#", ...), type((...)) end
print(f"s")
print(f[[long]])
print(f{})
print(f{1, 2})
print((f)"x")
local t = {m = function(self, ...) return type(self), ... end}
print(t.m"x")
print(t:m"x")
print(t:m{} ~= nil)
print(t:m[[l]])
print(("%d"):rep(2, ","):format(1, 2))
print(#{f"a", f"b"})
local function curry(a) return function(b) return a .. b end end
print(curry"a""b")
print(curry{} ~= nil)
