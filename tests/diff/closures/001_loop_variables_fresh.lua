-- Each iteration has its own variables, in every kind of loop.
local fs = {}
for i = 1, 3 do fs[#fs + 1] = function() return i end end
for _, v in ipairs {"a", "b"} do fs[#fs + 1] = function() return v end end
local n = 0
while n < 2 do n = n + 1 local k = n * 10 fs[#fs + 1] = function() return k end end
repeat local r = n fs[#fs + 1] = function() return r, n end n = n - 1 until r == 1
for i = 3, 1, -1 do local j = i * i fs[#fs + 1] = function() j = j + 1 return i, j end end
for _, f in ipairs(fs) do io.write(table.concat({f()}, ","), " ") end print()
for _, f in ipairs(fs) do io.write(table.concat({f()}, ","), " ") end print()
local sets, gets = {}, {}
for i = 1, 3 do sets[i] = function(v) i = v end gets[i] = function() return i end end
sets[1]("x") sets[3]("z")
print(gets[1](), gets[2](), gets[3]())
for i = 1.0, 2 do gets[i] = function() i = i + 0.5 return i end end
print(gets[1](), gets[1](), gets[2](), gets[3]())
local gos, i = {}, 0
::top::
do local captured = i gos[#gos + 1] = function() return captured end end
i = i + 1
if i < 3 then goto top end
print(gos[1](), gos[2](), gos[3](), i)
