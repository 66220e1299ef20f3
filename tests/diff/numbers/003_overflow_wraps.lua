-- Integer arithmetic wraps around in two's complement.
local max, min = math.maxinteger, math.mininteger
print(max, min, max + 1 == min, min - 1 == max)
print(max + max, min + min, max * 2, min * 2, max * max, min * min, max * min)
print(-min, -min == min, math.abs(min), -max, ~max == min)
print(max + 1.0, min - 1.0, max // -1, min * -1)
print(max - min, min - max, max + min)
local f = 1
for i = 1, 25 do f = f * i end
print(f)
local a, b = 0, 1
for _ = 1, 100 do a, b = b, a + b end
print(a)
print(0x7fffffffffffffff + 1, 0xffffffffffffffff, 0x8000000000000000)
print(3037000500 * 3037000500, 3037000499 * 3037000499)
