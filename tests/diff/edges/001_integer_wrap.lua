-- SPDX-License-Identifier: MIT
-- integer arithmetic wraps around
local max, min = math.maxinteger, math.mininteger
print(max, min)
print(max + 1 == min, min - 1 == max)
print(max * 2, min * 2, max * max, min * min)
print(-min, -min == min, math.abs(min))
print(min // -1, min % -1)
print(max // -1, max % -1, min // 1)
print(min + min, max + max)
print(max - min, min - max)
print(min * -1, max * -1)
print(1 - min, -1 - max)
print(0x7fffffffffffffff + 1, 0xffffffffffffffff, 0x8000000000000000)
print(max // 2 * 2, min // 2 * 2)
local a = max
a = a + 1
print(a, a - 1)
print(3037000500 * 3037000500, 4294967296 * 4294967296)
