-- Jumps out of several loops at once, with and without captures.
local function find(m, x)
  local r, c
  for i, row in ipairs(m) do
    for j, v in ipairs(row) do
      if v == x then r, c = i, j goto found end
    end
  end
  do return "none" end
  ::found::
  return r, c
end
local m = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
print(find(m, 5)) print(find(m, 9)) print(find(m, 10))
local fs = {}
for i = 1, 3 do
  for j = 1, 3 do
    local k = i * 10 + j
    fs[#fs + 1] = function() k = k + 100 return k end
    while true do
      local w = k
      fs[#fs + 1] = function() return w, k end
      if j == 2 then goto next_i end
      break
    end
  end
  ::next_i::
end
print(#fs)
for i = 1, #fs do io.write(table.concat({fs[i]()}, ","), " ") end print()
for i = 1, #fs do io.write(table.concat({fs[i]()}, ","), " ") end print()
for a = 1, 2 do for b = 1, 2 do for c = 1, 2 do for d = 1, 2 do if d == 2 and c == 2 then goto out end io.write(a, b, c, d, " ") end end end end
::out:: print("out")
