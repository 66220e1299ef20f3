-- rep, reverse, upper, lower, len.
print(("ab"):rep(3), ("ab"):rep(0), ("ab"):rep(-1), ("ab"):rep(1), (""):rep(1000))
print(("ab"):rep(3, ","), ("ab"):rep(1, ","), ("ab"):rep(0, ","), (""):rep(3, "-"), ("x"):rep(2, ""))
print(#("x"):rep(1000), #("xy"):rep(100, "zzz"))
print(("hello"):reverse(), (""):reverse(), ("a"):reverse(), ("a\0b"):reverse():byte(1, -1))
print(("Hello World 123!"):upper(), ("Hello World 123!"):lower())
print(("\xe9t\xe9"):upper() == "\xe9T\xe9", #"\0\0", ("a\0b"):len(), ("a\0b"):upper():byte(1, -1))
print(pcall(string.rep, "abc", 1 << 62))
print(pcall(string.rep, "x", 1 << 50, ("y"):rep(1 << 14)))
print(#("a"):rep(41), ("b"):rep(40) == ("bb"):rep(20), ("b"):rep(41) == ("b"):rep(41))
local t = {}
t[("k"):rep(50)] = 1
print(t[("kk"):rep(25)], t[("k"):rep(49)], t["k" .. ("k"):rep(49)])
