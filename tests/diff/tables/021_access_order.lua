-- Side effects happen left to right: operands, arguments, constructor items.
local log = {}
local function f(n) log[#log + 1] = n return n end
local function flush(...) print(table.concat(log, " "), ...) log = {} end
local function tab(n) f(n) return {x = n, 10, 20, 30} end
local t = {f(1), f(2), x = f(3), [f(4)] = f(5), f(6)}
flush(#t)
flush(f(1) + f(2) * f(3) - f(4))
flush(f(1) .. f(2) .. f(3))
flush(f(1) < f(2), f(2) > f(1), f(3) >= f(4))
local v = tab(1)[f(2)]
flush(v)
print(select("#", f(1), f(2), f(3)))
flush()
local r = (f(1) and f(2)) or f(3)
flush(r)
r = f(false) and f(2) or f(3)
log[1] = tostring(log[1])
flush(r)
flush((function(...) return select("#", ...) end)(f(1), (f(2)), f(3)))
local o = {m = function(self, a, b) f("call") return a + b end}
flush(o:m(f(1), f(2)))
for i = f(1), f(3), f(2) do f(i * 100) end
flush()
local function g() f("g") return f end
g()(f(7))
flush()
flush(-f(1) ^ f(2), not f(3), #{f(4)})
local x, y = f(1), f(2), f(3)
flush(x, y)
