-- SPDX-License-Identifier: MIT
-- _ENV as local, parameter and upvalue
local print, pcall = print, pcall
local function f(_ENV) return x end
print(f {x = "param"})
do
  local _ENV = {y = 2}
  z = y + 1
  print(y, z, _ENV.z)
end
print(z, y)
local function make()
  local _ENV = {count = 0}
  return function() count = count + 1; return count end
end
local c = make()
print(c(), c())
print(pcall(function() local _ENV = nil; return x end))
print(pcall(function() local _ENV = 5; x = 1 end))
local env = setmetatable({}, {__index = _G, __newindex = function(t, k, v) rawset(t, k, "set " .. tostring(v)) end})
local g = load("newvar = 1; return newvar, type(print)", "=g", "t", env)
print(g())
print(rawget(_G, "newvar"))
local strict = setmetatable({}, {__index = function(_, k) error("undefined " .. k, 0) end})
print(pcall(load("return missing", "=s", "t", strict)))
_ENV.dynamic = 7
print(dynamic, _G.dynamic, _ENV == _G)
