-- SPDX-License-Identifier: MIT
-- a return after a value to close is no tail call
local log = {}
local function C(n) return setmetatable({}, {__close = function() log[#log + 1] = n end}) end
local function note(...) log[#log + 1] = "note"; return ... end
local function f() local x <close> = C "x"; return note(1, 2) end
print(f())
print(table.concat(log, " "))
log = {}
local function g()
  do local x <close> = C "inner" end
  return note("tail")
end
print(g())
print(table.concat(log, " "))
log = {}
local function depth(n)
  local x <close> = C(n)
  if n == 0 then return note("bottom") end
  return depth(n - 1)
end
print(depth(5))
print(table.concat(log, " "))
