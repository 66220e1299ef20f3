-- ... in every position: truncated, adjusted, passed on, counted.
local function f(...)
  local a, b = ...
  local t = {...}
  local n = select("#", ...)
  return n, a, b, #t
end
print(f()) print(f(1)) print(f(1, 2, 3))
local function g(x, ...) return ..., x end
print(g()) print(g(1)) print(g(1, 2)) print(g(1, 2, 3))
local function h(...) return (...), ... end
print(h()) print(h(nil)) print(h(1, 2))
local function pass(...) return ... end
print((pass(1, 2)), pass(1, 2), pass()) print(pass(pass(1, 2), pass(3, 4)))
local function sum(...) local s = 0 for i = 1, select("#", ...) do s = s + (select(i, ...) or 0) end return s end
print(sum(), sum(1), sum(1, nil, 3), sum(table.unpack({1, 2, 3, 4, 5})))
local function opt(a, b, ...) a = a or "A" b = b or "B" return a, b, select("#", ...) end
print(opt()) print(opt(nil, 1)) print(opt(1, 2, nil, nil))
local function cap(...) local args = table.pack(...) return function() return table.unpack(args, 1, args.n) end end
print(cap(1, nil, 3)()) print(select("#", cap(nil, nil)()))
local function arith(...) return ... + 1, -..., #{...}, not ..., ... == 5 end
print(arith(5, 6))
local function concat(...) return ... .. "x", (... or "none") end print(concat("a", "b"))
local function cond(...) if ... then return "yes" end while ... do end return "no" end print(cond(true), cond(), cond(nil, 1))
local function fl(...) for i = ..., (select(2, ...)) do io.write(i, " ") end print() end fl(2, 4)
print((function(...) return select("#", ...) end)(table.unpack({}, 1, 100)), select("#", pass(nil, nil, nil)))
print((load "return select('#', ...), ...")("x", "y"))
