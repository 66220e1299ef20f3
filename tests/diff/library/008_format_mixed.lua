-- SPDX-License-Identifier: MIT
-- several options in one format
local f = string.format
print(f("%s=%d (%5.1f%%) [%x]", "key", 42, 99.5, 255))
print(f("%-10s|%10s|", "left", "right"))
print(f("%3d:%03d:%-3d:", 1, 2, 3))
print(f("%5s%5s%5s", "a", "b", "c"))
print(f("%s %s %s", f("%d", 1), f("%g", 2.5), f("%q", "x")))
print(f(("%d,"):rep(20), table.unpack((function() local t = {} for i = 1, 20 do t[i] = i end return t end)())))
print(("%s is %d"):format("x", 1), ("%c"):rep(3):format(97, 98, 99))
print(pcall(f, "%d %d", 1))
print(pcall(f, "%s %d", 1, "x"))
print(pcall(f, 1), f(1), pcall(f))
print(pcall(f, {}))
