-- break leaves the innermost loop of each kind, from any depth of blocks.
for i = 1, 10 do if i > 3 then break end io.write(i, " ") end print()
for i = 1, 2 do for j = 1, 10 do if j > 2 then break end io.write(i, j, " ") end end print()
local n = 0
while true do n = n + 1 do do if n == 4 then break end end end io.write(n, " ") end print(n)
repeat n = n - 1 if n == 2 then break end until n == 0 print(n)
for _, v in ipairs {5, 6, 7, 8} do if v == 7 then do break end end io.write(v, " ") end print()
for i = 1, 3 do repeat if i == 2 then break end io.write(i, " ") until true end print()
for i = 1, 3 do while true do io.write("w", i, " ") break end if i == 2 then break end end print()
local function first(t, p) local r for i = 1, #t do if p(t[i]) then r = t[i] break end end return r end
print(first({1, 3, 4, 6}, function(x) return x % 2 == 0 end), first({1}, function() return false end))
local fs = {}
for i = 1, 5 do local j = i * i fs[i] = function() j = j + i return j end if i == 3 then break end end
print(#fs, fs[1](), fs[2](), fs[3](), fs[3]())
while true do local x = 1 fs[4] = function() x = x * 2 return x end break end
print(fs[4](), fs[4]())
repeat local y = "y" fs[5] = function() y = y .. "y" return y end if y then break end until false
print(fs[5](), fs[5]())
for i = 1, 3 do break end for _ in pairs {1} do break end while true do break end repeat break until false
print(load("while true do break; end return 1")(), load("for i = 1, 2 do break local x = 1 end return 2")())
print(load("while true do if true then break else return 1 end end return 3")(), load("repeat do break end local z until z return 4")())
for i = 1, 2 do local k = 0 while k < 3 do k = k + 1 if k == 2 then goto next end io.write(i, k, " ") end ::next:: end print()
