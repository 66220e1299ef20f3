-- SPDX-License-Identifier: MIT
-- an error passed on keeps its value
local E = setmetatable({}, {__tostring = function(e) return "E(" .. e.n .. ")" end})
E.__index = E
local function raise(n) error(setmetatable({n = n}, getmetatable(E))) end
local function pass(f, ...)
  local ok, e = pcall(f, ...)
  if not ok then error(e) end
  return e
end
local ok, e = pcall(pass, pass, raise, 3)
print(ok, tostring(e), e.n)
print(pcall(pass, pass, error, "text", 0))
print(pcall(pass, error, "text"))
print(pcall(pass, function() error("pos") end))
print(pcall(pass, function() return "fine" end))
local co = coroutine.wrap(function() raise(9) end)
local ok2, e2 = pcall(co)
print(ok2, tostring(e2))
print(select(2, pcall(pass, error, nil)))
