-- A mark is opened when all values of the statement have been computed.
local function closer(n) return setmetatable({}, {__close = function(_, e) print("close", n, e) end}) end
local function show(f)
  local ok, e = pcall(f)
  print(ok, ok and type(e) or e)
end
print(pcall(function() local x <close>, y = closer("x"), error("E", 0) end))
print(pcall(function() local x <close>, y = 1, print("evaluated") end))
print(pcall(function() local x <close>, y, z = closer("x"), (function() print("in") end)() end))
print(pcall(function() local y, x <close>, z = 1, closer("x"), error("E", 0) end))
local co = coroutine.create(function() local x <close>, y = closer("x"), coroutine.yield(1) print("not reached") end)
print(coroutine.resume(co)) print(coroutine.close(co))
show(function() local x <close>, y = 1, 2 return function() return x end end)
show(function() local a, x <close>, y = 1, {}, print("ev") return function() return x end end)
show(function() local x <close>, y, z = 1, pcall(print, 1) return function() return x end end)
show(function() local x <close> = 1, print("e") return function() return x end end)
show(function() local x <close> = 1 return function() return x end end)
show(function() local y, x <close> = 1 return function() return x, y end end)
show(function() local y, x <close> = pcall(print) return function() return x, y end end)
show(function() local y, x <close>, k <const>, l = pcall(print), "z", 2 return function() return x, y end end)
for i = 1, 2 do
  local x <close>, y = closer(i), i
  if i == 1 then goto c end
  local z <close>, k <const>, f = closer("z"), 5, function() return z end
  print(k, f() == z)
  ::c::
end
while true do local x <close>, y = closer("w"), function() return x end print(pcall(y)) break end
do
  goto a
  ::b:: do return end
  ::a::
  local x <close>, y = closer("g"), 1
  print(y)
  goto b
end
