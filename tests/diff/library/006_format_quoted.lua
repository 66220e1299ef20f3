-- SPDX-License-Identifier: MIT
-- %q makes text that reads back
local f = string.format
print(f("%q", "plain"))
print(f("%q", 'quo"te'))
print(f("%q", "back\\slash"))
print(f("%q", "new\nline"))
print(f("%q", "a\0b\0001\r\t\127\200"))
print(f("%q", ""))
print(f("%q %q %q", 1, -5, math.maxinteger))
print(f("%q", math.mininteger))
print(f("%q %q", 0.5, 1.0), f("%q", 1e100))
print(f("%q %q", 1 / 0, -1 / 0))
print(f("%q %q %q", true, false, nil))
print(pcall(f, "%q", {}))
print(pcall(f, "%q", print))
print(pcall(f, "%5q", "x"))
print(pcall(f, "%q"))
for _, v in ipairs {"a\n\0\"\\", 0.1, math.mininteger, math.pi, -1 / 0, false, "\1992", "\r\n"} do
  io.write(tostring(load("return " .. f("%q", v))() == v), " ")
end
print()
