-- SPDX-License-Identifier: MIT
-- recursion inside a generator
local function permgen(a, n)
  if n <= 1 then coroutine.yield(a) return end
  for i = 1, n do
    a[n], a[i] = a[i], a[n]
    permgen(a, n - 1)
    a[n], a[i] = a[i], a[n]
  end
end
local n = 0
for p in coroutine.wrap(function() permgen({1, 2, 3, 4}, 4) end) do
  n = n + 1
  print(n, table.concat(p))
end
