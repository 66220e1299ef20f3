-- SPDX-License-Identifier: MIT
-- floats with integer value are integer keys
local t = {}
t[1.0] = "a"
t[2] = "b"
t[2^53] = "big"
t[-0.0] = "zero"
print(t[1], t[2.0], t[2^53 | 0], t[0], t[0.0])
print(#t, next({[3.0] = 1}), math.type(next({[3.0] = 1})))
t[1.5] = "half"
print(t[1.5], t[1], t["1"], t["1.5"])
t[1] = nil
print(t[1.0])
t[math.maxinteger] = "max"
t[math.mininteger + 0.0] = "min"
print(t[math.maxinteger], t[math.maxinteger + 0.0], t[math.mininteger], t[2^63])
t[2^63] = "float"
print(t[2^63], math.type((next({[2^63] = 1}))))
t[math.huge] = "inf"
print(t[math.huge], t[-math.huge], t[1 / 0])
local u = {[1] = "i", [1.0] = "f"}
print(u[1])
local c = {10, 20, 30, [2.0] = "x"}
print(#c, c[2])
