-- Strings compare byte by byte, zeros and high bytes included.
local list = {"", "a", "A", "b", "aa", "ab", "a\0", "a\0b", "a\1", "Z", "z", "0", "9", "10", "~", " ", "ab\0"}
table.sort(list)
for i, s in ipairs(list) do io.write(string.format("%q", s), i < #list and " " or "\n") end
print("a" < "b", "a" < "B", "" < "a", "a" < "a\0", "a\0" < "a\1", "a\0b" < "a\0c", "abc" < "abcd")
print("a" <= "a", "a" >= "a", "b" <= "a", "10" < "9", "10" < "2", "A" < "a", "Z" < "a")
print("a\0x" == "a\0x", "a\0x" == "a\0y", "a\0" == "a", #"a\0" == 2)
local s = "con" .. "cat"
print(s == "concat", rawequal(s, "concat"), s ~= "Concat", not (s < "concat"), s <= "concat")
local long1, long2 = ("q"):rep(100), ("qq"):rep(50)
print(long1 == long2, long1 < long2 .. "a", long1 > ("q"):rep(99), rawequal(long1, long2))
local keys = {[long1] = "found"}
print(keys[long2], keys[("q"):rep(101)], keys[long2 .. ""])
print(math.max(#long1, 3), ("x"):rep(3) == "xxx", ("\xff" > "\x7f"))
