-- Index expressions are evaluated before any assignment is done.
local i, a = 3, {}
i, a[i] = i + 1, 20
print(i, a[3], a[4])
local t = {1, 2, 3}
t[1], t[2], t[3] = t[3], t[1], t[2]
print(table.concat(t, " "))
local x, y = 1, 2
x, y = y, x
print(x, y)
local p = {v = 1, next = {v = 2, next = {v = 3}}}
p, p.v = p.next, "changed"
print(p.v, p.next.v)
local q = {}
q.a, q.b, q.c = 1, 2
print(q.a, q.b, q.c)
q.a, q.b = (function() return 10, 20, 30 end)()
print(q.a, q.b)
q.a, q.b = ((function() return 7, 8 end)())
print(q.a, q.b)
local k = "one"
local m = {}
m[k], k = k, "two"
print(m.one, m.two, k)
local function f(n) io.write("f", n, " ") return n end
local log = setmetatable({}, {__newindex = function(_, kk, v) io.write("set", kk, "=", tostring(v), " ") end})
log.x = f(1)
print()
a, b, c = f(1), f(2), f(3), f(4)
print(a, b, c)
local s = {1, 2, 3, n = 0}
s.n, s[s.n + 1] = s.n + 1, "first"
print(s.n, s[1])
do local u = {} u[1], u[2], u[3], u[4] = table.unpack({"w", "x", "y"}) print(u[1], u[3], u[4]) end
a = {} a.x, a.y, a = 1, 2, 3
print(a)
