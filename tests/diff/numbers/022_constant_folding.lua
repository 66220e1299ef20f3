-- What a compiler may fold must fold to what the machine computes.
local one, zero, two, half = 1, 0, 2, 0.5
print(1 + 2 * 3 - 4 / 2, one + two * 3 - 4 / two)
print(7 // 2 * 2 + 7 % 2, -7 // 2, -7 % 2, -(7 // 2), -one // two)
print(0 / 1, -0.0, 0.0 * -1, zero * -1.0, 0 - 0.0, -zero)
print(1 // 0.0, one // 0.0, pcall(load "return 1 // 0"), pcall(load "return 1 % 0"))
print(2^10, two^10, 2^-1, two^-1, 2^63, 1 << 63, one << 63, 1 << 64, one << 64)
print("1" + 1, "a" .. 1, 1 .. "", -"2", not nil, not 0, not not "")
print(3 & 2.0, 3 | 4, ~0, ~zero, 5 ~ 3, 1.0 | 2)
print(pcall(load "return 1.5 & 1"), pcall(load "return 1 << 1.5"), pcall(load "return ~1e100"))
print(9007199254740993 + 0.0, math.maxinteger + 1, 0x7fffffffffffffff * 2, -0x8000000000000000)
print(1e308 + 1e308, -1e308 - 1e308, (1e308 * 10) - 1, 5 % -3, 5.0 % -3, -5 % 3.0)
print(1 == 1.0, 1 < 1.5, "a" == "a", nil == false, 1 ~= 1, "1" == 1)
local t = {[1 + 1] = "two", [2^1 * 2] = "four", ["a" .. "b"] = "ab"}
print(t[2], t[4], t.ab)
