-- debug.getupvalue, setupvalue, upvalueid, upvaluejoin on shared variables.
local a, b = 1, 2
local function f() return a, b end
local function g() b = b + 10 return b end
print(debug.getupvalue(f, 1)) print(debug.getupvalue(f, 2)) print(debug.getupvalue(f, 3)) print(debug.getupvalue(g, 1))
print(debug.setupvalue(f, 1, "new a"), a, f())
print(g(), f(), b)
print(debug.setupvalue(g, 1, 100), b, debug.setupvalue(g, 5, 1))
print(debug.upvalueid(f, 2) == debug.upvalueid(g, 1), debug.upvalueid(f, 1) == debug.upvalueid(f, 2))
local function mk() local n = 0 return function() n = n + 1 return n end end
local c1, c2 = mk(), mk()
print(c1(), c1(), c2(), debug.upvalueid(c1, 1) == debug.upvalueid(c2, 1))
debug.upvaluejoin(c1, 1, c2, 1)
print(c1(), c2(), c1(), debug.upvalueid(c1, 1) == debug.upvalueid(c2, 1))
print(debug.getinfo(f, "u").nups, debug.getinfo(g, "u").nparams, debug.getinfo(function(x, y, ...) end, "u").nparams, debug.getinfo(function(x, ...) end, "u").isvararg)
local function locals(p, q) local r = p .. q local names = {} for i = 1, 3 do local n, v = debug.getlocal(1, i) names[#names + 1] = n .. "=" .. tostring(v) end return table.concat(names, " ") end
print(locals("x", "y"))
local function setl(v) debug.setlocal(1, 1, "set") return v end print(setl("before"))
local function cap(v) local h = function() return v end debug.setlocal(1, 1, "captured") return v, h() end print(cap("before"))
print(debug.getlocal(function(one, two, ...) end, 1), debug.getlocal(function(one, two) end, 2), debug.getlocal(function() end, 1))
local function vs(...) return debug.getlocal(1, -1), select(2, debug.getlocal(1, -2)) end print(vs("v1", "v2"))
