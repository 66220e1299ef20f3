-- SPDX-License-Identifier: MIT
-- an error in the handler is handled by the handler
local n = 0
local function once(m)
  n = n + 1
  if n == 1 then error("again", 0) end
  return "handled " .. tostring(m)
end
print(xpcall(error, once, "first", 0))
print(n)
local m = 0
print(xpcall(error, function(e)
  m = m + 1
  if m < 5 then error(m, 0) end
  return e
end, "start"))
print(m)
print(xpcall(error, function(e)
  local ok, inner = pcall(error, "caught inside", 0)
  return inner
end, "x"))
print(xpcall(function() local t; t.x = 1 end, function(e)
  return (pcall(error, e))
end))
