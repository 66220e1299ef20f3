-- string.dump: functions in functions, upvalues, what is stripped
local function reload(f, strip, ...) return load(string.dump(f, strip), "=again", "b", ...) end
local a, b, c = 1, 2, 3
local function three(x)
  if x then a, b, c = x, x + 1, x + 2 end
  return a, b, c
end
local g = reload(three, false, "env")
print(three())
print(g())
print(g(10))
print(g())
print(three())
local h = reload(three)
print(select(2, h()), select(3, h()), type((h())))
print(debug.getupvalue(h, 1), debug.getupvalue(h, 2))
debug.upvaluejoin(h, 1, three, 1)
debug.upvaluejoin(h, 2, g, 2)
debug.setupvalue(h, 3, "set")
print(h())

local function maker(n)
  local function add(x) n = n + x return n end
  return add, function() return function() return n end end
end
local add, get = reload(maker)(5)
print(add(1), add(2), get()())
local add2 = reload(maker)(100)
print(add2(1), add(1))

local env = {print = print, answer = 42}
print(reload(function() answer = answer + 1 return answer end, true, env)(), env.answer)
print(pcall(reload(function() return nothing.field end, false, env)))
print(pcall(reload(function() local t = nothing return t.field end, true, env)))
print(pcall(reload(function(x) error("message") end)))
print(pcall(reload(function(x) error("message") end, true)))
local i = debug.getinfo(reload(three, true), "S")
print(i.short_src, i.linedefined, i.lastlinedefined, i.what)
i = debug.getinfo(reload(three), "Su")
print(i.linedefined, i.lastlinedefined, i.what, i.nups)
print(debug.getlocal(reload(three), 1), debug.getlocal(reload(three, true), 1))
print(debug.getupvalue(reload(three, true), 2))

print(string.dump(three) == string.dump(three), #string.dump(three, true) < #string.dump(three))
print(pcall(string.dump, string.dump))
print(pcall(string.dump, coroutine.wrap(print)))
print(pcall(string.dump, "x"))
print(load(string.dump(three), "n", "t"))
print(load((string.dump(three):gsub("..........$", ""))) == nil)
print(reload(reload(reload(function(...) local t <close> = nil for k, v in ipairs {...} do if v == "x" then return k end end end)))("a", "x"))
local fib = reload(load("local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end return fib"))()
print(fib(15), reload(fib) ~= nil)
