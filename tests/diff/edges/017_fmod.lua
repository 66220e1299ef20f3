-- SPDX-License-Identifier: MIT
-- math.fmod truncates
for _, p in ipairs {{7, 3}, {-7, 3}, {7, -3}, {-7, -3}, {6, 3}, {-6, 3}, {0, 3}} do
  print(p[1], p[2], math.fmod(p[1], p[2]), math.fmod(p[1] + 0.0, p[2]), math.fmod(p[1] + 0.5, p[2]))
end
print(math.fmod(math.mininteger, -1), math.fmod(math.mininteger, 1))
print(math.fmod(math.mininteger, math.mininteger), math.fmod(math.maxinteger, -1))
print(math.fmod(math.mininteger, math.maxinteger), math.fmod(math.maxinteger, math.mininteger))
print(math.fmod(5, math.huge), math.fmod(-5, math.huge), math.fmod(5.5, -math.huge))
print(math.fmod(-6, 2), math.fmod(-6.0, 2), math.fmod(1e308, 3))
print(pcall(math.fmod, 1, 0))
print(pcall(math.fmod, 1))
print(math.fmod(3, 1.5), math.fmod("7", "4"))
