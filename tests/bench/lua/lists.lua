-- SPDX-License-Identifier: MIT
-- A cache that forgets what was used longest ago: linked records in a table.
local n = tonumber((...)) or 2500000
local capacity, size = 500, 0
local head, tail, index = {}, {}, {}
head.next, tail.prev = tail, head

local function unlink(node)
  node.prev.next, node.next.prev = node.next, node.prev
end
local function front(node)
  node.next, node.prev = head.next, head
  head.next.prev = node
  head.next = node
end

local hits, seed = 0, 3
for i = 1, n do
  seed = (seed * 3877 + 29573) % 139968
  local key = seed % 700
  local node = index[key]
  if node then
    hits = hits + 1
    unlink(node)
  else
    node = {key = key, value = i}
    index[key] = node
    size = size + 1
    if size > capacity then
      local old = tail.prev
      unlink(old)
      index[old.key] = nil
      size = size - 1
    end
  end
  front(node)
end
print("lists", hits, size)
