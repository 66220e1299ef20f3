-- SPDX-License-Identifier: MIT
-- Checksums: shifts, masks and 64-bit wraparound.
local n = tonumber((...)) or 12000000
local a, b, h = 1, 0, 0xcbf29ce484222325
for i = 1, n do
  local c = (i * 31 + (i >> 3)) & 0xff
  a = (a + c) % 65521
  b = (b + a) % 65521
  h = (h ~ c) * 0x100000001b3
  h = h ~ (h >> 29)
end
print("bits", b << 16 | a, h)
