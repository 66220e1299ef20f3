-- SPDX-License-Identifier: MIT
-- %f
print(("THE (quick) fox"):find("%f[%a]%a+%f[%A]"))
print(("THE (quick) fox"):gsub("%f[%a]%a+", function(w) return w:lower():gsub("^%l", string.upper) end))
print(("hello world"):gsub("%f[%w]", "<"), ("hello world"):gsub("%f[%W]", ">"))
print(("aba"):gsub("%f[a]", "|"), ("aba"):gsub("%f[^a]", "|"))
print(("x"):find("%f[x]"), ("x"):find("%f[^x]"), (""):find("%f[x]"), (""):find("%f[^x]"))
print(("[[x]]"):find("%f[%]]"), ("a\0b"):find("%f[%z]"), ("ab"):find("%f[\0]"))
print(("one two one"):gsub("%f[%w]one%f[%W]", "1"))
print(("gone one"):find("%f[%w]one%f[%W]"))
print(pcall(string.find, "x", "%f"))
print(pcall(string.find, "x", "%fx"))
print(pcall(string.find, "x", "%f["))
