-- A float key with an integral value is the integer key.
local t = {}
t[1.0] = "a"
t[2] = "b"
t[2^53] = "c"
print(t[1], t[2.0], t[9007199254740992], #t)
for k in pairs {[3.0] = 1} do print(k, math.type(k)) end
t[1.5] = "x"
print(t[1.5], t[3/2], t[1], t["1"], t["1.0"])
t[2^63] = "big"
print(t[2^63], t[math.mininteger], t[math.maxinteger], t[2^63 + 1])
t[math.maxinteger + 0.0] = "big2"
print(t[2^63])
print(pcall(function() t[0/0] = 1 end))
print(pcall(function() t[nil] = 1 end))
print(t[0/0], t[nil], rawget(t, 0/0))
print(pcall(rawset, t, 0/0, 1))
t[math.huge] = "inf" t[-math.huge] = "-inf"
print(t[math.huge], t[-math.huge], t[1e308 * 10])
local u = {10, 20, 30}
print(u[1.0], u[6 / 2], u[2^1], u[1e0], u["1"], u[3.5 - 0.5], u[-1], u[0.5])
print(next({[1e15] = 0}), next({[-0.0] = 0}))
