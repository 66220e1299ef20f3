-- Forward jumps over code that declares nothing, and into enclosing blocks.
do
  if true then goto over end
  print "skipped 1"
  ::over::
  print "here 1"
end
do
  do do goto up end end
  print "skipped 2"
  ::up:: print "here 2"
end
for i = 1, 3 do
  if i == 1 then goto a elseif i == 2 then goto b end
  io.write("none ")
  goto c
  ::a:: io.write("a ")
  ::b:: io.write("b ")
  ::c:: io.write("c ")
end
print()
do
  local i = 0
  goto test
  ::body::
  io.write(i, " ")
  i = i + 1
  ::test::
  if i < 4 then goto body end
  print()
end
do goto x; ::y:: io.write("y ") goto z; ::x:: io.write("x ") goto y; ::z:: print("z") end
local function f(n)
  if n > 2 then goto big end
  if n > 1 then goto medium end
  do return "small" end
  ::medium:: do return "medium" end
  ::big:: return "big"
end
print(f(1), f(2), f(3))
local t = {} do local k = 1 ::fill:: t[k] = k * k k = k + 1 if k <= 5 then goto fill end end print(table.concat(t, " "))
goto finish
do print "never" end
::finish:: print "finish"
::a1:: ::a2:: ::a3:: do local once = t.once t.once = true if not once then goto a2 end end print "twice labelled"
