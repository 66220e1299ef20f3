-- SPDX-License-Identifier: MIT
-- read("n"): what is taken, what is left, what is a number
local name = os.tmpname()
local function try(text, count)
  local f = io.open(name, "wb")
  f:write(text)
  f:close()
  f = io.open(name, "rb")
  for i = 1, count or 1 do
    local v = f:read("n")
    io.write(tostring(v), ":", tostring(math.type(v)), ":", f:seek(), " ")
  end
  local rest = f:read("a")
  print(#rest < 40 and ("%q"):format(rest) or #rest)
  f:close()
end
for _, t in ipairs {
  "", " ", "\n\t\v\f\r 7", "+5", "-5", "--5", "+-5", "5-", "0", "00", "007",
  "0x", "0x1", "0X1F", "-0xff", "0x.8", "0x.8p1", "0x1p", "0x1p-2", "0xg",
  ".5", "5.", ".", "-.", "1e", "1e5", "1E+5", "1e-5x", "1e+", "e5", "1.5.5",
  "0x1.8p1.5", "1_000", "1,5", "12abc", "0b1", "1e1e1", "nan", "inf", "0xep1",
  "0xe+1", "9223372036854775807", "9223372036854775808",
  "-9223372036854775808", "-9223372036854775809", "0xffffffffffffffff",
  "0x1ffffffffffffffff", "1e308", "1e309", "-1e309", "1e-400", "0.1", "123\0",
  "0x 5", "\0 5", "5\n", "5 \n 6",
} do
  try(t)
end
try("1 2 3", 5)
try("1.5-2+3e2 0x10", 6)
try("a 1", 3)
for n = 197, 204 do
  try(("1"):rep(n))
  try("0." .. ("3"):rep(n))
  try((" "):rep(n) .. "8")
  try("0x" .. ("f"):rep(n))
  try(("0"):rep(n) .. "1")
  try("-" .. ("9"):rep(n) .. " 4", 3)
end
try((" "):rep(70000) .. "42 43", 3)
local parts = {}
for i = 1, 30000 do parts[i] = i % 7 == 0 and i / 8 or i end
local f = io.open(name, "w")
f:write(table.concat(parts, "\n"))
f:close()
f = io.open(name)
local sum, n = 0, 0
while true do
  local v = f:read("n")
  if not v then break end
  sum, n = sum + v, n + 1
end
print(n, sum)
f:close()
os.remove(name)
