-- SPDX-License-Identifier: MIT
-- the loop variable is a copy
local t = {}
for i = 1, 3 do local j = i; i = i * 10; t[#t + 1] = j .. ":" .. i end
print(table.concat(t, " "))
local n = 3
for i = 1, n do n = 10; io.write(i, " ") end
print(n)
local i = "outer"
for i = 1, 2 do end
print(i)
local fs = {}
for i = 1, 3 do fs[i] = function() i = i + 1; return i end end
print(fs[1](), fs[1](), fs[2](), fs[3]())
for i = i and 1 or 2, 2 do io.write(i, " ") end
print()
local calls = 0
local function f(x) calls = calls + 1; return x end
for i = f(1), f(3), f(1) do end
print(calls)
for i = 1, 2 do for i = i, i + 1 do io.write(i, " ") end end
print()
for i = 1, 3 do if i == 2 then goto c end io.write(i, " ") ::c:: end
print()
