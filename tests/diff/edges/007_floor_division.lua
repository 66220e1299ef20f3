-- SPDX-License-Identifier: MIT
-- // with signs, zero and infinity
for _, p in ipairs {{7, 2}, {-7, 2}, {7, -2}, {-7, -2}, {6, 3}, {-6, 3}, {0, 5}, {0, -5}, {1, 3}, {-1, 3}} do
  print(p[1], p[2], p[1] // p[2], p[1] // (p[2] + 0.0), (p[1] + 0.5) // p[2])
end
local inf = math.huge
print(1 // 0.0, -1 // 0.0, 1 // -0.0, -1 // -0.0)
print(inf // 1, -inf // 1, 1 // inf, -1 // inf, 0 // inf)
print(1.5 // 0.5, -1.5 // 0.5, 5.3 // 2, -5.3 // 2)
print(0.0 // 1, -0.0 // 1, 0.0 // -1)
print(math.mininteger // -1, math.mininteger // 2, math.maxinteger // -2)
print(2^53 // 3, 1e308 // 1e-308, 7 // 2^70)
print(pcall(function() local z = 0; return 7 // z end))
