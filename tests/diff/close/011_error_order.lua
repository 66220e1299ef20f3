-- SPDX-License-Identifier: MIT
-- an error closes from the inside out
local function C(n) return setmetatable({}, {__close = function(_, e) print("close " .. n, e) end}) end
print(pcall(function()
  local a <close> = C "a"
  local b <close> = C "b"
  error("one", 0)
end))
local function inner() local i <close> = C "i"; error("two", 0) end
local function outer() local o <close> = C "o"; inner() end
print(pcall(outer))
print(pcall(function()
  local p <close> = C "p"
  print(pcall(outer))
  local q <close> = C "q"
end))
local t = {}
print(select(2, pcall(function() local z <close> = nil; error(t) end)) == t)
