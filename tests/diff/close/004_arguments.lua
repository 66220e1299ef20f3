-- SPDX-License-Identifier: MIT
-- what the closing function is given
local obj
obj = setmetatable({}, {__close = function(...)
  print(select("#", ...), (...) == obj, select(2, ...))
end})
do local x <close> = obj end
print(pcall(function() local x <close> = obj; error("E", 0) end))
print(pcall(function() local x <close> = obj; error(nil) end))
print(pcall(function() local x <close> = obj; error(false) end))
print((function() local x <close> = obj; return 1, 2 end)())
for i = 1, 2 do local x <close> = obj end
local co = coroutine.create(function() local x <close> = obj; coroutine.yield() end)
coroutine.resume(co)
print(coroutine.close(co))
