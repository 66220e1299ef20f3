-- SPDX-License-Identifier: MIT
-- variables changed before an error keep their values
local log = {}
local function step(x) log[#log + 1] = x; return x end
local a, b, t = 1, 2, {}
print(pcall(function()
  a = step(10)
  t[step("k")] = step("v")
  b = step(20) + nil
end))
print(a, b, t.k, table.concat(log, " "))
log = {}
print(pcall(function()
  local x, y = step(1), step(2)
  t[nil] = step(3)
end))
print(table.concat(log, " "))
log = {}
print(pcall(function()
  nosuch.field[step(1)] = step(2)
end))
print(#log)
print(pcall(function()
  t.a, t.b, nosuch.c = 1, 2, 3
end))
local s = 0
for i = 1, 5 do
  pcall(function() s = s + i; if i == 3 then error() end; s = s + 100 end)
end
print(s)
