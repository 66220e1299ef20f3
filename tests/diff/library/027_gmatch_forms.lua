-- SPDX-License-Identifier: MIT
-- gmatch with captures, anchors and a start
for k, v in ("a=1, b=2, c=3"):gmatch("(%w+)=(%w+)") do io.write(k, v, " ") end
print()
for w in ("one two three"):gmatch("%a+") do io.write(w, ";") end
print()
for w in ("hello"):gmatch("l") do io.write(w, ".") end
print()
for w in ("abcd"):gmatch(".", 3) do io.write(w, ".") end
print()
for w in ("abcd"):gmatch(".", -1) do io.write(w, ".") end
print()
for w in ("abcd"):gmatch(".", 10) do io.write(w, ".") end
print("none")
local it = ("x y"):gmatch("%a")
print(it(), it(), it(), it())
print(type(it), pcall(string.gmatch, "x"))
for a, b, c in ("123456"):gmatch("(.)(.)(.)") do io.write(c, b, a, " ") end
print()
local n = 0
for _ in ("x"):rep(50):gmatch("x") do n = n + 1 end
print(n)
for line in ("a\nb\n\nc"):gmatch("([^\n]*)\n?") do io.write("<", line, ">") end
print()
