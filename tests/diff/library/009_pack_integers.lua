-- SPDX-License-Identifier: MIT
-- integers of each size and byte order
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local p, u = string.pack, string.unpack
for _, fmt in ipairs {"<b", "<h", "<i", "<l", "<j", "<i1", "<i2", "<i3", "<i4", "<i7", "<i8", "<i16", ">i3", ">h", ">j", ">i16"} do
  local s = p(fmt, -2)
  print(fmt, #s, hex(s), u(fmt, s))
end
for _, fmt in ipairs {"<B", "<H", "<I", "<L", "<J", "<T", "<I3", ">I5", ">I16"} do
  local s = p(fmt, 200)
  print(fmt, #s, hex(s), u(fmt, s))
end
