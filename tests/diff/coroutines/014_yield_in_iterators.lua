-- SPDX-License-Identifier: MIT
-- iterators and __pairs that yield
local function iter(t, i)
  i = i + 1
  coroutine.yield("iter", i)
  if t[i] then return i, t[i] end
end
local co = coroutine.wrap(function()
  for i, v in iter, {"a", "b"}, 0 do coroutine.yield("body", i, v) end
  local t = setmetatable({}, {__pairs = function(t)
    coroutine.yield("pairs")
    return function(_, k) if not k then return coroutine.yield("next") end end, t, nil
  end})
  for k, v in pairs(t) do coroutine.yield("pair", k, v) end
  return "end"
end)
local r = table.pack(co())
while r[1] ~= "end" do
  print(table.unpack(r, 1, r.n))
  r = table.pack(co("k", "v"))
end
print(r[1])
