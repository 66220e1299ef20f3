-- Bitwise operators work on 64-bit integers.
print(0xF0 & 0x3C, 0xF0 | 0x0F, 0xFF ~ 0x0F, ~0, ~5, ~-1)
print(1 << 0, 1 << 1, 1 << 62, 1 << 63, 1 << 64, 1 << 100, 1 << -1, 2 << -1)
print(-1 >> 1, -1 >> 63, -1 >> 64, -1 >> 0, -1 << 63, -8 >> 1, 1 >> -4)
print(math.mininteger >> 63, math.mininteger << 1, 5 >> math.maxinteger, 5 << math.mininteger)
print(5 >> math.mininteger, 5 << math.maxinteger, 5 << -63, -1 << -63)
print(1 | 2 ~ 3 & 4 << 1, (1 | 2) ~ 3, 1 | 2 << 3 + 1, 6 & 3 == 2 and 1 or 0 == 0)
print(3 & 5 | 8 ~ 1, ~0 >> 60, ~0 << 60, ~(1 << 3), ~1 << 3)
local x = 0xDEADBEEF
print(x >> 16, x & 0xFFFF, (x >> 8) & 0xFF, x ~ x, x | 0, ~~x == x)
print(string.format("%x %X %x", -1, 255, math.mininteger))
