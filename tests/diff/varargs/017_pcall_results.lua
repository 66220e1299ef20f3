-- SPDX-License-Identifier: MIT
-- protected calls and varargs
local function f(...) return ... end
print(pcall(f))
print(pcall(f, nil))
print(pcall(f, 1, nil, nil))
print(select("#", pcall(f, 1, nil, nil)))
print((pcall(f, 1)))
print(pcall(pcall, f, 1, 2))
print(xpcall(f, print, 1, 2, 3))
print(select("#", xpcall(f, print)))
local t = {pcall(f, 1, 2, 3)}
print(#t, t[1], t[4])
print(pcall(select, "#", f(1, 2, 3)))
local ok, a, b = pcall(f, "a")
print(ok, a, b)
print(select(2, pcall(error, f("msg", 0))))
