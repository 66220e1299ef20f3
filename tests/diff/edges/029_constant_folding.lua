-- SPDX-License-Identifier: MIT
-- constants and variables give the same
local a, b, z, f = 7, 2, 0, 0.5
print(7 + 2 == a + b, 7 - 2 == a - b, 7 * 2 == a * b, 7 / 2 == a / b)
print(7 // 2 == a // b, 7 % 2 == a % b, 7 ^ 2 == a ^ b)
print(-7 // 2 == -a // b, -7 % 2 == -a % b, 7 // -2 == a // -b, 7 % -2 == a % -b)
print(7 & 2 == a & b, 7 | 2 == a | b, 7 ~ 2 == a ~ b, ~7 == ~a)
print(7 << 2 == a << b, 7 >> 2 == a >> b, 7 << -2 == a << -b, 7 << 64 == a << 64)
print(1 / 0 == 1 / z, -1 / 0 == -1 / z, 7 // 0.0 == a // (z + 0.0))
print(0x7fffffffffffffff + 1 == math.maxinteger + 1, 3 - -3, - - 3)
print(2^53 + 1 == 2.0^53 + 1, "a" .. "b" .. 1 .. 2.0)
print(0.1 + 0.2 == 0.3, 0.5 + 0.25, f + 0.25, 1 - 0.9 == 0.1)
print(pcall(load "return 1 // 0"))
print(pcall(load "return 1 % 0"))
print(pcall(load "return 1.5 & 1"))
print(pcall(load "return 2^63 | 0"))
print(pcall(load "return -'x'"))
print(1 < 2, 1 < 1.5, "a" < "b", 1 == 1.0, not 0, not "")
print(5 // 0.3, 5 % 0.3 < 0.3, -5 % 0.3 < 0.3, 1e15 // 7, 0.0 / 1, -0.0 / 1)
