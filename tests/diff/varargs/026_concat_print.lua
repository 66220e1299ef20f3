-- SPDX-License-Identifier: MIT
-- io.write and print with many values
local t = {}
for i = 1, 30 do t[i] = i end
io.write(table.unpack(t))
io.write("\n")
print(table.unpack(t, 1, 12))
io.write()
io.write("", 1, " ", 2.5, " ", -0.0, " ", "s", "\n")
print()
print(nil)
print(nil, nil)
print("a\0b" == "a\0b", #"a\0b")
print(io.write("chained ") == io.stdout)
io.write("a", "b"):write("c", "\n")
print(pcall(io.write, nil) == false)
print(pcall(io.write, {}) == false)
