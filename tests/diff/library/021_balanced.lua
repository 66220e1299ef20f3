-- SPDX-License-Identifier: MIT
-- %b
print(("f(a(b)c)d"):match("%b()"), ("f(a(b)c"):match("%b()"), (")("):match("%b()"))
print(("{a{b}c}{d}"):gsub("%b{}", "X"), ("<<>>"):match("%b<>"))
print(("if x then y end"):match("%bxy"), ("aXbXc"):match("%bXX"), ("xx"):match("%bxx"))
print(("[[]]"):find("%b[]"), ("a[b]c"):find("%b[]"))
for w in ("(one)(two (three))"):gmatch("%b()") do io.write(w, ";") end
print()
print(("%(%)"):match("%b()"), ("\\(a)"):match("%b()"))
print(pcall(string.match, "x", "%b"))
print(pcall(string.match, "x", "%bx"))
print(("((a)"):match("^%b()"), ("((a)"):match("%b()"))
print(("s('x)')"):match("%b''"))
