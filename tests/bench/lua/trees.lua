-- SPDX-License-Identifier: MIT
-- A balanced tree (treap) of integers: allocation and pointer chasing.
local n = tonumber((...)) or 60000
local seed = 11
local function random()
  seed = (seed * 16807) % 2147483647
  return seed
end
local function rotate_right(t)
  local l = t.left
  t.left, l.right = l.right, t
  return l
end
local function rotate_left(t)
  local r = t.right
  t.right, r.left = r.left, t
  return r
end
local function insert(t, key)
  if not t then return {key = key, weight = random(), count = 1} end
  if key == t.key then
    t.count = t.count + 1
  elseif key < t.key then
    t.left = insert(t.left, key)
    if t.left.weight > t.weight then t = rotate_right(t) end
  else
    t.right = insert(t.right, key)
    if t.right.weight > t.weight then t = rotate_left(t) end
  end
  return t
end
local function walk(t, depth)
  if not t then return 0, 0 end
  local a, da = walk(t.left, depth + 1)
  local b, db = walk(t.right, depth + 1)
  return a + b + t.key * t.count, math.max(da, db, depth)
end

local total = 0
for _ = 1, 4 do
  local root
  for _ = 1, n do root = insert(root, random() % 50000) end
  local sum, depth = walk(root, 1)
  total = total + sum + depth
end
print("trees", total)
