-- SPDX-License-Identifier: MIT
-- keys at the edges of the array part
local t = {}
for i = 1, 20 do t[i] = i end
for i = 20, 11, -1 do t[i] = nil end
print(#t, t[10], t[11])
t[11] = 11
print(#t)
local neg = {}
for i = -3, 3 do neg[i] = i end
print(#neg, neg[0], neg[-3])
local big = {[math.maxinteger] = 1}
print(#big, big[math.maxinteger])
local rev = {}
for i = 10, 1, -1 do rev[i] = i end
print(#rev, rev[1], rev[10])
local sum = 0
for i, v in ipairs(rev) do sum = sum + v end
print(sum)
local z = {}
z[0] = "zero"
print(#z, z[0])
for i = 1, 70 do z[i] = i end
print(#z)
for i = 70, 1, -1 do z[i] = nil end
print(#z, next(z))
