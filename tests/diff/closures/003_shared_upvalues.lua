-- Closures of one scope share its variables; instances do not.
local function counter(n)
  local function inc(d) n = n + (d or 1) return n end
  local function get() return n end
  local function reset() n = 0 end
  return inc, get, reset
end
local inc, get, reset = counter(5)
local inc2, get2 = counter(100)
print(inc(), inc(), get(), get2(), inc2(), get())
reset()
print(get(), inc(10), get(), get2())
local a, b
do
  local shared = 0
  a = function() shared = shared + 1 return shared end
  b = function() shared = shared * 2 return shared end
end
print(a(), b(), a(), b(), b(), a())
local function pair() local x = {} return function(v) x[#x + 1] = v return #x end, function() return table.concat(x, "") end end
local put, all = pair()
put "a" put "b"
local put2, all2 = pair()
put2 "z"
print(all(), all2(), put "c", all())
local x = 1
local function outer() x = x + 1 return function() x = x + 10 return function() x = x + 100 return x end end end
local l2 = outer() local l3 = l2()
print(x, l3(), x, l2()(), x)
x = 0
print(l3(), x)
