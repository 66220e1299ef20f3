-- Vararg functions that hold closures, recursion on the tail of ... .
local function all(p, x, ...) if x == nil then return true end return p(x) and all(p, ...) end
print(all(function(x) return x > 0 end, 1, 2, 3), all(function(x) return x > 1 end, 1, 2), all(print))
local function rev(...) local function go(n, x, ...) if n == 0 then return end if n == 1 then return x end local t = {go(n - 1, ...)} t[#t + 1] = x return table.unpack(t) end return go(select("#", ...), ...) end
print(rev()) print(rev(1)) print(rev(1, 2, 3, 4))
local function fold(f, acc, ...) if select("#", ...) == 0 then return acc end return fold(f, f(acc, (...)), select(2, ...)) end
print(fold(math.max, 0, 3, 9, 2), fold(function(a, b) return a .. b end, "", "x", "y", "z"))
local function each(f, ...) for i = 1, select("#", ...) do f((select(i, ...)), i) end end
each(function(v, i) io.write(i, "=", tostring(v), " ") end, "a", nil, false, 4) print()
local function partial(f, ...) local n, a = select("#", ...), {...} return function(...) local t = {table.unpack(a, 1, n)} for i = 1, select("#", ...) do t[n + i] = (select(i, ...)) end return f(table.unpack(t, 1, n + select("#", ...))) end end
print(partial(math.max, 5)(3, 9), partial(select, 2)("a", "b", "c"), partial(print == nil and 1 or string.rep, "ab", 2)())
local function va(...) local a, b = ... local function up() a = (a or 0) + 1 return a, b end return up, ... end
local up, x, y = va(10, 20)
print(up(), up(), x, y)
print(pcall(load, "function f() return ... end"), load("function f() return ... end"))
print(load("return function(...) return function() return ... end end"))
local function main(...) local args = {...} return (function(...) return select("#", ...), #args end)(1, 2) end print(main("a", "b", "c"))
print((function(...) local n = 0 for _, v in ipairs {...} do n = n + v end return n end)(1, 2, 3), (function(a, ...) return a, select("#", ...) end)())
local function swap(a, b, ...) return b, a, ... end print(swap(1, 2, 3, 4)) print(swap(swap(1, 2, 3))) print((swap(1, 2)))
