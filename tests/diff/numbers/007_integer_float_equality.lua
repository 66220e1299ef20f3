-- An integer equals a float only if they are the same mathematical value.
print(1 == 1.0, math.type(1) == math.type(1.0), rawequal(1, 1.0))
local big = 2^53
local i = 9007199254740993
print(i == i + 0.0, i + 0.0, i < i + 0.0, i > i + 0.0)
print(big == 9007199254740992, big + 1 == big, 9007199254740992 + 1 == 9007199254740993)
print(math.maxinteger + 0.0 == math.maxinteger, math.maxinteger + 0.0 == 2^63)
print(math.mininteger + 0.0 == math.mininteger, math.mininteger == -2^63)
print(math.maxinteger < 2^63, math.maxinteger <= 2^63, math.maxinteger >= 2^63, 2^63 > math.maxinteger)
print(math.mininteger < -2^63, math.mininteger <= -2^63, math.mininteger > -2^64)
print(1 < 1.5, 2 > 1.5, 1 <= 1.0, 1 >= 1.0, -1 < -0.5, 3 < 2.999)
print(1 < math.huge, math.maxinteger < math.huge, math.mininteger > -math.huge)
local nan = 0/0
print(1 < nan, 1 > nan, 1 <= nan, nan == nan, nan ~= nan, 1 == nan, math.maxinteger < nan)
print("1" == 1, "1.0" == 1.0, 0 == false, "" == 0)
