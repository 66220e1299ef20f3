-- Booleans, functions, tables and floats as keys; -0.0, strings of digits.
local f, g, o, p = function() end, function() return 1 end, {}, {}
local t = {[f] = "f", [o] = "o", [true] = "t", [false] = "f2", [1.5] = "x", ["1"] = "s1", [1] = "n1", [-0.0] = "z"}
print(t[f], t[g], t[o], t[p], t[{}], t[true], t[false], t[1.5], t["1"], t[1], t[0], t[0.0])
t[o] = nil
print(t[o], t[f])
t[print] = "print" t[t] = "self" t[string] = "lib"
print(t[print], t[t], t[string], t[_G.string], t[_ENV.print])
local co = coroutine.create(f)
t[co] = "thread" t[io.stdout] = "file"
print(t[co], t[io.stdout])
t["a.b"] = 1 t[""] = 2 t[" "] = 3 t["end"] = 4 t["\0"] = 5 t["a\0"] = 6
print(t["a.b"], t[""], t[" "], t["end"], t["\0"], t["a\0"], t["a"])
t[2^63] = "2^63" t[-2^63] = "min" t[1e300] = "big" t[2^52 + 0.5] = "half"
print(t[2^63], t[math.mininteger], t[1e300], t[2^52 + 0.5], t[2^52], t[math.maxinteger])
local n = 0
for i = -20, 20 do t[i / 4] = i end
for i = -5, 5 do if t[i] then n = n + 1 end end
print(n, t[0.25], t[-0.25], t[5], t[-5.0])
print(rawlen {1, 2}, rawlen "abc", rawget({5}, 1.0), rawset({}, 2^1, "v")[2], pcall(rawset, {}, nil, 1))
t = {} t[1] = 1 t["1"] = 2 t[1.0] = 3 t["1.0"] = 4
print(t[1], t["1"], t["1.0"])
