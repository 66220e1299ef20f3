-- Nested tables: matrices, linked lists, sets, queues.
local function matmul(a, b)
  local c = {}
  for i = 1, #a do
    c[i] = {}
    for j = 1, #b[1] do
      local s = 0
      for k = 1, #b do s = s + a[i][k] * b[k][j] end
      c[i][j] = s
    end
  end
  return c
end
local m = matmul({{1, 2}, {3, 4}, {5, 6}}, {{7, 8, 9}, {10, 11, 12}})
for _, row in ipairs(m) do print(table.concat(row, " ")) end
m = matmul({{0.5, 0}, {0, 2}}, {{2, 4}, {6, 8}})
for _, row in ipairs(m) do print(table.concat(row, " ")) end
local list
for v in ("a b c d"):gmatch "%a" do list = {v = v, next = list} end
local node, out = list, {}
while node do out[#out + 1] = node.v node = node.next end
print(table.concat(out, ">"))
local prev
node = list
while node do node.next, prev, node = prev, node, node.next end
out = {} node = prev
while node do out[#out + 1] = node.v node = node.next end
print(table.concat(out, ">"))
local queue = {first = 1, last = 0}
local function push(v) queue.last = queue.last + 1 queue[queue.last] = v end
local function pop() local v = queue[queue.first] queue[queue.first] = nil queue.first = queue.first + 1 return v end
for i = 1, 5 do push(i * i) end
print(pop(), pop()) push("x") print(pop(), pop(), pop(), pop(), pop())
local grid = {}
for y = 1, 3 do grid[y] = {} for x = 1, 4 do grid[y][x] = (x + y) % 2 == 0 and "#" or "." end end
for y = 1, 3 do print(table.concat(grid[y])) end
local s = {} for w in ("to be or not to be"):gmatch "%a+" do s[w] = (s[w] or 0) + 1 end
local ks = {} for w, n in pairs(s) do ks[#ks + 1] = w .. ":" .. n end table.sort(ks) print(table.concat(ks, " "))
