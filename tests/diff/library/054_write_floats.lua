-- SPDX-License-Identifier: MIT
-- io.write, print and tostring of floats
io.write(0.1, " ", 1 / 3, " ", 1e100, " ", 2^53, " ", 123456.789, "\n")
print(0.1, 1 / 3, 1e100, 2^53, 123456.789)
io.write(1, " ", -1, " ", math.maxinteger, " ", math.mininteger, "\n")
print(tostring(1e15), tostring(-1e15), tostring(1e14))
io.write("1" + 1, " ", "1.5" + 1, " ", 10 / 4, " ", 7 // 2, "\n")
io.write(1 / 0, " ", -1 / 0, "\n")
