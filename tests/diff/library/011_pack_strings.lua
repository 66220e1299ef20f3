-- SPDX-License-Identifier: MIT
-- z, s and c
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local p, u = string.pack, string.unpack
print(hex(p("z", "ab")), hex(p("z", "")))
print(hex(p("<s1", "ab")), hex(p(">s2", "ab")), hex(p("<s4", "")), #p("s", "abc"))
print(hex(p("c5", "ab")), hex(p("c0", "")), hex(p("c2", "ab")))
print(u("z", "ab\0cd\0"))
print(u("z", "ab\0cd\0", 4))
print(u("<s1", "\2abc"))
print(u("c2c2", "abcd"))
print(u("<s2 z B", "\1\0Xyz\0\7"))
print(#u("s", p("s", ("q"):rep(300))))
print(u("c0", ""))
print(p("zz", "a", "b") == "a\0b\0", p("s1s1", "a", "") == "\1a\0")
