-- SPDX-License-Identifier: MIT
-- an uncaught error of a closing value; exit: 1
print("before")
do
  local x <close> = setmetatable({}, {__close = function() error("closing", 0) end})
  print("in block")
end
print("after")
