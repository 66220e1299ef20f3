-- __concat with strings and numbers, right associative, results of any type.
local C = {}
C.__concat = function(a, b)
  local function s(x) return getmetatable(x) == C and x.s or tostring(x) end
  return setmetatable({s = "(" .. s(a) .. "." .. s(b) .. ")"}, C)
end
local function c(s) return setmetatable({s = s}, C) end
print((c "a" .. c "b").s, (c "a" .. "x").s, ("x" .. c "a").s, (1 .. c "a").s, (c "a" .. 1.5).s)
print((c "a" .. "b" .. "c").s, ("a" .. "b" .. c "c").s, ("a" .. c "b" .. "c").s, (c "a" .. c "b" .. c "c").s)
print(("1" .. 2 .. c "3" .. 4 .. "5").s, (("a" .. "b") .. c "c").s)
print((c "n" .. nil).s, (nil .. c "n").s, (c "t" .. true).s, ({} and c "e" .. "").s)
local log = {}
local L = setmetatable({}, {__concat = function(a, b) log[#log + 1] = (type(a) == "table" and "T" or a) .. "|" .. (type(b) == "table" and "T" or b) return "r" end})
print("a" .. "b" .. L, L .. "a" .. "b", "a" .. L .. "b", L .. L .. L)
print(table.concat(log, " "))
print(pcall(function() return {} .. "x" end), pcall(function() return "x" .. {} .. "y" end))
print(pcall(function() return L .. L .. nil .. "x" end))
print(setmetatable({}, {__concat = function() return 1, 2 end}) .. "", select("#", L .. ""))
print(setmetatable({}, {__concat = function() end}) .. "x")
local parts = setmetatable({}, {__concat = function(a, b) if type(a) == "table" then a[#a + 1] = b return a else table.insert(b, 1, a) return b end end})
local r = "x" .. "y" .. parts
print(#r, r[1]) r = r .. "z" print(#r, r[2], rawequal(r, parts))
