-- Missing parameters are nil, extra arguments go; parameters are locals.
local function f(a, b, c) return a, b, c end
print(f()) print(f(1)) print(f(1, 2, 3, 4))
print(f(f(1, 2))) print(f((f(1, 2)))) print(f(f(1, 2), 9))
local function set(a, b) a = a or b b = nil return a, b end
local x, y = 1, 2
print(set(x, y), set(nil, y), x, y)
local function shadow(a) local a = a and a + 1 do local a = "inner" end return a end
print(shadow(1), shadow())
local function same(a, a) return a end
print(same(1, 2))
local function cap(a) return function() a = a + 1 return a end, function() return a end end
local inc, get = cap(10)
inc() inc()
print(get(), cap(1)())
local o = {v = 5}
function o.static(x) return x end
function o:method(x) return self.v, x end
print(o.static(1), o:method(2), o.method({v = "other"}, 3), o.static())
o.sub = {name = "sub"}
function o.sub.deep(self, x) return self.name, x end
function o.sub:deeper(...) return self.name, ... end
print(o.sub:deep(1), o.sub:deeper(1, 2))
local function ret(n) if n == 0 then return end if n == 1 then return nil end if n == 2 then return 1, 2 end end
print(select("#", ret(0)), select("#", ret(1)), select("#", ret(2)), select("#", ret(3)))
local a, b, c = ret(2) print(a, b, c)
local p, q = ret(2), ret(2) print(p, q)
print((ret(2)), ({ret(2), ret(2)})[3], #{ret(2), ret(3)})
