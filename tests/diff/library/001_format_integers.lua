-- SPDX-License-Identifier: MIT
-- %d and %i with flags, widths and precisions
local f = string.format
for _, spec in ipairs {"%d", "%i", "%5d", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%8.3d", "%-8.3d|", "%+05d", "%.0d", "%99d"} do
  print(#f(spec, 42), f(spec, 42):gsub("^ +(%d+)$", "..%1"), f(spec, -7):gsub("^ +(%-?%d+)$", "..%1"))
end
print(f("%d", 3.0), f("%d", "10"), f("%d", "0x10"), f("%d", -0.0))
print(f("%d", math.maxinteger), f("%d", math.mininteger), f("%.20d", math.maxinteger))
print(f("[%.0d]", 0), f("[%5.0d]", 0), f("[%+.0d]", 0))
print(pcall(f, "%d", 3.5))
print(pcall(f, "%d", "3.5"))
print(pcall(f, "%d", {}))
print(pcall(f, "%d"))
