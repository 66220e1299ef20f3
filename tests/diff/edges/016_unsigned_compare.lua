-- SPDX-License-Identifier: MIT
-- math.ult
local ult = math.ult
local max, min = math.maxinteger, math.mininteger
print(ult(1, 2), ult(2, 1), ult(1, 1))
print(ult(-1, 1), ult(1, -1), ult(-2, -1), ult(-1, -2))
print(ult(max, min), ult(min, max), ult(max, -1), ult(0, min))
print(ult(1.0, 2.0), ult("1", "2"))
print(pcall(ult, 1.5, 2))
print(pcall(ult, 1))
print(pcall(ult, {}, 1))
print(pcall(ult, 2^63, 1))
