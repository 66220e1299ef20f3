-- SPDX-License-Identifier: MIT
-- () and what they give
print(("hello"):match("()ll()"))
print(("hello"):find("()l()"))
print(("abc"):gsub("()", "%1"))
print(("abc"):gsub("()b()", "<%1%2>"))
for p, w in ("a bb ccc"):gmatch("()(%a+)") do io.write(p, ":", w, " ") end
print()
for a, b in ("xxyx"):gmatch("()x+()") do io.write(a, "-", b, " ") end
print()
print(math.type(("abc"):match("()")), ("abc"):match("$()"), ("abc"):match("^()"), ("abc"):match(".*()"))
print(("abc"):gsub("()", {[1] = "one", [3] = "three"}))
print(("abc"):gsub(".()", function(p) return p end))
print(pcall(string.match, "aa", "()%1"))
