-- Loaded chunks see globals and their own upvalue, not the locals around.
local x = "local x"
X = "global X"
print(load("return x, X")())
x_global, X = "set", nil
print(load("return x_global")(), rawget(_G, "X"))
local f = load("local n = ... local function inc() n = n + 1 return n end return inc")
local i1, i2 = f(1), f(10)
print(i1(), i1(), i2(), i1())
print(load("return function(a) return function(b) return a + b end end")()(3)(4))
local env = {y = 5}
local g = load("y = y + 1 return y", "=g", "t", env)
print(g(), g(), env.y, y)
local h = load("local _ENV = {z = ...} return function() z = z * 2 return z end")
local h1, h2 = h(1), h(3)
print(h1(), h1(), h2(), h1(), z)
print(load("return ...", "=v")(1, nil, 3))
print(select(2, pcall(load("error({code = 7})"))).code)
print(select("#", load("return")()), select("#", load("")()), load("return nil")())
print(load("x_global = nil")(), x_global)
local src = {} for n = 1, 20 do src[n] = ("local v%d = %d"):format(n, n) end
src[#src + 1] = "return function() v1 = v1 + v20 return v1, v10 end"
local big = load(table.concat(src, " "))()
print(big()) print(big())
print(load("goto done do return 1 end ::done:: return 2")())
local chunk = load("local a <const> = 10 local t = {} for i = 1, a do t[i] = function() return i * a end end return t")()
print(chunk[1](), chunk[10](), #chunk)
print(pcall(load, "return 1", "=c", "b"), load("return 1", "=c", "t")(), pcall(load, 5))
print(load(function() return nil end) ~= nil, pcall(load("local function f() return f end return f() == f")))
