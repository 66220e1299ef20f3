-- SPDX-License-Identifier: MIT
-- ! and X
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local p, u, size = string.pack, string.unpack, string.packsize
print(hex(p("<!4 b i4", 1, 2)), hex(p("<!2 b i4", 1, 2)), hex(p("< b i4", 1, 2)))
print(hex(p("<!8 b Xi8 b", 1, 2)), hex(p("<!4 b x b", 1, 2)))
print(hex(p("<!4 i2 i4 i2 i8", 1, 2, 3, 4)))
print(u("<!4 b i4", p("<!4 b i4", 1, 2)))
print(u("<!4 b i4", "\1\0\0\0\2\0\0\0"))
print(size("<!8 b i8"), size("<!4 b i8"), size("b i8"), size("<!8 b Xd d"), size("!1 b i8"))
print(size("b"), size("h"), size("i"), size("l"), size("j"), size("f"), size("d"), size("n"), size("T"))
print(size("c10"), size("i3"), size("x"), size(""), size("<>=!"))
print(pcall(size, "s"))
print(pcall(size, "z"))
print(pcall(p, "!4 i3", 1))
print(pcall(size, "!16 Xb"), pcall(size, "!4 X"))
print(pcall(size, "c2147483647c2147483647"))
