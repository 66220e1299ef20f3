-- SPDX-License-Identifier: MIT
-- the fourth argument of gsub
print(("aaaa"):gsub("a", "b", 2), ("aaaa"):gsub("a", "b", 0), ("aaaa"):gsub("a", "b", -1))
print(("aaaa"):gsub("a", "b", 10), ("aaaa"):gsub("a", "b", "3"), ("aaaa"):gsub("a", "b", 1.0))
print(("abc"):gsub("", "-", 2), ("abc"):gsub("", "-", 4), ("abc"):gsub("", "-", 5))
print(pcall(string.gsub, "a", "a", "b", 1.5))
print(pcall(string.gsub, "a", "a", "b", "x"))
local n = 0
print(("aaaa"):gsub("a", function() n = n + 1; return n end, 3), n)
print(select("#", ("x"):gsub("x", "y")), (("x"):gsub("y", "z")))
print(("x"):rep(300):gsub("x", "yy", 299):len())
local big = ("ab"):rep(200)
print(#big:gsub("a", "123"), select(2, big:gsub("a", "")))
