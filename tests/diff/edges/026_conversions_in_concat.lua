-- SPDX-License-Identifier: MIT
-- numbers in concatenations
print(1 .. "", 1.0 .. "", -0.0 .. "", 2^63 .. "", 1e100 .. "")
print(1 .. 2, 1.5 .. 2, 10 // 3 .. "", 7 / 2 .. "")
print(math.maxinteger .. "", math.mininteger .. "", math.huge .. "", -math.huge .. "")
print(0x10 .. "", 1e2 .. "", .5 .. "", 3. .. "")
print(("x"):rep(3) .. 1 .. 2.0 .. "y")
print(#(1 .. ""), #(1.0 .. ""), #(2^53 .. ""))
print(table.concat({1, 2.5, "x", 3.0, math.mininteger}, " "))
print(tostring(3) == "3", tostring(3.0) == "3.0", "3" == 3)
print(("%s %s %s"):format(1, 1.0, 1e15))
print(string.rep(12, 2), string.len(1.5), ("x"):rep("3"))
