-- Closures shared between coroutines see one variable.
local x = 0
local function worker(name, d) return coroutine.wrap(function() while true do x = x + d coroutine.yield(name .. x) end end) end
local a, b = worker("a", 1), worker("b", 10)
print(a(), b(), a(), b(), x)
x = 100
print(a(), b(), x)
local get
local co = coroutine.wrap(function() local v = 1 get = function() return v end while true do v = v * 2 coroutine.yield() end end)
co() print(get()) co() print(get()) co() co() print(get())
local setters = {}
local c2 = coroutine.create(function() for i = 1, 3 do setters[i] = function(v) i = v end coroutine.yield(i) io.write("after ", tostring(i), " ") end end)
coroutine.resume(c2) setters[1]("changed") print(coroutine.resume(c2)) setters[2](nil) print(coroutine.resume(c2)) print(coroutine.resume(c2), coroutine.status(c2))
local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(function() i = i + 1 return i end) end end) end
local fs = {} for f in gen(3) do fs[#fs + 1] = f end
print(fs[1](), fs[1](), fs[2](), fs[3](), fs[3]())
local dead do local c3 = coroutine.wrap(function() local z = "z" dead = function() z = z .. "!" return z end error("die", 0) end) print(pcall(c3)) end
print(dead(), dead())
local function nested() local v = "v" local c = coroutine.wrap(function() v = v .. "1" coroutine.wrap(function() v = v .. "2" coroutine.yield() v = v .. "never" end)() coroutine.yield() v = v .. "3" end) c() local mid = v c() return mid, v end
print(nested())
local params = coroutine.wrap(function(p, ...) local q = select("#", ...) local function f() p = p .. q return p end while true do local r = coroutine.yield(f()) p = r or p end end)
print(params("p", 1, 2), params(), params("new"), params(false))
print(select(2, coroutine.resume(coroutine.create(function() local t = {} for i = 1, 3 do t[i] = function() return i end end return t[1]() + t[2]() + t[3]() end))))
