-- SPDX-License-Identifier: MIT
-- suspended in each kind of loop
local y = coroutine.yield
local co = coroutine.wrap(function()
  for i = 3, 1, -1 do y("for", i) end
  for i = 1.0, 2 do y("float", i) end
  local n = 0
  while n < y("while", n) do n = n + 1 end
  repeat local done = y("repeat"); until done
  for k, v in next, {7} do y("next", k, v) end
  for i, v in ipairs {"p", "q"} do y("ipairs", i, v) end
  do
    local i = 0
    ::top::
    i = i + 1
    y("goto", i)
    if i < 2 then goto top end
  end
  return "over"
end)
local r = table.pack(co())
local k = 0
while r[1] ~= "over" do
  print(table.unpack(r, 1, r.n))
  k = k + 1
  r = table.pack(co(r[1] == "while" and 2 or k % 3 == 0))
end
print(r[1], k)
