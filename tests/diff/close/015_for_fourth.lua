-- SPDX-License-Identifier: MIT
-- the fourth value of generic for is closed
local function C(n) return setmetatable({}, {__close = function(_, e) print("close " .. n, e) end}) end
local function each(t, name)
  local i = 0
  return function() i = i + 1; return t[i] end, nil, nil, C(name)
end
for v in each({1, 2}, "end") do print(v) end
for v in each({1, 2}, "break") do print(v) break end
print(pcall(function() for v in each({1, 2}, "error") do error("body", 0) end end))
print((function() for v in each({1, 2}, "return") do return v end end)())
for v in each({}, "empty") do print(v) end
for v in each({1, 2}, "outer") do
  for w in each({3}, "inner" .. v) do print(v, w) end
end
do
  for v in each({1, 2}, "goto") do goto out end
  ::out::
  print("out")
end
for v in each({1, 2}, "cont") do
  if v == 1 then goto continue end
  print("kept", v)
  ::continue::
end
