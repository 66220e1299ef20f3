-- SPDX-License-Identifier: MIT
-- %a and %A
local f = string.format
print(f("%a %a %a", 1, 0.5, -2))
print(f("%a %a", 0.1, 1 / 3))
print(f("%A", 255.75))
print(f("%.0a %.1a %.3a", 1, 1.5, 3.14159))
print(f("%a %a", 0.0, -0.0))
print(f("%20a|%-20a|", 1.5, 1.5))
print(f("%+a % a", 1, 1))
print(f("%a %A", 1 / 0, -1 / 0))
print(f("%a", 2^1023), f("%a", 1e300))
print(tonumber(f("%a", 0.1)) == 0.1)
