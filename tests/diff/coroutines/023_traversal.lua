-- SPDX-License-Identifier: MIT
-- trees walked in step
local function walk(t)
  if t then
    walk(t[1])
    coroutine.yield(t[2])
    walk(t[3])
  end
end
local function leaf(v) return {nil, v, nil} end
local t1 = {leaf(1), 2, {leaf(3), 4, nil}}
local t2 = {{{leaf(1), 2, nil}, 3, nil}, 4, nil}
local t3 = {leaf(1), 2, {leaf(3), 5, nil}}
local function same(a, b)
  local ca, cb = coroutine.wrap(walk), coroutine.wrap(walk)
  local va, vb = ca(a), cb(b)
  while va do
    if va ~= vb then return false, va, vb end
    va, vb = ca(), cb()
  end
  return va == vb
end
print(same(t1, t1))
print(same(t1, t2))
print(same(t1, t3))
for v in coroutine.wrap(function() walk(t2) end) do io.write(v, ",") end
print()
print(same(nil, nil))
