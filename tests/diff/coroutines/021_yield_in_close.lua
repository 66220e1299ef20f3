-- SPDX-License-Identifier: MIT
-- closing functions that yield
local function yielder(name)
  return setmetatable({}, {__close = function(_, e)
    print(name, coroutine.yield(name .. " closing"), e)
  end})
end
local co = coroutine.wrap(function()
  do
    local a <close> = yielder "a"
    local b <close> = yielder "b"
    print("body")
  end
  for i = 1, 2 do
    local c <close> = yielder("c" .. i)
    if i == 2 then break end
  end
  local d <close> = yielder "d"
  return "result", 2
end)
local r = table.pack(co())
local n = 0
while r[1] ~= "result" do
  print(table.unpack(r, 1, r.n))
  n = n + 1
  r = table.pack(co(n))
end
print(r[1], r[2], r.n)
