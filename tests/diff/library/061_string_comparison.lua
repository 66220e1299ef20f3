-- SPDX-License-Identifier: MIT
-- order of strings
print("a" < "b", "a" < "aa", "" < "a", "Z" < "a", "a" < "a", "a" <= "a")
print("10" < "9", "10" < "2", "a\0b" < "a\0c", "a\0b" > "a", "a" < "a\0")
print("abc" > "abd", "abc" >= "abc", "b" > "abc", "\255" > "z", "\127" < "\128")
local t = {"b", "", "a\0", "a", "B", "aa", "10", "9", "~", " "}
table.sort(t)
for i, s in ipairs(t) do t[i] = ("%q"):format(s) end
print(table.concat(t, " "))
print(math.max(1, 2), ("x"):rep(50) < ("x"):rep(51), ("x"):rep(50) .. "a" < ("x"):rep(50) .. "b")
print("a" == "a", "a" ~= "b", not ("a" < "a"), "é" > "e")
