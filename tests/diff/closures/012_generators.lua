-- Iterators made of closures: state in upvalues, restarted and nested.
local function range(a, b, s) s = s or 1 return function() if (s > 0 and a <= b) or (s < 0 and a >= b) then local v = a a = a + s return v end end end
for i in range(1, 5) do io.write(i, " ") end print()
for i in range(5, 1, -2) do io.write(i, " ") end print()
for i in range(1, 0) do io.write(i, " ") end print("none")
local function map(f, it) return function() local v = it() if v ~= nil then return f(v) end end end
local function filter(p, it) return function() local v repeat v = it() until v == nil or p(v) return v end end
local function take(n, it) return function() if n > 0 then n = n - 1 return it() end end end
local function naturals() local n = 0 return function() n = n + 1 return n end end
for v in take(5, filter(function(x) return x % 3 == 0 end, map(function(x) return x * x end, naturals()))) do io.write(v, " ") end print()
local function fibs() local a, b = 0, 1 return function() a, b = b, a + b return a end end
local g1, g2 = fibs(), fibs()
g1() g1() g1()
print(g1(), g2(), g1(), g2())
local function zip(a, b) return function() local x, y = a(), b() if x ~= nil and y ~= nil then return x, y end end end
for x, y in zip(range(1, 3), ("abc"):gmatch ".") do io.write(x, y, " ") end print()
local function perms(t, n) n = n or #t return coroutine.wrap(function() local function go(k) if k <= 1 then coroutine.yield(table.concat(t)) else for i = 1, k do t[k], t[i] = t[i], t[k] go(k - 1) t[k], t[i] = t[i], t[k] end end end go(n) end) end
for p in perms {"a", "b", "c"} do io.write(p, " ") end print()
local function primes() local found = {} local n = 1 return function() while true do n = n + 1 local ok = true for _, p in ipairs(found) do if p * p > n then break end if n % p == 0 then ok = false break end end if ok then found[#found + 1] = n return n end end end end
for p in take(12, primes()) do io.write(p, " ") end print()
for i, c in (function(s) local i = 0 return function() i = i + 1 if i <= #s then return i, s:sub(i, i) end end end)("xyz") do io.write(i, c, " ") end print()
