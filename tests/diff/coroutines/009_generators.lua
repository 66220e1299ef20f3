-- SPDX-License-Identifier: MIT
-- wrap as an iterator
local function range(n, step)
  return coroutine.wrap(function()
    for i = 1, n, step or 1 do coroutine.yield(i) end
  end)
end
for i in range(4) do io.write(i, " ") end
print()
for i in range(10, 3) do io.write(i, " ") end
print()
local function pairs_of(t)
  return coroutine.wrap(function()
    for i = 1, #t do
      for j = i + 1, #t do coroutine.yield(t[i], t[j]) end
    end
  end)
end
for a, b in pairs_of {"a", "b", "c"} do print(a, b) end
for x in coroutine.wrap(function() return nil end) do print("never", x) end
for x in coroutine.wrap(function() coroutine.yield(false) end) do print(x) end
print("done")
