-- SPDX-License-Identifier: MIT
-- errors in the iterator and in closing it
local function C(n, err)
  return setmetatable({}, {__close = function(_, e)
    print("close " .. n, e)
    if err then error(err, 0) end
  end})
end
print(pcall(function()
  for v in function() error("iterator", 0) end, nil, nil, C "a" do end
end))
print(pcall(function()
  for v in next, {1}, nil, C("b", "closing") do print("body", v) end
end))
print(pcall(function()
  for v in next, {1}, nil, C("c", "closing") do error("body", 0) end
end))
print(pcall(function()
  for v in nil, nil, nil, C "d" do end
end))
print(pcall(function() for v in next, {1}, nil, nil do return "nil is fine" end end))
print(pcall(function() for v in next, {1}, nil, false do return "false too" end end))
