-- SPDX-License-Identifier: MIT
-- ^ and $ in each place
print(("hello"):find("^h"), ("hello"):find("^e"), ("hello"):find("o$"), ("hello"):find("l$"))
print(("hello"):find("^hello$"), ("hello"):find("^$"), (""):find("^$"))
print(("a^b"):find("a^b"), ("a$b"):find("a$b"), ("a$"):find("a$$"))
print(("hello"):match("^(.)"), ("hello"):match("(.)$"))
print(("hello"):gsub("^h", "J"), ("hello"):gsub("o$", "0"), ("hhh"):gsub("^h", "x"))
print(("hello"):find("^l", 3), ("hello"):find("^h", 3))
for w in ("one two"):gmatch("^%a+") do io.write("[", w, "]") end
print()
print(("abc"):gsub("$", "!"), ("abc"):gsub("^", "!"), ("abc"):gsub("^$", "!"), (""):gsub("^$", "!"))
print(("a\nb"):find("^b"), ("a\nb"):find("a$"))
print(("x^"):find("^x^$"), ("^x"):find("^^x"), ("$"):find("[$]"), ("^"):find("[%^]"))
