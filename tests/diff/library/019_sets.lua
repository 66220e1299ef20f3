-- SPDX-License-Identifier: MIT
-- sets and ranges in patterns
print(("hello"):gsub("[aeiou]", "*"), ("hello"):gsub("[^aeiou]", "*"))
print(("abc-xyz"):gsub("[a-c]", "."), ("abc-xyz"):gsub("[a-]", "."), ("abc-xyz"):gsub("[-x]", "."))
print(("a]b[c"):gsub("[]]", "."), ("a]b[c"):gsub("[[]", "."), ("a]b"):gsub("[^]]", "."))
print(("a^b"):gsub("[%^]", "."), ("a^b"):gsub("[b^]", "."), ("a%b"):gsub("[%%]", "."))
print(("x1y2"):gsub("[%d]", "#"), ("x1y2"):gsub("[%a%d]", "#"), ("x_1"):gsub("[%w_]", "#"))
print(("x1y2"):gsub("[^%d]", "#"), ("x1y2"):gsub("[%D]", "#"))
print(("abc"):gsub("[a-a]", "1"), ("abc"):gsub("[c-a]", "1"), ("a-c"):gsub("[a%-c]", "1"))
print(("\0\1\2"):gsub("[\0-\1]", "z"), ("aéb"):gsub("[\128-\255]+", "?"))
print(("[x]"):gsub("[%[%]]", ""), ("a.b"):gsub("[.]", "!"), ("a+b*c"):gsub("[+*]", ""))
print(("0x1fG"):match("[%x]+", 3), ("a-z"):match("[a%-z]+"), ("%d"):match("[%%d]+"))
