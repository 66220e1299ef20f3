-- SPDX-License-Identifier: MIT
-- varargs used from nested blocks
local function f(...)
  local n, out = select("#", ...), {}
  local i = 0
  ::next::
  i = i + 1
  if i <= n then
    do
      local v = select(i, ...)
      if v == "skip" then goto next end
      while true do
        local a, b = ...
        out[#out + 1] = tostring(v) .. tostring(a)
        break
      end
    end
    goto next
  end
  return table.concat(out, " "), ...
end
print(f())
print(f(1))
print(f(1, "skip", 3))
print(f("skip"))
print(f(nil, false))
