-- A body that changes a captured loop variable does not disturb the loop.
local fs = {}
for i = 1, 4 do
  fs[i] = function() i = i + 100 return i end
  if i % 2 == 0 then i = i * 10 end
  io.write(i, " ")
end
print()
for k = 1, 4 do io.write(fs[k](), " ", fs[k](), " ") end print()
for i = 1, 3 do local f = function() i = i * 2 end f() f() io.write(i, " ") end print()
for k, v in pairs {10} do local f = function() k, v = v, k end f() print(k, v) end
for i, s in ipairs {"p", "q"} do
  local up = function() s = s:upper() i = -i end
  up() io.write(i, s, " ")
end
print()
local steps = {}
for i = 1, 5 do
  local j <const> = i
  steps[#steps + 1] = function() return i == j, i, j end
  i = i + 1
end
print(steps[1]()) print(steps[5]())
for x = 1, 2 do for y = 1, 2 do steps[#steps + 1] = function() x = x + y return x end end end
print(steps[6](), steps[7](), steps[6](), steps[8](), steps[9](), steps[8]())
