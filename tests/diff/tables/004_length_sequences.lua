-- # of proper sequences as they grow and shrink from the end.
local t = {}
print(#t)
for i = 1, 10 do t[#t + 1] = i end
print(#t)
for _ = 1, 4 do t[#t] = nil end
print(#t, t[6], t[7])
t[#t + 1] = "x"
print(#t, t[#t])
while #t > 0 do t[#t] = nil end
print(#t, next(t))
for i = 1, 100 do t[i] = i end
for i = 100, 51, -1 do t[i] = nil end
print(#t)
local r = {}
for i = 10, 1, -1 do r[i] = i end
print(#r)
local h = {n = 1, [0] = "zero", [-1] = "neg"}
print(#h)
h[1] = "one"
print(#h)
h[2.0] = "two"
print(#h, h[2])
local s = {"a", "b", nil}
print(#s)
print(#{n = 3}, #"", #"abc", #{{}})
local holes = {1, 2, 3}
holes[#holes + 1], holes[#holes + 2] = 4, 5
print(#holes, table.concat(holes, " "))
local u = {[1] = "a", [2] = "b", [3] = "c", [4] = "d"}
print(#u) u[4] = nil print(#u) u[3] = nil print(#u)
