-- SPDX-License-Identifier: MIT
-- surplus arguments are ignored
local function two(a, b) return a, b end
print(two(1, 2, 3, 4))
print(type(1, 2, 3))
print(tostring("a", "b"))
print(math.abs(-1, -2))
print(("x"):upper("y"))
print(rawlen({1, 2}, 5))
print(#table.pack(two(1, 2, 3)))
print(next({}, nil, "more"))
print(pcall(two, 1, 2, 3))
local co = coroutine.wrap(two)
print(co(1, 2, 3))
print(load("return 1, 2", "n", "t", {}, "extra")())
print(select("#", two(two(1, 2), two(3, 4))))
