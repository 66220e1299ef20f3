-- SPDX-License-Identifier: MIT
-- Protected calls: most go well, some fail with values of different kinds.
local n = tonumber((...)) or 3000000
local function work(i)
  if i % 7 == 0 then error("seven") end
  if i % 11 == 0 then error({code = i}) end
  if i % 13 == 0 then return nil + i end
  return i
end
local good, text, tables, sum = 0, 0, 0, 0
for i = 1, n do
  local ok, v = pcall(work, i)
  if ok then good, sum = good + 1, sum + v
  elseif type(v) == "table" then tables = tables + 1
  else text = text + 1 end
end
print("errors", good, text, tables, sum)
