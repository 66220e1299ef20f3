-- SPDX-License-Identifier: MIT
-- %c and bad formats
local f = string.format
print(f("%c%c%c", 72, 105, 33), f("%5c|%-5c|", 65, 66))
print(#f("%c", 0), f("%c", 0) == "\0", f("%c", 256 + 65))
for _, spec in ipairs {"%", "%z", "%1", "%.", "%5", "%-", "%y%d", "%010c", "%+s", "%#d", "%0s", "% s", "%123d", "%.123d", "%d%", "%-+ #0d", "%+-5d", "%  d", "%1.2.3d", "%.5c", "%#s", "%+x", "% x", "%+c"} do
  print(spec, pcall(f, spec, 1, 2))
end
