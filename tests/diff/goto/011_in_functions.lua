-- Labels belong to their function; the same names may be used in each.
local function a() goto l do return "not" end ::l:: return "a" end
local function b() goto l do return "not" end ::l:: return "b" end
print(a(), b())
goto l
print("skipped")
::l::
local function outer()
  local function inner() goto x do return 0 end ::x:: return "inner x" end
  goto x
  do return 1 end
  ::x::
  return inner(), "outer x"
end
print(outer())
do ::same:: end do ::same:: end do goto same do return end ::same:: end
for i = 1, 2 do goto same io.write("no ") ::same:: io.write("loop", i, " ") end print()
local r = (function(...) local n = select("#", ...) if n == 0 then goto none elseif n == 1 then goto one end do return "many" end ::none:: do return "none" end ::one:: return "one" end)
print(r(), r(1), r(1, 2))
local function early(x) if x == 1 then goto first end if x == 2 then goto second end do return "default" end ::first:: do return "first" end ::second:: do return "second" end end
print(early(0), early(1), early(2))
local function v(...) local i, s = 1, 0 ::more:: if i <= select("#", ...) then s = s + (select(i, ...)) i = i + 1 goto more end return s end
print(v(), v(1, 2, 3), v(10.5, -0.5))
local function rec(n) if n == 0 then goto base end do return n + rec(n - 1) end ::base:: return 0 end
print(rec(10))
local co = coroutine.wrap(function() local n = 0 ::top:: n = n + 1 coroutine.yield(n) if n < 3 then goto top end return "end" end)
print(co(), co(), co(), co())
print(pcall(function() local n = 0 ::retry:: n = n + 1 local ok, e = pcall(error, "e" .. n, 0) if not ok and n < 3 then goto retry end error(e, 0) end))
