-- SPDX-License-Identifier: MIT
-- string.find without patterns
local s = "hello world, hello lua"
print(s:find("hello"), s:find("hello", 2), s:find("xyz"))
print(s:find("o w", 1, true), s:find(".", 1, true), s:find("", 1, true))
print(s:find(""), s:find("", 5), s:find("", #s + 1), s:find("", #s + 2))
print(s:find("lua", -3), s:find("lua", -2), s:find("hello", -100))
print(("a.b"):find(".", 1, true), ("a.b"):find("%."), ("a.b"):find("."))
print(("a+b"):find("+", 1, true), ("a+b"):find("a+b"), ("a+b"):find("a%+b"))
print(("x\0y"):find("\0"), ("x\0y"):find("y"), ("x\0y\0"):find("\0", 3))
print((""):find(""), (""):find("x"), (""):find("", 2))
print(("aaa"):find("aa", 2), ("aaa"):find("a", 4))
print(pcall(string.find, "x"))
print(pcall(string.find, "x", "x", "y"))
print(("abc"):find("b", 1.0), ("abc"):find("b", "2"))
print(("12321"):find(232), string.find(12321, 3))
