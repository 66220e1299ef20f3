-- SPDX-License-Identifier: MIT
-- each closing function sees the newest error
local seen = {}
local function C(n, err)
  return setmetatable({}, {__close = function(_, e)
    seen[#seen + 1] = n .. ":" .. tostring(e)
    if err ~= nil then error(err, 0) end
  end})
end
local function run(f)
  seen = {}
  local r = table.pack(pcall(f))
  print(r.n, tostring(r[1]), tostring(r[2]), table.concat(seen, " "))
end
run(function() local a <close> = C "a"; local b <close> = C("b", 1); local c <close> = C "c" end)
run(function() local a <close> = C "a"; local b <close> = C("b", 2); error("E", 0) end)
run(function() local a <close> = C("a", 1); local b <close> = C("b", 2); local c <close> = C("c", 3) end)
run(function() local a <close> = C "a"; error() end)
run(function() local a <close> = C "a"; local b <close> = C("b", false) end)
run(function() local a <close> = C "a"; return 1, 2, 3 end)
