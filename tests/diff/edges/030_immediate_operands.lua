-- SPDX-License-Identifier: MIT
-- small constants on either side of each operator
local x, y = 10, 2.5
print(x + 1, 1 + x, x - 1, 1 - x, x * 3, 3 * x, x / 4, 4 / x)
print(x // 3, 3 // x, x % 3, 3 % x, x ^ 2, 2 ^ x)
print(y + 1, 1 + y, y - 1, 1 - y, y * 3, 3 * y, y // 1, y % 1)
print(x + 127, x + 128, x - 128, x - 129, x + 1000000, x - 1000000)
print(x + 0.5, 0.5 + x, x - 1e10, 1e10 - x)
print(x & 3, 3 & x, x | 5, 5 | x, x ~ 6, 6 ~ x, x << 2, 2 << x, x >> 1, 1000 >> x)
print(x < 11, 11 < x, x <= 10, 10 <= x, x > 9, 9 > x, x >= 10, 11 >= x)
print(x < 10.5, 10.5 < x, x == 10, x == 10.0, x ~= 10, x == "10")
print(x < 1e10, x > -1e10, x < 128, x > -129, x == 1e10)
print(y < 3, 3 < y, y >= 2.5, y == 2.5, y <= 2, -y < -2)
print(math.maxinteger + 1 == math.mininteger, math.mininteger - 1 == math.maxinteger)
local m = math.maxinteger
print(m + 1, m - -1, m * 2, 1 + m, m + 1.0)
