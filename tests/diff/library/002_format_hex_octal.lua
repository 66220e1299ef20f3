-- SPDX-License-Identifier: MIT
-- %x, %X, %o and %u
local f = string.format
print(f("%x %X %o", 255, 255, 255))
print(f("%#x %#X %#o", 255, 255, 255))
print(f("%#x %#o", 0, 0))
print(f("%8x|%-8x|%08x", 255, 255, 255))
print(f("%.4x|%8.4x|%-8.4X|", 10, 10, 10))
print(f("%x", -1), f("%X", math.mininteger), f("%o", -1))
print(f("%x", 16.0), f("%x", "255"))
print(f("%#10x|%-#10x|%#010x", 255, 255, 255))
print(pcall(f, "%x", 1.5))
print(pcall(f, "%u", 1))
print(pcall(f, "%lx", 1))
