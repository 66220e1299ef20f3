-- Nested numeric loops whose bounds depend on outer variables.
for i = 1, 4 do for j = 1, i do io.write(j, " ") end io.write("| ") end print()
for i = 3, 1, -1 do for j = i, 3 do io.write(i, j, " ") end end print()
local n = 0 for i = 1, 5 do for j = i, 5 do for k = j, 5 do n = n + i * j * k end end end print(n)
for i = 1, 3 do for j = 5, i, -2 do if j == 3 then goto skip end io.write(i, ":", j, " ") ::skip:: end end print()
for i = 1, 3 do local i = i * 2 for j = i, i + 1 do local i = j * 10 io.write(i, " ") end end print()
local limit = 3 for i = 1, limit do limit = 10 io.write(i, " ") end print(limit)
local step = 1 for i = 1, 9, step do step = 5 io.write(i, " ") end print(step)
for i = 1, 3 do for j = 1, 3 do if (i + j) % 2 == 0 then break end io.write(i, j, " ") end end print()
local rows = {} for i = 0, 5 do local row, c = {}, 1 for j = 0, i do row[#row + 1] = c c = c * (i - j) // (j + 1) end rows[#rows + 1] = table.concat(row, " ") end print(table.concat(rows, " | "))
for x = -1, 1 do for y = -1, 1 do if x == 0 and y == 0 then goto origin end io.write("(", x, ",", y, ")") ::origin:: end end print()
for i = 1, 0 do for j = 1, 0 do n = 0 end end for i = 1, 3 do for j = i, 1 do n = n + 1 end end print(n)
local spiral, x0, y0, x1, y1 = {}, 1, 1, 4, 3
while x0 <= x1 and y0 <= y1 do
  for x = x0, x1 do spiral[#spiral + 1] = y0 * 10 + x end y0 = y0 + 1
  for y = y0, y1 do spiral[#spiral + 1] = y * 10 + x1 end x1 = x1 - 1
  if y0 <= y1 then for x = x1, x0, -1 do spiral[#spiral + 1] = y1 * 10 + x end y1 = y1 - 1 end
  if x0 <= x1 then for y = y1, y0, -1 do spiral[#spiral + 1] = y * 10 + x0 end x0 = x0 + 1 end
end
print(#spiral, table.concat(spiral, " "))
for i, a in ipairs {"x", "y"} do for j, b in ipairs {1, 2} do for c in ("pq"):gmatch "." do io.write(a, b, c, " ") end end end print()
