-- SPDX-License-Identifier: MIT
-- varargs and open calls with values to close
local function C(n) return setmetatable({}, {__close = function() print("close " .. n) end}) end
local function f(...)
  local x <close> = C "x"
  return ...
end
print(f(1, nil, 3))
print(select("#", f()))
local function g(...)
  local x <close> = C "x"
  local t = {f(...)}
  return #t, f(...)
end
print(g("a", "b"))
print((g("a")))
local t = {f(1, 2), f(3, 4)}
print(table.concat(t, " "))
print(pcall(f, 7, 8))
print(coroutine.wrap(f)(9, 10))
