-- Inner locals shadow outer ones; initialisers still see the outer.
local x = 1
local x = x + 1
print(x)
do local x = x * 10 print(x) do local x = x + 5 print(x) end print(x) end
print(x)
local function f() return x end
local x = "new"
print(x, f())
x = "changed"
print(x, f())
local y <const> = 5
do local y = y + 1 print(y) end
print(y)
for x = 1, 2 do local x = x * 2 io.write(x, " ") end print(x)
local function g(x) local x, y = y, x return x, y end
print(g(7))
local print, real = function(...) io.write("[", ..., "]\n") end, print
print("a") real("b")
if x then local x = "if" real(x) else local x = "else" end
real(x)
repeat local x = "done" until x == "done"
while true do local x = "while" real(x) break end
local t = {x = x, f = function() local x = "in f" return x end}
real(t.x, t.f(), x)
z = "global"
local z = z .. " local"
real(z, _G.z)
do local z z = "unset" end
real(z) _G.z = nil
local a, a, a = 1, 2, 3
real(a)
local function x2() x2 = "overwritten" return type(x2) end real(x2(), x2)
