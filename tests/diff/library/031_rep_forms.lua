-- SPDX-License-Identifier: MIT
-- string.rep with separators
print(("ab"):rep(3), ("ab"):rep(3, ","), ("ab"):rep(1, ","), ("ab"):rep(0, ","), ("ab"):rep(-1))
print(#("x"):rep(1000), #("xy"):rep(100, "ab"), (""):rep(5), (""):rep(3, "-"))
print(#(""):rep(100), (""):rep(7, "") == "")
print(pcall(string.rep, "x", 1 << 62))
print(pcall(string.rep, "xx", math.maxinteger))
print(pcall(string.rep, "x", 1 << 40, ("y"):rep(1 << 10)))
print(pcall(string.rep, "x", "y"))
print(("x"):rep(3.0), ("x"):rep("2"), string.rep(5, 2))
