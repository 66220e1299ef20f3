-- SPDX-License-Identifier: MIT
-- closing functions that have values to close
local depth = 0
local function C(n)
  return setmetatable({}, {__close = function(_, e)
    depth = depth + 1
    print(("  "):rep(depth) .. "begin " .. n)
    if n > 0 then
      local x <close> = C(n - 1)
      print(("  "):rep(depth) .. "body " .. n)
    end
    print(("  "):rep(depth) .. "end " .. n)
    depth = depth - 1
  end})
end
do local a <close> = C(3) end
print(depth)
