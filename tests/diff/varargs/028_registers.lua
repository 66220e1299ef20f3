-- SPDX-License-Identifier: MIT
-- calls in the middle of wide expressions
local function f(...) return ... end
local a, b, c, d, e = 1, 2, 3, 4, 5
print(a + f(b) * f(c, 9) - f(d) / f(e, 9))
print(a .. f(b) .. f(c) .. d .. f(e, "x"))
print(f(f(f(a, b), f(c, d)), f(e)))
print((f(a, f(b, f(c, f(d, f(e)))))))
print(f(a, f(b, f(c, f(d, f(e))))))
local t = {f(a, b), {f(c, d)}, {{f(e)}}}
print(t[1], t[2][1], t[2][2], t[3][1][1])
print(f(a < b, b < a), f(not a), f(a == 1 and b or c))
print(#{f(a, b, c), f(), f(d), nil, f(e, e)} >= 5)
a, b, c = f(c, a, b)
print(a, b, c)
a, b = f(b), f(a)
print(a, b)
t.x, t.y = f(t), f(t.x)
print(t.x == t, t.y)
print(f(table.unpack({f(1, 2, 3)})))
