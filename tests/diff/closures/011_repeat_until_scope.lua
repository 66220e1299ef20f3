-- The condition of repeat sees the locals of the body, captured or not.
local fs, i = {}, 0
repeat
  local v = i
  fs[#fs + 1] = function() v = v + 1 return v end
  i = i + 1
until v >= 2
print(#fs, fs[1](), fs[1](), fs[3]())
repeat local done = true until done
local n = 0
repeat
  local k = n
  local f = function() return k >= 3 end
  n = n + 1
until f()
print(n)
repeat
  local k = n
  n = n - 1
  if k == 2 then break end
  fs[#fs + 1] = function() return k end
until k < 0
print(n, #fs, fs[4](), fs[5]())
local out = {}
repeat
  local a, b = n, n * 2
  out[#out + 1] = function(d) a = a + d return a, b end
  n = n + 1
until (function() return a + b > 12 end)()
print(#out) for j = 1, #out do io.write(table.concat({out[j](j)}, ","), " ") end print()
local c = 0
repeat c = c + 1 repeat local z = c until z == c until c == 3
print(c)
local outer = "outer"
repeat local outer = "inner" local g = function() return outer end until g() == "inner"
print(outer)
