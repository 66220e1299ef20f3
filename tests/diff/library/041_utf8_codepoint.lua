-- SPDX-License-Identifier: MIT
-- utf8.codepoint, offset and codes
local s = "aä€😀z"
print(utf8.codepoint(s, 1, -1))
print(utf8.codepoint(s), utf8.codepoint(s, 2), utf8.codepoint(s, -1))
print(select("#", utf8.codepoint(s, 3, 2)), utf8.codepoint("\u{7fffffff}", 1, 1, true))
print(pcall(utf8.codepoint, s, 3))
print(pcall(utf8.codepoint, s, 100))
print(pcall(utf8.codepoint, ""))
print(pcall(utf8.codepoint, "\xff"))
for i = -5, 6 do io.write(tostring(utf8.offset(s, i)), " ") end
print()
print(utf8.offset(s, 0, 3), utf8.offset(s, 0, 9), utf8.offset(s, 1, 4), utf8.offset(s, 2, 4), utf8.offset(s, -1, 4))
print(utf8.offset("", 1), utf8.offset("", 0), utf8.offset("", -1), utf8.offset("abc", 4), utf8.offset("abc", 5))
print(pcall(utf8.offset, s, 1, 3))
print(pcall(utf8.offset, s, 1, 100))
for p, c in utf8.codes(s) do io.write(p, ":", c, " ") end
print()
for p, c in utf8.codes("") do print("never") end
print(pcall(function() for p, c in utf8.codes("a\xff") do io.write(p, " ") end end))
print(pcall(function() for p, c in utf8.codes("\xed\xa0\x80") do end end))
print(pcall(function() for p, c in utf8.codes("\xed\xa0\x80", true) do return p, c end end))
