-- Names: letters, digits, underscores; reserved words are case-sensitive.
local _, __, _1, a1b2, AND, End, nIl = 1, 2, 3, 4, 5, 6, 7
print(_, __, _1, a1b2, AND, End, nIl)
local If, whilee, do_, _end = "If", "whilee", "do_", "_end"
print(If, whilee, do_, _end)
local t = {["and"] = 1, ["end"] = 2, goto_ = 3, self = 4}
print(t["and"], t["end"], t.goto_, t.self)
local long = "v" .. ("x"):rep(200)
print(#long, load("local " .. long .. " = 42 return " .. long)())
print(load("local 1a = 2"))
print(load("local end = 2"))
print(load("return t.and"))
print(load("local caf\xe9 = 1"))
print(load("x.goto = 1"))
print(load("local function nil() end"))
function Global_Function_9() return "g9" end
print(Global_Function_9())
