-- SPDX-License-Identifier: MIT
-- Primes: a long array of booleans written with a stride.
local n = tonumber((...)) or 4000000
local composite = {}
for i = 1, n do composite[i] = false end
for i = 2, math.floor(n ^ 0.5) do
  if not composite[i] then
    for j = i * i, n, i do composite[j] = true end
  end
end
local count, sum = 0, 0
for i = 2, n do
  if not composite[i] then
    count = count + 1
    sum = (sum + i) % 1000003
  end
end
print("sieve", count, sum)
