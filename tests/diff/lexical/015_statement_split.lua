-- A call may begin on the next line; statements need nothing between them.
local x = 1 local y = 2 print(x, y) x, y = y, x print(x, y)
local f = function(...) return select("#", ...) end
local n = f
(1, 2, 3)
print(n)
local s = ("a")
:rep(3)
:upper()
print(s)
local t = {
  x = {y = {z = "deep"}},
}
print(t
  .x
  .y
  .z)
print(t["x"]
["y"].z)
local g = f
{}
print(g)
local h = f
"str"
print(h)
do local a = 1 do local a = 2 print(a) end print(a) end
print(load("local a = 1 b = 2 return a + b", "x", "t", {b = 2})())
