-- SPDX-License-Identifier: MIT
-- varargs in conditions and loops
local function first(...) if ... then return "yes" else return "no" end end
print(first(), first(nil, true), first(false), first(0))
local function sum(...)
  local s = 0
  for i = 1, select("#", ...) do s = s + (select(i, ...) or 0) end
  return s
end
print(sum(), sum(1, nil, 3))
local function range(...) local t = {} for i = ..., 3 do t[#t + 1] = i end return #t end
print(range(1), pcall(range))
local function range2(...) local t = {} for i = 1, ... do t[#t + 1] = i end return #t end
print(range2(3, 100))
local function each(...) local t = {} for k, v in ... do t[#t + 1] = v end return table.concat(t, ",") end
print(each(ipairs {"a", "b"}))
print(each(next, {7, 8}))
local function w(...) local n = 0 while ... do n = n + 1 if n > 2 then break end end return n end
print(w(true), w(nil), w())
local function r(...) local n = 0 repeat n = n + 1 until ... or n > 4 return n end
print(r(true), r(false))
