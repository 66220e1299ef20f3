-- SPDX-License-Identifier: MIT
-- comparisons of integers and floats beyond 2^53
local i, f = 2^53 | 0, 2^53
print(i == f, i + 1 == f, i + 1 > f, i + 1 <= f, i - 1 < f)
local max, min = math.maxinteger, math.mininteger
print(max == 2^63, max < 2^63, max <= 2^63, max > 2^63, max >= 2^63)
print(2^63 == max, 2^63 > max, 2^63 >= max, 2^63 < max, 2^63 <= max)
print(min == -2^63, min < -2^63, min <= -2^63, min > -2^63)
print(max + 0.0 == max, max + 0.0 == 2^63, min + 0.0 == min)
print(max < math.huge, min > -math.huge, max > -math.huge)
print(1 < 1.5, 1 <= 1.0, 1 >= 1.5, 2 > 1.5, -1 > -1.5)
print(0 == -0.0, 0 < 0.5, 0 > -0.5, 0 <= -0.0)
print((1 << 53) + 1 == 2^53 + 1, (1 << 53) + 1 > 2^53, (1 << 62) == 2^62)
print(9007199254740993 == 9007199254740992.0, 9007199254740993 < 9007199254740994.0)
print(max < 9223372036854774784.0, max > 9223372036854774784.0)
print(math.max(i + 1, f) == i + 1, math.min(min, -2^63) == min)
