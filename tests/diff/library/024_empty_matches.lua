-- SPDX-License-Identifier: MIT
-- where empty matches are found
print(("abc"):gsub("", "-"), (""):gsub("", "-"), ("abc"):gsub("x*", "-"))
print(("abc"):gsub("%w*", "x"), ("ab cd"):gsub("%w*", "x"), (" ab "):gsub("%w*", "x"))
print(("abc"):gsub("b-", "-"), ("aab"):gsub("a*", "<%0>"), ("baac"):gsub("a*", "<%0>"))
for w in ("abc"):gmatch("") do io.write("[", w, "]") end
print()
for w in ("a b"):gmatch("%a*") do io.write("[", w, "]") end
print()
for w in ("xax"):gmatch("a*") do io.write("[", w, "]") end
print()
for p in ("abc"):gmatch("()") do io.write(p, " ") end
print()
print(("hello world"):gsub("o*", "."))
print((","):gsub("[^,]*", "x"), ("a,,b"):gsub("[^,]*", "x"))
for f in ("a,,b,"):gmatch("([^,]*)") do io.write("[", f, "]") end
print()
print(("abc"):gsub(".-", "-"), ("abc"):gsub("$", "-"), ("abc"):find("", 3), ("abc"):find("", 4))
