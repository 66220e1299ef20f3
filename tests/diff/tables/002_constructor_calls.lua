-- A call or ... in the last position gives all its values, elsewhere one.
local function three() return 1, 2, 3 end
local function none() end
print(#{three()}, #{three(), three()}, #{three(), "x"}, #{(three())}, #{none()}, #{none(), 1} >= 0)
print(select("#", table.unpack {three(), three()}))
local t = {none(), 2}
print(t[1], t[2])
t = {x = three(), three()}
print(t.x, #t)
t = {three(), x = three()}
print(t.x, #t, t[2])
t = {[1] = three(), [2] = three()}
print(t[1], t[2], #t)
local function va(...) return {...}, {..., "end"}, {"start", ...}, {(...)}, {n = select("#", ...), ...} end
local a, b, c, d, e = va(1, 2, 3)
print(#a, #b, b[2], #c, c[4], #d, e.n, #e)
a, b, c, d, e = va()
print(#a, b[1], b[2], #c, #d, e.n, #e)
a, b, c, d, e = va(nil, nil)
print(b[1], b[2], c[1], d[1], e.n)
print(#{three(), three(), three(),}, #{three();}, #{three(), nil})
local big = {table.unpack({}, 1, 200)}
print(#big, next(big))
big = {("x"):rep(120):byte(1, -1)}
print(#big, big[1], big[120], big[121])
