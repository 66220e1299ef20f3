-- SPDX-License-Identifier: MIT
-- % with signs, zero and infinity
for _, p in ipairs {{7, 3}, {-7, 3}, {7, -3}, {-7, -3}, {6, 3}, {-6, 3}, {6, -3}, {0, 5}, {0, -5}} do
  print(p[1], p[2], p[1] % p[2], p[1] % (p[2] + 0.0), (p[1] + 0.5) % p[2])
end
local inf = math.huge
print(5 % inf, -5 % inf, 5 % -inf, -5 % -inf, 0 % inf)
print(5.5 % 2, -5.5 % 2, 5.5 % -2, -5.5 % -2)
print(0.0 % 1, -0.0 % 1, 0.0 % -1, -0.0 % -1)
print((inf % 2) ~= (inf % 2), (1 % 0.0) ~= (1 % 0.0))
print(math.mininteger % -1, math.mininteger % math.maxinteger, math.maxinteger % math.mininteger)
print(math.mininteger % 2, math.mininteger % 3, math.maxinteger % 10)
print(2^53 % 3, 1e15 % 7, -1e15 % 7)
print(pcall(function() local z = 0; return 7 % z end))
print(1e-320 % 1e-323 == 0.0, 5 % 0.3 < 0.3)
