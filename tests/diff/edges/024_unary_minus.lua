-- SPDX-License-Identifier: MIT
-- negation of each number
print(-0, -0.0, - -0.0, -(0), 0 - 0.0, -0 == 0.0)
print(1 / -0.0, 1 / (0 * -1.0), 1 / -(0.0))
print(-1, - -1, -(-1), - - -1)
print(-math.mininteger, -math.maxinteger, -(-9223372036854775807 - 1))
print(-9223372036854775808, math.type(-9223372036854775808))
print(-2^2, (-2)^2, -2^-1, 2^-1)
print(-"2", -"-2", -"0x7fffffffffffffff")
print(-1 // 2, -(1 // 2), -1 % 3, -(1 % 3))
print(not -1, - #"abc", ~-1, -~1, not not nil)
print(-1e308 * 10, -(1 / 0))
