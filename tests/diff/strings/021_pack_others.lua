-- string.pack: strings, floats, padding, alignment.
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
print(hex(string.pack("z", "abc")), hex(string.pack("<s1", "abc")), hex(string.pack(">s2", "abc")), hex(string.pack("c5", "abc")))
print(hex(string.pack("<d", 1.5)), hex(string.pack(">d", -1.5)), hex(string.pack("<f", 0.25)), hex(string.pack("<n", 0)))
print(string.unpack("z", "abc\0def"), string.unpack("<s1", "\3abcdef"), string.unpack("c2", "abcd"), string.unpack("<d", string.pack("<d", 0.1)))
print(string.unpack("<f", string.pack("<f", 0.1)), string.unpack("<f", string.pack("<f", 1e300)), string.unpack(">d", string.pack(">d", -math.huge)))
print(hex(string.pack("<!4 i1 i4", 1, 2)), hex(string.pack("<!2 i1 i4", 1, 2)), hex(string.pack("<i1 x i1", 1, 2)), hex(string.pack("<!4 i1 Xi4 i1", 1, 2)))
print(hex(string.pack(">!4 i2 i4 i1 i2", 1, 2, 3, 4)), hex(string.pack("=i1<i2>i2", 1, 1, 1)), hex(string.pack("<j", -1)), hex(string.pack("<J", 1)))
print(string.unpack("<!4 i1 i4", string.pack("<!4 i1 i4", 7, 8)), string.unpack("<z s1 i2", string.pack("<z s1 i2", "q", "rs", 5)))
print(pcall(string.pack, "z", "a\0b"), pcall(string.pack, "c2", "abc"), pcall(string.pack, "s1", ("x"):rep(256)))
print(select(2, pcall(string.unpack, "z", "abc")), select(2, pcall(string.unpack, "s1", "\5abc")), select(2, pcall(string.pack, "!3 i4", 1)))
print(select(2, pcall(string.pack, "X", 1)), select(2, pcall(string.pack, "!17 i1", 1)), select(2, pcall(string.pack, "c", "x")))
print(hex(string.pack("")), hex(string.pack(" < i1 ", 1)), #string.pack("s", ""), #string.pack("T", 1), select("#", string.unpack("", "")))
