-- SPDX-License-Identifier: MIT
-- sums and products of floats
local s = 0.0
for i = 1, 10 do s = s + 0.1 end
print(s == 1.0, s, ("%.17g"):format(s))
print(("%.17g"):format(0.1), ("%.17g"):format(1 / 3), ("%.17g"):format(2 / 3))
print(2^53 + 1.0 == 2^53, 2^53 + 2.0 == 2^53, 2^53 - 1.0 == 2^53)
print((1 << 53) + 1 - 2^53, (1 << 53) + 1 - (1 << 53))
print(0.1 * 3 == 0.3, 0.1 * 3, ("%.20f"):format(0.1 * 3))
print(1e16 + 1, 1e16 + 1 == 1e16, 10000000000000000 + 1)
print(math.maxinteger + 0.0, ("%.0f"):format(math.maxinteger + 0.0), math.maxinteger // 1 | 0)
print(4.35 * 100, ("%.2f"):format(2.675), ("%.0f %.0f %.0f %.0f"):format(0.5, 1.5, 2.5, 3.5))
print(5e-324 / 2, 5e-324 * 0.5, 5e-324 + 5e-324 == 1e-323)
print(1.7976931348623157e308 + 1e291 , 1.7976931348623157e308 * 1.0000000001)
