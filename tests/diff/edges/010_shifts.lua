-- SPDX-License-Identifier: MIT
-- shifts by any amount
for _, s in ipairs {0, 1, 31, 32, 62, 63, 64, 65, 1000, math.maxinteger} do
  print(s, 1 << s, 1 >> s, -1 << s, -1 >> s)
end
for _, s in ipairs {-1, -31, -63, -64, -65, math.mininteger} do
  print(s, 1 << s, 1 >> s, -1 << s, -1 >> s)
end
print(0xff << 4, 0xff >> 4, 0xff << -4, 0xff >> -4)
print(math.mininteger >> 63, math.mininteger << 1, math.maxinteger << 1)
print(1 << 2.0, 256 >> 4.0, pcall(function() return "1" << "3" end))
print(pcall(function() return 1 << 0.5 end))
