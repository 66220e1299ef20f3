-- SPDX-License-Identifier: MIT
-- without __le, __lt is asked for the contrary, as Lua 5.3 did
local calls = {}
local mt = {__lt = function(a, b)
  calls[#calls + 1] = tostring(a) .. "<" .. tostring(b)
  return a == 1 or b == 7
end, __tostring = function() return "o" end}
local o = setmetatable({}, mt)
print(o <= 1, 1 <= o, o >= 1, 1 >= o, o <= 7, 7 >= o)
if o <= 1 then print("yes") else print("no") end
if not (7 <= o) then print("no") else print("yes") end
while o <= 1 do print("never") break end
local x = o <= 7 and "a" or "b"
print(x, (o <= 1) == false, not (o <= 1))
print(table.concat(calls, " "))
print(pcall(function() return {} <= o end))
print(pcall(function() return {} <= {} end))
local co = coroutine.wrap(function()
  local p = setmetatable({}, {__lt = function(a, b)
    return coroutine.yield("asked")
  end})
  if p <= 3 then return "true" end
  return "false"
end)
print(co(), co(true))
