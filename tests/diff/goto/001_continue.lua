-- goto continue in each kind of loop.
for i = 1, 6 do
  if i % 2 == 0 then goto continue end
  io.write(i, " ")
  ::continue::
end
print()
for k, v in ipairs {"a", "b", "c"} do
  if v == "b" then goto continue end
  io.write(k, v, " ")
  ::continue::
end
print()
local n = 0
while n < 6 do
  n = n + 1
  if n == 2 or n == 4 then goto continue end
  io.write(n, " ")
  ::continue::
end
print()
repeat
  n = n - 1
  if n % 3 == 0 then goto continue end
  io.write(n, " ")
  ::continue::
until n == 0
print()
for i = 1, 3 do for j = 1, 3 do if j == i then goto continue end io.write(i, j, " ") ::continue:: end end
print()
for i = 1, 3 do for j = 1, 3 do if j == i then goto continue end io.write(i, j, " ") end ::continue:: end
print()
