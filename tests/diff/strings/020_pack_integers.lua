-- string.pack: sizes, signs, endianness, errors.
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
print(hex(string.pack("<i1i2i4i8", 1, 2, 3, 4)), hex(string.pack(">i1i2i4i8", 1, 2, 3, 4)))
print(hex(string.pack("<b", -1)), hex(string.pack("<h", -2)), hex(string.pack(">l", -3)), hex(string.pack("<B", 255)))
print(hex(string.pack("<i3", -2)), hex(string.pack(">i5", 1)), hex(string.pack("<i16", -1)), hex(string.pack(">I16", 1)))
print(string.unpack("<i2", "\255\255"), string.unpack("<I2", "\255\255"), string.unpack(">i2", "\1\2"), string.unpack("<i2", "\1\2"))
print(string.unpack("<i3", "\254\255\255"), string.unpack(">I7", ("\0"):rep(6) .. "\9"), string.unpack("<i16", ("\255"):rep(16)))
print(string.unpack("<i1i1i1", "\1\2\3"), string.unpack("b", "\200"), string.unpack("B", "\200"), string.unpack("<i4", "xxxx\1\0\0\0", 5))
print(string.packsize("<i1i2i4i8"), string.packsize("!8i1i8"), string.packsize("!4i1!4i4i1"), string.packsize("<bhlj"), string.packsize("c10x"))
for _, c in ipairs {{"i1", 128}, {"i1", -129}, {"I1", 256}, {"i17", 1}, {"i0", 1}, {"I2", -1}, {"i2", "x"}, {"y", 1}, {"i2"}} do
  print(c[1], c[2], select(2, pcall(string.pack, table.unpack(c))))
end
print(select(2, pcall(string.unpack, "<i4", "abc")), select(2, pcall(string.unpack, "<i9", ("\255"):rep(8) .. "\1")))
print(select(2, pcall(string.unpack, "i1", "a", 3)), string.unpack("i1", "ab", -1), select(2, pcall(string.packsize, "s")))
