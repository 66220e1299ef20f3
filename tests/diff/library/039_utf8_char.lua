-- SPDX-License-Identifier: MIT
-- utf8.char and the shape of sequences
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
print(utf8.char(), utf8.char(72, 228, 8364, 128512))
for _, c in ipairs {0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff, 0x110000, 0x1fffff, 0x200000, 0x3ffffff, 0x4000000, 0x7fffffff} do
  io.write(("%x="):format(c), hex(utf8.char(c)), " ")
end
print()
print(pcall(utf8.char, -1))
print(pcall(utf8.char, 0x80000000))
print(pcall(utf8.char, "x"))
print(utf8.char(0xd800) == "\xed\xa0\x80", utf8.char("65"))
print(utf8.charpattern == "[\0-\x7F\xC2-\xFD][\x80-\xBF]*")
for c in ("aä€😀"):gmatch(utf8.charpattern) do io.write(#c, " ") end
print()
print("\u{41}\u{e4}\u{20ac}\u{1f600}", #"\u{7fffffff}", "\u{0}" == "\0")
