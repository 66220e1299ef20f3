-- SPDX-License-Identifier: MIT
-- one value of each call is used in operators
local function v(...) return ... end
print(v(1, 2) + v(3, 4))
print(v("a", "b") .. v("c", "d"))
print(v(1, 2) == v(1, 3))
print(-v(5, 6))
print(not v(false, true))
print(#v("abc", "d"))
print(v(nil, 1) or v(2, 3))
print(v(1, 2) and v(3, 4))
print((v(1, 2)), v(3, 4))
local function e(...) return (...) end
print(e(), e(1, 2))
local function a(...) return ... + 1 end
print(a(1, 2))
local function c(...) return ... == nil end
print(c(), c(1))
print(pcall(function(...) return ... + 1 end))
