-- SPDX-License-Identifier: MIT
-- lines and pieces longer and shorter than any buffer
local name = os.tmpname()
local f = io.open(name, "wb")
local lengths = {0, 1, 4095, 4096, 8191, 8192, 8193, 32767, 32768, 32769, 65536,
                 100000, 1 << 20, (1 << 20) + 1, 3}
for i, n in ipairs(lengths) do
  f:write((string.char(96 + i)):rep(n), "\n")
end
f:close()
local i = 0
for l in io.lines(name) do
  i = i + 1
  io.write(#l, l:sub(1, 1), #l == lengths[i] and " " or " WRONG ")
end
print()
f = io.open(name, "rb")
local size = f:seek("end")
print(size)
for _, n in ipairs {1, 7, 100, 4096, 16383, 16384, 16385, 32768, 65536, 1 << 20,
                    3 << 20} do
  f:seek("set", n < 4096 and size - 300 * n or 0)
  local total, count, sum = 0, 0, 0
  while true do
    local s = f:read(n)
    if not s then break end
    total, count, sum = total + #s, count + 1, sum + s:byte(-1)
  end
  print(n, total, count, sum)
end
f:seek("set")
print(#f:read(1 << 30), f:read(1), f:read(0), f:read("a"))
f:seek("set", 10)
print(#f:read("l"), #f:read(10), #f:read("L"), f:seek())
f:seek("cur", -5)
print(f:seek(), f:read(3))
print(#f:read("a"))
f:close()
f = io.open(name, "r+b")
for i = 1, 300 do
  f:seek("set", i * 997)
  f:write("<", i, ">")
  f:seek("cur", 3)
  f:read(2)
end
f:seek("set", 0)
local all = f:read("a")
print(#all, select(2, all:gsub("<%d+>", "")))
f:close()
os.remove(name)
