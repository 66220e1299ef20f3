-- One name for labels of blocks side by side and of functions inside.
for i = 1, 2 do
  do goto l io.write "no" ::l:: io.write("a", i, " ") end
  do goto l io.write "no" ::l:: io.write("b", i, " ") end
  if i == 1 then goto l io.write "no" ::l:: io.write "then " else goto l io.write "no" ::l:: io.write "else " end
  local f = function() goto l io.write "no" ::l:: io.write "f " end
  f()
end
print()
do
  local n = 0
  ::l::
  n = n + 1
  local f = function(k) ::l:: if k > 0 then k = k - 1 goto l end return k + n end
  io.write(f(3), " ")
  if n < 3 then goto l end
  print(n)
end
local function both(x)
  do if x > 1 then goto out end io.write "low " goto fin ::out:: io.write "mid " ::fin:: end
  do if x > 2 then goto out end io.write "low " goto fin ::out:: io.write "high " ::fin:: end
  return x
end
for x = 1, 3 do io.write(both(x), "; ") end print()
while true do
  do goto continue end
  print "no"
  ::continue::
  do goto done end
end
::done::
for i = 1, 3 do
  for j = 1, 3 do
    if j == 2 then goto continue end
    for k = 1, 3 do if k ~= 2 then goto continue end io.write(i, j, k, " ") ::continue:: end
    ::continue::
  end
end
print()
print(load("do ::x:: end do ::x:: end do goto x ::x:: end return 'ok'")())
print(load("::x:: do ::x:: end"))
print(load("::x:: local function f() ::x:: return 'inner label' end return f()")())
