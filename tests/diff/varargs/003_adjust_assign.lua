-- SPDX-License-Identifier: MIT
-- assignments take what they need
local function three() return 1, 2, 3 end
local t = {}
local a, b, c, d
a, b = three() print(a, b)
a, b, c, d = three() print(a, b, c, d)
a, b, c, d = 0, three() print(a, b, c, d)
a, b, c, d = three(), 0 print(a, b, c, d)
a, b, c, d = (three()) print(a, b, c, d)
t.x, t.y, t[1] = three() print(t.x, t.y, t[1])
a, t.x, b, t[2] = three() print(a, t.x, b, t[2])
local function f(...) a, b, c = ... return a, b, c end
print(f()) print(f(7)) print(f(7, 8, 9, 10))
a, b = b, a print(a, b)
x, y = three() print(x, y)
local i = 1
i, t[i] = i + 1, 20
print(i, t[1], t[2])
