-- SPDX-License-Identifier: MIT
-- an error in a closing function replaces the first
local function C(n, err)
  return setmetatable({}, {__close = function(_, e)
    print("close " .. n, e)
    if err then error(err, 0) end
  end})
end
print(pcall(function() local a <close> = C("a", "ea") end))
print(pcall(function()
  local a <close> = C "a"
  local b <close> = C("b", "eb")
end))
print(pcall(function()
  local a <close> = C("a", "ea")
  local b <close> = C("b", "eb")
  local c <close> = C("c", "ec")
  error("body", 0)
end))
print(pcall(function()
  local a <close> = C("a", "ea")
  return "lost"
end))
print(pcall(function()
  for i = 1, 3 do local a <close> = C("i" .. i, i == 2 and "stop") end
end))
