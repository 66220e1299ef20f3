-- SPDX-License-Identifier: MIT
-- the closing function is looked up late
local function say(s) return function() print(s) end end
do
  local mt = {__close = say "first"}
  local a <close> = setmetatable({}, mt)
  mt.__close = say "second"
end
print(pcall(function()
  local mt = {__close = say "gone"}
  local a <close> = setmetatable({}, mt)
  mt.__close = nil
end))
print(pcall(function()
  local o = setmetatable({}, {__close = say "gone"})
  local a <close> = o
  setmetatable(o, nil)
end))
do
  local o = setmetatable({}, {__close = say "one"})
  local a <close> = o
  setmetatable(o, {__close = say "other"})
end
do
  local callable = setmetatable({}, {__call = function(_, v, e) print("called", type(v), e) end})
  local a <close> = setmetatable({}, {__close = callable})
end
print(pcall(function() local a <close> = setmetatable({}, {__close = 5}) end))
