-- SPDX-License-Identifier: MIT
-- ^ is always a float
print(2^0, 2^1, 2^-1, 0^0, 0^1, 0.0^-1)
print((-2)^2, -2^2, (-2)^3, 2^0.5 == math.sqrt(2))
print(2^3^2, (2^3)^2, -2^-2)
print(((-8)^(1 / 3)) ~= ((-8)^(1 / 3)))
print(math.huge^0, math.huge^-1, (-math.huge)^3, (-math.huge)^2)
print(10^2, 10^15, 10^16, 10^-3)
print(math.type(2^2), 2^53 == (1 << 53), 2^63 == math.mininteger)
print(1^math.huge, (-1)^math.huge, 0.5^math.huge, 2^-math.huge)
print("2"^"3", "0x10"^0.5)
print(2^1023 * 2, 2^-1074, 2^-1075)
