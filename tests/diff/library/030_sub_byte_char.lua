-- SPDX-License-Identifier: MIT
-- string.sub, byte, char with edge positions
local s = "hello"
for _, p in ipairs {{1, 3}, {2}, {-3}, {-3, -2}, {0}, {0, 0}, {6}, {5, 10}, {3, 2}, {-100, 2}, {-100, -50}, {1, -1}, {2, -2}, {math.mininteger, math.maxinteger}, {math.maxinteger}, {1, math.mininteger}} do
  io.write("[", s:sub(table.unpack(p)), "]")
end
print()
print(s:byte(), s:byte(2), s:byte(-1), s:byte(10), s:byte(0))
print(s:byte(1, 3))
print(s:byte(-2, -1))
print(select("#", s:byte(3, 2)), select("#", s:byte(0, 0)), select("#", s:byte(0, 2)))
print(string.char(), string.char(104, 105), #string.char(0, 255))
print(s:sub(2, 3.0), s:sub("2", "4"))
print(pcall(s.sub, s))
print(pcall(s.sub, s, 1.5))
print(s:len(), #s, ("a\0b"):len(), #"")
print(s:upper(), ("ÄbC"):lower() == "ÄbC" or ("ÄbC"):lower():sub(-2), ("aZ09"):upper(), ("aZ09"):lower())
print(s:reverse(), (""):reverse(), ("ab\0c"):reverse() == "c\0ba")
