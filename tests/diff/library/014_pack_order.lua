-- SPDX-License-Identifier: MIT
-- byte orders change in the middle; positions
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local p, u = string.pack, string.unpack
print(hex(p("<i2 >i2 <i2", 1, 1, 1)))
print(hex(p(">I4 <I4", 0xdeadbeef, 0xdeadbeef)))
print(u("<i2 >i2", "\1\0\0\1"))
local s = p("<i1 i2 i4", 1, 2, 3)
print(u("<i1", s), u("<i2", s, 2), u("<i4", s, 4))
print(u("<i4", s, -4))
print(pcall(u, "<i4", s, 5))
print(pcall(u, "b", "abc", 4))
print(pcall(u, "b", "abc", 5))
print(u("", "abc"), u("", "abc", 4), u("b", "abc", -1))
print(pcall(u, "", "abc", 5))
print(pcall(u, "b", "abc", 0))
print(select("#", u("bbb", "abc")))
print(p("") == "", p(" < ") == "")
print(hex(p("<i2 x i2 xx", 1, 2)))
