-- SPDX-License-Identifier: MIT
-- equal, rawequal and keys
print(1 == 1.0, "1" == 1, nil == false, 0 == false, "" == false)
print(rawequal(1, 1.0), rawequal("a", "a"), rawequal({}, {}))
print("a" == "a", "a" == "a\0", "a\0" == "a\0", "" == "")
print(("x"):rep(100) == ("x"):rep(100), ("x"):rep(100) == ("x"):rep(99) .. "y")
print(2^53 == 2^53 + 1, (1 << 53) == (1 << 53) + 1)
print(print == print, function() end == function() end)
local t = {}
print(t == t, t ~= t, {} == {}, t == 1)
print(1 ~= 1.0, 1 ~= 1.5, -0.0 == 0, 0 ~= -0.0)
print(math.huge == 1 / 0, -math.huge == -1 / 0, 1e400 == math.huge)
print(0x10 == 16, 1e2 == 100, 0xff == 255.0, "0x10" == 16)
