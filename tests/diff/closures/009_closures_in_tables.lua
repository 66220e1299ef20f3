-- Function values in tables, as keys, compared, created in loops.
local function mk() return function() end end
print(mk() == mk(), (function(f) return f == f end)(mk()))
local ops = {["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end, ["*"] = function(a, b) return a * b end, ["/"] = function(a, b) return a / b end}
for _, o in ipairs {"+", "-", "*", "/"} do io.write(ops[o](7, 2), " ") end print()
local registry = {}
for i = 1, 3 do local f = function() return i end registry[f] = i registry[i] = f end
for i = 1, 3 do io.write(registry[registry[i]], registry[i](), " ") end print()
local function compose(...) local fs = {...} return function(...) local r = table.pack(...) for i = #fs, 1, -1 do r = table.pack(fs[i](table.unpack(r, 1, r.n))) end return table.unpack(r, 1, r.n) end end
print(compose(tostring, math.abs, function(a, b) return a - b end)(3, 10))
local function curry(f, n) n = n or 2 if n == 1 then return f end return function(x) return curry(function(...) return f(x, ...) end, n - 1) end end
print(curry(function(a, b, c) return a .. b .. c end, 3)(1)(2)(3))
local function memo(f) local cache, hits = {}, 0 return function(x) if cache[x] ~= nil then hits = hits + 1 return cache[x], hits end local v = f(x) cache[x] = v return v, hits end end
local sq = memo(function(x) return x * x end)
print(sq(4)) print(sq(4)) print(sq(5)) print(sq(4)) print(sq(5.0))
local function bind(f, ...) local a = table.pack(...) return function(...) local b = table.pack(table.unpack(a, 1, a.n)) for i = 1, select("#", ...) do b[a.n + i] = (select(i, ...)) end return f(table.unpack(b, 1, a.n + select("#", ...))) end end
print(bind(string.format, "%s-%s-%s", 1)(2, 3), bind(select, "#", nil)(nil, nil))
local events, log = {}, {}
local function on(e, f) events[e] = events[e] or {} table.insert(events[e], f) end
local function fire(e, ...) for _, f in ipairs(events[e] or {}) do f(...) end end
for i = 1, 3 do on("x", function(v) log[#log + 1] = i .. v end) end
fire("x", "a") fire("y", "b") fire("x", "c") print(table.concat(log, " "))
