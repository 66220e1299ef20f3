-- Array parts that start in odd places, sparse fills, hash to array moves.
local function total(t) local n, s = 0, 0 for k, v in pairs(t) do n = n + 1 s = s + v end return n, s end
local t = {} for i = 64, 1, -1 do t[i] = i end print(#t, total(t))
t = {} for i = 1, 128, 2 do t[i] = i end for i = 2, 128, 2 do t[i] = i end print(#t, total(t))
t = {} for i = 0, 20 do t[2 ^ i] = 1 end print(total(t)) print(t[1], t[1024], t[2^20], t[3])
t = {} for i = -50, 50 do t[i] = 1 end print(#t, total(t))
t = {n = 0} for i = 1, 50 do t[i] = i t["f" .. i] = -i end print(#t, total(t))
t = {} for i = 1, 300 do t[i] = 1 end for i = 1, 299 do t[i] = nil end print(total(t)) print(t[300], t[1])
t = {} for i = 1000, 1010 do t[i] = 1 end print(total(t))
t = {} for i = 1, 1000 do t[i] = i end print(#t, total(t))
t = {1, 2, 3} t[5] = 5 t[4] = 4 print(#t) t[7] = 7 t[6] = 6 print(#t)
t = {} t[3] = 3 t[2] = 2 t[1] = 1 print(#t) t[4] = 4 print(#t)
local mixed = {1, 2.5, "three", true, {}, 6}
print(#mixed, mixed[2], mixed[3], mixed[6])
for i = 1, 6 do mixed[i] = i * 0.5 end
print(table.concat(mixed, " "))
for i = 1, 6 do mixed[i] = i % 2 == 0 and i or i + 0.0 end
print(table.concat(mixed, " "), math.type(mixed[1]), math.type(mixed[2]))
local stack = {}
for r = 1, 5 do for i = 1, 20 do stack[#stack + 1] = i end for _ = 1, 15 do stack[#stack] = nil end end
print(#stack, table.concat(stack, " "))
