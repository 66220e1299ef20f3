-- Where the dot of a numeral ends and the concatenation begins.
print(1 .. 1, 1. .. 1, 1.0 .. "", 1e1 .. "", 0x10 .. "")
print(.5 .. .5, 2^53 .. "", -1 .. "", - 1 .. 2)
print(1 .. -1, 1 .. - 1, 2 .. 3 .. 4)
print(1 .. 2 == 12, 1 .. 2 == "12", (1 .. 2) + 0)
local a, t = 5, {n = 6}
print(a..a, t.n..t.n, a.."."..a, #t..#t)
print(10 // 3 .. "", 10 / 2 .. "", 10 % 3 .. "", 2 ^ 2 .. "")
print("a".."b".."c" == "a"..("b".."c"), ("a".."b").."c")
print(load("return 1..2"))
print(load("return a...b"))
print(load("return 1 ...2"))
print(load("local a = 1 return a..2 ..a")())
