-- SPDX-License-Identifier: MIT
-- which operators give integers and which floats
local function ty(...) local t = table.pack(...) for i = 1, t.n do t[i] = math.type(t[i]) end return table.concat(t, " ") end
print(ty(1 + 1, 1 + 1.0, 1.0 + 1, 1 - 1, 2 * 3, 2 * 3.0))
print(ty(4 / 2, 4 // 2, 4.0 // 2, 4 % 2, 4 % 2.0, 2 ^ 2))
print(ty(-1, -1.0, 1 & 1, 1.0 | 1, ~1.0, 1 << 1.0))
print(ty("1" + 1, "1.0" + 1, "1" + "1", "1" * 1.0, -"2"))
print(ty(math.floor(1.5), math.ceil(1.5), math.abs(1), math.abs(1.0), math.sqrt(4)))
print(ty(math.fmod(5, 3), math.fmod(5.0, 3), math.max(1, 1.0), math.tointeger(1.0)))
print(ty(tonumber("1"), tonumber("1."), tonumber("0x1"), tonumber("1e0"), tonumber("0x1p0")))
print(ty(#"abc", #{}, select("#"), ("x"):byte(), ("x"):find("x")))
print(ty(os.time {year = 2000, month = 1, day = 1}, math.huge, math.pi, math.maxinteger))
print(ty(string.unpack("i4", "\1\0\0\0"), utf8.len("x"), utf8.codepoint("x")))
for i = 1, 1 do io.write(ty(i), " ") end
for i = 1.0, 1 do io.write(ty(i), " ") end
for i = 1, 1, 1.0 do io.write(ty(i), " ") end
for i = 1, 1.0 do io.write(ty(i), "\n") end
