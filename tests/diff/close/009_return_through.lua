-- SPDX-License-Identifier: MIT
-- return leaves several blocks
local function C(n) return setmetatable({}, {__close = function(_, e) print("close " .. n, e) end}) end
local function f(x)
  local a <close> = C "a"
  for i = 1, 3 do
    local b <close> = C("b" .. i)
    if i == x then
      do
        local c <close> = C "c"
        return "returned", i
      end
    end
  end
  return "fell"
end
print(f(1))
print(f(2))
print(f(9))
local function order()
  local function say(s) print(s) return s end
  local a <close> = C "late"
  return say "first", say "second"
end
print(order())
